"""Notifications of buckets that belong to somebody else.

S3 knows the notifications of a bucket as one document, which is read, changed
in one place, and written back.  There is no version to compare: what another
program writes between the two is lost, so the two come right after each
other, the threads of this program take turns, and what was written is looked
at once more a moment later.

Sources: ``GetBucketNotificationConfiguration``, ``PutBucketNotification
Configuration`` and ``LambdaFunctionConfiguration``, Amazon S3 API Reference.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import BucketNotification, Resource
from chalice_core.references import refuse_reference
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import AwsError, NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, Rendered
from chalice_deploy.record import Entry

_FUNCTIONS = "LambdaFunctionConfigurations"
_OTHER_KINDS = ("QueueConfigurations", "TopicConfigurations")
_ATTEMPTS = 8
_ATTEMPTS_WITH_OTHERS = 3

_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""By bucket: several functions of an application may be told of one bucket's objects."""

Change = Callable[[Sequence[Mapping[str, Any]]], list[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """Which events of which objects a notification is for; an empty prefix or suffix is that of all keys."""

    events: tuple[str, ...]
    prefix: str
    suffix: str


class BucketNotifications:
    """How a `chalice_core.kinds.BucketNotification` is deployed.

    An entry that invokes a function of ours is ours: a function has one
    declaration, and two entries for the same objects are refused by S3.  Those
    of ours that are in the way are therefore replaced, in one call: of a
    function that has another name now, or of two that change places.
    """

    replaces = frozenset({"Bucket"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return the resource's id."""
        return resource.id

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return the bucket, and what of it the function is told."""
        if not isinstance(resource, BucketNotification):
            raise TypeError(f"{resource!r} is not a BucketNotification")
        return {
            "Bucket": refuse_reference(resource.bucket, resource=resource.id, target="aws"),
            "LambdaFunctionArn": resource.function_arn,
            "Events": sorted(resource.events),
            "Prefix": resource.prefix or None,
            "Suffix": resource.suffix or None,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """An entry is recognised by its bucket and function."""
        return {"Bucket": properties["Bucket"], "LambdaFunctionArn": properties["LambdaFunctionArn"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Add the entry."""
        return _set(cloud, task, {task.properties["LambdaFunctionArn"]})

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Look for an entry that invokes the function."""
        try:
            config = _read(cloud, id, key["Bucket"])
        except NotFoundError:  # of the bucket
            return None
        for entry in config.get(_FUNCTIONS, ()):
            if entry["LambdaFunctionArn"] == key["LambdaFunctionArn"]:
                return Found(deployed=_deployed(key["Bucket"], entry["Id"]), ours=True)
        return None

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:  # noqa: ARG002
        """Replace the entry."""
        return _set(cloud, task, {task.properties["LambdaFunctionArn"], before.key.get("LambdaFunctionArn")})

    def displaces(self, properties: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """Two entries of a bucket cannot be for the same event of the same object."""
        same_bucket: bool = properties["Bucket"] == other["Bucket"]
        return same_bucket and _overlap(_rule(properties), _rule(other))

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Remove the entry; the bucket and everything else of it stays."""
        entry_id, functions = before.identity["Id"], {before.key["LambdaFunctionArn"]}
        try:
            _change(
                cloud,
                id,
                before.key["Bucket"],
                lambda entries: [one for one in entries if not _is_ours(one, entry_id, functions)],
                # What others have left in the bucket is no reason to keep ours.
                SkipDestinationValidation=True,
            )
        except NotFoundError:  # of the bucket
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Return the ``s3_event`` of schema 2.0."""
        return {
            "name": id,
            "resource_type": "s3_event",
            "bucket": str(entry.key["Bucket"]),
            "lambda_arn": str(entry.key["LambdaFunctionArn"]),
        }

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for notifications."""
        return ()


def _set(cloud: Cloud, task: Task, functions: set[str | None]) -> Deployed:
    wanted = task.properties
    # The same whenever and wherever it is made, so that whoever looks at the bucket sees whose it is.
    entry_id = cloud.owner(task.id)
    rule = _rule(wanted)
    rules = [
        {"Name": name, "Value": wanted[part]}
        for name, part in (("prefix", "Prefix"), ("suffix", "Suffix"))
        if wanted.get(part) is not None
    ]
    entry: Rendered = {
        "Id": entry_id,
        "LambdaFunctionArn": wanted["LambdaFunctionArn"],
        "Events": wanted["Events"],
    }
    if rules:
        entry["Filter"] = {"Key": {"FilterRules": rules}}
    _change(
        cloud,
        task.name,
        wanted["Bucket"],
        lambda entries: [
            *(
                one
                for one in entries
                if not _is_ours(one, entry_id, functions)
                and not (str(one.get("Id", "")).startswith(cloud.owner("")) and _overlap(_rule_of(one), rule))
            ),
            entry,
        ],
    )
    return _deployed(wanted["Bucket"], entry_id)


def _change(cloud: Cloud, name: str, bucket: str, change: Change, **parameters: Any) -> None:
    """Read the bucket's notifications and write them as ``change`` makes them, unless they are so.

    S3 validates the destinations of all entries, also of those that stay as they are: of somebody whose
    function is gone, or of a function of ours that no longer may be told, because its entry goes at the end.
    So with other entries in the bucket it is told after a while not to validate; the permission for the own
    entry is there by then.
    """
    attempts = 0

    def attempt() -> tuple[bool, str]:
        nonlocal attempts
        attempts += 1
        config = _read(cloud, name, bucket)
        entries = config.get(_FUNCTIONS, [])
        changed = change(entries)
        if sorted(map(_plain, changed), key=repr) == sorted(map(_plain, entries), key=repr):
            return True, "as it was"
        others = len(changed) > 1 or any(config.get(kind) for kind in _OTHER_KINDS)
        unchecked = {"SkipDestinationValidation": True} if others and attempts > _ATTEMPTS_WITH_OTHERS else {}
        try:
            cloud.call(
                "s3",
                "PutBucketNotificationConfiguration",
                name,
                Bucket=bucket,
                ExpectedBucketOwner=cloud.account,
                NotificationConfiguration={**config, _FUNCTIONS: changed},
                **{**unchecked, **parameters},
            )
        except AwsError as error:
            if attempts == _ATTEMPTS or not _not_yet(error):
                raise
            return False, error.message
        # Of two programs that read at the same time the second one writes without the first one's entry.
        return False, "changed, and not yet seen to have stayed"

    with _locks[bucket]:
        # Every attempt reads again: somebody else may have been quicker.
        cloud.wait(name, "accepted by the bucket", attempt)


def _read(cloud: Cloud, name: str, bucket: str) -> Rendered:
    answer = cloud.call(
        "s3",
        "GetBucketNotificationConfiguration",
        name,
        Bucket=bucket,
        ExpectedBucketOwner=cloud.account,
    )
    return {part: value for part, value in answer.items() if part != "ResponseMetadata"}


def _is_ours(entry: Mapping[str, Any], entry_id: str, functions: set[str | None]) -> bool:
    return entry.get("Id") == entry_id or entry["LambdaFunctionArn"] in functions


def _rule(properties: Mapping[str, Any]) -> _Rule:
    """Return what a notification is for, from the properties of a resource."""
    return _Rule(
        events=tuple(sorted(properties["Events"])),
        prefix=properties.get("Prefix") or "",
        suffix=properties.get("Suffix") or "",
    )


def _rule_of(entry: Mapping[str, Any]) -> _Rule:
    """Return the same from an entry of a bucket; S3 gives ``prefix`` back as ``Prefix``."""
    rules = entry.get("Filter", {}).get("Key", {}).get("FilterRules", ())
    parts = {str(rule["Name"]).lower(): str(rule["Value"]) for rule in rules}
    return _Rule(
        events=tuple(sorted(entry["Events"])),
        prefix=parts.get("prefix", ""),
        suffix=parts.get("suffix", ""),
    )


def _overlap(one: _Rule, other: _Rule) -> bool:
    """Return whether S3 refuses two rules of one bucket: there may be an event for both.

    Source: "Configuring event notifications using object key name filtering", Amazon S3 User Guide.
    """
    return (
        any(_same_event(first, second) for first in one.events for second in other.events)
        and _one_begins(one.prefix, other.prefix)
        and _one_begins(one.suffix[::-1], other.suffix[::-1])
    )


def _same_event(one: str, other: str) -> bool:
    """``s3:ObjectCreated:*`` is ``s3:ObjectCreated:Put``, too."""
    return one == other or any(
        wide.endswith(":*") and narrow.startswith(wide[:-1]) for wide, narrow in ((one, other), (other, one))
    )


def _one_begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _plain(entry: Mapping[str, Any]) -> tuple[object, ...]:
    """Return an entry so that equal ones are equal."""
    return entry.get("Id"), entry["LambdaFunctionArn"], _rule_of(entry)


def _not_yet(error: AwsError) -> bool:
    # S3 asks Lambda whether it may invoke the function, and a new permission takes a while to be known.
    unable = error.aws_code == "InvalidArgument" and "unable to validate" in error.message.lower()
    return unable or error.aws_code == "OperationAborted"


def _deployed(bucket: str, entry_id: str) -> Deployed:
    return Deployed(identity={"Bucket": bucket, "Id": entry_id})
