"""Packaging, as hook implementations: a plugin object for each run, which keeps the plugins that it asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chalice_core.artifact import BuildRequest, Built
from chalice_core.hookspecs import hookimpl
from chalice_core.plugins import Plugins
from chalice_packager.build import build_package
from chalice_packager.resolution import resolve
from chalice_packager.target import target_of


class PackagerPlugin:
    """Builds packages with the help of plugins, and resolves with pip what no other plugin resolves."""

    def __init__(self) -> None:
        # Alone until `chalice_plugins_loaded` says who else there is.
        self._plugins = Plugins()

    @hookimpl
    def chalice_plugins_loaded(self, plugins: Plugins) -> None:
        """Remember whose hooks are called."""
        self._plugins = plugins

    @hookimpl(trylast=True)
    def chalice_build_artifacts(self, request: BuildRequest) -> Built:
        """Build the deployment package."""
        return build_package(request, self._plugins)

    @hookimpl(trylast=True)
    def chalice_resolve_dependencies(
        self, requirements: Sequence[str], request: BuildRequest, destination: Path
    ) -> Sequence[str]:
        """Resolve with pip."""
        return resolve(
            requirements,
            target_of(request),
            destination,
            interpreter=request.manifest.python.executable,
            project_dir=request.config.project_dir,
        )
