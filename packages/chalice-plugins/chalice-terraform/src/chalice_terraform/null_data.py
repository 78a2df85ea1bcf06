"""The data source of old that tells files beside the configuration the application and the stage.

``data.null_data_source.chalice.outputs.app`` is what existing files refer to.  It is deprecated, and asks for
a provider that does nothing else here, so it is written only where it is needed: when the configuration says
so, or else when a Terraform file of the project refers to it.  ``local.chalice_app`` and
``local.chalice_stage`` say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chalice_core.config import StageConfig

CONFIG_KEY = "terraform_null_data_source"
"""True writes the data source, false does not; without it the project's files decide."""

FILE = "chalice-null.tf.json"

_REFERENCE = "null_data_source.chalice"
_DEPTH = 3


def null_data_document(config: StageConfig) -> Mapping[str, Any] | None:
    """Return the file with the data source, or None when nobody needs it."""
    wanted = config.extra.get(CONFIG_KEY)
    if wanted is False or (wanted is None and not _is_referred_to(config.project_dir)):
        return None
    return {
        "terraform": {
            "required_providers": {"null": {"source": "hashicorp/null", "version": ">= 3.0.0, < 4.0.0"}}
        },
        "data": {
            "null_data_source": {
                "chalice": {"inputs": {"app": "${local.chalice_app}", "stage": "${local.chalice_stage}"}}
            }
        },
    }


def _is_referred_to(project: Path) -> bool:
    return any(
        _REFERENCE in path.read_text(encoding="utf-8", errors="replace") for path in _files(project, 1)
    )


def _files(folder: Path, depth: int) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            # An environment of Python is deep and wide, and holds nothing of Terraform's.
            if depth < _DEPTH and not (path / "pyvenv.cfg").exists():
                yield from _files(path, depth + 1)
        elif path.name.endswith((".tf", ".tf.json")) and path.name != FILE:
            yield path
