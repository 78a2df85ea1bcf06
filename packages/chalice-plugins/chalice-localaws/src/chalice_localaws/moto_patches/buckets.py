"""S3: notifications are checked as AWS checks them, and say all that AWS says."""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING, Any

from moto.s3 import notifications
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, FakeDeleteMarker, S3Backend
from moto.s3.responses import S3Response

from chalice_local.push_events import ObjectEvent, s3_event
from chalice_localaws.embedded.pushes import undeliverable
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.s3.models import FakeKey

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]

_SERVICE = "s3.amazonaws.com"
_EVENTS = notifications.S3NotificationEvent
# The key under which a parsed configuration says that its destinations are not to be checked.
_UNCHECKED = "SkipDestinationValidation"
# The keys under which a configuration, as moto parses it, has its rules.
_KINDS = ("TopicConfiguration", "QueueConfiguration", "CloudFunctionConfiguration")


def _event(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - replaced whole
    def get_s3_event(
        event_name: str, bucket: FakeBucket, key: FakeKey | FakeDeleteMarker, notification_id: str
    ) -> dict[str, Any]:
        name = str(getattr(event_name, "value", event_name)).removeprefix("s3:")
        stored = None if name.startswith("ObjectRemoved") or isinstance(key, FakeDeleteMarker) else key
        return s3_event(
            ObjectEvent(
                name=name,
                bucket=bucket.name,
                region=bucket.region_name,
                account_id=bucket.account_id,
                key=key.name,
                configuration_id=notification_id,
                size=None if stored is None else stored.size,
                etag=None if stored is None else stored.etag.replace('"', ""),
                version_id=str(key.version_id) if bucket.is_versioned else None,
            )
        )

    return get_s3_event


def _invoke(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - replaced whole
    def invoke_awslambda(account_id: str, event_body: Any, fn_arn: str, region_name: str) -> None:  # noqa: ARG001
        bucket = event_body["Records"][0]["s3"]["bucket"]["arn"]
        refused = plane.push(fn_arn, event_body, service=_SERVICE, source_arn=bucket)
        if refused is not None:
            print(f"An event of {bucket} was not delivered: {refused.message}", file=sys.stderr)  # noqa: T201

    return invoke_awslambda


def _parse(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - nothing runs
    def _notification_config_from_body(self: S3Response) -> dict[str, Any]:
        config: dict[str, Any] = original(self)
        # An empty one means that there are none any more, and stays empty.
        if config and str(self.headers.get("x-amz-skip-destination-validation")).lower() == "true":
            config[_UNCHECKED] = True
        return config

    return _notification_config_from_body


def _configure(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - nothing runs
    def set_notification_configuration(self: FakeBucket, notification_config: dict[str, Any] | None) -> None:
        config = notification_config or {}
        unchecked = config.pop(_UNCHECKED, False)
        for rule in () if unchecked else config.get("CloudFunctionConfiguration") or ():
            if undeliverable(rule["CloudFunction"], service=_SERVICE, source_arn=self.arn) is not None:
                raise S3ClientError(
                    "InvalidArgument", "Unable to validate the following destination configurations"
                )
        rules = [rule for kind in _KINDS for rule in config.get(kind) or ()]
        if any(_overlap(one, other) for one, other in itertools.combinations(rules, 2)):
            raise S3ClientError(
                "InvalidArgument",
                "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the "
                "prefixes are overlapping for the same event type.",
            )
        original(self, notification_config)

    return set_notification_configuration


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether some object could have an event that both rules ask for."""
    return (
        any(_same_event(first, second) for first in one["Event"] for second in other["Event"])
        and _one_begins(_part(one, "prefix"), _part(other, "prefix"))
        and _one_begins(_part(one, "suffix")[::-1], _part(other, "suffix")[::-1])
    )


def _same_event(one: str, other: str) -> bool:
    return any(
        left == right or left == f"{right.rpartition(':')[0]}:*"
        for left, right in ((one, other), (other, one))
    )


def _one_begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _part(rule: Mapping[str, Any], name: str) -> str:
    filters = (rule.get("Filter") or {}).get("S3Key", {}).get("FilterRule") or []
    return "".join(str(found["Value"]) for found in filters if found["Name"].lower() == name)


def _delete(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - notifications run
    def delete_object(
        self: S3Backend, bucket_name: str, key_name: str, version_id: str | None = None, bypass: bool = False
    ) -> tuple[bool, dict[str, Any]]:
        bucket = self.get_bucket(bucket_name)
        before = list(bucket.keys.getlist(key_name) or ()) if bucket.is_versioned else []
        answer: tuple[bool, dict[str, Any]] = original(self, bucket_name, key_name, version_id, bypass)
        after = list(bucket.keys.getlist(key_name) or ()) if bucket.is_versioned else []
        if answer[0] and len(after) > len(before):
            marker = _EVENTS.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT
            notifications.send_event(self.account_id, marker, bucket, bucket.keys[key_name])
        elif after and len(after) < len(before):
            # moto tells of the last version only.
            [gone] = [key for key in before if str(key.version_id) == str(version_id)]
            notifications.send_event(self.account_id, _EVENTS.OBJECT_REMOVED_DELETE_EVENT, bucket, gone)
        return answer

    return delete_object


PATCHES = (
    Patch(
        owner=notifications,
        name="_get_s3_event",
        parameters="event_name, bucket, key, notification_id",
        why="moto leaves out who did it, the owner, the version and the sequencer.",
        make=_event,
    ),
    Patch(
        owner=notifications,
        name="_invoke_awslambda",
        parameters="account_id, event_body, fn_arn, region_name",
        why="moto asks no permission of the function's policy.",
        make=_invoke,
    ),
    Patch(
        owner=S3Response,
        name="_notification_config_from_body",
        parameters="self",
        why="moto does not read whether destinations are to be checked.",
        make=_parse,
    ),
    Patch(
        owner=FakeBucket,
        name="set_notification_configuration",
        parameters="self, notification_config",
        why="moto notifies functions that do not exist or do not permit it, and accepts rules that overlap.",
        make=_configure,
    ),
    Patch(
        owner=S3Backend,
        name="delete_object",
        parameters="self, bucket_name, key_name, version_id, bypass",
        why="moto tells nobody of delete markers, and of deleted versions only when none is left.",
        make=_delete,
    ),
)
