"""Imports the application and says, in one JSON document, what it declares.

The document's form is fixed in the project's design notes ("Processes and what they say to each other").
What goes wrong while the application is imported is part of the document: it is the application's error,
not ours.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, __version__
from chalice.extensions import BrokenExtensionError, DuplicateExtensionError
from chalice.host.failure import describe_failure, failure
from chalice.host.files import package_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from chalice._routing import RouteEntry
    from chalice.authorizers import Authorizer, BuiltinAuthConfig

MANIFEST_VERSION = 1


def describe(project: Path) -> bytes:
    """Import the application of a project and describe it.

    Changes this process for good: ``sys.path``, the working folder, the environment.

    Args:
        project: The folder of ``app.py``, absolute.

    Returns:
        The manifest, as UTF-8 JSON.
    """
    document: dict[str, Any] = {
        "manifest_version": MANIFEST_VERSION,
        "runtime": {"distribution": "chalice-runtime", "version": __version__},
        "python": {
            "version": platform.python_version(),
            "implementation": sys.implementation.name,
            "executable": sys.executable,
            "cache_tag": sys.implementation.cache_tag,
        },
    }
    try:
        return _encode({**document, **_describe_project(project)})
    except (TypeError, ValueError) as error:
        # An option of a decorator, or a setting of the application, that no JSON can hold.
        message = f"What the application declares cannot be written as JSON: {error}."
        problem = failure("import", type_name=type(error).__name__, message=message, file=project / "app.py")
        return _encode({**document, "error": problem})


def _encode(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace")


def _describe_project(project: Path) -> dict[str, Any]:
    source = _source_of_app(project)
    if source is None:
        message = f"There is no app.py in {project}."
        return {"error": failure("missing", message=message, file=project / "app.py")}
    _enter(project, source)
    try:
        module = importlib.import_module("app")
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return {"error": describe_failure(error, project)}
    app, problem = _application(module, source)
    if app is None:
        return {"error": problem}
    try:
        package = package_of(project)
    except (BrokenExtensionError, DuplicateExtensionError) as error:
        return {"error": describe_failure(error, project)}
    return {"app": _describe_app(app), "package": package}


def _source_of_app(project: Path) -> Path | None:
    """Return the file that ``import app`` is to run, or None."""
    return next(
        (file for file in (project / "app.py", project / "app" / "__init__.py") if file.is_file()), None
    )


def _enter(project: Path, source: Path) -> None:
    """Arrange this process as Lambda does: the project's folder first, and nothing of the tool."""
    if not getattr(sys.flags, "safe_path", False) and not sys.flags.isolated and sys.path:
        # ``python -m`` put the working folder of the tool there.  It is not in Lambda.
        del sys.path[0]
    sys.path.insert(0, str(project))
    sys.path.append(str(project / "vendor"))
    # The options are the tool's; an application that reads the command line finds none.
    sys.argv[:] = [str(source)]
    os.chdir(project)
    os.environ["AWS_CHALICE_CLI_MODE"] = "true"
    importlib.invalidate_caches()


def _application(module: ModuleType, source: Path) -> tuple[Chalice | None, dict[str, Any]]:
    if not hasattr(module, "app"):
        message = f"{source.name} defines no 'app': write app = Chalice(app_name='…') in it."
        return None, failure("no-app", type_name="AttributeError", message=message, file=source)
    app = module.app
    if not isinstance(app, Chalice):
        message = f"'app' of {source.name} is a {type(app).__name__}, not a Chalice application."
        return None, failure("not-chalice", type_name="TypeError", message=message, file=source)
    return app, {}


def _describe_app(app: Chalice) -> dict[str, Any]:
    pure = [
        {"name": one.name, "handler": one.handler_string, "kind": "pure"} for one in app.pure_lambda_functions
    ]
    declared = [*app.event_sources, *app.websocket_handlers.values()]
    events = {
        one.function_name: {"name": one.function_name, "handler": one.handler_string, "kind": "event"}
        for one in declared
    }
    authorizers = [
        {"name": one.name, "handler": one.handler_string, "kind": "authorizer"}
        for one in app.builtin_auth_handlers
    ]
    return {
        "name": app.app_name,
        "debug": app.debug,
        "experimental_features": sorted(app.experimental_feature_flags),
        "binary_types": list(app.api.binary_types),
        "routes": [route for methods in app.routes.values() for route in _describe_path(methods)],
        "authorizers": _describe_authorizers(app),
        "functions": [*events.values(), *authorizers, *pure],
        "events": [
            {
                "source": one.source,
                "decorator": one.decorator,
                "function": one.function_name,
                "options": one.options,
            }
            for one in declared
        ],
    }


