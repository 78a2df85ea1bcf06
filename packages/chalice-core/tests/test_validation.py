"""What is wrong with an application is found before anything is built, and all of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice_core.config import FunctionConfig, StageConfig
from chalice_core.hookspecs import hookimpl
from chalice_core.manifest import App, EventDeclaration
from chalice_core.plugins import HookAnswerError
from chalice_core.testing import app, event, graph, route, stage_config
from chalice_core.validation import InvalidAppError, find_problems, runtime_notice

CORS = {"Access-Control-Allow-Origin": "*"}


def problems(of: App, **config: Any) -> list[str]:
    return list(find_problems(of, stage_config(**config)))


def problem(of: App, **config: Any) -> str:
    (only,) = problems(of, **config)
    return only


def configured(**fields: Any) -> Mapping[str, FunctionConfig]:
    return {"work": FunctionConfig(**fields)}


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        ["/", "/users", "/users/{name}", "/a.b/c-d/e_f", "/v1:batch", "/{proxy+}", "/files/{rest+}"],
    )
    def test_these_are_fine(self, path: str) -> None:
        assert problems(app(routes=[route(path)])) == []

    @pytest.mark.parametrize(
        ("path", "reason"),
        [
            ("", "cannot be the empty string"),
            ("users", "must begin with '/'"),
            ("/users/", "cannot end with a trailing slash; write '/users'"),
            ("//", "cannot end with a trailing slash; write '/'"),
            ("/a//b", "two slashes in a row"),
            ("/{name", "unbalanced braces"),
            ("/name}", "unbalanced braces"),
            ("/{first-name}", "a parameter takes a whole part"),
            ("/x{name}", "a parameter takes a whole part"),
            ("/{}", "a parameter takes a whole part"),
            ("/{proxy+}/x", "must be the last part"),
            ("/a b", "API Gateway allows letters"),
            ("/ü", "API Gateway allows letters"),
            ("/a?b", "API Gateway allows letters"),
            ("/{a}/{a}", "the parameter 'a' 2 times"),
        ],
    )
    def test_these_are_named_with_the_reason(self, path: str, reason: str) -> None:
        assert reason in problem(app(routes=[route(path)]))

    def test_two_names_for_one_part_are_refused(self) -> None:
        found = problem(app(routes=[route("/users/{a}"), route("/users/{b}/x")]))

        assert "{a}, {b}" in found
        assert "Below '/users'" in found

    def test_one_name_for_one_part_is_fine(self) -> None:
        assert problems(app(routes=[route("/users/{a}"), route("/users/{a}/x")])) == []

    @given(st.text(alphabet="/{}+ab -é", max_size=8))
    def test_any_text_is_judged(self, path: str) -> None:
        assert all(isinstance(one, str) for one in problems(app(routes=[route(path)])))


class TestViews:
    def test_two_views_for_one_method_are_both_named(self) -> None:
        found = problem(app(routes=[route(view_name="one"), route(view_name="two")]))

        assert "'one' and 'two'" in found

    def test_a_lower_case_method_is_told_the_right_one(self) -> None:
        assert "write 'GET'" in problem(app(routes=[route(method="get")]))

    def test_a_method_that_api_gateway_does_not_know_is_refused(self) -> None:
        assert "'BREW'" in problem(app(routes=[route(method="BREW")]))

    def test_cors_and_a_view_for_options_exclude_each_other(self) -> None:
        found = problem(app(routes=[route("/x", cors=CORS), route("/x", "OPTIONS")]))

        assert "'/x' cannot have both" in found

    def test_a_view_for_options_without_cors_is_fine(self) -> None:
        assert problems(app(routes=[route("/x"), route("/x", "OPTIONS")])) == []

    def test_differing_cors_on_one_path_is_refused(self) -> None:
        other = {"Access-Control-Allow-Origin": "https://example.com"}

        found = problem(app(routes=[route("/x", cors=CORS), route("/x", "PUT", cors=other)]))

        assert "multiple differing CORS configurations" in found

    def test_cors_on_some_methods_of_a_path_is_fine(self) -> None:
        assert problems(app(routes=[route("/x", cors=CORS), route("/x", "PUT")])) == []

    def test_binary_and_other_content_types_do_not_mix(self) -> None:
        mixed = route(content_types=("image/png", "application/json"))

        found = problem(app(routes=[mixed], binary_types=("image/png",)))

        assert "(image/png)" in found
        assert "(application/json)" in found

    def test_a_view_with_several_methods_has_a_problem_once(self) -> None:
        types = ("image/png", "application/json")
        mixed = [route("/x", method, content_types=types) for method in ("GET", "PUT", "POST")]

        problem(app(routes=mixed, binary_types=("image/png",)))

    def test_when_everything_is_binary_nothing_mixes(self) -> None:
        mixed = route(content_types=("image/png", "application/json"))

        assert problems(app(routes=[mixed], binary_types=("image/png", "*/*"))) == []

    def test_api_gateway_has_a_limit_for_binary_types(self) -> None:
        types = tuple(f"image/{number}" for number in range(26))

        assert "26 binary types" in problem(app(binary_types=types))
        assert problems(app(binary_types=types[:-1])) == []


class TestFunctions:
    def test_a_name_that_two_functions_have_is_refused(self) -> None:
        assert "Duplicate function name detected: 'work'" in problem(app(pure=["work", "work"]))

    def test_the_handler_of_the_routes_has_a_name_too(self) -> None:
        assert "'api_handler'" in problem(app(routes=[route()], pure=["api_handler"]))

    def test_configuration_for_no_function_comes_with_the_nearest_one(self) -> None:
        found = problem(app(pure=["process"]), functions={"proces": FunctionConfig()})

        assert "did you mean 'process'?" in found

    def test_configuration_for_the_api_is_fine_without_routes(self) -> None:
        assert problems(app(), functions={"api_handler": FunctionConfig()}) == []

    def test_a_name_that_lambda_would_not_take_is_refused(self) -> None:
        assert "letters, digits" in problem(app(pure=["a.b"]))

    def test_a_name_that_gets_too_long_is_shown_whole(self) -> None:
        name = "x" * 55

        assert f"'hello-dev-{name}', 65 characters" in problem(app(pure=[name]))
        assert problems(app(pure=[name[:-1]])) == []

    def test_the_role_of_the_apis_handler_has_a_longer_name_than_the_function(self) -> None:
        own = {"api_handler": FunctionConfig(autogen_policy=False)}

        found = problem(app(routes=[route()]), app_name="x" * 50, functions=own)

        assert "role of the function 'api_handler'" in found

    def test_an_unmanaged_role_needs_its_arn(self) -> None:
        assert "iam_role_arn" in problem(app(pure=["work"]), functions=configured(manage_iam_role=False))

    @pytest.mark.parametrize("key", ["subnet_ids", "security_group_ids"])
    def test_half_a_network_is_none(self, key: str) -> None:
        found = problem(app(pure=["work"]), functions=configured(**{key: ("x",)}))

        assert "Invalid VPC params for function 'work'" in found
        assert f'it has "{key}"' in found

    def test_environment_variables_have_a_limit_together(self) -> None:
        big = configured(environment_variables={"BIG": "x" * 4096})

        assert "4106 bytes" in problem(app(pure=["work"]), functions=big)

    def test_an_event_for_no_function_is_refused(self) -> None:
        lost = EventDeclaration(source="sqs", decorator="on_sqs_message", function="lost", options={})

        assert "'lost'" in problem(App(name="hello", events=(lost,)))


class TestTheApi:
    def test_an_endpoint_is_for_private_apis(self) -> None:
        assert '"PRIVATE"' in problem(app(), api_gateway_endpoint_vpce=("vpce-1",))

    def test_a_private_api_needs_a_policy(self) -> None:
        assert "needs a policy" in problem(app(), api_gateway_endpoint_type="PRIVATE")

    def test_endpoint_and_policy_exclude_each_other(self) -> None:
        found = problem(
            app(),
            api_gateway_endpoint_type="PRIVATE",
            api_gateway_endpoint_vpce=("vpce-1",),
            api_gateway_policy_file="policy.json",
        )

        assert "exclude each other" in found

    def test_the_managed_layer_counts_among_the_layers(self) -> None:
        five = tuple(f"arn:aws:lambda:eu-west-1:123456789012:layer:l:{n}" for n in range(5))

        found = problem(app(pure=["work"]), automatic_layer=True, functions=configured(layers=five))

        assert "6 layers" in found
        assert problems(app(pure=["work"]), functions=configured(layers=five)) == []


class TestReporting:
    def test_problems_of_the_core_of_plugins_and_of_files_come_together(self, tmp_path: Path) -> None:
        class Picky:
            @hookimpl
            def chalice_validate_app(self, app: App) -> list[str]:
                return [f"I do not like {app.name}."]

        config = stage_config(tmp_path, functions=configured(autogen_policy=False))

        with pytest.raises(InvalidAppError) as caught:
            graph(app(routes=[route("/x/")], pure=["work"]), Picky(), config=config)

        slash, file, opinion = caught.value.problems
        assert "trailing slash" in slash
        assert str(tmp_path / ".chalice" / "policy-dev.json") in file
        assert opinion == "I do not like hello."

    def test_a_plugin_that_answers_with_a_string_is_told_so(self) -> None:
        class Sloppy:
            @hookimpl
            def chalice_validate_app(self, config: StageConfig) -> str:
                return "wrong"

        with pytest.raises(HookAnswerError, match="Sloppy-0"):
            graph(app(), Sloppy())

    def test_no_event_is_lowered_when_there_are_problems(self) -> None:
        class Lowering:
            called = False

            @hookimpl
            def chalice_lower_event(self, event: EventDeclaration) -> list[Any]:
                self.called = True
                return []

        plugin = Lowering()

        with pytest.raises(InvalidAppError):
            graph(app(routes=[route("")], events=[event("sqs", "on_sqs_message")]), plugin)
        assert not plugin.called


def test_a_python_that_lambda_has_needs_no_warning() -> None:
    assert runtime_notice("python3.12") is None


@pytest.mark.parametrize("runtime", ["python3.9", "python3.99"])
def test_another_is_a_warning_and_no_problem(runtime: str) -> None:
    assert runtime in (runtime_notice(runtime) or "")
