"""What botocore and boto3 know about services, read from their data files.

Neither is imported for it, but for botocore's rule of how methods are called: making a client costs more
than everything else here together.  A service's file is read when an application is seen to use that service.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

JsonObject = Mapping[str, Any]


@cache
def services() -> frozenset[str]:
    """Return the names of all services that botocore has a model of."""
    folder = _data("botocore")
    return frozenset(path.name for path in folder.iterdir() if path.is_dir()) if folder else frozenset()


@cache
def operations(service: str) -> Mapping[str, str]:
    """Return method name to operation name of a service; empty for one that botocore does not know.

    >>> operations("s3")["list_objects_v2"]
    'ListObjectsV2'
    """
    from botocore import xform_name

    return {xform_name(name): name for name in service_model(service).get("operations", {})}


@cache
def service_model(service: str) -> JsonObject:
    """Return botocore's model of a service; empty for one that it does not know."""
    return _newest("botocore", service, "service-2.json")


@cache
def metadata(service: str) -> JsonObject:
    """Return endpoint prefix, signing name and the like of a service."""
    found: JsonObject = service_model(service).get("metadata", {})
    return found


@cache
def waiters(service: str) -> Mapping[str, str]:
    """Return waiter name, as ``get_waiter`` takes it, to the operation that it calls."""
    from botocore import xform_name

    found = _newest("botocore", service, "waiters-2.json").get("waiters", {})
    return {xform_name(name): waiter["operation"] for name, waiter in found.items()}


@cache
def resource_model(service: str) -> JsonObject:
    """Return boto3's model of a service's resources; empty for a service without."""
    return _newest("boto3", service, "resources-1.json")


def http_method(service: str, operation: str) -> str:
    """Return the HTTP method of an operation."""
    method: str = service_model(service)["operations"][operation].get("http", {}).get("method", "POST")
    return method


@cache
def _data(library: str) -> Path | None:
    spec = find_spec(library)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "data"
    return folder if folder.is_dir() else None


def _newest(library: str, service: str, name: str) -> JsonObject:
    folder = _data(library)
    if folder is None or not service or not service.replace("-", "").isalnum():
        return {}
    if not (folder / service).is_dir():
        return {}
    # Versions are dates, so the last one is the newest.
    for version in sorted((folder / service).iterdir(), reverse=True):
        packed, plain = version / f"{name}.gz", version / name
        if packed.is_file():
            return dict(json.loads(gzip.decompress(packed.read_bytes())))
        if plain.is_file():
            return dict(json.loads(plain.read_bytes()))
    return {}
