"""Merging a hand-written template into the generated one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

YAML_SUFFIXES = (".yaml", ".yml")


class TemplateNotFoundError(ToolError):
    """The template to merge is not there."""

    code = "sam-merge-template-not-found"

    def __init__(self, *, path: Path) -> None:
        super().__init__(
            what=f"Cannot find template file: {path}",
            why="There is no file of that name, or it cannot be read.",
            fix="Give the path of the template to merge, relative to the current folder.",
        )
        self.path = path


class TemplateUnreadableError(ToolError):
    """The template to merge is not what its name says."""

    code = "sam-merge-template-unreadable"

    def __init__(self, *, path: Path, form: str, problem: str) -> None:
        super().__init__(
            what=f"Expected {path} to be valid {form} template.",
            why=problem,
            fix="Correct the file; its top level is a mapping with sections such as Resources.",
        )
        self.path, self.form, self.problem = path, form, problem


def is_yaml(path: Path) -> bool:
    """Say whether the file is YAML, by its suffix."""
    return path.suffix.lower() in YAML_SUFFIXES


def read_template(path: Path) -> Mapping[str, Any]:
    """Read a template; YAML's short forms of intrinsic functions become the long ones.

    Raises:
        TemplateNotFoundError: there is no such file.
        TemplateUnreadableError: it does not hold a template.
        YamlMissingError: it is YAML, and no parser is installed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateNotFoundError(path=path) from error
    except UnicodeDecodeError as error:
        raise TemplateUnreadableError(path=path, form=_form(path), problem=str(error)) from error
    try:
        template = _parse_yaml(text) if is_yaml(path) else json.loads(text)
    except ValueError as error:
        raise TemplateUnreadableError(path=path, form=_form(path), problem=str(error)) from error
    if not isinstance(template, dict):
        problem = f"Its top level is a {type(template).__name__}."
        raise TemplateUnreadableError(path=path, form=_form(path), problem=problem)
    return template


def merged(template: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``template`` with ``over`` merged into it.

    Mappings merge by key, to any depth; everything else, lists too, is
    replaced by what ``over`` says.  An empty value says nothing: YAML gives
    one to a section without entries, and CloudFormation takes none.
    """
    result = dict(template)
    for key, value in over.items():
        if value is None:
            continue
        before = result.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            result[key] = merged(before, value)
        else:
            result[key] = value
    return result


def _form(path: Path) -> str:
    return "YAML" if is_yaml(path) else "JSON"


def _parse_yaml(text: str) -> Any:
    from chalice_sam.yaml_template import load

    return load(text)
