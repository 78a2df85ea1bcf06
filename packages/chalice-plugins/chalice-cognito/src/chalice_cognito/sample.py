"""Events of user pools as Lambda gets them, made up for tests and local runs.

Shapes: "Lambda trigger sources" and the page of each trigger, Amazon Cognito Developer Guide.
"""

from __future__ import annotations

import copy
from typing import Any

POOL = "us-west-2_AbCdEfGhI"
CLIENT = "1example23456789"

# The trigger source of each trigger, what its request has besides user attributes, and its empty response.
_SHAPES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "PreSignUp": (
        "PreSignUp_SignUp",
        {"validationData": None},
        {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
    ),
    "PostConfirmation": ("PostConfirmation_ConfirmSignUp", {}, {}),
    "PreAuthentication": ("PreAuthentication_Authentication", {"validationData": None}, {}),
    "PostAuthentication": ("PostAuthentication_Authentication", {"newDeviceUsed": False}, {}),
    "PreTokenGeneration": (
        "TokenGeneration_Authentication",
        {
            "groupConfiguration": {
                "groupsToOverride": [],
                "iamRolesToOverride": [],
                "preferredRole": None,
            }
        },
        {"claimsOverrideDetails": None},
    ),
    "CustomMessage": (
        "CustomMessage_SignUp",
        {"codeParameter": "{####}", "usernameParameter": "{username}", "linkParameter": "{##Click Here##}"},
        {"smsMessage": None, "emailMessage": None, "emailSubject": None},
    ),
    "DefineAuthChallenge": (
        "DefineAuthChallenge_Authentication",
        {"session": []},
        {"challengeName": None, "issueTokens": None, "failAuthentication": None},
    ),
    "CreateAuthChallenge": (
        "CreateAuthChallenge_Authentication",
        {"challengeName": "CUSTOM_CHALLENGE", "session": []},
        {"publicChallengeParameters": None, "privateChallengeParameters": None, "challengeMetadata": None},
    ),
    "VerifyAuthChallengeResponse": (
        "VerifyAuthChallengeResponse_Authentication",
        {"privateChallengeParameters": {"answer": "7"}, "challengeAnswer": "7"},
        {"answerCorrect": None},
    ),
    "UserMigration": (
        "UserMigration_Authentication",
        # Its request has no user attributes: there is no user yet.
        {"password": "correct horse", "validationData": None},
        {
            "userAttributes": None,
            "forceAliasCreation": None,
            "enableSMSMFA": None,
            "finalUserStatus": None,
            "messageAction": None,
            "desiredDeliveryMediums": None,
        },
    ),
}


def generate_cognito_event(
    trigger: str = "PreSignUp",
    user_attributes: dict[str, str] | None = None,
    user_name: str = "ann",
    request: dict[str, Any] | None = None,
    trigger_source: str | None = None,
    user_pool_id: str = POOL,
    version: str = "1",
) -> dict[str, Any]:
    """Return the event with which a pool calls a function.

    Args:
        trigger: ``PreSignUp``, say.
        user_attributes: The user's; an address by default.
        user_name: The user's.
        request: More of the request, or other values of it.
        trigger_source: What happened, where a trigger has several; ``PreSignUp_AdminCreateUser``.
        user_pool_id: The pool's.
        version: Of the event, ``1``, ``2`` or ``3``; the later ones of ``PreTokenGeneration`` have scopes.

    Raises:
        ValueError: There is no such trigger, or version.
    """
    if trigger not in _SHAPES:
        raise ValueError(f"'trigger' must be one of {', '.join(_SHAPES)}, not {trigger!r}.")
    later = trigger == "PreTokenGeneration" and version in ("2", "3")
    if version != "1" and not later:
        raise ValueError(f"events of {trigger} have no version {version!r}.")
    source, more, response = copy.deepcopy(_SHAPES[trigger])
    if later:
        more["scopes"] = ["aws.cognito.signin.user.admin"]
        response = {"claimsAndScopeOverrideDetails": None}
    if user_attributes is None:
        user_attributes = {"sub": "11111111-2222-4333-8444-555555555555", "email": "ann@example.com"}
    known = {} if trigger == "UserMigration" else {"userAttributes": user_attributes}
    return {
        "version": version,
        "triggerSource": trigger_source or source,
        "region": user_pool_id.partition("_")[0],
        "userPoolId": user_pool_id,
        "userName": user_name,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": CLIENT},
        "request": {**known, **more, **(request or {})},
        "response": response,
    }
