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


@hookimpl
def chalice_realise_kind(target: str, kind: type[Resource]) -> object | None:
    """Render the built-in kinds."""
    return RENDERERS.get(kind) if target == TARGET else None


@hookimpl
def chalice_plugins_loaded(plugins: Plugins) -> None:
    """Offer the format of these very plugins: it asks them for renderers, and a module keeps no state."""
    plugins.register(_Formats(plugins), "sam-format")


class _Formats:
    """Offers the format to those who write formats."""

    def __init__(self, plugins: Plugins) -> None:
        self._format = SamFormat(plugins)

    @hookimpl
    def chalice_output_formats(self) -> Sequence[OutputFormat]:
        return [self._format]
