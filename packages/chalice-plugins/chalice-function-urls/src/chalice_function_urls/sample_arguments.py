"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalice_core.samples import TEXT, ArgumentType, SampleArguments
from chalice_function_urls.sample import generate_function_url_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = SampleArguments(
    event="request",
    takes={
        "method": TEXT,
        "path": TEXT,
        "body": TEXT,
        "query_string": TEXT,
        "headers": ArgumentType(
            words="an object of texts",
            accepts=lambda value: (
                isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
            ),
        ),
        "json": ArgumentType(words="any value", accepts=lambda _: True),
    },
    fix='Give {"method": "POST", "path": "/", "json": {"any": "value"}}; "body", "headers" and '
    '"query_string" may be added, and all may be left out.',
)


def sample_from_arguments(arguments: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``method``, ``path``, ``body``, ``query_string`` (texts), ``headers`` (an object of
            texts), ``json`` (any value, in place of a body).
        options: of the declaration.

    Raises:
        SampleArgumentError: an argument is unknown, or of the wrong type.
    """
    given = _ARGUMENTS.read(arguments)
    headers = given.pop("headers", {})
    if "json" in given:
        if "body" in given:
            raise _ARGUMENTS.refusal("a request has one body: 'body' or 'json'.")
        given["body"] = json.dumps(given.pop("json"))
        headers = {"content-type": "application/json", **headers}
    auth_type = str(options.get("auth_type", "NONE"))
    return generate_function_url_event(**given, headers=headers, auth_type=auth_type)
