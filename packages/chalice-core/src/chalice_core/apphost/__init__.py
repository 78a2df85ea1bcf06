"""The app host: the project's own Python, asked what the application declares.

The tools never import an application.  They choose an interpreter, start
``python -m chalice.host describe`` with it, and read a document from a channel
of its own.  docs/design/processes.md describes both sides.
"""

from chalice_core.apphost.client import describe
from chalice_core.apphost.errors import (
    AppHostFailedError,
    AppTimeoutError,
    InterpreterError,
    PredecessorInstalledError,
    PythonTooOldError,
    RuntimeMissingError,
)
from chalice_core.apphost.interpreter import choose_interpreter

__all__ = [
    "AppHostFailedError",
    "AppTimeoutError",
    "InterpreterError",
    "PredecessorInstalledError",
    "PythonTooOldError",
    "RuntimeMissingError",
    "choose_interpreter",
    "describe",
]
