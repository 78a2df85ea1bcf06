"""Calls of AWS's APIs that are answered here, because moto does not know them.

A call is recognised as AWS recognises it: by what the request is signed for, its method and its path.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from chalice.gateway import HttpResponse
from chalice_localaws.lifecycle import ACCOUNT_ID, DEFAULT_REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalice.gateway import HttpRequest

__all__ = ["Call", "CallError", "Caller", "Calls", "caller_of"]

# https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
_CREDENTIAL = re.compile(r"Credential=[^/]*/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """For what a request is signed.

    Attributes:
        service: the signing name, ``apigateway``; empty when it is not signed.
        region: of the signature.
        account_id: twelve digits.
    """

    service: str
    region: str
    account_id: str = ACCOUNT_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One operation of a service whose requests are JSON over HTTP methods and paths.

    Attributes:
        service: the signing name.
        method: of HTTP.
        path: with the names of its variables in braces, ``/v2/apis/{apiId}``.
        answer: gets the caller, the variables of the path and the members of the body, or without one the
            parameters of the URL as lists; returns the members of the answer, or None when it has no content.
        status: of the answer.
    """

    service: str
    method: str
    path: str
    answer: Callable[[Caller, Mapping[str, str], Mapping[str, Any]], Mapping[str, Any] | None]
    status: int = 200
    pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        object.__setattr__(self, "pattern", re.compile(pattern))


class CallError(Exception):
    """A call is refused.

    Args:
        code: of the error, ``NotFoundException``.
        message: for people.
        status: of HTTP.
    """

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class Calls:
    """Answers the calls that it knows.

    Args:
        calls: in the order in which they are tried.
    """

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = tuple(calls)

    def knows(self, caller: Caller, method: str, path: str) -> bool:
        """Return whether a request is for one of the calls."""
        return self._find(caller, method, path) is not None

    def handle(self, caller: Caller, request: HttpRequest) -> HttpResponse:
        """Answer a request for one of the calls."""
        found = self._find(caller, request.method, request.path)
        if found is None:
            return error_response(CallError("UnknownOperationException", "No such call.", status=404))
        call, names = found
        try:
            answer = call.answer(caller, names, _members(request))
        except CallError as error:
            return error_response(error)
        if answer is None:
            return HttpResponse(status=204, headers=[], body=b"")
        return HttpResponse(
            status=call.status,
            headers=[("Content-Type", "application/json")],
            body=json.dumps(answer).encode(),
        )

    def _find(self, caller: Caller, method: str, path: str) -> tuple[Call, dict[str, str]] | None:
        for call in self._calls:
            if (call.service, call.method) == (caller.service, method):
                matched = call.pattern.fullmatch(path)
                if matched is not None:
                    return call, {name: unquote(value) for name, value in matched.groupdict().items()}
        return None


def caller_of(headers: Mapping[str, str]) -> Caller:
    """Return for what a request is signed, by its headers with names in lower case."""
    matched = _CREDENTIAL.search(headers.get("authorization", ""))
    if matched is None:
        # Users of a pool have no credentials when they sign up or in.
        pools = headers.get("x-amz-target", "").startswith("AWSCognitoIdentityProviderService.")
        return Caller(service="cognito-idp" if pools else "", region=DEFAULT_REGION)
    return Caller(service=matched[2], region=matched[1])


def error_response(error: CallError) -> HttpResponse:
    """Return an error as the JSON protocols have it."""
    return HttpResponse(
        status=error.status,
        headers=[("Content-Type", "application/json"), ("x-amzn-ErrorType", error.code)],
        body=json.dumps({"__type": error.code, "message": str(error)}).encode(),
    )


def _members(request: HttpRequest) -> Mapping[str, Any]:
    if not request.body:
        # Parameters of the URL, all values of each.
        return parse_qs(request.query_string, keep_blank_values=True)
    try:
        members = json.loads(request.body)
    except ValueError:
        members = None
    if not isinstance(members, dict):
        raise CallError("BadRequestException", "The body is no JSON object.")
    return members
