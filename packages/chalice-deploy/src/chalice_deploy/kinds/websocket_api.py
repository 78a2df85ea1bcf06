"""WebSocket APIs with their integrations, routes, deployment and stage.

The API is made in one call with its owner tag, and everything in it is brought about afterwards by comparing
what is there with what should be, so that each of these steps may be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import Resource, WebSocketApi
from chalice_core.swagger import integration_uri
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import OWNER_TAG, Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties
from chalice_deploy.record import Entry

_SERVICE = "apigatewayv2"


class WebSocketApis:
    """How a `chalice_core.kinds.WebSocketApi` is deployed."""

    replaces: frozenset[str] = frozenset()
    may_share = False
    looks_first = True

    def name(self, resource: Resource) -> str:
        """Return the API's name in API Gateway."""
        return _api(resource).name

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return the settings of API and stage, and what each route's integration invokes."""
        api = _api(resource)
        return {
            "Name": api.name,
            "RouteSelectionExpression": api.route_selection_expression,
            "Routes": {route.route_key: integration_uri(route.function_arn) for route in api.routes},
            "StageName": api.stage_name,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002  # the protocol's
        """AWS chooses the id; names need not be unique."""
        return {}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Create the API, give it its routes, and deploy them to the stage."""
        wanted = task.properties
        answer = cloud.call(
            _SERVICE,
            "CreateApi",
            task.name,
            Name=wanted["Name"],
            ProtocolType="WEBSOCKET",
            RouteSelectionExpression=wanted["RouteSelectionExpression"],
            Tags={OWNER_TAG: cloud.owner(task.id)},
        )
        contents = _Contents(cloud, answer["ApiId"], task)
        contents.put_routes()
        contents.deploy()
        return _deployed(answer["ApiId"])

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:  # noqa: ARG002
        """Look for the API that carries the owner tag."""
        for api in cloud.pages(_SERVICE, "GetApis", id, items="Items"):
            if (api.get("Tags") or {}).get(OWNER_TAG) == cloud.owner(id):
                return Found(deployed=_deployed(api["ApiId"]), ours=True)
        return None

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Change what differs, and deploy it, for clients get what is deployed."""
        api_id = before.identity["api_id"]
        contents = _Contents(cloud, api_id, task)
        if changed & {"Name", "RouteSelectionExpression"}:
            cloud.call(
                _SERVICE,
                "UpdateApi",
                task.name,
                ApiId=api_id,
                Name=task.properties["Name"],
                RouteSelectionExpression=task.properties["RouteSelectionExpression"],
            )
        if "Routes" in changed:
            contents.put_routes()
        if changed & {"RouteSelectionExpression", "Routes", "StageName"}:
            contents.deploy()
        stages = {str(earlier["StageName"]) for earlier in task.earlier if "StageName" in earlier}
        contents.delete_stages(sorted(stages - {task.properties["StageName"]}))
        return _deployed(api_id)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the API with all that is in it; open connections are closed."""
        try:
            cloud.call(_SERVICE, "DeleteApi", id, ApiId=before.identity["api_id"])
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:
        """Return the ``websocket_api`` of schema 2.0."""
        api_id = entry.identity["api_id"]
        return {
            "name": id,
            "resource_type": "websocket_api",
            "websocket_api_url": cloud.websocket_api_url(api_id, entry.properties["StageName"]),
            "websocket_api_id": api_id,
        }

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:
        """Return the URL that clients connect to."""
        url = cloud.websocket_api_url(entry.identity["api_id"], entry.properties["StageName"])
        return (DeployedValue(label="Websocket API URL", value=url),)


class _Contents:
    """What is in one API, brought about step by step."""

    def __init__(self, cloud: Cloud, api_id: str, task: Task) -> None:
        self._cloud, self._api_id, self._task = cloud, api_id, task

    def put_routes(self) -> None:
        """Make the API's routes and integrations those that are wanted, and delete all others."""
        wanted: Mapping[str, str] = self._task.properties["Routes"]
        integrations = list(self._every("GetIntegrations"))
        of_uri = {one.get("IntegrationUri"): str(one["IntegrationId"]) for one in integrations}
        for uri in wanted.values():
            if uri not in of_uri:
                of_uri[uri] = self._create_integration(uri)
        routes = {str(route["RouteKey"]): route for route in self._every("GetRoutes")}
        for key, uri in wanted.items():
            self._put_route(key, f"integrations/{of_uri[uri]}", routes.get(key))
        for key in routes.keys() - wanted.keys():
            self._gone("DeleteRoute", RouteId=routes[key]["RouteId"])
        used = {of_uri[uri] for uri in wanted.values()}
        for integration in integrations:
            if integration["IntegrationId"] not in used:
                # API Gateway refuses to delete an integration that a route still needs.
                self._gone("DeleteIntegration", IntegrationId=integration["IntegrationId"])

    def deploy(self) -> None:
        """Let the stage show what the API is now."""
        stage = self._task.properties["StageName"]
        if any(one["StageName"] == stage for one in self._every("GetStages")):
            self._call("CreateDeployment", StageName=stage)
        else:
            # A deployment can name a stage only when that exists, and a stage begins with a deployment.
            deployment = self._call("CreateDeployment")
            self._call("CreateStage", StageName=stage, DeploymentId=deployment["DeploymentId"])

    def delete_stages(self, names: Iterable[str]) -> None:
        """Delete the stages that the API had under other names."""
        for name in names:
            self._gone("DeleteStage", StageName=name)

    def _create_integration(self, uri: str) -> str:
        answer = self._call(
            "CreateIntegration",
            IntegrationType="AWS_PROXY",
            IntegrationMethod="POST",
            IntegrationUri=uri,
            ConnectionType="INTERNET",
            # Functions get text, whatever kind of frame it came in.
            ContentHandlingStrategy="CONVERT_TO_TEXT",
        )
        return str(answer["IntegrationId"])

    def _put_route(self, key: str, target: str, route: Mapping[str, Any] | None) -> None:
        if route is None:
            self._call("CreateRoute", RouteKey=key, Target=target)
        elif route.get("Target") != target:
            self._call("UpdateRoute", RouteId=route["RouteId"], Target=target)

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self._cloud.call(_SERVICE, operation, self._task.name, ApiId=self._api_id, **parameters)

    def _every(self, operation: str) -> Iterable[dict[str, Any]]:
        return self._cloud.pages(_SERVICE, operation, self._task.name, items="Items", ApiId=self._api_id)

    def _gone(self, operation: str, **parameters: Any) -> None:
        try:
            self._call(operation, **parameters)
        except NotFoundError:
            return


def _api(resource: Resource) -> WebSocketApi:
    if not isinstance(resource, WebSocketApi):
        raise TypeError(f"{resource!r} is not a WebSocketApi")
    return resource


def _deployed(api_id: str) -> Deployed:
    return Deployed(identity={"api_id": api_id}, outputs={"api_id": api_id})
