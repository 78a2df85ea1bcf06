"""The addresses under which an API is reached on this machine.

Three forms mean the same API:

* ``http://127.0.0.1:PORT/_aws/execute-api/ID/STAGE/path`` works in every client;
* ``http://ID.execute-api.localhost:PORT/STAGE/path`` has the path that AWS's own URL has;
* Host ``ID.execute-api.REGION.amazonaws.com``, for a client that was told to resolve it here.

The URL of a function has the same three: ``/_aws/lambda-url/ID/path``, ``ID.lambda-url.localhost:PORT`` and
``ID.lambda-url.REGION.on.aws``.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

__all__ = [
    "ExecuteApiAddress",
    "FunctionUrlAddress",
    "is_loopback_name",
    "parse_execute_api",
    "parse_function_url",
]

_PATH = re.compile(r"/_aws/execute-api/([A-Za-z0-9]+)(?:/([^/?]+))?(/[^?]*)?")
_HOST = re.compile(
    r"([a-z0-9]+)\.execute-api\.(?:localhost|[a-z0-9-]+\.amazonaws\.com(?:\.cn)?)", re.IGNORECASE
)

_URL_PATH = re.compile(r"/_aws/lambda-url/([A-Za-z0-9]+)(/[^?]*)?")
_URL_HOST = re.compile(r"([a-z0-9]+)\.lambda-url\.(?:localhost|[a-z0-9-]+\.on\.aws)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecuteApiAddress:
    """What a request to an API is addressed to.

    Attributes:
        api_id: the API.
        stage: its stage; empty when the URL has none.
        path: what follows the stage, undecoded, at least ``/``.
    """

    api_id: str
    stage: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionUrlAddress:
    """What a request to the URL of a function is addressed to.

    Attributes:
        url_id: the first label of the URL's host in AWS.
        path: undecoded, at least ``/``.
    """

    url_id: str
    path: str


def parse_execute_api(host: str, raw_path: str) -> ExecuteApiAddress | None:
    """Return the address, or ``None`` for a request that is to no API.

    Args:
        host: the Host header, with or without a port.
        raw_path: the path as it came, undecoded, without query.
    """
    name = _without_port(host)
    if matched := _PATH.fullmatch(raw_path):
        return ExecuteApiAddress(api_id=matched[1].lower(), stage=matched[2] or "", path=matched[3] or "/")
    if matched := _HOST.fullmatch(name):
        stage, slash, rest = raw_path.removeprefix("/").partition("/")
        return ExecuteApiAddress(api_id=matched[1].lower(), stage=stage, path=slash + rest or "/")
    return None


def parse_function_url(host: str, raw_path: str) -> FunctionUrlAddress | None:
    """Return the address, or ``None`` for a request that is to no function's URL.

    Args:
        host: the Host header, with or without a port.
        raw_path: the path as it came, undecoded, without query.
    """
    if matched := _URL_PATH.fullmatch(raw_path):
        return FunctionUrlAddress(url_id=matched[1].lower(), path=matched[2] or "/")
    if matched := _URL_HOST.fullmatch(_without_port(host)):
        return FunctionUrlAddress(url_id=matched[1].lower(), path=raw_path or "/")
    return None


def is_loopback_name(host: str) -> bool:
    """Return whether a Host header names this machine to itself, so that no web site can be behind it."""
    name = _without_port(host).lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    return re.sub(r":\d+$", "", host)
