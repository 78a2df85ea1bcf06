"""What AWS would refuse in a pattern of events or messages."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_core.patterns import OPERATORS, pattern_problems


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["shop"]},
        {"detail": {"total": [{"numeric": [">", 5, "<=", 9]}], "code": [1, 2.5, True, None, "x"]}},
        {"detail": {"name": [{"anything-but": {"prefix": "test"}}, {"exists": False}]}},
        {"$or": [{"a": ["b"]}, {"c": {"d": ["e"]}}], "source": ["shop"]},
        {"name": [{operator: "x"} for operator in OPERATORS]},
    ],
)
def test_what_aws_takes_has_no_problems(pattern: Any) -> None:
    assert list(pattern_problems("event_pattern", pattern)) == []


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("source", "'event_pattern' must be a dict"),
        ([{"source": ["shop"]}], "must be a dict"),
        (None, "must be a dict"),
        ({}, "must have a field at least"),
        ({"source": "shop"}, "event_pattern['source'] must be a list of what is accepted; write ['shop']."),
        ({"source": 5}, "write [5]"),
        ({"source": []}, "must not be an empty list"),
        ({"detail": {}}, "event_pattern['detail'] must not be an empty dict"),
        ({"detail": {"state": "on"}}, "event_pattern['detail']['state'] must be a list"),
        ({"source": [{"prefx": "a"}]}, "has 'prefx'; a test is one of anything-but"),
        ({"source": [{}]}, "has an empty dict"),
        ({"source": [["shop"]]}, "must hold texts, numbers"),
        ({"$or": [{"a": ["b"]}]}, "must be a list of two patterns or more"),
        ({"$or": {"a": ["b"]}}, "must be a list of two patterns or more"),
        ({"$or": [{"a": "b"}, {"c": ["d"]}]}, "event_pattern['$or'][0]['a'] must be a list"),
        ({5: ["b"]}, "must be named with a text"),
    ],
)
def test_what_aws_refuses_is_named_with_its_place(pattern: Any, says: str) -> None:
    (problem,) = pattern_problems("event_pattern", pattern)

    assert says in problem


def test_all_problems_are_told_at_once() -> None:
    assert len(list(pattern_problems("p", {"a": "b", "c": {"d": []}, "e": [{"f": 1}]}))) == 3


def test_where_fields_have_no_fields_a_dict_is_refused() -> None:
    (problem,) = pattern_problems("filter_policy", {"a": {"b": ["c"]}}, nested=False)

    assert "attributes have no fields of their own" in problem
