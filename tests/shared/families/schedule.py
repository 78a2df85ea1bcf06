"""chalice-schedule: rules of EventBridge, and the schedules of EventBridge Scheduler."""

from __future__ import annotations

import json

from chalice_core.testing.contracts import Example
from chalice_core.testing.examples import Clients
from families.common import ASYNCHRONOUS, ASYNCHRONOUS_MISTAKES, FAILED, make_failed, mistakes

DEAD_LETTER_MISTAKE = {"dead_letter_queue='failed'": "'dead_letter_queue'"}
TICK = "[event.source, event.detail_type, event.detail]"


def make_bus(clients: Clients) -> None:
    make_failed(clients)
    events = clients("events")
    if "orders" not in [bus["Name"] for bus in events.list_event_buses()["EventBuses"]]:
        events.create_event_bus(Name="orders")


def put_events(clients: Clients) -> None:
    entry = {"EventBusName": "orders", "DetailType": "Sold", "Resources": ["arn:x"]}
    # The pattern keeps the first one away.
    clients("events").put_events(
        Entries=[
            {**entry, "Source": "other", "Detail": "{}"},
            {**entry, "Source": "shop", "Detail": json.dumps({"what": "zwei ✓"})},
        ]
    )


def wait_for_a_tick(clients: Clients) -> None:
    clients.advance(10 * 60)


EXAMPLES = {
    "schedule": Example(
        given={
            "expression": "rate(5 minutes)",
            "description": "now and then",
            "dead_letter_queue": FAILED,
            **ASYNCHRONOUS,
        },
        declared={"scheduler": False, "timezone": None, "flexible_time_window_in_minutes": None},
        event=("generate_scheduled_event", {"rule_name": "tick"}),
        body=TICK,
        answer=["aws.events", "Scheduled Event", {}],
        sample={"rule_name": "tick"},
        mistakes={
            "'rate(5 minute)'": "rate",
            **mistakes(
                "'rate(5 minutes)'",
                {"description='x' * 600": "512"},
                DEAD_LETTER_MISTAKE,
                ASYNCHRONOUS_MISTAKES,
            ),
        },
        prepare=make_failed,
        send=wait_for_a_tick,
    ),
    "on_cw_event": Example(
        given={
            "event_pattern": {"source": ["shop"]},
            "event_bus": "orders",
            "dead_letter_queue": FAILED,
            **ASYNCHRONOUS,
        },
        event=(
            "generate_cw_event",
            {"source": "shop", "detail_type": "Sold", "detail": {"what": "zwei ✓"}, "resources": ["arn:x"]},
        ),
        body="[event.source, event.detail_type, event.detail, event.resources]",
        answer=["shop", "Sold", {"what": "zwei ✓"}, ["arn:x"]],
        sample={"detail_type": "Sold", "detail": {"what": "zwei ✓"}, "resources": ["arn:x"]},
        mistakes=mistakes(
            "{'source': ['shop']}",
            {"event_bus='a b'": "'event_bus'"},
            DEAD_LETTER_MISTAKE,
            ASYNCHRONOUS_MISTAKES,
        ),
        prepare=make_bus,
        send=put_events,
    ),
}

WITH_SCHEDULER = {
    "schedule": Example(
        given={
            "expression": "rate(5 minutes)",
            "description": "now and then",
            "scheduler": True,
            "timezone": "Europe/Berlin",
            "flexible_time_window_in_minutes": 5,
            "dead_letter_queue": FAILED,
            **ASYNCHRONOUS,
        },
        event=("generate_scheduled_event", {"rule_name": "tick"}),
        body="[event.detail_type, event.detail]",
        answer=["Scheduled Event", {}],
        sample={"rule_name": "tick"},
        mistakes=mistakes(
            "'rate(5 minutes)'",
            {"timezone='Mars'": "IANA"},
            {"flexible_time_window_in_minutes=0": "from 1 to 1440"},
        ),
        prepare=make_failed,
        send=wait_for_a_tick,
    )
}
