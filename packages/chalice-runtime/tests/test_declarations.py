"""What decorators accept, refuse and record."""

from __future__ import annotations

import functools
import logging
import sys
from importlib.metadata import version
from typing import Any
from unittest import mock

import pytest

import chalice
import chalice.app
from chalice import Chalice, CORSConfig


class TestRoutes:
    def test_the_function_comes_back_unchanged(self, app: Chalice) -> None:
        def view() -> str:
            return "direct"

        assert app.route("/")(view) is view

    def test_an_entry_says_all_about_a_route(self, app: Chalice) -> None:
        @app.route(
            "/users/{name}",
            methods=["GET", "PUT"],
            name="shown",
            content_types=["text/x"],
            api_key_required=True,
            cors=True,
        )
        def show(name: str) -> str:
            return name

        entry = app.routes["/users/{name}"]["PUT"]

        assert entry.view_function is show
        assert (entry.view_name, entry.uri_pattern, entry.method) == ("shown", "/users/{name}", "PUT")
        assert (entry.view_args, entry.content_types, entry.api_key_required) == (["name"], ["text/x"], True)
        assert entry.cors == CORSConfig()
        assert entry.authorizer is None

    def test_an_unknown_option_is_refused_with_the_known_ones(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match=r"'foo'.*methods, name, authorizer, content_types"):
            app.route("/", foo=1)

    def test_content_types_must_be_a_list(self, app: Chalice) -> None:
        with pytest.raises(ValueError, match="content_types must be a list"):
            app.route("/", content_types="text/plain")(lambda: None)

    def test_two_views_cannot_answer_one_method_of_one_path(self, app: Chalice) -> None:
        @app.route("/a")
        def first() -> None: ...

        def second() -> None: ...

        with pytest.raises(ValueError, match=r"'GET' of the path '/a'.*'first' already, so 'second'"):
            app.route("/a", methods=["POST", "GET"])(second)
        assert list(app.routes["/a"]) == ["GET"]

    def test_one_view_cannot_list_a_method_twice(self, app: Chalice) -> None:
        with pytest.raises(ValueError, match="Duplicate method"):
            app.route("/a", methods=["GET", "GET"])(lambda: None)
        assert app.routes == {}

    @pytest.mark.parametrize(
        ("methods", "why"),
        [
            (["get"], "write 'GET'"),
            (["FETCH"], "known are DELETE, GET"),
            ([], "empty"),
            ([1], "not an HTTP method"),
        ],
    )
    def test_a_method_that_no_request_has_is_refused(self, app: Chalice, methods: Any, why: str) -> None:
        with pytest.raises(ValueError, match=why):
            app.route("/", methods=methods)(lambda: None)

    def test_methods_in_a_string_are_refused(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match=r"\['GET'\]"):
            app.route("/", methods="GET")(lambda: None)

    @pytest.mark.parametrize(
        "path", ["", "users", "/users/", "/a//b", "/a b", "/{a", "/~{a}-{b}", "/{proxy+}/more"]
    )
    def test_whether_api_gateway_takes_a_path_is_left_to_the_tools(self, app: Chalice, path: str) -> None:
        """They know the whole application and report all mistakes at once; existing applications just run."""
        app.route(path)(lambda **_: None)

        assert list(app.routes) == [path]

    def test_a_path_that_is_no_string_is_refused(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match="path"):
            app.route(None)(lambda: None)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("path", "names"),
        [
            ("/", []),
            ("/a.b/c_d-e", []),
            ("/{a}/b/{c1}", ["a", "c1"]),
            ("/{proxy+}", []),
            ("/{a}/{rest+}", ["a"]),
            ("/{1}", ["1"]),
            ("/{a}-{b}", ["a", "b"]),
            ("/{}/{a-b}/{c", []),
        ],
    )
    def test_the_names_in_a_path_are_its_parameters(self, app: Chalice, path: str, names: list[str]) -> None:
        app.route(path)(lambda: None)

        assert app.routes[path]["GET"].view_args == names

    def test_a_path_must_be_text(self, app: Chalice) -> None:
        for path in (None, lambda: None):
            with pytest.raises(TypeError, match=r"route\(…\) needs its parentheses and a path"):
                app.route(path)(lambda: None)  # type: ignore[arg-type]

    def test_cors_must_be_a_setting(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match="True, False or a CORSConfig"):
            app.route("/", cors="*")(lambda: None)

    def test_what_is_no_authorizer_is_refused_rather_than_ignored(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match="authorizer must be an IAMAuthorizer"):
            app.route("/", authorizer=object())(lambda: None)  # type: ignore[arg-type]
        assert app.routes == {}


