"""The pages below ``/_chalice``: what the server says of itself, and what it is told."""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.gateway import HttpResponse
from chalice_local import InterpreterMismatchError, is_loopback_name
from chalice_localaws.client import TOKEN_HEADER
from chalice_localaws.embedded.account import function_count
from chalice_localaws.embedded.rest import rest_apis

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.gateway import HttpRequest
    from chalice_localaws.embedded.plane import DataPlane
    from chalice_localaws.state import ServerRecord, StateFolder

__all__ = ["ControlPages"]


class ControlPages:
    """Answers for the server's own pages.

    Args:
        plane: what runs.
        state: the project's files.
        record: asked at each request, because a reset changes it.
        stop: ends the server.
        reset: empties the AWS.
    """

    def __init__(
        self,
        *,
        plane: DataPlane,
        state: StateFolder,
        record: Callable[[], ServerRecord],
        stop: Callable[[], None],
        reset: Callable[[], None],
    ) -> None:
        self._plane = plane
        self._state = state
        self._record = record
        self._stop = stop
        self._reset = reset

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        headers = {name.lower(): value for name, value in request.headers}
        if not is_loopback_name(headers.get("host", "")):
            return _json(403, {"message": "These pages are for this machine."})
        if request.method == "GET" and request.path == "/_chalice/status":
            return _json(200, self._status())
        if request.method != "POST":
            return _json(404, {"message": f"There is no page {request.path}."})
        token = headers.get(TOKEN_HEADER.lower(), "")
        if not hmac.compare_digest(token.encode(), self._record().token.encode()):
            return _json(403, {"message": f"The header {TOKEN_HEADER} is missing or wrong."})
        return self._command(request)

    def _command(self, request: HttpRequest) -> HttpResponse:
        match request.path:
            case "/_chalice/stop":
                self._stop()
                return _json(200, {"message": "stopping"})
            case "/_chalice/reset":
                self._reset()
                return _json(200, {"instance": self._record().instance})
            case "/_chalice/advance":
                return self._advance(request.body)
            case "/_chalice/interpreters":
                return self._register(request.body)
        return _json(404, {"message": f"There is no page {request.path}."})

    def _advance(self, body: bytes) -> HttpResponse:
        try:
            wanted = json.loads(body)
            seconds = float(wanted["seconds"])
        except (ValueError, TypeError, KeyError):
            seconds = -1.0
        if not 0 <= seconds < float("inf"):
            return _json(400, {"message": 'The body must be like {"seconds": 60}.'})
        self._plane.timetable.advance(seconds)
        return _json(200, {"seconds": seconds})

    def _register(self, body: bytes) -> HttpResponse:
        try:
            wanted = json.loads(body)
        except ValueError:
            wanted = None
        if not isinstance(wanted, dict) or not all(isinstance(path, str) for path in wanted.values()):
            return _json(400, {"message": 'The body must be like {"python3.12": "/path/to/python"}.'})
        try:
            for runtime, path in wanted.items():
                self._plane.interpreters.register(runtime, Path(path))
        except InterpreterMismatchError as error:
            return _json(400, {"message": str(error)})
        return _json(200, {"registered": sorted(wanted)})

    def _status(self) -> dict[str, Any]:
        record = self._record()
        idle, busy = self._plane.pool.counts()
        return {
            "instance": record.instance,
            "pid": record.pid,
            "port": record.port,
            "started": record.started,
            "project": record.project,
            "functions": function_count(),
            "rest_apis": len(rest_apis()),
            "pollers": self._plane.event_sources.count(),
            "workers": idle + busy,
            "log": str(self._state.log),
            "state": "memory",
        }


def _json(status: int, document: dict[str, Any]) -> HttpResponse:
    return HttpResponse(
        status=status,
        headers=[("Content-Type", "application/json"), ("Cache-Control", "no-store")],
        body=json.dumps(document).encode(),
    )
