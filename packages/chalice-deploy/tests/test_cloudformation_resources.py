"""Resources by their CloudFormation type: what Cloud Control is asked for, and crashes at any call."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalice_core.kinds import CloudFormationResource, Function, Resource, Role
from chalice_core.values import ResourceId
from chalice_deploy.errors import AwsError, StepsFailedError
from chalice_deploy.kinds.cloudformation_resource import NotUpdatableError
from chalice_deploy.session import Clients

THING = "AWS::Test::Thing"
"""Has a name that cannot be changed, a secret that cannot be read, an ARN that AWS chooses, and more."""


class Raw(io.BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class Refusal(Exception):  # noqa: N818 - it is an answer
    """An error that AWS answers with."""


class CloudControl:
    """The Cloud Control API, as botocore sees it on the wire: JSON in, JSON out, work in the background."""

    def __init__(self) -> None:
        self.things: dict[str, dict[str, Any]] = {}
        self.events: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, tuple[str, str]] = {}
        self.patches: list[Any] = []
        self.refuses: list[str] = []
        self.numbers = itertools.count(1)

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"]
        operation = (operation.decode() if isinstance(operation, bytes) else operation).split(".")[1]
        try:
            status, answer = 200, getattr(self, xform_name(operation))(json.loads(request.body))
        except Refusal as refusal:
            status, answer = 400, {"__type": str(refusal), "Message": "It is so."}
        body = json.dumps(answer).encode()
        headers = HTTPHeaders.from_dict({"content-type": "application/x-amz-json-1.0"})
        return AWSResponse(request.url, status, headers, Raw(body))

    def create_resource(self, asked: dict[str, Any]) -> Any:
        if asked["ClientToken"] in self.tokens:
            state, request = self.tokens[asked["ClientToken"]]
            if state != asked["DesiredState"]:
                raise Refusal("ClientTokenConflictException")
            return {"ProgressEvent": self.events[request]}
        properties = json.loads(asked["DesiredState"])
        name = properties.setdefault("Name", f"thing-{next(self.numbers)}")
        taken = "AlreadyExists" if name in self.things else ""
        error = self.refuses.pop(0) if self.refuses else taken
        if not error:
            self.things[name] = {**properties, "Arn": f"arn:thing:{name}", "At": {"Port": 1, "Open": True}}
        event = self._begin(asked["TypeName"], "CREATE", name, error)
        self.tokens[asked["ClientToken"]] = (asked["DesiredState"], event["RequestToken"])
        return {"ProgressEvent": event}

    def update_resource(self, asked: dict[str, Any]) -> Any:
        thing = dict(self._thing(asked["Identifier"]))
        error = ""
        self.patches.append(json.loads(asked["PatchDocument"]))
        for step in self.patches[-1]:
            name = step["path"][1:].replace("~1", "/").replace("~0", "~")
            if name == "Name":
                error = "NotUpdatable"
            elif step["op"] == "remove":
                del thing[name]
            else:
                thing[name] = step["value"]
        if not error:
            self.things[asked["Identifier"]] = thing
        return {"ProgressEvent": self._begin(asked["TypeName"], "UPDATE", asked["Identifier"], error)}

    def delete_resource(self, asked: dict[str, Any]) -> Any:
        self._thing(asked["Identifier"])
        del self.things[asked["Identifier"]]
        return {"ProgressEvent": self._begin(asked["TypeName"], "DELETE", asked["Identifier"], "")}

    def get_resource(self, asked: dict[str, Any]) -> Any:
        properties = {
            key: value for key, value in self._thing(asked["Identifier"]).items() if key != "Secret"
        }
        description = {"Identifier": asked["Identifier"], "Properties": json.dumps(properties)}
        return {"TypeName": asked["TypeName"], "ResourceDescription": description}

    def get_resource_request_status(self, asked: dict[str, Any]) -> Any:
        event = self.events[asked["RequestToken"]]
        event["OperationStatus"] = "FAILED" if event.get("ErrorCode") else "SUCCESS"
        return {"ProgressEvent": event}

    def list_resource_requests(self, asked: dict[str, Any]) -> Any:
        operations = asked["ResourceRequestStatusFilter"].get("Operations", ["CREATE", "UPDATE", "DELETE"])
        statuses = asked["ResourceRequestStatusFilter"].get("OperationStatuses")
        found = [
            event
            for event in self.events.values()
            if event["Operation"] in operations and (statuses is None or event["OperationStatus"] in statuses)
        ]
        page = int(asked.get("NextToken", "0"))
        answer: dict[str, Any] = {"ResourceRequestStatusSummaries": found[page * 2 : page * 2 + 2]}
        if len(found) > page * 2 + 2:
            answer["NextToken"] = str(page + 1)
        return answer

    def _thing(self, identifier: str) -> dict[str, Any]:
        if identifier not in self.things:
            raise Refusal("ResourceNotFoundException")
        return self.things[identifier]

    def _begin(self, type: str, operation: str, identifier: str, error: str) -> dict[str, Any]:
        token = f"request-{next(self.numbers)}"
        event = {
            "TypeName": type,
            "Identifier": identifier,
            "RequestToken": token,
            "Operation": operation,
            "OperationStatus": "IN_PROGRESS",
        }
        if error:
            event |= {"ErrorCode": error, "StatusMessage": "It is so."}
        self.events[token] = event
        return dict(event)


class Present:
    """The Cloud Control of the test that runs; clients outlive tests."""

    control = CloudControl()

    def __call__(self, request: Any, **facts: Any) -> AWSResponse:
        return Present.control(request, **facts)


PRESENT = Present()


@pytest.fixture(autouse=True)
def control(monkeypatch: pytest.MonkeyPatch) -> CloudControl:
    stock = Clients._make

    def make(self: Clients, service: str, *facts: Any) -> Any:
        client = stock(self, service, *facts)
        if service == "cloudcontrol":
            client.meta.events.register_first("before-send", PRESENT)  # moto knows no such API
        return client

    monkeypatch.setattr(Clients, "_make", make)
    Present.control = CloudControl()
    return Present.control


def thing(id: str = "lamp", type: str = THING, **properties: Any) -> CloudFormationResource:
    return CloudFormationResource(id=ResourceId(id), type=type, properties={"Name": "lamp", **properties})


def told(resource: CloudFormationResource) -> list[Resource]:
    """An application whose function is told of a resource."""
    role = Role(id=ResourceId("default-role"), role_name="shop-dev")
    function = Function(
        id=ResourceId("work"),
        name="work",
        function_name="shop-dev-work",
        handler="app.work",
        runtime="python3.12",
        role=role.arn,
        environment={
            "REF": resource.ref,
            "ARN": resource.attribute("Arn"),
            "PORT": resource.attribute("At.Port"),
            "OPEN": resource.attribute("At.Open"),
        },
    )
    return [role, resource, function]


def test_a_resource_is_made_and_others_may_refer_to_what_it_has(
    project: Any, control: CloudControl, inventory: Any
) -> None:
    project.deploy(told(thing(Colour="red", Secret="s", Nothing=None)))

    assert control.things["lamp"] == {
        "Name": "lamp",
        "Colour": "red",
        "Secret": "s",
        "Arn": "arn:thing:lamp",
        "At": {"Port": 1, "Open": True},
    }
    assert inventory()["functions"]["shop-dev-work"]["environment"] == {
        "REF": "lamp",
        "ARN": "arn:thing:lamp",
        "PORT": "1",
        "OPEN": "true",
    }


def test_a_deployment_without_a_change_asks_for_nothing(project: Any, new_witness: Any) -> None:
    project.deploy([thing(Colour="red")])
    witness = new_witness()

    plan, _ = project.deploy([thing(Colour="red")], witness)

    assert plan.steps == ()
    assert witness.operations == ["GetCallerIdentity"]


def test_a_change_patches_what_differs_and_nothing_else(project: Any, control: CloudControl) -> None:
    before = thing(Colour="red", Size=1, Secret="old")
    project.deploy([replace(before, properties={**before.properties, "a/b~c": 1})])

    project.deploy([thing(Colour="red", Size=2, Secret="new")])

    assert control.patches == [
        [
            {"op": "add", "path": "/Size", "value": 2},
            {"op": "add", "path": "/Secret", "value": "new"},
            {"op": "remove", "path": "/a~1b~0c"},
        ]
    ]
    assert {*control.things["lamp"]} == {"Name", "Colour", "Size", "Secret", "Arn", "At"}


def test_a_deletion_leaves_nothing(project: Any, control: CloudControl) -> None:
    project.deploy([thing()])

    project.delete()

    assert control.things == {}
    assert not project.record_path.exists()


def test_what_somebody_has_deleted_is_made_again(project: Any, control: CloudControl) -> None:
    project.deploy([thing(Colour="red")])
    control.things.clear()

    project.deploy([thing(Colour="blue")])
    control.things.clear()
    project.delete()
    project.deploy([thing(Colour="red")])

    assert control.things["lamp"]["Colour"] == "red"


def test_a_creation_that_failed_is_tried_again_by_the_next_deployment(
    project: Any, control: CloudControl
) -> None:
    control.refuses = ["AccessDenied"]
    with pytest.raises(AwsError, match="AccessDenied") as caught:
        project.deploy([thing()])

    project.deploy([thing()])

    assert caught.value.operation == "CreateResource"
    assert list(control.things) == ["lamp"]


def test_what_belongs_to_somebody_else_is_refused_and_left_alone(project: Any, control: CloudControl) -> None:
    control.things["lamp"] = {"Name": "lamp", "Colour": "theirs"}

    for _ in range(2):
        with pytest.raises(AwsError, match="AlreadyExists"):
            project.deploy([thing(Colour="red")])
    project.delete()

    assert control.things == {"lamp": {"Name": "lamp", "Colour": "theirs"}}


def test_two_resources_of_equal_properties_are_two(project: Any, control: CloudControl) -> None:
    twins = [
        CloudFormationResource(id=ResourceId(id), type=THING, properties={"Colour": "red"})
        for id in ("left", "right")
    ]

    project.deploy(twins)

    assert len(control.things) == 2


def test_what_cannot_be_changed_is_said_and_nothing_is_lost(project: Any, control: CloudControl) -> None:
    project.deploy([thing()])

    with pytest.raises((NotUpdatableError, StepsFailedError)) as caught:
        project.deploy([thing(Name="torch")])

    assert isinstance(caught.value, NotUpdatableError)
    assert (caught.value.type, caught.value.properties) == (THING, ("Name",))
    assert list(control.things) == ["lamp"]


def test_another_type_makes_another_resource(project: Any, control: CloudControl) -> None:
    project.deploy([thing()])

    project.deploy([thing(type="AWS::Test::Other", Name="other")])

    assert list(control.things) == ["other"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("then", ["again", "changed", "deleted", "removed"])
def test_a_crashed_creation_makes_one_thing_or_none(
    project: Any, control: CloudControl, new_witness: Any, crash: Any, after: bool, then: str
) -> None:
    with pytest.raises(crash):
        project.deploy([thing(Colour="red")], new_witness(crash_at=0, after=after))
    assert len(control.things) == int(after)

    if then == "again":
        project.deploy([thing(Colour="red")])
    elif then == "changed":
        project.deploy([thing(Colour="blue")])
    elif then == "deleted":
        project.delete()
    else:
        project.deploy([thing("other", Name="other")])

    left = {name: made.get("Colour") for name, made in control.things.items()}
    assert (
        left
        == {
            "again": {"lamp": "red"},
            "changed": {"lamp": "blue"},
            "deleted": {},
            "removed": {"other": None},
        }[then]
    )
    if then != "deleted":
        assert project.record["chalice"]["intents"] == {}
        project.delete()
    assert control.things == {}


def test_a_crash_while_aws_is_at_work_is_survived(
    project: Any, control: CloudControl, new_witness: Any, crash: Any
) -> None:
    for resource in ([thing()], [thing(Colour="red")]):
        with pytest.raises(crash):
            project.deploy(resource, new_witness(crash_after="GetResourceRequestStatus"))
        project.deploy(resource)

    assert list(control.things) == ["lamp"]
    assert len([event for event in control.events.values() if event["Operation"] == "CREATE"]) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("back", [False, True], ids=["again", "taken-back"])
def test_a_crashed_update_is_finished_or_taken_back(
    project: Any, control: CloudControl, new_witness: Any, crash: Any, after: bool, back: bool
) -> None:
    project.deploy([thing(Colour="red")])
    with pytest.raises(crash):
        project.deploy([thing(Size=1)], new_witness(crash_at=0, after=after))

    project.deploy([thing(Colour="red")] if back else [thing(Size=1)])

    made = control.things["lamp"]
    assert (made.get("Colour"), made.get("Size")) == (("red", None) if back else (None, 1))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("back", [False, True], ids=["again", "taken-back"])
def test_a_crashed_deletion_is_finished_or_taken_back(
    project: Any, control: CloudControl, new_witness: Any, crash: Any, after: bool, back: bool
) -> None:
    project.deploy([thing(Colour="red")])
    with pytest.raises(crash):
        project.delete(new_witness(crash_at=0, after=after))

    if back:
        project.deploy([thing(Colour="red")])
        assert control.things["lamp"]["Colour"] == "red"
    project.delete()

    assert control.things == {}
