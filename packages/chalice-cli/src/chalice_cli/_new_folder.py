"""A new folder with files in it, there as a whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_folder(folder: Path, files: Mapping[str, str], names: Mapping[str, str]) -> None:
    """Write files beside a folder that does not exist, and move them there together.

    Args:
        folder: where they are in the end.
        files: relative name (forward slashes) to text.
        names: what stands for ``{{key}}`` in names and texts, by key.

    Raises:
        OSError: they cannot be written; then there is no such folder.
    """
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        staged = Path(scratch, "new")
        staged.mkdir()
        for relative, text in files.items():
            target = staged / _filled(relative, names)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_filled(text, names), encoding="utf-8", newline="\n")
        shutil.move(staged, folder)


def _filled(text: str, names: Mapping[str, str]) -> str:
    for key, value in names.items():
        text = text.replace("{{" + key + "}}", value)
    return text
