"""Mistakes that a type checker must find, each on a line that says how."""

from __future__ import annotations

from chalice import Chalice, Response, SQSEvent

app = Chalice(7)  # error: arg-type


@app.on_sqs_message(queu="orders")  # error: call-arg
def misspelt(event: SQSEvent) -> None: ...


@app.on_sqs_message(queue="orders", batch_size="5")  # error: arg-type
def wrong_type(event: SQSEvent) -> None: ...


@app.on_sqs_message(queue="orders")  # error: arg-type
def wrong_event(event: int) -> None: ...


@app.route("/", method="GET")  # error: arg-type
def unknown_option() -> None: ...


Response("", status="200")  # error: call-arg
