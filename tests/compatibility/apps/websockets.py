"""WebSocket handlers, and the API to talk back."""

import os

from chalice import BadRequestError, Chalice, Response

os.environ["AWS_REGION"] = "eu-west-1"
app = Chalice(app_name="websockets")
SEEN = []
NAMES = ("domain_name", "stage", "connection_id", "body")


class GoneException(Exception):  # noqa: N818 - its name in AWS
    pass


class Exceptions:
    pass


Exceptions.GoneException = GoneException


class ApiClient:
    """Stands where boto3's client for the management API would."""

    exceptions = Exceptions

    def __init__(self, service, options):
        self.made = [service, options]

    def _answer(self, operation, options):
        SEEN.append([operation, options])
        if options["ConnectionId"] == "gone":
            raise GoneException("gone")
        if options["ConnectionId"] == "broken":
            raise ValueError("broken")
        return {"Identity": {"SourceIp": "192.0.2.1"}}

    def post_to_connection(self, **options):
        return self._answer("post", options)

    def delete_connection(self, **options):
        return self._answer("delete", options)

    def get_connection(self, **options):
        return self._answer("get", options)


class Session:
    region_name = "us-east-1"

    def client(self, service, **options):
        shown = {name: value for name, value in options.items() if name in ("endpoint_url", "region_name")}
        SEEN.append(["client", service, shown.get("endpoint_url")])
        return ApiClient(service, shown)


EVENT = {
    "requestContext": {
        "domainName": "d",
        "stage": "s",
        "connectionId": "c",
        "apiId": "a",
        "routeKey": "$default",
    }
}


def see(event):
    SEEN.append(
        [type(event).__name__, {name: getattr(event, name) for name in NAMES}, event.context.function_name]
    )


ANSWERS = {
    "none": lambda: None,
    "dict": lambda: {"body": "x"},
    "status": lambda: {"statusCode": 403, "body": "no"},
    "response": lambda: Response("text", {"X-A": "1", "X-B": ["1", "2"]}, 201),
    "text": lambda: "text",
    "empty": dict,
    "list": lambda: [1],
    "number": lambda: 5,
    "false": lambda: False,
}


@app.on_ws_connect()
def connect(event):
    see(event)
    return ANSWERS[event.to_dict().get("answer", "none")]()


@app.on_ws_message(name="renamed")
def message(event):
    see(event)
    command, _, rest = str(event.body).partition(" ")
    if command == "json":
        return {"body": repr(event.json_body)}
    if command == "send":
        app.websocket_api.session = Session()
        return {"body": repr(app.websocket_api.send(rest, "hello"))}
    if command == "close":
        return {"body": repr(app.websocket_api.close(rest))}
    if command == "info":
        return {"body": repr(app.websocket_api.info(rest))}
    if command == "crash":
        raise ValueError("crash")
    if command == "bad":
        raise BadRequestError("bad")
    return ANSWERS[event.to_dict().get("answer", "none")]()


@app.on_ws_disconnect()
def disconnect(event):
    see(event)


@app.route("/")
def index():
    return "also REST"
