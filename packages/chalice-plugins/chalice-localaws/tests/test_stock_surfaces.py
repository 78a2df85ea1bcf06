"""Patches of moto for WebSocket APIs, domain names, function URLs, stacks and user pools: still needed.

These run stock moto in this process, unpatched, and fail when it has learned to do what a patch does.
"""

from __future__ import annotations

import functools
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalice_localaws.moto_patches import (
    domain_names,
    function_urls,
    stacks,
    user_pools,
    websocket_apis,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:nothere"
PASSWORD = "Correct-horse1"


# Emptied for each test, and started for all of them, for a start takes longer than most tests do.
@pytest.fixture(scope="module")
def started_moto() -> Iterator[Any]:
    with mock_aws(config={"lambda": {"use_docker": False}}) as moto:
        yield moto


@pytest.fixture(autouse=True)
def stock_moto(started_moto: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    started_moto.reset()


@functools.cache  # each test has an empty AWS; making a client takes longer than most tests do
def client(service: str) -> Any:
    return boto3.client(service, region_name="us-east-1")


def function() -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", "")
    role = client("iam").create_role(RoleName="role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    arn: str = client("lambda").create_function(
        FunctionName="f",
        Runtime="python3.11",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": buffer.getvalue()},
    )["FunctionArn"]
    return arn


def websocket_api() -> str:
    api: str = client("apigatewayv2").create_api(Name="a", ProtocolType="WEBSOCKET")["ApiId"]
    return api


_POOL_TRIGGERS = "test_stock_moto_calls_no_triggers"
_STACKS = "test_stock_moto_skips_what_it_does_not_know"
SHOWN_BY = {
    "ApiGatewayV2Backend.create_api": "test_stock_moto_takes_a_websocket_api_without_selection",
    "ApiGatewayV2Backend.delete_api": "test_stock_moto_deletes_apis_that_are_not_there",
    "Api.create_stage": "test_stock_moto_overwrites_stages_and_forgets_their_deployment",
    "Stage.to_json": "test_stock_moto_overwrites_stages_and_forgets_their_deployment",
    "Api.create_integration": "test_stock_moto_keeps_what_nothing_here_does",
    "Api.create_route": "test_stock_moto_keeps_what_nothing_here_does",
    "Api.update_route": "test_stock_moto_keeps_what_nothing_here_does",
    "APIGatewayBackend.create_domain_name": "test_stock_moto_makes_a_domain_name_twice",
    "APIGatewayBackend.delete_domain_name": "test_stock_moto_leaves_mappings_behind",
    "ApiGatewayV2Backend.create_domain_name": "test_stock_moto_does_not_say_where_a_name_points",
    "ApiGatewayV2Backend.delete_domain_name": "test_stock_moto_fails_to_delete_a_name_with_mappings",
    "LambdaFunction.create_url_config": "test_stock_moto_makes_up_urls",
    "FunctionUrlConfig.update": "test_stock_moto_takes_no_cors_settings_away",
    "LambdaBackend.delete_function_url_config": "test_stock_moto_deletes_urls_that_are_not_there",
    "Policy.decode_policy": "test_stock_moto_keeps_conditions_of_urls_beside_the_conditions",
    "Stack._parse_template": _STACKS,
    "ChangeSet._parse_template": "test_stock_moto_takes_any_change_set",
    "Stack.has_template": _STACKS,
    "Stack.create_resources": _STACKS,
    "Stack.update": "test_stock_moto_does_not_change_what_it_cannot",
    "Stack.delete": _STACKS,
    "CloudFormationBackend.delete_stack": "test_stock_moto_has_no_failed_deletions",
    "CloudFormationBackend.execute_change_set": "test_stock_moto_takes_any_change_set",
    "ResourceMap.__getitem__": "test_stock_moto_creates_what_it_looks_at",
    "ResourceMap.__iter__": "test_stock_moto_creates_what_it_looks_at",
    "ResourceMap.validate_outputs": "test_stock_moto_fails_for_outputs_of_unknown_types",
    "CognitoIdpBackend.create_user_pool": "test_stock_moto_keeps_any_trigger",
    "CognitoIdpBackend.update_user_pool": "test_stock_moto_keeps_any_trigger",
    "CognitoIdpBackend.sign_up": _POOL_TRIGGERS,
    "CognitoIdpBackend.admin_create_user": _POOL_TRIGGERS,
    "CognitoIdpBackend.confirm_sign_up": _POOL_TRIGGERS,
    "CognitoIdpBackend.admin_confirm_sign_up": _POOL_TRIGGERS,
    "CognitoIdpBackend.confirm_forgot_password": _POOL_TRIGGERS,
    "CognitoIdpBackend.forgot_password": _POOL_TRIGGERS,
    "CognitoIdpBackend.initiate_auth": _POOL_TRIGGERS,
    "CognitoIdpBackend.admin_initiate_auth": _POOL_TRIGGERS,
    "CognitoIdpBackend.respond_to_auth_challenge": _POOL_TRIGGERS,
    "CognitoIdpUserPool.create_jwt": _POOL_TRIGGERS,
}


def test_each_patch_has_a_test_that_shows_its_need() -> None:
    modules = (websocket_apis, domain_names, function_urls, stacks, user_pools)
    patched = {f"{patch.owner.__name__}.{patch.name}" for module in modules for patch in module.PATCHES}

    assert patched == set(SHOWN_BY)
    assert [name for name in SHOWN_BY.values() if not callable(globals().get(name))] == []


def test_stock_moto_takes_a_websocket_api_without_selection() -> None:
    assert client("apigatewayv2").get_api(ApiId=websocket_api())["ApiEndpoint"].startswith("https://")


def test_stock_moto_deletes_apis_that_are_not_there() -> None:
    client("apigatewayv2").delete_api(ApiId="nothere")


def test_stock_moto_overwrites_stages_and_forgets_their_deployment() -> None:
    api = websocket_api()
    for _ in range(2):
        made = client("apigatewayv2").create_stage(ApiId=api, StageName="s", DeploymentId="nothere")
    assert "DeploymentId" not in made


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("create_deployment", {}),
        ("get_deployments", {}),
        ("update_stage", {"StageName": "s"}),
    ],
)
def test_stock_moto_has_no_deployments_of_websocket_apis(operation: str, arguments: dict[str, str]) -> None:
    api = websocket_api()
    client("apigatewayv2").create_stage(ApiId=api, StageName="s")
    with pytest.raises((ClientError, NotImplementedError)):
        getattr(client("apigatewayv2"), operation)(ApiId=api, **arguments)


