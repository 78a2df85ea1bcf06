"""The tooling half: whose URL it is, problems, resources and samples."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalice_core.config import load_config
from chalice_core.config.errors import InvalidConfigError
from chalice_core.graph import Graph
from chalice_core.kinds import FunctionUrl, InvokePermission
from chalice_core.lowering import build_graph
from chalice_core.manifest import App, EventDeclaration, FunctionDeclaration, RouteDeclaration
from chalice_core.plugins import Plugins, load_plugins
from chalice_core.samples import SampleArgumentError
from chalice_core.validation import InvalidAppError
from chalice_function_urls import hooks
from chalice_function_urls.sample import generate_function_url_event

ROUTE = RouteDeclaration(
    path="/",
    method="GET",
    view_name="index",
    handler="app.index",
    content_types=("application/json",),
    api_key_required=False,
    authorizer=None,
    cors=None,
    summary="",
    description="",
)

Lowered = Callable[..., Graph]


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return load_plugins()


def declaration(**options: Any) -> EventDeclaration:
    filled = {"auth_type": "AWS_IAM", "cors": None, "invoke_mode": "BUFFERED", **options}
    return EventDeclaration(
        source="function_url", decorator="on_function_url", function="price", options=filled
    )


@pytest.fixture
def lowered(tmp_path: Path, plugins: Plugins) -> Lowered:
    """Build the graph of an application with a route, a function ``report`` and, with options, ``price``."""

    def build(options: dict[str, Any] | None = None, *others: FunctionDeclaration, **config: Any) -> Graph:
        (tmp_path / ".chalice").mkdir(exist_ok=True)
        document = {"version": "2.0", "app_name": "shop", "stages": {"dev": {}}, **config}
        (tmp_path / ".chalice" / "config.json").write_text(json.dumps(document), encoding="utf-8")
        functions = [FunctionDeclaration(name="report", handler="app.report", kind="pure"), *others]
        if options is not None:
            functions.append(FunctionDeclaration(name="price", handler="app.price", kind="event"))
        app = App(
            name="shop",
            routes=(ROUTE,),
            functions=tuple(functions),
            events=() if options is None else (declaration(**options),),
        )
        return build_graph(app, "python3.12", load_config(tmp_path, plugins).stage("dev"), plugins)

    return build


def found(graph: Graph) -> dict[str, tuple[str, Any]]:
    return {url.function_arn.of: (url.auth_type, url.cors) for url in graph.of_kind(FunctionUrl)}


def test_without_a_word_no_function_has_a_url(lowered: Lowered) -> None:
    assert found(lowered()) == {}


def test_a_decorated_function_gets_a_url(lowered: Lowered) -> None:
    graph = lowered({})

    (url,) = graph.of_kind(FunctionUrl)
    assert (url.id, url.auth_type, url.cors, url.invoke_mode) == ("price-url", "AWS_IAM", None, "BUFFERED")
    assert not [one for one in graph.of_kind(InvokePermission) if one.function_arn.of == "price"]


def test_a_url_for_everybody_has_both_permissions(lowered: Lowered) -> None:
    graph = lowered({"auth_type": "NONE"})

    permissions = {
        one.id: (one.principal, one.action, one.function_url_auth_type, one.invoked_via_function_url)
        for one in graph.of_kind(InvokePermission)
        if one.function_arn.of == "price"
    }
    assert permissions == {
        "price-url-permission": ("*", "lambda:InvokeFunctionUrl", "NONE", False),
        "price-url-invoke-permission": ("*", "lambda:InvokeFunction", None, True),
    }


@pytest.mark.parametrize("scope", ["top", "stage"])
def test_a_wide_setting_is_the_apis_alone(lowered: Lowered, scope: str) -> None:
    wide = {"function_url": {"auth_type": "NONE"}}

    graph = lowered(**wide) if scope == "top" else lowered(stages={"dev": wide})

    assert found(graph) == {"api_handler": ("NONE", None)}


def test_a_function_gets_its_own_though_it_says_what_the_stage_says(lowered: Lowered) -> None:
    settings = {"auth_type": "NONE"}

    graph = lowered(
        function_url=settings, lambda_functions={"report": {"function_url": settings, "lambda_timeout": 3}}
    )

    assert found(graph) == {"api_handler": ("NONE", None), "report": ("NONE", None)}


def test_a_function_with_other_keys_of_its_own_inherits_no_url(lowered: Lowered) -> None:
    graph = lowered(function_url={}, lambda_functions={"report": {"lambda_timeout": 3}})

    assert found(graph) == {"api_handler": ("AWS_IAM", None)}


def test_false_takes_a_url_away(lowered: Lowered) -> None:
    graph = lowered(
        {},
        function_url={},
        lambda_functions={"api_handler": {"function_url": False}, "price": {"function_url": False}},
    )

    assert found(graph) == {}


def test_the_configuration_overrides_the_decorator_setting_by_setting(lowered: Lowered) -> None:
    graph = lowered(
        {"auth_type": "AWS_IAM", "cors": True},
        stages={"dev": {"lambda_functions": {"price": {"function_url": {"auth_type": "NONE"}}}}},
    )

    everything = {"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["*"]}
    assert found(graph) == {"price": ("NONE", everything)}


def test_cors_is_spelled_as_lambda_spells_it(lowered: Lowered) -> None:
    cors = {
        "allow_origins": ["https://example.com"],
        "allow_methods": ["GET", "POST"],
        "allow_headers": ["x-a"],
        "expose_headers": ["x-b"],
        "allow_credentials": True,
        "max_age": 60,
    }

    graph = lowered({"cors": cors})

    assert found(graph)["price"][1] == {
        "AllowOrigins": ["https://example.com"],
        "AllowMethods": ["GET", "POST"],
        "AllowHeaders": ["x-a"],
        "ExposeHeaders": ["x-b"],
        "AllowCredentials": True,
        "MaxAge": 60,
    }


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"auth_type": "OPEN"}, "'auth_type' must be one of AWS_IAM, NONE"),
    ({"invoke_mode": "RESPONSE_STREAM"}, "runtime for Python streams no answers"),
    ({"invoke_mode": "OTHER"}, "'invoke_mode' must be"),
    ({"cors": {"origins": []}}, "'cors' has no 'origins'"),
    ({"cors": {"allow_origins": "*"}}, "'allow_origins' of 'cors' must be a list of at most 100 texts"),
    ({"cors": {"allow_headers": ["x"] * 101}}, "'allow_headers' of 'cors' must be a list"),
    ({"cors": {"allow_methods": ["OPTIONS"]}}, "'allow_methods' of 'cors' must be a list of some of"),
    ({"cors": {"allow_credentials": "yes"}}, "'allow_credentials' of 'cors' must be true or false"),
    ({"cors": {"max_age": 86401}}, "'max_age' of 'cors' must be an integer from 0 to 86400"),
]


@pytest.mark.parametrize(("settings", "problem"), MISTAKES)
def test_mistakes_of_a_decorator_are_said(lowered: Lowered, settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidAppError) as failure:
        lowered(settings)

    (said,) = failure.value.problems
    assert said.startswith("on_function_url on 'price': ")
    assert problem in said


@pytest.mark.parametrize(
    ("settings", "problem"),
    [*MISTAKES, ({"auth": "NONE"}, "'auth' is none of its settings"), ({"cors": 1}, "'cors' must be true")],
)
def test_mistakes_of_the_configuration_are_said(
    lowered: Lowered, settings: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InvalidConfigError) as failure:
        lowered(function_url=settings)

    assert problem in str(failure.value)
    assert "function_url" in str(failure.value)


@pytest.mark.parametrize("value", [True, "NONE", []])
def test_a_value_that_is_no_object_is_refused(lowered: Lowered, value: Any) -> None:
    with pytest.raises(InvalidConfigError, match="must be false or an object"):
        lowered(function_url=value)


def test_a_function_of_another_event_can_have_no_url(lowered: Lowered) -> None:
    guard = FunctionDeclaration(name="guard", handler="app.guard", kind="authorizer")

    with pytest.raises(InvalidAppError) as failure:
        lowered(None, guard, lambda_functions={"guard": {"function_url": {}}})

    (said,) = failure.value.problems
    assert "'guard' is called with events of another sort" in said


def test_an_event_of_another_family_is_left_alone() -> None:
    other = EventDeclaration(source="parcels", decorator="on_parcel", function="f", options={})

    assert hooks.chalice_lower_event(event=other) is None
    assert hooks.chalice_sample_event(event=other, arguments={}) is None


def test_a_sample_is_a_request_as_a_person_says() -> None:
    arguments = {"method": "POST", "path": "/x", "json": {"a": 1}, "headers": {"X-A": "b"}}

    sample = hooks.chalice_sample_event(event=declaration(), arguments=arguments)

    assert sample is not None
    assert (sample["version"], sample["rawPath"], sample["body"]) == ("2.0", "/x", '{"a": 1}')
    assert sample["headers"]["x-a"] == "b"
    assert sample["headers"]["content-type"] == "application/json"
    assert "iam" in sample["requestContext"]["authorizer"]
    plain = hooks.chalice_sample_event(event=declaration(auth_type="NONE"), arguments={})
    assert plain == generate_function_url_event()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"url": "x"}, "no argument 'url'"),
        ({"path": 1}, "'path' must be a text, not 1"),
        ({"headers": {"a": 1}}, "'headers' must be an object of texts"),
        ({"body": "x", "json": 1}, "one body"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(SampleArgumentError, match=problem):
        hooks.chalice_sample_event(event=declaration(), arguments=arguments)


def test_the_application_itself_answers_a_sample() -> None:
    from chalice import Chalice

    app = Chalice("shop", configure_logs=False, env={})

    @app.route("/users/{name}", methods=["GET"])
    def user(name: str) -> dict[str, str]:
        return {"name": name}

    answer = app(generate_function_url_event(path="/users/ann"), None)

    assert (answer["statusCode"], answer["body"]) == (200, '{"name":"ann"}')
