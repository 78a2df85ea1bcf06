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
    # ruff: noqa: F405  the names are that module's, which linters do not look into.
    from chalice import _names
    from chalice._names import *  # noqa: F403

    __all__ = [
        "AuthResponse",
        "AuthRoute",
        "BadRequestError",
        "Blueprint",
        "CORSConfig",
        "Chalice",
        "ChaliceUnhandledError",
        "ChaliceViewError",
        "CognitoUserPoolAuthorizer",
        "ConflictError",
        "ConvertToMiddleware",
        "Cron",
        "CustomAuthorizer",
        "ForbiddenError",
        "IAMAuthorizer",
        "NotFoundError",
        "Rate",
        "Response",
        "TooManyRequestsError",
        "UnauthorizedError",
        "UnprocessableEntityError",
        "WebsocketDisconnectedError",
        "__version__",
    ]
    # To Pyright a name is the package's own only when it is listed, or imported one by one.
    __all__ += _names.__all__
else:

    def __getattr__(name):
        """Find a name that an installed distribution offers, such as `SQSEvent`."""
        if name == "__all__":
            from chalice.extensions import starred

            return starred(key for key, value in globals().items() if isinstance(value, type))
        if name[0] == "_":
            # Python asking for `__path__` at every import, not an application.
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from chalice.extensions import find_export

        return find_export(name, __name__)
