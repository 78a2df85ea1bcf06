"""S3 in Lambda: the decorator ``on_s3_event``, and what a function is told about an object."""

from __future__ import annotations

from chalice.extensions import EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["S3Event", "on_s3_event"]


class S3Event:
    """What happened to an object of a bucket.

    S3 sends one record in each event; ``to_dict()`` has all of them, should there ever be more.

    Args:
        event_dict: The event as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.
        bucket: Name of the bucket.
        key: Key of the object, as the AWS SDKs take it: S3's own notation for URLs is undone.

    Raises:
        KeyError, IndexError: The event is none of S3's; the exception names what is missing.

    See https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html and
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """

    # Slots are cheaper than a dictionary, which is made only when somebody adds an attribute.
    __slots__ = ("__dict__", "_event_dict", "bucket", "context", "key")

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context
        s3 = event_dict["Records"][0]["s3"]
        self.bucket: str = s3["bucket"]["name"]
        self.key = _decoded(s3["object"]["key"])

    def to_dict(self) -> dict[str, Any]:
        """Return the event as Lambda passed it, with the key in S3's notation for URLs."""
        return self._event_dict


@EventSource.of(source="s3", event=S3Event)
def on_s3_event(
    bucket: str,
    events: list[str] | None = None,
    prefix: str | None = None,
    suffix: str | None = None,
    name: str | None = None,
    maximum_retry_attempts: int | None = None,
    maximum_event_age_in_seconds: int | None = None,
    on_failure: str | None = None,
) -> dict[str, Any]:
    """Call a function when something happens to objects of a bucket.

    What S3 allows is for the tools to check: they report every mistake at once.

    Args:
        bucket: Name of the bucket.
        events: Types of events, by default ``["s3:ObjectCreated:*"]``.
        prefix: Only objects whose keys begin like this.
        suffix: Only objects whose keys end like this.
        name: Logical name of the function, by default its own.
        maximum_retry_attempts: How often Lambda tries again when the function fails, 0 to 2; None leaves it
            to Lambda, which tries twice.
        maximum_event_age_in_seconds: How long it tries, 60 to 21600; None leaves it to Lambda: six hours.
        on_failure: ARN of the queue, topic, event bus, bucket or function that is told of what failed in the
            end.

    See https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
    """
    return {
        "name": name,
        "bucket": bucket,
        "events": ["s3:ObjectCreated:*"] if events is None else events,
        "prefix": prefix,
        "suffix": suffix,
        "maximum_retry_attempts": maximum_retry_attempts,
        "maximum_event_age_in_seconds": maximum_event_age_in_seconds,
        "on_failure": on_failure,
    }


_HEX_DIGITS = frozenset(b"0123456789ABCDEFabcdef")


def _decoded(key: str) -> str:
    """Undo how S3 writes a key: UTF-8 bytes as ``%E2``, spaces as ``+``.

    This is ``urllib.parse.unquote_plus``, whose import would take as long as that of all of Chalice and is
    of no use to most handlers.
    """
    if "+" in key:
        key = key.replace("+", " ")
    if "%" not in key:
        return key
    # A JSON document may hold halves of surrogate pairs, which no encoding of a real key yields.
    first, *rest = key.encode("utf-8", "surrogatepass").split(b"%")
    decoded = bytearray(first)
    for piece in rest:
        if len(piece) >= 2 and piece[0] in _HEX_DIGITS and piece[1] in _HEX_DIGITS:
            decoded.append(int(piece[:2], 16))
            decoded += piece[2:]
        else:
            # Not an escape: it stands for itself.
            decoded += b"%" + piece
    return decoded.decode("utf-8", "replace")
