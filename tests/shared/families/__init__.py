"""An example of each decorator of the event families that ship, by distribution.

The suite of event families runs on them, and so do the tests of pairs.  Each
has as many options as possible other than the defaults, and what it is about
is made in the AWS on this machine by the functions beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalice_core.testing.contracts import Example
from families import (
    cognito,
    dynamodb,
    function_urls,
    kafka,
    kinesis,
    s3,
    schedule,
    sns,
    sqs,
    websockets,
)

FAMILIES: Mapping[str, Mapping[str, Example]] = {
    "chalice-cognito": cognito.EXAMPLES,
    "chalice-dynamodb": dynamodb.EXAMPLES,
    "chalice-function-urls": function_urls.EXAMPLES,
    "chalice-kafka": kafka.EXAMPLES,
    "chalice-kinesis": kinesis.EXAMPLES,
    "chalice-s3": s3.EXAMPLES,
    "chalice-schedule": schedule.EXAMPLES,
    "chalice-schedule with Scheduler": schedule.WITH_SCHEDULER,
    "chalice-sns": sns.EXAMPLES,
    "chalice-sqs": sqs.EXAMPLES,
    "chalice-websockets": websockets.EXAMPLES,
}
