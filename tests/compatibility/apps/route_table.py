"""The tables that tools read."""

from chalice import Chalice, CORSConfig

app = Chalice(app_name="route_table")
app.experimental_feature_flags.update(["ONE", "TWO"])


@app.route("/")
def index():
    return None


@app.route(
    "/a/{x}/{y}", methods=["PUT", "POST"], name="changed", content_types=["text/plain"], api_key_required=True
)
def change(x, y):
    return None


@app.route("/b", cors=True, api_key_required=False)
def shared():
    return None


@app.route("/c", cors=CORSConfig(max_age=1))
def configured():
    return None


@app.lambda_function(name="named")
def pure(event, context):
    return None


@app.lambda_function()
def other(event, context):
    return None


def entry(path, method):
    found = app.routes[path][method]
    return {
        "view": found.view_function.__name__,
        "view_name": found.view_name,
        "uri_pattern": found.uri_pattern,
        "method": found.method,
        "view_args": found.view_args,
        "content_types": found.content_types,
        "cors": type(found.cors).__name__,
        "authorizer": found.authorizer,
        "api_key_required": found.api_key_required,
    }
