"""The tooling half of function URLs: hook implementations, which recognise and delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.hookspecs import hookimpl
from chalice_function_urls.declared import CONFIG_KEY, SOURCE, app_problems, urls
from chalice_function_urls.lowering import lower
from chalice_function_urls.sample_arguments import sample_from_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice_core.config import ConfigKey, StageConfig
    from chalice_core.kinds import Function, Resource
    from chalice_core.manifest import App, EventDeclaration


@hookimpl
def chalice_config_keys() -> Sequence[ConfigKey]:
    """Add the key ``function_url``."""
    return (CONFIG_KEY,)


@hookimpl
def chalice_validate_app(app: App, config: StageConfig) -> Sequence[str]:
    """Report what Lambda would refuse, and functions that can have no URL."""
    return list(app_problems(app, config))


@hookimpl
def chalice_lower_event(event: EventDeclaration) -> Sequence[Resource] | None:
    """Claim the declarations of this family; their URLs are added with those of the configuration."""
    return () if event.source == SOURCE else None


@hookimpl
def chalice_add_resources(app: App, functions: Sequence[Function], config: StageConfig) -> Sequence[Resource]:
    """Add the URLs of functions."""
    wanted = urls(app, config)
    own = [function for function in functions if function.name in wanted]
    return [resource for function in own for resource in lower(function, wanted[function.name])]


@hookimpl
def chalice_sample_event(event: EventDeclaration, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Make the event of a request."""
    return sample_from_arguments(arguments, event.options) if event.source == SOURCE else None
