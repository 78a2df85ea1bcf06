"""The open door: anything that AWS has, by its CloudFormation type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalice_core.kinds.base import Resource
from chalice_core.values import Output


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudFormationResource(Resource):
    """A resource that is described as CloudFormation describes it.

    Every target realises it, so that a plugin needs no code for any of them: templates hold it as it is, the
    target ``aws`` creates it through the Cloud Control API, Terraform through the provider ``awscc``.

    Source: "AWS resource and property types reference", AWS CloudFormation Template Reference.

    Args:
        type: ``AWS::IoT::TopicRule``; of a type that Cloud Control supports ("Resource types that support
            Cloud Control API", Cloud Control API User Guide).
        properties: as templates have them, with values in place of intrinsic functions.
        name: what people call it; empty for its id.
    """

    type: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""

    @property
    def ref(self) -> Output:
        """The resource's primary identifier, what ``Ref`` gives in templates."""
        return Output(self.id, "Ref")

    def attribute(self, name: str) -> Output:
        """Return one of the resource's attributes, what ``Fn::GetAtt`` gives in templates: ``Arn``."""
        return Output(self.id, name)
