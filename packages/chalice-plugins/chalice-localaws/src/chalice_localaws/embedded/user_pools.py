"""Triggers of Cognito user pools: the functions that a pool calls in the middle of its work.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError

from chalice_local import ThrottledError
from chalice_localaws.embedded.account import find_function
from chalice_localaws.embedded.permissions import allows_service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.awslambda.models import LambdaFunction
    from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool

    from chalice_local import InvocationResult

__all__ = ["EMULATED", "NO_CLIENT", "Triggers"]

EMULATED = frozenset(
    {
        "PreSignUp",
        "PostConfirmation",
        "PreAuthentication",
        "PostAuthentication",
        "PreTokenGeneration",
        "PreTokenGenerationConfig",
        "CustomMessage",
        "UserMigration",
    }
)
"""The keys of a pool's ``LambdaConfig`` that are obeyed here."""

NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"
_VERSIONED = "PreTokenGeneration"


class Triggers:
    """Calls the functions of pools.

    Args:
        invoke: runs a function and waits for its end.
    """

    def __init__(self, invoke: Callable[[LambdaFunction, bytes], InvocationResult]) -> None:
        self._invoke = invoke

    def has(self, pool: CognitoIdpUserPool, trigger: str) -> bool:
        """Return whether a pool has a function for a trigger."""
        return _function_of(pool, trigger) is not None

    def call(
        self,
        pool: CognitoIdpUserPool,
        source: str,
        *,
        trigger: str,
        username: str,
        client_id: str,
        request: Mapping[str, Any],
        response: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Call the function of a trigger and return the response in its answer.

        Args:
            pool: which has the trigger.
            source: what happened, ``PreSignUp_SignUp``.
            trigger: ``PreSignUp``.
            username: of the user whom it is about.
            client_id: of the application, or `NO_CLIENT`.
            request: what the function is told.
            response: what it fills in.

        Returns:
            The response; the one that was given when the pool has no such trigger.

        Raises:
            JsonRESTError: as Cognito's callers see that the function failed, or may not be called.
        """
        arn, version = _function_of(pool, trigger) or ("", "")
        if not arn:
            return dict(response)
        function = find_function(arn)
        if function is None or not allows_service(
            function.policy.statements,
            service="cognito-idp.amazonaws.com",
            source_arn=pool.arn,
            source_account=pool.account_id,
        ):
            problem = "ResourceNotFoundException" if function is None else "AccessDeniedException"
            raise JsonRESTError(
                "UnexpectedLambdaException", f"{trigger} invocation failed due to error {problem}."
            )
        event = {
            "version": version,
            "triggerSource": source,
            "region": pool.region,
            "userPoolId": pool.id,
            "userName": username,
            "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": client_id},
            "request": dict(request),
            "response": dict(response),
        }
        try:
            result = self._invoke(function, json.dumps(event).encode())
        except ThrottledError as error:
            raise JsonRESTError("TooManyRequestsException", str(error)) from error
        answer = json.loads(result.payload)
        if result.error is not None:
            said = answer.get("errorMessage", "") if isinstance(answer, dict) else ""
            raise JsonRESTError("UserLambdaValidationException", f"{trigger} failed with error {said}.")
        if not isinstance(answer, dict) or not isinstance(answer.get("response"), dict):
            raise JsonRESTError("InvalidLambdaResponseException", "Unrecognizable lambda output")
        filled: dict[str, Any] = answer["response"]
        return filled


def attributes_of(user: CognitoIdpUser) -> dict[str, str]:
    """Return the attributes of a user as functions see them."""
    found = {attribute["Name"]: str(attribute["Value"]) for attribute in user.attributes}
    return {"sub": user.id, "cognito:user_status": str(getattr(user.status, "value", user.status)), **found}


def _function_of(pool: CognitoIdpUserPool, trigger: str) -> tuple[str, str] | None:
    config = pool.extended_config.get("LambdaConfig") or {}
    if trigger == _VERSIONED and config.get(f"{_VERSIONED}Config"):
        versioned = config[f"{_VERSIONED}Config"]
        # V2_0
        return str(versioned["LambdaArn"]), str(versioned.get("LambdaVersion", "V1_0"))[1]
    arn = config.get(trigger)
    return (str(arn), "1") if arn else None
