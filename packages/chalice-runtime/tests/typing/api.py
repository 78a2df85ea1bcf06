"""Uses of the public API that must type-check; run through mypy by ``test_typing.py``, never imported."""

from __future__ import annotations

from typing import Any

from chalice import BadRequestError, Chalice, CORSConfig, Response, SQSEvent
from chalice.app import Request, SQSRecord
from chalice.extensions import EventHandler, EventSource
from chalice.test import Client

app = Chalice(app_name="typed", debug=True, configure_logs=False, env={})
app.debug = False
app.api.cors = CORSConfig(allow_origin="https://example.com", max_age=600)
app.api.binary_types.append("image/webp")


@app.route("/users/{name}", methods=["GET", "PUT"], cors=True)
def user(name: str) -> dict[str, str]:
    request: Request | None = app.current_request
    if request is None or request.query_params is None:
        raise BadRequestError("no query")
    text: str = request.headers["accept"]
    body: bytes = request.raw_body
    return {"name": name, "accept": text, "body": body.decode()}


# The decorator leaves the view's own type alone.
answer: dict[str, str] = user("x")


@app.route("/file")
def file() -> Response:
    return Response(b"", headers={"Set-Cookie": ["a", "b"]}, status_code=201)


@app.on_sqs_message(queue="orders", batch_size=10, report_batch_item_failures=True)
def work(event: SQSEvent) -> None:
    record: SQSRecord
    for record in event:
        body: str = record.body
        app.log.info("%s %s", body, record.receipt_handle)


handler: EventHandler = work


@app.lambda_function(name="adds")
def add(event: Any, context: Any) -> int:
    return 1


class ThingEvent:
    def __init__(self, event: Any, context: Any) -> None:
        self.event = event


@EventSource.of(source="things", event=ThingEvent)
def on_thing(size: int = 1, name: str | None = None) -> dict[str, Any]:
    return {"size": size, "name": name}


# A stranger's decorator is unknown to type checkers, and still allowed.
@app.on_thing(size=2)
def thing(event: ThingEvent) -> None: ...


with Client(app, stage_name="dev") as client:
    status: int = client.http.get("/file").status_code
    payload: Any = client.lambda_.invoke("adds", {}).payload
