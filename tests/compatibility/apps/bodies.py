"""What a view sees of the body."""

from chalice import Chalice

app = Chalice(app_name="bodies")


@app.route("/body", methods=["POST", "GET", "PUT"], content_types=["*/*"])
def body():
    request = app.current_request
    return [
        repr(request.raw_body),
        request.raw_body is request.raw_body,
        request.json_body,
        request.json_body,
    ]


@app.route("/raw", methods=["POST"], content_types=[])
def raw():
    return repr(app.current_request.raw_body)


@app.route("/json", methods=["POST"], content_types=[], cors=True)
def parsed():
    value = app.current_request.json_body
    return [type(value).__name__, value, app.current_request.json_body is value]


@app.route("/caught", methods=["POST"], content_types=[])
def caught():
    try:
        return app.current_request.json_body
    except Exception as error:
        return [type(error).__name__, str(error), type(error).__mro__[1].__name__]
