"""Who may call a route: what the gateway asks before it calls the function."""

from __future__ import annotations

import base64
import json
import time
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalice.gateway import (
    GatewayAuthorizer,
    GatewayRoute,
    HttpRequest,
    HttpResponse,
    NotEmulatedError,
    Outcome,
    RestGateway,
    UncheckedAuthorizerWarning,
    authorizers_of_document,
)

STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abc123/dev"
TOKEN = GatewayAuthorizer(name="mine", kind="token", target="authorizer")
COGNITO = GatewayAuthorizer(name="mine", kind="cognito")


def allow(resource: Any = "*", **parts: Any) -> dict[str, Any]:
    """Return what an authorizer's function answers."""
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resource}
    return {
        "principalId": "joe",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        **parts,
    }


def deny() -> dict[str, Any]:
    answer = allow()
    answer["policyDocument"]["Statement"][0]["Effect"] = "Deny"
    return answer


def token(**claims: Any) -> str:
    parts = [json.dumps(value).encode() for value in ({"alg": "RS256"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), "c2ln"])


class Guarded:
    """A gateway with one authorizer, whose function answers what the test says."""

    def __init__(
        self,
        authorizer: GatewayAuthorizer = TOKEN,
        answer: Any = None,
        *,
        error: bool = False,
        scopes: tuple[str, ...] = (),
        **parts: Any,
    ) -> None:
        self.answer = allow() if answer is None else answer
        self.error = error
        self.asked: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.now = 1_000_000.0
        routes = [
            GatewayRoute(path=path, method="ANY", target="view", authorizer="mine", authorizer_scopes=scopes)
            for path in ("/", "/{proxy+}")
        ]
        routes.append(GatewayRoute(path="/", method="OPTIONS", mock={"Access-Control-Allow-Origin": "*"}))
        self.gateway = RestGateway(
            routes,
            self.invoke,
            authorizers={"mine": authorizer},
            api_id="abc123",
            stage="dev",
            account_id="123456789012",
            region="eu-west-1",
            stage_variables={"tenant": "blue"},
            clock=lambda: self.now,
            **parts,
        )

    def invoke(self, target: Any, event: dict[str, Any]) -> Outcome:
        event = json.loads(json.dumps(event))
        if target == "authorizer":
            self.asked.append(event)
            return Outcome(self.answer, self.error)
        self.events.append(event)
        return Outcome({"statusCode": 200, "body": "fine"})

    def get(
        self,
        path: str = "/",
        identity: str | None = "secret",
        *,
        method: str = "GET",
        query: str = "",
        **parts: Any,
    ) -> HttpResponse:
        headers = [] if identity is None else [("authorization", identity)]
        request = HttpRequest(method=method, path=path, query_string=query, headers=headers, body=b"{}")
        return self.gateway.handle(request, **parts)

    @property
    def authorizer(self) -> Any:
        """What the function was told of the caller."""
        return self.events[-1]["requestContext"].get("authorizer")


def kind(response: HttpResponse) -> str:
    return dict(response.headers).get("x-amzn-ErrorType", "")