def test_stock_moto_keeps_what_nothing_here_does() -> None:
    second, api = client("apigatewayv2"), websocket_api()
    assert second.create_integration(ApiId=api, IntegrationType="MOCK")["IntegrationId"]
    for _ in range(2):
        made = second.create_route(ApiId=api, RouteKey="$connect", AuthorizationType="AWS_IAM")
    second.update_route(ApiId=api, RouteId=made["RouteId"], AuthorizationType="CUSTOM")


def test_stock_moto_makes_a_domain_name_twice() -> None:
    for _ in range(2):
        client("apigateway").create_domain_name(domainName="a.example", certificateArn=CERTIFICATE)
    with pytest.raises((ClientError, KeyError)):
        client("apigateway").get_base_path_mappings(domainName="a.example")


def test_stock_moto_leaves_mappings_behind() -> None:
    first = client("apigateway")
    api = first.create_rest_api(name="a")["id"]
    first.create_domain_name(domainName="a.example", certificateArn=CERTIFICATE)
    first.create_base_path_mapping(domainName="a.example", restApiId=api)
    first.delete_domain_name(domainName="a.example")
    first.create_domain_name(domainName="a.example", certificateArn=CERTIFICATE)
    assert first.get_base_path_mappings(domainName="a.example")["items"] != []


@pytest.mark.parametrize("service", ["apigateway", "apigatewayv2"])
def test_stock_moto_does_not_change_domain_names(service: str) -> None:
    arguments = {"domainName" if service == "apigateway" else "DomainName": "a.example"}
    with pytest.raises((ClientError, NotImplementedError)) as caught:
        client(service).update_domain_name(**arguments)
    assert "Invalid domain name" not in str(caught.value)


def test_stock_moto_does_not_say_where_a_name_points() -> None:
    made = client("apigatewayv2").create_domain_name(
        DomainName="a.example", DomainNameConfigurations=[{"CertificateArn": CERTIFICATE}]
    )
    assert "ApiGatewayDomainName" not in made["DomainNameConfigurations"][0]


def test_stock_moto_fails_to_delete_a_name_with_mappings() -> None:
    second, api = client("apigatewayv2"), websocket_api()
    second.create_stage(ApiId=api, StageName="s")
    second.create_domain_name(DomainName="a.example", DomainNameConfigurations=[{}])
    for key in ("one", "two"):
        second.create_api_mapping(DomainName="a.example", ApiId=api, Stage="s", ApiMappingKey=key)
    with pytest.raises((ClientError, RuntimeError)):
        second.delete_domain_name(DomainName="a.example")


def test_stock_moto_makes_up_urls() -> None:
    function()
    urls = {
        client("lambda").create_function_url_config(FunctionName="f", AuthType="NONE")["FunctionUrl"]
        for _ in range(2)
    }
    assert len(urls) == 2
    assert all(url.endswith(".on.aws") for url in urls)


def test_stock_moto_takes_no_cors_settings_away() -> None:
    function()
    cors = {"AllowOrigins": ["*"]}
    client("lambda").create_function_url_config(FunctionName="f", AuthType="NONE", Cors=cors)
    assert client("lambda").update_function_url_config(FunctionName="f", Cors={})["Cors"] == cors


def test_stock_moto_deletes_urls_that_are_not_there() -> None:
    function()
    client("lambda").delete_function_url_config(FunctionName="f")


