"""Buckets and user pools that exist already: custom resources, and the one function that serves them."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from chalice_core.attachments import HANDLER, SOURCE
from chalice_sam.template import DuplicateEntryError

Template = dict[str, Any]
TemplateOf = Callable[..., Template]


PHOTOS = f"PhotosBucketNotifications{sha256(b'photos').hexdigest()[:8]}"
POOL = f"UsWest2AbcUserPoolTriggers{sha256(b'us-west-2_Abc').hexdigest()[:8]}"


def test_a_bucket_is_a_custom_resource_that_waits_for_the_permissions(
    parts: Any, template_of: TemplateOf
) -> None:
    work, other = parts.function("work"), parts.function("other")

    resources = template_of(
        parts.role,
        work,
        other,
        *parts.bucket(work, suffix=".jpg"),
        *parts.bucket(other, events=("s3:ObjectRemoved:*",)),
    )["Resources"]

    assert resources[PHOTOS] == {
        "Type": "Custom::ChaliceBucketNotifications",
        "DependsOn": ["WorkS3Permission", "OtherS3Permission"],
        "Properties": {
            "ServiceToken": {"Fn::GetAtt": ["ChaliceAttachments", "Arn"]},
            "ServiceTimeout": 240,
            "Bucket": "photos",
            "Notifications": [
                {
                    "Id": "work-s3-notification",
                    "LambdaFunctionArn": {"Fn::GetAtt": ["Work", "Arn"]},
                    "Events": ["s3:ObjectCreated:*"],
                    "Filter": {"Key": {"FilterRules": [{"Name": "suffix", "Value": ".jpg"}]}},
                },
                {
                    "Id": "other-s3-notification",
                    "LambdaFunctionArn": {"Fn::GetAtt": ["Other", "Arn"]},
                    "Events": ["s3:ObjectRemoved:*"],
                },
            ],
        },
    }
    permission = resources["WorkS3Permission"]["Properties"]
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_a_pool_is_a_custom_resource_too(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")

    resources = template_of(parts.role, work, *parts.pool(work))["Resources"]

    assert resources[POOL] == {
        "Type": "Custom::ChaliceUserPoolTriggers",
        "DependsOn": ["WorkCognitoIdpPermission"],
        "Properties": {
            "ServiceToken": {"Fn::GetAtt": ["ChaliceAttachments", "Arn"]},
            "ServiceTimeout": 240,
            "UserPoolId": "us-west-2_Abc",
            "LambdaConfig": {"PreSignUp": {"Fn::GetAtt": ["Work", "Arn"]}},
        },
    }


def test_a_function_s_name_is_no_part_of_the_custom_resource_s_id(
    parts: Any, template_of: TemplateOf
) -> None:
    before, after = parts.function("before"), parts.function("after")

    old = template_of(parts.role, before, *parts.bucket(before))["Resources"]
    new = template_of(parts.role, after, *parts.bucket(after))["Resources"]

    # So the helper sees a change, and the old notification does not stand in the new one's way.
    assert PHOTOS in old.keys() & new.keys()


def test_buckets_whose_names_are_alike_are_told_apart(parts: Any, template_of: TemplateOf) -> None:
    one, two = parts.function("one"), parts.function("two")

    resources = template_of(
        parts.role, one, two, *parts.bucket(one, bucket="my.photos"), *parts.bucket(two, bucket="my-photos")
    )["Resources"]

    buckets = [r["Properties"]["Bucket"] for id, r in resources.items() if id.startswith("MyPhotos")]
    assert buckets == ["my.photos", "my-photos"]


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
