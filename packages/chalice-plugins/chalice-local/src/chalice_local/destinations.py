"""What Lambda tells a destination about an event that was handled, or was given up.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html,
https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from chalice_local.shards import GivenUp
    from chalice_local.worker import InvocationResult

__all__ = ["AsyncOutcome", "async_record", "batch_key", "batch_record", "object_key", "timestamp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsyncOutcome:
    """How an asynchronous invocation ended, with all its retries.

    Attributes:
        request_id: of all attempts.
        payload: the event, JSON.
        condition: in AWS's word.
        attempts: how often the function was invoked.
        result: of the last attempt; ``None`` when there was none.
    """

    request_id: str
    payload: bytes
    condition: Literal["Success", "RetriesExhausted", "EventAgeExceeded"]
    attempts: int
    result: InvocationResult | None

    @property
    def succeeded(self) -> bool:
        """The function returned."""
        return self.condition == "Success"


def async_record(outcome: AsyncOutcome, *, function_arn: str) -> dict[str, Any]:
    """Return the document of an asynchronous invocation.

    Args:
        outcome: what happened.
        function_arn: with the qualifier, ``…:function:name:$LATEST``.
    """
    record: dict[str, Any] = {
        "version": "1.0",
        "timestamp": timestamp(datetime.now(timezone.utc)),
        "requestContext": {
            "requestId": outcome.request_id,
            "functionArn": function_arn,
            "condition": outcome.condition,
            "approximateInvokeCount": outcome.attempts,
        },
        "requestPayload": json.loads(outcome.payload),
    }
    if outcome.result is not None:
        context: dict[str, Any] = {"statusCode": 200, "executedVersion": outcome.result.version}
        if outcome.result.error is not None:
            context["functionError"] = outcome.result.error
        record["responseContext"] = context
        record["responsePayload"] = json.loads(outcome.result.payload or b"null")
    return record


def batch_record(given_up: GivenUp, *, function_arn: str, stream_arn: str) -> dict[str, Any]:
    """Return the document of records of a stream that were given up.

    It names the records and does not hold them: who wants them reads the stream.

    Args:
        given_up: what happened.
        function_arn: of the function.
        stream_arn: of the Kinesis or DynamoDB stream.
    """
    outcome = given_up.outcome
    first, last = given_up.records[0], given_up.records[-1]
    kinesis = stream_arn.split(":")[2] == "kinesis"
    record: dict[str, Any] = {
        "requestContext": {
            "requestId": outcome.request_id if outcome is not None else str(uuid.uuid4()),
            "functionArn": function_arn,
            "condition": given_up.condition,
            "approximateInvokeCount": given_up.attempts,
        },
        "version": "1.0",
        "timestamp": timestamp(datetime.now(timezone.utc)),
        "KinesisBatchInfo" if kinesis else "DDBStreamBatchInfo": {
            "shardId": given_up.shard_id,
            "startSequenceNumber": first.sequence_number,
            "endSequenceNumber": last.sequence_number,
            "approximateArrivalOfFirstRecord": _time(first.arrived, milliseconds=kinesis),
            "approximateArrivalOfLastRecord": _time(last.arrived, milliseconds=kinesis),
            "batchSize": len(given_up.records),
            "streamArn": stream_arn,
        },
    }
    if outcome is not None:
        context: dict[str, Any] = {"statusCode": 200, "executedVersion": outcome.version}
        if outcome.failed:
            context["functionError"] = "Unhandled"
        record["responseContext"] = context
    return record


def object_key(function_name: str) -> str:
    """Return the key of the object that tells an S3 bucket about an asynchronous invocation."""
    return f"aws/lambda/async/{function_name}/{_dated_name()}"


def batch_key(mapping_id: str, shard_id: str) -> str:
    """Return the key of the object that tells an S3 bucket about records that were given up."""
    return f"aws/lambda/{mapping_id}/{shard_id}/{_dated_name()}"


def timestamp(when: datetime) -> str:
    """Return a time as AWS's events have it, ``2030-01-31T12:00:00.000Z``."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03}Z"


def _time(seconds: float, *, milliseconds: bool) -> str:
    when = datetime.fromtimestamp(seconds, timezone.utc)
    return timestamp(when) if milliseconds else when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _dated_name() -> str:
    return datetime.now(timezone.utc).strftime(f"%Y/%m/%d/%Y-%m-%dT%H.%M.%S-{uuid.uuid4()}")
