"""Stacks of CloudFormation: SAM templates, updates, failures, custom resources."""

from __future__ import annotations

import json
import urllib.request
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from websockets.sync.client import connect

# What AWS does, and moto under it, is the same on every Python.
pytestmark = pytest.mark.one_python

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = """
import json

def handler(event, context):
    print("EVENT", json.dumps(event))
    if "requestContext" in event and "connectionId" in event["requestContext"]:
        return {"statusCode": 200}
    return {"statusCode": 200, "body": "hello " + str((event.get("pathParameters") or {}).get("name"))}
"""

INTEGRATION = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Work.Arn}/invocations"
)


@pytest.fixture
def code(cloud: Any, make_zip: Callable[[dict[str, str]], bytes]) -> str:
    bucket = f"code-{uuid.uuid4().hex[:8]}"
    cloud.client("s3").create_bucket(Bucket=bucket)
    cloud.client("s3").put_object(Bucket=bucket, Key="code.zip", Body=make_zip({"app.py": SOURCE}))
    return f"s3://{bucket}/code.zip"


@pytest.fixture
def stack_name() -> str:
    return f"stack-{uuid.uuid4().hex[:8]}"


def serverless(code: str, **resources: Any) -> dict[str, Any]:
    work = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.11",
            "Handler": "app.handler",
            "CodeUri": code,
            "Timeout": 10,
            "Events": {
                "Queue": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": "Queue.Arn"}}},
            },
        },
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"Work": work, "Queue": {"Type": "AWS::SQS::Queue"}, **resources},
        "Outputs": {"Function": {"Value": {"Ref": "Work"}}, "QueueUrl": {"Value": {"Ref": "Queue"}}},
    }


def rest_api() -> dict[str, Any]:
    proxy = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": INTEGRATION}}
    return {
        "Api": {
            "Type": "AWS::Serverless::Api",
            "Properties": {
                "StageName": "api",
                "EndpointConfiguration": "EDGE",
                "DefinitionBody": {
                    "swagger": "2.0",
                    "info": {"title": "hello", "version": "1.0"},
                    "paths": {"/hello/{name}": {"get": {"x-amazon-apigateway-integration": proxy}}},
                },
            },
        },
        "ApiPermission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": "Work"},
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"},
            },
        },
    }


