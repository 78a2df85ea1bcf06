"""Lambda functions: invocations run in workers, updates and deletions reach them."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse

from chalice_local import ThrottledError
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MAX_REQUEST_BYTES = 6 * 1024 * 1024
_MAX_EVENT_BYTES = 1024 * 1024


class _TooManyRequestsError(LambdaClientError):
    code = 429

    def __init__(self, reason: str) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")
        self.description = json.dumps({"message": "Rate Exceeded.", "Reason": reason, "Type": "User"})


class _RequestTooLargeError(LambdaClientError):
    code = 413

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            "RequestTooLargeException", f"{size} byte payload is too large (limit {limit} bytes)."
        )


def _invoke(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - replaced whole
    def invoke(
        self: LambdaFunction, body: str | bytes, request_headers: Any, response_headers: dict[str, Any]
    ) -> bytes:
        payload = body.encode() if isinstance(body, str) else bytes(body or b"")
        payload = payload or b"{}"
        kind = _invocation_type(request_headers)
        _check_payload(payload, kind)
        context = _client_context(request_headers)
        if kind == "DryRun":
            return b""
        if kind == "Event":
            response_headers["x-amzn-RequestId"] = plane.invoke_later(self, payload, context)
            return b""
        try:
            result = plane.invoke(self, payload, context)
        except ThrottledError as error:
            raise _TooManyRequestsError(error.reason) from error
        response_headers["x-amzn-RequestId"] = result.request_id
        response_headers["X-Amz-Executed-Version"] = result.version
        # moto takes this header away again when the caller did not ask for the log.
        response_headers["x-amz-log-result"] = base64.b64encode(result.log_tail.encode()).decode()
        if result.error is not None:
            response_headers["x-amz-function-error"] = result.error
        return result.payload

    return invoke


def _invocation_type(headers: Any) -> str:
    # moto's own triggers (S3, log subscriptions) call with no headers at all; in AWS they are asynchronous.
    if not headers:
        return "Event"
    kind = str(headers.get("x-amz-invocation-type") or "RequestResponse")
    if kind not in {"RequestResponse", "Event", "DryRun"}:
        raise LambdaClientError("InvalidParameterValueException", f"Invalid InvocationType: {kind}")
    return kind


def _check_payload(payload: bytes, kind: str) -> None:
    limit = _MAX_EVENT_BYTES if kind == "Event" else _MAX_REQUEST_BYTES
    if len(payload) > limit:
        raise _RequestTooLargeError(len(payload), limit)
    try:
        json.loads(payload)
    except ValueError as error:
        raise LambdaClientError(
            "InvalidRequestContentException", f"Could not parse request body into json: {error}"
        ) from error


def _client_context(headers: Any) -> str | None:
    encoded = headers.get("x-amz-client-context") if headers else None
    return base64.b64decode(encoded).decode() if encoded else None


def _invoke_response(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def invoke(self: LambdaResponse) -> Any:
        query = dict(self.querystring or {})
        # Always one, so that moto does not go on to look for it in the payload. One in the name wins over it.
        query["qualifier"] = query.get("Qualifier") or ["$LATEST"]
        self.querystring = query
        return original(self)

    return invoke


def _updated(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    def update(self: LambdaFunction, spec: dict[str, Any]) -> Any:
        answer = original(self, spec)
        plane.function_updated(self.function_arn)
        return answer

    return update


def _delete_function(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    def delete_function(self: LambdaBackend, function_name: str, qualifier: str | None = None) -> None:
        function = self.get_function(function_name, qualifier)
        original(self, function_name, qualifier)
        if qualifier is None:
            plane.function_deleted(function.function_arn)

    return delete_function


PATCHES = (
    Patch(
        owner=LambdaFunction,
        name="invoke",
        parameters="self, body, request_headers, response_headers",
        why="moto runs functions in docker, calls every error 'Handled', and waits when it should not.",
        make=_invoke,
    ),
    Patch(
        owner=LambdaResponse,
        name="invoke",
        parameters="self",
        why="moto ignores the Qualifier of an invocation, and takes one out of the payload.",
        make=_invoke_response,
    ),
    Patch(
        owner=LambdaFunction,
        name="update_configuration",
        parameters="self, config_updates",
        why="moto has no workers that an update would reach.",
        make=_updated,
    ),
    Patch(
        owner=LambdaFunction,
        name="update_function_code",
        parameters="self, updated_spec",
        why="moto has no workers that an update would reach.",
        make=_updated,
    ),
    Patch(
        owner=LambdaBackend,
        name="delete_function",
        parameters="self, function_name, qualifier",
        why="moto has no workers that a deletion would end.",
        make=_delete_function,
    ),
)
