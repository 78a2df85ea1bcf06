"""What all kinds share: a name, and what has to exist before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from chalice_core.values import ResourceId, outputs_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One thing to create, update or delete.

    Args:
        id: its name in the graph.
        after: resources that must exist first although no value says so.
    """

    id: ResourceId
    after: tuple[ResourceId, ...] = ()

    def dependencies(self) -> Iterator[ResourceId]:
        """Yield what must exist before this resource, each id once."""
        seen = dict.fromkeys(self.after)
        for item in fields(self):
            if item.name not in ("id", "after"):
                seen.update(dict.fromkeys(output.of for output in outputs_in(getattr(self, item.name))))
        yield from seen
