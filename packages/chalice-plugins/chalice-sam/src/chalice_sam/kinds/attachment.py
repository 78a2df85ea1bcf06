"""Settings of buckets and user pools that exist already: custom resources, and the function that sets them.

CloudFormation changes nothing of a resource that is not in the stack, so the template brings a small function
that does it (`chalice_core.attachments`), with a role of its own that may do just that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.attachments import (
    HANDLER,
    SOURCE,
    TIMEOUT,
    attachments,
    earlier,
    policy_document,
    properties,
)
from chalice_core.kinds import BucketNotification, Function
from chalice_sam.kinds.role import trust_policy
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from chalice_core.attachments import Attachment
    from chalice_sam.renderer import Scope

HELPER = "ChaliceAttachments"
"""Logical id of the function."""

HELPER_ROLE = f"{HELPER}Role"

# Seconds that CloudFormation waits for an answer, which otherwise are an hour.
_PATIENCE = TIMEOUT + 60


class AttachmentRenderer(KnownOutputs):
    """Renders notifications of buckets and triggers of user pools."""

    def render(self, resource: Attachment, scope: Scope) -> Rendering:
        """Return the custom resource; with the first one of a template, the function that sets them all."""
        every = attachments(scope.graph)
        before = earlier(every).get(resource.id)
        type_ = "BucketNotification" if isinstance(resource, BucketNotification) else "UserPoolTrigger"
        setting = TemplateResource(
            type=f"Custom::Chalice{type_}",
            properties={
                "ServiceToken": {"Fn::GetAtt": [HELPER, "Arn"]},
                "ServiceTimeout": _PATIENCE,
                **scope.spell(properties(resource)),
            },
            depends_on=() if before is None else (scope.logical_id(before.id),),
        )
        return Rendering(
            resources={scope.logical_id(resource.id): setting},
            helpers=_helper(every, scope) if resource is every[0] else {},
        )


def _helper(every: tuple[Attachment, ...], scope: Scope) -> dict[str, TemplateResource]:
    runtime = scope.of_kind(Function)[0].runtime
    role: dict[str, Any] = {
        "AssumeRolePolicyDocument": trust_policy(("lambda",)),
        "Policies": [
            {"PolicyName": f"{HELPER}Policy", "PolicyDocument": scope.spell(policy_document(every))}
        ],
    }
    function = {
        "Runtime": runtime,
        "Handler": HANDLER,
        "Code": {"ZipFile": SOURCE},
        "Description": "Sets notifications of buckets and triggers of user pools that exist already.",
        "Timeout": TIMEOUT,
        "Role": {"Fn::GetAtt": [HELPER_ROLE, "Arn"]},
    }
    return {
        HELPER_ROLE: TemplateResource(type="AWS::IAM::Role", properties=role),
        HELPER: TemplateResource(type="AWS::Lambda::Function", properties=function),
    }
