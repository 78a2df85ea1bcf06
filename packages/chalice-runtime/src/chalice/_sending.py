"""How a `Response` leaves: its headers checked, and its body as text or as base64.

Loaded when the first view returns one.  Views that return values need none of this.
"""

from __future__ import annotations

from chalice._http import Response, header, matches, media_types, proxy_response, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_JSON = "application/json"


def prepare(
    response: Response,
    cors: dict[str, str] | None,
    request_headers: dict[str, Any],
    binary: frozenset[str],
) -> Response:
    """Give a view's response its CORS headers, if its caller can have it at all.

    Args:
        response: The view's; it is not changed.
        cors: Headers to add, or None.
        request_headers: Of the request, whose ``Accept`` must name a binary type for a binary answer.
        binary: The application's binary types.

    Raises:
        TypeError, ValueError: Nobody can have it, see `split_headers`.
    """
    split_headers(response.headers)
    response_type = header(response.headers, "content-type", "")
    if matches(binary, response_type or _JSON):
        accept = header(request_headers, "accept", None)
        if accept is None or not matches(binary, accept):
            message = (
                f"Request did not specify an Accept header with {response_type}, "
                f"The response has a Content-Type of {response_type}. If a response has a binary "
                "Content-Type then the request must specify an Accept header that matches."
            )
            response = Response({"Code": "BadRequest", "Message": message}, status_code=400)
    if cors is None:
        return response
    # Not into the view's own object: other views, without CORS, may return it as well.
    return with_headers(response, with_cors(cors, response.headers))


def with_headers(response: Response, headers: dict[str, Any]) -> Response:
    """Return a copy of a response with other headers: of its class, and with what else is written on it."""
    answer: Response = object.__new__(type(response))
    answer.__dict__.update(response.__dict__)
    answer.headers = headers
    return answer


def write(response: Response, binary_types: list[str] | None) -> dict[str, Any]:
    """Do what `Response.to_dict` promises."""
    single, multi = split_headers(response.headers)
    body = response.body
    status = checked_status(response.status_code)
    content_type = header(response.headers, "content-type", "")
    binary = binary_types is not None and matches(_known_types(binary_types), content_type)
    if binary:
        body = _as_base64(body, content_type)
    elif isinstance(body, bytes):
        # Lambda can only return text.  Bytes that are text may go as such.
        try:
            body = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(
                f"The body is bytes, and its content type {content_type!r} is not among the application's "
                "binary types: add it to app.api.binary_types."
            ) from error
    result = proxy_response(status, single, body)
    result["multiValueHeaders"] = multi
    if binary:
        result["isBase64Encoded"] = True
    return result


# The binary types of the last response, and what `media_types` makes of them: applications have one list, and
# preparing it anew would be a fifth of what such a response costs.
_known: tuple[list[str], frozenset[str]] = ([], frozenset())


def _known_types(names: list[str]) -> frozenset[str]:
    global _known
    known, types = _known
    if known != names:
        types = media_types(names)
        _known = (list(names), types)
    return types


def _as_base64(body: Any, content_type: str) -> str:
    from binascii import b2a_base64

    if not isinstance(body, (str, bytes)):
        body = to_json(body)
    if isinstance(body, str) and (not content_type or "json" in content_type.lower()):
        body = body.encode("utf-8")
    if not isinstance(body, bytes):
        raise ValueError(f"A body of the binary content type {content_type!r} must be bytes, not text.")
    return b2a_base64(body, newline=False).decode("ascii")


def checked_status(status: Any) -> int:
    """Return an HTTP status as a number.

    Raises:
        TypeError: It is neither a number nor text.
        ValueError: It is none: API Gateway would discard the whole response.
    """
    number = int(status)
    if not 100 <= number <= 599:
        raise ValueError(f"{number} is not an HTTP status.")
    return number


def split_headers(headers: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Check response headers, and part those with one value from those with several.

    Raises:
        TypeError: A name or value is neither text nor a number.
        ValueError: One contains a line break, a null character or what has no UTF-8.
    """
    single: dict[str, str] = {}
    multi: dict[str, list[str]] = {}
    for name, value in headers.items():
        if type(name) is not str:
            name = _plain(name, name)
        if isinstance(value, (list, tuple)):
            if not value:
                # The name is checked with a value.
                _header_value(name, "")
            multi[name] = [_header_value(name, one) for one in value]
        else:
            single[name] = _header_value(name, value)
    return single, multi


def _header_value(name: str, value: Any) -> str:
    if type(value) is not str:
        value = _plain(name, str(value) if isinstance(value, (int, float)) else value)
    line: str = name + value
    if "\n" in line or "\r" in line or "\0" in line:
        raise ValueError(f"The response header {name!r} contains a line break or a null character.")
    if not line.isascii():
        line.encode("utf-8")
    return line[len(name) :]


def _plain(name: Any, text: Any) -> str:
    """Return text of a header as JSON writes it, whatever a subclass such as an Enum of texts makes of it.

    Raises:
        TypeError: It is no text.  The message has its type alone: it is logged, and headers hold secrets.
    """
    if not isinstance(text, str):
        raise TypeError(
            f"The response header {name!r} must be a string or a list of strings, not {type(text).__name__}."
        )
    return str.__str__(text)


def with_cors(cors: dict[str, str], headers: dict[str, Any]) -> dict[str, Any]:
    """Add CORS headers to a view's own, which count where both have one, in whatever case."""
    own = {name.lower() for name in headers}
    merged = {**{name: value for name, value in cors.items() if name.lower() not in own}, **headers}
    if "Vary" in cors:
        # The view's own does not replace ours: the answer depends on both.
        varied = [value for name, value in headers.items() if name.lower() == "vary"]
        for name in [name for name in headers if name.lower() == "vary"]:
            del merged[name]
        texts = [one for value in varied for one in ([value] if isinstance(value, str) else value)]
        merged["Vary"] = ", ".join([*texts, "Origin"])
    return merged
