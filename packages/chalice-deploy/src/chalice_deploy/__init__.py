"""Deploys Chalice applications to AWS: plan, apply, record, delete."""

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
