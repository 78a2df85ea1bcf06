"""Which partition of AWS a region belongs to, and how hosts are called there.

Source: the ``partitions.json`` that botocore carries.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Partition:
    """A part of AWS with accounts of its own.

    Args:
        name: ``aws``, ``aws-cn``, ``aws-us-gov``.
        dns_suffix: what the names of hosts end with, ``amazonaws.com``.
    """

    name: str
    dns_suffix: str


@functools.cache
def partition_of(region: str) -> Partition:
    """Return the partition of a region; one that botocore does not know yet counts as ``aws``."""
    from botocore.loaders import Loader

    every = Loader().load_data("partitions")["partitions"]
    for one in every:
        if region in one["regions"] or re.fullmatch(one["regionRegex"], region):
            return Partition(one["id"], one["outputs"]["dnsSuffix"])
    return Partition(every[0]["id"], every[0]["outputs"]["dnsSuffix"])
