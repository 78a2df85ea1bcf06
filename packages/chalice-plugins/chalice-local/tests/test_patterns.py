"""Event patterns, operator by operator."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_local import PatternError, check_pattern, matches
from chalice_local.filters import fits_policy, passes

EVENT = {
    "source": "shop",
    "detail": {
        "name": "photo.PNG",
        "size": 10,
        "price": 1.5,
        "paid": True,
        "note": None,
        "ip": "10.0.0.7",
        "tags": ["red", "blue"],
        "items": [{"id": 1, "kind": "a"}, {"id": 2, "kind": "b"}],
    },
}


def detail(name: str, *rules: Any) -> dict[str, Any]:
    return {"detail": {name: list(rules)}}


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["shop"]},
        {"source": ["other", "shop"]},
        detail("size", 10),
        detail("paid", True),
        detail("note", None),
        detail("tags", "blue"),
        detail("name", {"prefix": "photo"}),
        detail("name", {"prefix": {"equals-ignore-case": "PHOTO"}}),
        detail("name", {"suffix": ".PNG"}),
        detail("name", {"suffix": {"equals-ignore-case": ".png"}}),
        detail("name", {"equals-ignore-case": "PHOTO.png"}),
        detail("name", {"wildcard": "p*o.*"}),
        detail("name", {"anything-but": "other"}),
        detail("name", {"anything-but": ["other", "more"]}),
        detail("name", {"anything-but": {"prefix": "x"}}),
        detail("name", {"anything-but": {"suffix": [".txt", ".md"]}}),
        detail("name", {"anything-but": {"equals-ignore-case": ["a", "b"]}}),
        detail("name", {"anything-but": {"wildcard": "*.txt"}}),
        detail("size", {"anything-but": [1, 2]}),
        detail("size", {"numeric": ["=", 10]}),
        detail("price", {"numeric": [">", 1, "<=", 1.5]}),
        detail("ip", {"cidr": "10.0.0.0/24"}),
        detail("ip", {"exists": True}),
        detail("gone", {"exists": False}),
        {"nothing": {"at": {"all": [{"exists": False}]}}},
        {"detail": {"items": {"kind": ["b"]}}},
        {"$or": [{"source": ["other"]}, detail("size", 10)]},
        {"detail": {"$or": [{"size": [1]}, {"paid": [True]}], "name": [{"exists": True}]}},
    ],
)
def test_these_patterns_match(pattern: dict[str, Any]) -> None:
    check_pattern(pattern)

    assert matches(pattern, EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["other"]},
        {"source": ["shop"], "account": ["1"]},
        detail("size", "10"),
        detail("size", 10.0),
        detail("size", True),
        detail("paid", 1),
        detail("tags", "green"),
        detail("name", {"prefix": "Photo"}),
        detail("size", {"prefix": "1"}),
        detail("name", {"suffix": ".png"}),
        detail("name", {"wildcard": "*.png"}),
        detail("name", {"wildcard": r"\*.PNG"}),
        detail("name", {"anything-but": "photo.PNG"}),
        detail("name", {"anything-but": {"suffix": [".txt", ".PNG"]}}),
        detail("gone", {"anything-but": "x"}),
        detail("size", {"numeric": [">", 10]}),
        detail("name", {"numeric": [">", 1]}),
        detail("paid", {"numeric": ["=", 1]}),
        detail("ip", {"cidr": "10.0.1.0/24"}),
        detail("name", {"cidr": "10.0.1.0/24"}),
        detail("ip", {"exists": False}),
        {"detail": [{"exists": True}]},
        {"detail": {"items": {"kind": ["c"]}}},
        {"$or": [{"source": ["other"]}, detail("size", 11)]},
    ],
)
def test_these_do_not(pattern: dict[str, Any]) -> None:
    check_pattern(pattern)

    assert not matches(pattern, EVENT)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ([], "not an object"),
        ({}, "Empty objects"),
        ({"a": {}}, "Empty objects"),
        ({"a": []}, "Empty arrays"),
        ({"a": "b"}, "'a' must be an object or an array"),
        ({"a": [["b"]]}, "must be String, number"),
        ({"a": [{"prefix": "x", "suffix": "y"}]}, "Only one key"),
        ({"a": [{"begins": "x"}]}, "Unrecognized match type begins"),
        ({"a": [{"prefix": 1}]}, "prefix match pattern must be a string"),
        ({"a": [{"prefix": {"wildcard": "x"}}]}, "equals-ignore-case"),
        ({"a": [{"exists": "yes"}]}, "either true or false"),
        ({"a": [{"cidr": "10"}]}, "Malformed CIDR"),
        ({"a": [{"numeric": [">"]}]}, "array of comparisons"),
        ({"a": [{"numeric": ["~", 1]}]}, "Unrecognized numeric range operator: ~"),
        ({"a": [{"numeric": [">", "1"]}]}, "must be numeric"),
        ({"a": [{"anything-but": [1, "b"]}]}, "mixed type"),
        ({"a": [{"anything-but": {"exists": True}}]}, "Unsupported anything-but pattern"),
        ({"$or": [{"a": [1]}]}, "at least two"),
    ],
)
def test_patterns_that_are_none(pattern: Any, reason: str) -> None:
    with pytest.raises(PatternError, match=reason):
        check_pattern(pattern)


def test_a_wildcard_with_a_backslash_means_the_star_itself() -> None:
    pattern = {"a": [{"wildcard": r"1\*2*"}]}

    assert matches(pattern, {"a": "1*23"})
    assert not matches(pattern, {"a": "1x23"})


def test_a_filter_knows_the_fields_of_a_kinesis_record() -> None:
    record = {"kinesis": {"data": "eyJhIjogMX0=", "partitionKey": "k"}, "eventSource": "aws:kinesis"}

    assert passes([{"data": {"a": [1]}}], record)
    assert passes([{"partitionKey": ["k"], "data": {"a": [1]}}], record)
    assert not passes([{"data": {"a": [2]}}], record)
    assert passes([], record)


def test_a_filter_for_text_does_not_fit_json_nor_one_for_json_text() -> None:
    assert passes([{"body": ["hello"]}], {"body": "hello"})
    assert not passes([{"body": ["{}"]}], {"body": "{}"})
    assert not passes([{"body": {"a": [1]}}], {"body": "a"})
    assert passes([{"messageAttributes": {"a": [1]}}, {"messageId": ["i"]}], {"body": "a", "messageId": "i"})


def test_a_policy_reads_numbers_lists_and_texts_out_of_attributes() -> None:
    attributes = {
        "size": {"Type": "Number", "Value": "3"},
        "tags": {"Type": "String.Array", "Value": '["a", "b"]'},
        "name": {"Type": "String", "Value": "3"},
    }

    def fits(policy: dict[str, Any]) -> bool:
        return fits_policy(policy, scope="MessageAttributes", attributes=attributes, body="")

    assert fits({"size": [3], "tags": ["b"], "name": ["3"]})
    assert not fits({"name": [3]})
    assert not fits({"size": [{"numeric": [">", 3]}]})
