"""The one HTTP port: APIs' URLs to the data plane, our own pages to themselves, the rest to moto."""

from __future__ import annotations

import functools
import http
import io
import json
import threading
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)

from chalice.gateway import HttpRequest, HttpResponse
from chalice_local import parse_execute_api
from chalice_local.addresses import parse_function_url
from chalice_localaws.embedded import domain_names, gateway_tags, websocket_deployments
from chalice_localaws.embedded.browsers import refusal_for
from chalice_localaws.embedded.calls import Calls, caller_of
from chalice_localaws.embedded.cloud_control import SIGNING_NAME
from chalice_localaws.embedded.provisioning.custom import ANSWER_PATH
from chalice_localaws.embedded.websocket_deployments import is_websocket_api
from chalice_localaws.embedded.websockets import connection_id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalice_local import ExecuteApiAddress
    from chalice_localaws.embedded.control import ControlPages
    from chalice_localaws.embedded.plane import DataPlane

__all__ = ["Front", "RequestHandler", "finish_requests"]

_HEADERS = "chalice.headers"
_Environ = dict[str, Any]


class _Connections:
    """Counts the connections that are being served."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._count = 0

    def __enter__(self) -> None:
        with self._condition:
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._condition:
            self._count -= 1
            self._condition.notify_all()

    def wait_until_none(self, seconds: float) -> bool:
        """Wait for all to end; ``False`` when some have not after ``seconds``."""
        with self._condition:
            return self._condition.wait_for(lambda: self._count == 0, seconds)


_connections = _Connections()


class RequestHandler(MotoRequestHandler):
    """Keeps the headers as they came, which WSGI would fold; writes no access log."""

    # Two small writes of one answer must not wait for each other.
    disable_nagle_algorithm = True

    def make_environ(self) -> _Environ:
        """Return moto's environment, and the headers beside it."""
        environ = super().make_environ()
        environ[_HEADERS] = list(self.headers.items())
        return environ

    def handle(self) -> None:
        """Serve one connection, and be counted while it lasts."""
        with _connections:
            super().handle()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the log is for what goes wrong."""


def finish_requests(seconds: float) -> bool:
    """Let the answers that are under way go out; ``False`` when some are not done after ``seconds``."""
    return _connections.wait_until_none(seconds)


class Front:
    """The WSGI application.

    Args:
        plane: answers for APIs.
        control: answers for ``/_chalice``.
        prepare_service: told the signing name of a service before moto is asked for it.
    """

    def __init__(
        self, *, plane: DataPlane, control: ControlPages, prepare_service: Callable[[str], None]
    ) -> None:
        self._prepare_service = prepare_service
        self._rest = plane.rest
        self._websockets = plane.websockets
        self._function_urls = plane.function_urls
        self._cloud_control = plane.cloud_control
        self._custom_resources = plane.custom_resources
        self._services = plane.services
        self._calls = Calls((*websocket_deployments.CALLS, *domain_names.CALLS, *gateway_tags.CALLS))
        self._control = control
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: _Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        host = environ.get("HTTP_HOST", "")
        raw_path, _, query = str(environ.get("RAW_URI") or environ["PATH_INFO"]).partition("?")
        address = parse_execute_api(host, raw_path)
        url = parse_function_url(host, raw_path) if address is None else None
        custom = address is None and url is None and domain_names.is_custom_domain(host)
        if custom:
            address = domain_names.custom_address(host, raw_path)
            if address is None:
                return _answer(_message(403, "Forbidden"), start_response)
        connection_id = connection_id_of(raw_path if address is None else address.path)
        refusal = refusal_for(
            host="localhost" if custom else host,
            origin=environ.get("HTTP_ORIGIN"),
            fetch_site=environ.get("HTTP_SEC_FETCH_SITE"),
            to_an_api=url is not None or (address is not None and connection_id is None),
        )
        if refusal is not None:
            return _answer(_message(403, refusal), start_response)
        # A REST API may be called at any path, our own pages' included.
        if address is not None:
            return self._ask_api(address, connection_id, environ, query, start_response)
        if url is not None:
            answer = self._function_urls.handle(url, _request(environ, url.path, query))
            return _answer(answer, start_response)
        request = functools.partial(_request, environ, raw_path, query)
        if raw_path.startswith("/_chalice/"):
            return _answer(self._control.handle(request()), start_response)
        if connection_id is not None:
            return _answer(self._websockets.manage(request(), connection_id), start_response)
        return self._ask_service(environ, raw_path, query, start_response)

    def prepare(self, services: Iterable[str]) -> None:
        """Load services of moto before they are asked for: each takes up to a second."""
        for service in services:
            credential = f"Credential=x/20200101/us-east-1/{service}/aws4_request"
            authorization = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=x"
            self._moto.get_application({"PATH_INFO": "/", "HTTP_AUTHORIZATION": authorization})

    def _ask_api(
        self,
        address: ExecuteApiAddress,
        connection_id: str | None,
        environ: _Environ,
        query: str,
        start_response: Callable[..., Any],
    ) -> Iterable[bytes]:
        request = _request(environ, address.path, query)
        if not is_websocket_api(address.api_id):
            return _answer(self._rest.handle(address, request), start_response)
        if connection_id is not None:
            return _answer(self._websockets.manage(request, connection_id), start_response)
        if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
            return _answer(self._websockets.answer_without_upgrade(), start_response)
        refused = self._websockets.upgrade(address, request, environ["werkzeug.socket"])
        if refused is not None:
            return _answer(refused, start_response)
        # The socket speaks HTTP no more; this is how an application says that nothing is left to write.
        raise ConnectionAbortedError

    def _ask_service(
        self, environ: _Environ, path: str, query: str, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Ask what knows the API of AWS that a request is for: ours where moto does not know the call."""
        if path.startswith(ANSWER_PATH):
            return _answer(self._custom_resources.answer(_request(environ, path, query)), start_response)
        named = {"authorization": "HTTP_AUTHORIZATION", "x-amz-target": "HTTP_X_AMZ_TARGET"}
        caller = caller_of({name: environ.get(key, "") for name, key in named.items()})
        if caller.service == SIGNING_NAME:
            return _answer(self._cloud_control.handle(caller, _request(environ, path, query)), start_response)
        if self._calls.knows(caller, environ["REQUEST_METHOD"], path):
            return _answer(self._calls.handle(caller, _request(environ, path, query)), start_response)
        if self._services.knows(caller.service):
            request = _request(environ, path, query)
            answer = self._services.respond(caller.service, request)
            if answer is not None:
                return _answer(answer, start_response)
            # The body has been read; moto reads it again.
            environ = {
                **environ,
                "wsgi.input": io.BytesIO(request.body),
                "CONTENT_LENGTH": str(len(request.body)),
            }
        self._prepare_service(caller.service)
        return self._ask_moto(environ, start_response)

    def _ask_moto(self, environ: _Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            answer: Iterable[bytes] = self._moto(environ, start_response)
        except NotImplementedError as error:
            # moto has no more to say than this; a client should hear it instead of an internal error.
            return _answer(_not_emulated(environ, str(error)), start_response)
        return answer


def _not_emulated(environ: _Environ, reason: str) -> HttpResponse:
    """Return an error that the caller's protocol can read: XML for the query protocol, else JSON."""
    message = f"This is not emulated on this machine: {reason.rstrip('.')}."
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        text = (
            "<ErrorResponse><Error><Type>Sender</Type><Code>NotImplemented</Code>"
            f"<Message>{escape(message)}</Message></Error></ErrorResponse>"
        )
        return HttpResponse(status=501, headers=[("Content-Type", "text/xml")], body=text.encode())
    return HttpResponse(
        status=501,
        headers=[("Content-Type", "application/json"), ("x-amzn-ErrorType", "NotImplemented")],
        body=json.dumps({"__type": "NotImplemented", "message": message}).encode(),
    )


def _request(environ: _Environ, path: str, query: str) -> HttpRequest:
    length = environ.get("CONTENT_LENGTH")
    if length:
        body = environ["wsgi.input"].read(int(length))
    else:
        # The server ends the stream itself when the body came in chunks, and says so.
        body = environ["wsgi.input"].read() if environ.get("wsgi.input_terminated") else b""
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        path=path,
        query_string=query,
        headers=environ.get(_HEADERS, []),
        body=body,
        source_ip=environ.get("REMOTE_ADDR", "127.0.0.1"),
    )


def _answer(response: HttpResponse, start_response: Callable[..., Any]) -> Iterable[bytes]:
    try:
        phrase = http.HTTPStatus(response.status).phrase
    except ValueError:
        phrase = "Unknown"
    headers = list(response.headers)
    # https://www.rfc-editor.org/rfc/rfc9110#section-8.6
    if response.status not in (http.HTTPStatus.NO_CONTENT, http.HTTPStatus.NOT_MODIFIED):
        headers.append(("Content-Length", str(len(response.body))))
    start_response(f"{response.status} {phrase}", headers)
    return [response.body]


def _message(status: int, message: str) -> HttpResponse:
    return HttpResponse(
        status=status,
        headers=[("Content-Type", "application/json")],
        body=json.dumps({"message": message}).encode(),
    )
