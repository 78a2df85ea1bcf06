"""Values that are known only after deployment, and text around them."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalice_core.values
from chalice_core.testing import function
from chalice_core.values import Output, Pseudo, ResourceId, Text, arn, outputs_in, render, render_tree, text

ROLE_ARN = Output(ResourceId("default-role"), "arn")
ATOMS = st.one_of(st.text(max_size=3), st.sampled_from(Pseudo), st.just(ROLE_ARN))


def rendered(value: str | Output | Pseudo | Text) -> str:
    return render(value, output=lambda one: f"<{one.of}.{one.name}>", pseudo=lambda one: f"<{one.name}>")


def test_the_examples_in_the_module_are_true() -> None:
    results = doctest.testmod(chalice_core.values)

    assert (results.attempted, results.failed) == (1, 0)


@given(st.lists(ATOMS))
def test_joining_changes_nothing_of_what_is_rendered(parts: list[str | Output | Pseudo]) -> None:
    assert rendered(text(*parts)) == "".join(rendered(part) for part in parts)


@given(st.lists(ATOMS), st.lists(ATOMS), st.lists(ATOMS))
def test_equal_texts_are_equal_however_they_were_joined(
    a: list[str | Output | Pseudo], b: list[str | Output | Pseudo], c: list[str | Output | Pseudo]
) -> None:
    assert text(text(*a, *b), *c) == text(*a, text(*b, *c))


def test_an_empty_string_leaves_no_trace() -> None:
    assert text("", ROLE_ARN, "") == text(ROLE_ARN) == Text((ROLE_ARN,))


def test_an_arn_has_partition_region_and_account_of_the_place() -> None:
    assert rendered(arn("sqs", "orders")) == "arn:<PARTITION>:sqs:<REGION>:<ACCOUNT>:orders"


def test_an_arn_of_a_global_service_leaves_them_empty() -> None:
    assert rendered(arn("s3", "bucket", regional=False, account=False)) == "arn:<PARTITION>:s3:::bucket"


def test_outputs_are_found_however_deep_they_are() -> None:
    held = function(environment={"ROLE": text("role ", ROLE_ARN)})

    assert list(outputs_in(({"key": [held]},))) == [ROLE_ARN, ROLE_ARN]


TREE = {"plain": "x", "list": (ROLE_ARN, 1, None, True), "text": text("a-", Pseudo.REGION)}


class TestRenderingATree:
    def test_every_value_becomes_a_string_and_the_rest_stays(self) -> None:
        tree = render_tree(TREE, output=lambda one: one.name, pseudo=lambda one: one.value)

        assert tree == {"plain": "x", "list": ["arn", 1, None, True], "text": "a-AWS::Region"}

    def test_what_was_unknown_can_be_wrapped(self) -> None:
        tree = render_tree(
            [*TREE.values(), text("known")],
            output=lambda one: f"${{{one.of}}}",
            pseudo=lambda one: f"${{{one.value}}}",
            wrap=lambda template: {"Fn::Sub": template},
        )

        assert tree == [
            "x",
            [{"Fn::Sub": "${default-role}"}, 1, None, True],
            {"Fn::Sub": "a-${AWS::Region}"},
            "known",
        ]

    def test_what_is_neither_json_nor_a_value_is_refused(self) -> None:
        with pytest.raises(TypeError, match="bytes"):
            render_tree({"key": b"x"}, output=str, pseudo=str)