def websocket_api() -> dict[str, Any]:
    return {
        "Socket": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {
                "Name": "socket",
                "ProtocolType": "WEBSOCKET",
                "RouteSelectionExpression": "$request.body.action",
            },
        },
        "SocketIntegration": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": "Socket"},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": {"Fn::Sub": INTEGRATION},
            },
        },
        "SocketRoute": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": "Socket"},
                "RouteKey": "$connect",
                "Target": {"Fn::Join": ["/", ["integrations", {"Ref": "SocketIntegration"}]]},
            },
        },
        "SocketDeployment": {
            "Type": "AWS::ApiGatewayV2::Deployment",
            "DependsOn": ["SocketRoute"],
            "Properties": {"ApiId": {"Ref": "Socket"}},
        },
        "SocketStage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {
                "ApiId": {"Ref": "Socket"},
                "StageName": "api",
                "DeploymentId": {"Ref": "SocketDeployment"},
            },
        },
        "SocketPermission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": "Work"},
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Socket}/*"},
            },
        },
    }


def outputs(cloud: Any, name: str) -> dict[str, str]:
    stack = cloud.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    assert stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, stack
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def physical(cloud: Any, name: str) -> dict[str, str]:
    found = cloud.client("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}


def test_a_serverless_stack_works_and_leaves_nothing(
    cloud: Any, code: str, stack_name: str, eventually: Callable[[Callable[[], Any]], Any]
) -> None:
    client = cloud.client("cloudformation")
    template = serverless(code, **rest_api(), **websocket_api())
    client.create_stack(
        StackName=stack_name,
        TemplateBody=json.dumps(template),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    out, ids = outputs(cloud, stack_name), physical(cloud, stack_name)

    url = f"{cloud.url}/_aws/execute-api/{ids['Api']}/api/hello/bob"
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - a URL of this test
        assert answer.read() == b"hello bob"
    with connect(f"{cloud.url.replace('http', 'ws', 1)}/_aws/execute-api/{ids['Socket']}/api"):
        pass
    cloud.client("sqs").send_message(QueueUrl=out["QueueUrl"], MessageBody="x")
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{out['Function']}"
    eventually(lambda: [one for one in cloud.logged_json(arn) if "Records" in one])

    client.delete_stack(StackName=stack_name)
    with pytest.raises(ClientError, match="does not exist"):
        client.describe_stacks(StackName=stack_name)
    with pytest.raises(cloud.client("lambda").exceptions.ResourceNotFoundException):
        cloud.client("lambda").get_function(FunctionName=out["Function"])
    assert ids["Api"] not in [one["id"] for one in cloud.client("apigateway").get_rest_apis()["items"]]
    assert ids["Socket"] not in [one["ApiId"] for one in cloud.client("apigatewayv2").get_apis()["Items"]]
    assert ids["WorkRole"] not in [one["RoleName"] for one in cloud.client("iam").list_roles()["Roles"]]
    mappings = cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert ids["WorkQueue"] not in [one["UUID"] for one in mappings]


def test_an_update_changes_replaces_and_removes(cloud: Any, stack_name: str) -> None:
    client = cloud.client("cloudformation")
    template = {
        "Resources": {
            "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}},
            "Topic": {"Type": "AWS::SNS::Topic"},
            "Named": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": f"{stack_name}-one"}},
        },
        "Outputs": {"Group": {"Value": {"Ref": "Group"}}},
    }
    client.create_stack(StackName=stack_name, TemplateBody=json.dumps(template))
    before = physical(cloud, stack_name)
    resources: dict[str, Any] = template["Resources"]
    resources["Group"]["Properties"]["RetentionInDays"] = 14
    resources["Named"]["Properties"]["LogGroupName"] = f"{stack_name}-two"
    del resources["Topic"]
    client.update_stack(StackName=stack_name, TemplateBody=json.dumps(template))

    after = physical(cloud, stack_name)
    assert after == {"Group": before["Group"], "Named": f"{stack_name}-two"}
    groups = cloud.client("logs").describe_log_groups(logGroupNamePrefix=stack_name)["logGroups"]
    retentions = {group["logGroupName"]: group.get("retentionInDays") for group in groups}
    assert retentions[before["Group"]] == 14
    assert f"{stack_name}-one" not in retentions
    assert before["Topic"] not in [one["TopicArn"] for one in cloud.client("sns").list_topics()["Topics"]]
    assert outputs(cloud, stack_name) == {"Group": before["Group"]}
    client.delete_stack(StackName=stack_name)


def test_a_stack_that_fails_is_rolled_back_and_says_why(cloud: Any, stack_name: str) -> None:
    client = cloud.client("cloudformation")
    group = f"{stack_name}-group"
    template = {
        "Resources": {
            "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": group}},
            "Again": {
                "Type": "AWS::Logs::LogGroup",
                "DependsOn": "Group",
                "Properties": {"LogGroupName": group},
            },
        },
        "Outputs": {"Group": {"Value": {"Ref": "Group"}}},
    }
    client.create_stack(StackName=stack_name, TemplateBody=json.dumps(template))

    stack = client.describe_stacks(StackName=stack_name)["Stacks"][0]
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "[Again]" in stack["StackStatusReason"]
    assert "Outputs" not in stack
    events = client.describe_stack_events(StackName=stack_name)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
    assert [event["LogicalResourceId"] for event in failed] == ["Again"]
    assert "ResourceAlreadyExists" in failed[0]["ResourceStatusReason"]
    assert cloud.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []
    client.delete_stack(StackName=stack_name)


def test_an_update_that_fails_goes_back(cloud: Any, stack_name: str) -> None:
    client = cloud.client("cloudformation")
    template: dict[str, Any] = {
        "Resources": {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}}}
    }
    client.create_stack(StackName=stack_name, TemplateBody=json.dumps(template))
    before = physical(cloud, stack_name)
    template["Resources"]["Group"]["Properties"]["RetentionInDays"] = 30
    template["Resources"]["Bad"] = {
        "Type": "AWS::Lambda::Permission",
        "DependsOn": "Group",
        "Properties": {
            "FunctionName": "nothere",
            "Action": "lambda:InvokeFunction",
            "Principal": "sns.amazonaws.com",
        },
    }
    client.update_stack(StackName=stack_name, TemplateBody=json.dumps(template))

    status = client.describe_stacks(StackName=stack_name)["Stacks"][0]["StackStatus"]
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert physical(cloud, stack_name) == before
    group = cloud.client("logs").describe_log_groups(logGroupNamePrefix=before["Group"])["logGroups"][0]
    assert group["retentionInDays"] == 7
    client.delete_stack(StackName=stack_name)


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ({"Odd": {"Type": "AWS::Nothing::Here"}}, r"Unrecognized resource types: \[AWS::Nothing::Here\]"),
        (
            {
                "A": {"Type": "AWS::SNS::Topic", "DependsOn": "B"},
                "B": {"Type": "AWS::SNS::Topic", "DependsOn": "A"},
            },
            "Circular dependency",
        ),
        (
            {"A": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Nobody"}}}},
            r"Unresolved resource dependencies \[Nobody\]",
        ),
    ],
)
def test_templates_that_cannot_work_are_refused(
    cloud: Any, stack_name: str, resources: dict[str, Any], message: str
) -> None:
    client = cloud.client("cloudformation")
    with pytest.raises(ClientError, match=message):
        client.create_stack(StackName=stack_name, TemplateBody=json.dumps({"Resources": resources}))
    with pytest.raises(ClientError, match="does not exist"):
        client.describe_stacks(StackName=stack_name)


def test_change_sets_create_and_update(cloud: Any, stack_name: str, code: str) -> None:
    client = cloud.client("cloudformation")
    first = json.dumps(serverless(code))
    client.create_change_set(
        StackName=stack_name,
        ChangeSetName="one",
        ChangeSetType="CREATE",
        TemplateBody=first,
        Capabilities=["CAPABILITY_IAM"],
    )
    changes = client.describe_change_set(StackName=stack_name, ChangeSetName="one")["Changes"]
    added = {change["ResourceChange"]["LogicalResourceId"] for change in changes}
    assert {"Work", "WorkRole", "Queue", "WorkQueue"} <= added
    client.execute_change_set(StackName=stack_name, ChangeSetName="one")
    out = outputs(cloud, stack_name)

    unchanged = client.create_change_set(
        StackName=stack_name, ChangeSetName="same", ChangeSetType="UPDATE", TemplateBody=first
    )
    assert client.describe_change_set(ChangeSetName=unchanged["Id"])["Status"] == "FAILED"
    template = serverless(code)
    template["Resources"]["Work"]["Properties"]["MemorySize"] = 512
    client.create_change_set(
        StackName=stack_name, ChangeSetName="two", ChangeSetType="UPDATE", TemplateBody=json.dumps(template)
    )
    client.execute_change_set(StackName=stack_name, ChangeSetName="two")
    assert outputs(cloud, stack_name) == out
    settings = cloud.client("lambda").get_function_configuration(FunctionName=out["Function"])
    assert settings["MemorySize"] == 512
    client.delete_stack(StackName=stack_name)


PROVIDER = """
import json
import urllib.request

def handler(event, context):
    print("EVENT", json.dumps(event))
    if event["ResourceProperties"].get("Crash") == "true":
        raise RuntimeError("crashed")
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    name = event["ResourceProperties"]["Name"]
    answer.update(PhysicalResourceId=name, Status="SUCCESS", Data={"Upper": name.upper()})
    if name == "bad":
        answer.update(Status="FAILED", Reason="a bad name")
    body = json.dumps(answer).encode()
    urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], body, method="PUT"), timeout=10)
"""


def with_provider(role: str, **properties: Any) -> str:
    provider = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.11",
            "Handler": "index.handler",
            "Role": role,
            "Timeout": 20,
            "Code": {"ZipFile": PROVIDER},
        },
    }
    custom = {
        "Type": "Custom::Thing",
        "Properties": {"ServiceToken": {"Fn::GetAtt": ["Provider", "Arn"]}, **properties},
    }
    return json.dumps(
        {
            "Resources": {"Provider": provider, "Thing": custom},
            "Outputs": {
                "Upper": {"Value": {"Fn::GetAtt": ["Thing", "Upper"]}},
                "Provider": {"Value": {"Fn::GetAtt": ["Provider", "Arn"]}},
            },
        }
    )


def test_custom_resources_are_made_by_their_function(cloud: Any, stack_name: str) -> None:
    client = cloud.client("cloudformation")
    role = cloud.role()
    client.create_stack(StackName=stack_name, TemplateBody=with_provider(role, Name="one", Size=5, On=True))
    out = outputs(cloud, stack_name)
    assert out["Upper"] == "ONE"
    assert physical(cloud, stack_name)["Thing"] == "one"

    client.update_stack(StackName=stack_name, TemplateBody=with_provider(role, Name="two", Size=5, On=True))
    assert outputs(cloud, stack_name)["Upper"] == "TWO"
    client.delete_stack(StackName=stack_name)

    events = cloud.logged_json(out["Provider"])
    told = [(event["RequestType"], event.get("PhysicalResourceId")) for event in events]
    # Another id means another resource, so that the old one is deleted.
    assert told == [("Create", None), ("Update", "one"), ("Delete", "one"), ("Delete", "two")]
    assert events[0]["ResourceProperties"]["Size"] == "5"
    assert events[0]["ResourceProperties"]["On"] == "true"
    assert events[1]["OldResourceProperties"]["Name"] == "one"
    assert events[0]["ResourceType"] == "Custom::Thing"


@pytest.mark.parametrize(
    ("properties", "reason"), [({"Name": "bad"}, "a bad name"), ({"Crash": True}, "crashed")]
)
def test_a_custom_resource_that_fails_fails_the_stack(
    cloud: Any, stack_name: str, properties: dict[str, Any], reason: str
) -> None:
    client = cloud.client("cloudformation")
    client.create_stack(StackName=stack_name, TemplateBody=with_provider(cloud.role(), **properties))
    stack = client.describe_stacks(StackName=stack_name)["Stacks"][0]
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert reason in stack["StackStatusReason"]
    client.delete_stack(StackName=stack_name)
