"""What this distribution adds to the tools.

The target ``aws`` with its answers for core's kinds, and the permissions that functions need for what their
source calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from chalice_core.hookspecs import hookimpl

if TYPE_CHECKING:
    from chalice_core.config import StageConfig
    from chalice_core.kinds import Function, Resource
    from chalice_core.manifest import App
    from chalice_core.plugins import Plugins
    from chalice_core.target import DeploymentTarget
    from chalice_deploy.handler import KindHandler

TARGET = "aws"


class AwsPlugin:
    """The hook implementations; one object per run of a tool, for it keeps that run's plugins."""

    def __init__(self) -> None:
        self._plugins: Plugins | None = None

    @hookimpl
    def chalice_plugins_loaded(self, plugins: Plugins) -> None:
        """Keep the plugins, to ask them for handlers."""
        self._plugins = plugins

    @hookimpl
    def chalice_deployment_targets(self) -> Sequence[DeploymentTarget]:
        """Offer AWS."""
        from chalice_deploy.target import AwsTarget

        return [AwsTarget(self._realise)]

    @hookimpl
    def chalice_realise_kind(self, target: str, kind: type[Resource]) -> object | None:
        """Answer for core's own kinds."""
        if target != TARGET:
            return None
        from chalice_deploy.kinds import HANDLERS

        return HANDLERS.get(kind)

    @hookimpl
    def chalice_add_resources(
        self, app: App, functions: Sequence[Function], config: StageConfig
    ) -> Sequence[Resource]:
        """Grant what the application's source calls, to roles whose policy is generated."""
        from chalice_deploy.policies.generation import grants

        return grants(app, functions, config)

    def _realise(self, kind: type[Resource]) -> KindHandler:
        from chalice_core.plugins import realisation_of
        from chalice_deploy.handler import KindHandler

        if self._plugins is None:
            raise RuntimeError("chalice_plugins_loaded has not been called")
        return cast("KindHandler", realisation_of(self._plugins, TARGET, kind, protocol=KindHandler))
