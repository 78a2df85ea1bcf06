"""The hook implementations of the output format ``cdk`` and of the project template ``cdk-ddb``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_cdk.format import CdkFormat
from chalice_cdk.project import TEMPLATE
from chalice_core.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice_core.plugins import Plugins
    from chalice_core.target import OutputFormat
    from chalice_core.template import ProjectTemplate


class CdkPlugin:
    """Offers the format and the template."""

    def __init__(self) -> None:
        self._formats: tuple[OutputFormat, ...] = ()

    @hookimpl
    def chalice_plugins_loaded(self, plugins: Plugins) -> None:
        """Remember whom the format asks for the SAM template."""
        self._formats = (CdkFormat(plugins),)

    @hookimpl
    def chalice_output_formats(self) -> Sequence[OutputFormat]:
        """Offer a CDK app."""
        return self._formats

    @hookimpl
    def chalice_project_templates(self) -> Sequence[ProjectTemplate]:
        """Offer an application with a table, in a CDK app."""
        return (TEMPLATE,)
