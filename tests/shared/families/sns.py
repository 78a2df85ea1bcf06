"""chalice-sns."""

from __future__ import annotations

from chalice_core.testing.contracts import Example
from chalice_core.testing.examples import Clients
from families.common import (
    ACCOUNT,
    ASYNCHRONOUS,
    ASYNCHRONOUS_MISTAKES,
    FAILED,
    REGION,
    make_failed,
    mistakes,
)

RED = '{"colour": "red"}'


def make_topic(clients: Clients) -> None:
    make_failed(clients)
    clients("sns").create_topic(Name="news")


def publish(clients: Clients) -> None:
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:news"
    # The filter keeps this one away.
    clients("sns").publish(TopicArn=topic, Message='{"colour": "blue"}', Subject="zwei")
    clients("sns").publish(TopicArn=topic, Message=RED, Subject="zwei")


EXAMPLES = {
    "on_sns_message": Example(
        given={
            "topic": "news",
            "filter_policy": {"colour": ["red"]},
            "filter_policy_scope": "MessageBody",
            "dead_letter_queue": FAILED,
            **ASYNCHRONOUS,
        },
        event=("generate_sns_event", {"message": "one ✓", "subject": "zwei"}),
        body="[event.message, event.subject]",
        answer=["one ✓", "zwei"],
        sample={"message": "one ✓", "subject": "zwei"},
        mistakes={
            "'news.fifo'": "FIFO",
            **mistakes(
                "'news'",
                {"filter_policy_scope='MessageBody'": "'filter_policy_scope'"},
                {"dead_letter_queue='failed'": "'dead_letter_queue'"},
                ASYNCHRONOUS_MISTAKES,
            ),
        },
        prepare=make_topic,
        send=publish,
        arrives=[RED, "zwei"],
    )
}
