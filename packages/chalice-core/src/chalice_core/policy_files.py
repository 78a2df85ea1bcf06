"""Policies that a project writes by hand, as JSON files in its `.chalice` folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalice_core.config import StageConfig


@dataclass(slots=True)
class PolicyFiles:
    """Reads each file once and remembers what was wrong.

    Args:
        config: of the stage.
        problems: a sentence for each file that cannot be used.
    """

    config: StageConfig
    problems: list[str] = field(default_factory=list)
    _read: dict[Path, Mapping[str, Any]] = field(default_factory=dict)

    def read_all(self, functions: Iterable[str]) -> None:
        """Read what these functions and the API will ask for, so that ``problems`` is complete."""
        self.of_api()
        for name in functions:
            settings = self.config.function(name)
            if settings.manage_iam_role and not settings.autogen_policy:
                self.of_function(name)

    def of_function(self, name: str) -> Mapping[str, Any]:
        """Return the IAM policy of a function that has ``autogen_policy`` off."""
        file = self.config.function(name).iam_policy_file or f"policy-{self.config.stage}.json"
        return self._policy(file, f'the IAM policy of the function {name!r} ("iam_policy_file")')

    def of_api(self) -> Mapping[str, Any] | None:
        """Return the API's hand-written resource policy, or None when there is none."""
        file = self.config.api_gateway_policy_file
        return None if file is None else self._policy(file, 'the API\'s policy ("api_gateway_policy_file")')

    def _policy(self, file: str, purpose: str) -> Mapping[str, Any]:
        path = self.config.project_dir / ".chalice" / file
        if path not in self._read:
            self._read[path] = self._parse(path, purpose)
        return self._read[path]

    def _parse(self, path: Path, purpose: str) -> Mapping[str, Any]:
        try:
            document = json.loads(path.read_bytes())
        except FileNotFoundError:
            self.problems.append(f"There is no file {path}, which should hold {purpose}.")
            return {}
        except OSError as error:
            self.problems.append(f"{path}, {purpose}, cannot be read: {error.strerror}.")
            return {}
        except (ValueError, RecursionError) as error:
            self.problems.append(f"{path}, {purpose}, is not valid JSON: {error}.")
            return {}
        # Anything else is left to IAM, which knows its own language best.
        if not isinstance(document, dict) or "Statement" not in document:
            self.problems.append(f'{path}, {purpose}, is no policy: it must be an object with "Statement".')
            return {}
        return document
