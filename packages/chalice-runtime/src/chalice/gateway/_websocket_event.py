"""Parts of the events of a WebSocket API: headers, query strings, ids."""

from __future__ import annotations

import base64
import secrets
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Sequence


def connect_headers(
    headers: Sequence[tuple[str, str]], host: str, source_ip: str, scheme: str
) -> list[tuple[str, str]]:
    """Return the headers that the function sees: the caller's, and what the gateway says about the caller."""
    secure = scheme in {"wss", "https"}
    added = {
        "Host": host,
        "X-Amzn-Trace-Id": f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}",
        "X-Forwarded-For": source_ip,
        "X-Forwarded-Port": host.rpartition(":")[2] if ":" in host else "443" if secure else "80",
        "X-Forwarded-Proto": "https" if secure else "http",
    }
    replaced = {name.lower() for name in added}
    return [*((name, value) for name, value in headers if name.lower() not in replaced), *added.items()]


def both_headers(headers: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the parts of an event that hold headers: the last value of each, and all of them."""
    several: dict[str, list[str]] = {}
    for name, value in headers:
        several.setdefault(name, []).append(value)
    return {"headers": {name: values[-1] for name, values in several.items()}, "multiValueHeaders": several}


def query(query_string: str) -> dict[str, Any]:
    """Return the parts of an event that hold a query string; none without one."""
    several: dict[str, list[str]] = {}
    for name, value in parse_qsl(query_string, keep_blank_values=True):
        several.setdefault(name, []).append(value)
    if not several:
        return {}
    return {
        "queryStringParameters": {name: values[-1] for name, values in several.items()},
        "multiValueQueryStringParameters": several,
    }


def identifier() -> str:
    """Make an id such as connections, messages and requests of a WebSocket API have: ``Iu3aIcUlIAMCJtQ=``."""
    return base64.urlsafe_b64encode(secrets.token_bytes(11)).decode("ascii")
