"""What resources are called in Terraform.

Terraform keeps a resource for as long as its type and name stay, so these
names may never change: a renamed API would get another URL.  They are the ids
of the graph wherever those are identifiers ("Identifiers", Terraform
Language), which the names of functions are unless they begin with a digit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice_core.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice_core.values import ResourceId


class IdentifierCollisionError(ToolError):
    """Two resources would share a name."""

    code = "terraform-name-collision"

    def __init__(self, *, identifier: str, ids: tuple[str, str]) -> None:
        super().__init__(
            what=f"{ids[0]!r} and {ids[1]!r} would both be called {identifier!r} in Terraform.",
            why="An identifier holds letters, digits, '-' and '_' and begins with a letter or '_', so other "
            "characters become '_'.",
            fix="Give one of the two functions another name with name=….",
        )
        self.identifier, self.ids = identifier, ids


def identifier(text: str) -> str:
    """Return the identifier for some text.

    >>> identifier("default-role"), identifier("my.bucket"), identifier("1st")
    ('default-role', 'my_bucket', '_1st')
    """
    name = re.sub(r"[^A-Za-z0-9_-]", "_", text)
    return name if re.match(r"[A-Za-z_]", name) else f"_{name}"


def identifiers(ids: Iterable[ResourceId]) -> Mapping[ResourceId, str]:
    """Return the identifier of each resource.

    Raises:
        IdentifierCollisionError: two of them are the same.
    """
    names: dict[ResourceId, str] = {}
    taken: dict[str, ResourceId] = {}
    for id in ids:
        name = identifier(id)
        if name in taken:
            raise IdentifierCollisionError(identifier=name, ids=(taken[name], id))
        taken[name] = id
        names[id] = name
    return names


def camel_case(text: str) -> str:
    """Return the CamelCase of an id, as names of outputs are written.

    >>> camel_case("websocket_connect"), camel_case("worker-url")
    ('WebsocketConnect', 'WorkerUrl')
    """
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]", text))
