"""Triggers of Cognito user pools: called where the operation exists, with what AWS tells them."""

from __future__ import annotations

import base64
import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

# What AWS does, and moto under it, is the same on every Python.
pytestmark = pytest.mark.one_python

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = """
import json

def handler(event, context):
    print("EVENT", json.dumps(event))
    source, attributes = event["triggerSource"], event["request"].get("userAttributes") or {}
    if attributes.get("email", "").startswith("bad@"):
        raise ValueError("not you")
    if source == "PreSignUp_SignUp" and attributes.get("email", "").startswith("auto@"):
        event["response"].update(autoConfirmUser=True, autoVerifyEmail=True)
    if source.startswith("TokenGeneration") and event["version"] == "1":
        event["response"]["claimsOverrideDetails"] = {
            "claimsToAddOrOverride": {"colour": "red"}, "groupOverrideDetails": {"groupsToOverride": ["g"]}}
    if source.startswith("TokenGeneration") and event["version"] == "2":
        event["response"]["claimsAndScopeOverrideDetails"] = {
            "accessTokenGeneration": {"scopesToAdd": ["more"]}}
    if source.startswith("UserMigration"):
        old = {"username": event["userName"], "email": "old@example.com"}
        event["response"].update(userAttributes=old, finalUserStatus="CONFIRMED")
    return event
"""

PASSWORD = "Correct-horse1"


class Pool:
    """A user pool with triggers and an application."""

    def __init__(self, cloud: Any, arn: str, triggers: dict[str, Any], *, allowed: bool = True) -> None:
        self.client = cloud.client("cognito-idp")
        self.cloud = cloud
        self.arn = arn
        made = self.client.create_user_pool(PoolName="users", LambdaConfig=triggers)["UserPool"]
        self.id = made["Id"]
        self.app = self.client.create_user_pool_client(UserPoolId=self.id, ClientName="app")[
            "UserPoolClient"
        ]["ClientId"]
        if allowed:
            cloud.client("lambda").add_permission(
                FunctionName=arn,
                StatementId=f"pool-{uuid.uuid4().hex}",
                Action="lambda:InvokeFunction",
                Principal="cognito-idp.amazonaws.com",
                SourceArn=made["Arn"],
            )

    def sign_up(self, name: str, email: str) -> Any:
        return self.client.sign_up(
            ClientId=self.app,
            Username=name,
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": email}],
        )

    def sign_in(self, name: str) -> Any:
        return self.client.initiate_auth(
            ClientId=self.app,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )["AuthenticationResult"]

    def told(self) -> list[Any]:
        return [event for event in self.cloud.logged_json(self.arn) if event["userPoolId"] == self.id]


ALL = ("PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication", "PreTokenGeneration")


@pytest.fixture(scope="module")
def make_pool(cloud: Any) -> Callable[..., Pool]:
    arn = cloud.function(SOURCE)
    return lambda *names, **options: Pool(cloud, arn, dict.fromkeys(names, arn), **options)


def claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def test_signing_up_and_in_calls_the_triggers(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool(*ALL)
    assert pool.sign_up("ann", "ann@example.com")["UserConfirmed"] is False
    pool.client.confirm_sign_up(ClientId=pool.app, Username="ann", ConfirmationCode="1")
    tokens = pool.sign_in("ann")
    pool.client.initiate_auth(
        ClientId=pool.app,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
    )

    told = pool.told()
    assert [event["triggerSource"] for event in told] == [
        "PreSignUp_SignUp",
        "PostConfirmation_ConfirmSignUp",
        "PreAuthentication_Authentication",
        "TokenGeneration_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_RefreshTokens",
    ]
    assert all(event["userName"] == "ann" for event in told)
    assert all(event["callerContext"]["clientId"] == pool.app for event in told)
    assert told[0]["request"]["userAttributes"] == {"email": "ann@example.com"}
    assert told[1]["request"]["userAttributes"]["cognito:user_status"] == "CONFIRMED"
    assert claims(tokens["IdToken"])["colour"] == "red"
    assert claims(tokens["IdToken"])["cognito:groups"] == ["g"]
    assert "colour" not in claims(tokens["AccessToken"])


def test_a_function_confirms_a_user_itself(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool("PreSignUp", "PostConfirmation")
    assert pool.sign_up("bob", "auto@example.com")["UserConfirmed"] is True
    user = pool.client.admin_get_user(UserPoolId=pool.id, Username="bob")
    attributes = {one["Name"]: one["Value"] for one in user["UserAttributes"]}
    assert (user["UserStatus"], attributes["email_verified"]) == ("CONFIRMED", "true")
    assert [event["triggerSource"] for event in pool.told()] == [
        "PreSignUp_SignUp",
        "PostConfirmation_ConfirmSignUp",
    ]


def test_a_function_that_raises_refuses(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool("PreSignUp")
    with pytest.raises(ClientError, match="PreSignUp failed with error not you") as caught:
        pool.sign_up("eve", "bad@example.com")
    assert caught.value.response["Error"]["Code"] == "UserLambdaValidationException"
    assert pool.client.list_users(UserPoolId=pool.id)["Users"] == []


def test_administrators_call_them_too(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool("PreSignUp", "CustomMessage")
    pool.client.admin_create_user(UserPoolId=pool.id, Username="cid")
    assert [event["triggerSource"] for event in pool.told()] == [
        "PreSignUp_AdminCreateUser",
        "CustomMessage_AdminCreateUser",
    ]


def test_later_versions_of_token_events_have_scopes(cloud: Any) -> None:
    arn = cloud.function(SOURCE)
    pool = Pool(cloud, arn, {"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": arn}})
    pool.sign_up("dan", "dan@example.com")
    pool.client.admin_confirm_sign_up(UserPoolId=pool.id, Username="dan")
    assert claims(pool.sign_in("dan")["AccessToken"])["scope"] == "aws.cognito.signin.user.admin more"
    assert pool.told()[0]["version"] == "2"


def test_users_of_elsewhere_are_taken_over(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool("UserMigration")
    assert pool.sign_in("old")["AccessToken"]
    user = pool.client.admin_get_user(UserPoolId=pool.id, Username="old")
    assert user["UserStatus"] == "CONFIRMED"
    assert {"Name": "email", "Value": "old@example.com"} in user["UserAttributes"]


def test_without_permission_the_operation_fails(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool("PreSignUp", allowed=False)
    with pytest.raises(ClientError, match="AccessDeniedException") as caught:
        pool.sign_up("fay", "fay@example.com")
    assert caught.value.response["Error"]["Code"] == "UnexpectedLambdaException"


def test_triggers_that_are_never_called_are_refused(make_pool: Callable[..., Pool]) -> None:
    with pytest.raises(ClientError, match="CreateAuthChallenge is not emulated"):
        make_pool("CreateAuthChallenge")
    pool = make_pool()
    config = {"DefineAuthChallenge": pool.arn}
    with pytest.raises(ClientError, match="DefineAuthChallenge is not emulated"):
        pool.client.update_user_pool(UserPoolId=pool.id, LambdaConfig=config)