def test_stock_moto_keeps_conditions_of_urls_beside_the_conditions() -> None:
    function()
    client("lambda").add_permission(
        FunctionName="f",
        StatementId="s",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    policy = json.loads(client("lambda").get_policy(FunctionName="f")["Policy"])
    assert "Condition" not in policy["Statement"][0]


UNKNOWN = json.dumps(
    {"Transform": "Nobody::Knows", "Resources": {"Odd": {"Type": "AWS::SNS::Subscription", "Properties": {}}}}
)


@pytest.mark.filterwarnings("ignore:Tried to parse")
def test_stock_moto_skips_what_it_does_not_know() -> None:
    cloudformation = client("cloudformation")
    cloudformation.create_stack(StackName="s", TemplateBody=UNKNOWN)
    assert cloudformation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    assert client("sns").list_subscriptions()["Subscriptions"] == []
    cloudformation.delete_stack(StackName="s")


@pytest.mark.filterwarnings("ignore:Tried to parse")
def test_stock_moto_takes_any_change_set() -> None:
    cloudformation = client("cloudformation")
    cloudformation.create_change_set(
        StackName="s", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=UNKNOWN
    )
    cloudformation.execute_change_set(StackName="other", ChangeSetName="c")
    assert cloudformation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"


def test_stock_moto_does_not_change_what_it_cannot() -> None:
    cloudformation = client("cloudformation")
    group: dict[str, Any] = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "g"}}
    cloudformation.create_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"G": group}}))
    group["Properties"]["RetentionInDays"] = 7
    cloudformation.update_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"G": group}}))
    groups = client("logs").describe_log_groups()["logGroups"]
    assert [one.get("retentionInDays") for one in groups] != [7]


def test_stock_moto_has_no_failed_deletions(monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.cloudformation.models import CloudFormationBackend, cloudformation_backends

    client("cloudformation").create_stack(
        StackName="s", TemplateBody=json.dumps({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}})
    )
    backend: CloudFormationBackend = cloudformation_backends["123456789012"]["us-east-1"]
    (stack,) = backend.stacks.values()
    monkeypatch.setattr(stack, "delete", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backend.delete_stack("s")
    assert stack.stack_id not in backend.stacks


def test_stock_moto_creates_what_it_looks_at() -> None:
    from moto.cloudformation.parsing import ResourceMap

    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}}}
    resources = ResourceMap("id", "s", {}, {}, "us-east-1", "123456789012", template, None)
    resources.load()
    assert list(resources) == ["Topic"]
    assert resources["Topic"] is not None
    assert client("sns").list_topics()["Topics"] != []


def test_stock_moto_fails_for_outputs_of_unknown_types() -> None:
    template = {
        "Resources": {"Odd": {"Type": "AWS::SNS::Subscription"}},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Odd", "Arn"]}}},
    }
    with pytest.raises((ClientError, AttributeError)):
        client("cloudformation").create_stack(StackName="s", TemplateBody=json.dumps(template))


def test_stock_moto_has_no_cloud_control() -> None:
    import moto.backend_index

    assert [name for name, _ in moto.backend_index.backend_url_patterns if "cloudcontrol" in name] == []


def test_stock_moto_keeps_any_trigger() -> None:
    pools = client("cognito-idp")
    pool = pools.create_user_pool(PoolName="p", LambdaConfig={"CreateAuthChallenge": ARN})["UserPool"]["Id"]
    pools.update_user_pool(UserPoolId=pool, LambdaConfig={"DefineAuthChallenge": ARN})


def test_stock_moto_calls_no_triggers() -> None:
    # The function does not exist, so that each call of it would fail.
    pools = client("cognito-idp")
    config = dict.fromkeys(
        ("PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication", "PreTokenGeneration"),
        ARN,
    )
    pool = pools.create_user_pool(PoolName="p", LambdaConfig={**config, "CustomMessage": ARN})["UserPool"][
        "Id"
    ]
    app = pools.create_user_pool_client(UserPoolId=pool, ClientName="a")["UserPoolClient"]["ClientId"]
    pools.sign_up(ClientId=app, Username="ann", Password=PASSWORD)
    pools.confirm_sign_up(ClientId=app, Username="ann", ConfirmationCode="1")
    pools.admin_confirm_sign_up(UserPoolId=pool, Username="ann")
    parameters = {"USERNAME": "ann", "PASSWORD": PASSWORD}
    pools.initiate_auth(ClientId=app, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    pools.admin_initiate_auth(
        UserPoolId=pool, ClientId=app, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=parameters
    )
    pools.forgot_password(ClientId=app, Username="ann")
    pools.confirm_forgot_password(ClientId=app, Username="ann", ConfirmationCode="1", Password=PASSWORD)
    pools.admin_create_user(UserPoolId=pool, Username="bob", TemporaryPassword=PASSWORD)
    challenge = pools.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=app,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "bob", "PASSWORD": PASSWORD},
    )
    answer = pools.respond_to_auth_challenge(
        ClientId=app,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": "bob", "NEW_PASSWORD": f"{PASSWORD}2"},
    )
    assert answer["AuthenticationResult"]["IdToken"]
