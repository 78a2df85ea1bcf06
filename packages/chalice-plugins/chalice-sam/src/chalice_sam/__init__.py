"""AWS SAM as an output format of Chalice applications.

A plugin adds a kind to the templates with a `Renderer`, which it returns
from ``chalice_realise_kind(target="sam", kind=…)``.
"""

from chalice_sam.intrinsics import Reference
from chalice_sam.naming import logical_id
from chalice_sam.renderer import (
    TARGET,
    FunctionEvent,
    KnownOutputs,
    Renderer,
    Rendering,
    Scope,
    TemplateResource,
    UnknownOutputError,
)

__all__ = [
    "TARGET",
    "FunctionEvent",
    "KnownOutputs",
    "Reference",
    "Renderer",
    "Rendering",
    "Scope",
    "TemplateResource",
    "UnknownOutputError",
    "logical_id",
]
