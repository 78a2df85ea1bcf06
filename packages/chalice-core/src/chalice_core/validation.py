"""What is wrong with an application and its configuration, all of it at once.

The rules are those of API Gateway, Lambda and IAM that would otherwise be met
in the middle of a deployment.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from chalice_core.authorizers import authorizer_problems
from chalice_core.config import FunctionConfig, StageConfig
from chalice_core.config.keys import MAX_NAME
from chalice_core.domains import domain_problems
from chalice_core.errors import ToolError
from chalice_core.manifest import App, RouteDeclaration

API_HANDLER = "api_handler"

LAMBDA_RUNTIMES = tuple(f"python3.{minor}" for minor in range(10, 16))
"""Lambda's managed runtimes for Python ("Lambda runtimes", AWS Lambda Developer Guide)."""

# The methods of a REST API's resources (``PutMethod``, Amazon API Gateway API Reference), without
# ANY: a view is chosen by the method of the request.
METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")

# What API Gateway takes in a part of a resource's path.
_LITERAL_PART = re.compile(r"[a-zA-Z0-9._:-]+")
_VARIABLE_PART = re.compile(r"\{(\w+)(\+?)\}", re.ASCII)
_FUNCTION_NAME = re.compile(r"[a-zA-Z0-9_-]+")

# "Quotas for configuring and running a REST API", Amazon API Gateway Developer Guide.
_MAX_BINARY_TYPES = 25

# "Lambda quotas", AWS Lambda Developer Guide: 4 KB for all environment variables of a function.
_MAX_ENVIRONMENT = 4096
_MAX_LAYERS = 5


class InvalidAppError(ToolError):
    """The application or its configuration cannot work; all problems are listed."""

    code = "invalid-app"

    def __init__(self, *, app: str, problems: Sequence[str]) -> None:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(
            what=f"The application {app!r} has {count}:\n"
            + "\n".join(f"  - {problem}" for problem in problems),
            fix="Correct what is listed; nothing was changed.",
        )
        self.app, self.problems = app, tuple(problems)


def find_problems(app: App, config: StageConfig) -> Iterator[str]:
    """Yield a sentence or two for each problem."""
    for path in dict.fromkeys(route.path for route in app.routes):
        yield from _path(path)
    yield from _variables(app)
    yield from _routes(app)
    yield from _cors(app)
    yield from _content_types(app)
    yield from authorizer_problems(app)
    yield from _functions(app, config)
    yield from _endpoint(config)
    yield from domain_problems(config)


def runtime_notice(runtime: str) -> str | None:
    """Return a warning when Lambda has no such runtime, for it may have one by the time of deployment.

    Args:
        runtime: Lambda's identifier, ``python3.12``.
    """
    if runtime in LAMBDA_RUNTIMES:
        return None
    return (
        f"The application runs with {runtime}, and Lambda is known to have {', '.join(LAMBDA_RUNTIMES)}; "
        "choose another interpreter with --python if the deployment fails."
    )


def function_names(app: App) -> tuple[str, ...]:
    """Return the logical names of all functions, the REST handler first when there are routes."""
    return (*([API_HANDLER] if app.routes else []), *(function.name for function in app.functions))


def _path(path: str) -> Iterator[str]:
    if path == "":
        yield "A route cannot be the empty string; write '/'."
        return
    if not path.startswith("/"):
        yield f"The route {path!r} must begin with '/'."
        return
    if path == "/":
        return
    if path.endswith("/"):
        yield f"The route {path!r} cannot end with a trailing slash; write {path.rstrip('/') or '/'!r}."
        return
    parts = path[1:].split("/")
    names: list[str] = []
    for index, part in enumerate(parts):
        variable = _VARIABLE_PART.fullmatch(part)
        if variable:
            names.append(variable[1])
            if variable[2] and index < len(parts) - 1:
                yield f"In the route {path!r} the greedy {part!r} must be the last part."
        elif part == "":
            yield f"The route {path!r} has two slashes in a row."
        elif part.count("{") != part.count("}"):
            yield f"The route {path!r} has unbalanced braces in {part!r}."
        elif "{" in part:
            yield (
                f"The route {path!r} has {part!r}; a parameter takes a whole part, as {{name}} "
                "with letters, digits and '_' in its name."
            )
        elif not _LITERAL_PART.fullmatch(part):
            yield (
                f"The route {path!r} has {part!r}; API Gateway allows letters, digits and the characters "
                "'.', '_', '-' and ':'."
            )
    for name, count in Counter(names).items():
        if count > 1:
            yield f"The route {path!r} has the parameter {name!r} {count} times."


def _variables(app: App) -> Iterator[str]:
    """API Gateway's resources are a tree, and a node has at most one child that is a parameter."""
    children: dict[str, dict[str, str]] = {}
    for route in app.routes:
        parts = route.path.split("/")
        for index, part in enumerate(parts):
            if _VARIABLE_PART.fullmatch(part):
                children.setdefault("/".join(parts[:index]) or "/", {}).setdefault(part, route.path)
    for parent, variables in children.items():
        if len(variables) > 1:
            yield (
                f"Below {parent!r} there are the parameters {', '.join(variables)} (in the routes "
                f"{', '.join(repr(path) for path in variables.values())}); API Gateway allows one name there."
            )


