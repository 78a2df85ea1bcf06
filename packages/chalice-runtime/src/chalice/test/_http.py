"""HTTP requests to an application, through an emulated API Gateway."""

from __future__ import annotations

import json as json_module
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import quote, urlencode

from chalice.gateway import (
    GatewayAuthorizer,
    HttpRequest,
    Outcome,
    RestGateway,
    authorizers_of_app,
    routes_of_app,
)
from chalice.test._functions import API_HANDLER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from typing_extensions import Unpack

    from chalice.app import Chalice, RouteEntry
    from chalice.test._functions import Functions

_API_ID = "testclient"
_ACCOUNT_ID = "123456789012"
# What a path may hold as it is. https://www.rfc-editor.org/rfc/rfc3986#section-3.3
_PATH_MARKS = "!$%&'()*+,/:;=@~"
_ABSENT: Any = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class HTTPResponse:
    """What a request was answered with.

    Attributes:
        body: The bytes of the body.
        headers: Name to value, or to a list of values for a header that came several times.
        status_code: The HTTP status.
    """

    body: bytes
    headers: dict[str, str | list[str]]
    status_code: int

    @property
    def text(self) -> str:
        """The body decoded from UTF-8; what is not UTF-8 becomes U+FFFD."""
        return self.body.decode("utf-8", "replace")

    @property
    def json_body(self) -> Any:
        """The body decoded from JSON, or None when it is no JSON."""
        try:
            return json_module.loads(self.body)
        except ValueError:
            return None


class RequestOptions(TypedDict, total=False):
    """What `HTTPClient.get` and its siblings take besides the path, see `HTTPClient.request`."""

    headers: Mapping[str, str | list[str]] | Iterable[tuple[str, str]] | None
    body: bytes | str | None
    params: Mapping[str, Any] | Iterable[tuple[str, Any]] | None
    json: Any
    authorizer: Mapping[str, Any] | None


