"""The routes that an authorizer allows, as a policy."""

from chalice import AuthResponse, AuthRoute, Chalice
from chalice.app import AuthRequest

app = Chalice(app_name="auth_routes")

for path, methods in {
    "/": ["GET", "POST"],
    "/a": ["GET"],
    "/a/b": ["PUT"],
    "/a/{x}": ["GET", "DELETE"],
    "/with:colon": ["GET"],
}.items():
    app.route(path, methods=methods, name=f"view_{len(app.routes)}")(lambda **names: names)

ROUTES = {
    "nothing": [],
    "root": ["/"],
    "one": ["/a"],
    "without a slash": ["a/b"],
    "two": ["/a", "/a/b"],
    "star": ["*"],
    "slash star": ["/*"],
    "wildcard": ["/a/*"],
    "parameter": ["/a/{x}"],
    "colon": ["/with:colon"],
    "empty": [""],
    "route": [AuthRoute("/a", ["GET"])],
    "route with methods": [AuthRoute("/a", ["GET", "PUT", "DELETE"])],
    "route with a star": [AuthRoute("/a", ["*"])],
    "route of everything": [AuthRoute("*", ["GET", "POST"])],
    "route without methods": [AuthRoute("/a", [])],
    "route of the root": [AuthRoute("/", ["GET"])],
    "unknown": ["/never/declared"],
    "mixed": ["/", AuthRoute("/a", ["GET"]), "*"],
    "twice": ["/a", "/a"],
    "star and others": ["*", "/a"],
    "unicode": ["/\u00e9"],
}

ARNS = {
    "usual": "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/api/GET/a",
    "root": "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/api/GET/",
    "deep": "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/PUT/a/b/c",
    "colons": "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/api/GET/with:colon:twice",
    "china": "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/api/GET/a",
    "short": "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/api/GET",
}


@app.authorizer()
def authorizer(request):
    return AuthResponse(ROUTES[request.token], "me", {"token": request.token})


def policy(routes, arn=ARNS["usual"], principal="me", **options):
    return AuthResponse(routes, principal, **options).to_dict(AuthRequest("TOKEN", "t", arn))