class TestTokenAuthorizers:
    @pytest.mark.parametrize(
        ("method", "path", "arn"),
        [
            ("GET", "/", f"{STAGE}/GET/"),
            ("POST", "/users/a%20b/", f"{STAGE}/POST/users/a%20b/"),
            ("GET", "/a:b", f"{STAGE}/GET/a:b"),
        ],
    )
    def test_the_function_gets_the_token_and_what_is_called(self, method: str, path: str, arn: str) -> None:
        guarded = Guarded()

        response = guarded.get(path, "secret", method=method)

        assert response.status == 200
        assert guarded.asked == [{"type": "TOKEN", "authorizationToken": "secret", "methodArn": arn}]

    @pytest.mark.parametrize(
        ("region", "partition"),
        [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("us-east-1", "aws")],
    )
    def test_the_arn_has_the_partition_of_the_region(self, region: str, partition: str) -> None:
        guarded = Guarded()
        guarded.gateway.region = region

        guarded.get()

        assert guarded.asked[0]["methodArn"].startswith(f"arn:{partition}:execute-api:{region}:")

    @pytest.mark.parametrize("identity", [None, ""])
    def test_without_a_token_nobody_is_asked(self, identity: str | None) -> None:
        guarded = Guarded()

        response = guarded.get(identity=identity)

        assert (response.status, response.body) == (401, b'{"message":"Unauthorized"}')
        assert kind(response) == "UnauthorizedException"
        assert guarded.asked == guarded.events == []

    def test_a_token_must_match_the_expression_from_end_to_end(self) -> None:
        authorizer = GatewayAuthorizer(name="mine", kind="token", target="authorizer", validation="x-[a-z]+")
        guarded = Guarded(authorizer)

        assert [guarded.get(identity=text).status for text in ("x-abc", "x-abc1", "y")] == [200, 401, 401]
        assert len(guarded.asked) == 1

    def test_an_expression_that_python_cannot_read_is_named(self) -> None:
        authorizer = GatewayAuthorizer(name="mine", kind="token", target="authorizer", validation="[")

        with pytest.raises(NotEmulatedError, match=r"the regular expression '\['"):
            Guarded(authorizer).get()

    def test_the_function_is_told_who_calls_in_strings(self) -> None:
        context = {"text": "x", "number": 1, "float": 1.5, "yes": True, "none": None}
        guarded = Guarded(answer=allow(context=context))

        guarded.get()

        assert guarded.authorizer == {
            "text": "x",
            "number": "1",
            "float": "1.5",
            "yes": "true",
            "none": None,
            "principalId": "joe",
        }

    def test_a_policy_for_something_else_is_403(self) -> None:
        guarded = Guarded(answer=allow(f"{STAGE}/GET/users/*"))

        assert guarded.get("/users/7").status == 200
        response = guarded.get("/admin")

        assert response.status == 403
        assert json.loads(response.body) == {"Message": "User is not authorized to access this resource"}
        assert kind(response) == "AccessDeniedException"
        assert len(guarded.events) == 1

    def test_an_explicit_deny_says_so(self) -> None:
        response = Guarded(answer=deny()).get()

        assert response.status == 403
        assert json.loads(response.body) == {
            "Message": "User is not authorized to access this resource with an explicit deny"
        }

    @pytest.mark.parametrize(
        "answer",
        [
            "text",
            [],
            {"principalId": "joe"},
            {"policyDocument": allow()["policyDocument"]},
            allow(principalId=None),
            allow(principalId={}),
            allow(context={"nested": {}}),
            allow(context={"list": []}),
            allow(context="text"),
            allow(policyDocument=None),
            allow(policyDocument={"Statement": [{}]}),
            allow(resource=7),
        ],
    )
    def test_an_answer_that_is_none_is_500_and_keeps_everybody_out(self, answer: Any) -> None:
        guarded = Guarded(answer=answer)

        response = guarded.get()

        assert (response.status, response.body) == (500, b'{"message":null}')
        assert kind(response) == "AuthorizerConfigurationException"
        assert guarded.events == []

    @pytest.mark.parametrize(
        ("payload", "status"),
        [
            ({"errorMessage": "Unauthorized", "errorType": "Exception"}, 401),
            ({"errorMessage": "unauthorized", "errorType": "Exception"}, 500),
            ({"errorMessage": "why", "errorType": "KeyError"}, 500),
            (allow(), 500),
            ("text", 500),
        ],
    )
    def test_a_function_that_fails_keeps_everybody_out(self, payload: Any, status: int) -> None:
        guarded = Guarded(answer=payload, error=True)

        assert guarded.get().status == status
        assert guarded.events == []

    def test_a_path_too_long_for_a_policy_is_414(self) -> None:
        guarded = Guarded()

        response = guarded.get("/" + "x" * 1600)

        assert (response.status, json.loads(response.body)) == (414, {"message": "Request URI too long"})
        assert guarded.asked == []

    def test_a_preflight_is_never_authorized(self) -> None:
        guarded = Guarded()

        assert guarded.get(method="OPTIONS", identity=None).status == 200
        assert guarded.asked == []


