"""What a blueprint declares becomes part of an application when it is registered."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from chalice import Blueprint, Chalice, CORSConfig
from chalice.test import Client


def test_views_answer_under_the_prefix_with_all_their_options(app: Chalice, users: Blueprint) -> None:
    cors = CORSConfig(allow_origin="https://a")

    @users.route(
        "/{name}", methods=["PUT", "POST"], content_types=["text/plain"], api_key_required=True, cors=cors
    )
    def user(name: str) -> dict[str, str]:
        request = users.current_request
        assert request is not None
        return {"name": name, "method": request.method, "app": users.current_app.app_name}

    app.register_blueprint(users, name_prefix="v1_", url_prefix="/users/")
    entries = app.routes["/users/{name}"]

    assert list(entries) == ["PUT", "POST"]
    for entry in entries.values():
        assert (entry.view_function, entry.view_name) == (user, "v1_user")
        assert (entry.content_types, entry.api_key_required, entry.cors) == (["text/plain"], True, cors)
    with Client(app) as client:
        answer = client.http.put(
            "/users/ann", headers={"Content-Type": "text/plain", "x-api-key": "k"}, body="x"
        )
    assert answer.json_body == {"name": "ann", "method": "PUT", "app": "shop"}


@pytest.mark.parametrize(
    ("prefix", "path", "expected"),
    [
        (None, "/", "/"),
        (None, "/x/", "/x/"),
        ("/foo", "/", "/foo"),
        ("/foo", "", "/foo"),
        ("/foo/", "/", "/foo"),
        ("/foo/", "/x", "/foo/x"),
        ("/foo", "x", "/foo/x"),
        ("/foo", "/x/", "/foo/x"),
        ("/foo", "//x", "/foo/x"),
        ("/foo", "/x//y/", "/foo/x//y"),
        ("/a/b", "/{c}", "/a/b/{c}"),
        ("foo", "/x", "foo/x"),
        ("", "/x/", "/x"),
        ("/", "/x", "/x"),
        # The predecessor made an empty path of these, which nothing can be at.
        ("/", "/", "/"),
        ("", "/", "/"),
    ],
)
def test_a_prefix_and_a_path_become_one_path(
    app: Chalice, users: Blueprint, prefix: str | None, path: str, expected: str
) -> None:
    users.route(path)(lambda **_: None)

    app.register_blueprint(users, url_prefix=prefix)

    assert list(app.routes) == [expected]


@pytest.mark.parametrize(("declared", "expected"), [(None, "https://late"), (True, "*"), (False, None)])
def test_a_view_without_cors_has_that_of_the_application_at_registration(
    app: Chalice, users: Blueprint, declared: bool | None, expected: str | None
) -> None:
    users.route("/", cors=declared)(lambda: None)
    app.api.cors = CORSConfig(allow_origin="https://late")

    app.register_blueprint(users)

    cors = app.routes["/"]["GET"].cors
    assert (None if cors is None else cors.allow_origin) == expected


@pytest.mark.usefixtures("sqs")
def test_functions_have_prefixed_names_and_the_blueprints_handler_strings(
    app: Chalice, users: Blueprint
) -> None:
    @users.lambda_function()
    def add(event: Any, context: Any) -> Any:
        return [event, context]

    @users.lambda_function(name="named")
    def other(event: Any, context: Any) -> Any:
        return event

    @users.on_sqs_message("orders", batch_size=3)
    def work(event: Any) -> list[str]:
        return [record.body for record in event]

    app.register_blueprint(users, name_prefix="u_")

    assert sorted(app.handler_map) == ["u_add", "u_named", "u_work"]
    assert [(one.name, one.handler_string) for one in app.pure_lambda_functions] == [
        ("u_add", "chalicelib.users.add"),
        ("u_named", "chalicelib.users.other"),
    ]
    (event,) = app.event_sources
    assert (event.name, event.handler_string) == ("u_work", "chalicelib.users.work")
    assert (event.options["queue"], event.options["batch_size"]) == ("orders", 3)
    assert (add(1, 2), add.name, work.name) == ([1, 2], "u_add", "u_work")
    with Client(app) as client:
        sample = client.events.generate_sqs_event(["tea"])
        assert client.lambda_.invoke("u_work", sample).payload == ["tea"] == work(sample, None)


@pytest.mark.usefixtures("schedule")
def test_a_blueprint_can_be_registered_twice_and_keeps_every_option(app: Chalice, users: Blueprint) -> None:
    other = Chalice("other", configure_logs=False, env={})

    @users.authorizer()
    def check(request: Any) -> dict[str, str]:
        return {"principal": request.token}

    @users.route("/", methods=["POST"], content_types=["text/csv"], cors=True, authorizer=check)
    def index() -> None: ...

    @users.schedule("rate(1 hour)")
    def tick(event: Any) -> str:
        return "tick"

    app.register_blueprint(users, name_prefix="a_", url_prefix="/a")
    app.register_blueprint(users, name_prefix="b_", url_prefix="/b")
    other.register_blueprint(users)

    found = [
        (path, entry.method, entry.content_types, entry.cors, entry.authorizer.name)
        for one in (app, other)
        for path, methods in one.routes.items()
        for entry in methods.values()
    ]
    assert found == [
        ("/a", "POST", ["text/csv"], CORSConfig(), "a_check"),
        ("/b", "POST", ["text/csv"], CORSConfig(), "b_check"),
        ("/", "POST", ["text/csv"], CORSConfig(), "check"),
    ]
    assert [one.name for one in app.builtin_auth_handlers] == ["a_check", "b_check"]
    assert [one.name for one in other.builtin_auth_handlers] == ["check"]
    assert [(one.name, one.options["expression"]) for one in app.event_sources] == [
        ("a_tick", "rate(1 hour)"),
        ("b_tick", "rate(1 hour)"),
    ]
    assert users.current_app is other


def test_what_an_application_has_already_is_refused_as_if_it_were_declared_there(
    app: Chalice, users: Blueprint
) -> None:
    users.route("/")(lambda: None)
    users.lambda_function(name="add")(lambda event, context: None)
    app.register_blueprint(users)

    with pytest.raises(ValueError, match="'GET'"):
        app.register_blueprint(users)
    with pytest.raises(ValueError, match="'add'"):
        app.register_blueprint(users, url_prefix="/again")


def test_a_blueprint_that_failed_to_register_is_not_registered(app: Chalice, users: Blueprint) -> None:
    users.route("/")(lambda: None)
    app.route("/")(lambda: None)

    with pytest.raises(ValueError):
        app.register_blueprint(users)

    with pytest.raises(RuntimeError):
        _ = users.current_app


def test_what_is_declared_after_registration_is_declared_at_once(app: Chalice, users: Blueprint) -> None:
    app.register_blueprint(users, name_prefix="a_", url_prefix="/a")
    app.register_blueprint(users, name_prefix="b_", url_prefix="/b")

    users.route("/late")(lambda: None)
    users.lambda_function(name="late")(lambda event, context: None)

    assert list(app.routes) == ["/a/late", "/b/late"]
    assert [one.name for one in app.pure_lambda_functions] == ["a_late", "b_late"]


@pytest.mark.parametrize("attribute", ["current_app", "current_request", "lambda_context", "log"])
def test_what_belongs_to_the_application_is_there_once_registered(
    app: Chalice, users: Blueprint, attribute: str
) -> None:
    with pytest.raises(
        RuntimeError, match=f"^Can only access Blueprint.{attribute} if it's registered to an app.$"
    ):
        getattr(users, attribute)

    app.register_blueprint(users)

    expected = app if attribute == "current_app" else getattr(app, attribute)
    assert getattr(users, attribute) is expected


@pytest.mark.usefixtures("sqs")
def test_middleware_of_a_blueprint_is_the_applications_in_the_order_of_registration(
    app: Chalice, users: Blueprint
) -> None:
    seen: list[str] = []

    def log(name: str) -> Any:
        def middleware(event: Any, get_response: Any) -> Any:
            seen.append(f"{name} {type(event).__name__}")
            return get_response(event)

        return middleware

    users.register_middleware(log("mine"))
    users.middleware("sqs")(log("sqs"))

    @users.on_sqs_message("orders")
    def work(event: Any) -> None: ...

    @users.lambda_function()
    def add(event: Any, context: Any) -> None: ...

    app.register_middleware(log("before"))
    app.register_blueprint(users, name_prefix="a_")
    app.register_blueprint(users, name_prefix="b_")
    app.register_middleware(log("after"))
    app.route("/")(lambda: None)

    with Client(app) as client:
        client.http.get("/")
        client.lambda_.invoke("a_add")
        client.lambda_.invoke("b_work", {"Records": []})
        work({"Records": []}, None)
    assert seen == [
        *("before Request", "mine Request", "after Request"),
        *("before LambdaFunctionEvent", "mine LambdaFunctionEvent", "after LambdaFunctionEvent"),
        *("before SQSEvent", "mine SQSEvent", "sqs SQSEvent", "after SQSEvent"),
        *("before SQSEvent", "mine SQSEvent", "sqs SQSEvent", "after SQSEvent"),
    ]


@pytest.mark.usefixtures("websockets")
def test_attributes_that_distributions_add_belong_to_the_application_too(
    app: Chalice, users: Blueprint
) -> None:
    with pytest.raises(RuntimeError, match=r"^Can only access Blueprint\.websocket_api if"):
        _ = users.websocket_api

    app.register_blueprint(users)

    assert users.websocket_api is app.websocket_api


@pytest.mark.usefixtures("websockets")
def test_websocket_handlers_work(app: Chalice, users: Blueprint) -> None:
    @users.on_ws_connect()
    def join(event: Any) -> dict[str, int]:
        return {"statusCode": 200 if event.body is None else 500}

    @users.on_ws_message(name="said")
    def say(event: Any) -> None:
        users.websocket_api.send(event.connection_id, f"echo {event.body}")

    app.register_blueprint(users, name_prefix="chat_")

    declared = {key: (one.name, one.handler_string) for key, one in app.websocket_handlers.items()}
    assert declared == {
        "$connect": ("chat_join", "chalicelib.users.join"),
        "$default": ("chat_said", "chalicelib.users.say"),
    }
    with Client(app) as client, client.websocket.connect() as connection:
        connection.send("hi")
        assert connection.receive() == "echo hi"


@pytest.mark.usefixtures("websockets")
def test_the_second_websocket_handler_of_a_kind_is_refused(app: Chalice, users: Blueprint) -> None:
    users.on_ws_connect()(lambda event: None)
    app.on_ws_connect(name="mine")(lambda event: None)

    with pytest.raises(ValueError, match="Duplicate websocket handler: 'on_ws_connect'"):
        app.register_blueprint(users)


def test_a_blueprint_can_be_part_of_another(app: Chalice) -> None:
    inner, outer = Blueprint("chalicelib.inner"), Blueprint("chalicelib.outer")

    @inner.route("/", name="first")
    def index() -> str:
        return inner.current_app.app_name

    @inner.lambda_function()
    def add(event: Any, context: Any) -> None: ...

    outer.register_blueprint(inner, name_prefix="in_", url_prefix="/in/")
    app.register_blueprint(outer, name_prefix="out_", url_prefix="/out")

    assert app.routes["/out/in"]["GET"].view_name == "out_in_first"
    assert app.pure_lambda_functions[0].handler_string == "chalicelib.inner.add"
    assert app.pure_lambda_functions[0].name == "out_in_add"
    assert index() == "shop"


def test_a_blueprint_is_no_part_of_itself(app: Chalice) -> None:
    inner, outer = Blueprint("inner"), Blueprint("outer")
    outer.register_blueprint(inner)
    inner.register_blueprint(outer)

    with pytest.raises(ValueError, match="'outer' is registered on itself"):
        app.register_blueprint(outer)


def test_only_blueprints_are_registered(app: Chalice, users: Blueprint) -> None:
    with pytest.raises(TypeError, match="takes a Blueprint, not 'users'"):
        app.register_blueprint("users")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="takes a Blueprint, not 'users'"):
        users.register_blueprint("users")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="such as __name__"):
        Blueprint(__import__("json"))  # type: ignore[arg-type]


def test_prefixes_are_strings(app: Chalice, users: Blueprint) -> None:
    with pytest.raises(TypeError, match="url_prefix must be a string, not 1"):
        app.register_blueprint(users, url_prefix=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="name_prefix must be a string, not b'v1'"):
        app.register_blueprint(users, name_prefix=b"v1")  # type: ignore[arg-type]


def test_views_keep_what_they_are(users: Blueprint) -> None:
    def view(name: str) -> str:
        """Say hello."""
        return name

    @users.lambda_function()
    def add(event: Any, context: Any) -> Any:
        """Add."""
        return event

    assert users.route("/{name}")(view) is view
    assert (add.__name__, add.__doc__, list(inspect.signature(add).parameters)) == (
        "add",
        "Add.",
        ["event", "context"],
    )
