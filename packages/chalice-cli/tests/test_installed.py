"""Entry points are read from metadata, as installers write them."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from chalice_cli._installed import offers


def test_every_entry_point_that_the_standard_library_finds_is_found() -> None:
    groups = ("console_scripts", "chalice.plugins", "chalice.commands")

    found = {(offer.group, offer.name, offer.value) for offer in offers(groups)}

    expected = {
        (entry.group, entry.name, entry.value) for group in groups for entry in entry_points(group=group)
    }
    assert found == expected


def test_an_offer_knows_its_distribution(tmp_path: Path, plugin_writer: Callable[..., None]) -> None:
    plugin_writer(
        tmp_path, "sunny-weather", module="", groups="[chalice.commands]\nsun = sunny_weather:sun\n"
    )

    [offer] = offers(("chalice.commands",), [str(tmp_path)])

    assert (offer.distribution, offer.version) == ("sunny-weather", "3.4")
    assert offer.summary == "What sunny-weather does"


def test_the_first_of_two_copies_of_a_distribution_counts(
    tmp_path: Path, plugin_writer: Callable[..., None]
) -> None:
    plugin_writer(
        tmp_path / "first", "weather", module="", groups="[chalice.commands]\nsun = weather:first\n"
    )
    plugin_writer(
        tmp_path / "second", "weather", module="", groups="[chalice.commands]\nsun = weather:second\n"
    )

    [offer] = offers(("chalice.commands",), [str(tmp_path / "first"), str(tmp_path / "second")])

    assert offer.value == "weather:first"


@pytest.mark.parametrize("path", ["no-such-folder", "a-file.zip"])
def test_entries_of_the_path_that_are_no_folders_are_passed_over(tmp_path: Path, path: str) -> None:
    (tmp_path / "a-file.zip").write_bytes(b"")

    assert offers(("chalice.commands",), [str(tmp_path / path)]) == []


def test_a_distribution_without_metadata_goes_by_the_name_of_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "odd-1.dist-info"
    folder.mkdir()
    (folder / "entry_points.txt").write_text("# comment\n[chalice.commands]\nodd = odd:command\n")

    [offer] = offers(("chalice.commands",), [str(tmp_path)])

    assert offer.distribution == "odd-1.dist-info"
