"""Authorizers: what an application declares, what API Gateway is told, and what an authorizer answers."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalice.app
from chalice import (
    AuthResponse,
    AuthRoute,
    Chalice,
    CognitoUserPoolAuthorizer,
    CustomAuthorizer,
    IAMAuthorizer,
)
from chalice.app import AuthRequest, BuiltinAuthConfig, ChaliceAuthorizer

ARN = "arn:aws:execute-api:us-west-2:123456789012:api1/dev/GET/needs:auth/7"
START = "arn:aws:execute-api:us-west-2:123456789012:api1/dev"
POOL = "arn:aws:cognito-idp:us-west-2:123456789012:userpool/us-west-2_abc"
URI = "arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/arn:of:a:function/invocations"


def event(caller: str = "who", arn: str = ARN) -> dict[str, Any]:
    return {"type": "TOKEN", "authorizationToken": caller, "methodArn": arn}


def allowed(*routes: str | AuthRoute, arn: str = ARN) -> list[str]:
    """Return the ARNs that an answer with these routes allows, without what they begin with."""
    answer = AuthResponse(list(routes), "me").to_dict(AuthRequest("TOKEN", "secret", arn))
    (statement,) = answer["policyDocument"]["Statement"]
    assert {resource[: len(START)] for resource in statement["Resource"]} <= {START}
    return [resource[len(START) :] for resource in statement["Resource"]]


@pytest.fixture
def app() -> Chalice:
    return Chalice("guarded", configure_logs=False, env={})


class TestDecorator:
    def test_the_function_becomes_an_authorizer_that_the_application_knows(self, app: Chalice) -> None:
        @app.authorizer(ttl_seconds=5, execution_role="arn:of:a:role", name="keeper", header="X-Token")
        def check(request: AuthRequest) -> AuthResponse:
            """Say who it is."""
            return AuthResponse(["*"], "me")

        assert isinstance(check, ChaliceAuthorizer)
        assert (check.name, check.scopes, check.handler_string) == ("keeper", [], "app.check")
        assert check.__doc__ == "Say who it is."
        assert vars(check.config) == {
            "name": "keeper",
            "handler_string": "app.check",
            "ttl_seconds": 5,
            "execution_role": "arn:of:a:role",
            "header": "X-Token",
        }
        assert app.handler_map == {"keeper": check}
        assert app.builtin_auth_handlers == [check.config]

    def test_options_have_defaults_and_may_come_by_position(self, app: Chalice) -> None:
        @app.authorizer()
        def plain(request: AuthRequest) -> None: ...

        @app.authorizer(5, "role", "named", "X")
        def other(request: AuthRequest) -> None: ...

        configs = app.builtin_auth_handlers
        found = [(one.name, one.ttl_seconds, one.execution_role, one.header) for one in configs]
        assert found == [("plain", None, None, "Authorization"), ("named", 5, "role", "X")]

    def test_an_unknown_option_is_refused(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match="'ttl'"):
            app.authorizer(ttl=5)  # type: ignore[call-arg]

    def test_a_decorator_without_parentheses_is_refused_at_once(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match="parentheses"):

            @app.authorizer  # type: ignore[arg-type]
            def check(request: AuthRequest) -> None: ...

        assert app.handler_map == {}

    def test_only_a_function_can_be_decorated(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match="must decorate a function, not 5"):
            app.authorizer()(5)  # type: ignore[arg-type]

    def test_a_name_is_given_once(self, app: Chalice) -> None:
        app.lambda_function(name="keeper")(lambda _event, _context: None)

        with pytest.raises(ValueError, match="'keeper'"):
            app.authorizer(name="keeper")(lambda _request: None)
        assert app.builtin_auth_handlers == []


class TestRoute:
    @pytest.mark.parametrize(
        "authorizer",
        [
            IAMAuthorizer(),
            CognitoUserPoolAuthorizer("pool", [POOL]),
            CustomAuthorizer("foreign", URI),
            ChaliceAuthorizer("own", lambda _request: None),
        ],
    )
    def test_a_route_keeps_its_authorizer(self, app: Chalice, authorizer: Any) -> None:
        app.route("/", methods=["GET", "PUT"], authorizer=authorizer)(lambda: None)

        assert [entry.authorizer for entry in app.routes["/"].values()] == [authorizer, authorizer]

    @pytest.mark.parametrize(
        ("wrong", "hint"),
        [
            ("keeper", "not 'keeper'"),
            (IAMAuthorizer, r"Make one: IAMAuthorizer\("),
            (lambda _request: None, r"under @app.authorizer\(\), with the parentheses"),
        ],
    )
    def test_what_is_none_is_refused_and_says_why(self, app: Chalice, wrong: Any, hint: str) -> None:
        with pytest.raises(TypeError, match=hint):
            app.route("/", authorizer=wrong)(lambda: None)
        assert app.routes == {}


class TestSwagger:
    def test_iam(self) -> None:
        assert IAMAuthorizer().name == "sigv4"
        assert IAMAuthorizer().to_swagger() == {
            "in": "header",
            "type": "apiKey",
            "name": "Authorization",
            "x-amazon-apigateway-authtype": "awsSigv4",
        }

    def test_a_user_pool(self) -> None:
        assert CognitoUserPoolAuthorizer("pool", [POOL], header="X").to_swagger() == {
            "in": "header",
            "type": "apiKey",
            "name": "X",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL]},
        }

    @pytest.mark.parametrize(
        ("options", "settings"),
        [
            ({}, {"authorizerResultTtlInSeconds": 300}),
            ({"ttl_seconds": 0}, {"authorizerResultTtlInSeconds": 0}),
            (
                {"invoke_role_arn": "arn:of:a:role"},
                {"authorizerResultTtlInSeconds": 300, "authorizerCredentials": "arn:of:a:role"},
            ),
        ],
    )
    def test_a_function_of_another_application(
        self, options: dict[str, Any], settings: dict[str, Any]
    ) -> None:
        assert CustomAuthorizer("foreign", URI, **options).to_swagger() == {
            "in": "header",
            "type": "apiKey",
            "name": "Authorization",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": URI, **settings},
        }

    def test_user_pools_come_in_a_list(self) -> None:
        with pytest.raises(TypeError, match="must be a list of ARNs"):
            CognitoUserPoolAuthorizer("pool", POOL)  # type: ignore[arg-type]


class TestScopes:
    @pytest.mark.parametrize(
        "authorizer",
        [
            CognitoUserPoolAuthorizer("pool", [POOL], scopes=["first"]),
            CustomAuthorizer("foreign", URI, scopes=["first"]),
            ChaliceAuthorizer("own", lambda _request: None, scopes=["first"]),
        ],
    )
    def test_other_scopes_are_those_of_a_copy(self, authorizer: Any) -> None:
        wanted = ["a", "b"]

        scoped = authorizer.with_scopes(wanted)
        wanted.append("c")

        assert type(scoped) is type(authorizer)
        assert (scoped.name, scoped.scopes) == (authorizer.name, ["a", "b"])
        assert authorizer.scopes == ["first"]

    def test_nothing_of_a_copy_is_shared(self) -> None:
        pool = CognitoUserPoolAuthorizer("pool", [POOL])
        own = ChaliceAuthorizer("own", lambda _request: None)

        pool.with_scopes(["a"]).to_swagger()["x-amazon-apigateway-authorizer"]["providerARNs"].clear()
        own.with_scopes(["a"]).config.header = "X"

        assert pool.to_swagger()["x-amazon-apigateway-authorizer"]["providerARNs"] == [POOL]
        assert own.config.header == "Authorization"

    def test_a_signature_has_none(self) -> None:
        with pytest.raises(NotImplementedError):
            IAMAuthorizer().with_scopes(["a"])
        assert IAMAuthorizer().scopes == []

    def test_scopes_in_one_string_are_refused(self) -> None:
        with pytest.raises(TypeError, match=r"\['orders'\]"):
            CustomAuthorizer("foreign", URI).with_scopes("orders")  # type: ignore[arg-type]

    def test_a_copy_under_another_name_is_the_same_function_with_the_same_options(self) -> None:
        config = BuiltinAuthConfig("own", "app.own", 5, "role", "X")
        own = ChaliceAuthorizer("own", lambda _request: None, ["a"], config)

        copy = own.with_scopes(["b"]).renamed("prefix_own", "chalicelib.own")

        assert (copy.func, copy.scopes, copy.origin) == (own.func, ["b"], own)
        assert vars(copy.config) == {
            "name": "prefix_own",
            "handler_string": "chalicelib.own",
            "ttl_seconds": 5,
            "execution_role": "role",
            "header": "X",
        }


class TestResponse:
    def test_the_answer_is_a_policy_with_the_caller_and_the_context(self) -> None:
        answer = AuthResponse(["/a"], "me", {"level": 3}).to_dict(AuthRequest("TOKEN", "secret", ARN))

        assert answer == {
            "context": {"level": 3},
            "principalId": "me",
            "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": [f"{START}/*/a"]}
                ],
            },
        }

    def test_without_a_context_the_view_sees_none(self) -> None:
        assert AuthResponse([], "me").context == {}

    @pytest.mark.parametrize(
        ("route", "resources"),
        [
            ("/", ["/*/"]),
            ("*", ["/*/*"]),
            ("/*", ["/*/*"]),
            ("/foo/*", ["/*/foo/*"]),
            ("foo/b", ["/*/foo/b"]),
            ("/needs:auth/7", ["/*/needs:auth/7"]),
            ("//x", ["/*//x"]),
            (AuthRoute("/a", ["GET", "PUT"]), ["/GET/a", "/PUT/a"]),
            (AuthRoute("*", ["GET"]), ["/GET/*"]),
            (AuthRoute("/a", ["*"]), ["/*/a"]),
            (AuthRoute("/a", "GET"), ["/GET/a"]),  # type: ignore[arg-type]
            (AuthRoute("/a", []), []),
        ],
    )
    def test_a_route_is_what_it_says_in_the_stage_of_the_request(
        self, route: str | AuthRoute, resources: list[str]
    ) -> None:
        assert allowed(route) == resources

    def test_routes_keep_their_order(self) -> None:
        assert allowed("/b", AuthRoute("/c", ["PUT"]), "/a") == ["/*/b", "/PUT/c", "/*/a"]

    def test_one_route_may_come_without_a_list(self) -> None:
        answer = AuthResponse("/a", "me").to_dict(AuthRequest("TOKEN", "", ARN))  # type: ignore[arg-type]

        assert answer["policyDocument"]["Statement"][0]["Resource"] == [f"{START}/*/a"]

    @pytest.mark.parametrize("wrong", [5, None, ["/a"], AuthRoute(5, ["GET"])])  # type: ignore[arg-type]
    def test_what_is_no_route_is_an_error_and_no_permission(self, wrong: Any) -> None:
        with pytest.raises(TypeError, match="must be a path or an AuthRoute"):
            allowed("/a", wrong)

    @pytest.mark.parametrize(
        "arn", ["", "bad", "arn:aws:execute-api:us-west-2:123456789012:api1", f"{'a:' * 5}/dev"]
    )
    def test_nothing_is_allowed_of_what_is_no_api(self, arn: str) -> None:
        with pytest.raises(ValueError, match="not the ARN of a method"):
            allowed("*", arn=arn)

    @given(path=st.text(), route=st.text())
    def test_no_path_of_a_caller_changes_what_is_allowed(self, path: str, route: str) -> None:
        assert allowed(route, arn=f"{START}/GET/{path}") == allowed(route)


class TestHandler:
    def test_the_function_gets_the_token_and_what_is_wanted(self, app: Chalice) -> None:
        asked: list[AuthRequest] = []

        @app.authorizer()
        def check(request: AuthRequest) -> AuthResponse:
            asked.append(request)
            return AuthResponse([], "me")

        check(event(), None)

        assert [vars(request) for request in asked] == [
            {"auth_type": "TOKEN", "token": "who", "method_arn": ARN}
        ]

    def test_a_policy_of_its_own_goes_out_unchanged(self, app: Chalice) -> None:
        policy = {"principalId": "me", "policyDocument": {"anything": True}, "usageIdentifierKey": "key"}

        @app.authorizer()
        def check(request: AuthRequest) -> dict[str, Any]:
            return policy

        assert check(event(), None) is policy

    def test_it_may_be_a_coroutine(self, app: Chalice) -> None:
        @app.authorizer()
        async def check(request: AuthRequest) -> AuthResponse:
            return AuthResponse(["/a"], request.token)

        assert check(event("me"), None)["principalId"] == "me"

    @pytest.mark.parametrize("wrong", [None, True, "Allow", 5, ["*"], ("*",), object()])
    def test_a_result_that_is_none_is_an_error_and_no_permission(self, app: Chalice, wrong: Any) -> None:
        check = app.authorizer(name="keeper")(lambda _request: wrong)

        with pytest.raises(TypeError, match=f"'keeper' must return .* not {type(wrong).__name__}:"):
            check(event(), None)

    def test_errors_of_the_function_reach_api_gateway(self, app: Chalice) -> None:
        @app.authorizer()
        def check(request: AuthRequest) -> AuthResponse:
            # API Gateway answers 401 to this very text.
            raise Exception("Unauthorized")

        with pytest.raises(Exception, match=r"^Unauthorized$"):
            check(event(), None)

    def test_a_request_is_asked_about_by_its_header(self, app: Chalice) -> None:
        check = app.authorizer(header="X-Token")(lambda request: {"token": request.token})

        question = {"type": "REQUEST", "methodArn": ARN, "headers": {"Other": "1", "x-token": "secret"}}

        assert check(question, None) == {"token": "secret"}

    @pytest.mark.parametrize(
        ("more", "token"),
        [({"identitySource": ["first", "second"]}, "first"), ({"identitySource": None}, ""), ({}, "")],
    )
    def test_a_request_of_version_2_names_who_asks(
        self, app: Chalice, more: dict[str, Any], token: str
    ) -> None:
        check = app.authorizer()(lambda request: vars(request))

        question = {"version": "2.0", "type": "REQUEST", "routeArn": ARN, "headers": {"a": "b"}, **more}

        assert check(question, None) == {"auth_type": "REQUEST", "token": token, "method_arn": ARN}

    @pytest.mark.parametrize(
        "wrong",
        [
            None,
            [],
            "TOKEN",
            {},
            {"type": "TOKEN", "methodArn": ARN},
            {**event(), "methodArn": 5},
            {"type": 5},
        ],
    )
    def test_an_event_of_something_else_is_named(self, app: Chalice, wrong: Any) -> None:
        check = app.authorizer()(lambda _request: {})

        with pytest.raises(ValueError, match="API Gateway calls an authorizer with"):
            check(wrong, None)

    def test_an_error_shows_no_token(self, app: Chalice) -> None:
        check = app.authorizer()(lambda request: request.token)

        with pytest.raises(TypeError) as caught:
            check(event("secret"), None)
        assert "secret" not in str(caught.value)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        )
        | st.fixed_dictionaries(
            {},
            optional={
                "type": st.sampled_from(["TOKEN", "REQUEST", "x"]) | st.none(),
                "methodArn": st.text() | st.integers(),
                "routeArn": st.just(ARN),
                "authorizationToken": st.text() | st.none(),
                "headers": st.dictionaries(st.text(), st.text()) | st.integers(),
                "identitySource": st.lists(st.text()) | st.text(),
            },
        )
    )
    def test_whatever_the_event_the_answer_is_a_policy_or_an_error_that_says_so(self, anything: Any) -> None:
        check = ChaliceAuthorizer("keeper", lambda request: AuthResponse(["/a"], request.token))

        try:
            answer = check(anything, None)
        except ValueError as error:
            assert "API" in str(error)
        else:
            assert json.dumps(answer)


class TestManifest:
    def test_every_kind_is_described_once_with_its_options(self, project: Any) -> None:
        made = project.describe(f'''
from chalice import AuthResponse, Chalice, CognitoUserPoolAuthorizer, CustomAuthorizer, IAMAuthorizer

app = Chalice("guarded")
pool = CognitoUserPoolAuthorizer("pool", ["{POOL}"], scopes=["read"])

@app.authorizer(ttl_seconds=5, name="keeper")
def check(request):
    return AuthResponse([], "me")

@app.authorizer()
def unused(request):
    return AuthResponse([], "me")

@app.route("/own", authorizer=check)
def own(): ...

@app.route("/own/scopes", authorizer=check.with_scopes(["a", "b"]))
def own_scopes(): ...

@app.route("/pool", authorizer=pool, methods=["GET", "PUT"])
def pooled(): ...

@app.route("/iam", authorizer=IAMAuthorizer())
def iam(): ...

@app.route("/iam/too", authorizer=IAMAuthorizer())
def iam_too(): ...

@app.route("/foreign", authorizer=CustomAuthorizer("foreign", "{URI}", invoke_role_arn="role"))
def foreign(): ...
''').document["app"]

        assert made["authorizers"] == [
            {
                "name": "keeper",
                "kind": "builtin",
                "options": {
                    "function": "keeper",
                    "ttl_seconds": 5,
                    "execution_role": None,
                    "header": "Authorization",
                },
            },
            {
                "name": "unused",
                "kind": "builtin",
                "options": {
                    "function": "unused",
                    "ttl_seconds": None,
                    "execution_role": None,
                    "header": "Authorization",
                },
            },
            {
                "name": "pool",
                "kind": "cognito",
                "options": {"provider_arns": [POOL], "header": "Authorization"},
            },
            {"name": "sigv4", "kind": "iam", "options": {}},
            {
                "name": "foreign",
                "kind": "custom",
                "options": {
                    "authorizer_uri": URI,
                    "ttl_seconds": 300,
                    "header": "Authorization",
                    "invoke_role_arn": "role",
                },
            },
        ]
        assert made["functions"] == [
            {"name": "keeper", "handler": "app.check", "kind": "authorizer"},
            {"name": "unused", "handler": "app.unused", "kind": "authorizer"},
        ]
        asked = [(one["path"], one["authorizer"], one["authorizer_scopes"]) for one in made["routes"]]
        assert asked == [
            ("/own", "keeper", []),
            ("/own/scopes", "keeper", ["a", "b"]),
            ("/pool", "pool", ["read"]),
            ("/pool", "pool", ["read"]),
            ("/iam", "sigv4", []),
            ("/iam/too", "sigv4", []),
            ("/foreign", "foreign", []),
        ]

    def test_two_that_differ_and_share_a_name_are_both_described(self, project: Any) -> None:
        made = project.describe(f"""
