"""What may be asked of an application: events as AWS sends them, and expressions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Values: TypeAlias = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing asked of an application.

    Args:
        request: what the worker takes, see there.
        words: for errors whose wording is each framework's own: what both messages must contain.
            None compares messages exactly.
    """

    request: Mapping[str, Any]
    words: Sequence[str] | None = None

    def compared(self, observation: dict[str, Any]) -> dict[str, Any]:
        """Return the part of an observation that must be the same on both sides."""
        if self.words is None or "message" not in observation:
            return observation
        missing = [word for word in self.words if word not in observation["message"]]
        return {**observation, "message": f"without {missing}" if missing else ""}


def call(handler: str, event: Any = None) -> Step:
    """Call a function of the application as Lambda would."""
    return Step(request={"call": handler, "event": event})


def run(source: str, *words: str, exact: bool = False) -> Step:
    """Evaluate an expression in the application's module, or statements that set ``result``.

    Args:
        source: the code.
        words: what the message of the error must contain, if it raises one.
        exact: compare the message of the error itself.
    """
    return Step(request={"run": source}, words=None if exact else words)


def rest(
    resource: str,
    method: str = "GET",
    *,
    headers: Values | None = None,
    params: Values | None = None,
    query: Mapping[str, Sequence[str]] | None = None,
    body: str | None = None,
    base64: bool = False,
    stage_variables: Values | None = None,
    context: Mapping[str, Any] | None = None,
    handler: str = "app",
) -> Step:
    """A request as API Gateway's proxy integration passes it on (payload 1.0).

    Args:
        resource: the path as the route has it, with its braces.
        method: HTTP method.
        headers: single-valued headers, names as the client sent them; None when there are none.
        params: path parameters.
        query: each name's values.
        body: text, or base64 with ``base64=True``.
        base64: whether the gateway took the body for binary data.
        stage_variables: of the API's stage.
        context: what to add to ``requestContext``, such as ``authorizer``.
        handler: name of the application object in its module.
    """
    path = resource
    for name, value in (params or {}).items():
        path = path.replace("{" + name + "}", value or "")
    event = {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": None if headers is None else dict(headers),
        "multiValueHeaders": None if headers is None else {name: [value] for name, value in headers.items()},
        "queryStringParameters": None if query is None else {k: v[-1] for k, v in query.items() if v},
        "multiValueQueryStringParameters": None if query is None else {k: list(v) for k, v in query.items()},
        "pathParameters": None if params is None else dict(params),
        "stageVariables": None if stage_variables is None else dict(stage_variables),
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": f"/api{path}",
            "stage": "api",
            "accountId": "123456789012",
            "apiId": "abcdef1234",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "curl/8"},
            **(context or {}),
        },
        "body": body,
        "isBase64Encoded": base64,
    }
    return call(handler, event)


def each(**axes: Iterable[Any]) -> list[dict[str, Any]]:
    """Return every combination of the values, by the axes' names."""
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def labelled(**facts: Any) -> str:
    """Return a name for a step, from what distinguishes it."""
    return ", ".join(
        f"{name}={value!r}" if not isinstance(value, str) else f"{name}={value}"
        for name, value in facts.items()
    )
