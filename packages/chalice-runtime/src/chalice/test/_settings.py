"""What ``.chalice/config.json`` says about how functions run, and their environment while they do."""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_API_HANDLER = "api_handler"
_DEFAULT_TIMEOUT = 900
_DEFAULT_MEMORY = 128


class ProjectConfigError(Exception):
    """``.chalice/config.json`` cannot be used; the message says why."""


class Settings:
    """The configuration of one stage.

    Args:
        project: The folder that may hold ``.chalice/config.json``.
        stage: The stage's name.

    Attributes:
        stage: See above.
        app_name: The application's name in the configuration, or None.

    Raises:
        ProjectConfigError: The configuration cannot be used.
    """

    def __init__(self, project: Path, stage: str) -> None:
        self.stage = stage
        document = _read_config(project / ".chalice" / "config.json")
        stages = _object(document, "stages", "config.json")
        chosen = _object(stages, stage, "stages")
        self.app_name = document.get("app_name")
        # From the general to the particular: the last one wins.
        self._levels = [document, chosen]
        self._functions = [
            _object(document, "lambda_functions", "config.json"),
            _object(chosen, "lambda_functions", f"stage {stage!r}"),
        ]

    @property
    def api_gateway_stage(self) -> str:
        """The stage of the REST API and of the WebSocket API, first segment of their public paths."""
        return str(self._value("api_gateway_stage", _API_HANDLER, "api"))

    def memory_size(self, function: str) -> int:
        """Return the memory of a function in MB."""
        return int(self._value("lambda_memory_size", function, _DEFAULT_MEMORY))

    def timeout(self, function: str) -> int:
        """Return the time limit of a function in seconds."""
        return int(self._value("lambda_timeout", function, _DEFAULT_TIMEOUT))

    @contextmanager
    def environment(self, function: str) -> Iterator[None]:
        """Set the function's environment variables for the duration of a call."""
        variables: dict[str, str] = {}
        for level in self._levels_of(function):
            variables.update(_object(level, "environment_variables", "config.json"))
        # Null takes a name out that a more general level sets.
        variables = {name: value for name, value in variables.items() if value is not None}
        for name, value in variables.items():
            if not isinstance(value, str):
                raise ProjectConfigError(
                    f"The environment variable {name!r} in config.json must be a string, not {value!r}."
                )
        _environment.enter(variables)
        try:
            yield
        finally:
            _environment.leave(variables)

    def _levels_of(self, function: str) -> list[Mapping[str, Any]]:
        general, stage = self._levels
        in_general, in_stage = self._functions
        named = f"lambda_functions of {function!r}"
        return [general, _object(in_general, function, named), stage, _object(in_stage, function, named)]

    def _value(self, key: str, function: str, default: Any) -> Any:
        return next(
            (level[key] for level in reversed(self._levels_of(function)) if level.get(key) is not None),
            default,
        )


class _Environment:
    """The variables of the calls that run now.

    There is one environment for all threads.  A variable has the value of the call that began last, for as
    long as any call has it, and what it was before when the last of them ends: so calls that overlap in
    threads, or in one another, end in the environment that they began in, in whatever order they end.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Mapping[str, str]] = []
        self._before: dict[str, str | None] = {}

    def enter(self, variables: Mapping[str, str]) -> None:
        with self._lock:
            self._calls.append(variables)
            for name, value in variables.items():
                self._before.setdefault(name, os.environ.get(name))
                os.environ[name] = value

    def leave(self, variables: Mapping[str, str]) -> None:
        with self._lock:
            # By identity: another call may have equal variables.
            at = next(index for index, known in enumerate(self._calls) if known is variables)
            del self._calls[at]
            for name in variables:
                values = [known[name] for known in self._calls if name in known]
                value = values[-1] if values else self._before.pop(name)
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


_environment = _Environment()


def _read_config(file: Path) -> Mapping[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ProjectConfigError(f"{file} is not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise ProjectConfigError(f"{file} must hold a JSON object.")
    return document


def _object(document: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = document.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ProjectConfigError(f"In {where}, {key!r} must be a JSON object, not {value!r}.")
    return value
