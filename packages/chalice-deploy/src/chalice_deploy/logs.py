"""The log events of a function."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from chalice_core.target import LogEvent
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import NotFoundError

POLL_SECONDS = 5.0
LOCAL_POLL_SECONDS = 0.5

# Events arrive late and out of order; what is this much older than the newest is asked for again.
_OVERLAP_MILLISECONDS = 60_000


def read_events(cloud: Cloud, group: str, *, since: datetime | None) -> Iterator[LogEvent]:
    """Yield the events of a log group, oldest first; none when the group is not there yet.

    Args:
        cloud: to ask (``FilterLogEvents``).
        group: the group's name.
        since: with a time zone; None for all.
    """
    parameters = {} if since is None else {"startTime": int(since.timestamp() * 1000)}
    try:
        for event in cloud.pages(
            "logs", "FilterLogEvents", group, items="events", logGroupName=group, **parameters
        ):
            yield LogEvent(
                timestamp=datetime.fromtimestamp(event["timestamp"] / 1000, tz=timezone.utc),
                stream=event["logStreamName"],
                message=event["message"].rstrip("\n"),
                event_id=event["eventId"],
            )
    except NotFoundError:
        return


def follow_events(
    cloud: Cloud,
    group: str,
    *,
    since: datetime | None,
    every: float,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[LogEvent]:
    """Yield events for ever, each once, as they arrive.

    Args:
        cloud: to ask.
        group: as for `read_events`.
        since: as for `read_events`.
        every: seconds between two looks.
        sleep: waits for that many seconds.
    """
    seen: dict[str, datetime] = {}
    while True:
        for event in read_events(cloud, group, since=since):
            if event.event_id not in seen:
                seen[event.event_id] = event.timestamp
                yield event
        if seen:
            newest = max(seen.values()).timestamp()
            overlap = datetime.fromtimestamp(newest - _OVERLAP_MILLISECONDS / 1000, tz=timezone.utc)
            since = overlap if since is None else max(since, overlap)
            seen = {id: at for id, at in seen.items() if at >= since}
        sleep(every)
