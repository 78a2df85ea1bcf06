"""What a view is given and what it answers with: requests, responses, and the errors that are responses.

This module runs in every cold start.  It imports nothing, defines few classes, and computes what a request
holds only when a view asks for it.  What only some requests need is loaded by the first of them with
``import a.b``: each later one pays 3 k instructions for that, and for ``from a.b import c`` 8 to 12 k.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from functools import cached_property as lazy
    from typing import Any, ClassVar, TypeVar

    from chalice._mappings import CaseInsensitiveMapping, MultiDict

    Absent = TypeVar("Absent", str, None)
else:

    class lazy:  # noqa: N801
        """An attribute computed on first use; `functools.cached_property` takes a lock before Python 3.12."""

        __slots__ = ("compute", "name")

        def __init__(self, compute):
            self.compute = compute

        def __set_name__(self, owner, name):
            self.name = name

        def __get__(self, instance, owner):
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.compute(instance)
            return value


class ChaliceError(Exception):
    """Base of every error that this package defines."""


class ChaliceUnhandledError(ChaliceError):
    """Raised by a view for middleware to see: other exceptions are responses when middleware gets them.

    The caller gets 500, unless middleware answers something else.
    """


class ChaliceViewError(ChaliceError):
    """An error that is a response: raise it, or a subclass with a ``STATUS_CODE`` of its own, from a view.

    The response has the status ``STATUS_CODE`` and the body ``{"Code": <name of the class>, "Message":
    <str(error)>}``.
    """

    STATUS_CODE: ClassVar[int] = 500
    # Of the response, for errors of the runtime's own.
    _response_headers: dict[str, str] | None = None


class BadRequestError(ChaliceViewError):
    """400: the request makes no sense."""

    STATUS_CODE = 400


class UnauthorizedError(ChaliceViewError):
    """401: the caller has not said who they are."""

    STATUS_CODE = 401


class ForbiddenError(ChaliceViewError):
    """403: the caller may not do this."""

    STATUS_CODE = 403


class NotFoundError(ChaliceViewError):
    """404: there is nothing of this name."""

    STATUS_CODE = 404


class MethodNotAllowedError(ChaliceViewError):
    """405: the resource exists and does not know the method."""

    STATUS_CODE = 405


class RequestTimeoutError(ChaliceViewError):
    """408: the request took too long to arrive."""

    STATUS_CODE = 408


class ConflictError(ChaliceViewError):
    """409: the request contradicts the state of the resource."""

    STATUS_CODE = 409


class UnprocessableEntityError(ChaliceViewError):
    """422: the request is well formed and cannot be followed."""

    STATUS_CODE = 422


class TooManyRequestsError(ChaliceViewError):
    """429: the caller has to slow down."""

    STATUS_CODE = 429


ALL_ERRORS = [
    ChaliceViewError,
    BadRequestError,
    NotFoundError,
    UnauthorizedError,
    ForbiddenError,
    MethodNotAllowedError,
    RequestTimeoutError,
    ConflictError,
    UnprocessableEntityError,
    TooManyRequestsError,
]


class Request:
    """The HTTP request that a view answers.

    Every attribute is computed when it is first asked for, and may be assigned.

    Args:
        event_dict: The proxy event of API Gateway.
        lambda_context: The context object that Lambda passes along.

    Attributes:
        lambda_context: See above.
    """

    # The event as it was sent, where `_event` is what was made of it.
    _sent: dict[str, Any] | None = None

    def __init__(self, event_dict: dict[str, Any], lambda_context: Any = None) -> None:
        self._event = event_dict
        self.lambda_context = lambda_context

    @lazy
    def query_params(self) -> MultiDict | None:
        """The query string, or None when the request has none."""
        values = self._event.get("multiValueQueryStringParameters")
        if values is None:
            return None
        import chalice._mappings

        return chalice._mappings.MultiDict(values)

    @lazy
    def headers(self) -> CaseInsensitiveMapping:
        """The headers; of one that came several times, the last value."""
        import chalice._mappings

        return chalice._mappings.CaseInsensitiveMapping(self._event.get("headers"))

    @lazy
    def _content_type(self) -> str | None:
        return header(self._event.get("headers") or {}, "content-type", None)

    @lazy
    def uri_params(self) -> dict[str, str] | None:
        """The captured parts of the path, or None when it has none."""
        params: dict[str, str] | None = self._event.get("pathParameters")
        return params

    @lazy
    def context(self) -> dict[str, Any]:
        """API Gateway's ``requestContext``: stage, identity, request id, what an authorizer said."""
        context: dict[str, Any] = self._event["requestContext"]
        return context

    @lazy
    def method(self) -> str:
        """The HTTP method, in capitals."""
        method: str = self._event["requestContext"]["httpMethod"]
        return method

    @lazy
    def path(self) -> str:
        """The path of the *resource*, ``/users/{name}``, not that of the URL."""
        path: str = self._event["requestContext"]["resourcePath"]
        return path

    @lazy
    def stage_vars(self) -> dict[str, str] | None:
        """The stage variables of API Gateway, or None."""
        variables: dict[str, str] | None = self._event.get("stageVariables")
        return variables

    @lazy
    def raw_body(self) -> bytes:
        """The body as bytes, empty when there is none."""
        body = self._event.get("body")
        if body is None:
            return b""
        if self._event.get("isBase64Encoded", False):
            from binascii import a2b_base64

            return a2b_base64(body)
        raw: bytes = body if isinstance(body, bytes) else body.encode("utf-8")
        return raw

    @lazy
    def json_body(self) -> Any:
        """The body decoded from JSON, or None when its content type is not ``application/json``.

        Raises:
            BadRequestError: The body is empty or is no JSON.
        """
        event = self._event
        if not (self._content_type or "").startswith("application/json"):
            return None
        body = event.get("body")
        try:
            if not isinstance(body, str) or event.get("isBase64Encoded") or body.startswith("\ufeff"):
                # Of bytes, JSON finds the encoding and skips a byte order mark.  Text needs no such detour.
                body = self.raw_body
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            # The latter of JSON that is nested deeper than Python can follow.
            raise BadRequestError("Error Parsing JSON") from error

    def to_dict(self) -> dict[str, Any]:
        """Describe the request as something that JSON can write, without body and Lambda context.

        Attributes that views or middleware have added are in it, unless they begin with an underscore.
        """
        described = {
            "query_params": None if self.query_params is None else dict(self.query_params),
            "headers": dict(self.headers),
            "uri_params": self.uri_params,
            "method": self.method,
            "context": self.context,
            "stage_vars": self.stage_vars,
            "path": self.path,
        }
        for name, value in vars(self).items():
            if name[0] != "_" and name not in ("raw_body", "json_body", "lambda_context"):
                described.setdefault(name, value)
        return described

    def to_original_event(self) -> dict[str, Any]:
        """Return the event as it was sent."""
        return self._event if self._sent is None else self._sent


