"""JSON Patch, by which the Cloud Control API is told of changes.

https://www.rfc-editor.org/rfc/rfc6902, with pointers of https://www.rfc-editor.org/rfc/rfc6901
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["PatchError", "patched"]


class PatchError(ValueError):
    """A patch is malformed, or does not fit the document."""


def patched(document: Mapping[str, Any], operations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a document after all operations of a patch.

    Raises:
        PatchError: an operation cannot be carried out.
    """
    result: Any = {"": copy.deepcopy(dict(document))}
    try:
        for operation in operations:
            _apply(result, operation)
    except PatchError:
        raise
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise PatchError("An operation does not fit the resource.") from error
    changed: dict[str, Any] = result[""]
    return changed


def _apply(root: dict[str, Any], operation: Mapping[str, Any]) -> None:
    path = _steps(operation["path"])
    match operation["op"]:
        case "add":
            _add(root, path, copy.deepcopy(operation["value"]))
        case "remove":
            _remove(root, path)
        case "replace":
            _remove(root, path)
            _add(root, path, copy.deepcopy(operation["value"]))
        case "move":
            _add(root, path, _remove(root, _steps(operation["from"])))
        case "copy":
            _add(root, path, copy.deepcopy(_get(root, _steps(operation["from"]))))
        case "test":
            if _get(root, path) != operation["value"]:
                raise PatchError(f"The test at {operation['path']!r} fails.")
        case other:
            raise PatchError(f"There is no operation {other!r}.")


def _steps(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise PatchError(f"{pointer!r} is no JSON pointer.")
    # The document itself hangs at the key "" of a root, so that it can be replaced, too.
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")]


def _get(root: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        root = root[_index(root, step)]
    return root


def _add(root: Any, steps: Sequence[str], value: Any) -> None:
    parent, last = _get(root, steps[:-1]), steps[-1]
    if isinstance(parent, list):
        position = len(parent) if last == "-" else _index(parent, last)
        if position > len(parent):
            raise PatchError(f"There is no place {last!r} in the list.")
        parent.insert(position, value)
    else:
        parent[last] = value


def _remove(root: Any, steps: Sequence[str]) -> Any:
    parent = _get(root, steps[:-1])
    return parent.pop(_index(parent, steps[-1]))


def _index(parent: Any, step: str) -> Any:
    if not isinstance(parent, list):
        return step
    if not step.isdigit():
        raise PatchError(f"{step!r} is no place in a list.")
    return int(step)
