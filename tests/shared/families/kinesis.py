"""chalice-kinesis."""

from __future__ import annotations

from chalice_core.testing.contracts import Example
from chalice_core.testing.examples import Clients
from families.common import STREAMED, STREAMED_MISTAKES, make_failed, mistakes


def make_stream(clients: Clients) -> None:
    make_failed(clients)
    kinesis = clients("kinesis")
    if "clicks" not in kinesis.list_streams()["StreamNames"]:
        kinesis.create_stream(StreamName="clicks", ShardCount=1)
        kinesis.get_waiter("stream_exists").wait(StreamName="clicks", WaiterConfig={"Delay": 1})


def put_records(clients: Clients) -> None:
    # The filter keeps the first one away.
    for data in (b'{"colour": "blue"}', b'{"colour": "red"}'):
        clients("kinesis").put_record(StreamName="clicks", Data=data, PartitionKey="one")


EXAMPLES = {
    "on_kinesis_record": Example(
        given={
            "stream": "clicks",
            "starting_position": "AT_TIMESTAMP",
            "starting_position_timestamp": "2026-01-31T12:00:00Z",
            "filter_patterns": [{"data": {"colour": ["red"]}}],
            "tumbling_window_in_seconds": 30,
            **STREAMED,
        },
        declared={"parallelization_factor": None, "report_batch_item_failures": False},
        event=("generate_kinesis_event", {"message_bodies": [b"one", b"\xc3\xbf"]}),
        # What a function with a window returns is what its next batch is given.
        body="{'state': {'of': [record.data.decode() for record in event]}}",
        answer={"state": {"of": ["one", "ÿ"]}},
        # AWS knows no ARN for it: "Actions, resources, and condition keys for Amazon Kinesis Data Streams".
        wildcards=frozenset({"kinesis:ListStreams"}),
        sample={"bodies": ["one", "ÿ"]},
        mistakes={
            "'arn:aws:kinesis:clicks'": "'stream' must be the ARN of a stream",
            **mistakes(
                "'clicks'",
                {"parallelization_factor=11": "'parallelization_factor'"},
                {"starting_position='AT_TIMESTAMP'": "'starting_position_timestamp'"},
                STREAMED_MISTAKES,
            ),
        },
        prepare=make_stream,
        send=put_records,
        arrives={"state": {"of": ['{"colour": "red"}']}},
    )
}
