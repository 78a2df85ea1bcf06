"""Deploys Chalice applications to AWS: plan, apply, record, delete."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalice_deploy.cloud import OWNER_TAG, Cloud
    from chalice_deploy.errors import AlreadyThereError, AwsError, NotFoundError
    from chalice_deploy.handler import Deployed, Found, KindHandler, PlaceFacts, Task
    from chalice_deploy.properties import Document, Properties, Rendered, Secret
    from chalice_deploy.record import Entry
    from chalice_deploy.store import FileRecords, RecordStore
    from chalice_deploy.target import AwsTarget

__all__ = [
    "OWNER_TAG",
    "AlreadyThereError",
    "AwsError",
    "AwsTarget",
    "Cloud",
    "Deployed",
    "Document",
    "Entry",
    "FileRecords",
    "Found",
    "KindHandler",
    "NotFoundError",
    "PlaceFacts",
    "Properties",
    "RecordStore",
    "Rendered",
    "Secret",
    "Task",
]

_MODULES = {
    "cloud": ("OWNER_TAG", "Cloud"),
    "errors": ("AlreadyThereError", "AwsError", "NotFoundError"),
    "handler": ("Deployed", "Found", "KindHandler", "PlaceFacts", "Task"),
    "properties": ("Document", "Properties", "Rendered", "Secret"),
    "record": ("Entry",),
    "store": ("FileRecords", "RecordStore"),
    "target": ("AwsTarget",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is asked for: most commands load this plugin and deploy nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value
