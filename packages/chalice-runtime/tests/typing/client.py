"""What type checkers accept of the test client."""

from __future__ import annotations

from typing import Any

from chalice import Chalice
from chalice.test import Client, HTTPResponse

app = Chalice("typed")


with Client(app, stage_name="dev", stage_variables={"colour": "red"}, api_keys=["k"]) as client:
    answer: HTTPResponse = client.http.post(
        "/users",
        json={"name": "joe"},
        params=[("page", 1)],
        headers=[("Accept", "text/html")],
        authorizer={"principalId": "me"},
    )
    header: str | list[str] = answer.headers["Content-Type"]
    text: str = answer.text
    body: bytes = client.http.request("PUT", "/", {"X-Many": ["1", "2"]}, b"x", params={"a": ["b"]}).body
    event: dict[str, Any] = client.events.generate_sqs_event(["hello"], queue_name="orders")
    payload: Any = client.lambda_.invoke("work", event).payload
    # A stranger's events and attributes are unknown to type checkers, and still allowed.
    parcel: dict[str, Any] = client.events.generate_parcel_event(3)
    depot: Any = client.depot
