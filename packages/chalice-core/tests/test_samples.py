"""What a person may say about a sample event: read, or refused with what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_core.samples import NAME, OBJECT, TEXT, TEXTS, SampleArgumentError, SampleArguments, list_of

ARGUMENTS = SampleArguments(
    event="parcel",
    takes={"bodies": TEXTS, "place": NAME, "note": TEXT, "detail": OBJECT, "sizes": list_of("numbers", int)},
    required=("bodies",),
    fix='Give {"bodies": ["one"]}.',
)


def test_what_is_given_is_returned_and_nothing_is_made_up() -> None:
    given = {"bodies": ["one"], "place": "here", "note": "", "detail": {"a": 1}, "sizes": (1, 2)}

    assert ARGUMENTS.read(given) == given
    assert ARGUMENTS.read({"bodies": []}) == {"bodies": []}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "'bodies' must be a list of texts, not None."),
        ({"bodies": "one"}, "'bodies' must be a list of texts, not 'one'."),
        ({"bodies": ["one", 2]}, "'bodies' must be a list of texts, not ['one', 2]."),
        ({"bodies": [], "place": ""}, "'place' must be a text, not ''."),
        ({"bodies": [], "note": None}, "'note' must be a text, not None."),
        ({"bodies": [], "detail": []}, "'detail' must be an object, not []."),
        ({"bodies": [], "sizes": ["1"]}, "'sizes' must be a list of numbers, not ['1']."),
        ({"where": 1, "colour": 2}, "it has no argument 'colour', 'where'."),
    ],
)
def test_what_is_wrong_is_named(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(SampleArgumentError) as caught:
        ARGUMENTS.read(arguments)

    assert caught.value.problem == problem
    assert caught.value.what == f"No sample parcel can be made: {problem}"
    assert caught.value.fix == 'Give {"bodies": ["one"]}.'


def test_a_family_refuses_in_the_same_words() -> None:
    refusal = ARGUMENTS.refusal("parcels have one place.")

    assert refusal.code == "sample-argument"
    assert refusal.what == "No sample parcel can be made: parcels have one place."
