"""SNS in Lambda: the decorator ``on_sns_message``, and the message that a function is given."""

from __future__ import annotations

from chalice.extensions import EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["SNSEvent", "on_sns_message"]


class SNSEvent:
    """A message that was published to a topic.

    SNS sends one message in each event; ``to_dict()`` has all of them, should there ever be more.

    Args:
        event_dict: The event as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.
        subject: The message's subject; None when it has none.
        message: The text of the message.
        message_attributes: Name of an attribute to its ``Type`` and ``Value``; empty when there are none.

    Raises:
        KeyError, IndexError: The event is none of SNS's; the exception names what is missing.

    See https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """

    # Slots are cheaper than a dictionary, which is made only when somebody adds an attribute.
    __slots__ = ("__dict__", "_event_dict", "context", "message", "message_attributes", "subject")

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context
        sns = event_dict["Records"][0]["Sns"]
        self.message: str = sns["Message"]
        # Lambda passes both with every message.  Tests and emulators of SNS leave out what is empty.
        self.subject: str | None = sns.get("Subject")
        self.message_attributes: dict[str, Any] = sns.get("MessageAttributes") or {}

    def to_dict(self) -> dict[str, Any]:
        """Return the event as Lambda passed it: message id, topic ARN, time, signature."""
        return self._event_dict


@EventSource.of(source="sns", event=SNSEvent)
def on_sns_message(
    topic: str,
    name: str | None = None,
    filter_policy: dict[str, Any] | None = None,
    filter_policy_scope: str | None = None,
    maximum_retry_attempts: int | None = None,
    maximum_event_age_in_seconds: int | None = None,
    on_failure: str | None = None,
    dead_letter_queue: str | None = None,
) -> dict[str, Any]:
    """Call a function with each message that is published to an SNS topic.

    What SNS allows is for the tools to check: they report every mistake at once.

    Args:
        topic: Name of a topic of the same account and region, or the ARN of any topic.
        name: Logical name of the function, by default its own.
        filter_policy: Which messages, such as ``{"colour": ["red"]}``; None for all.
        filter_policy_scope: What the policy is compared with, ``MessageAttributes`` or ``MessageBody``; None
            leaves it to SNS: attributes.
        maximum_retry_attempts: How often Lambda tries again when the function fails, 0 to 2; None leaves it
            to Lambda, which tries twice.
        maximum_event_age_in_seconds: How long it tries, 60 to 21600; None leaves it to Lambda: six hours.
        on_failure: ARN of the queue, topic, event bus, bucket or function that is told of what failed in the
            end.
        dead_letter_queue: ARN of the SQS queue that gets messages which could not be handed to Lambda.

    See https://docs.aws.amazon.com/sns/latest/dg/sns-lambda-as-subscriber.html
    """
    return {
        "name": name,
        "topic": topic,
        "filter_policy": filter_policy,
        "filter_policy_scope": filter_policy_scope,
        "maximum_retry_attempts": maximum_retry_attempts,
        "maximum_event_age_in_seconds": maximum_event_age_in_seconds,
        "on_failure": on_failure,
        "dead_letter_queue": dead_letter_queue,
    }
