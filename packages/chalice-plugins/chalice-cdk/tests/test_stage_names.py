"""A construct's place names its stage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice_cdk.stage_names import stage_name_of


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ("WebApi", "WebApi"),
        ("web_api-1", "web_api-1"),
        ("Prod/WebApi", "Prod-WebApi"),
        ("<root>", "root"),
        ("/", "stage"),
    ],
)
def test_what_a_name_may_not_have_becomes_a_dash(scope: str, name: str) -> None:
    assert stage_name_of(scope, "shop") == name


def test_long_ones_are_cut_and_stay_different() -> None:
    first, second = (stage_name_of("a" * 70 + end, "shop") for end in "xy")

    assert len(f"shop-{first}") == len(f"shop-{second}") == 64
    assert first != second


@given(scope=st.text(max_size=120), app_name=st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=40))
def test_every_place_gives_a_name_that_lambda_takes(scope: str, app_name: str) -> None:
    name = stage_name_of(scope, app_name)

    assert name
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    assert len(f"{app_name}-{name}") <= 64
