"""Packaging, as hook implementations.

Resolving needs nothing but its arguments.  Building calls other plugins'
hooks, so a builder is registered with each set of plugins once that is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chalice_core.artifact import BuildRequest, Built
from chalice_core.hookspecs import hookimpl
from chalice_core.plugins import Plugins
from chalice_packager.build import build_package
from chalice_packager.resolution import resolve
from chalice_packager.target import target_of

BUILDER = "packager-builder"
"""The name that the builder is registered under."""


class Builder:
    """Builds packages with the help of plugins.

    Args:
        plugins: whose hooks are called.
    """

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins

    # Registered last, so pluggy would ask it first; what a person installed outranks it.
    @hookimpl(trylast=True)
    def chalice_build_artifacts(self, request: BuildRequest) -> Built:
        """Build the deployment package."""
        return build_package(request, self._plugins)


@hookimpl
def chalice_plugins_loaded(plugins: Plugins) -> None:
    """Register a builder that knows the plugins."""
    plugins.register(Builder(plugins), BUILDER)


@hookimpl(trylast=True)
def chalice_resolve_dependencies(
    requirements: Sequence[str], request: BuildRequest, destination: Path
) -> Sequence[str]:
    """Resolve with pip."""
    return resolve(
        requirements,
        target_of(request),
        destination,
        interpreter=request.manifest.python.executable,
        project_dir=request.config.project_dir,
    )
