"""Sending what AWS tells of events that ended or failed to where it was asked for."""

from __future__ import annotations

import json
import sys
import uuid
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError, ServiceException
from moto.events.models import events_backends
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from chalice_localaws.embedded.account import find_function, role_policies
from chalice_localaws.embedded.permissions import allows_action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.awslambda.models import LambdaFunction

__all__ = ["DestinationError", "Destinations", "dead_letter", "may_send", "publish", "send_message"]

# What a function's role must be allowed, by the service of the destination.
_ACTIONS = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "events": "events:PutEvents",
    "lambda": "lambda:InvokeFunction",
    "s3": "s3:PutObject",
}


class DestinationError(Exception):
    """A destination cannot be sent to; the message says why."""


def may_send(role_arn: str, destination: str) -> str | None:
    """Return the action that a role lacks for a destination; ``None`` when it has what it needs.

    Args:
        role_arn: of a function.
        destination: the ARN of a queue, topic, event bus, function or bucket.

    Raises:
        DestinationError: nothing can be sent to such an ARN.
    """
    service = _service(destination)
    resource = f"{destination}/*" if service == "s3" else destination
    allowed = allows_action(role_policies(role_arn), action=_ACTIONS[service], resource=resource)
    return None if allowed else _ACTIONS[service]


class Destinations:
    """Sends documents to destinations with the permissions of a function's role.

    Args:
        invoke_later: invokes a function asynchronously.
    """

    def __init__(self, invoke_later: Callable[[LambdaFunction, bytes], object]) -> None:
        self._invoke_later = invoke_later

    def send(
        self,
        destination: str,
        document: Mapping[str, Any],
        *,
        role_arn: str,
        key: str,
        detail_type: str,
        resources: list[str],
    ) -> None:
        """Send a document. One that cannot be sent is lost, as in AWS; the server's log says so.

        Args:
            destination: an ARN.
            document: JSON data.
            role_arn: that has to be allowed to send it.
            key: of the object, in a bucket.
            detail_type: of the event, on a bus.
            resources: of that event.
        """
        try:
            missing = may_send(role_arn, destination)
            if missing is not None:
                raise DestinationError(f"the role {role_arn} may not {missing} there")
            self._send(destination, document, key, detail_type, resources)
        except (DestinationError, ServiceException, JsonRESTError) as error:
            print(f"Nothing was sent to {destination}: {error}", file=sys.stderr)  # noqa: T201 - the server's log

    def _send(
        self,
        destination: str,
        document: Mapping[str, Any],
        key: str,
        detail_type: str,
        resources: list[str],
    ) -> None:
        text = json.dumps(document)
        _, _, service, region, account, name = destination.split(":", 5)
        match service:
            case "sqs":
                send_message(destination, text)
            case "sns":
                publish(destination, text)
            case "events":
                event = {
                    "Source": "lambda",
                    "DetailType": detail_type,
                    "Detail": text,
                    "Resources": resources,
                    "EventBusName": name.partition("/")[2],
                }
                bus = events_backends[account][region]
                if event["EventBusName"] not in bus.event_buses:
                    raise DestinationError("there is no such event bus")
                bus.put_events([event])
            case "lambda":
                function = find_function(destination)
                if function is None:
                    raise DestinationError("there is no such function")
                self._invoke_later(function, text.encode())
            case _:
                self._put_object(name, key, text)

    def _put_object(self, bucket: str, key: str, text: str) -> None:
        for account in list(s3_backends.values()):
            for backend in list(account.values()):
                if bucket in backend.buckets:
                    backend.put_object(bucket, key, text.encode())
                    return
        raise DestinationError("there is no such bucket")


def dead_letter(queue_arn: str, body: str, attributes: Mapping[str, str]) -> None:
    """Put what could not be delivered into a queue.

    Args:
        queue_arn: of the queue; without one the message is lost, and the server's log says so.
        body: the message.
        attributes: text attributes of the message.
    """
    try:
        send_message(queue_arn, body, attributes)
    except (DestinationError, ServiceException, JsonRESTError) as error:
        print(f"Nothing was sent to {queue_arn}: {error}", file=sys.stderr)  # noqa: T201 - the server's log


def send_message(
    arn: str, body: str, attributes: Mapping[str, str] | None = None, *, group_id: str | None = None
) -> None:
    """Send a message to a queue.

    Args:
        arn: of the queue.
        body: the message.
        attributes: text attributes of the message.
        group_id: in a FIFO queue; None makes one up.

    Raises:
        DestinationError: there is no such queue.
    """
    _, _, _, region, account, name = arn.split(":", 5)
    backend = sqs_backends[account][region]
    queue = backend.queues.get(name)
    if queue is None:
        raise DestinationError("there is no such queue")
    backend.send_message(
        name,
        body,
        message_attributes={
            key: {"DataType": "String", "StringValue": value} for key, value in (attributes or {}).items()
        }
        or None,
        group_id=(group_id or str(uuid.uuid4())) if queue.fifo_queue else None,
        deduplication_id=str(uuid.uuid4()) if queue.fifo_queue else None,
    )


def publish(arn: str, message: str) -> None:
    """Publish a message to a topic.

    Raises:
        DestinationError: there is no such topic.
    """
    _, _, _, region, account, _ = arn.split(":", 5)
    backend = sns_backends[account][region]
    if arn not in backend.topics:
        raise DestinationError("there is no such topic")
    backend.publish(message, arn=arn)


def _service(arn: str) -> str:
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[2] not in _ACTIONS:
        raise DestinationError(f"{arn!r} is neither a queue, a topic, an event bus, a function nor a bucket")
    return parts[2]
