"""The client for an application's own tests."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from chalice import Chalice, NotFoundError, Response
from chalice.test import Client, FunctionNotFoundError, ProjectConfigError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def served(app: Chalice) -> Chalice:
    @app.route("/users/{name}", methods=["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"], cors=True)
    def user(name: str) -> Any:
        """Echo."""
        request = app.current_request
        assert request is not None
        if name == "nobody":
            raise NotFoundError("who?")
        query = None if request.query_params is None else dict(request.query_params)
        return [request.method, name, query, request.json_body]

    @app.route("/raw", methods=["POST"], content_types=["application/octet-stream", "text/plain"])
    def raw() -> Response:
        assert app.current_request is not None
        body = app.current_request.raw_body
        return Response(body, headers={"Content-Type": "application/octet-stream", "Set-Cookie": ["a", "b"]})

    @app.route("/env")
    def env() -> Any:
        context = app.lambda_context
        return [
            os.environ.get("CHALICE_TESTED"),
            context.function_name,
            context.memory_limit_in_mb,
            context.get_remaining_time_in_millis() <= 7000,
        ]

    @app.lambda_function(name="adds")
    def add(event: Any, context: Any) -> Any:
        return [event, os.environ.get("CHALICE_TESTED"), context.function_name, context.aws_request_id]

    return app


class TestHttp:
    @pytest.mark.parametrize("method", ["get", "put", "post", "patch", "delete"])
    def test_each_method_has_a_function(self, served: Chalice, method: str) -> None:
        with Client(served) as client:
            response = getattr(client.http, method)("/users/x?a=1")

        assert response.status_code == 200
        assert response.json_body == [method.upper(), "x", {"a": "1"}, None]

    def test_a_method_may_be_written_in_any_case(self, served: Chalice) -> None:
        with Client(served) as client:
            assert client.http.request("put", "/users/x").json_body == ["PUT", "x", None, None]

    def test_a_body_is_sent_with_its_headers(self, served: Chalice) -> None:
        response = Client(served).http.post(
            "/users/x", headers={"Content-Type": "application/json"}, body=json.dumps({"a": "ü"})
        )

        assert response.json_body == ["POST", "x", None, {"a": "ü"}]

    def test_head_has_no_body(self, served: Chalice) -> None:
        response = Client(served).http.head("/users/x")

        assert (response.status_code, response.body, response.json_body) == (200, b"", None)

    def test_options_answers_the_preflight(self, served: Chalice) -> None:
        response = Client(served).http.options("/users/x")

        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Methods"] == "GET,PUT,POST,PATCH,DELETE,HEAD,OPTIONS"

    def test_binary_goes_both_ways_and_repeated_headers_are_a_list(self, served: Chalice) -> None:
        response = Client(served).http.post(
            "/raw",
            headers={"Content-Type": "application/octet-stream", "Accept": "application/octet-stream"},
            body=b"\xff\x00",
        )

        assert response.body == b"\xff\x00"
        assert response.headers["Set-Cookie"] == ["a", "b"]

    def test_errors_are_responses(self, served: Chalice) -> None:
        client = Client(served)

        assert client.http.get("/users/nobody").json_body == {"Code": "NotFoundError", "Message": "who?"}
        assert client.http.get("/none").json_body == {"message": "Missing Authentication Token"}
        assert client.http.get("/none").status_code == 403

    def test_a_captured_value_stays_encoded_as_it_does_on_aws(self, served: Chalice) -> None:
        assert Client(served).http.get("/users/J%C3%BC%2Fx").json_body[1] == "J%C3%BC%2Fx"


class TestLambda:
    def test_a_function_gets_payload_and_context(self, served: Chalice) -> None:
        payload, _, name, request_id = (
            Client(served, stage_name="beta").lambda_.invoke("adds", {"a": 1}).payload
        )

        assert (payload, name) == ({"a": 1}, "tested-beta-adds")
        assert len(request_id) == 36

    def test_the_payload_is_an_empty_object_by_default(self, served: Chalice) -> None:
        assert Client(served).lambda_.invoke("adds").payload[0] == {}

    def test_an_unknown_function_is_an_error_with_the_known_ones(self, served: Chalice) -> None:
        with pytest.raises(FunctionNotFoundError, match=r"'add'; its functions are: adds\."):
            Client(served).lambda_.invoke("add")

    def test_exceptions_reach_the_test(self, app: Chalice) -> None:
        @app.lambda_function()
        def fail(event: Any, context: Any) -> None:
            raise LookupError("why")

        with pytest.raises(LookupError, match="why"):
            Client(app).lambda_.invoke("fail")


def configure(folder: Path, document: Any) -> None:
    (folder / ".chalice").mkdir()
    text = document if isinstance(document, str) else json.dumps(document)
    (folder / ".chalice" / "config.json").write_text(text, encoding="utf-8")


class TestSettings:
    def test_environment_time_limit_and_memory_come_from_the_stage(
        self, served: Chalice, tmp_path: Path
    ) -> None:
        configure(
            tmp_path,
            {
                "app_name": "named",
                "lambda_timeout": 7,
                "environment_variables": {"CHALICE_TESTED": "top"},
                "stages": {
                    "dev": {
                        "lambda_memory_size": 512,
                        "environment_variables": {"CHALICE_TESTED": "stage"},
                        "lambda_functions": {
                            "adds": {"environment_variables": {"CHALICE_TESTED": "function"}}
                        },
                    }
                },
            },
        )
        client = Client(served, project_dir=tmp_path)

        assert client.http.get("/env").json_body == ["stage", "named-dev", 512, True]
        assert client.lambda_.invoke("adds").payload[1] == "function"
        assert Client(served, "prod", str(tmp_path)).http.get("/env").json_body[0] == "top"
        assert "CHALICE_TESTED" not in os.environ

    def test_a_variable_is_what_it_was_after_a_call_even_one_that_fails(
        self, app: Chalice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        configure(tmp_path, {"environment_variables": {"CHALICE_TESTED": "set"}})
        monkeypatch.setenv("CHALICE_TESTED", "mine")

        @app.lambda_function()
        def fail(event: Any, context: Any) -> None:
            raise LookupError(os.environ["CHALICE_TESTED"])

        with pytest.raises(LookupError, match="set"):
            Client(app, project_dir=tmp_path).lambda_.invoke("fail")
        assert os.environ["CHALICE_TESTED"] == "mine"

    @pytest.mark.parametrize(
        ("document", "why"),
        [
            ("{", "not valid JSON"),
            ([], "must hold a JSON object"),
            ({"stages": []}, "'stages' must be a JSON object"),
            ({"lambda_functions": 1}, "'lambda_functions' must be a JSON object"),
        ],
    )
    def test_a_config_that_cannot_be_used_says_why(
        self, app: Chalice, tmp_path: Path, document: Any, why: str
    ) -> None:
        configure(tmp_path, document)

        with pytest.raises(ProjectConfigError, match=why):
            Client(app, project_dir=tmp_path)
