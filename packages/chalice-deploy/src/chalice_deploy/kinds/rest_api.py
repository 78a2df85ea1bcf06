"""REST APIs with their definition, deployment and stage.

The API is created empty and with its owner tag in one call, and gets its
definition in a second one.  Importing it in one call would be shorter, but
an import cannot carry tags, and an API whose creation was interrupted is
recognised by its tag alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core import swagger
from chalice_core.artifact import Artifacts
from chalice_core.kinds import Resource, RestApi
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import OWNER_TAG, Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Document, Properties
from chalice_deploy.record import Entry

_DEPLOYED = frozenset({"Body", "MinimumCompressionSize", "StageName", "EndpointConfiguration"})
"""Changes of these are in force only after a new deployment."""


class RestApis:
    """How a `chalice_core.kinds.RestApi` is deployed."""

    replaces: frozenset[str] = frozenset()
    may_share = False
    looks_first = True

    def name(self, resource: Resource) -> str:
        """Return the API's title."""
        return _api(resource).name

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return the definition and the settings of API and stage.

        ``Routes`` is there for people who read the plan: of the definition only a digest is recorded.
        """
        api = _api(resource)
        endpoint: dict[str, Any] = {"types": [api.endpoint_type]}
        if api.endpoint_vpce:
            endpoint["vpcEndpointIds"] = list(api.endpoint_vpce)
        return {
            "Name": api.name,
            "Routes": sorted(f"{route.method} {route.path}" for route in api.routes),
            "Body": Document(swagger.document(api)),
            "StageName": api.stage_name,
            "EndpointConfiguration": endpoint,
            "MinimumCompressionSize": api.minimum_compression_size,
            "TracingEnabled": api.tracing,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002  # the protocol's
        """AWS chooses the id; names need not be unique."""
        return {}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Create the API, give it its definition, and deploy that to the stage."""
        wanted = task.properties
        answer = cloud.call(
            "apigateway",
            "CreateRestApi",
            task.name,
            name=wanted["Name"],
            endpointConfiguration=wanted["EndpointConfiguration"],
            tags={OWNER_TAG: cloud.owner(task.id)},
        )
        _put_definition(cloud, answer["id"], task)
        _put_compression(cloud, answer["id"], task, was_set=False)
        _deploy(cloud, answer["id"], task)
        return _deployed(answer["id"])

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:  # noqa: ARG002
        """Look for the API that carries the owner tag."""
        for api in cloud.pages("apigateway", "GetRestApis", id, items="items", limit=500):
            if (api.get("tags") or {}).get(OWNER_TAG) == cloud.owner(id):
                return Found(deployed=_deployed(api["id"]), ours=True)
        return None

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Change what differs; deploy it when the stage has to show it."""
        api_id = before.identity["api_id"]
        if changed & {"Body", "Name"}:
            _put_definition(cloud, api_id, task)
        # Importing a definition resets settings that it does not mention.
        if changed & {"Body", "Name", "MinimumCompressionSize"}:
            was_set = any("MinimumCompressionSize" in earlier for earlier in task.earlier)
            _put_compression(cloud, api_id, task, was_set=was_set)
        if "EndpointConfiguration" in changed:
            _put_endpoint(cloud, api_id, task)
        if changed & _DEPLOYED:
            _deploy(cloud, api_id, task)
        if "TracingEnabled" in changed:
            cloud.call(
                "apigateway",
                "UpdateStage",
                task.name,
                restApiId=api_id,
                stageName=task.properties["StageName"],
                patchOperations=[
                    _replace("/tracingEnabled", "true" if task.properties["TracingEnabled"] else "false")
                ],
            )
        stages = {str(earlier["StageName"]) for earlier in task.earlier if "StageName" in earlier}
        for stage in sorted(stages - {task.properties["StageName"]}):
            _delete_stage(cloud, api_id, task, stage)
        return _deployed(api_id)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the API with its stages and deployments."""
        try:
            cloud.call("apigateway", "DeleteRestApi", id, restApiId=before.identity["api_id"])
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:
        """Return the ``rest_api`` of schema 2.0."""
        api_id = entry.identity["api_id"]
        return {
            "name": id,
            "resource_type": "rest_api",
            "rest_api_id": api_id,
            "rest_api_url": cloud.rest_api_url(api_id, entry.properties["StageName"]),
        }

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:
        """Return the URL."""
        url = cloud.rest_api_url(entry.identity["api_id"], entry.properties["StageName"])
        return (DeployedValue(label="Rest API URL", value=url),)


def _api(resource: Resource) -> RestApi:
    if not isinstance(resource, RestApi):
        raise TypeError(f"{resource!r} is not a RestApi")
    return resource


def _replace(path: str, value: str) -> dict[str, str]:
    return {"op": "replace", "path": path, "value": value}


def _put_definition(cloud: Cloud, api_id: str, task: Task) -> None:
    cloud.call(
        "apigateway",
        "PutRestApi",
        task.name,
        restApiId=api_id,
        mode="overwrite",
        body=json.dumps(task.properties["Body"]).encode(),
    )


def _put_compression(cloud: Cloud, api_id: str, task: Task, *, was_set: bool) -> None:
    size = task.properties.get("MinimumCompressionSize")
    if size is None and not was_set:
        return
    # An empty value switches compression off ("Payload compression", API Gateway Developer Guide).
    operation = _replace("/minimumCompressionSize", "" if size is None else str(size))
    cloud.call("apigateway", "UpdateRestApi", task.name, restApiId=api_id, patchOperations=[operation])


def _put_endpoint(cloud: Cloud, api_id: str, task: Task) -> None:
    now = cloud.call("apigateway", "GetRestApi", task.name, restApiId=api_id).get("endpointConfiguration", {})
    wanted = task.properties["EndpointConfiguration"]
    operations: list[dict[str, str]] = []
    if now.get("types") != wanted["types"]:
        operations.append(_replace(f"/endpointConfiguration/types/{now['types'][0]}", wanted["types"][0]))
    here, there = set(now.get("vpcEndpointIds", ())), set(wanted.get("vpcEndpointIds", ()))
    path = "/endpointConfiguration/vpcEndpointIds"
    operations += [{"op": "add", "path": path, "value": vpce} for vpce in sorted(there - here)]
    operations += [{"op": "remove", "path": path, "value": vpce} for vpce in sorted(here - there)]
    if operations:
        cloud.call("apigateway", "UpdateRestApi", task.name, restApiId=api_id, patchOperations=operations)


def _deploy(cloud: Cloud, api_id: str, task: Task) -> None:
    cloud.call(
        "apigateway",
        "CreateDeployment",
        task.name,
        restApiId=api_id,
        stageName=task.properties["StageName"],
        tracingEnabled=task.properties["TracingEnabled"],
    )


def _delete_stage(cloud: Cloud, api_id: str, task: Task, stage: str) -> None:
    try:
        cloud.call("apigateway", "DeleteStage", task.name, restApiId=api_id, stageName=stage)
    except NotFoundError:
        return


def _deployed(api_id: str) -> Deployed:
    return Deployed(identity={"api_id": api_id}, outputs={"api_id": api_id})
