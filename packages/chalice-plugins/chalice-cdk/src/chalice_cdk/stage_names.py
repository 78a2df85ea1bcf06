"""From the place of a construct to the name of a stage."""

from __future__ import annotations

import re
from hashlib import sha256

# Lambda's limit for the name of a function; `APP-STAGE` has to fit.
_LONGEST = 64
_DIGITS = 8


def stage_name_of(scope: str, app_name: str) -> str:
    """Return the stage that the configuration is read for, and that names of resources contain.

    Args:
        scope: what the scope of a construct calls itself, ``WebApi`` or ``Prod/WebApi``.
        app_name: of the configuration.

    Returns:
        The scope with ``-`` for whatever may not be in a name, ``Prod-WebApi``.  One that is too long is
        cut, and ends with digits that tell it from others that begin alike.
    """
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", scope).strip("-") or "stage"
    room = _LONGEST - len(app_name) - 1
    if len(name) <= room:
        return name
    digits = sha256(scope.encode()).hexdigest()[:_DIGITS]
    # An application's name that leaves no room is reported where names are checked.
    return f"{name[: max(1, room - _DIGITS - 1)]}-{digits}"
