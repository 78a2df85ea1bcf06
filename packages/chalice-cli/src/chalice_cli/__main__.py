"""Start of the `chalice` command: the arguments come in, an exit status goes out."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from chalice_cli._version import version_line


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


if __name__ == "__main__":
    sys.exit(main())
