"""Reads routes and authorizers out of an application, as a deployment of it would have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.gateway._document import authorizer_of_definition
from chalice.gateway._messages import HEADER_SOURCE, GatewayAuthorizer, GatewayRoute

if TYPE_CHECKING:
    from chalice.app import Chalice


def routes_of_app(app: Chalice) -> list[GatewayRoute]:
    """List the routes that a deployment of ``app`` would have, CORS preflights included.

    The target of each is ``app`` itself, callable with ``(event, context)``.
    """
    routes: list[GatewayRoute] = []
    for path, methods in app.routes.items():
        shared = [(method, entry.cors) for method, entry in methods.items() if entry.cors is not None]
        for method, entry in methods.items():
            routes.append(
                GatewayRoute(
                    path=path,
                    method=method,
                    target=app,
                    authorizer=getattr(entry.authorizer, "name", None),
                    authorizer_scopes=tuple(getattr(entry.authorizer, "scopes", ())),
                    api_key_required=bool(entry.api_key_required),
                )
            )
        if not shared or "OPTIONS" in methods:
            continue
        if any(not isinstance(cors.allow_origin, str) for _, cors in shared):
            # Which of several origins may call depends on who asks, so that the application answers.
            routes.append(GatewayRoute(path=path, method="OPTIONS", target=app))
            continue
        cors = shared[0][1]
        allowed = ",".join([*(method for method, _ in shared), "OPTIONS"])
        mock = {"Access-Control-Allow-Methods": allowed, **cors.get_access_control_headers()}
        routes.append(GatewayRoute(path=path, method="OPTIONS", mock=mock))
    return routes


def authorizers_of_app(app: Chalice) -> dict[str, GatewayAuthorizer]:
    """List the authorizers that the routes of ``app`` have, by name.

    The target of a built-in one is the authorizer itself, callable with ``(event, context)``.
    """
    found: dict[str, GatewayAuthorizer] = {}
    for methods in app.routes.values():
        for entry in methods.values():
            if entry.authorizer is not None:
                found[entry.authorizer.name] = _authorizer(entry.authorizer)
    return found


def _authorizer(authorizer: Any) -> GatewayAuthorizer:
    config = getattr(authorizer, "config", None)
    if config is None:
        definition = authorizer.to_swagger()
        if definition.get("x-amazon-apigateway-authtype") == "custom":
            # Its function is somewhere on AWS, whatever the URI says.
            return GatewayAuthorizer(name=authorizer.name, kind="custom")
        return authorizer_of_definition(authorizer.name, definition)
    return GatewayAuthorizer(
        name=authorizer.name,
        kind="token",
        target=authorizer,
        identity_sources=(f"{HEADER_SOURCE}{config.header or 'Authorization'}",),
        ttl_seconds=300 if config.ttl_seconds is None else config.ttl_seconds,
    )
