"""From the text of `.chalice/config.json` to a checked tree; every mistake is found in one go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from chalice_core.config import checks
from chalice_core.config.errors import ConfigSyntaxError, ConfigUnreadableError, ProjectNotFoundError
from chalice_core.config.keys import MAX_NAME, NAME_CHARACTERS, NAME_PATTERN, STRUCTURE
from chalice_core.config.model import ConfigKey, Scope

_PLACES: Mapping[Scope, str] = {
    "top": "at the top level",
    "stage": "within a stage",
    "function": 'within a function of "lambda_functions"',
}
_check_name = checks.matching(NAME_PATTERN, NAME_CHARACTERS, MAX_NAME)


def read_document(project_dir: Path) -> tuple[object, list[str]]:
    """Return the parsed file and the problems that only its text shows.

    Raises:
        ProjectNotFoundError: there is no such file.
        ConfigUnreadableError: it cannot be read.
        ConfigSyntaxError: it is not JSON.
    """
    path = project_dir / ".chalice" / "config.json"
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ProjectNotFoundError(project_dir=project_dir) from error
    except OSError as error:
        raise ConfigUnreadableError(path=path, reason=error.strerror or str(error)) from error
    problems: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(pairs)
        if len(mapping) < len(pairs):
            names = [name for name, _ in pairs]
            problems.extend(
                f"the key {checks.shown(name)} is given {names.count(name)} times in one object"
                for name in mapping
                if names.count(name) > 1
            )
        return mapping

    try:
        # Editors on Windows put a byte order mark in front.
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=unique), problems
    except UnicodeDecodeError as error:
        raise ConfigSyntaxError(path=path, problem=f"It is not UTF-8: {error.reason}") from error
    except json.JSONDecodeError as error:
        raise ConfigSyntaxError(
            path=path, problem=error.msg, line=error.lineno, column=error.colno
        ) from error
    except ValueError as error:
        raise ConfigSyntaxError(path=path, problem="A number in it has too many digits") from error
    except RecursionError as error:
        raise ConfigSyntaxError(path=path, problem="It is nested too deeply") from error


def find_problems(
    document: object, keys: Mapping[str, ConfigKey], obstacles: Sequence[str] = ()
) -> Iterator[str]:
    """Yield what is wrong with the whole configuration, a sentence without its full stop for each.

    Args:
        document: the parsed file.
        keys: all keys with a value, by name.
        obstacles: why plugins, which may add keys, are not in use.
    """
    if not isinstance(document, dict):
        yield f"it must be a JSON object, not {checks.shown(document)}"
        return
    yield from _version(document.get("version"))
    name = document.get("app_name")
    if name is None:
        yield 'the key "app_name" is missing; add "app_name": "YOUR-APP"'
    elif problem := _check_name(name):
        yield f'"app_name" {problem}'
    yield from _scope(document, "top", "", keys, obstacles)
    yield from _functions(document.get("lambda_functions"), "lambda_functions", keys, obstacles)
    stages = document.get("stages")
    if stages is None:
        return
    if not isinstance(stages, dict):
        yield f'"stages" must be an object, not {checks.shown(stages)}'
        return
    for stage, content in stages.items():
        where = f"stages.{stage}"
        if problem := _check_name(stage):
            yield f"the name of the stage {checks.shown(stage)} {problem}"
        if not isinstance(content, dict):
            yield f'"{where}" must be an object, not {checks.shown(content)}'
            continue
        yield from _scope(content, "stage", where, keys, obstacles)
        yield from _functions(content.get("lambda_functions"), f"{where}.lambda_functions", keys, obstacles)


def stage_problems(
    content: object, keys: Mapping[str, ConfigKey], *, filled_in_later: Callable[[Any], bool]
) -> Iterator[str]:
    """Yield what is wrong with what is said about one stage outside of the file.

    Args:
        content: as it would stand in the file.
        keys: all keys with a value, by name.
        filled_in_later: whether a value stands for another, which nobody can check yet.
    """
    if not isinstance(content, dict):
        yield f"it must be an object, not {checks.shown(content)}"
        return
    yield from _scope(content, "stage", "", keys, (), filled_in_later)
    yield from _functions(content.get("lambda_functions"), "lambda_functions", keys, (), filled_in_later)


def _known(_value: Any) -> bool:
    """Tell that nothing in the file is filled in later."""
    return False


def _version(version: object) -> Iterator[str]:
    """Accept what wrote this file in the past: nothing (1.0), ``"1.0"`` to ``"2.0"``, and numbers."""
    if version is None:
        return
    try:
        number = float(version) if isinstance(version, (str, int, float)) else None
    except (ValueError, OverflowError):
        number = None
    if number is None or isinstance(version, bool) or not 0 < number <= 2.0:
        yield f'"version" is {checks.shown(version)}, an unknown version; this one reads up to "2.0"'


def _scope(
    content: Mapping[str, Any],
    scope: Scope,
    where: str,
    keys: Mapping[str, ConfigKey],
    obstacles: Sequence[str],
    filled_in_later: Callable[[Any], bool] = _known,
) -> Iterator[str]:
    for name, value in content.items():
        path = f"{where}.{name}" if where else name
        scopes = STRUCTURE.get(name) or (keys[name].scopes if name in keys else None)
        if scopes is None:
            yield _unknown(path, name, [*STRUCTURE, *keys], obstacles)
        elif scope not in scopes:
            allowed = " or ".join(_PLACES[place] for place in ("top", "stage", "function") if place in scopes)
            yield f'"{path}" may not stand {_PLACES[scope]}, only {allowed}'
        elif name not in keys or value is None or filled_in_later(value):
            continue
        elif problem := keys[name].check(value):
            yield f'"{path}" {problem}'


def _functions(
    content: object,
    where: str,
    keys: Mapping[str, ConfigKey],
    obstacles: Sequence[str],
    filled_in_later: Callable[[Any], bool] = _known,
) -> Iterator[str]:
    if content is None:
        return
    if not isinstance(content, dict):
        yield f'"{where}" must be an object, not {checks.shown(content)}'
        return
    for name, values in content.items():
        if isinstance(values, dict):
            yield from _scope(values, "function", f"{where}.{name}", keys, obstacles, filled_in_later)
        else:
            yield f'"{where}.{name}" must be an object, not {checks.shown(values)}'


def _unknown(path: str, name: str, known: list[str], obstacles: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    advice = f'did you mean "{near[0]}"?' if near else " ".join(["no plugin in use adds it.", *obstacles])
    return f'"{path}" is no known key; {advice}'
