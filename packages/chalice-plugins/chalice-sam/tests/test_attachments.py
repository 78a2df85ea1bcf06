"""Buckets and user pools that exist already: custom resources, and the one function that serves them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.attachments import HANDLER, SOURCE
from chalice_sam.template import DuplicateEntryError

Template = dict[str, Any]
TemplateOf = Callable[..., Template]


def test_a_notification_is_a_custom_resource_that_waits_for_its_permission(
    parts: Any, template_of: TemplateOf
) -> None:
    work = parts.function("work")

    resources = template_of(parts.role, work, *parts.bucket(work, suffix=".jpg"))["Resources"]

    assert resources["WorkS3Notification"] == {
        "Type": "Custom::ChaliceBucketNotification",
        "DependsOn": ["WorkS3Permission"],
        "Properties": {
            "ServiceToken": {"Fn::GetAtt": ["ChaliceAttachments", "Arn"]},
            "ServiceTimeout": 240,
            "Bucket": "photos",
            "Notification": {
                "Id": "work-s3-notification",
                "LambdaFunctionArn": {"Fn::GetAtt": ["Work", "Arn"]},
                "Events": ["s3:ObjectCreated:*"],
                "Filter": {"Key": {"FilterRules": [{"Name": "suffix", "Value": ".jpg"}]}},
            },
        },
    }
    permission = resources["WorkS3Permission"]["Properties"]
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_a_trigger_is_a_custom_resource_too(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")

    resources = template_of(parts.role, work, *parts.pool(work))["Resources"]

    assert resources["WorkTrigger"] == {
        "Type": "Custom::ChaliceUserPoolTrigger",
        "DependsOn": ["WorkCognitoIdpPermission"],
        "Properties": {
            "ServiceToken": {"Fn::GetAtt": ["ChaliceAttachments", "Arn"]},
            "ServiceTimeout": 240,
            "UserPoolId": "us-west-2_Abc",
            "LambdaConfig": {"PreSignUp": {"Fn::GetAtt": ["Work", "Arn"]}},
        },
    }


def test_one_function_serves_all_with_a_role_of_its_own(parts: Any, template_of: TemplateOf) -> None:
    work, other = parts.function("work"), parts.function("other")

    resources = template_of(
        parts.role, work, other, *parts.bucket(work), *parts.bucket(other, bucket="videos"), *parts.pool(work)
    )["Resources"]

    helper = resources["ChaliceAttachments"]
    assert helper["Type"] == "AWS::Lambda::Function"
    assert helper["Properties"]["Code"] == {"ZipFile": SOURCE}
    assert helper["Properties"]["Handler"] == HANDLER
    assert helper["Properties"]["Runtime"] == "python3.11"
    assert helper["Properties"]["Role"] == {"Fn::GetAtt": ["ChaliceAttachmentsRole", "Arn"]}
    assert "DependsOn" not in helper
    assert "DependsOn" not in resources["ChaliceAttachmentsRole"]
    (policy,) = resources["ChaliceAttachmentsRole"]["Properties"]["Policies"]
    allowed = {each["Action"][0]: each["Resource"] for each in policy["PolicyDocument"]["Statement"]}
    assert allowed["s3:GetBucketNotification"] == [
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::photos"},
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::videos"},
    ]
    assert allowed["cognito-idp:DescribeUserPool"] == {
        "Fn::Sub": "arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/us-west-2_Abc"
    }
    users = [r for r in resources.values() if "ServiceToken" in r["Properties"]]
    assert len(users) == 3


def test_settings_of_one_bucket_are_made_one_after_the_other(parts: Any, template_of: TemplateOf) -> None:
    functions = [parts.function(name) for name in ("one", "two", "three")]
    buckets = ["photos", "videos", "photos"]
    notifications = [
        each
        for function, bucket in zip(functions, buckets, strict=True)
        for each in parts.bucket(function, bucket=bucket)
    ]

    resources = template_of(parts.role, *functions, *notifications)["Resources"]

    assert resources["OneS3Notification"]["DependsOn"] == ["OneS3Permission"]
    assert resources["TwoS3Notification"]["DependsOn"] == ["TwoS3Permission"]
    assert resources["ThreeS3Notification"]["DependsOn"] == ["ThreeS3Permission", "OneS3Notification"]


def test_a_template_without_them_has_no_such_function(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")

    resources = template_of(parts.role, work, *parts.topic(work))["Resources"]

    assert set(resources) == {"DefaultRole", "Work"}


def test_a_function_of_the_user_s_with_the_same_name_is_named(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("chalice_attachments")

    with pytest.raises(DuplicateEntryError) as caught:
        template_of(parts.role, work, *parts.bucket(work))

    assert caught.value.name == "ChaliceAttachments"
    assert "chalice_attachments" in caught.value.ids
