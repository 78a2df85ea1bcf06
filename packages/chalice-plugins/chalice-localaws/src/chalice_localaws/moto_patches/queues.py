"""SQS queues: safe for many threads, and FIFO groups stay in order after a failure."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from moto.sqs.models import Queue, SQSBackend

from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.sqs.models import Message

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES", "queue_lock"]

_locks: WeakKeyDictionary[Queue, threading.RLock] = WeakKeyDictionary()  # type: ignore[type-arg, valid-type, unused-ignore]
_locks_guard = threading.Lock()


def queue_lock(queue: Queue) -> Any:
    """Return the lock that guards a queue's messages."""
    with _locks_guard:
        return _locks.setdefault(queue, threading.RLock())


def _add_message(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - only a lock
    def add_message(self: Queue, message: Message) -> None:
        with queue_lock(self):
            original(self, message)

    return add_message


def _delete_message(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - only a lock
    def delete_message(self: Queue, receipt_handle: str) -> None:
        with queue_lock(self):
            original(self, receipt_handle)

    return delete_message


def _receive_message(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - only a lock
    def receive_message(
        self: SQSBackend,
        queue_name: str,
        count: int,
        wait_seconds_timeout: int,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> list[Message]:
        deadline = time.monotonic() + int(wait_seconds_timeout or 0)
        while True:
            queue = self.get_queue(queue_name)
            with queue_lock(queue):
                _forget_expired(queue)
                received: list[Message] = original(
                    self, queue_name, count, 0, visibility_timeout, message_attribute_names
                )
            remaining = deadline - time.monotonic()
            if received or remaining <= 0:
                return received
            # Waited for without the lock, so that senders are not kept out.
            with queue._messages_lock:
                queue._messages_lock.wait(min(remaining, 0.2))

    return receive_message


def _forget_expired(queue: Queue) -> None:
    """Take messages out of flight whose visibility timeout has run out.

    moto does it one message at a time while it looks for deliverable ones, and so passes over the first
    message of a FIFO group because the second still counts as in flight, and delivers the second first.
    """
    for message in [pending for pending in queue._pending_messages if pending.visible]:
        queue._pending_messages.discard(message)


PATCHES = (
    Patch(
        owner=Queue,
        name="add_message",
        parameters="self, message",
        why="moto appends to a list that a deletion in another thread replaces: the message is lost.",
        make=_add_message,
    ),
    Patch(
        owner=Queue,
        name="delete_message",
        parameters="self, receipt_handle",
        why="moto replaces the list that a sender in another thread appends to: the message is lost.",
        make=_delete_message,
    ),
    Patch(
        owner=SQSBackend,
        name="receive_message",
        parameters=(
            "self, queue_name, count, wait_seconds_timeout, visibility_timeout, message_attribute_names"
        ),
        why="moto gives one message to two receivers at once, and a failed FIFO group out of order.",
        make=_receive_message,
    ),
)
