"""Function URLs, and the permissions that open them to everybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.kinds import Function, FunctionUrl, InvokePermission, Resource, Role
from chalice_core.values import ResourceId
from chalice_deploy.kinds.invoke_permission import InvokePermissions, _says

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:shop-dev-report"


def report(*, public: bool = False, renamed: str = "", **settings: Any) -> list[Resource]:
    """An application with one function and its URL."""
    role = Role(id=ResourceId("default-role"), role_name="shop-dev")
    function = Function(
        id=ResourceId("report"),
        name="report",
        function_name=f"shop-dev-report{renamed}",
        handler="app.report",
        runtime="python3.12",
        role=role.arn,
    )
    url = FunctionUrl(
        id=ResourceId("report-url"),
        function_arn=function.arn,
        auth_type="NONE" if public else "AWS_IAM",
        **settings,
    )
    found: list[Resource] = [role, function, url]
    if public:
        found += [
            InvokePermission(
                id=ResourceId("report-url-permission"),
                function_arn=function.arn,
                principal="*",
                action="lambda:InvokeFunctionUrl",
                function_url_auth_type="NONE",
            ),
            InvokePermission(
                id=ResourceId("report-url-invoke-permission"),
                function_arn=function.arn,
                principal="*",
                invoked_via_function_url=True,
            ),
        ]
    return found


@pytest.fixture
def look(aws_client: Callable[[str], Any]) -> Callable[[], dict[str, Any]]:
    """Return the URLs' settings by function."""

    def urls() -> dict[str, Any]:
        client, found = aws_client("lambda"), {}
        for function in client.list_functions()["Functions"]:
            name = function["FunctionName"]
            try:
                answer = client.get_function_url_config(FunctionName=name)
            except client.exceptions.ResourceNotFoundException:
                continue
            found[name] = (answer["AuthType"], answer.get("Cors"))
        return found

    return urls


def test_a_function_gets_its_url_and_people_see_it(project: Any, look: Any) -> None:
    project.deploy(report(cors={"AllowOrigins": ["https://example.com"], "MaxAge": 60}))

    assert look() == {"shop-dev-report": ("AWS_IAM", {"AllowOrigins": ["https://example.com"], "MaxAge": 60})}
    (url,) = [one for one in project.deployment().report() if "Function URL" in one.label]
    assert url.label == "Function URL of shop-dev-report"
    assert url.value.startswith("https://")


def test_nothing_is_called_when_nothing_changed(project: Any, new_witness: Any) -> None:
    project.deploy(report(public=True))
    witness = new_witness()

    plan, _ = project.deploy(report(public=True), witness)

    assert plan.steps == ()
    assert witness.mutating == []


def test_settings_change_in_place_and_the_url_stays(project: Any, look: Any) -> None:
    project.deploy(report())
    before = project.deployment().report()[-1]

    project.deploy(report(public=True, cors={"AllowOrigins": ["*"]}))

    assert look() == {"shop-dev-report": ("NONE", {"AllowOrigins": ["*"]})}
    assert project.deployment().report()[-1] == before


