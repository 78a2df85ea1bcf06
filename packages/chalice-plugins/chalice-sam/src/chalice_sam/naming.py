"""Logical ids: what a resource is called in a template.

A stack keeps a resource for as long as its logical id stays, so these names
may never change: a renamed API would get another URL.  They are CamelCase,
for CloudFormation allows letters and digits only ("Resources", AWS
CloudFormation User Guide).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice_core.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice_core.values import ResourceId

LONGEST = 255
"""Characters of a logical id."""

# Deployed stacks spell these abbreviations in capitals, and in these ids only.
_SPELLED_OTHERWISE = {
    "api_handler": "APIHandler",
    "api_handler_invoke_permission": "APIHandlerInvokePermission",
    "rest_api": "RestAPI",
    "websocket_api": "WebsocketAPI",
}


class LogicalIdCollisionError(ToolError):
    """Two resources would share a logical id."""

    code = "sam-logical-id-collision"

    def __init__(self, *, logical_id: str, ids: tuple[str, str]) -> None:
        super().__init__(
            what=f"{ids[0]!r} and {ids[1]!r} would both be called {logical_id!r} in the template.",
            why="CloudFormation allows letters and digits only, so names that differ in '-', '_' or the case "
            "of a word's first letter become one.",
            fix="Give one of the two functions another name with name=….",
        )
        self.logical_id, self.ids = logical_id, ids


class LogicalIdError(ToolError):
    """A resource's name makes no logical id."""

    code = "sam-logical-id"

    def __init__(self, *, id: str) -> None:
        super().__init__(
            what=f"The resource {id!r} cannot be named in the template.",
            why=f"A logical id has 1 to {LONGEST} letters and digits of ASCII.",
            fix="Give the function another name with name=….",
        )
        self.id = id


def logical_id(id: str) -> str:
    """Return the logical id for the id of a resource.

    >>> logical_id("default-role"), logical_id("my_func"), logical_id("myFunc"), logical_id("api_handler")
    ('DefaultRole', 'MyFunc', 'MyFunc', 'APIHandler')

    Raises:
        LogicalIdError: nothing is left of the id, or too much.
    """
    if id in _SPELLED_OTHERWISE:
        return _SPELLED_OTHERWISE[id]
    words = re.split(r"[-_]", id)
    name = re.sub(r"[^A-Za-z0-9]", "", "".join(word[:1].upper() + word[1:] for word in words))
    if not 1 <= len(name) <= LONGEST:
        raise LogicalIdError(id=id)
    return name


def event_logical_id(function: str, id: str) -> str:
    """Return the logical id that SAM gives to what it makes of an event.

    A resource that is not written as an event has this id as well, so that a stack keeps it when an option
    decides otherwise: Lambda refuses a second mapping of one source, and a subscription that is made again
    is the one that is deleted afterwards.

    Source: "Generated AWS CloudFormation resources for AWS SAM", AWS SAM Developer Guide.

    Args:
        function: id of the function.
        id: of the resource that sends it events.
    """
    return logical_id(function) + logical_id(id)


def logical_ids(ids: Iterable[ResourceId]) -> Mapping[ResourceId, str]:
    """Return the logical id of each resource.

    Raises:
        LogicalIdCollisionError: two of them are the same.
        LogicalIdError: an id makes none.
    """
    names: dict[ResourceId, str] = {}
    taken: dict[str, ResourceId] = {}
    for id in ids:
        name = logical_id(id)
        if name in taken:
            raise LogicalIdCollisionError(logical_id=name, ids=(taken[name], id))
        taken[name] = id
        names[id] = name
    return names