class TestRemembering:
    def test_a_policy_stands_for_its_token_until_its_time_is_over(self) -> None:
        guarded = Guarded()

        for moment, identity in [(0, "a"), (299, "a"), (299, "b"), (300, "a")]:
            guarded.now = 1_000_000.0 + moment
            guarded.get(identity=identity)

        assert [event["authorizationToken"] for event in guarded.asked] == ["a", "b", "a"]

    def test_a_remembered_policy_is_read_again_for_each_route(self) -> None:
        guarded = Guarded(answer=allow(f"{STAGE}/GET/a"))

        assert [guarded.get(path).status for path in ("/a", "/b", "/a")] == [200, 403, 200]
        assert len(guarded.asked) == 1

    def test_zero_seconds_asks_every_time(self) -> None:
        guarded = Guarded(GatewayAuthorizer(name="mine", kind="token", target="authorizer", ttl_seconds=0))

        guarded.get()
        guarded.get()

        assert len(guarded.asked) == 2

    def test_of_many_callers_only_policies_that_stand_are_kept(self) -> None:
        guarded = Guarded()
        for caller in range(1_000):
            guarded.get(identity=f"caller {caller}")
            # Each policy stands for 300 seconds.
            guarded.now += 1

        kept = guarded.gateway._gatekeeper._answers

        assert 300 <= len(kept) <= 600
        assert len(guarded.asked) == 1_000
        guarded.get(identity="caller 900")
        assert len(guarded.asked) == 1_000

    def test_many_callers_take_time_in_proportion(self) -> None:
        guarded = Guarded()
        before = time.process_time()

        for caller in range(10_000):
            guarded.get(identity=f"caller {caller}")

        # A second, or ten when all policies are looked through for each.
        assert time.process_time() - before < 5

    def test_errors_are_not_remembered(self) -> None:
        guarded = Guarded(answer={"errorMessage": "once"}, error=True)
        assert guarded.get().status == 500

        guarded.answer, guarded.error = allow(), False

        assert guarded.get().status == 200


class TestRequestAuthorizers:
    def ask(self, *sources: str, **parts: Any) -> Guarded:
        authorizer = GatewayAuthorizer(
            name="mine", kind="request", target="authorizer", identity_sources=sources
        )
        guarded = Guarded(authorizer)
        guarded.get("/a", **parts)
        return guarded

    def test_the_function_gets_the_request_without_its_body(self) -> None:
        event = self.ask(query="a=1").asked[0]

        assert (event["type"], event["methodArn"]) == ("REQUEST", f"{STAGE}/GET/a")
        assert event["queryStringParameters"] == {"a": "1"}
        assert event["headers"]["authorization"] == "secret"
        assert event["requestContext"]["path"] == "/dev/a"
        assert "body" not in event

    @pytest.mark.parametrize(
        ("source", "there"),
        [
            ("method.request.header.Authorization", True),
            ("method.request.header.Auth", False),
            ("method.request.querystring.a", True),
            ("method.request.querystring.A", False),
            ("stageVariables.tenant", True),
            ("stageVariables.colour", False),
            ("context.identity.sourceIp", True),
            ("context.identity.sourceIp.more", False),
            ("context.identity.user", False),
        ],
    )
    def test_every_source_of_identity_must_be_there(self, source: str, there: bool) -> None:
        guarded = self.ask(source, "context.httpMethod", query="a=1")

        assert (len(guarded.asked), len(guarded.events)) == (there, there)

    def test_an_unknown_source_is_named(self) -> None:
        with pytest.raises(NotEmulatedError, match=r"the identity source 'method\.request\.body'"):
            self.ask("method.request.body")


@pytest.mark.filterwarnings("ignore::chalice.gateway.UncheckedAuthorizerWarning")
class TestUserPools:
    @pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer  "])
    def test_the_function_is_told_the_claims(self, prefix: str) -> None:
        claims = {"cognito:username": "joe", "exp": 1_000_001, "groups": ["a"]}
        guarded = Guarded(COGNITO)

        response = guarded.get(identity=prefix + token(**claims))

        assert response.status == 200
        assert guarded.authorizer == {"claims": claims, "principalId": "joe"}

    def test_a_token_of_a_machine_has_no_principal(self) -> None:
        guarded = Guarded(COGNITO, scopes=("a/read",))

        guarded.get(identity=token(client_id="c", scope="a/read", token_use="access"))

        assert guarded.authorizer == {"claims": {"client_id": "c", "scope": "a/read", "token_use": "access"}}

    @pytest.mark.parametrize(
        "identity",
        [
            *(None, "", "secret", "a.b.c", "Bearer", "Bearer x", token(exp="soon"), token(exp=True)),
            # Python reads these as JSON, and no time is later than either.
            *(token(exp=float("nan")), token(exp=float("inf"))),
        ],
    )
    def test_without_a_token_that_can_be_read_it_is_401(self, identity: str | None) -> None:
        guarded = Guarded(COGNITO)

        response = guarded.get(identity=identity)

        assert (response.status, response.body) == (401, b'{"message":"Unauthorized"}')
        assert guarded.events == []

    @pytest.mark.parametrize("expires", [1_000_000, 0, -5.5])
    def test_an_expired_token_is_401_and_says_so(self, expires: float) -> None:
        response = Guarded(COGNITO).get(identity=token(exp=expires))

        assert (response.status, response.body) == (401, b'{"message":"The incoming token has expired"}')
        assert kind(response) == "UnauthorizedException"

    @pytest.mark.parametrize(
        ("claims", "status"),
        [
            ({"scope": "a/read"}, 200),
            ({"scope": "b/x a/write"}, 200),
            ({"scope": "a/rea"}, 401),
            ({"scope": ""}, 401),
            ({"scope": ["a/read"]}, 401),
            ({}, 401),
        ],
    )
    def test_one_of_the_scopes_must_be_in_the_token(self, claims: dict[str, Any], status: int) -> None:
        guarded = Guarded(COGNITO, scopes=("a/read", "a/write"))

        assert guarded.get(identity=token(**claims)).status == status

    def test_an_access_token_needs_a_route_with_scopes(self) -> None:
        guarded = Guarded(COGNITO)

        assert guarded.get(identity=token(token_use="access", scope="a")).status == 401
        assert guarded.get(identity=token(token_use="id")).status == 200