def _describe_path(methods: dict[str, RouteEntry]) -> list[dict[str, Any]]:
    """Describe the routes of one path.

    Which of several origins may call depends on the request, so the function answers preflights, and not API
    Gateway: there is a route for them, and none has headers that would be the same for every request.
    """
    routes = [_describe_route(entry) for entry in methods.values()]
    if any(entry.several_origins for entry in methods.values()):
        for route in routes:
            route["cors"] = None
        if "OPTIONS" not in methods:
            routes.append(
                {
                    **routes[0],
                    "method": "OPTIONS",
                    "view_name": "cors_preflight",
                    "handler": "app.app",
                    # A browser sends no credentials and no key with a preflight.
                    "content_types": [],
                    "api_key_required": False,
                    "authorizer": None,
                    "authorizer_scopes": [],
                    "summary": "",
                    "description": "",
                }
            )
    return routes


def _describe_route(entry: Any) -> dict[str, Any]:
    summary, description = _docstring(entry.view_function)
    return {
        "path": entry.uri_pattern,
        "method": entry.method,
        "view_name": entry.view_name,
        "handler": _where(entry),
        "content_types": list(entry.content_types),
        "api_key_required": bool(entry.api_key_required),
        "authorizer": None if entry.authorizer is None else entry.authorizer.name,
        "authorizer_scopes": [] if entry.authorizer is None else list(entry.authorizer.scopes),
        "cors": None if entry.cors is None else entry.cors.get_access_control_headers(),
        "summary": summary,
        "description": description,
    }


def _where(entry: Any) -> str:
    """Return where the view is: in ``app.py``, or in a module of the project that has a blueprint, say."""
    view = entry.view_function
    module = getattr(view, "__module__", None)
    return f"{module or 'app'}.{getattr(view, '__name__', entry.view_name)}"


def _describe_authorizers(app: Chalice) -> list[dict[str, Any]]:
    """Describe each authorizer once; with other scopes it is the same, for scopes belong to routes.

    Of two that differ and have one name both are there, for the tool to refuse.
    """
    described: list[dict[str, Any]] = []
    for one in _authorizers(app):
        if one not in described:
            described.append(one)
    return described


def _authorizers(app: Chalice) -> Iterator[dict[str, Any]]:
    for config in app.builtin_auth_handlers:
        yield _describe_builtin(config, config.name)
    for methods in app.routes.values():
        for entry in methods.values():
            authorizer = entry.authorizer
            if authorizer is None:
                continue
            if hasattr(authorizer, "to_swagger"):
                yield _describe_authorizer(authorizer)
            else:
                own = app.handler_map.get(authorizer.name)
                # One of another application, or of a blueprint that is not registered, is none of ours.
                known = getattr(own, "origin", None) is authorizer.origin
                yield _describe_builtin(authorizer.config, authorizer.name if known else None)


def _describe_builtin(config: BuiltinAuthConfig, function: str | None) -> dict[str, Any]:
    options = {
        "function": function,
        "ttl_seconds": config.ttl_seconds,
        "execution_role": config.execution_role,
        "header": config.header,
    }
    return {"name": config.name, "kind": "builtin", "options": options}


def _describe_authorizer(authorizer: Authorizer) -> dict[str, Any]:
    definition = authorizer.to_swagger()
    kind = definition["x-amazon-apigateway-authtype"]
    settings = definition.get("x-amazon-apigateway-authorizer", {})
    if kind == "awsSigv4":
        return {"name": authorizer.name, "kind": "iam", "options": {}}
    if kind == "cognito_user_pools":
        options = {"provider_arns": settings["providerARNs"], "header": definition["name"]}
        return {"name": authorizer.name, "kind": "cognito", "options": options}
    options = {
        "authorizer_uri": settings["authorizerUri"],
        "ttl_seconds": settings["authorizerResultTtlInSeconds"],
        "header": definition["name"],
        "invoke_role_arn": settings.get("authorizerCredentials"),
    }
    return {"name": authorizer.name, "kind": "custom", "options": options}


def _docstring(function: Any) -> tuple[str, str]:
    """Return the first line of a docstring and the rest; both empty without one."""
    import inspect

    summary, _, description = (inspect.getdoc(function) or "").partition("\n")
    return summary.strip(), description.strip()
