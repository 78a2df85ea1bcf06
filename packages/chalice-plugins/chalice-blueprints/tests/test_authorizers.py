"""Routes find the authorizers of blueprints under the names that these have in the application."""

from __future__ import annotations

from typing import Any

from chalice import AuthResponse, Blueprint, Chalice
from chalice.test import Client


def guard(users: Blueprint) -> Any:
    @users.authorizer(ttl_seconds=5)
    def check(request: Any) -> AuthResponse:
        users.log.debug("asked")
        return AuthResponse(["*"] if request.token == "open" else [], principal_id="ann")

    return check


def test_a_route_of_the_same_blueprint_asks_it(app: Chalice, users: Blueprint) -> None:
    check = guard(users)

    @users.route("/", authorizer=check)
    def index() -> Any:
        request = users.current_request
        return None if request is None else request.context["authorizer"]["principalId"]

    app.register_blueprint(users, name_prefix="u_")

    (config,) = app.builtin_auth_handlers
    assert (config.name, config.handler_string, config.ttl_seconds) == (
        "u_check",
        "chalicelib.users.check",
        5,
    )
    with Client(app) as client:
        assert client.http.get("/").status_code == 401
        assert client.http.get("/", headers={"Authorization": "shut"}).status_code == 403
        assert client.http.get("/", headers={"Authorization": "open"}).body == b"ann"


def test_scopes_and_the_prefix_come_together(app: Chalice, users: Blueprint) -> None:
    check = guard(users)
    users.route("/", authorizer=check.with_scopes(["read"]))(lambda: None)

    app.register_blueprint(users, name_prefix="u_")

    authorizer = app.routes["/"]["GET"].authorizer
    assert authorizer is not None
    assert (authorizer.name, authorizer.scopes) == ("u_check", ["read"])
    assert check.scopes == []


def test_routes_of_the_application_and_of_other_blueprints_ask_it_whenever_they_were_declared(
    app: Chalice, users: Blueprint
) -> None:
    check = guard(users)
    other = Blueprint("chalicelib.other")
    other.route("/other", authorizer=check)(lambda: None)
    later = Blueprint("chalicelib.later")
    later.route("/later", authorizer=check.with_scopes(["write"]))(lambda: None)

    app.route("/before", authorizer=check)(lambda: None)
    app.register_blueprint(other, name_prefix="o_")
    app.register_blueprint(users, name_prefix="u_")
    app.register_blueprint(later, name_prefix="l_")
    app.route("/after", authorizer=check)(lambda: None)

    asked = {path: methods["GET"].authorizer for path, methods in app.routes.items()}
    assert {path: one.name for path, one in asked.items() if one is not None} == {
        "/before": "u_check",
        "/other": "u_check",
        "/later": "u_check",
        "/after": "u_check",
    }
    with Client(app) as client:
        assert client.http.get("/other", headers={"Authorization": "open"}).status_code == 200
