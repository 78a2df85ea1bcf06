"""What the hooks' specifications ask for, checked where a plugin answers.

A plugin is not type-checked by anybody but its author.  What it answers is
looked at before it goes anywhere else, since here its name is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from chalice_core.plugins.errors import HookAnswerError
from chalice_core.plugins.info import PluginInfo


def checked(answer: Any, *, hook: str, arguments: Mapping[str, Any], plugin: PluginInfo) -> Any:
    """Return what a plugin answered, if it is what the hook asks for.

    Args:
        answer: the answer; None, which contributes or claims nothing, always is right.
        hook: the hook's name.
        arguments: what the plugin was called with, by name.
        plugin: whose answer it is.

    Returns:
        The answer; where a sequence is asked for, an iterator as a tuple.

    Raises:
        HookAnswerError: it is something else.
    """
    if answer is None:
        return None
    items, whole = _asked_for()
    if hook in whole:
        if isinstance(answer, whole[hook]):
            return answer
        raise HookAnswerError(
            hook=hook,
            answer=answer,
            plugin=plugin,
            about=_subject(arguments),
            expected=f"a {whole[hook].__name__}",
        )
    if hook not in items:
        return answer
    asked = items[hook]
    expected = (
        f"a sequence of {asked.__name__}" if isinstance(asked, type) else "a sequence of objects with a name"
    )
    # A string is a sequence of strings, and never what was meant.
    if isinstance(answer, str) or not isinstance(answer, Iterable):
        raise HookAnswerError(
            hook=hook, answer=answer, plugin=plugin, about=_subject(arguments), expected=expected
        )
    # An iterator runs the plugin's code: here, where its failures are caught.
    listed = tuple(answer) if isinstance(answer, Iterator) else answer
    for item in listed:
        fits = isinstance(item, asked) if asked is not None else isinstance(getattr(item, "name", None), str)
        if not fits:
            raise HookAnswerError(
                hook=hook, answer=item, plugin=plugin, about=_subject(arguments), expected=expected
            )
    return listed


@cache
def _asked_for() -> tuple[Mapping[str, type | None], Mapping[str, type]]:
    """Return the types of items, None for what is known by its name only, and the types of whole answers."""
    # Imported late: some of these modules need the plugins.
    from chalice_core.artifact import Built, PackageFile
    from chalice_core.config import ConfigKey
    from chalice_core.graph import Graph
    from chalice_core.kinds import Resource
    from chalice_core.target import LocalAws

    return (
        {
            "chalice_config_keys": ConfigKey,
            "chalice_validate_app": str,
            "chalice_lower_event": Resource,
            "chalice_add_resources": Resource,
            "chalice_resolve_dependencies": str,
            "chalice_package_files": PackageFile,
            "chalice_deployment_targets": None,
            "chalice_output_formats": None,
            "chalice_local_services": None,
            "chalice_project_templates": None,
        },
        {
            "chalice_adjust_graph": Graph,
            "chalice_build_artifacts": Built,
            "chalice_sample_event": Mapping,
            "chalice_local_aws": LocalAws,
        },
    )


def _subject(arguments: Mapping[str, Any]) -> str | None:
    """Say what the hook was asked about, where it is called for one thing after the other."""
    event = arguments.get("event")
    return None if event is None else f"@app.{event.decorator} of {event.function!r}"