def _routes(app: App) -> Iterator[str]:
    seen: dict[tuple[str, str], RouteDeclaration] = {}
    for route in app.routes:
        other = seen.setdefault((route.path, route.method), route)
        if other is not route:
            yield (
                f"The route {route.path!r} has two views for {route.method}: {other.view_name!r} "
                f"and {route.view_name!r}."
            )
        if route.method not in METHODS:
            upper = route.method.upper()
            advice = f"write {upper!r}" if upper in METHODS else f"API Gateway has {', '.join(METHODS)}"
            yield f"The view {route.view_name!r} on {route.path!r} has the method {route.method!r}; {advice}."


def _cors(app: App) -> Iterator[str]:
    paths: dict[str, list[RouteDeclaration]] = {}
    for route in app.routes:
        paths.setdefault(route.path, []).append(route)
    for path, routes in paths.items():
        shared = [route for route in routes if route.cors is not None]
        if shared and any(route.method == "OPTIONS" for route in routes):
            yield (
                f"The route {path!r} cannot have both CORS and a view for OPTIONS; with CORS, OPTIONS is "
                "added automatically."
            )
        if any(route.cors != shared[0].cors for route in shared):
            yield (
                f"The route {path!r} may not have multiple differing CORS configurations; its views "
                f"{', '.join(repr(route.view_name) for route in shared)} need the same one."
            )


def _content_types(app: App) -> Iterator[str]:
    if len(app.binary_types) > _MAX_BINARY_TYPES:
        yield (
            f"The application has {len(app.binary_types)} binary types (app.api.binary_types); API Gateway "
            f"allows {_MAX_BINARY_TYPES}."
        )
    if "*/*" in app.binary_types:
        return
    # A view with several methods is a route for each of them, and has one list of content types.
    for route in {(route.path, route.view_name): route for route in app.routes}.values():
        binary = [name for name in route.content_types if name in app.binary_types]
        other = [name for name in route.content_types if name not in app.binary_types]
        if binary and other:
            yield (
                f"The view {route.view_name!r} on {route.path!r} mixes binary content types "
                f"({', '.join(binary)}) with others ({', '.join(other)}); they must be all of one sort."
            )


def _functions(app: App, config: StageConfig) -> Iterator[str]:
    names = function_names(app)
    for name, count in Counter(names).items():
        if count > 1:
            yield f"Duplicate function name detected: {name!r}. Give one of them another with name=…."
    for name in config.functions:
        # Harmless: the API's keys may be there before, or after, its first route.
        if name not in names and name != API_HANDLER:
            near = get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(names) or 'none'}."
            yield f'"lambda_functions" configures {name!r}, and the application has no such function; {hint}'
    for event in app.events:
        if event.function not in names:
            yield f"@app.{event.decorator} is for the function {event.function!r}, which does not exist."
    for name in dict.fromkeys(names):
        yield from _function(name, config, config.function(name))


def _function(name: str, config: StageConfig, function: FunctionConfig) -> Iterator[str]:
    prefix = f"{config.app_name}-{config.stage}"
    if not _FUNCTION_NAME.fullmatch(name):
        yield f"The function name {name!r} must consist of letters, digits, '-' and '_'."
    deployed = prefix if name == API_HANDLER else f"{prefix}-{name}"
    if len(deployed) > MAX_NAME:
        yield _too_long(f"function {name!r}", deployed, "Lambda")
    own_role = function.manage_iam_role and not function.autogen_policy
    role = f"{prefix}-{name}" if own_role else prefix
    if function.manage_iam_role and len(role) > MAX_NAME and role != deployed:
        yield _too_long(f"role of the function {name!r}", role, "IAM")
    if not function.manage_iam_role and function.iam_role_arn is None:
        yield (
            f"The function {name!r} has \"manage_iam_role\" off; you must provide an 'iam_role_arn' in "
            "config.json."
        )
    if bool(function.subnet_ids) != bool(function.security_group_ids):
        there, missing = ("subnet_ids", "security_group_ids")
        if not function.subnet_ids:
            there, missing = missing, there
        yield f'Invalid VPC params for function {name!r}: it has "{there}" and needs "{missing}", too.'
    layers = len(function.layers) + config.automatic_layer
    if layers > _MAX_LAYERS:
        yield (
            f"The function {name!r} has {layers} layers, the one of automatic_layer included; Lambda allows "
            f"{_MAX_LAYERS}."
        )
    size = len(json.dumps(dict(function.environment_variables), separators=(",", ":")).encode())
    if size > _MAX_ENVIRONMENT:
        yield (
            f"The environment variables of the function {name!r} take {size} bytes; Lambda allows "
            f"{_MAX_ENVIRONMENT}."
        )


def _too_long(thing: str, name: str, service: str) -> str:
    return f"The {thing} would be called {name!r}, {len(name)} characters; {service} allows {MAX_NAME}."


def _endpoint(config: StageConfig) -> Iterator[str]:
    private = config.api_gateway_endpoint_type == "PRIVATE"
    if config.api_gateway_endpoint_vpce and not private:
        yield (
            '"api_gateway_endpoint_vpce" is for private APIs; set "api_gateway_endpoint_type" to "PRIVATE" '
            "or remove it."
        )
    if config.api_gateway_endpoint_vpce and config.api_gateway_policy_file:
        yield (
            '"api_gateway_endpoint_vpce" and "api_gateway_policy_file" exclude each other; the former makes '
            "a policy of its own."
        )
    if private and not config.api_gateway_endpoint_vpce and not config.api_gateway_policy_file:
        yield (
            'A private API needs a policy: set "api_gateway_endpoint_vpce" to its VPC endpoint, or '
            '"api_gateway_policy_file".'
        )
