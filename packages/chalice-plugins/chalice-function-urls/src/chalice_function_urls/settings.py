"""What may be said of a URL, in the decorator and in the configuration: both take the same settings.

Limits: ``CreateFunctionUrlConfig`` and ``Cors``, AWS Lambda API Reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice_core.config.checks import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chalice_core.kinds import UrlAuthType

AUTH_TYPES = ("AWS_IAM", "NONE")
SETTINGS = ("auth_type", "cors", "invoke_mode")

_METHODS = ("*", "GET", "PUT", "HEAD", "POST", "PATCH", "DELETE")
_LONGEST_AGE = 86400
_MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlSettings:
    """The URL that a function gets.

    Args:
        auth_type: who may call it.
        cors: as Lambda's API takes it, or None.
    """

    auth_type: UrlAuthType = "AWS_IAM"
    cors: Mapping[str, Any] | None = None


def settings_of(given: Mapping[str, Any]) -> UrlSettings:
    """Return the settings that somebody gave, which have no `problems`; what is not said has its default."""
    cors = given.get("cors")
    if cors is True:
        cors = {"allow_origins": ["*"], "allow_methods": ["*"], "allow_headers": ["*"]}
    return UrlSettings(
        auth_type=given.get("auth_type") or "AWS_IAM",
        cors={_CORS[key][0]: value for key, value in cors.items()} if cors else None,
    )


def problems(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield a phrase for each thing that Lambda would refuse, such as "'auth_type' must be …"."""
    for name in given:
        if name not in SETTINGS:
            yield f"{name!r} is none of its settings, which are {', '.join(SETTINGS)}"
    auth_type = given.get("auth_type", "AWS_IAM")
    if auth_type not in AUTH_TYPES:
        yield f"'auth_type' must be one of {', '.join(AUTH_TYPES)}, not {shown(auth_type)}"
    mode = given.get("invoke_mode", "BUFFERED")
    if mode == "RESPONSE_STREAM":
        yield "'invoke_mode' cannot be \"RESPONSE_STREAM\", as Lambda's runtime for Python streams no answers"
    elif mode != "BUFFERED":
        yield f"'invoke_mode' must be \"BUFFERED\", not {shown(mode)}"
    cors = given.get("cors")
    if isinstance(cors, dict):
        yield from _cors_problems(cors)
    elif cors is not None and not isinstance(cors, bool):
        yield f"'cors' must be true, false or an object, not {shown(cors)}"


def _cors_problems(cors: Mapping[str, Any]) -> Iterator[str]:
    for name, value in cors.items():
        if name not in _CORS:
            yield f"'cors' has no {name!r}; it has {', '.join(_CORS)}"
        elif problem := _CORS[name][1](value):
            yield f"{name!r} of 'cors' {problem}"


def _texts(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    if good and len(value) <= _MOST_ENTRIES:
        return None
    return f"must be a list of at most {_MOST_ENTRIES} texts, not {shown(value)}"


def _methods(value: Any) -> str | None:
    # Lambda answers OPTIONS itself.
    if isinstance(value, list) and all(one in _METHODS for one in value) and len(value) < len(_METHODS):
        return None
    return f"must be a list of some of {', '.join(_METHODS)}, not {shown(value)}"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else f"must be true or false, not {shown(value)}"


def _age(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST_AGE:
        return None
    return f"must be an integer from 0 to {_LONGEST_AGE} (seconds), not {shown(value)}"


_CORS: Mapping[str, tuple[str, Callable[[Any], str | None]]] = {
    "allow_origins": ("AllowOrigins", _texts),
    "allow_methods": ("AllowMethods", _methods),
    "allow_headers": ("AllowHeaders", _texts),
    "expose_headers": ("ExposeHeaders", _texts),
    "allow_credentials": ("AllowCredentials", _flag),
    "max_age": ("MaxAge", _age),
}
"""Each setting's name in Lambda's API, and its check."""
