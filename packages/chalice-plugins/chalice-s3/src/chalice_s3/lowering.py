"""What an S3 declaration becomes: the bucket may invoke the function, and tells it of its objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.asynchronous import lower_asynchronous
from chalice_core.kinds import BucketNotification, Function, InvokePermission, Resource
from chalice_core.values import Pseudo, ResourceId, arn

if TYPE_CHECKING:
    from chalice_core.manifest import EventDeclaration

PRINCIPAL = "s3.amazonaws.com"


def lower(event: EventDeclaration, function: Function) -> tuple[Resource, ...]:
    """Return the resources that tell ``function`` of a bucket's objects.

    Args:
        event: an S3 declaration without problems (`chalice_s3.limits.problems`).
        function: the function.
    """
    options = event.options
    permission = InvokePermission(
        id=ResourceId(f"{function.id}-s3-permission"),
        function_arn=function.arn,
        principal=PRINCIPAL,
        source_arn=arn("s3", options["bucket"], regional=False, account=False),
        # The ARN of a bucket names no account, and the name is anybody's once the bucket is deleted
        # ("Granting permissions to publish event notification messages", Amazon S3 User Guide).
        source_account=Pseudo.ACCOUNT,
    )
    notification = BucketNotification(
        id=ResourceId(f"{function.id}-s3-notification"),
        bucket=options["bucket"],
        function_arn=function.arn,
        events=tuple(options["events"]),
        prefix=options.get("prefix") or "",
        suffix=options.get("suffix") or "",
        # S3 tries whether it may invoke the function, and refuses the notification if not.
        after=(permission.id,),
    )
    return (permission, notification, *lower_asynchronous(options, function))