class TestFunctions:
    def test_a_pure_function_is_called_with_event_and_context(self, app: Chalice) -> None:
        @app.lambda_function(name="renamed")
        def work(event: Any, context: Any) -> Any:
            """What it does."""
            return [event, context]

        assert work("event", "context") == ["event", "context"]
        assert (work.name, work.handler_string, work.__doc__) == ("renamed", "app.work", "What it does.")
        assert app.handler_map == {"renamed": work}
        assert app.pure_lambda_functions == [work]

    def test_only_functions_can_be_deployed(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match="must decorate a function"):
            app.lambda_function()(functools.partial(max, 1))
        with pytest.raises(TypeError, match="parentheses"):
            app.lambda_function(lambda event, context: None)  # type: ignore[arg-type]

    def test_two_functions_cannot_have_one_name(self, app: Chalice) -> None:
        app.lambda_function(name="same")(lambda event, context: None)

        with pytest.raises(ValueError, match="two Lambda functions of 'tested' are named 'same'"):
            app.lambda_function(name="same")(lambda event, context: None)


class TestLogging:
    def test_the_logger_writes_to_standard_output_without_a_time(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        app = Chalice("logs-once", env={})

        app.log.error("broken %s", 1)
        app.log.warning("hidden")

        assert capsys.readouterr().out == "logs-once - ERROR - broken 1\n"
        assert app.log.propagate is False

    def test_debug_sets_the_level_whenever_it_is_assigned(self) -> None:
        app = Chalice("logs-debug", debug=True, env={})
        at_first = app.log.level

        app.debug = False

        assert (at_first, app.log.level, app.debug) == (logging.DEBUG, logging.ERROR, False)

    def test_a_logger_that_writes_there_already_is_left_as_it_is(self) -> None:
        logger = logging.getLogger("logs-own")
        handler = logging.StreamHandler(sys.stdout)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)

        Chalice("logs-own", debug=True, env={})

        assert (logger.handlers, logger.level, logger.propagate) == ([handler], logging.INFO, True)

    def test_logging_can_be_left_to_the_application(self) -> None:
        app = Chalice("logs-none", debug=True, configure_logs=False, env={})

        assert (app.log.handlers, app.log.level) == ([], logging.NOTSET)


class TestNames:
    def test_each_application_adds_itself_to_the_execution_environment(self) -> None:
        env = {"AWS_EXECUTION_ENV": "AWS_Lambda_python3.12"}

        Chalice("one", env=env)

        assert env == {"AWS_EXECUTION_ENV": f"AWS_Lambda_python3.12 aws-chalice/{chalice.__version__}"}

    def test_the_version_is_that_of_the_distribution(self) -> None:
        assert chalice.__version__ == version("chalice-runtime")

    @pytest.mark.parametrize("module", [chalice, chalice.app])
    def test_what_a_module_announces_is_there(self, module: Any) -> None:
        assert [name for name in module.__all__ if not hasattr(module, name)] == []

    @pytest.mark.parametrize("name", ["current_request", "lambda_context"])
    def test_tests_may_put_something_in_place_of_the_request(self, app: Chalice, name: str) -> None:
        with mock.patch.object(app, name, "fake"):
            assert getattr(app, name) == "fake"
        assert getattr(app, name) is None

    def test_feature_flags_are_a_set_that_starts_empty(self, app: Chalice) -> None:
        flags_before = set(app.experimental_feature_flags)

        app.experimental_feature_flags.update(["WEBSOCKETS"])

        assert (flags_before, app.experimental_feature_flags) == (set(), {"WEBSOCKETS"})
