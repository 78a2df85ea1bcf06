"""Authorizers: what is wrong with them, and what they become in an API and its definition."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

import pytest

from chalice_core.kinds import ApiRoute, Function, IamAuthorizer, InvokePermission, LogGroup, RestApi
from chalice_core.manifest import App, AuthorizerDeclaration, FunctionDeclaration, RouteDeclaration
from chalice_core.swagger import document
from chalice_core.testing import app, graph, route, stage_config
from chalice_core.validation import find_problems
from chalice_core.values import Output, ResourceId, render_tree

POOL = "arn:aws:cognito-idp:us-west-2:123456789012:userpool/us-west-2_aBc1"
ROLE = "arn:aws:iam::123456789012:role/callers/gateway"
URI = (
    "arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-west-2:123456789012:function:keeper/invocations"
)

Kind = Literal["builtin", "custom", "cognito", "iam"]
DEFAULTS: Mapping[Kind, Mapping[str, Any]] = {
    "builtin": {"function": "keeper", "ttl_seconds": None, "execution_role": None, "header": "Authorization"},
    "custom": {"authorizer_uri": URI, "ttl_seconds": 300, "header": "Authorization", "invoke_role_arn": None},
    "cognito": {"provider_arns": [POOL], "header": "Authorization"},
    "iam": {},
}


def authorizer(kind: Kind, name: str = "keeper", **options: Any) -> AuthorizerDeclaration:
    return AuthorizerDeclaration(name=name, kind=kind, options={**DEFAULTS[kind], **options})


def keepers(*names: str) -> tuple[FunctionDeclaration, ...]:
    return tuple(FunctionDeclaration(name=name, handler=f"app.{name}", kind="authorizer") for name in names)


def guarded(*authorizers: AuthorizerDeclaration, routes: tuple[RouteDeclaration, ...] = ()) -> App:
    builtin = dict.fromkeys(one.name for one in authorizers if one.kind == "builtin")
    return app(
        routes=routes or tuple(route(f"/{one.name}", authorizer=one.name) for one in authorizers),
        authorizers=authorizers,
        functions=keepers(*builtin),
    )


def problems(of: App) -> list[str]:
    return list(find_problems(of, stage_config()))


def definition(of: App) -> Any:
    api = graph(of)[ResourceId("rest_api")]
    assert isinstance(api, RestApi)
    tree = render_tree(document(api), output=lambda one: f"<{one.of}>", pseudo=lambda one: one.name.lower())
    return json.loads(json.dumps(tree))


def permissions(of: App) -> dict[Output, Any]:
    return {one.function_arn: one for one in graph(of).of_kind(InvokePermission)}


class TestProblems:
    @pytest.mark.parametrize("kind", DEFAULTS)
    def test_each_kind_can_be_right(self, kind: Kind) -> None:
        assert problems(guarded(authorizer(kind))) == []

    @pytest.mark.parametrize(
        ("kind", "option", "wrong"),
        [
            *(
                (kind, "header", wrong)
                for kind in DEFAULTS
                if kind != "iam"
                for wrong in ("", "a b", None, "a\n")
            ),
            *(
                (kind, "ttl_seconds", wrong)
                for kind in ("builtin", "custom")
                for wrong in (-1, 3601, 1.5, True)
            ),
            ("custom", "ttl_seconds", None),
            ("custom", "authorizer_uri", "arn:aws:lambda:us-west-2:123456789012:function:keeper"),
            ("custom", "authorizer_uri", None),
            ("custom", "invoke_role_arn", "gateway"),
            ("builtin", "execution_role", "arn:aws:iam::123456789012:user/me"),
            ("builtin", "function", None),
            ("builtin", "function", "other"),
            ("cognito", "provider_arns", []),
            ("cognito", "provider_arns", [POOL, "us-west-2_aBc1"]),
            ("cognito", "provider_arns", [None]),
        ],
    )
    def test_an_option_that_api_gateway_would_refuse_is_one_problem(
        self, kind: Kind, option: str, wrong: Any
    ) -> None:
        (problem,) = problems(guarded(authorizer(kind, **{option: wrong})))

        assert "The authorizer 'keeper'" in problem

    @pytest.mark.parametrize("seconds", [0, 3600])
    def test_answers_are_remembered_for_an_hour_at_most_and_not_at_all_at_least(self, seconds: int) -> None:
        assert problems(guarded(authorizer("builtin", ttl_seconds=seconds))) == []

    def test_two_authorizers_of_one_name_are_both_shown(self) -> None:
        both = (authorizer("iam"), authorizer("cognito", provider_arns=[POOL]))

        (problem,) = problems(guarded(*both, routes=(route(authorizer="keeper"),)))

        assert "2 different authorizers of the name 'keeper'" in problem
        assert "iam" in problem
        assert POOL in problem

    def test_a_route_is_never_left_open_because_its_authorizer_is_unknown(self) -> None:
        views = (route("/a", authorizer="keper"), route("/b", authorizer="keeper"))

        (problem,) = problems(guarded(authorizer("iam"), routes=views))

        assert "'keper', which does not exist; the application has 'keeper'" in problem

    def test_each_method_of_a_path_has_an_authorizer_of_its_own(self) -> None:
        views = (route("/a", "PUT", authorizer="keper"), route("/a", "GET"), route("/a", "POST"))

        (problem,) = problems(guarded(authorizer("iam"), routes=views))

        assert "'keper'" in problem

    def test_a_view_with_several_methods_has_each_problem_once(self) -> None:
        views = tuple(route("/a", method, authorizer="keper") for method in ("GET", "PUT"))

        assert len(problems(guarded(authorizer("iam"), routes=views))) == 1

    def test_a_signature_carries_no_scopes(self) -> None:
        view = route(authorizer="keeper", authorizer_scopes=("orders/read",))

        (problem,) = problems(guarded(authorizer("iam"), routes=(view,)))

        assert "orders/read" in problem

    @pytest.mark.parametrize("name", ["api_key", "", " "])
    def test_some_names_cannot_be(self, name: str) -> None:
        (problem,) = problems(guarded(authorizer("iam", name), routes=(route(authorizer=name),)))

        assert repr(name) in problem

    def test_the_function_of_an_authorizer_needs_a_name_for_lambda(self) -> None:
        (problem,) = problems(
            guarded(authorizer("builtin", "my keeper", function="my keeper"), routes=(route(),))
        )

        assert "The function name 'my keeper' must consist of" in problem

    def test_an_authorizer_and_an_event_cannot_share_a_name(self) -> None:
        functions = (*keepers("work"), FunctionDeclaration(name="work", handler="app.w", kind="pure"))

        (problem,) = problems(app(functions=functions))

        assert "Duplicate function name detected: 'work'" in problem


class TestGraph:
    def test_a_built_in_authorizer_is_a_function_that_the_api_may_call(self) -> None:
        declared = guarded(authorizer("builtin"))

        made = graph(declared)

        function = made[ResourceId("keeper")]
        assert isinstance(function, Function)
        assert (function.handler, function.function_name) == ("app.keeper", "hello-dev-keeper")
        assert made[ResourceId("keeper_log_group")] in made.of_kind(LogGroup)
        source = permissions(declared)[function.arn].source_arn
        tail = render_tree(source, output=lambda one: f"<{one.of}.{one.name}>", pseudo=lambda one: one.name)
        assert tail == "arn:PARTITION:execute-api:REGION:ACCOUNT:<rest_api.api_id>/authorizers/*"

    def test_the_api_waits_for_the_function_of_its_authorizer(self) -> None:
        api = graph(guarded(authorizer("builtin")))[ResourceId("rest_api")]

        assert ResourceId("keeper") in set(api.dependencies())

    def test_an_authorizer_that_no_route_names_is_a_function_and_no_part_of_the_api(self) -> None:
        declared = guarded(authorizer("builtin"), routes=(route(),))

        api = graph(declared)[ResourceId("rest_api")]

        assert isinstance(api, RestApi)
        assert api.authorizers == ()
        assert Output(ResourceId("keeper"), "arn") in permissions(declared)

    def test_without_routes_nothing_calls_an_authorizer(self) -> None:
        made = graph(app(authorizers=(authorizer("builtin"),), functions=keepers("keeper")))

        assert [function.name for function in made.of_kind(Function)] == ["keeper"]
        assert list(made.of_kind(InvokePermission)) == []

    def test_an_api_cannot_name_an_authorizer_that_it_does_not_have(self) -> None:
        view = ApiRoute(
            path="/", method="GET", function_arn=Output(ResourceId("f"), "arn"), authorizer="keeper"
        )

        with pytest.raises(ValueError, match="keeper"):
            RestApi(id=ResourceId("api"), name="api", stage_name="api", routes=(view,))

    def test_an_api_has_one_authorizer_of_each_name(self) -> None:
        twice = (IamAuthorizer(name="keeper"), IamAuthorizer(name="keeper"))

        with pytest.raises(ValueError, match="one name"):
            RestApi(id=ResourceId("api"), name="api", stage_name="api", routes=(), authorizers=twice)


class TestDefinition:
    @pytest.mark.parametrize(
        ("declared", "settings"),
        [
            (authorizer("builtin"), {}),
            (authorizer("builtin", ttl_seconds=0), {"authorizerResultTtlInSeconds": 0}),
            (authorizer("builtin", execution_role=ROLE), {"authorizerCredentials": ROLE}),
        ],
    )
    def test_a_function_of_the_application_is_called_by_its_arn(
        self, declared: AuthorizerDeclaration, settings: dict[str, Any]
    ) -> None:
        assert definition(guarded(declared))["securityDefinitions"] == {
            "keeper": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": {
                    "type": "token",
                    "authorizerUri": (
                        "arn:partition:apigateway:region:lambda:path/2015-03-31/functions/<keeper>/invocations"
                    ),
                    **settings,
                },
            }
        }

    def test_a_function_of_somebody_else_is_called_by_what_the_application_says(self) -> None:
        declared = authorizer("custom", ttl_seconds=7, header="X-Token", invoke_role_arn=ROLE)

        assert definition(guarded(declared))["securityDefinitions"]["keeper"] == {
            "type": "apiKey",
            "in": "header",
            "name": "X-Token",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                "type": "token",
                "authorizerUri": URI,
                "authorizerResultTtlInSeconds": 7,
                "authorizerCredentials": ROLE,
            },
        }

    def test_user_pools_are_named(self) -> None:
        declared = guarded(authorizer("cognito", "My Pool"), routes=(route(authorizer="My Pool"),))

        assert definition(declared)["securityDefinitions"]["My Pool"] == {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL]},
        }

    def test_signatures_need_no_settings(self) -> None:
        assert definition(guarded(authorizer("iam", "sigv4")))["securityDefinitions"] == {
            "sigv4": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "x-amazon-apigateway-authtype": "awsSigv4",
            }
        }

    def test_each_route_says_what_it_asks_for(self) -> None:
        views = (
            route("/open"),
            route("/read", authorizer="keeper", authorizer_scopes=("a", "b")),
            route("/write", authorizer="keeper", api_key_required=True),
        )

        made = definition(guarded(authorizer("cognito"), routes=views))

        asked = {path: methods["get"].get("security") for path, methods in made["paths"].items()}
        assert asked == {
            "/open": None,
            "/read": [{"keeper": ["a", "b"]}],
            "/write": [{"api_key": []}, {"keeper": []}],
        }
        assert set(made["securityDefinitions"]) == {"keeper", "api_key"}

    def test_a_preflight_is_open_to_everybody(self) -> None:
        view = route("/", authorizer="keeper", cors={"Access-Control-Allow-Origin": "*"})

        made = definition(guarded(authorizer("iam"), routes=(view,)))

        # A browser sends it without the credentials of the request that follows.
        assert "security" not in made["paths"]["/"]["options"]