class Response:
    """What a view returns to choose status and headers itself.

    Args:
        body: A string or bytes as they are; anything else is written as JSON.
        headers: Name to value, or to a list of values for a header that is sent several times.
        status_code: The HTTP status.

    All three are attributes, and may be assigned.
    """

    def __init__(self, body: Any, headers: dict[str, Any] | None = None, status_code: int = 200) -> None:
        self.body = body
        self.headers: dict[str, Any] = {} if headers is None else headers
        self.status_code = status_code

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        """Return the response in the form that a Lambda proxy integration asks for.

        Args:
            binary_types: Media types that are sent as base64.  None sends nothing that way.

        Raises:
            TypeError: JSON cannot express the body, or a header is neither text nor a number.
            ValueError: The body is text where its content type needs bytes, or the other way round; the
                status is none; or a header contains a line break, which would let it smuggle in headers of
                its own, or what has no UTF-8.
        """
        import chalice._sending

        return chalice._sending.write(self, binary_types)


def proxy_response(status: int, headers: dict[str, str], body: Any) -> dict[str, Any]:
    """Return a response in the form that a Lambda proxy integration asks for.

    Args:
        status: The HTTP status.
        headers: Name to value, checked by the caller.
        body: Text goes as it is, and anything else as JSON.

    Raises:
        TypeError: JSON cannot express the body.
        ValueError: The body is text that has no UTF-8, such as half of a surrogate pair: Lambda could not
            return it.
    """
    if not isinstance(body, str):
        body = to_json(body)
    elif not body.isascii():
        body.encode("utf-8")
    return {"headers": headers, "multiValueHeaders": {}, "statusCode": status, "body": body}


def header(headers: Mapping[str, Any], name: str, default: Absent) -> str | Absent:
    """Return the value of a header whose name may be written in any case; ``name`` is in lower case.

    Of several values in a list the first counts, and of names that differ in case the last.
    """
    found: Any = None
    length = len(name)
    for key in headers:
        if len(key) == length and (key == name or key.lower() == name):
            found = headers[key]
    if type(found) is str:
        return found
    if isinstance(found, (list, tuple)) and found:
        found = found[0] if isinstance(found[0], str) else str(found[0])
    # As JSON writes a subclass, such as an Enum of texts, whose own __str__ says something else.
    return str.__str__(found) if isinstance(found, str) else default


def media_types(names: list[str]) -> frozenset[str]:
    """Prepare a list of media types for `matches`."""
    return frozenset([name.lower() for name in names])


def matches(types: frozenset[str], value: str) -> bool:
    """Tell whether a header such as ``Content-Type`` or ``Accept`` names one of ``types``.

    ``*/*`` on either side stands for everything.  Other wildcards and ``q=`` weights mean nothing.
    """
    if value in types or "*/*" in types:
        return True
    value = value.lower()
    parts = value.replace(";", ",").split(",") if ";" in value or "," in value else (value,)
    for part in parts:
        part = part.strip()
        if part in types or part == "*/*":
            return True
    return False


def _default(value: Any) -> Any:
    """Write what `json` does not know: decimals as numbers, and multi-dicts with their last values."""
    from chalice._mappings import MultiDict

    if isinstance(value, MultiDict):
        return dict(value)
    from decimal import Decimal

    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _make_to_json() -> Callable[[Any], str]:
    """Make the one encoder of this process.

    `json.dumps` with arguments builds an encoder for each call, and that is most of what a small answer
    costs.  The C encoder itself can be kept.  It has no public name: where it is missing, or has other
    arguments, a kept `json.JSONEncoder` gives the same text, slower.
    """
    encoder = json.JSONEncoder(separators=(",", ":"), default=_default)
    try:
        from json.encoder import c_make_encoder, encode_basestring_ascii  # type: ignore[attr-defined]

        # No markers: they would survive a failed call.  A circular value ends as a RecursionError instead.
        chunks = c_make_encoder(None, _default, encode_basestring_ascii, None, ":", ",", False, False, True)
    except (ImportError, TypeError):
        return encoder.encode

    def to_json(value: Any) -> str:
        return "".join(chunks(value, 0))

    return to_json


to_json = _make_to_json()

for _public in (ChaliceError, ChaliceUnhandledError, *ALL_ERRORS, Request, Response):
    # Where applications import them from, so that logs and what groups errors by name say so.
    _public.__module__ = "chalice.app"
