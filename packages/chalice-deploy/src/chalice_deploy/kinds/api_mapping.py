"""What puts a stage of an API under a path of a domain name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import ApiMapping, Resource
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties
from chalice_deploy.record import Entry

NO_PATH = "(none)"
"""How the API for REST APIs spells the empty path (``CreateBasePathMapping``)."""


class ApiMappings:
    """How a `chalice_core.kinds.ApiMapping` is deployed."""

    replaces = frozenset({"DomainName", "Protocol", "BasePath"})
    may_share = False
    looks_first = True

    def name(self, resource: Resource) -> str:
        """Return the resource's id; AWS has no names for mappings."""
        return resource.id

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return what the mapping joins."""
        mapping = _mapping(resource)
        return {
            "DomainName": mapping.domain_name,
            "Protocol": mapping.protocol,
            "BasePath": mapping.base_path,
            "ApiId": mapping.api_id,
            "Stage": mapping.stage_name,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A mapping is recognised by its place."""
        return {name: properties[name] for name in ("DomainName", "Protocol", "BasePath")}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Create the mapping."""
        wanted = task.properties
        if wanted["Protocol"] == "WEBSOCKET":
            answer = cloud.call(
                "apigatewayv2",
                "CreateApiMapping",
                task.name,
                DomainName=wanted["DomainName"],
                ApiId=wanted["ApiId"],
                Stage=wanted["Stage"],
                ApiMappingKey=wanted["BasePath"],
            )
            return Deployed(identity={"ApiMappingId": answer["ApiMappingId"]})
        cloud.call(
            "apigateway",
            "CreateBasePathMapping",
            task.name,
            domainName=wanted["DomainName"],
            restApiId=wanted["ApiId"],
            stage=wanted["Stage"],
            basePath=wanted["BasePath"] or NO_PATH,
        )
        return Deployed(identity={})

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Look at the place; a mapping has no tags, but its API has."""
        try:
            if key["Protocol"] == "WEBSOCKET":
                return _find_v2(cloud, id, key)
            mappings = cloud.pages(
                "apigateway", "GetBasePathMappings", id, items="items", domainName=key["DomainName"]
            )
            place = key["BasePath"] or NO_PATH
            found = next((one for one in mappings if one["basePath"] == place), None)
        except NotFoundError:
            return None
        if found is None:
            return None
        try:
            api = cloud.call("apigateway", "GetRestApi", id, restApiId=found["restApiId"])
        except NotFoundError:
            # An API of another account, or one that is gone: none of ours.
            api = {}
        return Found(deployed=Deployed(identity={}), ours=cloud.is_ours(api.get("tags") or {}))

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Map another API or stage."""
        wanted = task.properties
        if not changed & {"ApiId", "Stage"}:
            return Deployed(identity=before.identity)
        if wanted["Protocol"] == "WEBSOCKET":
            cloud.call(
                "apigatewayv2",
                "UpdateApiMapping",
                task.name,
                DomainName=wanted["DomainName"],
                ApiMappingId=before.identity["ApiMappingId"],
                ApiId=wanted["ApiId"],
                Stage=wanted["Stage"],
            )
        else:
            patch = {"/restapiId": wanted["ApiId"], "/stage": wanted["Stage"]}
            cloud.call(
                "apigateway",
                "UpdateBasePathMapping",
                task.name,
                domainName=wanted["DomainName"],
                basePath=wanted["BasePath"] or NO_PATH,
                patchOperations=[
                    {"op": "replace", "path": path, "value": value} for path, value in patch.items()
                ],
            )
        return Deployed(identity=before.identity)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the mapping."""
        key = before.key
        try:
            if key["Protocol"] == "WEBSOCKET":
                cloud.call(
                    "apigatewayv2",
                    "DeleteApiMapping",
                    id,
                    DomainName=key["DomainName"],
                    ApiMappingId=before.identity["ApiMappingId"],
                )
            else:
                cloud.call(
                    "apigateway",
                    "DeleteBasePathMapping",
                    id,
                    domainName=key["DomainName"],
                    basePath=key["BasePath"] or NO_PATH,
                )
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Records of schema 2.0 have no word for mappings."""
        return None

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """The domain name is reported, and that is enough."""
        return ()


def _mapping(resource: Resource) -> ApiMapping:
    if not isinstance(resource, ApiMapping):
        raise TypeError(f"{resource!r} is not an ApiMapping")
    return resource


def _find_v2(cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
    mappings = cloud.call("apigatewayv2", "GetApiMappings", id, DomainName=key["DomainName"])
    for mapping in mappings.get("Items", ()):
        if (mapping.get("ApiMappingKey") or "") != key["BasePath"]:
            continue
        try:
            api = cloud.call("apigatewayv2", "GetApi", id, ApiId=mapping["ApiId"])
        except NotFoundError:
            api = {}
        deployed = Deployed(identity={"ApiMappingId": mapping["ApiMappingId"]})
        return Found(deployed=deployed, ours=cloud.is_ours(api.get("Tags") or {}))
    return None
