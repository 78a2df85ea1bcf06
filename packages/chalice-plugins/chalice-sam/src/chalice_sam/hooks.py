"""The hook implementations of the format ``cloudformation`` and of the target ``sam``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.hookspecs import hookimpl
from chalice_sam.format import SamFormat
from chalice_sam.kinds import RENDERERS
from chalice_sam.renderer import TARGET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice_core.kinds import Resource
    from chalice_core.plugins import Plugins
    from chalice_core.target import OutputFormat


class SamPlugin:
    """Offers the format, and renders the built-in kinds."""

    def __init__(self) -> None:
        self._formats: tuple[OutputFormat, ...] = ()

    @hookimpl
    def chalice_plugins_loaded(self, plugins: Plugins) -> None:
        """Remember whom the format asks for renderers."""
        self._formats = (SamFormat(plugins),)

    @hookimpl
    def chalice_output_formats(self) -> Sequence[OutputFormat]:
        """Offer SAM."""
        return self._formats

    @hookimpl
    def chalice_realise_kind(self, target: str, kind: type[Resource]) -> object | None:
        """Render the built-in kinds."""
        return RENDERERS.get(kind) if target == TARGET else None
