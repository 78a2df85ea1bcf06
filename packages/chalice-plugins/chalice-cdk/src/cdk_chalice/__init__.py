"""The construct under the name that earlier CDK apps import it by: ``from cdk_chalice import Chalice``.

Its signature is the one that those apps call; `chalice_cdk.Chalice` is the same construct.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import chalice_cdk
from chalice_cdk import ChaliceError, PackageConfig

if TYPE_CHECKING:
    from cdk_chalice._construct import Chalice

__all__ = ["Chalice", "ChaliceError", "PackageConfig"]


def __getattr__(name: str) -> Any:
    if name != "Chalice":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Says what to install when the CDK is missing.
    _ = chalice_cdk.Chalice
    from cdk_chalice._construct import Chalice

    return Chalice
