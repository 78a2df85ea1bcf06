"""The mappings that a request shows its headers and its query string in; loaded when a view asks for them."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class MultiDict(MutableMapping):  # type: ignore[type-arg]
    """A mapping whose keys have several values; plain access sees the last of them.

    Args:
        mapping: Name to list of values; None is an empty mapping.
    """

    def __init__(self, mapping: Mapping[str, list[Any]] | None) -> None:
        self._values: dict[str, list[Any]] = dict(mapping or {})

    def __getitem__(self, key: str) -> Any:
        values = self._values[key]
        if not values:
            raise KeyError(key)
        return values[-1]

    def __setitem__(self, key: str, value: Any) -> None:
        self._values[key] = [value]

    def __delitem__(self, key: str) -> None:
        del self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"MultiDict({self._values})"

    __str__ = __repr__

    def getlist(self, key: str) -> list[Any]:
        """Return a copy of all values of ``key``, in order.

        Raises:
            KeyError: There is no such key.
        """
        return list(self._values[key])


class CaseInsensitiveMapping(Mapping):  # type: ignore[type-arg]
    """A read-only mapping that does not care about the case of its keys, and shows them in lower case.

    Args:
        mapping: Any mapping with string keys; None is an empty mapping.
    """

    def __init__(self, mapping: Mapping[str, Any] | None) -> None:
        self._values = {key.lower(): value for key, value in mapping.items()} if mapping else {}

    def __getitem__(self, key: str) -> Any:
        return self._values[key.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"CaseInsensitiveMapping({self._values})"


for _public in (MultiDict, CaseInsensitiveMapping):
    # Where applications import them from.
    _public.__module__ = "chalice.app"
