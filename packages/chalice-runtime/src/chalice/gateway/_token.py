"""The claims in a JSON Web Token, without a look at its signature.

See https://www.rfc-editor.org/rfc/rfc7519
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any


class MalformedTokenError(Exception):
    """A text is no JSON Web Token."""


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims of a token in compact form, ``header.payload.signature``.

    Raises:
        MalformedTokenError: It is no such token.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise MalformedTokenError
    _object(parts[0])
    return _object(parts[1])


def _object(part: str) -> dict[str, Any]:
    try:
        text = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        value = json.loads(text, parse_constant=_no_json)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise MalformedTokenError from error
    if not isinstance(value, dict):
        raise MalformedTokenError
    return value


def _no_json(constant: str) -> None:
    """Refuse ``NaN`` and ``Infinity``, which `json` reads and JSON does not have: neither time ever passes.

    See https://www.rfc-editor.org/rfc/rfc8259#section-6
    """
    raise ValueError(constant)
