"""Notifications of S3 buckets: ``aws_s3_bucket_notification``, one for each bucket."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalice_terraform.expressions import Referring
from chalice_terraform.naming import identifier
from chalice_terraform.renderer import KnownOutputs, Rendering, SharedResource

if TYPE_CHECKING:
    from chalice_core.kinds import BucketNotification
    from chalice_terraform.renderer import Scope

_NAMED_BUCKET = re.compile(r"\$\{(?:data\.)?aws_s3_bucket\.([A-Za-z0-9_-]+)\.\w+\}")


class BucketNotificationRenderer(KnownOutputs):
    """Renders notifications; those of one bucket share a resource, for it owns all of the bucket's."""

    def render(self, resource: BucketNotification, scope: Scope) -> Rendering:
        """Return the function's part of the bucket's notifications."""
        entry: dict[str, Any] = {
            "lambda_function_arn": scope.spell(resource.function_arn),
            "events": list(resource.events),
        }
        if resource.prefix:
            entry["filter_prefix"] = scope.spell(resource.prefix)
        if resource.suffix:
            entry["filter_suffix"] = scope.spell(resource.suffix)
        notification = SharedResource(
            type="aws_s3_bucket_notification",
            name=f"{identifier(_name_of(resource.bucket))}_notify",
            arguments={"bucket": scope.spell(Referring(resource.bucket))},
            entries={"lambda_function": (entry,)},
        )
        return Rendering(shared=(notification,))


def _name_of(bucket: str) -> str:
    """Return what a bucket is called: its own name, or the one that another Terraform file gives it."""
    named = _NAMED_BUCKET.fullmatch(bucket)
    return named[1] if named else bucket.removeprefix("${").removesuffix("}")