class TestWhatCannotBeChecked:
    @pytest.mark.parametrize(
        ("authorizer", "identity", "why"),
        [
            (GatewayAuthorizer(name="mine", kind="iam"), None, "'mine' needs AWS credentials"),
            (GatewayAuthorizer(name="mine", kind="custom"), None, "'mine' needs a function outside"),
            (COGNITO, token(sub="joe"), "signatures are not verified"),
        ],
    )
    def test_it_is_admitted_with_a_warning(
        self, authorizer: GatewayAuthorizer, identity: str | None, why: str
    ) -> None:
        guarded = Guarded(authorizer)

        with pytest.warns(UncheckedAuthorizerWarning, match=why):
            response = guarded.get(identity=identity)

        assert response.status == 200

    def test_the_warning_comes_once(self) -> None:
        guarded = Guarded(GatewayAuthorizer(name="mine", kind="iam"))

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            guarded.get()
            guarded.get()

        assert len(caught) == 1

    def test_nothing_is_known_of_the_caller(self) -> None:
        guarded = Guarded(GatewayAuthorizer(name="mine", kind="iam"))

        with pytest.warns(UncheckedAuthorizerWarning):
            guarded.get()

        assert guarded.authorizer is None


class TestSignatures:
    def test_who_can_check_them_is_asked_about_routes_that_need_them(self) -> None:
        class UnsignedError(Exception):
            """No signature."""

        def check(event: Any) -> None:
            if "authorization" not in event["headers"]:
                raise UnsignedError

        guarded = Guarded(GatewayAuthorizer(name="mine", kind="iam"), check_signature=check)

        assert guarded.get(identity="AWS4-HMAC-SHA256 …").status == 200
        with pytest.raises(UnsignedError):
            guarded.get(identity=None)
        assert len(guarded.events) == 1


class TestInjection:
    def test_what_the_caller_of_the_gateway_says_stands_and_nobody_is_asked(self) -> None:
        guarded = Guarded()
        injected = {"principalId": "test", "claims": {"sub": 1}}

        response = guarded.get(identity=None, authorizer=injected)

        assert response.status == 200
        assert guarded.authorizer == injected
        assert guarded.asked == []

    def test_nobody_in_particular_is_somebody(self) -> None:
        guarded = Guarded()

        guarded.get(identity=None, authorizer={})

        assert guarded.authorizer == {}


