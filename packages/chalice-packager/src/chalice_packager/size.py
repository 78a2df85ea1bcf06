"""How big a package may be, and what it consists of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from chalice_packager.archive import Member
from chalice_packager.errors import PackageTooBigError
from chalice_packager.sources import VENDOR, Source
from chalice_packager.target import UNZIPPED_LIMIT


def unzipped_size(members: Iterable[Member]) -> int:
    """Return how many bytes the files have."""
    return sum(member.size for member in members)


def check_size(members: Sequence[Member], limit: int = UNZIPPED_LIMIT) -> None:
    """Refuse what Lambda would refuse.

    Raises:
        PackageTooBigError: the files have ``limit`` bytes or more.
    """
    sizes: dict[str, int] = {}
    for member in members:
        name = label(member.owner, member.name)
        sizes[name] = sizes.get(name, 0) + member.size
    check_sizes(sizes, limit)


def bounded(sources: Iterable[Source], limit: int = UNZIPPED_LIMIT) -> Iterator[Source]:
    """Pass sources on, but no more than Lambda takes, so that memory suffices for them.

    Raises:
        PackageTooBigError: those so far are ``limit`` bytes or more together.
    """
    sizes: dict[str, int] = {}
    for source in sources:
        name = label(source.owner, source.archive)
        sizes[name] = sizes.get(name, 0) + len(source.content)
        check_sizes(sizes, limit)
        yield source


def label(owner: str, archive: str) -> str:
    """Return what a table of sizes calls a file's part of the package: ``numpy``, ``vendor/data``."""
    return f"{VENDOR}/{archive.partition('/')[0]}" if owner == VENDOR else owner


def check_sizes(sizes: Mapping[str, int], limit: int = UNZIPPED_LIMIT) -> None:
    """Refuse what Lambda would refuse.

    Args:
        sizes: bytes by package, unzipped.
        limit: bytes.

    Raises:
        PackageTooBigError: they are ``limit`` bytes or more together.
    """
    size = sum(sizes.values())
    if size >= limit:
        raise PackageTooBigError(size=size, limit=limit, sizes=sizes)
