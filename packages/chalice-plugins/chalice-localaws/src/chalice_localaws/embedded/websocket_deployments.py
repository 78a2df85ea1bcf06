"""What was deployed of a WebSocket API: its routes as they were at that moment.

moto has no deployments of these APIs, so they are kept here, beside moto's own objects and for as long as
they live; so are the API's calls for them.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-deployments.html
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from moto.apigatewayv2.models import Api, apigatewayv2_backends

from chalice_localaws.embedded.calls import Call, Caller, CallError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.apigatewayv2.models import Stage

__all__ = [
    "CALLS",
    "WebSocketDeployment",
    "WebSocketRouteTarget",
    "check_deployment",
    "deploy",
    "deployed",
    "find_api",
    "is_websocket_api",
]

_ID = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketRouteTarget:
    """What stands behind a route.

    Attributes:
        function_arn: the function.
        with_role: API Gateway assumes a role to invoke it, and the function's policy is not asked.
    """

    function_arn: str
    with_role: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketDeployment:
    """A deployment.

    Attributes:
        id: six letters and digits.
        description: for people.
        created: when.
        routes: by route key.
        selection: the route selection expression.
    """

    id: str
    description: str
    created: datetime
    routes: Mapping[str, WebSocketRouteTarget] = field(repr=False)
    selection: str

    def members(self) -> dict[str, Any]:
        """Return the deployment as the API shows it."""
        return {
            "autoDeployed": False,
            "createdDate": self.created.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "deploymentId": self.id,
            "deploymentStatus": "DEPLOYED",
            "description": self.description,
        }


_deployments: WeakKeyDictionary[Api, dict[str, WebSocketDeployment]] = WeakKeyDictionary()


def find_api(api_id: str) -> tuple[Api, str, str] | None:
    """Return a WebSocket API with its account and region; None when there is none of that id."""
    for account_id, backends in list(apigatewayv2_backends.items()):
        for region, backend in list(backends.items()):
            api = backend.apis.get(api_id)
            if api is not None and api.protocol_type == "WEBSOCKET":
                return api, account_id, region
    return None


def is_websocket_api(api_id: str) -> bool:
    """Return whether there is a WebSocket API of that id."""
    return find_api(api_id) is not None


def deploy(api: Api, description: str = "") -> WebSocketDeployment:
    """Freeze the routes of an API.

    Raises:
        CallError: it has no routes, or a route without an integration.
    """
    if not api.routes:
        raise CallError("BadRequestException", "At least one route is required before deploying the Api.")
    deployment = _frozen(api, description)
    _deployments.setdefault(api, {})[deployment.id] = deployment
    return deployment


def _frozen(api: Api, description: str) -> WebSocketDeployment:
    return WebSocketDeployment(
        id="".join(secrets.choice(_ID) for _ in range(6)),
        description=description,
        created=datetime.now(timezone.utc),
        routes={
            route.route_key: _target(api, route.route_key, route.target) for route in api.routes.values()
        },
        selection=api.route_selection_expression,
    )


def deployed(api: Api, stage_name: str) -> WebSocketDeployment | None:
    """Return what a stage shows; None when there is no such stage, or nothing was deployed to it.

    A stage that deploys by itself shows the API as it is.
    """
    stage = api.stages.get(stage_name)
    if stage is None:
        return None
    if stage.auto_deploy and api.routes:
        return _frozen(api, "")
    return _deployments.get(api, {}).get(str(stage.config.get("deploymentId")))


def check_deployment(api: Api, deployment_id: str) -> None:
    """See that a deployment is there.

    Raises:
        CallError: it is not.
    """
    if deployment_id not in _deployments.get(api, {}):
        raise CallError(
            "NotFoundException", f"Invalid deployment identifier specified {deployment_id}", status=404
        )


def _target(api: Api, route_key: str, target: str | None) -> WebSocketRouteTarget:
    integration = api.integrations.get(str(target or "").removeprefix("integrations/"))
    if integration is None:
        raise CallError("BadRequestException", f"The route {route_key} has no integration.")
    # arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations
    arn = str(integration.integration_uri).partition("/functions/")[2].removesuffix("/invocations")
    return WebSocketRouteTarget(function_arn=arn, with_role=bool(integration.credentials_arn))


def _api(caller: Caller, api_id: str) -> Api:
    api = apigatewayv2_backends[caller.account_id][caller.region].apis.get(api_id)
    if api is None:
        raise CallError("NotFoundException", f"Invalid API identifier specified {api_id}", status=404)
    return api


def _stage(api: Api, name: str) -> Stage:
    stage = api.stages.get(name)
    if stage is None:
        raise CallError("NotFoundException", "Invalid stage identifier specified", status=404)
    return stage


def _create(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> Mapping[str, Any]:
    api = _api(caller, names["apiId"])
    stage_name = members.get("stageName")
    stage = _stage(api, stage_name) if stage_name else None
    deployment = deploy(api, members.get("description") or "")
    if stage is not None:
        stage.config["deploymentId"] = deployment.id
    return deployment.members()


def _get(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG001
    api = _api(caller, names["apiId"])
    check_deployment(api, names["deploymentId"])
    return _deployments[api][names["deploymentId"]].members()


def _list(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG001
    known = _deployments.get(_api(caller, names["apiId"]), {})
    return {"items": [deployment.members() for deployment in known.values()]}


def _update(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> Mapping[str, Any]:
    api = _api(caller, names["apiId"])
    check_deployment(api, names["deploymentId"])
    changed = replace(
        _deployments[api][names["deploymentId"]], description=str(members.get("description") or "")
    )
    _deployments[api][changed.id] = changed
    return changed.members()


def _delete(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> None:  # noqa: ARG001
    api = _api(caller, names["apiId"])
    check_deployment(api, names["deploymentId"])
    using = [
        name
        for name, stage in api.stages.items()
        if stage.config.get("deploymentId") == names["deploymentId"]
    ]
    if using:
        raise CallError(
            "BadRequestException",
            f"Active stages pointing to this deployment must be moved or deleted: {', '.join(using)}",
        )
    del _deployments[api][names["deploymentId"]]


def _update_stage(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> Mapping[str, Any]:
    api = _api(caller, names["apiId"])
    stage = _stage(api, names["stageName"])
    if "deploymentId" in members:
        check_deployment(api, members["deploymentId"])
        stage.config["deploymentId"] = members["deploymentId"]
    if "stageVariables" in members:
        # An empty value takes a variable away.
        variables = {**stage.stage_variables, **members["stageVariables"]}
        stage.stage_variables = {name: value for name, value in variables.items() if value}
    for member, attribute in _STAGE_MEMBERS.items():
        if member in members:
            setattr(stage, attribute, members[member])
    stage.updated = datetime.now()  # noqa: DTZ005 - moto's own is without a time zone, too
    return stage.to_json()


_STAGE_MEMBERS = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "routeSettings": "route_settings",
}
_ALL = "/v2/apis/{apiId}/deployments"
_ONE = f"{_ALL}/{{deploymentId}}"

CALLS = (
    Call(service="apigateway", method="POST", path=_ALL, answer=_create, status=201),
    Call(service="apigateway", method="GET", path=_ALL, answer=_list),
    Call(service="apigateway", method="GET", path=_ONE, answer=_get),
    Call(service="apigateway", method="PATCH", path=_ONE, answer=_update),
    Call(service="apigateway", method="DELETE", path=_ONE, answer=_delete),
    Call(
        service="apigateway", method="PATCH", path="/v2/apis/{apiId}/stages/{stageName}", answer=_update_stage
    ),
)
