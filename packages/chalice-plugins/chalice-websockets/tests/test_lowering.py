"""The tooling half: what handlers become."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chalice_core.config import FunctionConfig, StageConfig
from chalice_core.graph import Graph
from chalice_core.kinds import (
    Function,
    Grant,
    InvokePermission,
    RolePolicy,
    WebSocketApi,
    websocket_api_url,
)
from chalice_core.lowering import build_graph
from chalice_core.manifest import App, EventDeclaration, FunctionDeclaration
from chalice_core.plugins import Plugins, load_plugins
from chalice_core.samples import SampleArgumentError
from chalice_core.values import Value, render

ROUTES = {"on_ws_connect": "$connect", "on_ws_message": "$default", "on_ws_disconnect": "$disconnect"}


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return load_plugins()


def declaration(decorator: str) -> EventDeclaration:
    return EventDeclaration(
        source="websocket",
        decorator=decorator,
        function=decorator.replace("on_ws", "websocket"),
        options={"route_key": ROUTES[decorator]},
    )


def application(*decorators: str, others: tuple[str, ...] = ()) -> App:
    events = tuple(map(declaration, decorators))
    handlers = [FunctionDeclaration(name=one.function, handler="app.f", kind="event") for one in events]
    pure = [FunctionDeclaration(name=name, handler="app.f", kind="pure") for name in others]
    return App(name="chat", events=events, functions=(*handlers, *pure))


def lowered(plugins: Plugins, app: App, functions: Mapping[str, FunctionConfig] | None = None) -> Graph:
    config = StageConfig(
        project_dir=Path("/nowhere"), app_name="chat", stage="dev", functions=functions or {}
    )
    return build_graph(app, "python3.12", config, plugins)


def spelled(value: Value | None) -> str:
    assert value is not None
    return render(value, output=lambda one: f"<{one.of}>", pseudo=lambda one: f"<{one.name}>")


def test_handlers_become_one_api_with_a_route_each(plugins: Plugins) -> None:
    graph = lowered(plugins, application(*ROUTES))

    (api,) = graph.of_kind(WebSocketApi)
    assert (api.id, api.name, api.stage_name) == ("websocket_api", "chat-dev-websocket-api", "api")
    assert api.route_selection_expression == "$request.body.action"
    assert {route.route_key: route.function_arn.of for route in api.routes} == {
        "$connect": "websocket_connect",
        "$default": "websocket_message",
        "$disconnect": "websocket_disconnect",
    }
    assert spelled(websocket_api_url(api)) == "wss://<websocket_api>.execute-api.<REGION>.<DNS_SUFFIX>/api/"


def test_functions_are_called_by_what_they_do(plugins: Plugins) -> None:
    graph = lowered(plugins, application("on_ws_message"))

    (function,) = graph.of_kind(Function)
    assert function.function_name == "chat-dev-websocket_message"


def test_only_handlers_that_are_there_get_a_route_and_a_permission(plugins: Plugins) -> None:
    graph = lowered(plugins, application("on_ws_message", others=("report",)))

    (api,) = graph.of_kind(WebSocketApi)
    (permission,) = graph.of_kind(InvokePermission)
    assert [route.route_key for route in api.routes] == ["$default"]
    assert permission.id == "websocket_message_invoke_permission"
    assert permission.principal == "apigateway.amazonaws.com"
    assert spelled(permission.source_arn) == (
        "arn:<PARTITION>:execute-api:<REGION>:<ACCOUNT>:<websocket_api>/*"
    )


def test_an_application_without_handlers_has_no_api(plugins: Plugins) -> None:
    graph = lowered(plugins, application(others=("report",)))

    assert not graph.of_kind(WebSocketApi)


def test_functions_that_share_a_role_may_send_with_one_policy(plugins: Plugins) -> None:
    graph = lowered(plugins, application(*ROUTES, others=("report",)))

    (policy,) = graph.of_kind(RolePolicy)
    assert policy.role.of == "default-role"
    (statement,) = policy.statements
    assert statement.actions == ("execute-api:ManageConnections",)
    assert [spelled(one) for one in statement.resources] == [
        "arn:<PARTITION>:execute-api:<REGION>:<ACCOUNT>:<websocket_api>/api/*/@connections/*"
    ]


def test_a_role_that_is_not_ours_and_a_hand_written_policy_stay_as_they_are(
    plugins: Plugins, tmp_path: Path
) -> None:
    written = {"Version": "2012-10-17", "Statement": []}
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "own.json").write_text(str(written).replace("'", '"'), encoding="utf-8")
    arn = "arn:aws:iam::123456789012:role/given"
    config = StageConfig(
        project_dir=tmp_path,
        app_name="chat",
        stage="dev",
        functions={
            "websocket_connect": FunctionConfig(manage_iam_role=False, iam_role_arn=arn),
            "report": FunctionConfig(autogen_policy=False, iam_policy_file="own.json"),
        },
    )

    graph = build_graph(application("on_ws_connect", others=("report",)), "python3.12", config, plugins)

    assert not graph.of_kind(RolePolicy)
    assert not graph.of_kind(Grant)
    assert graph["report_role"].policy_document == written  # type: ignore[attr-defined]


def test_an_event_of_another_family_is_left_alone(plugins: Plugins) -> None:
    other = EventDeclaration(source="parcels", decorator="on_parcel", function="f", options={})

    assert plugins.hook.chalice_sample_event(event=other, arguments={}) is None


@pytest.mark.parametrize(
    ("decorator", "arguments", "expected"),
    [
        ("on_ws_message", {"body": "hi", "connection_id": "c"}, ("$default", "MESSAGE", "c", "hi")),
        ("on_ws_connect", {"connection_id": "c"}, ("$connect", "CONNECT", "c", None)),
        ("on_ws_disconnect", {"connection_id": "c"}, ("$disconnect", "DISCONNECT", "c", None)),
    ],
)
def test_a_sample_is_what_the_handler_gets(
    plugins: Plugins, decorator: str, arguments: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    event = plugins.hook.chalice_sample_event(event=declaration(decorator), arguments=arguments)

    context = event["requestContext"]
    found = (context["routeKey"], context["eventType"], context["connectionId"], event.get("body"))
    assert found == expected


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"bodies": "x"}, "no argument 'bodies'"),
        ({"connection_id": 1}, "'connection_id' must be a text, not 1"),
        ({"body": "x"}, r"an event of \$connect has no 'body'"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(
    plugins: Plugins, arguments: dict[str, Any], problem: str
) -> None:
    with pytest.raises(SampleArgumentError, match=problem):
        plugins.hook.chalice_sample_event(event=declaration("on_ws_connect"), arguments=arguments)
