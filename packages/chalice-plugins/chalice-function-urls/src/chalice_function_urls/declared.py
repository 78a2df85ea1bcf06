"""Which functions of an application have a URL: what decorators say, and what the configuration does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.config import ConfigKey
from chalice_core.config.checks import shown
from chalice_function_urls.settings import UrlSettings, problems, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice_core.config import StageConfig
    from chalice_core.manifest import App

SOURCE = "function_url"
"""The family's key in the manifest."""

KEY = "function_url"
API_HANDLER = "api_handler"


def _check(value: Any) -> str | None:
    if value is False:
        return None
    if not isinstance(value, dict):
        return f"must be false or an object with settings of the URL, not {shown(value)}"
    found = "; ".join(problems(value))
    return f"has mistakes: {found}" if found else None


CONFIG_KEY = ConfigKey(name=KEY, scopes=frozenset({"top", "stage", "function"}), check=_check)


def urls(app: App, config: StageConfig) -> dict[str, UrlSettings]:
    """Return the settings of each URL by the function's logical name.

    What the configuration says of a function counts more than its decorator, setting by setting.
    """
    declared = _declared(app)
    found: dict[str, UrlSettings] = {}
    for name in _named(app):
        said = _said(name, config)
        if said is False or (said is None and name not in declared):
            continue
        found[name] = settings_of({**declared.get(name, {}), **(said or {})})
    return found


def app_problems(app: App, config: StageConfig) -> Iterator[str]:
    """Yield a sentence for each thing that Lambda would refuse, and each function that can have no URL."""
    declared = _declared(app)
    for event in app.events:
        if event.source == SOURCE:
            where = f"{event.decorator} on {event.function!r}"
            yield from (f"{where}: {problem}." for problem in problems(event.options))
    for function in app.functions:
        other = function.kind != "pure" and function.name not in declared
        if other and _said(function.name, config) not in (None, False):
            yield (
                f'"{KEY}" is for the API handler, pure Lambda functions and those of @app.on_function_url; '
                f"{function.name!r} is called with events of another sort."
            )


def _declared(app: App) -> dict[str, Mapping[str, Any]]:
    return {event.function: event.options for event in app.events if event.source == SOURCE}


def _named(app: App) -> tuple[str, ...]:
    own = (function.name for function in app.functions)
    return (*((API_HANDLER,) if app.routes else ()), *own)


def _said(name: str, config: StageConfig) -> Any:
    """Return what the configuration says of a function's URL; None when it says nothing.

    A setting of the stage, or of the whole file, is the API's: a URL for every function, perhaps open to
    everybody, is what nobody means.  Functions inherit it as they do every key, and it is theirs only when
    it stands at their name.
    """
    said = config.function(name).extra.get(KEY)
    wide = config.default_function.extra.get(KEY)
    # The very object, not an equal one: a function may well say the same for itself.
    inherited = said is wide
    return None if inherited and name != API_HANDLER else said
