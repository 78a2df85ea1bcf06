"""Which files of a template the CDK uploads, and the template that is told their places by parameters.

Who includes the template gives each parameter its value, a bucket or a key, and the CDK puts that where the
parameter is referred to.  So the template needs no change when it is included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LAYER = "AWS::Serverless::LayerVersion"
_LOCATIONS = {"AWS::Serverless::Function": "CodeUri", LAYER: "ContentUri"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file beside a template.

    Args:
        name: relative to the template.
        type: of the resource that needs it.
    """

    name: str
    type: str

    @property
    def bucket(self) -> str:
        """Name of the parameter for its bucket."""
        return f"{self._prefix}Bucket"

    @property
    def key(self) -> str:
        """Name of the parameter for its key."""
        return f"{self._prefix}Key"

    @property
    def _prefix(self) -> str:
        words = re.findall(r"[A-Za-z0-9]+", self.name)
        return "".join(word[0].upper() + word[1:] for word in words)


def local_files(template: Mapping[str, Any]) -> tuple[LocalFile, ...]:
    """Return the files that a template names, sorted by name.

    Args:
        template: a SAM template.
    """
    found = {file.name: file for _, file in _uses(template)}
    return tuple(found[name] for name in sorted(found))


def with_parameters(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return a template that has parameters for the places of its files.

    Args:
        template: a SAM template.
    """
    resources: dict[str, Any] = dict(template["Resources"])
    parameters: dict[str, Any] = dict(template.get("Parameters") or {})
    for id, file in _uses(template):
        resource = resources[id]
        place = {"Bucket": {"Ref": file.bucket}, "Key": {"Ref": file.key}}
        properties = {**resource["Properties"], _LOCATIONS[file.type]: place}
        resources[id] = {**resource, "Properties": properties}
        parameters.update({name: {"Type": "String"} for name in (file.bucket, file.key)})
    others = {name: section for name, section in template.items() if name not in ("Parameters", "Resources")}
    return {**others, **({"Parameters": parameters} if parameters else {}), "Resources": resources}


def _uses(template: Mapping[str, Any]) -> Iterator[tuple[str, LocalFile]]:
    for id, resource in template["Resources"].items():
        key = _LOCATIONS.get(resource["Type"])
        location = resource["Properties"].get(key) if key is not None else None
        # Whatever else is there (S3, an object) came from a template that was merged.
        if isinstance(location, str) and location.startswith("./"):
            yield id, LocalFile(name=location.removeprefix("./"), type=resource["Type"])
