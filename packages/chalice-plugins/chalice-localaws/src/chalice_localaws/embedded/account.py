"""Reading what moto holds, in the terms of the data plane."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends
from moto.iam.exceptions import NotFoundException as IAMNotFoundException
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.sqs.exceptions import QueueDoesNotExist, ReceiptHandleIsInvalid
from moto.sqs.models import Message, Queue, sqs_backends

from chalice_local import AsyncPolicy, CodeBundle, FunctionSpec, MessageAttribute, QueueMessage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice_local import AsyncOutcome

__all__ = [
    "MotoLogs",
    "MotoQueue",
    "async_destination",
    "async_policy",
    "current_specs",
    "find_function",
    "function_count",
    "function_spec",
    "lambda_backend",
    "role_policies",
    "role_trusts",
]


def lambda_backend(arn: str) -> LambdaBackend:
    """Return moto's Lambda of the account and region that an ARN is in."""
    _, _, _, region, account = arn.split(":")[:5]
    backend: LambdaBackend = lambda_backends[account][region]
    return backend


def find_function(arn: str) -> LambdaFunction | None:
    """Return the function, or version, or the version behind an alias; ``None`` when there is none."""
    try:
        name, _, qualifier = arn.split(":function:", 1)[1].partition(":")
        return lambda_backend(arn).get_function(name, qualifier or None)
    except LambdaClientError as error:
        # Not found: the function, its version or its alias, each with a class of its own.
        if error.code == 404:
            return None
        raise


def function_count() -> int:
    """Return how many functions there are. moto's own listing would copy the code of each."""
    backends = [backend for account in list(lambda_backends.values()) for backend in list(account.values())]
    return sum(len(backend._lambdas._functions) for backend in backends)


def current_specs() -> list[FunctionSpec]:
    """Return the specs of all functions, versions included, that can be invoked now."""
    found: list[FunctionSpec] = []
    for account in list(lambda_backends.values()):
        for backend in list(account.values()):
            found += [function_spec(function) for function in list(backend._lambdas._arns.values())]
    return found


def function_spec(function: LambdaFunction) -> FunctionSpec:
    """Return the data plane's picture of a function as it is now."""
    backend = lambda_backend(function.function_arn)
    found = (backend.layers_versions_by_arn(str(layer["Arn"])) for layer in function.layers)
    layers = [layer for layer in found if layer is not None]
    reserved = function.reserved_concurrency
    return FunctionSpec(
        arn=function.function_arn,
        name=function.function_name,
        version=str(function.version),
        runtime=function.run_time or "",
        handler=function.handler or "",
        timeout_seconds=int(function.timeout),
        memory_mb=int(function.memory_size),
        region=function.region,
        account_id=function.account_id,
        environment={name: str(value) for name, value in function.environment_vars.items()},
        code=CodeBundle(sha256=function.code_sha_256, data=function.code_bytes),
        layers=tuple(CodeBundle(sha256=layer.code_sha_256, data=layer.code_bytes) for layer in layers),
        log_group=function.logs_group_name,
        reserved_concurrency=None if reserved is None else int(reserved),
    )


def async_policy(function: LambdaFunction) -> AsyncPolicy:
    """Return what the function's event invoke config says, or Lambda's defaults."""
    if not function.event_invoke_config:
        return AsyncPolicy()
    config = function.event_invoke_config[-1].response()
    defaults = AsyncPolicy()
    return AsyncPolicy(
        max_retries=int(config.get("MaximumRetryAttempts", defaults.max_retries)),
        max_age_seconds=float(config.get("MaximumEventAgeInSeconds", defaults.max_age_seconds)),
    )


def async_destination(function: LambdaFunction, outcome: AsyncOutcome) -> str | None:
    """Return the ARN that is told how an asynchronous invocation has ended, if one is."""
    if not function.event_invoke_config:
        return None
    config = function.event_invoke_config[-1].response().get("DestinationConfig") or {}
    found = config.get("OnSuccess" if outcome.succeeded else "OnFailure") or {}
    return str(found["Destination"]) if found.get("Destination") else None


def role_policies(role_arn: str) -> list[dict[str, Any]]:
    """Return the policy documents of a role, its own and the attached; none when there is no role."""
    partition, _, _, account = role_arn.split(":")[1:5]
    backend = iam_backends[account][partition]
    try:
        role = backend.get_role_by_arn(role_arn)
    except IAMNotFoundException:
        return []
    attached = [
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.is_default
    ]
    texts = [*role.policies.values(), *attached]
    return [json.loads(text) if isinstance(text, str) else text for text in texts]


