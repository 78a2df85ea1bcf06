"""``python -m chalice_localaws.embedded --project-dir DIR --port N``: runs until it is told to stop."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

# ``-m`` puts the working directory first, which is the state folder and no place to import from.
sys.path[:] = [entry for entry in sys.path if entry not in {"", str(Path.cwd())}]

from chalice_localaws.process_lock import LockHeldError, ProcessLock  # noqa: E402 - after the path is clean
from chalice_localaws.state import StateFolder  # noqa: E402 - the same

# Read by moto when it is imported.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
# moto would let pages of every site read and write; see `embedded.browsers`.
os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"


def main() -> int:
    """Serve one project.

    Returns:
        The exit status: 0 when it was told to stop, 1 when it could not start.
    """
    parser = argparse.ArgumentParser(prog="chalice_localaws.embedded")
    parser.add_argument("--project-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    state = StateFolder(arguments.project_dir)
    state.create()
    try:
        # Never released: the end of the process does it, so that a free lock means that it is gone.
        ProcessLock(state.server_lock).acquire()
    except LockHeldError:
        print(f"Another server runs for {state.project}.", file=sys.stderr)  # noqa: T201 - this is its log
        return 1
    # Imports moto, which takes a second.
    from chalice_localaws.embedded.server import serve

    return serve(state, arguments.port)


if __name__ == "__main__":
    sys.exit(main())
