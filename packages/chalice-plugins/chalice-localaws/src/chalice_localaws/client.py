"""Talking to the ``/_chalice`` pages of a server.

Plain sockets to 127.0.0.1: a proxy that the user's environment names must
not come in between.
"""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING

from chalice_localaws.errors import EmbeddedAwsRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_localaws.state import ServerRecord

__all__ = ["TOKEN_HEADER", "ask_status", "send_command"]

TOKEN_HEADER = "X-Chalice-Token"  # noqa: S105 - the name of a header, not a secret
_SECONDS = 5.0


def ask_status(record: ServerRecord, *, seconds: float = _SECONDS) -> dict[str, object] | None:
    """Return the status of the very server that ``record`` describes.

    Returns:
        ``None`` when nobody answers there, or somebody else: a port and a process id are used again.
    """
    try:
        status, document = _request(record.port, "GET", "/_chalice/status", {}, None, seconds)
    except (OSError, ValueError, http.client.HTTPException):
        return None
    if status != 200 or document.get("instance") != record.instance:
        return None
    return document


def send_command(
    record: ServerRecord, command: str, body: Mapping[str, object] | None = None, *, seconds: float = 30.0
) -> dict[str, object]:
    """Post to ``/_chalice/COMMAND``.

    Raises:
        EmbeddedAwsRefusedError: the answer was an error.
        OSError: nobody answers.
    """
    headers = {TOKEN_HEADER: record.token, "Content-Type": "application/json"}
    data = json.dumps(body or {}).encode()
    status, document = _request(record.port, "POST", f"/_chalice/{command}", headers, data, seconds)
    if status != 200:
        raise EmbeddedAwsRefusedError(request=command, answer=str(document.get("message", status)))
    return document


def _request(
    port: int, method: str, path: str, headers: Mapping[str, str], body: bytes | None, seconds: float
) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        document = json.loads(response.read())
    finally:
        connection.close()
    if not isinstance(document, dict):
        raise ValueError("The answer is no JSON object.")
    return response.status, document
