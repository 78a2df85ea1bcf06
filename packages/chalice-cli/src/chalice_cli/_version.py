"""What `chalice --version` says; imports next to nothing, for it is asked all the time."""

from __future__ import annotations

import os
import sys

from chalice_cli import __version__


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
