"""Authorizers, asked by the test client."""

from chalice import (
    AuthResponse,
    AuthRoute,
    Chalice,
    CognitoUserPoolAuthorizer,
    CustomAuthorizer,
    IAMAuthorizer,
)
from chalice.test import Client

app = Chalice(app_name="client_authorizers")
SEEN = []


@app.authorizer()
def guard(request):
    SEEN.append([request.auth_type, request.token])
    answers = {
        "all": AuthResponse(["*"], "me", {"key": "value"}),
        "path": AuthResponse(["/guarded"], "me"),
        "other": AuthResponse(["/other"], "me"),
        "method": AuthResponse([AuthRoute("/guarded", ["POST"])], "me"),
        "wildcard": AuthResponse(["/items/*"], "me"),
        "nothing": None,
    }
    return answers.get(request.token, AuthResponse([], "nobody"))


@app.route("/guarded", methods=["GET", "POST"], authorizer=guard)
def guarded():
    found = app.current_request.context["authorizer"]
    return {name: found[name] for name in ("key", "principalId") if name in found}


@app.route("/items/{item}", authorizer=guard)
def items(item):
    return item


@app.route("/open")
def unguarded():
    return "open"


@app.route("/iam", authorizer=IAMAuthorizer())
def iam():
    return "iam"


@app.route("/cognito", authorizer=CognitoUserPoolAuthorizer("pool", provider_arns=["arn"]))
def cognito():
    return "cognito"


@app.route("/custom", authorizer=CustomAuthorizer("custom", authorizer_uri="arn"))
def custom():
    return "custom"


def ask(method, path, **headers):
    with Client(app) as client:
        response = client.http.request(
            method, path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        return [response.status_code, response.json_body]
