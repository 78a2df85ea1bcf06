"""Terraform as an output format of Chalice applications.

A plugin adds a kind to the configuration with a `Renderer`, which it returns
from ``chalice_realise_kind(target="terraform", kind=…)``.
"""

from chalice_terraform.expressions import Expression, Referring
from chalice_terraform.naming import identifier
from chalice_terraform.renderer import (
    TARGET,
    KnownOutputs,
    Renderer,
    Rendering,
    Scope,
    SharedResource,
    TerraformResource,
    UnknownOutputError,
)

__all__ = [
    "TARGET",
    "Expression",
    "KnownOutputs",
    "Referring",
    "Renderer",
    "Rendering",
    "Scope",
    "SharedResource",
    "TerraformResource",
    "UnknownOutputError",
    "identifier",
]
