"""Where AWS sends what nobody could handle: a queue, a topic, an event bus, a bucket, a function.

An option such as ``on_failure="arn:aws:sqs:…"`` names a destination by its
ARN.  This room tells from the ARN what it is, says what is wrong with it, and
which permissions sending to it takes.  Families share it, so that the same
destination is judged and granted in the same way everywhere.

Sources: "Capturing records of Lambda asynchronous invocations" and "Capturing
discarded batches", AWS Lambda Developer Guide, for destinations and the
permissions that each takes; "Amazon Resource Names (ARNs)", AWS IAM User
Guide, for their form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from chalice_core.kinds import Grant
from chalice_core.values import Output, ResourceId

DestinationService: TypeAlias = Literal["sqs", "sns", "events", "s3", "lambda"]
"""The service that a destination belongs to, as ARNs spell it; ``events`` is an event bus."""

DESTINATION_SERVICES: tuple[DestinationService, ...] = get_args(DestinationService)

_PLACE = r"arn:[a-z][a-z0-9-]*:{service}:[a-z]{{2}}[a-z0-9-]*-\d+:\d{{12}}:"
# Names: ``CreateQueue``, ``CreateTopic``, ``CreateEventBus``, ``CreateFunction`` in the services' API
# references, and "Bucket naming rules", Amazon S3 User Guide.
_FORMS: Mapping[DestinationService, re.Pattern[str]] = {
    "sqs": re.compile(_PLACE.format(service="sqs") + r"(?P<name>(?=.{1,80}\Z)[\w-]+(\.fifo)?)", re.ASCII),
    "sns": re.compile(_PLACE.format(service="sns") + r"(?P<name>(?=.{1,256}\Z)[\w-]+(\.fifo)?)", re.ASCII),
    "events": re.compile(_PLACE.format(service="events") + r"event-bus/(?P<name>[\w./-]{1,256})", re.ASCII),
    "s3": re.compile(r"arn:[a-z][a-z0-9-]*:s3:::(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"),
    "lambda": re.compile(
        _PLACE.format(service="lambda") + r"function:(?P<name>[\w-]{1,64})(:[\w$-]{1,128})?", re.ASCII
    ),
}
_NOUNS: Mapping[DestinationService, str] = {
    "sqs": "an SQS queue",
    "sns": "an SNS topic",
    "events": "an event bus",
    "s3": "an S3 bucket",
    "lambda": "a Lambda function",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """What an ARN names.

    Args:
        arn: as it was given.
        service: that it belongs to.
        name: of the queue, topic, bus, bucket or function; without a function's qualifier.
    """

    arn: str
    service: DestinationService
    name: str

    @property
    def is_fifo(self) -> bool:
        """Whether it is a queue or topic that keeps an order, as names in ``.fifo`` say."""
        return self.service in ("sqs", "sns") and self.name.endswith(".fifo")


def destination_of(value: object) -> Destination | None:
    """Return what an ARN names; None when it is no ARN of a destination.

    Args:
        value: of an option.

    >>> destination_of("arn:aws:sqs:eu-west-1:123456789012:failed")
    Destination(arn='arn:aws:sqs:eu-west-1:123456789012:failed', service='sqs', name='failed')
    """
    if isinstance(value, str):
        for service, form in _FORMS.items():
            match = form.fullmatch(value)
            if match:
                return Destination(arn=value, service=service, name=match["name"])
    return None


def destination_problem(
    option: str, value: object, services: Collection[DestinationService] = DESTINATION_SERVICES
) -> str | None:
    """Return a sentence that says what is wrong with a destination; None when nothing is.

    FIFO queues and topics are no destinations of standard sources, which all of Lambda's are.

    Args:
        option: its name, for the message: ``on_failure``.
        value: what was given; None, an option that is not set, is fine.
        services: those that can be a destination here.
    """
    if value is None:
        return None
    found = destination_of(value)
    if found is None or found.service not in services:
        nouns = [_NOUNS[service] for service in DESTINATION_SERVICES if service in services]
        listed = nouns[0] if len(nouns) == 1 else f"{', '.join(nouns[:-1])} or {nouns[-1]}"
        return f"{option!r} must be the ARN of {listed}, not {value!r}."
    if found.is_fifo:
        noun = _NOUNS[found.service].rpartition(" ")[2]
        return f"{option!r} cannot be the FIFO {noun} {found.name!r}; AWS sends to a standard {noun} only."
    return None


def destination_grants(id: str, *, role: Output | str, arn: str) -> tuple[Grant, ...]:
    """Return the permissions that a role needs to send to a destination: these actions on this one thing.

    Args:
        id: of the first grant, ``work-sends-failures``; a second one has an ending of its own.
        role: that sends, ``function.role``.
        arn: of the destination, without problems (`destination_problem`).

    Returns:
        One grant, and two for a bucket, whose actions apply to different ARNs.

    Raises:
        ValueError: the ARN is none of a destination.
    """
    found = destination_of(arn)
    if found is None:
        raise ValueError(f"{arn!r} is not the ARN of a destination")
    if found.service == "s3":
        return (
            Grant(id=ResourceId(id), role=role, actions=("s3:PutObject",), on=(f"{arn}/*",)),
            Grant(id=ResourceId(f"{id}-list"), role=role, actions=("s3:ListBucket",), on=(arn,)),
        )
    action = {
        "sqs": "sqs:SendMessage",
        "sns": "sns:Publish",
        "events": "events:PutEvents",
        "lambda": "lambda:InvokeFunction",
    }[found.service]
    return (Grant(id=ResourceId(id), role=role, actions=(action,), on=(arn,)),)