def test_cors_is_switched_off_by_name(
    project: Any, new_witness: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.deploy(report(cors={"AllowOrigins": ["*"]}))
    sent: list[Any] = []
    deployment = project.deployment(new_witness())
    call = deployment._cloud.call
    monkeypatch.setattr(
        deployment._cloud,
        "call",
        lambda *names, **given: sent.append((names, given)) or call(*names, **given),
    )
    monkeypatch.setattr(project, "deployment", lambda *_, **__: deployment)

    project.deploy(report())

    (update,) = [given for names, given in sent if names[1] == "UpdateFunctionUrlConfig"]
    assert update["Cors"] == {}


def test_a_renamed_function_gets_a_url_of_its_own(project: Any, look: Any) -> None:
    project.deploy(report())

    project.deploy(report(renamed="s"))

    assert look() == {"shop-dev-reports": ("AWS_IAM", None)}


def test_a_url_that_is_no_longer_declared_goes(project: Any, look: Any) -> None:
    project.deploy(report(public=True))

    project.deploy(report()[:2])

    assert look() == {}


def test_everybody_needs_two_permissions(
    project: Any, new_witness: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    deployment = project.deployment(new_witness())
    call = deployment._cloud.call
    monkeypatch.setattr(
        deployment._cloud,
        "call",
        lambda *names, **given: sent.append((names, given)) or call(*names, **given),
    )
    monkeypatch.setattr(project, "deployment", lambda *_, **__: deployment)

    project.deploy(report(public=True))

    added = [given for names, given in sent if names[1] == "AddPermission"]
    told = sorted(
        (one["Action"], one["Principal"], one.get("FunctionUrlAuthType"), one.get("InvokedViaFunctionUrl"))
        for one in added
    )
    assert told == [
        ("lambda:InvokeFunction", "*", None, True),
        ("lambda:InvokeFunctionUrl", "*", "NONE", None),
    ]


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_call_leaves_one_url_or_none(
    project: Any, look: Any, inventory: Any, nothing: Any, new_witness: Any, crash: Any, after: bool
) -> None:
    witness = new_witness()
    project.deploy(report(public=True), witness)
    aim = (look(), inventory())
    project.delete()

    for index in range(len(witness.mutating)):
        with pytest.raises(crash):
            project.deploy(report(public=True), new_witness(crash_at=index, after=after))
        if index % 2:
            project.deploy(report(public=True))
            assert (look(), inventory()) == aim, f"crashed at call {index}"
        project.delete()
        assert inventory() == nothing, f"crashed at call {index}"


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_update_survives_a_crash_at_any_call(
    project: Any, look: Any, inventory: Any, new_witness: Any, crash: Any, after: bool
) -> None:
    wanted = report(public=True, cors={"AllowOrigins": ["*"]})
    project.deploy(report())
    witness = new_witness()
    project.deploy(wanted, witness)
    aim = (look(), inventory())

    for index in range(len(witness.mutating)):
        project.deploy(report(cors={"AllowOrigins": ["https://example.com"]}))
        with pytest.raises(crash):
            project.deploy(wanted, new_witness(crash_at=index, after=after))
        project.deploy(wanted)

        assert (look(), inventory()) == aim, f"crashed at call {index}"
        assert project.deploy(wanted)[0].steps == ()


PERMISSIONS = {
    "service": (
        {"principal": "apigateway.amazonaws.com", "source_arn": "arn:aws:execute-api:r:1:api/*"},
        {
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:r:1:api/*"}},
        },
    ),
    "account": (
        {"principal": "s3.amazonaws.com", "source_arn": "arn:aws:s3:::b", "source_account": "1"},
        {
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Condition": {
                "StringEquals": {"AWS:SourceAccount": "1"},
                "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::b"},
            },
        },
    ),
    "url": (
        {"principal": "*", "action": "lambda:InvokeFunctionUrl", "function_url_auth_type": "NONE"},
        {
            "Principal": "*",
            "Action": "lambda:InvokeFunctionUrl",
            "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        },
    ),
    "via url": (
        {"principal": "*", "invoked_via_function_url": True},
        {
            "Principal": {"AWS": "*"},
            "Action": "lambda:InvokeFunction",
            "Condition": {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
        },
    ),
}
"""What is declared, and the statement that AWS documents for it."""


@pytest.mark.parametrize("other", PERMISSIONS)
@pytest.mark.parametrize("declared", PERMISSIONS)
def test_a_statement_is_recognised_and_told_from_others(declared: str, other: str) -> None:
    resource = InvokePermission(
        id=ResourceId("p"),
        function_arn=Function(
            id=ResourceId("f"), name="f", function_name="f", handler="h", runtime="r", role=ARN
        ).arn,
        **PERMISSIONS[declared][0],  # type: ignore[arg-type]
    )

    wanted = InvokePermissions().desired(resource, {})

    assert _says(json.loads(json.dumps(PERMISSIONS[other][1])), wanted) is (declared == other)
