"""Start of the `chalice` command: the arguments come in, an exit status goes out."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from chalice_cli import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Args:
        arguments: without the program's name; None takes those of the process.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        # Asked by scripts and prompts all the time; needs nothing that has to be imported.
        sys.stdout.write(version_line() + "\n")
        return 0
    from chalice_cli._program import run

    return run(given)


def version_line() -> str:
    """Return ``chalice 0.1.0, python 3.11.7, linux 6.1.0``."""
    if hasattr(os, "uname"):
        uname = os.uname()
        system, release = uname.sysname.lower(), uname.release
    else:
        import platform

        system, release = platform.system().lower(), platform.release()
    python = ".".join(str(part) for part in sys.version_info[:3])
    return f"chalice {__version__}, python {python}, {system} {release}"


if __name__ == "__main__":
    sys.exit(main())
