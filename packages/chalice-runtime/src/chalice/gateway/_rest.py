"""Answers HTTP requests as a stage of a REST API does: proxy event in, HTTP response out."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

from chalice.gateway._authorizers import Gatekeeper, RefusedError, method_arn
from chalice.gateway._event import MediaTypes, header_of, proxy_event
from chalice.gateway._messages import (
    GatewayAuthorizer,
    GatewayRoute,
    HttpRequest,
    HttpResponse,
    Invoke,
    InvokeAuthorizer,
    Outcome,
)
from chalice.gateway._response import MalformedResponseError, error_response, proxy_response
from chalice.gateway._routes import RouteTable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
_MAX_BODY_BYTES = 10 * 1024 * 1024

# Such an answer ends with its headers. https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1
_WITHOUT_BODY = (204, 304)


class RestGateway:
    """One stage of a REST API.

    Args:
        routes: The routes of the API, see `routes_of_app` and `routes_of_document`.
        invoke: Called as ``invoke(target, event)`` for every admitted request; returns an `Outcome`.
        binary_types: Media types whose bodies travel as base64; ``image/*`` and ``*/*`` stand for several.
        authorizers: By name, see `authorizers_of_app` and `authorizers_of_document`.
        invoke_authorizer: Called as ``invoke_authorizer(authorizer, event)`` to ask a Lambda authorizer; by
            default ``invoke`` is, with its target.  Policies are remembered for the time that the authorizer
            says, by this gateway alone.
        check_signature: Called with the proxy event of a request to a route that needs AWS credentials, and
            raises what `handle` is to raise when they are missing; None admits everybody, with a warning.
        api_keys: The valid API keys, or what tells of a key whether it is; None takes every key.
        api_id: As in ``https://API_ID.execute-api.REGION…``.
        stage: The stage's name, the first segment of the public path.
        account_id: Twelve digits.
        region: As in ``us-east-1``.
        stage_variables: Handed to the function as ``stageVariables``; None sends null.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        routes: Iterable[GatewayRoute],
        invoke: Invoke,
        *,
        binary_types: Iterable[str] = (),
        authorizers: Mapping[str, GatewayAuthorizer] | None = None,
        invoke_authorizer: InvokeAuthorizer | None = None,
        check_signature: Callable[[Mapping[str, Any]], None] | None = None,
        api_keys: Collection[str] | Callable[[str], bool] | None = None,
        api_id: str,
        stage: str,
        account_id: str,
        region: str,
        stage_variables: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._table = RouteTable(routes)
        self._invoke = invoke
        self._binary_types = MediaTypes(binary_types)
        self._gatekeeper = Gatekeeper(
            authorizers or {}, invoke_authorizer or self._invoke_target, clock, check_signature
        )
        self._api_keys = api_keys
        self._clock = clock
        self.api_id = api_id
        self.stage = stage
        self.account_id = account_id
        self.region = region
        self.stage_variables = dict(stage_variables) if stage_variables else None

    def handle(self, request: HttpRequest, *, authorizer: Mapping[str, Any] | None = None) -> HttpResponse:
        """Answer one request.

        Args:
            request: What came in.
            authorizer: Handed to the function as ``requestContext.authorizer`` as it is, and no authorizer is
                asked; None asks the route's.

        Returns:
            What the caller gets, refusals (401, 403) and errors of the function (502) included.

        Raises:
            NotEmulatedError: The route needs something of API Gateway that is not here.
        """
        request_id = str(uuid.uuid4())
        response = self._answer(request, request_id, authorizer)
        if request.method == "HEAD" or response.status in _WITHOUT_BODY:
            return HttpResponse(status=response.status, headers=response.headers, body=b"")
        return response

    def _answer(
        self, request: HttpRequest, request_id: str, injected: Mapping[str, Any] | None
    ) -> HttpResponse:
        if len(request.body) > _MAX_BODY_BYTES:
            return error_response(
                413, '{"message":"Request Too Long"}', "RequestTooLargeException", request_id
            )
        found = self._table.match(request.path, request.method)
        if found is None:
            return _no_such_route(request, request_id)
        route, captured = found
        if route.mock is not None:
            return HttpResponse(
                status=200,
                headers=[("x-amzn-RequestId", request_id), *route.mock.items()],
                body=b"",
            )
        event = proxy_event(
            request,
            route,
            captured,
            binary=self._binary_types.holds_body_of(request),
            stage_variables=self.stage_variables,
            context={
                "accountId": self.account_id,
                "apiId": self.api_id,
                "requestId": request_id,
                "stage": self.stage,
            },
            now=self._clock(),
        )
        try:
            self._admit(request, route, event, injected)
        except RefusedError as refusal:
            return error_response(refusal.status, refusal.body, refusal.kind, request_id)
        outcome = self._invoke(route.target, event)
        try:
            if outcome.error:
                raise MalformedResponseError
            return proxy_response(
                outcome.payload,
                request_id,
                event["headers"]["X-Amzn-Trace-Id"],
                decode=self._binary_types.wanted_by(request),
            )
        except MalformedResponseError:
            body = '{"message": "Internal server error"}'
            return error_response(502, body, "InternalServerErrorException", request_id)

    def _admit(
        self,
        request: HttpRequest,
        route: GatewayRoute,
        event: dict[str, Any],
        injected: Mapping[str, Any] | None,
    ) -> None:
        """Ask the authorizer and for the API key, in this order, and write down who calls.

        Raises:
            RefusedError: The caller may not call.
        """
        admitted = injected
        if injected is None and route.authorizer is not None:
            arn = method_arn(
                self.region, self.account_id, self.api_id, self.stage, request.method, request.path
            )
            admitted = self._gatekeeper.admit(route, event, arn)
        if admitted is not None:
            event["requestContext"]["authorizer"] = dict(admitted)
        if route.api_key_required:
            key = header_of(request.headers, "x-api-key")
            if not key or not self._is_valid(key):
                raise RefusedError(403, '{"message":"Forbidden"}', "ForbiddenException")
            event["requestContext"]["identity"]["apiKey"] = key

    def _is_valid(self, key: str) -> bool:
        if self._api_keys is None:
            return True
        return self._api_keys(key) if callable(self._api_keys) else key in self._api_keys

    def _invoke_target(self, authorizer: GatewayAuthorizer, event: dict[str, Any]) -> Outcome:
        return self._invoke(authorizer.target, event)


def _no_such_route(request: HttpRequest, request_id: str) -> HttpResponse:
    """Answer as if a signature were missing: API Gateway does not tell strangers which resources exist."""
    authorization = header_of(request.headers, "authorization")
    message = "Missing Authentication Token"
    if authorization is not None:
        message = (
            "Authorization header requires 'Credential' parameter. "
            "Authorization header requires 'Signature' parameter. "
            "Authorization header requires 'SignedHeaders' parameter. "
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
            f"Authorization={authorization}"
        )
    return error_response(403, json.dumps({"message": message}), "UnauthorizedException", request_id)
