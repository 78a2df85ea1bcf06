"""The Chalice runtime: decorators and dispatch for serverless Python applications, standard library only."""

from __future__ import annotations

from chalice.app import (
    BadRequestError,
    Chalice,
    ChaliceUnhandledError,
    ChaliceViewError,
    ConflictError,
    CORSConfig,
    ForbiddenError,
    NotFoundError,
    Response,
    TooManyRequestsError,
    UnauthorizedError,
    UnprocessableEntityError,
    __version__,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chalice._names import *  # noqa: F403
else:

    def __getattr__(name):
        """Find a name that an installed distribution offers, such as `SQSEvent`."""
        if name[0] == "_":
            # Python asking for `__path__` at every import, not an application.
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from chalice.extensions import find_export

        return find_export(name, __name__)


__all__ = [
    "BadRequestError",
    "CORSConfig",
    "Chalice",
    "ChaliceUnhandledError",
    "ChaliceViewError",
    "ConflictError",
    "ForbiddenError",
    "NotFoundError",
    "Response",
    "TooManyRequestsError",
    "UnauthorizedError",
    "UnprocessableEntityError",
    "__version__",
]
