"""Project templates: what `chalice new-project` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTemplate:
    """A new project.

    Args:
        name: as ``--project-type`` takes it, ``rest-api``.
        summary: one line for a menu.
        files: relative name (forward slashes) to text; ``{{app_name}}`` stands for the application's name.
            ``.chalice/config.json`` is added when it is not among them, in no folder.
    """

    name: str
    summary: str
    files: Mapping[str, str]
