"""Authorizers that are configured, not written."""

from chalice import Chalice, CognitoUserPoolAuthorizer, CustomAuthorizer, IAMAuthorizer

app = Chalice(app_name="authorizer_objects")

POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc"
URI = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn/invocations"

iam = IAMAuthorizer()
cognito = CognitoUserPoolAuthorizer("pool", provider_arns=[POOL])
cognito_other = CognitoUserPoolAuthorizer("other", [POOL, POOL + "2"], "X-Auth", ["read"])
custom = CustomAuthorizer("custom", authorizer_uri=URI)
custom_other = CustomAuthorizer(
    "other-custom", URI, 5, "X-Auth", "arn:aws:iam::123456789012:role/x", ["a", "b"]
)
uncached = CustomAuthorizer("uncached", URI, ttl_seconds=0)

ALL = {
    "iam": iam,
    "cognito": cognito,
    "cognito_other": cognito_other,
    "custom": custom,
    "custom_other": custom_other,
    "uncached": uncached,
}

for name, one in ALL.items():
    app.route(f"/{name}", authorizer=one, name=name)(lambda: app.current_request.context.get("authorizer"))
app.route("/scoped", authorizer=cognito.with_scopes(["x", "y"]), name="scoped")(lambda: "scoped")


def described(authorizer):
    return [type(authorizer).__name__, authorizer.name, authorizer.scopes, authorizer.to_swagger()]
