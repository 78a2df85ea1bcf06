"""WebSocket APIs: what is made, what a change costs, and crashes at any call."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from moto.apigatewayv2.models import apigatewayv2_backends
from moto.core import DEFAULT_ACCOUNT_ID

from chalice_core.kinds import Function, Resource, Role, WebSocketApi, WebSocketRoute
from chalice_core.values import ResourceId

REGION = "eu-central-1"


class Deployments:
    """Does what stock moto, which knows no deployments of version 2, does not; remembers what it was."""

    def __init__(self) -> None:
        self.made: list[dict[str, Any]] = []

    def create(self, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        api_id = params["url_path"].split("/")[3]
        api = apigatewayv2_backends[DEFAULT_ACCOUNT_ID][REGION].get_api(api_id)
        stage = json.loads(params["body"] or "{}").get("stageName")
        if stage is not None:
            api.get_stage(stage)
        assert api.routes, "AWS refuses to deploy an API without routes"
        self.made.append({"stage": stage, "routes": {route.route_key for route in api.routes.values()}})
        answer = {"DeploymentId": f"d{len(self.made)}", "ResponseMetadata": {"HTTPStatusCode": 201}}
        return type("Created", (), {"status_code": 201}), answer


@pytest.fixture(autouse=True)
def deployments(project: Any) -> Iterator[list[dict[str, Any]]]:
    deployed = Deployments()
    events = project.deployment()._cloud._clients.client("apigatewayv2").meta.events
    events.register_last("before-call.apigatewayv2.CreateDeployment", deployed.create)
    yield deployed.made
    events.unregister("before-call.apigatewayv2.CreateDeployment", deployed.create)


def chat(*routes: str, renamed: str = "", **changes: Any) -> list[Resource]:
    """An application whose functions are called by the routes: ``$connect`` has the function ``connect``."""
    role = Role(id=ResourceId("default-role"), role_name="chat-dev")
    functions = [
        Function(
            id=ResourceId(key.strip("$")),
            name=key.strip("$"),
            function_name=f"chat-dev-{key.strip('$')}{renamed}",
            handler="app.f",
            runtime="python3.12",
            role=role.arn,
        )
        for key in routes
    ]
    api = WebSocketApi(
        id=ResourceId("websocket_api"),
        name="chat-dev-websocket-api",
        stage_name="api",
        routes=tuple(
            WebSocketRoute(route_key=key, function_arn=function.arn)
            for key, function in zip(routes, functions, strict=True)
        ),
    )
    return [role, *functions, replace(api, **changes)]


@pytest.fixture
def look(aws_client: Callable[[str], Any]) -> Callable[[], list[dict[str, Any]]]:
    """Return what there is of every API, without what AWS chooses."""

    def apis() -> list[dict[str, Any]]:
        gateway = aws_client("apigatewayv2")
        found = []
        for api in gateway.get_apis()["Items"]:
            id = api["ApiId"]
            uris = {
                f"integrations/{one['IntegrationId']}": one["IntegrationUri"]
                for one in gateway.get_integrations(ApiId=id)["Items"]
            }
            routes = {one["RouteKey"]: uris[one["Target"]] for one in gateway.get_routes(ApiId=id)["Items"]}
            assert sorted(routes.values()) == sorted(uris.values())
            found.append(
                {
                    "name": api["Name"],
                    "protocol": api["ProtocolType"],
                    "selects": api["RouteSelectionExpression"],
                    "routes": routes,
                    "stages": sorted(one["StageName"] for one in gateway.get_stages(ApiId=id)["Items"]),
                }
            )
        return found

    return apis


def uri(function: str) -> str:
    arn = f"arn:aws:lambda:{REGION}:123456789012:function:chat-dev-{function}"
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations"


def test_an_api_is_made_with_a_route_to_each_function(
    project: Any, look: Any, deployments: list[dict[str, Any]]
) -> None:
    project.deploy(chat("$connect", "$default"))

    assert look() == [
        {
            "name": "chat-dev-websocket-api",
            "protocol": "WEBSOCKET",
            "selects": "$request.body.action",
            "routes": {"$connect": uri("connect"), "$default": uri("default")},
            "stages": ["api"],
        }
    ]
    assert len(deployments) == 1


def test_nothing_is_called_when_nothing_changed(project: Any, new_witness: Any) -> None:
    project.deploy(chat("$connect", "$default"))
    witness = new_witness()

    plan, _ = project.deploy(chat("$connect", "$default"), witness)

    assert plan.steps == ()
    assert witness.mutating == []


def test_changed_routes_are_deployed_and_the_api_stays(
    project: Any, look: Any, deployments: list[dict[str, Any]]
) -> None:
    project.deploy(chat("$connect", "$default"))
    before = project.deployment().report()

    project.deploy(chat("$default", "$disconnect"))

    assert look()[0]["routes"] == {"$default": uri("default"), "$disconnect": uri("disconnect")}
    assert deployments[-1]["stage"] == "api"
    assert deployments[-1]["routes"] == {"$default", "$disconnect"}
    assert [one.label for one in before if "URL" in one.label] == ["Websocket API URL"]
    assert project.deployment().report()[-1] == before[-1]


def test_a_route_moves_to_another_function(
    project: Any, look: Any, deployments: list[dict[str, Any]]
) -> None:
    project.deploy(chat("$default"))

    project.deploy(chat("$default", renamed="-2"))

    assert look()[0]["routes"] == {"$default": uri("default-2")}
    assert len(deployments) == 2


def test_a_renamed_stage_takes_the_place_of_the_old_one(project: Any, look: Any) -> None:
    project.deploy(chat("$default"))

    project.deploy(chat("$default", stage_name="v2"))

    assert look()[0]["stages"] == ["v2"]


def test_what_was_added_by_hand_goes_with_the_next_change(
    project: Any, look: Any, aws_client: Callable[[str], Any]
) -> None:
    project.deploy(chat("$default"))
    gateway = aws_client("apigatewayv2")
    (api,) = gateway.get_apis()["Items"]
    (integration,) = gateway.get_integrations(ApiId=api["ApiId"])["Items"]
    target = f"integrations/{integration['IntegrationId']}"
    gateway.create_route(ApiId=api["ApiId"], RouteKey="join", Target=target)

    project.deploy(chat("$default", "$connect"))

    assert set(look()[0]["routes"]) == {"$default", "$connect"}


def test_an_api_that_was_deleted_by_hand_is_made_anew(
    project: Any, look: Any, aws_client: Callable[[str], Any]
) -> None:
    project.deploy(chat("$default"))
    (api,) = aws_client("apigatewayv2").get_apis()["Items"]
    aws_client("apigatewayv2").delete_api(ApiId=api["ApiId"])

    project.deploy(chat("$default", stage_name="v2"))

    assert [one["stages"] for one in look()] == [["v2"]]


def test_the_record_has_the_words_of_schema_2(project: Any) -> None:
    project.deploy(chat("$default"))

    (api,) = [one for one in project.record["resources"] if one["resource_type"] == "websocket_api"]
    id = api["websocket_api_id"]
    assert api == {
        "name": "websocket_api",
        "resource_type": "websocket_api",
        "websocket_api_id": id,
        "websocket_api_url": f"wss://{id}.execute-api.{REGION}.amazonaws.com/api/",
    }
    assert project.deployment().url() is None


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_call_leaves_one_api(
    project: Any, look: Any, new_witness: Any, crash: Any, after: bool
) -> None:
    witness = new_witness()
    project.deploy(chat("$connect", "$default"), witness)
    aim = look()
    project.delete()
    assert look() == []

    for index in range(len(witness.mutating)):
        with pytest.raises(crash):
            project.deploy(chat("$connect", "$default"), new_witness(crash_at=index, after=after))
        if index % 2:
            project.deploy(chat("$connect", "$default"))
            assert look() == aim, f"crashed at call {index}"
        project.delete()
        assert look() == [], f"crashed at call {index}"


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_update_survives_a_crash_at_any_call(
    project: Any, look: Any, new_witness: Any, crash: Any, after: bool
) -> None:
    wanted = chat("$default", "$disconnect", stage_name="v2", name="other")
    project.deploy(chat("$connect", "$default"))
    plain = look()
    witness = new_witness()
    project.deploy(wanted, witness)
    aim = look()

    for index in range(len(witness.mutating)):
        project.deploy(chat("$connect", "$default"))
        assert look() == plain
        with pytest.raises(crash):
            project.deploy(wanted, new_witness(crash_at=index, after=after))
        project.deploy(wanted)

        assert look() == aim, f"crashed at call {index}"
        assert project.deploy(wanted)[0].steps == ()
