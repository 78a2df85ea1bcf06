"""Versions of Lambda layers, each for one content.

A version cannot be changed: another content is another version.  The old one goes when nothing needs it
any more.  Versions have no tags, so the owner is in their description, with the content's digest: after a
crash a version that was published and not recorded is found again by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import Layer, Resource
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import MissingArtifactError, NotFoundError, PackageTooLargeError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.kinds.function import DIRECT_UPLOAD_LIMIT
from chalice_deploy.properties import Properties
from chalice_deploy.record import Entry


class Layers:
    """How a `chalice_core.kinds.Layer` is deployed."""

    replaces = frozenset({"LayerName", "Content", "CompatibleRuntimes", "CompatibleArchitectures"})
    may_share = False
    # Lambda would publish a second version with the same content.
    looks_first = True

    def name(self, resource: Resource) -> str:
        """Return the layer's name."""
        return _layer(resource).layer_name

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:
        """Return what PublishLayerVersion takes."""
        layer = _layer(resource)
        artifact = artifacts.get(layer.content)
        if artifact is None:
            raise MissingArtifactError(function=layer.layer_name, artifact=layer.content)
        if artifact.size > DIRECT_UPLOAD_LIMIT:
            raise PackageTooLargeError(path=artifact.path, size=artifact.size, limit=DIRECT_UPLOAD_LIMIT)
        return {
            "LayerName": layer.layer_name,
            "Content": artifact,
            "CompatibleRuntimes": list(layer.runtimes),
            "CompatibleArchitectures": [layer.architecture],
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A version is recognised by all that it is made of."""
        return {name: properties[name] for name in sorted(self.replaces)}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Publish a version."""
        wanted = task.properties
        answer = cloud.call(
            "lambda",
            "PublishLayerVersion",
            task.name,
            LayerName=wanted["LayerName"],
            Description=_description(cloud.owner(task.id), wanted["Content"].sha256),
            Content={"ZipFile": wanted["Content"].path.read_bytes()},
            CompatibleRuntimes=wanted["CompatibleRuntimes"],
            CompatibleArchitectures=wanted["CompatibleArchitectures"],
        )
        return _deployed(answer)

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Look for a version whose description names owner and content."""
        wanted = _description(cloud.owner(id), key["Content"]["sha256"])
        try:
            versions = list(
                cloud.pages(
                    "lambda", "ListLayerVersions", id, items="LayerVersions", LayerName=key["LayerName"]
                )
            )
        except NotFoundError:
            return None
        for version in versions:
            same = all(sorted(version.get(name, ())) == sorted(key[name]) for name in _COMPATIBLE)
            if version.get("Description") == wanted and same:
                return Found(deployed=_deployed(version), ours=True)
        return None

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:  # noqa: ARG002
        """Leave a version that was found as it is: it is just what was asked for."""
        version = cloud.call(
            "lambda",
            "GetLayerVersion",
            task.name,
            LayerName=task.properties["LayerName"],
            VersionNumber=int(before.identity["Version"]),
        )
        return _deployed(version)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the version."""
        try:
            cloud.call(
                "lambda",
                "DeleteLayerVersion",
                id,
                LayerName=before.key["LayerName"],
                VersionNumber=int(before.identity["Version"]),
            )
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Return the ``lambda_layer`` of schema 2.0."""
        arn = entry.outputs["version_arn"]
        return {"name": id, "resource_type": "lambda_layer", "layer_version_arn": arn}

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Return the version's ARN."""
        return (DeployedValue(label="Lambda Layer ARN", value=entry.outputs["version_arn"]),)


_COMPATIBLE = ("CompatibleRuntimes", "CompatibleArchitectures")


def _layer(resource: Resource) -> Layer:
    if not isinstance(resource, Layer):
        raise TypeError(f"{resource!r} is not a Layer")
    return resource


def _description(owner: str, sha256: str) -> str:
    # At most 256 characters; application, stage and id have fewer than 160.
    return f"{owner} {sha256}"


def _deployed(version: Mapping[str, Any]) -> Deployed:
    return Deployed(
        identity={"Version": str(version["Version"])}, outputs={"version_arn": version["LayerVersionArn"]}
    )
