"""The hook implementations of the format and of the target ``terraform``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.config import ConfigKey
from chalice_core.config.checks import flag
from chalice_core.hookspecs import hookimpl
from chalice_terraform.format import TerraformFormat
from chalice_terraform.kinds import RENDERERS
from chalice_terraform.null_data import CONFIG_KEY
from chalice_terraform.renderer import TARGET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice_core.kinds import Resource
    from chalice_core.plugins import Plugins
    from chalice_core.target import OutputFormat


class TerraformPlugin:
    """Offers the format, and renders the built-in kinds."""

    def __init__(self) -> None:
        self._formats: tuple[OutputFormat, ...] = ()

    @hookimpl
    def chalice_plugins_loaded(self, plugins: Plugins) -> None:
        """Remember whom the format asks for renderers."""
        self._formats = (TerraformFormat(plugins),)

    @hookimpl
    def chalice_config_keys(self) -> Sequence[ConfigKey]:
        """Add the key of the data source of old."""
        return [ConfigKey(name=CONFIG_KEY, scopes=frozenset({"top", "stage"}), check=flag)]

    @hookimpl
    def chalice_output_formats(self) -> Sequence[OutputFormat]:
        """Offer Terraform."""
        return self._formats

    @hookimpl
    def chalice_realise_kind(self, target: str, kind: type[Resource]) -> object | None:
        """Render the built-in kinds."""
        return RENDERERS.get(kind) if target == TARGET else None
