"""Authorizers: what they answer, and what views see of it."""

from __future__ import annotations

from typing import Any

from comparison.steps import Step, call, labelled, rest, run

ARN = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/api/GET/"
ARNS = {
    "usual": ARN + "a",
    "root": ARN,
    "deep": "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/PUT/a/b/c",
    "colons": ARN + "with:colon:twice",
    "china": "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/api/GET/a",
    "short": "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/api/GET",
}
ROUTES = (
    "nothing", "root", "one", "without a slash", "two", "star", "slash star", "wildcard", "parameter",
    "colon", "empty", "route", "route with methods", "route with a star", "route of everything",
    "route without methods", "route of the root", "unknown", "mixed", "twice", "star and others", "unicode",
)  # fmt: skip
TOKENS = (
    "allow", "everything", "some", "deny", "policy", "nothing", "text", "list", "crash", "",
)  # fmt: skip


def token(handler: str, value: str | None, arn: str = ARN + "a", **more: Any) -> Step:
    """An event for a token authorizer, as API Gateway sends it."""
    return call(handler, {"type": "TOKEN", "authorizationToken": value, "methodArn": arn, **more})


AUTHORIZERS = {
    **{
        labelled(token=value, arn=arn): token("by_token", value, ARNS[arn])
        for value in TOKENS
        for arn in ("usual", "root", "deep")
    },
    **{
        labelled(authorizer=authorizer, token=value): token(authorizer, value)
        for authorizer in ("configured", "uncached")
        for value in ("me", "", "\u00e9")
    },
    "more in the event": token("by_token", "allow", requestContext={"a": 1}),
    **{
        labelled(path=path, authorizer=context): rest(
            path, context={} if context is None else {"authorizer": {"principalId": "me", **context}}
        )
        for path in ("/", "/items", "/scoped", "/configured")
        for context in (None, {}, {"key": "value", "number": "1"})
    },
    **{
        f"described: {name}": run(f"described({name})")
        for name in ("by_token", "configured", "uncached", "by_token.with_scopes(['a'])")
    },
    "with_scopes leaves the original": run("[by_token.with_scopes(['a']).scopes, by_token.scopes]"),
    "scopes are copied": run("s = ['a']; x = by_token.with_scopes(s); s.append('b'); result = x.scopes"),
    "with_scopes twice": run("by_token.with_scopes(['a']).with_scopes(['b']).scopes"),
    "with_scopes is of the same name": run("by_token.with_scopes(['a']).name"),
    "routes": run("{p: app.routes[p]['GET'].authorizer.name for p in sorted(app.routes)}"),
    "routes' scopes": run(
        "[app.routes['/scoped']['GET'].authorizer.scopes, app.routes['/']['GET'].authorizer.scopes]"
    ),
    "handlers": run(
        "[[h.name, h.handler_string, h.ttl_seconds, h.execution_role, h.header] for h in "
        "app.builtin_auth_handlers]"
    ),
    "map": run(
        "sorted(n for n in app.handler_map if n in ('by_token', 'renamed', 'configured', 'uncached'))"
    ),
    "map leads to the authorizer": run(
        "app.handler_map['renamed']({'type': 'TOKEN', 'authorizationToken': 't', "
        "'methodArn': 'a:b:c:d:e:api/stage/GET/x'}, None)"
    ),
    "direct call": run(
        "by_token({'type': 'TOKEN', 'authorizationToken': 'allow', 'methodArn': "
        "'a:b:c:d:e:api/stage/GET/x'}, None)"
    ),
    "swagger of a built-in one": run("by_token.to_swagger()"),
    "a second authorizer of one name": run(
        "app.authorizer(name='renamed')(lambda request: None); result = len(app.builtin_auth_handlers)",
        "renamed",
    ),
    "an authorizer that is none": run(
        "app.route('/wrong', authorizer='by_token')(lambda: None); result = "
        "app.routes['/wrong']['GET'].authorizer"
    ),
    "no type": call("by_token", {"authorizationToken": "t", "methodArn": ARN}),
    "no token": call("by_token", {"type": "TOKEN", "methodArn": ARN}),
    "no arn": call("by_token", {"type": "TOKEN", "authorizationToken": "t"}),
    "no event": call("by_token", None),
    "a strange arn": token("by_token", "allow", "not an arn"),
    "an arn without a stage": token(
        "by_token", "allow", "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234"
    ),
}

AUTH_ROUTES = {
    **{
        labelled(routes=routes, arn=arn): token("authorizer", routes, ARNS[arn])
        for routes in ROUTES
        for arn in ARNS
    },
    "principal": run("policy(['/a'], principal='you')['principalId']"),
    "principal of None": run("policy(['/a'], principal=None)['principalId']"),
    "context": run("policy(['/a'], context={'a': 1})['context']"),
    "context of None": run("policy(['/a'], context=None)['context']"),
    "keywords": run(
        "AuthResponse(routes=['/a'], principal_id='me', context={'k': "
        "'v'}).to_dict(AuthRequest(auth_type='TOKEN', token='t', method_arn=ARNS['usual']))"
    ),
    "attributes": run(
        "r = AuthResponse(['/a'], 'me', {'k': 'v'}); result = [r.routes, r.principal_id, r.context]"
    ),
    "attributes of a route": run("r = AuthRoute('/a', ['GET']); result = [r.path, r.methods]"),
    "attributes of a request": run(
        "r = AuthRequest('TOKEN', 't', 'arn'); result = [r.auth_type, r.token, r.method_arn]"
    ),
    "all methods": run("AuthResponse.ALL_HTTP_METHODS"),
    "a route of another kind": run("policy([5])"),
    "routes as text": run("policy('/a')"),
    "a route without methods": run("AuthRoute('/a')", "methods"),
    "no principal": run("AuthResponse(['/a'])", "principal_id"),
}

OBJECTS = ("iam", "cognito", "cognito_other", "custom", "custom_other", "uncached")
AUTHORIZER_OBJECTS = {
    **{f"described: {name}": run(f"described({name})") for name in OBJECTS},
    **{f"with_scopes: {name}": run(f"described({name}.with_scopes(['s']))") for name in OBJECTS},
    **{f"original after with_scopes: {name}": run(f"described({name})") for name in OBJECTS},
    **{
        f"of the route: {name}": run(f"app.routes['/{name}']['GET'].authorizer is {name}") for name in OBJECTS
    },
    **{
        f"asked: {name}": rest(f"/{name}", context={"authorizer": {"claims": {"sub": "x"}}})
        for name in OBJECTS
    },
    "of the route with scopes": run("described(app.routes['/scoped']['GET'].authorizer)"),
    "provider_arns as text": run("CognitoUserPoolAuthorizer('x', 'arn')", "provider_arns"),
    "provider_arns as a tuple": run("CognitoUserPoolAuthorizer('x', ('arn',))", "provider_arns"),
    "custom without a URI": run("CustomAuthorizer('x')", "authorizer_uri"),
    "cognito without ARNs": run("CognitoUserPoolAuthorizer('x')", "provider_arns"),
    "iam with arguments": run("IAMAuthorizer('x')"),
    "unknown option": run("CustomAuthorizer('x', 'uri', bogus=1)", "bogus"),
    "the names of the kinds": run("[one.name for one in ALL.values()]"),
    "no handlers of our own": run("app.builtin_auth_handlers"),
}

CASES = {
    "authorizers": AUTHORIZERS,
    "auth_routes": AUTH_ROUTES,
    "authorizer_objects": AUTHORIZER_OBJECTS,
}
