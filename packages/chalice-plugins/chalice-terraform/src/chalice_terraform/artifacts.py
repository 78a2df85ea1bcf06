"""How blocks name files that lie beside the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def code_arguments(file_name: str) -> Mapping[str, str]:
    """Return the arguments that upload a file, and do so again when its bytes are others.

    The path begins at the module: Terraform may run in another folder.

    Args:
        file_name: ``deployment.zip``.
    """
    path = f"${{path.module}}/{file_name}"
    return {"filename": path, "source_code_hash": f'${{filebase64sha256("{path}")}}'}