class TestApiKeys:
    def send(self, key: str | None, **parts: Any) -> tuple[int, list[dict[str, Any]]]:
        events = []

        def invoke(target: Any, event: dict[str, Any]) -> Outcome:
            events.append(event)
            return Outcome({"statusCode": 200})

        gateway = RestGateway(
            [GatewayRoute(path="/", method="GET", api_key_required=True)],
            invoke,
            api_id="a",
            stage="dev",
            account_id="1",
            region="r",
            **parts,
        )
        headers = [] if key is None else [("X-API-Key", key)]
        response = gateway.handle(HttpRequest(method="GET", path="/", headers=headers))
        if response.status != 200:
            assert (response.body, kind(response)) == (b'{"message":"Forbidden"}', "ForbiddenException")
        return response.status, events

    @pytest.mark.parametrize(
        ("key", "keys", "status"),
        [
            (None, None, 403),
            ("", None, 403),
            ("any", None, 200),
            ("good", ["good"], 200),
            ("any", ["good"], 403),
            ("any", [], 403),
            ("odd", lambda key: len(key) == 3, 200),
            ("even", lambda key: len(key) == 3, 403),
        ],
    )
    def test_a_route_that_needs_a_key_is_closed_without_a_valid_one(
        self, key: str | None, keys: Any, status: int
    ) -> None:
        answered, events = self.send(key, api_keys=keys)

        assert answered == status
        assert [event["requestContext"]["identity"]["apiKey"] for event in events] == [key] * len(events)


FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:check"
URI = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"


def definition(kind: str | None, name: str = "Authorization", **authorizer: Any) -> dict[str, Any]:
    scheme: dict[str, Any] = {"type": "apiKey", "in": "header", "name": name}
    if kind is not None:
        scheme["x-amazon-apigateway-authtype"] = kind
    if authorizer:
        scheme["x-amazon-apigateway-authorizer"] = authorizer
    return scheme


class TestAuthorizersOfADocument:
    def test_each_kind_is_read(self) -> None:
        read = authorizers_of_document(
            {
                "securityDefinitions": {
                    "api_key": definition(None, "x-api-key"),
                    "sigv4": definition("awsSigv4"),
                    "pool": definition(
                        "cognito_user_pools", "X-Token", type="cognito_user_pools", providerARNs=["arn:p"]
                    ),
                    "token": definition("custom", "X-Auth", type="token", authorizerUri=URI),
                    "request": definition(
                        "custom",
                        type="request",
                        authorizerUri=URI,
                        identitySource="method.request.header.A, context.stage",
                        authorizerResultTtlInSeconds=0,
                    ),
                    "checked": definition(
                        "custom", type="token", authorizerUri=URI, identityValidationExpression="x.*"
                    ),
                }
            }
        )

        assert read == {
            "sigv4": GatewayAuthorizer(name="sigv4", kind="iam"),
            "pool": GatewayAuthorizer(
                name="pool",
                kind="cognito",
                identity_sources=("method.request.header.X-Token",),
                provider_arns=("arn:p",),
            ),
            "token": GatewayAuthorizer(
                name="token",
                kind="token",
                target=FUNCTION,
                identity_sources=("method.request.header.X-Auth",),
            ),
            "request": GatewayAuthorizer(
                name="request",
                kind="request",
                target=FUNCTION,
                identity_sources=("method.request.header.A", "context.stage"),
                ttl_seconds=0,
            ),
            "checked": GatewayAuthorizer(name="checked", kind="token", target=FUNCTION, validation="x.*"),
        }

    @pytest.mark.parametrize(
        ("scheme", "feature"),
        [
            (definition("custom", type="jwt"), "an authorizer of type 'jwt'"),
            (definition("oauth2"), "an authorizer of type ''"),
            (
                definition("custom", type="token", authorizerUri="arn:x"),
                "an authorizer with the URI 'arn:x'",
            ),
        ],
    )
    def test_what_is_not_known_is_named(self, scheme: dict[str, Any], feature: str) -> None:
        with pytest.raises(NotEmulatedError) as raised:
            authorizers_of_document({"components": {"securitySchemes": {"odd": scheme}}})

        assert (raised.value.feature, raised.value.where) == (feature, "The security definition 'odd'")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(
    answer=JSON
    | st.builds(
        lambda principal, context, statements: allow(
            principalId=principal,
            context=context,
            policyDocument={"Version": "2012-10-17", "Statement": statements},
        ),
        JSON,
        JSON,
        JSON | st.lists(st.just(allow()["policyDocument"]["Statement"][0]), max_size=2),
    ),
    error=st.booleans(),
    identity=st.none() | st.text(max_size=5),
)
def test_whatever_an_authorizer_answers_the_caller_gets_a_response(
    answer: Any, error: bool, identity: str | None
) -> None:
    guarded = Guarded(answer={"none": 1} if answer is None else answer, error=error)

    response = guarded.get(identity=identity)

    assert response.status in {200, 401, 403, 500}
    assert (response.status == 200) == bool(guarded.events)
    if guarded.events:
        assert guarded.authorizer.keys() >= {"principalId"}
