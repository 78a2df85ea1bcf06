"""An AWS embedded on your own machine, to deploy Chalice applications to while developing."""

from chalice_localaws.lifecycle import (
    ACCOUNT_ID,
    DEFAULT_REGION,
    Endpoint,
    advance,
    ensure_running,
    reset,
    status,
    stop,
)
from chalice_localaws.state import ServerRecord, StateFolder

__all__ = [
    "ACCOUNT_ID",
    "DEFAULT_REGION",
    "Endpoint",
    "ServerRecord",
    "StateFolder",
    "advance",
    "ensure_running",
    "reset",
    "status",
    "stop",
]