def role_trusts(role_arn: str, service: str) -> bool:
    """Return whether a service may assume a role; not when there is no role."""
    partition, _, _, account = role_arn.split(":")[1:5]
    try:
        role = iam_backends[account][partition].get_role_by_arn(role_arn)
    except IAMNotFoundException:
        return False
    found = json.loads(role.assume_role_policy_document).get("Statement") or []
    statements = found if isinstance(found, list) else [found]
    return any(
        statement.get("Effect") == "Allow"
        and service in _several((statement.get("Principal") or {}), "Service")
        for statement in statements
    )


def _several(document: Any, name: str) -> list[str]:
    found = document.get(name) if isinstance(document, dict) else None
    return found if isinstance(found, list) else [str(found)]


class MotoLogs:
    """CloudWatch Logs, as the place for what functions print."""

    def __init__(self) -> None:
        # moto's groups are plain dicts; two workers may make one group at once.
        self._lock = threading.Lock()

    def open(self, function_arn: str, group: str, stream: str) -> None:
        """Make the group and the stream.

        A function that was deleted makes none: its log group may have been deleted with it, and a line that
        comes late must not bring it back.
        """
        if find_function(function_arn) is None:
            return
        _, _, _, region, account = function_arn.split(":")[:5]
        backend = logs_backends[account][region]
        with self._lock:
            backend.ensure_log_group(group)
            backend.ensure_log_stream(group, stream)

    def write(self, function_arn: str, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        """Append lines; dropped when the group or the stream is gone."""
        _, _, _, region, account = function_arn.split(":")[:5]
        log_group = logs_backends[account][region].groups.get(group)
        if log_group is None or stream not in log_group.streams:
            return
        # Lambda's events end with the line break that was printed.
        documents = [{"timestamp": when, "message": f"{line}\n"} for when, line in events]
        log_group.put_log_events(stream, documents)


class MotoQueue:
    """A queue of moto's SQS, as the poller sees it.

    Args:
        arn: of the queue.
    """

    def __init__(self, arn: str) -> None:
        _, _, _, self._region, self._account, self._name = arn.split(":")

    def receive(self, limit: int) -> Sequence[QueueMessage]:
        """Take messages as ReceiveMessage does."""
        backend = sqs_backends[self._account][self._region]
        try:
            queue = backend.get_queue(self._name)
            received = backend.receive_message(
                self._name,
                limit,
                0,
                queue.visibility_timeout,  # type: ignore[attr-defined]  # moto sets it by name
                ["All"],
            )
        except QueueDoesNotExist:
            return []
        return [_message(message) for message in received]

    def delete(self, receipt_handle: str) -> None:
        """Delete a message; nothing when it or its queue is gone."""
        with contextlib.suppress(QueueDoesNotExist, ReceiptHandleIsInvalid):
            sqs_backends[self._account][self._region].delete_message(self._name, receipt_handle)

    def wait(self, seconds: float) -> None:
        """Wait for a message to be sent.

        Delays and visibility timeouts run out without telling anybody, so this is never long.
        """
        queue: Queue | None = sqs_backends[self._account][self._region].queues.get(self._name)
        if queue is None or queue.messages:
            # No such queue, or messages of FIFO groups of which others are in flight.
            threading.Event().wait(min(seconds, 0.05))
            return
        with queue._messages_lock:
            queue._messages_lock.wait(min(seconds, 0.2))


def _message(message: Message) -> QueueMessage:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    optional = {
        "SequenceNumber": message.sequence_number,
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": message.deduplication_id,
        "AWSTraceHeader": (message.system_attributes.get("AWSTraceHeader") or {}).get("StringValue"),
    }
    attributes |= {name: str(value) for name, value in optional.items() if value is not None}
    return QueueMessage(
        message_id=message.id,
        receipt_handle=message.receipt_handle or "",
        body=message.body,
        md5_of_body=message.body_md5,
        attributes=attributes,
        message_attributes={
            name: MessageAttribute(
                data_type=value["DataType"],
                string_value=value.get("StringValue"),
                binary_value=_binary(value.get("BinaryValue")),
            )
            for name, value in message.message_attributes.items()
        },
        md5_of_message_attributes=message.attribute_md5 if message.message_attributes else None,
    )


def _binary(value: str | bytes | None) -> bytes | None:
    return base64.b64decode(value) if isinstance(value, str) else value
