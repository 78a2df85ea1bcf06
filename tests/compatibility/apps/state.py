"""What the application object knows before, during and after a request."""

from chalice import BadRequestError, Chalice

app = Chalice(app_name="state")
SEEN = []


@app.route("/")
def index():
    SEEN.append([app.current_request.method, app.lambda_context.function_name])
    return app.current_request.headers.get("x-name")


@app.route("/bad")
def bad():
    raise BadRequestError("bad")


@app.route("/crash")
def crash():
    raise ValueError("crash")


@app.lambda_function()
def other(event, context):
    request = app.current_request
    return None if request is None else request.headers.get("x-name")


def before(name):
    return getattr(app, name, None)


def current():
    return [app.current_request.to_dict(), app.lambda_context.function_name]
