"""Settings of things that exist already: a bucket's notifications, a user pool's triggers.

Neither CloudFormation nor Terraform can change one setting of a bucket or a user pool that another stack
owns, so templates bring a helper function that reads the settings, changes the one, and writes them back.
Its source is here, together with what it may do and what it is told.

One function serves both tools.  CloudFormation calls it as the provider of a custom resource ("Custom
resources", AWS CloudFormation User Guide): properties in ``ResourceProperties``, the answer goes to
``ResponseURL``, whatever happens.  Terraform's ``aws_lambda_invocation`` calls it with the properties as its
input and, with ``lifecycle_scope = "CRUD"``, what to do under the key ``tf``.

Changes of one bucket or pool must not run at the same time, for each writes back what it has read: either
one call makes all of them (`by_place`), or each waits for the one before it (`earlier`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from chalice_core.graph import Graph
from chalice_core.kinds import BucketNotification, UserPoolTrigger
from chalice_core.values import Text, arn

Attachment: TypeAlias = BucketNotification | UserPoolTrigger

HANDLER = "index.handler"
"""The handler's name, when `SOURCE` is the ``ZipFile`` of a function ("Code", ``AWS::Lambda::Function``)."""

TIMEOUT = 180
"""Seconds that the helper may take: it tries again what AWS refuses at first."""

LONGEST_SOURCE = 4096
"""Characters of inline code ("AWS::Lambda::Function Code", AWS CloudFormation Template Reference)."""

SOURCE = '''\
"""Sets notifications of a bucket or triggers of a user pool."""
import json
import time
import urllib.request

import boto3
from botocore.exceptions import ClientError

TRIES, PAUSE = 6, 4
GONE = ("NoSuchBucket", "ResourceNotFoundException")


def handler(event, context):
    if "tf" in event:
        todo = event.pop("tf")
        change(todo["action"], todo.get("prev_input"), event)
        return event
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId") or event["RequestId"]
    try:
        old, new = event.get("OldResourceProperties"), event["ResourceProperties"]
        change(event["RequestType"].lower(), old, new)
        answer["Status"] = "SUCCESS"
    except Exception as error:
        answer.update(Status="FAILED", Reason=f"{type(error).__name__}: {error}"[:900])
    put = urllib.request.Request(
        event["ResponseURL"], json.dumps(answer).encode(), {"Content-Type": ""}, method="PUT"
    )
    again(OSError, lambda: urllib.request.urlopen(put, timeout=10).close())


def change(action, old, new):
    if action == "delete":
        old, new = new, None
    for where in dict.fromkeys(place(one) for one in (new, old) if one):
        here = [one if one and place(one) == where else None for one in (old, new)]
        set_one = set_bucket if where[0] == "Bucket" else set_pool
        # Permissions are seen late, and others may be writing.
        again(ClientError, lambda: set_one(where[1], *here), () if here[1] else GONE)


def again(errors, attempt, fine=()):
    for left in reversed(range(TRIES)):
        try:
            return attempt()
        except errors as error:
            if fine and error.response["Error"]["Code"] in fine:
                return
            if not left:
                raise
            time.sleep(PAUSE)


def place(given):
    kind = "Bucket" if "Bucket" in given else "UserPoolId"
    return kind, given[kind]


def set_bucket(bucket, old, new):
    s3 = boto3.client("s3")
    config = s3.get_bucket_notification_configuration(Bucket=bucket)
    config.pop("ResponseMetadata", None)
    wanted = entries(new)
    ours = [one["Id"] for one in entries(old) + wanted]
    before = config.get("LambdaFunctionConfigurations", [])
    after = [one for one in before if one.get("Id") not in ours] + wanted
    if before != after:
        config["LambdaFunctionConfigurations"] = after
        # Others' may lead nowhere.
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration=config, SkipDestinationValidation=True
        )


def entries(given):
    own = given["Notifications"] if given else []
    return [{**one, "Id": one["LambdaFunctionArn"].split(":")[6] + "-" + one["Id"]} for one in own]


def set_pool(pool_id, old, new):
    idp = boto3.client("cognito-idp")
    pool = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    before = pool.get("LambdaConfig", {})
    ours, wanted = (one["LambdaConfig"] if one else {} for one in (old, new))
    after = {key: before[key] for key in before if before[key] != ours.get(key)}
    for key in wanted:
        if after.get(key, wanted[key]) != wanted[key]:
            raise ValueError(f"{key} of {pool_id} is somebody else's: {after[key]}")
    after.update(wanted)
    if before != after:
        # What is not sent would go back to its default.
        known = idp.meta.service_model.operation_model("UpdateUserPool").input_shape.members
        sent = {key: pool[key] for key in pool if key in known}
        # Refused beside the password policy's.
        sent.get("AdminCreateUserConfig", {}).pop("UnusedAccountValidityDays", None)
        mfa = idp.get_user_pool_mfa_config(UserPoolId=pool_id)
        del mfa["ResponseMetadata"]
        idp.update_user_pool(**{**sent, "UserPoolId": pool_id, "LambdaConfig": after})
        if mfa.get("MfaConfiguration", "OFF") != "OFF":  # it knows SMS alone
            again(ClientError, lambda: idp.set_user_pool_mfa_config(UserPoolId=pool_id, **mfa))
'''
"""The helper function: Python's standard library, and the boto3 that Lambda brings."""


