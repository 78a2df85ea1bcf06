"""An application that takes what it can from chalice.app, with annotations, and looks at classes."""

from __future__ import annotations

from typing import Any

from chalice import Chalice
from chalice import app as chalice_app
from chalice.app import (
    ALL_ERRORS,
    APIGateway,
    CaseInsensitiveMapping,
    CORSConfig,
    MethodNotAllowedError,
    MultiDict,
    NotFoundError,
    Request,
    RequestTimeoutError,
    Response,
    SQSEvent,
)

app: Chalice = chalice_app.Chalice(app_name="public_names")
app.api.cors = CORSConfig(allow_headers=["X-Own"])


class Own(chalice_app.Chalice):
    def handle(self, event: dict[str, Any], context: Any) -> Any:
        return self(event, context)


own = Own(app_name="public_names_own")
own_handle = own.handle


def kinds(request: Request) -> list[Any]:
    return [
        isinstance(request, Request),
        isinstance(request.headers, CaseInsensitiveMapping),
        isinstance(request.query_params, MultiDict),
        isinstance(app.api, APIGateway),
    ]


@app.route("/kinds")
@own.route("/kinds")
def view() -> list[Any]:
    return kinds(app.current_request or own.current_request)


@app.route("/timeout")
def timeout() -> Response:
    raise RequestTimeoutError("too late")


@app.route("/refused", methods=["DELETE"])
def refused() -> Response:
    raise MethodNotAllowedError("not here")


@app.route("/annotated/{name}")
def annotated(name: str, *, greeting: str = "hello") -> Response:
    return Response(body={"greeting": f"{greeting} {name}"}, status_code=200, headers={"X-Own": "1"})


@app.route("/caught/{number}")
def caught(number: str) -> str:
    try:
        raise ALL_ERRORS[int(number)]("x")
    except NotFoundError:
        return "not found"
    except chalice_app.ChaliceViewError as error:
        return f"another: {error.STATUS_CODE}"


@app.on_sqs_message(queue="queue")
def work(event: SQSEvent) -> list[str]:
    return [record.body for record in event]
