"""An application does with us what it did with the predecessor.

The same applications are asked the same things in two interpreters.  What may
differ is listed in `comparison.differences`, with the reason; a difference that
is not listed fails, and so does one that is listed and is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from comparison.cases import CASES
from comparison.differences import DIFFERENCES, explanations
from comparison.sides import APPS, Pair, Sides

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def pairs(sides: Sides) -> Mapping[str, Sequence[Pair]]:
    """Return what both sides made of everything, by application."""
    return {app: sides.compare(app, steps) for app, steps in CASES.items()}


@pytest.mark.parametrize("app", CASES)
def test_an_application_differs_only_where_the_table_says(
    app: str, pairs: Mapping[str, Sequence[Pair]]
) -> None:
    unexplained = [pair for pair in pairs[app] if pair.differs and not explanations(pair)]

    # The first few say enough: one mistake can show in hundreds of answers.
    assert len(unexplained) == 0, "\n".join(map(str, unexplained[:8]))


def test_every_difference_in_the_table_is_there(pairs: Mapping[str, Sequence[Pair]]) -> None:
    different = [pair for of_app in pairs.values() for pair in of_app if pair.differs]
    found = {
        pattern
        for pair in different
        for difference in explanations(pair)
        for pattern in difference.matches(pair)
    }

    listed = {pattern for difference in DIFFERENCES for pattern in difference.where}
    assert listed - found == set()


def test_a_difference_has_one_reason(pairs: Mapping[str, Sequence[Pair]]) -> None:
    several = {
        f"{pair.app}: {pair.name}": [difference.theirs for difference in explanations(pair)]
        for of_app in pairs.values()
        for pair in of_app
        if pair.differs and len(explanations(pair)) > 1
    }

    assert several == {}


def test_at_least_forty_applications_and_five_hundred_events_really_ran(
    pairs: Mapping[str, Sequence[Pair]],
) -> None:
    events = [
        pair for of_app in pairs.values() for pair in of_app if "call" in pair.step.request and _ran(pair)
    ]

    assert len(pairs) >= 40
    assert len(events) >= 500
    # The generated one is asked elsewhere.
    assert {path.stem for path in APPS.glob("*.py")} == {*pairs, "generated"}


def _ran(pair: Pair) -> bool:
    """Whether both sides answered or raised, each event on its own."""
    return all(("returned" in side) != ("raised" in side) for side in (pair.theirs, pair.ours))


def test_where_answers_differ_ours_is_one_that_api_gateway_takes(pairs: Mapping[str, Sequence[Pair]]) -> None:
    answers = [
        pair.ours["returned"]
        for of_app in pairs.values()
        for pair in of_app
        if pair.differs
        and isinstance(pair.ours.get("returned"), dict)
        and "headers" in pair.ours["returned"]
        and "statusCode" in pair.ours["returned"]
    ]

    assert len(answers) > 100
    for answer in answers:
        assert isinstance(answer["statusCode"], int)
        assert isinstance(answer["body"], str)
        assert all(isinstance(value, str) for value in answer["headers"].values())
        assert all(isinstance(value, str) for each in answer["multiValueHeaders"].values() for value in each)


def test_most_of_what_is_asked_is_answered_and_not_refused(pairs: Mapping[str, Sequence[Pair]]) -> None:
    answered = [pair for of_app in pairs.values() for pair in of_app if "returned" in pair.theirs]

    assert len(answered) > 0.8 * sum(map(len, CASES.values()))
