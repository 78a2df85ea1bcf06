"""The triggers that user pools have, and which pool and triggers a declaration means.

Source: ``LambdaConfigType``, Amazon Cognito User Pools API Reference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalice_core.values import Value, arn

if TYPE_CHECKING:
    from collections.abc import Mapping

TRIGGERS = (
    "PreSignUp",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "PreTokenGeneration",
    "CustomMessage",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
    "UserMigration",
)

UNSUPPORTED: Mapping[str, str] = {
    "CustomEmailSender": "it sends codes that are encrypted with a KMS key of the pool, which this plugin "
    "does not set",
    "CustomSMSSender": "it sends codes that are encrypted with a KMS key of the pool, which this plugin "
    "does not set",
    "InboundFederation": "its events are not known to this plugin",
}
"""Triggers that pools have besides, each with the reason why it cannot be declared."""

VERSIONED = "PreTokenGeneration"
VERSIONS = ("V1_0", "V2_0", "V3_0")

POOL_ID = re.compile(r"(?=.{1,55}\Z)[\w-]+_[0-9a-zA-Z]+", re.ASCII)
"""``UpdateUserPool``, Amazon Cognito User Pools API Reference: at most 55 of these characters."""

POOL_ARN = re.compile(
    r"arn:[a-z][a-z0-9-]*:cognito-idp:(?P<region>[a-z0-9-]+):\d{12}:userpool/(?P<id>[\w-]+_[0-9a-zA-Z]+)",
    re.ASCII,
)


def pool_id(options: Mapping[str, Any]) -> str:
    """Return the id of the declared pool, the last part of an ARN."""
    return str(options["user_pool"]).rsplit("/", 1)[-1]


def pool_arn(options: Mapping[str, Any]) -> Value:
    """Return the ARN of the declared pool; of an id, in the account and region deployed to."""
    given = str(options["user_pool"])
    return given if given.startswith("arn:") else arn("cognito-idp", f"userpool/{given}")


def triggers(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the declared triggers."""
    given = options["trigger"]
    return (given,) if isinstance(given, str) else tuple(given)
