"""Domain names of one's own: the first version of API Gateway's API for REST APIs, the second for WebSockets.

Applications may share a domain name.  One that this application did not create is used as it is, and one
that others still map APIs to stays when this application is deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import DomainName, Resource
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import OWNER_TAG, Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, Rendered
from chalice_deploy.record import Entry


class DomainNames:
    """How a `chalice_core.kinds.DomainName` is deployed."""

    replaces = frozenset({"DomainName", "Protocol", "EndpointType"})
    may_share = True
    # AWS refuses a second one with a code that stands for anything that is wrong.
    looks_first = True

    def name(self, resource: Resource) -> str:
        """Return the domain name."""
        return _domain(resource).domain_name

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return what CreateDomainName takes, in either version's words."""
        domain = _domain(resource)
        return {
            "DomainName": domain.domain_name,
            "Protocol": domain.protocol,
            "EndpointType": domain.endpoint_type,
            "CertificateArn": domain.certificate_arn,
            "SecurityPolicy": domain.security_policy,
            "Tags": dict(domain.tags),
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A domain name is recognised by itself."""
        return {"DomainName": properties["DomainName"], "Protocol": properties["Protocol"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Create the domain name."""
        wanted = task.properties
        tags = {**wanted["Tags"], OWNER_TAG: cloud.owner(task.id)}
        if wanted["Protocol"] == "WEBSOCKET":
            answer = cloud.call(
                "apigatewayv2",
                "CreateDomainName",
                task.name,
                DomainName=wanted["DomainName"],
                DomainNameConfigurations=[_configuration(wanted)],
                Tags=tags,
            )
            return _deployed_v2(answer)
        answer = cloud.call(
            "apigateway",
            "CreateDomainName",
            task.name,
            domainName=wanted["DomainName"],
            endpointConfiguration={"types": [wanted["EndpointType"]]},
            securityPolicy=wanted["SecurityPolicy"],
            tags=tags,
            **{_certificate(wanted): wanted["CertificateArn"]},
        )
        return _deployed_v1(answer)

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Ask for the domain name."""
        try:
            if key["Protocol"] == "WEBSOCKET":
                answer = cloud.call("apigatewayv2", "GetDomainName", id, DomainName=key["DomainName"])
                return Found(deployed=_deployed_v2(answer), ours=cloud.is_ours(answer.get("Tags") or {}))
            answer = cloud.call("apigateway", "GetDomainName", id, domainName=key["DomainName"])
        except NotFoundError:
            return None
        return Found(deployed=_deployed_v1(answer), ours=cloud.is_ours(answer.get("tags") or {}))

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Change what differs; a domain name of others is only looked at."""
        wanted = task.properties
        sockets = wanted["Protocol"] == "WEBSOCKET"
        answer = _look_v2(cloud, task) if sockets else _look_v1(cloud, task)
        if not before.created:
            return _deployed_v2(answer) if sockets else _deployed_v1(answer)
        if sockets and not _shows(answer["DomainNameConfigurations"][0], _configuration(wanted)):
            cloud.call(
                "apigatewayv2",
                "UpdateDomainName",
                task.name,
                DomainName=wanted["DomainName"],
                DomainNameConfigurations=[_configuration(wanted)],
            )
        aim = {_certificate(wanted): wanted["CertificateArn"], "securityPolicy": wanted["SecurityPolicy"]}
        if not sockets and not _shows(answer, aim):
            cloud.call(
                "apigateway",
                "UpdateDomainName",
                task.name,
                domainName=wanted["DomainName"],
                patchOperations=[
                    {"op": "replace", "path": f"/{name}", "value": value} for name, value in aim.items()
                ],
            )
        if "Tags" in changed:
            _change_tags(cloud, task, answer.get("Tags" if sockets else "tags") or {})
        return _deployed_v2(answer) if sockets else _deployed_v1(answer)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the domain name, unless APIs of others are still behind it."""
        name = before.key["DomainName"]
        try:
            if before.key["Protocol"] == "WEBSOCKET":
                if not cloud.call("apigatewayv2", "GetApiMappings", id, DomainName=name).get("Items"):
                    cloud.call("apigatewayv2", "DeleteDomainName", id, DomainName=name)
            elif not cloud.call("apigateway", "GetBasePathMappings", id, domainName=name).get("items"):
                cloud.call("apigateway", "DeleteDomainName", id, domainName=name)
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Return the ``domain_name`` of schema 2.0."""
        return {
            "name": id,
            "resource_type": "domain_name",
            "domain_name": entry.outputs["domain_name"],
            "hosted_zone_id": entry.outputs["hosted_zone_id"],
            "alias_domain_name": entry.outputs["alias_domain_name"],
            "certificate_arn": str(entry.properties["CertificateArn"]),
            "security_policy": str(entry.properties["SecurityPolicy"]),
        }

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Return the domain name, and where a DNS record of it has to point."""
        return (
            DeployedValue(label="Custom domain name", value=entry.outputs["domain_name"]),
            DeployedValue(label="HostedZoneId", value=entry.outputs["hosted_zone_id"]),
            DeployedValue(label="AliasDomainName", value=entry.outputs["alias_domain_name"]),
        )


def _domain(resource: Resource) -> DomainName:
    if not isinstance(resource, DomainName):
        raise TypeError(f"{resource!r} is not a DomainName")
    return resource


def _look_v1(cloud: Cloud, task: Task) -> dict[str, Any]:
    return cloud.call("apigateway", "GetDomainName", task.name, domainName=task.properties["DomainName"])


def _look_v2(cloud: Cloud, task: Task) -> dict[str, Any]:
    return cloud.call("apigatewayv2", "GetDomainName", task.name, DomainName=task.properties["DomainName"])


def _shows(answer: Mapping[str, Any], aim: Mapping[str, Any]) -> bool:
    return all(answer.get(name) == value for name, value in aim.items())


def _certificate(wanted: Rendered) -> str:
    return "certificateArn" if wanted["EndpointType"] == "EDGE" else "regionalCertificateArn"


def _configuration(wanted: Rendered) -> dict[str, Any]:
    return {
        "CertificateArn": wanted["CertificateArn"],
        "EndpointType": wanted["EndpointType"],
        "SecurityPolicy": wanted["SecurityPolicy"],
    }


def _change_tags(cloud: Cloud, task: Task, now: Mapping[str, str]) -> None:
    # "Amazon Resource Name (ARN) format for API Gateway resources": both versions name them alike.
    arn = f"arn:{cloud.partition}:apigateway:{cloud.region}::/domainnames/{task.properties['DomainName']}"
    wanted = {**task.properties["Tags"], OWNER_TAG: cloud.owner(task.id)}
    ours = {name for earlier in task.earlier for name in earlier.get("Tags", {})}
    gone = sorted((ours & now.keys()) - wanted.keys())
    sockets = task.properties["Protocol"] == "WEBSOCKET"
    if not _shows(now, wanted):
        if sockets:
            cloud.call("apigatewayv2", "TagResource", task.name, ResourceArn=arn, Tags=wanted)
        else:
            cloud.call("apigateway", "TagResource", task.name, resourceArn=arn, tags=wanted)
    if gone and sockets:
        cloud.call("apigatewayv2", "UntagResource", task.name, ResourceArn=arn, TagKeys=gone)
    elif gone:
        cloud.call("apigateway", "UntagResource", task.name, resourceArn=arn, tagKeys=gone)


def _deployed_v1(answer: Mapping[str, Any]) -> Deployed:
    name = answer["domainName"]
    edge = "EDGE" in answer.get("endpointConfiguration", {}).get("types", ())
    return Deployed(
        identity={"DomainName": name},
        outputs={
            "domain_name": name,
            "alias_domain_name": answer.get("distributionDomainName" if edge else "regionalDomainName", ""),
            "hosted_zone_id": answer.get("distributionHostedZoneId" if edge else "regionalHostedZoneId", ""),
        },
    )


def _deployed_v2(answer: Mapping[str, Any]) -> Deployed:
    name = answer["DomainName"]
    # A list that holds one item ("DomainName", API Gateway Version 2 API Reference).
    configuration: Mapping[str, Any] = answer["DomainNameConfigurations"][0]
    return Deployed(
        identity={"DomainName": name},
        outputs={
            "domain_name": name,
            "alias_domain_name": configuration.get("ApiGatewayDomainName", ""),
            "hosted_zone_id": configuration.get("HostedZoneId", ""),
        },
    )
