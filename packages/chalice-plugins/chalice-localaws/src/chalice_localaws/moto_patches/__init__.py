"""Every change that is made to moto, and nothing else.

moto is the control plane: it keeps functions, queues and APIs and answers
their calls. Where it would also run something (in docker, or not at all), or
answers otherwise than AWS does in a way that a deployment notices, it is
patched here. Each patch says why it exists, and has a test that fails when the
name it replaces has moved or when stock moto has learned to do the job.

moto's version is pinned to a minor series, because most of these names are
not promised to stay.
"""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING

from chalice_localaws.moto_patches import (
    buckets,
    buses,
    domain_names,
    event_source_mappings,
    function_urls,
    functions,
    invoke_configs,
    log_groups,
    queues,
    refusals,
    rest_apis,
    schedules,
    streams,
    topics,
    websocket_apis,
)
from chalice_localaws.moto_patches.patching import MotoChangedError, Patch, Patches

if TYPE_CHECKING:
    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["LATE", "LateInstaller", "MotoChangedError", "Patch", "Patches", "all_patches", "install"]

LATE = {
    "cloudformation": "chalice_localaws.moto_patches.stacks",
    "cognito-idp": "chalice_localaws.moto_patches.user_pools",
}
"""Services by their signing names, and the modules with their patches: moto's CloudFormation imports all
that it can create."""


def all_patches() -> tuple[Patch, ...]:
    """Return every patch, in the order in which they are applied."""
    return (*_early(), *(patch for service in LATE for patch in _late(service)))


def _early() -> tuple[Patch, ...]:
    return (
        *functions.PATCHES,
        *function_urls.PATCHES,
        *invoke_configs.PATCHES,
        *event_source_mappings.PATCHES,
        *queues.PATCHES,
        *streams.PATCHES,
        *topics.PATCHES,
        *buckets.PATCHES,
        *buses.PATCHES,
        *schedules.PATCHES,
        *log_groups.PATCHES,
        *rest_apis.PATCHES,
        *websocket_apis.PATCHES,
        *domain_names.PATCHES,
        *refusals.PATCHES,
    )


def install(plane: Plane) -> Patches:
    """Apply all patches to the moto of this process.

    Args:
        plane: runs what moto only keeps.

    Returns:
        What takes the patches back.

    Raises:
        MotoChangedError: a name that a patch replaces has moved, or takes other arguments.
    """
    patches = Patches(_early())
    patches.apply(plane)
    return patches


class LateInstaller:
    """Applies the patches of services that take long to import, once somebody asks for the service.

    Args:
        plane: see `install`.
    """

    def __init__(self, plane: Plane) -> None:
        self._plane = plane
        self._lock = threading.Lock()
        self._installed: set[str] = set()

    def prepare(self, service: str) -> None:
        """Apply what belongs to a service, by its signing name; nothing for most, and the second time."""
        if service not in LATE:
            return
        with self._lock:
            if service not in self._installed:
                Patches(_late(service)).apply(self._plane)
                self._installed.add(service)


def _late(service: str) -> tuple[Patch, ...]:
    patches: tuple[Patch, ...] = importlib.import_module(LATE[service]).PATCHES
    return patches
