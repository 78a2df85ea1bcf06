"""The data plane of REST APIs: requests to a stage, answered by what was last deployed to it."""

from __future__ import annotations

import json
import logging
import re
import threading
from typing import TYPE_CHECKING, Any

from moto.apigateway.models import RestAPI, apigateway_backends

from chalice.gateway import (
    HttpResponse,
    NotEmulatedError,
    Outcome,
    RestGateway,
    authorizers_of_document,
    routes_of_document,
    security_schemes,
)
from chalice_localaws.embedded.api_keys import is_api_key
from chalice_localaws.embedded.integrations import (
    EventTooLongError,
    IntegrationRefusedError,
    Integrations,
    IntegrationTimeoutError,
)
from chalice_localaws.embedded.signatures import UnsignedError, check_signature
from chalice_localaws.embedded.snapshots import deployed_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.apigateway.models import Stage

    from chalice.gateway import GatewayAuthorizer, HttpRequest
    from chalice_local import ExecuteApiAddress, Invoker
    from chalice_local.worker import InvocationResult

__all__ = ["RestDataPlane", "rest_apis"]

# What is written here ends in the server's log.
_LOG = logging.getLogger(__name__)

# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
_MAX_BODY_BYTES = 10 * 1024 * 1024


def rest_apis() -> list[RestAPI]:
    """Return all REST APIs, of all regions."""
    return [
        api
        for account in list(apigateway_backends.values())
        for backend in list(account.values())
        for api in list(backend.apis.values())
    ]


class RestDataPlane:
    """Answers requests to REST APIs.

    Args:
        invoker: runs the functions.
    """

    def __init__(self, invoker: Invoker) -> None:
        self._integrations = Integrations(invoker)
        self._lock = threading.Lock()
        self._gateways: dict[tuple[str, ...], RestGateway] = {}

    def handle(self, address: ExecuteApiAddress, request: HttpRequest) -> HttpResponse:
        """Answer one request.

        Args:
            address: which API and stage it is for; the path in it is that of ``request``.
            request: with the path relative to the stage.
        """
        api = next((api for api in rest_apis() if api.id == address.api_id), None)
        if api is None:
            # AWS has no such host at all; here the port is there and something must be said.
            message = f"No REST API with the id {address.api_id!r} exists here."
            return _refusal(404, message, "NotFoundException")
        stage = api.stages.get(address.stage)
        if stage is None:
            return _refusal(403, "Forbidden", "ForbiddenException")
        if len(request.body) > _MAX_BODY_BYTES:
            return _refusal(413, "Request Too Long", "RequestTooLargeException")
        try:
            return self._gateway(api, address.stage, stage).handle(request)
        except UnsignedError as error:
            return _refusal(403, str(error), error.kind)
        except EventTooLongError:
            return _refusal(413, "Request Too Long", "RequestTooLargeException")
        except IntegrationRefusedError:
            return _refusal(500, "Internal server error", "InternalServerErrorException")
        except IntegrationTimeoutError:
            return _refusal(504, "Endpoint request timed out", "InternalServerErrorException")
        except NotEmulatedError as error:
            return _refusal(501, str(error), "NotEmulated")

    def forget(self) -> None:
        """Drop what was prepared for earlier deployments."""
        with self._lock:
            self._gateways.clear()

    def _gateway(self, api: RestAPI, stage_name: str, stage: Stage) -> RestGateway:
        variables = {name: str(value) for name, value in stage.variables.items()}
        key = (api.id, stage_name, str(stage.deployment_id), json.dumps(variables, sort_keys=True))
        with self._lock:
            known = self._gateways.get(key)
        if known is not None:
            return known
        document = deployed_document(api.deployments.get(str(stage.deployment_id)))
        if document is None:
            raise NotEmulatedError("a document that the API was imported from", f"The stage {stage_name!r}")
        routes, binary_types = routes_of_document(document)
        with_role = _called_with_a_role(document)
        gateway = RestGateway(
            routes,
            lambda target, event: self._invoke(api, target, event),
            binary_types=binary_types,
            authorizers=authorizers_of_document(document),
            invoke_authorizer=lambda authorizer, event: self._ask(
                api, authorizer, event, credentials=authorizer.name in with_role
            ),
            check_signature=_check_signature,
            api_keys=lambda key: is_api_key(api, stage_name, key),
            api_id=api.id,
            stage=stage_name,
            account_id=api.account_id,
            region=api.region_name,
            stage_variables=variables or None,
        )
        with self._lock:
            # One entry per stage: an earlier deployment is not asked for again.
            self._gateways = {old: value for old, value in self._gateways.items() if old[:2] != key[:2]}
            self._gateways[key] = gateway
        return gateway

    def _invoke(self, api: RestAPI, arn: str, event: Mapping[str, Any]) -> Outcome:
        context = event["requestContext"]
        # A path parameter matches as "*" does: arn:…/api/GET/users/*.
        path = re.sub(r"\{[^}]*\}", "*", context["resourcePath"])
        source = (
            f"arn:aws:execute-api:{api.region_name}:{api.account_id}:"
            f"{api.id}/{context['stage']}/{context['httpMethod']}{path}"
        )
        result = self._call(api, arn, event, source)
        if result.error is not None:
            return Outcome(payload=None, error=True)
        return Outcome(payload=json.loads(result.payload))

    def _ask(
        self, api: RestAPI, authorizer: GatewayAuthorizer, event: Mapping[str, Any], *, credentials: bool
    ) -> Outcome:
        """Call the function of a Lambda authorizer.

        What keeps it from answering is the API's fault, not the caller's, and no integration's either.
        """
        # moto's id of an authorizer is its name.
        resource = f"{api.id}/authorizers/{authorizer.name}"
        source = f"arn:aws:execute-api:{api.region_name}:{api.account_id}:{resource}"
        try:
            result = self._call(api, str(authorizer.target), event, None if credentials else source)
        except (IntegrationRefusedError, IntegrationTimeoutError) as error:
            _LOG.warning(
                "The authorizer %r of the API %r cannot be asked: %s", authorizer.name, api.id, error
            )
            return Outcome(payload=None, error=True)
        return Outcome(payload=json.loads(result.payload), error=result.error is not None)

    def _call(self, api: RestAPI, arn: str, event: Mapping[str, Any], source: str | None) -> InvocationResult:
        """Invoke a function as API Gateway does.

        Args:
            api: for which.
            arn: of the function.
            event: what it gets.
            source: the ARN that the function's policy must allow; None when a role allows the call.
        """
        return self._integrations.call(arn, event, source_arn=source, account_id=api.account_id)


def _called_with_a_role(document: Mapping[str, Any]) -> set[str]:
    """Return the names of the authorizers for whose functions a role is assumed."""
    return {
        name
        for name, scheme in security_schemes(document).items()
        if scheme.get("x-amazon-apigateway-authorizer", {}).get("authorizerCredentials")
    }


def _check_signature(event: Mapping[str, Any]) -> None:
    check_signature(event["headers"] or {}, event["queryStringParameters"] or {})


def _refusal(status: int, message: str, kind: str) -> HttpResponse:
    return HttpResponse(
        status=status,
        headers=[("Content-Type", "application/json"), ("x-amzn-ErrorType", kind)],
        body=json.dumps({"message": message}).encode(),
    )
