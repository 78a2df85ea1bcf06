"""Command line of the app host."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from pathlib import Path
from typing import BinaryIO


def main(arguments: list[str] | None = None) -> int:
    """Run ``describe`` or ``serve``.

    Args:
        arguments: Without the program's name; `sys.argv` by default.

    Returns:
        The exit status: 0 when a document was written, whatever it says.
    """
    options = _parser().parse_args(arguments)
    if options.command == "serve":
        from chalice.host.serve import main as serve

        return serve([options.handler])
    from chalice.host.describe import describe

    manifest = _open_manifest(options.manifest_fd, options.manifest_handle)
    started = os.getpid()
    document = describe(options.project_dir.resolve())
    if os.getpid() != started:
        # The application forked while it was imported; the tool hears from the process that it started.
        return 0
    with manifest:
        manifest.write(document)
    _end_stray_threads()
    return 0


def _end_stray_threads() -> None:
    """End the process at once when a thread of the application would keep it alive."""
    if any(not one.daemon for one in threading.enumerate() if one is not threading.main_thread()):
        for stream in (sys.stdout, sys.stderr):
            # The application may have taken them away.
            if stream is not None and not stream.closed:
                stream.flush()
        os._exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m chalice.host", description="The application's side of the tools."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    describe = commands.add_parser("describe", help="import the application and write its manifest")
    describe.add_argument(
        "--project-dir", type=Path, required=True, metavar="DIR", help="the folder of app.py"
    )
    where = describe.add_mutually_exclusive_group(required=True)
    where.add_argument("--manifest-fd", type=int, metavar="N", help="an inherited descriptor to write to")
    where.add_argument(
        "--manifest-handle", type=int, metavar="H", help="an inherited Windows handle to write to"
    )
    serve = commands.add_parser("serve", help="run one Lambda function against a Runtime API")
    serve.add_argument("handler", metavar="HANDLER", help="module.function")
    return parser


def _open_manifest(descriptor: int | None, handle: int | None) -> BinaryIO:
    """Open what the tool handed down; processes that the application starts must not hold it open."""
    if descriptor is None:
        descriptor = _descriptor_of(handle or 0)
    os.set_inheritable(descriptor, False)
    return os.fdopen(descriptor, "wb")


def _descriptor_of(handle: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(handle, os.O_WRONLY)
    raise SystemExit("--manifest-handle is for Windows; pass --manifest-fd.")


if __name__ == "__main__":
    sys.exit(main())
