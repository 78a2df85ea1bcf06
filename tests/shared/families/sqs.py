"""chalice-sqs."""

from __future__ import annotations

from chalice_core.testing.contracts import Example
from chalice_core.testing.examples import Clients
from families.common import mistakes

RED = '{"colour": "red", "name": "zwei ✓"}'


def make_queue(clients: Clients) -> None:
    clients("sqs").create_queue(QueueName="orders")


def send_messages(clients: Clients) -> None:
    sqs = clients("sqs")
    url = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
    # The filter keeps this one away.
    sqs.send_message(QueueUrl=url, MessageBody='{"colour": "blue"}')
    sqs.send_message(QueueUrl=url, MessageBody=RED)


EXAMPLES = {
    "on_sqs_message": Example(
        given={
            "queue": "orders",
            "batch_size": 7,
            "maximum_batching_window_in_seconds": 1,
            "maximum_concurrency": 5,
            "filter_patterns": [{"body": {"colour": ["red"]}}],
        },
        # With the option the answer is one of its own, of which the family's tests tell.
        declared={"queue_arn": None, "report_batch_item_failures": False},
        event=("generate_sqs_event", {"message_bodies": ["one", "zwei ✓"]}),
        body="[record.body for record in event]",
        answer=["one", "zwei ✓"],
        sample={"bodies": ["one", "zwei ✓"]},
        mistakes={
            "'orders.fifo', batch_size=11": "from 1 to 10",
            **mistakes(
                "'orders'", {"batch_size=0": "'batch_size'", "maximum_concurrency=1": "from 2 to 1000"}
            ),
            "queue_arn='orders'": "'queue_arn' must be the ARN of a queue",
        },
        prepare=make_queue,
        send=send_messages,
        arrives=[RED],
    )
}
