"""Entry points of installed distributions, read without importing any of them.

``importlib.metadata`` would do the same and costs more than the rest of
``chalice --help`` together, for it imports an e-mail parser and a zip reader.
Only names are read here; importing stays with whoever runs a command.

Formats: "Entry points specification" and "Core metadata specifications" of
the Python Packaging User Guide.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

METADATA_FILES = {".dist-info": "METADATA", ".egg-info": "PKG-INFO"}


class Offer:
    """One entry point, and the distribution that it belongs to.

    Args:
        group: ``chalice.commands``.
        name: of the entry point.
        value: ``module:attribute``.
        distribution: name of the distribution.
        version: of the distribution.
        summary: its one-line description.
    """

    __slots__ = ("distribution", "group", "name", "summary", "value", "version")

    def __init__(
        self, *, group: str, name: str, value: str, distribution: str, version: str, summary: str
    ) -> None:
        self.group = group
        self.name = name
        self.value = value
        self.distribution = distribution
        self.version = version
        self.summary = summary


def offers(groups: Sequence[str], path: Sequence[str] | None = None) -> list[Offer]:
    """Return what installed distributions offer in the given groups, sorted by name.

    A distribution that stands on the path twice counts where it comes first, as it does for ``import``.

    Args:
        groups: names of entry point groups.
        path: folders to look in; None takes ``sys.path``.
    """
    found: list[Offer] = []
    seen: set[str] = set()
    for metadata_dir in _metadata_dirs(sys.path if path is None else path):
        wanted = [entry for entry in _entry_points(metadata_dir) if entry[0] in groups]
        if not wanted:
            continue
        headers = _headers(metadata_dir)
        distribution = headers.get("name", os.path.basename(metadata_dir))  # noqa: PTH119 - pathlib is not free
        if distribution.lower() in seen:
            continue
        seen.add(distribution.lower())
        found.extend(
            Offer(
                group=group,
                name=name,
                value=value,
                distribution=distribution,
                version=headers.get("version", "of unknown version"),
                summary=headers.get("summary", ""),
            )
            for group, name, value in wanted
        )
    return sorted(found, key=lambda offer: (offer.name, offer.distribution))


def _metadata_dirs(path: Sequence[str]) -> Iterator[str]:
    for folder in dict.fromkeys(path):
        try:
            with os.scandir(folder or ".") as entries:
                names = sorted(entry.path for entry in entries if entry.name.endswith(tuple(METADATA_FILES)))
        except OSError:
            # Zip files, folders that are gone: nothing is installed there that scandir could see.
            continue
        yield from names


def _entry_points(metadata_dir: str) -> Iterator[tuple[str, str, str]]:
    group = ""
    for line in _lines(f"{metadata_dir}/entry_points.txt"):
        text = line.strip()
        if text.startswith("[") and text.endswith("]"):
            group = text[1:-1].strip()
        elif "=" in text and not text.startswith(("#", ";")):
            name, _, value = text.partition("=")
            yield group, name.strip(), value.strip()


def _headers(metadata_dir: str) -> dict[str, str]:
    """Return the first lines of a metadata file, keys in lower case; the description is not read."""
    headers: dict[str, str] = {}
    for suffix, file_name in METADATA_FILES.items():
        if metadata_dir.endswith(suffix):
            for line in _lines(f"{metadata_dir}/{file_name}"):
                if not line.strip():
                    break
                key, separator, value = line.partition(":")
                if separator and not line[0].isspace():
                    headers.setdefault(key.strip().lower(), value.strip())
    return headers


def _lines(file: str) -> Iterator[str]:
    try:
        with open(file, encoding="utf-8", errors="replace") as lines:  # noqa: PTH123 - pathlib is not free
            yield from lines
    except OSError:
        # An editable install of an old tool may lack the file; it offers nothing then.
        return
