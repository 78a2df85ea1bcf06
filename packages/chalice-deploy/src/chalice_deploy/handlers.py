"""Which handler a kind has: one of ours, or one that a plugin offers."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from chalice_core.errors import ToolError
from chalice_core.kinds import Resource
from chalice_deploy.errors import UnhandledKindError
from chalice_deploy.handler import KindHandler

Realise = Callable[[type[Resource]], KindHandler]
"""Returns the handler of a kind.

Raises:
    ToolError: nobody realises the kind in this target.
"""


def kind_name(kind: type[Resource]) -> str:
    """Return how records name a kind: its full Python name."""
    return f"{kind.__module__}.{kind.__qualname__}"


class Handlers:
    """The handlers of all kinds, asked for once each.

    Args:
        realise: asks the plugins.
    """

    def __init__(self, realise: Realise) -> None:
        self._realise = realise
        self._known: dict[str, KindHandler] = {}

    def of(self, kind: type[Resource]) -> KindHandler:
        """Return the handler of a kind.

        Raises:
            ToolError: nobody realises it.
        """
        name = kind_name(kind)
        if name not in self._known:
            self._known[name] = self._realise(kind)
        return self._known[name]

    def recorded(self, name: str, resource: str) -> KindHandler:
        """Return the handler of a kind that a record names.

        Args:
            name: as `kind_name` returned it.
            resource: what messages call the resource.

        Raises:
            UnhandledKindError: its plugin is not there any more.
        """
        if name not in self._known:
            module, _, qualified = name.rpartition(".")
            try:
                kind = getattr(importlib.import_module(module), qualified)
                if not (isinstance(kind, type) and issubclass(kind, Resource)):
                    raise UnhandledKindError(kind=name, name=resource)
                self._known[name] = self._realise(kind)
            except (ImportError, AttributeError, ToolError, ValueError) as error:
                raise UnhandledKindError(kind=name, name=resource) from error
        return self._known[name]
