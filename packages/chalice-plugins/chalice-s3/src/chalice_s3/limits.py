"""What S3 would refuse in declarations, found before anything is built.

Limits: "Bucket naming rules" and "Configuring event notifications using
object key name filtering", Amazon S3 User Guide; ``PutBucketNotification
Configuration``, Amazon S3 API Reference.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import combinations
from typing import TYPE_CHECKING, Any

from chalice_core.asynchronous import asynchronous_problems
from chalice_s3.event_types import EVENT_TYPES, common_types, keys_in_common

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice_core.manifest import EventDeclaration

LONGEST_KEY = 1024
"""UTF-8 bytes of an object's key."""

# Buckets made before 2018 in us-east-1 may have upper-case letters, underscores and up to 255 characters, yet
# such names are no host names, which the SDKs ask for.
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
# A bucket that a Terraform file of the project declares, whose name nobody knows yet.
_DECLARED_ELSEWHERE = re.compile(r"\$\{(data\.)?aws_s3_bucket\.[A-Za-z_][\w-]*\.[a-z_]+\}", re.ASCII)


def problems(events: Sequence[EventDeclaration]) -> list[str]:
    """Return a sentence for each thing that S3 would refuse; none when the declarations are fine.

    Args:
        events: all S3 declarations of an application.
    """
    found: list[str] = []
    sound: list[EventDeclaration] = []
    for event in events:
        own = [*_bucket(event.options), *_types(event.options), *_filters(event.options)]
        if not own:
            sound.append(event)
        own += asynchronous_problems(event.options)
        found += [f"{event.decorator} on {event.function!r}: {problem}" for problem in own]
    return [*found, *_overlaps(sound)]


def _bucket(options: Mapping[str, Any]) -> Iterator[str]:
    bucket = options.get("bucket")
    if isinstance(bucket, str) and (bucket.startswith("arn:") or "://" in bucket):
        name = re.split(r"[:/]+", bucket.rstrip("/"))[-1]
        yield f"'bucket' must be the name of the bucket, not {bucket!r}.  Its name seems to be {name!r}."
    elif not isinstance(bucket, str) or not _is_bucket(bucket):
        yield (
            "'bucket' must be the name of a bucket, 3 to 63 lower-case letters, digits, hyphens and dots, "
            f"not {bucket!r}."
        )


def _is_bucket(name: str) -> bool:
    if _DECLARED_ELSEWHERE.fullmatch(name):
        return True
    return bool(_BUCKET.fullmatch(name)) and ".." not in name and not _ADDRESS.fullmatch(name)


def _types(options: Mapping[str, Any]) -> Iterator[str]:
    types = options.get("events")
    if not isinstance(types, (list, tuple)) or not types:
        yield f"'events' must be a list of types of events, ['s3:ObjectCreated:*'], not {types!r}."
        return
    for each in types:
        if each not in EVENT_TYPES:
            near = get_close_matches(str(each), EVENT_TYPES, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"S3 has {', '.join(EVENT_TYPES)}."
            yield f"'events' has {each!r}, which S3 does not know; {hint}"
    for index, each in enumerate(types):
        if each in types[:index]:
            yield f"'events' has {each!r} twice."


def _filters(options: Mapping[str, Any]) -> Iterator[str]:
    for option in ("prefix", "suffix"):
        value = options.get(option)
        if value is not None and not isinstance(value, str):
            yield f"{option!r} must be a text, not {value!r}."
        elif value is not None and len(value.encode("utf-8", "surrogatepass")) > LONGEST_KEY:
            yield f"{option!r} is longer than a key of S3 can be, {LONGEST_KEY} bytes."


def _overlaps(events: Sequence[EventDeclaration]) -> Iterator[str]:
    for first, second in combinations(events, 2):
        one, other = first.options, second.options
        if one["bucket"] != other["bucket"] or not keys_in_common(_filter(one), _filter(other)):
            continue
        common = common_types(one["events"], other["events"])
        if common:
            yield (
                f"{first.decorator} on {first.function!r} and on {second.function!r}: both are for "
                f"{', '.join(common)} of the bucket {one['bucket']!r}, and there may be objects for both "
                f"({_shown(one)}; {_shown(other)}). S3 refuses that; give them prefixes or suffixes that "
                "exclude each other, or let one function call the other."
            )


def _filter(options: Mapping[str, Any]) -> tuple[str, str]:
    return options.get("prefix") or "", options.get("suffix") or ""


def _shown(options: Mapping[str, Any]) -> str:
    prefix, suffix = _filter(options)
    return f"prefix {prefix!r}, suffix {suffix!r}"
