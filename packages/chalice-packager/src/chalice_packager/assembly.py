"""Who gets a name that two want."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from chalice_packager.archive import Member
from chalice_packager.errors import ConflictingFilesError
from chalice_packager.framework import PREDECESSOR

_METADATA = re.compile(r"(?P<name>[A-Za-z0-9._]+)-[^/-]+\.(?:dist|egg)-info$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Files with distinct names.

    Args:
        members: by name.
        notices: what to tell about names that two wanted.
    """

    members: Mapping[str, Member]
    notices: tuple[str, ...]


def merge(*, dependencies: Iterable[Member], vendor: Iterable[Member], own: Iterable[Member]) -> Merged:
    """Put the files of a package together.

    What the project and the runtime bring outranks vendored files, and these
    outrank dependencies: people vendor what they want instead.  Of two
    dependencies the alphabetically first keeps a name, whatever the order of
    their resolution was.  The package `chalice` is the runtime's alone.

    Args:
        dependencies: files of wheels.
        vendor: of the folder.
        own: of the application, the runtime and plugins; distinct names.

    Raises:
        ConflictingFilesError: one name is a file here and a folder there.
    """
    found: dict[str, Member] = {}
    doubles: dict[tuple[str, str], list[str]] = {}
    strangers: dict[str, None] = {}
    for member in sorted(dependencies, key=lambda item: item.owner):
        other = found.get(member.name)
        if _is_predecessor(member.name):
            strangers[member.owner] = None
        elif other is None:
            found[member.name] = member
        elif (other.crc, other.size) != (member.crc, member.size):
            doubles.setdefault((other.owner, member.owner), []).append(member.name)
    for member in vendor:
        if _is_predecessor(member.name):
            strangers[member.owner] = None
        else:
            found[member.name] = member
    for member in own:
        found[member.name] = member
    _check_folders(found)
    notices = [
        f"{first} and {second} both have {names[0]}"
        + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        + f" with different contents; those of {first} are in the package."
        for (first, second), names in doubles.items()
    ]
    notices += [
        f"{owner} holds another package named 'chalice'; it was left out, for chalice-runtime replaces it."
        for owner in strangers
    ]
    return Merged(members=found, notices=tuple(notices))


def _is_predecessor(name: str) -> bool:
    top = name.partition("/")[0]
    metadata = _METADATA.match(top)
    return top in ("chalice", "chalice.py") or (
        metadata is not None and canonicalize_name(metadata["name"]) == PREDECESSOR
    )


def _check_folders(members: Mapping[str, Member]) -> None:
    for name, member in sorted(members.items()):
        folder = name.rpartition("/")[0]
        while folder:
            if folder in members:
                raise ConflictingFilesError(
                    archive=folder, owners=(members[folder].owner, f"{member.owner} (as a folder)")
                )
            folder = folder.rpartition("/")[0]
