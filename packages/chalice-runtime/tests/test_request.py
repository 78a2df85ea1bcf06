"""What a view learns about its request."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from chalice import BadRequestError
from chalice.app import CaseInsensitiveMapping, MultiDict, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    RestEvent = Callable[..., dict[str, Any]]

JSON = {"content-type": "application/json"}


def test_a_request_without_query_string_has_no_query_params(rest_event: RestEvent) -> None:
    assert Request(rest_event()).query_params is None


def test_query_params_have_the_last_value_and_all_of_them(rest_event: RestEvent) -> None:
    params = Request(rest_event(multiValueQueryStringParameters={"a": ["1", "2"]})).query_params

    assert params is not None
    assert params["a"] == params.get("a") == "2"
    assert params.getlist("a") == ["1", "2"]


def test_headers_are_read_in_any_case_and_cannot_be_changed(rest_event: RestEvent) -> None:
    headers = Request(rest_event(headers={"X-Thing": "1"})).headers

    assert headers["x-thing"] == headers["X-THING"] == "1"
    assert list(headers) == ["x-thing"]
    assert "X-thing" in headers
    with pytest.raises(TypeError):
        headers["a"] = "b"  # type: ignore[index]


def test_headers_that_are_null_are_empty(rest_event: RestEvent) -> None:
    assert dict(Request(rest_event()).headers) == {}


def test_tests_can_make_one_by_the_names_of_its_parts(rest_event: RestEvent) -> None:
    request = Request(event_dict=rest_event("/a", "PUT"), lambda_context="context")

    assert (request.path, request.method, request.lambda_context) == ("/a", "PUT", "context")


def test_the_path_is_that_of_the_resource(rest_event: RestEvent) -> None:
    event = rest_event(
        "/users/{name}", path="/users/x", pathParameters={"name": "x"}, stageVariables={"v": "1"}
    )
    request = Request(event, "context")

    assert (request.path, request.method) == ("/users/{name}", "GET")
    assert request.uri_params == {"name": "x"}
    assert request.stage_vars == {"v": "1"}
    assert request.context is event["requestContext"]
    assert request.lambda_context == "context"
    assert request.to_original_event() is event


@pytest.mark.parametrize(
    ("parts", "raw"),
    [
        ({"body": None}, b""),
        ({"body": ""}, b""),
        ({"body": "ü"}, "ü".encode()),
        ({"body": base64.b64encode(b"\xff\x00").decode(), "isBase64Encoded": True}, b"\xff\x00"),
    ],
)
def test_the_raw_body_is_always_bytes(rest_event: RestEvent, parts: dict[str, Any], raw: bytes) -> None:
    assert Request(rest_event(**parts)).raw_body == raw


def test_a_json_body_is_decoded_once(rest_event: RestEvent) -> None:
    request = Request(rest_event(headers=JSON, body='{"a":[1]}'))

    assert request.json_body == {"a": [1]}
    assert request.json_body is request.json_body


@pytest.mark.parametrize(
    "headers", [None, {"content-type": "text/plain"}, {"content-type": "Application/JSON"}]
)
def test_a_body_that_is_not_declared_as_json_is_not_decoded(rest_event: RestEvent, headers: Any) -> None:
    assert Request(rest_event(headers=headers, body="{}")).json_body is None


@pytest.mark.parametrize("body", ["{", None, ""])
def test_a_json_body_that_is_no_json_is_a_bad_request(rest_event: RestEvent, body: str | None) -> None:
    request = Request(rest_event(headers={"content-type": "application/json; charset=utf-8"}, body=body))

    with pytest.raises(BadRequestError, match=r"^Error Parsing JSON$"):
        _ = request.json_body


def test_a_request_can_be_written_as_json_without_its_body(rest_event: RestEvent) -> None:
    request = Request(
        rest_event(headers={"A": "b"}, body="secret", multiValueQueryStringParameters={"q": ["1", "2"]})
    )

    assert json.loads(json.dumps(request.to_dict())) == {
        "query_params": {"q": "2"},
        "headers": {"a": "b"},
        "uri_params": None,
        "method": "GET",
        "context": {"resourcePath": "/", "httpMethod": "GET", "stage": "api"},
        "stage_vars": None,
        "path": "/",
    }


def test_attributes_may_be_assigned(rest_event: RestEvent) -> None:
    request = Request(rest_event())

    request.uri_params = {"a": "b"}

    assert request.uri_params == {"a": "b"}


class TestMultiDict:
    def test_assigning_replaces_all_values(self) -> None:
        values = MultiDict({"a": ["1", "2"]})

        values["a"] = "3"

        assert values.getlist("a") == ["3"]

    @pytest.mark.parametrize("key", ["empty", "absent"])
    def test_a_key_without_a_value_is_missing(self, key: str) -> None:
        values = MultiDict({"empty": []})

        with pytest.raises(KeyError):
            values[key]
        assert values.get(key) is None

    def test_getlist_gives_a_copy_and_knows_no_absent_key(self) -> None:
        values = MultiDict({"a": ["1"]})

        values.getlist("a").append("2")

        assert values.getlist("a") == ["1"]
        with pytest.raises(KeyError):
            values.getlist("b")

    def test_it_is_a_mapping_of_last_values(self) -> None:
        values = MultiDict({"a": ["1", "2"], "b": ["3"]})

        assert dict(values) == {"a": "2", "b": "3"}
        assert list(values) == ["a", "b"]
        assert values.pop("a") == "2"
        assert repr(values) == "MultiDict({'b': ['3']})"


def test_a_case_insensitive_mapping_shows_what_it_holds() -> None:
    assert repr(CaseInsensitiveMapping({"A": 1})) == "CaseInsensitiveMapping({'a': 1})"
    assert len(CaseInsensitiveMapping(None)) == 0
