"""Chalice applications in AWS CDK apps.

`Chalice` is the construct.  It needs ``chalice-cdk[cdk]``, and is imported when it is first asked for: the
output format of the same distribution needs no CDK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_cdk.errors import CdkMissingError, ChaliceError
from chalice_cdk.package_config import PackageConfig

if TYPE_CHECKING:
    from chalice_cdk.construct import Chalice

__all__ = ["CdkMissingError", "Chalice", "ChaliceError", "PackageConfig"]


def __getattr__(name: str) -> Any:
    if name != "Chalice":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from chalice_cdk.construct import Chalice
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in ("aws_cdk", "constructs", "jsii"):
            raise
        raise CdkMissingError(missing) from error
    return Chalice
