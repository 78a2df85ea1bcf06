"""An API asked through the test client."""

from chalice import BadRequestError, Chalice, CORSConfig, Response
from chalice.test import Client

app = Chalice(app_name="client_http")
SEEN = []


@app.route("/")
def index():
    return {"hello": "world"}


@app.route("/text")
def text():
    return Response("text", {"Content-Type": "text/plain", "X-A": "1"}, 201)


@app.route("/items/{item}", methods=["GET", "PUT", "DELETE", "PATCH", "HEAD"])
def item(item):
    request = app.current_request
    return {"item": item, "method": request.method, "query": request.query_params, "path": request.path}


@app.route("/echo", methods=["POST"], content_types=["application/json", "text/plain"])
def echo():
    return [repr(app.current_request.raw_body), app.current_request.json_body]


@app.route("/headers")
def headers():
    return dict(app.current_request.headers)


@app.route("/cors", cors=CORSConfig(allow_origin="https://x.example", max_age=5))
def cors():
    return "cors"


@app.route("/cookies")
def cookies():
    return Response("x", {"Set-Cookie": ["a=1", "b=2"]})


@app.route("/image")
def image():
    return Response(b"\x89PNG", {"Content-Type": "image/png"})


@app.route("/bad")
def bad():
    raise BadRequestError("bad")


@app.route("/crash")
def crash():
    raise ValueError("crash")


@app.route("/nothing")
def nothing():
    return None


@app.route("/context")
def context():
    request = app.current_request
    return [
        request.stage_vars,
        sorted(request.context),
        request.context["stage"],
        request.context["resourcePath"],
    ]


@app.route("/deep/{one}/{two}")
def deep(one, two):
    return [one, two]


@app.route("/lambda-context")
def lambda_context():
    found = app.lambda_context
    return [found.function_name, found.function_version, found.memory_limit_in_mb]


def ask(method, path, **options):
    with Client(app) as client:
        response = getattr(client.http, method)(path, **options)
        return answered(response)


def added(name, value):
    """Whether a header is one that API Gateway adds; `added_to` shows what each client makes of these."""
    return name.startswith(("x-amzn-", "x-amz-apigw-")) or (name, value) == (
        "content-type",
        "application/json",
    )


def added_to(path):
    headers = Client(app).http.get(path).headers
    return sorted(name.lower() for name in headers if added(name.lower(), headers[name]))


def answered(response):
    return {
        "status": response.status_code,
        "body": response.body,
        "headers": {
            name.lower(): value for name, value in response.headers.items() if not added(name.lower(), value)
        },
        "json": response.json_body,
    }
