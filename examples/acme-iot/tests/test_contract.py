"""The plugin does what every event family owes, and what only this one promises."""

import json

import pytest
from acme_iot.local import matches
from chalice_core.testing.contracts import EventSourceContract, Example
from chalice_sam.testing import problems_of


def publish(clients):
    payload = json.dumps({"on": True}).encode()
    clients("iot-data").publish(topic="devices/lamp/state", qos=1, payload=payload)


class TestIotMessages(EventSourceContract):
    examples = {
        "on_iot_message": Example(
            given={"topic_filter": "devices/+/state"},
            event=("generate_iot_message", {"topic": "devices/lamp/state", "payload": {"on": True}}),
            body="[event.topic, event.payload]",
            answer=["devices/lamp/state", {"on": True}],
            sample={"topic": "devices/lamp/state", "payload": {"on": True}},
            mistakes={"'devices/#/state'": "is no topic filter", "'it\\'s'": "is no topic filter"},
            send=publish,
        )
    }

    def validate(self, form, files, folder):
        if form == "cloudformation":
            assert problems_of(json.loads(files["sam.json"])) == []


@pytest.mark.parametrize(
    ("topic_filter", "topic", "expected"),
    [
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a/b/d/c", False),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("#", "anything/at/all", True),
        ("a.b", "axb", False),
    ],
)
def test_filters_match_as_a_broker_matches_them(topic_filter, topic, expected):
    assert matches(topic_filter, topic) is expected
