"""Settings of buckets and user pools that exist already: custom resources, and the function that sets them.

CloudFormation changes nothing of a resource that is not in the stack, so the template brings a small function
that does it (`chalice_core.attachments`), with a role of its own that may do just that.  All settings of one
bucket or pool are one custom resource, whose logical id says which bucket or pool it is.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalice_core.attachments import (
    HANDLER,
    SOURCE,
    TIMEOUT,
    attachments,
    by_place,
    policy_document,
    properties,
)
from chalice_core.kinds import BucketNotification, Function, InvokePermission
from chalice_core.references import refuse_reference
from chalice_sam.kinds.role import trust_policy
from chalice_sam.naming import logical_id as camel_case
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
        """Return a place's custom resource, with its first setting; with the first of all, the function."""
        every = attachments(scope.graph)
        (together,) = (found for found in by_place(every) if any(each is resource for each in found))
        if resource is not together[0]:
            return Rendering()
        logical_id, type_ = _names(resource)
        settings = TemplateResource(
            type=f"Custom::Chalice{type_}",
            properties={
                "ServiceToken": {"Fn::GetAtt": [HELPER, "Arn"]},
                "ServiceTimeout": _PATIENCE,
                **scope.spell(properties(*together)),
            },
            depends_on=_permissions(together, scope),
        )
        return Rendering(
            resources={logical_id: settings},
            helpers=_helper(every, scope) if resource is every[0] else {},
        )


def _names(attachment: Attachment) -> tuple[str, str]:
    """Return the logical id of a place's custom resource, and the last part of its type."""
    if isinstance(attachment, BucketNotification):
        place = refuse_reference(attachment.bucket, resource=attachment.id, target="sam")
        type_ = "BucketNotifications"
    else:
        place, type_ = attachment.user_pool_id, "UserPoolTriggers"
    # Names that differ in dots and dashes alone would be one in CamelCase.
    digest = sha256(place.encode()).hexdigest()[:8]
    return camel_case(f"{place.replace('.', '-')}-{type_}") + digest, type_


def _permissions(together: tuple[Attachment, ...], scope: Scope) -> tuple[str, ...]:
    """Return the permissions that the further settings of a place wait for; the first one's are known."""
    after = dict.fromkeys(id for attachment in together[1:] for id in attachment.after)
    return tuple(
        scope.logical_id(id)
        for id in after
        if id not in together[0].after and isinstance(scope.graph[id], InvokePermission)
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
