"""Built-in authorizers: what they see and what they answer."""

from chalice import AuthResponse, AuthRoute, Chalice

app = Chalice(app_name="authorizers")
SEEN = []


@app.authorizer()
def by_token(request):
    SEEN.append([type(request).__name__, request.auth_type, request.token, request.method_arn])
    if request.token == "allow":
        return AuthResponse(routes=["/", "/items/*"], principal_id="me")
    if request.token == "everything":
        return AuthResponse(["*"], "me", {"key": "value", "number": 1, "flag": True})
    if request.token == "some":
        return AuthResponse([AuthRoute("/items", ["GET", "PUT"]), "/plain"], "me", context={})
    if request.token == "policy":
        return {"principalId": "raw", "policyDocument": {"Version": "2012-10-17", "Statement": []}}
    if request.token == "nothing":
        return None
    if request.token == "text":
        return "text"
    if request.token == "list":
        return ["list"]
    if request.token == "crash":
        raise ValueError("crash")
    return AuthResponse(routes=[], principal_id="nobody")


@app.authorizer(
    ttl_seconds=10, execution_role="arn:aws:iam::123456789012:role/x", name="renamed", header="X-Auth"
)
def configured(request):
    """Say who it is."""
    return AuthResponse(["*"], request.token)


@app.authorizer(ttl_seconds=0)
def uncached(request):
    app.log.error("asked for %s", request.token)
    return AuthResponse(["/"], "")


@app.route("/", authorizer=by_token)
def index():
    return app.current_request.context["authorizer"]


@app.route("/items", methods=["GET", "PUT", "DELETE"], authorizer=by_token)
def items():
    return "items"


@app.route("/plain", authorizer=by_token)
def plain():
    return "plain"


@app.route("/scoped", authorizer=by_token.with_scopes(["read", "write"]))
def scoped():
    return "scoped"


@app.route("/configured", authorizer=configured, cors=True)
def with_configured():
    return "configured"


def described(authorizer):
    return {
        "type": type(authorizer).__name__,
        "name": authorizer.name,
        "scopes": authorizer.scopes,
        "config": None if authorizer.config is None else dict(vars(authorizer.config)),
        "callable": callable(authorizer),
    }
