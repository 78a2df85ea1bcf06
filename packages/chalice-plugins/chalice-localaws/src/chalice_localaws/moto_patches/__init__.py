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

from typing import TYPE_CHECKING

from chalice_localaws.moto_patches import (
    buckets,
    buses,
    event_source_mappings,
    functions,
    log_groups,
    queues,
    refusals,
    rest_apis,
    schedules,
    stacks,
    streams,
    topics,
    websocket_apis,
)
from chalice_localaws.moto_patches.patching import MotoChangedError, Patch, Patches

if TYPE_CHECKING:
    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["MotoChangedError", "Patch", "Patches", "all_patches", "install"]


def all_patches() -> tuple[Patch, ...]:
    """Return every patch, in the order in which they are applied."""
    return (
        *functions.PATCHES,
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
        *stacks.PATCHES,
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
    patches = Patches(all_patches())
    patches.apply(plane)
    return patches
