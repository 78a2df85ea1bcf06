"""The construct for AWS CDK apps, where it is looked for: ``from chalice.cdk import Chalice``.

It is `chalice_cdk.Chalice`, of the distribution chalice-cdk.  For development only: this module is not part
of deployment packages.
"""

from __future__ import annotations

try:
    from chalice_cdk import Chalice
except ModuleNotFoundError as error:
    if error.name != "chalice_cdk":
        raise
    raise ModuleNotFoundError(
        "chalice.cdk needs chalice-cdk, which is not installed for this Python.  Run "
        "`pip install 'chalice-cdk[cdk]'`.",
        name="chalice_cdk",
    ) from error

__all__ = ["Chalice"]