def attachments(graph: Graph) -> tuple[Attachment, ...]:
    """Return the settings of existing things that a graph holds, in its order."""
    return tuple(each for each in graph if isinstance(each, (BucketNotification, UserPoolTrigger)))


def by_place(attachments: Iterable[Attachment]) -> tuple[tuple[Attachment, ...], ...]:
    """Return the settings of each bucket and of each user pool together, in the order of their first ones.

    All of one place are best made by one call: a function that gets another name is then a change, which the
    helper sees before and after, while two calls would have the old setting stand in the new one's way.
    """
    places: dict[tuple[str, str], list[Attachment]] = {}
    for attachment in attachments:
        places.setdefault(_place(attachment), []).append(attachment)
    return tuple(tuple(found) for found in places.values())


def properties(first: Attachment, *others: Attachment) -> Mapping[str, Any]:
    """Return what the helper is told of settings: JSON data with values in it.

    The same call with the same properties changes nothing, and one with other properties takes back what the
    earlier ones did, when both are given.

    Args:
        first: a setting.
        others: further ones of the same bucket or user pool.
    """
    every = (first, *others)
    if isinstance(first, BucketNotification):
        notifications = [_notification(each) for each in every if isinstance(each, BucketNotification)]
        return {"Bucket": first.bucket, "Notifications": notifications}
    triggers: dict[str, Any] = {}
    for each in every:
        if isinstance(each, UserPoolTrigger):
            triggers.update(_lambda_config(each))
    return {"UserPoolId": first.user_pool_id, "LambdaConfig": triggers}


def earlier(attachments: Sequence[Attachment]) -> Mapping[str, Attachment]:
    """Return which setting each one waits for: the one before it of the same bucket or pool, if there is one.

    Args:
        attachments: of one template, in order.

    Returns:
        by the id of the one that waits.
    """
    waits_for: dict[str, Attachment] = {}
    last: dict[tuple[str, str], Attachment] = {}
    for attachment in attachments:
        place = _place(attachment)
        if place in last:
            waits_for[attachment.id] = last[place]
        last[place] = attachment
    return waits_for


def policy_document(attachments: Iterable[Attachment]) -> Mapping[str, Any]:
    """Return what the helper's role may do: JSON data with values in it.

    Reading and writing the settings of exactly these buckets and pools, and writing its own log.  A user
    pool that sends text messages has a role for that, which is part of the settings that are written back,
    so it may be passed to Cognito and to nothing else ("Actions, resources, and condition keys for Amazon
    Cognito User Pools", Service Authorization Reference).
    """
    places = dict.fromkeys(_place(attachment) for attachment in attachments)
    buckets = [
        arn("s3", bucket, regional=False, account=False) for kind, bucket in places if kind == "bucket"
    ]
    pools = [arn("cognito-idp", f"userpool/{pool}") for kind, pool in places if kind == "pool"]
    statements: list[Mapping[str, Any]] = [
        _allow(
            ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
            [arn("logs", "log-group:/aws/lambda/*")],
        )
    ]
    if buckets:
        statements.append(_allow(("s3:GetBucketNotification", "s3:PutBucketNotification"), buckets))
    if pools:
        actions = ("DescribeUserPool", "GetUserPoolMfaConfig", "SetUserPoolMfaConfig", "UpdateUserPool")
        statements.append(_allow(tuple(f"cognito-idp:{action}" for action in actions), pools))
        passing = _allow(("iam:PassRole",), [arn("iam", "role/*", regional=False)])
        condition = {"StringEquals": {"iam:PassedToService": "cognito-idp.amazonaws.com"}}
        statements.append({**passing, "Condition": condition})
    return {"Version": "2012-10-17", "Statement": statements}


def _notification(attachment: BucketNotification) -> Mapping[str, Any]:
    """Return a ``LambdaFunctionConfiguration`` ("PutBucketNotificationConfiguration", S3 API Reference)."""
    notification: dict[str, Any] = {
        # The helper puts the function's name before it, which no other stack has.
        "Id": attachment.id,
        "LambdaFunctionArn": attachment.function_arn,
        "Events": list(attachment.events),
    }
    rules = (("prefix", attachment.prefix), ("suffix", attachment.suffix))
    if filters := [{"Name": name, "Value": value} for name, value in rules if value]:
        notification["Filter"] = {"Key": {"FilterRules": filters}}
    return notification


def _lambda_config(trigger: UserPoolTrigger) -> Mapping[str, Any]:
    """Return members of ``LambdaConfig`` ("LambdaConfigType", Cognito User Pools API Reference)."""
    function, version = trigger.function_arn, trigger.lambda_version
    if trigger.trigger.startswith("PreTokenGeneration"):
        # Cognito knows this trigger by two members, which have to name one function.
        versioned = {"LambdaArn": function, "LambdaVersion": version or "V1_0"}
        return {"PreTokenGeneration": function, "PreTokenGenerationConfig": versioned}
    if version is None:
        return {trigger.trigger: function}
    return {trigger.trigger: {"LambdaArn": function, "LambdaVersion": version}}


def _allow(actions: tuple[str, ...], resources: list[Text]) -> Mapping[str, Any]:
    return {
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": resources[0] if len(resources) == 1 else resources,
    }


def _place(attachment: Attachment) -> tuple[str, str]:
    """Return what a setting belongs to."""
    if isinstance(attachment, BucketNotification):
        return "bucket", attachment.bucket
    return "pool", attachment.user_pool_id