from chalice import Chalice, CognitoUserPoolAuthorizer, IAMAuthorizer

app = Chalice("guarded")
iam = IAMAuthorizer()
iam.name = "gate"

@app.route("/a", authorizer=iam)
def a(): ...

@app.route("/b", authorizer=CognitoUserPoolAuthorizer("gate", ["{POOL}"]))
def b(): ...
""").document["app"]

        assert [(one["name"], one["kind"]) for one in made["authorizers"]] == [
            ("gate", "iam"),
            ("gate", "cognito"),
        ]

    def test_an_authorizer_of_another_application_is_a_function_of_nobody(self, project: Any) -> None:
        made = project.describe("""
from chalice import Chalice

app, other = Chalice("guarded"), Chalice("other")

@other.authorizer(name="gate")
def foreign(request): ...

@app.authorizer(name="gate")
def own(request): ...

@app.route("/", authorizer=foreign)
def index(): ...
""").document["app"]

        assert [one["options"]["function"] for one in made["authorizers"]] == ["gate", None]


class TestLoading:
    def test_an_application_without_authorizers_does_not_load_them(self) -> None:
        source = (
            "import sys; from chalice import Chalice; app = Chalice('a')\n"
            "app.route('/')(lambda: None)\n"
            "print('chalice.authorizers' in sys.modules)"
        )

        ran = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)

        assert ran.stdout == "False\n"

    @pytest.mark.parametrize(
        "name",
        [
            "AuthRequest",
            "AuthResponse",
            "AuthRoute",
            "Authorizer",
            "BuiltinAuthConfig",
            "ChaliceAuthorizer",
            "CognitoUserPoolAuthorizer",
            "CustomAuthorizer",
            "IAMAuthorizer",
        ],
    )
    def test_both_modules_offer_the_names(self, name: str) -> None:
        assert getattr(chalice, name) is getattr(chalice.app, name)
