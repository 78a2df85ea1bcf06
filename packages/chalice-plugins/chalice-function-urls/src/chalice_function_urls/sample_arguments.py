"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_function_urls.sample import generate_function_url_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXTS = ("method", "path", "body", "query_string")


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none."""

    code = "function-url-sample-argument"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what=f"No sample request can be made: {problem}",
            fix='Give {"method": "POST", "path": "/", "json": {"any": "value"}}; "body", "headers" and '
            '"query_string" may be added, and all may be left out.',
        )
        self.problem = problem


def sample_from_arguments(arguments: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``method``, ``path``, ``body``, ``query_string`` (texts), ``headers`` (an object of
            texts), ``json`` (any value, in place of a body).
        options: of the declaration.

    Raises:
        SampleArgumentError: an argument is unknown, or of the wrong type.
    """
    given = dict(arguments)
    for name, value in arguments.items():
        if name not in (*_TEXTS, "headers", "json"):
            raise SampleArgumentError(problem=f"it has no argument {name!r}.")
        if name in _TEXTS and not isinstance(value, str):
            raise SampleArgumentError(problem=f"{name!r} must be a text, not {value!r}.")
    headers = given.pop("headers", {})
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise SampleArgumentError(problem=f"'headers' must be an object of texts, not {headers!r}.")
    if "json" in given:
        if "body" in given:
            raise SampleArgumentError(problem="a request has one body: 'body' or 'json'.")
        given["body"] = json.dumps(given.pop("json"))
        headers = {"content-type": "application/json", **headers}
    auth_type = str(options.get("auth_type", "NONE"))
    return generate_function_url_event(**given, headers=headers, auth_type=auth_type)
