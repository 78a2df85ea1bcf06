"""Middleware around REST views."""

from chalice import BadRequestError, Chalice, ChaliceUnhandledError, Response
from chalice.app import Request

app = Chalice(app_name="middleware_http")
SEEN = []


@app.middleware("http")
def outer(event, get_response):
    SEEN.append(["outer", type(event).__name__, event.method, event.path, isinstance(event, Request)])
    headers = event.headers
    if "x-short" in headers:
        return Response({"short": True}, {"X-Short": "1"}, 299)
    if "x-outer-raise" in headers:
        raise ValueError("outer")
    if "x-outer-view-error" in headers:
        raise BadRequestError("outer")
    if "x-outer-unhandled" in headers:
        raise ChaliceUnhandledError("outer")
    if "x-mark" in headers:
        event.mark = headers["x-mark"]
    try:
        response = get_response(event)
    except ChaliceUnhandledError as error:
        SEEN.append(["caught", type(error).__name__, str(error)])
        return Response({"caught": str(error)}, status_code=502)
    SEEN.append(["after", type(response).__name__, response.status_code, response.headers, response.body])
    if "x-change" in headers:
        response.headers["X-Changed"] = "1"
        response.status_code = 201
        response.body = {"was": response.body}
    if "x-replace" in headers:
        return Response("replaced", {"Content-Type": "text/plain"})
    if "x-break" in headers:
        response.headers["X-Break"] = "a\nb"
    if "x-unserializable" in headers:
        response.body = {1}
    if "x-dict" in headers:
        return {"statusCode": 200, "body": "a dict"}
    if "x-none" in headers:
        return None
    if "x-after-raise" in headers:
        raise KeyError("after")
    return response


@app.middleware("http")
def inner(event, get_response):
    SEEN.append(["inner", event.to_dict().get("mark")])
    if "x-inner-raise" in event.headers:
        raise ValueError("inner")
    if "x-inner-view-error" in event.headers:
        raise BadRequestError("inner")
    response = get_response(event)
    SEEN.append(["inner after", response.status_code])
    return response


@app.route("/", methods=["GET", "POST"], cors=True)
def index():
    SEEN.append(["view", getattr(app.current_request, "mark", None)])
    return {"view": True}


@app.route("/plain")
def plain():
    return "plain"


@app.route("/bad", cors=True)
def bad():
    raise BadRequestError("bad")


@app.route("/crash", cors=True)
def crash():
    raise ValueError("crash")


@app.route("/unhandled", cors=True)
def unhandled():
    raise ChaliceUnhandledError("unhandled")


@app.route("/response")
def response():
    return Response(b"\x00", {"Content-Type": "image/png", "Set-Cookie": ["a", "b"]}, 203)


@app.route("/named/{name}")
def named(name):
    return name


@app.route("/unserializable")
def unserializable():
    return {1}


@app.lambda_function()
def function(event, context):
    SEEN.append(["function"])
    return event
