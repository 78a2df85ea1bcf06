"""The runtime half: what applications import, and what ships into Lambda."""

from chalice.extensions import EventSource


class IotMessage:
    """A message: ``topic``, and ``payload``, the JSON object that was published."""

    def __init__(self, event_dict, context):
        self._event = event_dict
        self.context = context
        self.topic = event_dict["topic"]
        self.payload = event_dict["payload"]

    def to_dict(self):
        return self._event


@EventSource.of(source="acme-iot", event=IotMessage)
def on_iot_message(topic_filter, name=None):
    """Call a function with each message of the topics that a filter such as ``devices/+/state`` names."""
    if not isinstance(topic_filter, str):
        raise TypeError(f"on_iot_message: topic_filter must be a string, not {topic_filter!r}.")
    return {"topic_filter": topic_filter, "name": name}


def generate_iot_message(topic, payload):
    """Return the event that the rule sends for a message."""
    return {"topic": topic, "payload": payload}