class HTTPClient:
    """Sends HTTP requests to the views of an application; see `Client`."""

    def __init__(
        self,
        app: Chalice,
        functions: Functions,
        *,
        stage: str,
        stage_variables: Mapping[str, str] | None,
        api_keys: Collection[str] | None,
    ) -> None:
        self._app = app
        self._functions = functions
        self._stage = stage
        self._stage_variables = stage_variables
        self._api_keys = api_keys
        self._known: tuple[tuple[str, list[RouteEntry], list[str]], RestGateway] | None = None

    def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str | list[str]] | Iterable[tuple[str, str]] | None = None,
        body: bytes | str | None = b"",
        *,
        params: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
        json: Any = _ABSENT,
        authorizer: Mapping[str, Any] | None = None,
    ) -> HTTPResponse:
        """Send a request.

        Args:
            method: In capitals; another case is turned into them.
            path: Percent-encoded, with the query if there is one: ``/users/7?full=1``.
            headers: Name to value or to a list of values, of text or numbers; or pairs of name and value.
            body: Text is sent as UTF-8; None is no body.
            params: Added to the query, encoded: name to value or to a list of values, or pairs.
            json: Sent as JSON in place of ``body``, with its content type unless ``headers`` have one.
            authorizer: What views find in ``app.current_request.context["authorizer"]``, as it is; no
                authorizer is asked then.  Without it, built-in ones are asked about every request, tokens of
                user pools are read, and the others admit everybody with an `UncheckedAuthorizerWarning`.

        Raises:
            NotEmulatedError: The route needs something that the emulator does not have.
            BaseException: What a view raises that is no `Exception`, such as SystemExit; on AWS it is a 502.
            TypeError: The body is neither text nor bytes, or there are two, or a header is neither text
                nor a number, nor a list of them.
            ValueError: The path does not start with a slash.
        """
        pairs = _pairs(headers)
        if json is not _ABSENT:
            if body:
                raise TypeError("A request has either body= or json=, not both.")
            body = json_module.dumps(json)
            if not _has(pairs, "content-type"):
                pairs.append(("Content-Type", "application/json"))
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-west-2"
        if not _has(pairs, "host"):
            pairs.insert(0, ("Host", f"{_API_ID}.execute-api.{region}.amazonaws.com"))
        location, query = _target(path, params)
        response = self._gateway(region).handle(
            HttpRequest(
                method=method.upper(),
                path=location,
                query_string=query,
                headers=pairs,
                body=_bytes(body),
                scheme="https",
            ),
            authorizer=authorizer,
        )
        merged: dict[str, str | list[str]] = {}
        for name, value in response.headers:
            known = merged.get(name)
            if known is None:
                merged[name] = value
            else:
                merged[name] = [*([known] if isinstance(known, str) else known), value]
        return HTTPResponse(body=response.body, headers=merged, status_code=response.status)

    def get(self, path: str, **options: Unpack[RequestOptions]) -> HTTPResponse:
        """Send a GET request; arguments as for `request`."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Unpack[RequestOptions]) -> HTTPResponse:
        """Send a POST request; arguments as for `request`."""
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Unpack[RequestOptions]) -> HTTPResponse:
        """Send a PUT request; arguments as for `request`."""
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Unpack[RequestOptions]) -> HTTPResponse:
        """Send a PATCH request; arguments as for `request`."""
        return self.request("PATCH", path, **options)

    def options(self, path: str, **options: Unpack[RequestOptions]) -> HTTPResponse:
        """Send an OPTIONS request, such as a browser's CORS preflight; arguments as for `request`."""
        return self.request("OPTIONS", path, **options)

    def delete(self, path: str, **options: Unpack[RequestOptions]) -> HTTPResponse:
        """Send a DELETE request; arguments as for `request`."""
        return self.request("DELETE", path, **options)

    def head(self, path: str, **options: Unpack[RequestOptions]) -> HTTPResponse:
        """Send a HEAD request; arguments as for `request`."""
        return self.request("HEAD", path, **options)

    def _gateway(self, region: str) -> RestGateway:
        """Return a gateway for the application as it is now.

        Views may be added between two requests, and binary types change; otherwise one gateway serves.
        """
        entries = [entry for methods in self._app.routes.values() for entry in methods.values()]
        state = (region, entries, list(self._app.api.binary_types))
        known = self._known
        if known is not None and known[0] == state:
            return known[1]
        gateway = RestGateway(
            routes_of_app(self._app),
            self._answer,
            binary_types=self._app.api.binary_types,
            # No policy is remembered: what a test is answered depends on this test alone.
            authorizers={
                name: replace(authorizer, ttl_seconds=0)
                for name, authorizer in authorizers_of_app(self._app).items()
            },
            invoke_authorizer=self._ask,
            api_keys=self._api_keys,
            api_id=_API_ID,
            stage=self._stage,
            account_id=_ACCOUNT_ID,
            region=region,
            stage_variables=self._stage_variables,
        )
        self._known = (state, gateway)
        return gateway

    def _answer(self, target: Any, event: dict[str, Any]) -> Outcome:
        return Outcome(_copy(self._functions.run(API_HANDLER, target, _copy(event))))

    def _ask(self, authorizer: GatewayAuthorizer, event: dict[str, Any]) -> Outcome:
        try:
            return Outcome(_copy(self._functions.run(authorizer.name, authorizer.target, _copy(event))))
        except Exception as error:
            if str(error) != "Unauthorized":
                # The caller gets a 500 that says nothing, as on AWS: the reason is in the log.
                self._app.log.error("The authorizer %r failed", authorizer.name, exc_info=True)
            return Outcome({"errorMessage": str(error), "errorType": type(error).__name__}, error=True)


def _copy(value: Any) -> Any:
    """Send a value through JSON and back, as Lambda does: functions must not see what they share."""
    return json_module.loads(json_module.dumps(value))


def _target(path: str, params: Mapping[str, Any] | Iterable[tuple[str, Any]] | None) -> tuple[str, str]:
    """Return the path as it travels, and the query."""
    path, _, query = path.partition("#")[0].partition("?")
    if path and not path.startswith("/"):
        raise ValueError(f"A path must start with a slash, as in '/{path}'.")
    if params:
        added = urlencode(params if isinstance(params, Mapping) else list(params), doseq=True)
        query = f"{query}&{added}" if query else added
    return quote(path, safe=_PATH_MARKS) or "/", query


def _pairs(
    headers: Mapping[str, str | list[str]] | Iterable[tuple[str, str]] | None,
) -> list[tuple[str, str]]:
    if headers is None:
        return []
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return [(name, one) for name, value in pairs for one in _values(name, value)]


def _values(name: str, value: object) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [one for several in value for one in _values(name, several)]
    if isinstance(value, (str, int, float)):
        return [str(value)]
    raise TypeError(f"The header {name!r} must be text or a list of texts, not {type(value).__name__}.")


def _has(pairs: list[tuple[str, str]], name: str) -> bool:
    return any(known.lower() == name for known, _ in pairs)


def _bytes(body: object) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    raise TypeError(f"A body must be bytes or str, not {type(body).__name__}; json= sends a value as JSON.")
