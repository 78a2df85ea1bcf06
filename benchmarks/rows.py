"""The rows of the table: what is measured, of which application, and what it must not exceed.

The limits are ratios to the reference, and numbers for modules.  ``must`` fails the run; ``aim`` is where we
want to be.  A row without them is there for information.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from subjects import BARE, REFERENCE

Kind = Literal["import", "modules", "init", "init, ms", "memory", "call"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row.

    Args:
        name: What the table says.
        kind: How it is measured.
        app: Of which application.
        variant: ``shipped``, ``py`` or ``pyc``.
        case: The event that is sent, for calls.
        must: What our ratio, or number, must not exceed.
        aim: What it should not exceed.
        over: Whose figure all are divided by.
        stand_in: The event whose figure of ``over`` is taken, because it cannot do this.
    """

    name: str
    kind: Kind
    app: str
    variant: str = "pyc"
    case: str = ""
    must: float | None = None
    aim: float | None = None
    over: str = REFERENCE
    stand_in: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the figures are compared as they are, and not as ratios."""
        return self.kind == "modules"


def _call(
    case: str, app: str, must: float | None = None, aim: float | None = None, stand_in: str = ""
) -> Row:
    return Row(name=case, kind="call", app=app, case=case, must=must, aim=aim, stand_in=stand_in)


ROWS = (
    Row(name="import, as shipped", kind="import", app="hello", variant="shipped", must=0.10, aim=0.05),
    Row(name="import, plain .py", kind="import", app="hello", variant="py", must=0.45, aim=0.30),
    Row(name="import, bytecode for all", kind="import", app="hello"),
    Row(name="import of a queue's app, as shipped", kind="import", app="messages", variant="shipped"),
    Row(name="import with blueprints, as shipped", kind="import", app="blueprinted", variant="shipped"),
    Row(name="import with everything, as shipped", kind="import", app="full", variant="shipped"),
    Row(name="stdlib modules, REST app", kind="modules", app="hello", must=5, aim=3),
    Row(name="stdlib modules, SQS app", kind="modules", app="messages", must=6, aim=3),
    Row(name="init under awslambdaric", kind="init", app="hello", must=1.15, aim=1.05, over=BARE),
    Row(name="the same, wall time", kind="init, ms", app="hello", over=BARE),
    Row(name="init under awslambdaric, as shipped", kind="init", app="hello", variant="shipped"),
    Row(name="the same, wall time", kind="init, ms", app="hello", variant="shipped"),
    Row(name="peak memory", kind="memory", app="hello", variant="shipped", must=0.5, aim=0.2),
    _call("GET", "common", 0.35, 0.20),
    _call("path and query", "common", 0.35, 0.20),
    _call("GET, response object", "common", 0.5, 0.35),
    _call("404 from a view", "common", 0.35, 0.20),
    _call("no such route", "common"),
    _call("first of 200 routes", "many", 0.35, 0.20),
    _call("last of 200 routes", "many", 0.35, 0.20),
    _call("POST 1 KB JSON", "common", 0.75, 0.65),
    _call("SQS, 10 messages", "messages", 0.9, 0.7),
    _call("S3", "uploads", 1.0, 0.9),
    _call("GET, one middleware", "wrapped", 0.5, 0.35),
    _call("GET with CORS", "cors", 0.35, 0.20),
    _call("GET, blueprint", "blueprinted", 0.35, 0.20),
    _call("GET, everything in use", "full"),
    _call("WebSocket message", "sockets"),
    _call("GET, async view", "coroutine", stand_in="GET"),
    _call("GET, payload 2.0", "second", stand_in="GET"),
)
