"""Logical ids stay as deployed stacks know them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice_core.values import ResourceId
from chalice_sam.naming import LogicalIdCollisionError, LogicalIdError, logical_id, logical_ids


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("api_handler", "APIHandler"),
        ("rest_api", "RestAPI"),
        ("api_handler_invoke_permission", "APIHandlerInvokePermission"),
        ("api_handler_log_group", "ApiHandlerLogGroup"),
        ("api_handler_role", "ApiHandlerRole"),
        ("default-role", "DefaultRole"),
        ("my_func", "MyFunc"),
        ("my-func", "MyFunc"),
        ("myFunc", "MyFunc"),
        ("my.func", "Myfunc"),
        ("work-sqs-event-source", "WorkSqsEventSource"),
        ("_private__name", "PrivateName"),
        ("größe", "Gre"),
    ],
)
def test_ids_become_camel_case(id: str, expected: str) -> None:
    assert logical_id(id) == expected


@pytest.mark.parametrize("id", ["", "__", "日本", "x" * 256])
def test_an_id_of_which_too_little_or_too_much_remains_is_refused_by_name(id: str) -> None:
    with pytest.raises(LogicalIdError) as caught:
        logical_id(id)

    assert caught.value.id == id


@given(st.text(min_size=1, max_size=80))
def test_a_logical_id_is_always_one_that_cloudformation_takes(id: str) -> None:
    try:
        name = logical_id(id)
    except LogicalIdError:
        assert not any(c.isascii() and c.isalnum() for c in id)
    else:
        assert name.isascii()
        assert name.isalnum()


def test_two_ids_of_one_name_are_named() -> None:
    with pytest.raises(LogicalIdCollisionError) as caught:
        logical_ids([ResourceId("my_func"), ResourceId("other"), ResourceId("my-func")])

    assert caught.value.ids == ("my_func", "my-func")
    assert caught.value.logical_id == "MyFunc"
