"""The Cloud Control API: requests that take their time, and what can be asked afterwards."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from chalice_localaws.embedded.json_patch import PatchError, patched

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def finish(cloud: Any, eventually: Callable[[Callable[[], Any]], Any]) -> Callable[[Any], Any]:
    """Wait for the end of a request."""
    client = cloud.client("cloudcontrol")

    def wait(answer: Any) -> Any:
        assert answer["ProgressEvent"]["OperationStatus"] == "IN_PROGRESS"
        token = answer["ProgressEvent"]["RequestToken"]

        def ended() -> Any:
            event = client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
            return event if event["OperationStatus"] in {"SUCCESS", "FAILED"} else None

        return eventually(ended)

    return wait


@pytest.mark.parametrize(
    ("type", "name", "change"),
    [
        ("AWS::SQS::Queue", "QueueName", ("VisibilityTimeout", 45)),
        ("AWS::Logs::LogGroup", "LogGroupName", ("RetentionInDays", 14)),
    ],
)
def test_a_resource_lives(
    cloud: Any, finish: Callable[[Any], Any], type: str, name: str, change: tuple[str, Any]
) -> None:
    client = cloud.client("cloudcontrol")
    wanted = f"thing-{uuid.uuid4().hex[:8]}"
    event = finish(client.create_resource(TypeName=type, DesiredState=json.dumps({name: wanted})))
    assert event["OperationStatus"] == "SUCCESS", event
    identifier = event["Identifier"]
    assert json.loads(event["ResourceModel"])["Arn"].endswith((wanted, f"{wanted}:*"))

    found = client.get_resource(TypeName=type, Identifier=identifier)["ResourceDescription"]
    assert json.loads(found["Properties"])[name] == wanted
    patch = [{"op": "add", "path": f"/{change[0]}", "value": change[1]}]
    event = finish(
        client.update_resource(TypeName=type, Identifier=identifier, PatchDocument=json.dumps(patch))
    )
    assert event["OperationStatus"] == "SUCCESS", event
    found = client.get_resource(TypeName=type, Identifier=identifier)["ResourceDescription"]
    assert json.loads(found["Properties"])[change[0]] == change[1]
    listed = client.list_resources(TypeName=type)["ResourceDescriptions"]
    assert identifier in [one["Identifier"] for one in listed]

    event = finish(client.delete_resource(TypeName=type, Identifier=identifier))
    assert event["OperationStatus"] == "SUCCESS", event
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_resource(TypeName=type, Identifier=identifier)
    event = finish(client.delete_resource(TypeName=type, Identifier=identifier))
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "NotFound")


def test_the_change_reaches_the_service(cloud: Any, finish: Callable[[Any], Any]) -> None:
    client = cloud.client("cloudcontrol")
    name = f"group-{uuid.uuid4().hex[:8]}"
    state = json.dumps({"LogGroupName": name, "RetentionInDays": 7})
    finish(client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState=state))
    patch = json.dumps([{"op": "replace", "path": "/RetentionInDays", "value": 30}])
    finish(client.update_resource(TypeName="AWS::Logs::LogGroup", Identifier=name, PatchDocument=patch))
    group = cloud.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
    assert group["retentionInDays"] == 30


def test_what_cannot_be_is_said(cloud: Any, finish: Callable[[Any], Any]) -> None:
    client = cloud.client("cloudcontrol")
    with pytest.raises(client.exceptions.UnsupportedActionException, match="AWS::Nothing::Here"):
        client.create_resource(TypeName="AWS::Nothing::Here", DesiredState="{}")
    with pytest.raises(client.exceptions.InvalidRequestException, match="DesiredState"):
        client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="[")
    with pytest.raises(client.exceptions.RequestTokenNotFoundException):
        client.get_resource_request_status(RequestToken="nothere")

    name = f"group-{uuid.uuid4().hex[:8]}"
    state = json.dumps({"LogGroupName": name})
    finish(client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState=state))
    event = finish(client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState=state))
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "AlreadyExists")
    patch = json.dumps([{"op": "replace", "path": "/LogGroupName", "value": "other"}])
    event = finish(
        client.update_resource(TypeName="AWS::Logs::LogGroup", Identifier=name, PatchDocument=patch)
    )
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "NotUpdatable")


def test_a_client_token_makes_one_resource(cloud: Any) -> None:
    client = cloud.client("cloudcontrol")
    token = uuid.uuid4().hex
    request = {"TypeName": "AWS::SNS::Topic", "DesiredState": "{}", "ClientToken": token}
    one, other = client.create_resource(**request), client.create_resource(**request)
    assert one["ProgressEvent"]["RequestToken"] == other["ProgressEvent"]["RequestToken"]
    with pytest.raises(client.exceptions.ClientTokenConflictException):
        client.create_resource(**{**request, "DesiredState": '{"TopicName": "t"}'})


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([{"op": "add", "path": "/b", "value": 2}], {"a": [1, 2], "b": 2}),
        ([{"op": "add", "path": "/a/1", "value": 9}], {"a": [1, 9, 2]}),
        ([{"op": "add", "path": "/a/-", "value": 9}], {"a": [1, 2, 9]}),
        ([{"op": "remove", "path": "/a/0"}], {"a": [2]}),
        ([{"op": "replace", "path": "/a", "value": {"x/y": 1}}], {"a": {"x/y": 1}}),
        ([{"op": "move", "from": "/a", "path": "/b"}], {"b": [1, 2]}),
        ([{"op": "copy", "from": "/a/1", "path": "/b"}], {"a": [1, 2], "b": 2}),
        ([{"op": "test", "path": "/a/0", "value": 1}], {"a": [1, 2]}),
        ([{"op": "replace", "path": "", "value": {"c": 3}}], {"c": 3}),
        (
            [{"op": "add", "path": "/x~1y", "value": 1}, {"op": "add", "path": "/~0", "value": 2}],
            {"a": [1, 2], "x/y": 1, "~": 2},
        ),
    ],
)
def test_patches(operations: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    before = {"a": [1, 2]}
    assert patched(before, operations) == expected
    assert before == {"a": [1, 2]}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/nothere"},
        {"op": "replace", "path": "/a/7", "value": 1},
        {"op": "add", "path": "/a/7", "value": 1},
        {"op": "test", "path": "/a/0", "value": 2},
        {"op": "odd", "path": "/a"},
        {"op": "add", "path": "a", "value": 1},
    ],
)
def test_patches_that_do_not_fit(operation: dict[str, Any]) -> None:
    with pytest.raises(PatchError):
        patched({"a": [1, 2]}, [operation])
