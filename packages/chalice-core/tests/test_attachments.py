"""The helper function really runs here, against an embedded S3 and Cognito, called as both tools call it."""

from __future__ import annotations

import ast
import functools
import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalice_core.attachments import (
    HANDLER,
    LONGEST_SOURCE,
    SOURCE,
    Attachment,
    attachments,
    by_place,
    earlier,
    policy_document,
    properties,
)
from chalice_core.graph import Graph
from chalice_core.kinds import BucketNotification, Function, UserPoolTrigger
from chalice_core.values import Output, ResourceId, render_tree

REGION = "us-west-2"
OURS = f"arn:aws:lambda:{REGION}:123456789012:function:shop-work"
THEIRS = f"arn:aws:lambda:{REGION}:123456789012:function:somebody"
Handler = Callable[[dict[str, Any], object], Any]


# Making a client takes longer than all that a test does with it, the helper's own client included.
one_client = functools.cache(boto3.client)


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    """Moto, started once, for a start takes longer than most tests do."""
    with mock_aws() as started:
        yield started


@pytest.fixture(autouse=True)
def aws(moto: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An AWS in this process, with a bucket."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setattr(boto3, "client", one_client)
    moto.reset()
    for bucket in ("photos", "videos"):
        boto3.client("s3").create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )


@pytest.fixture
def module(tmp_path: Path) -> dict[str, Any]:
    """The names of the helper's module, which does not wait between its attempts."""
    path = tmp_path / "index.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = spec_from_file_location("index", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    names = vars(module)
    names["PAUSE"] = 0
    return names


@pytest.fixture
def handler(module: dict[str, Any]) -> Handler:
    """The helper's handler."""
    file, name = HANDLER.split(".")
    assert file == "index"
    found: Handler = module[name]
    return found


@pytest.fixture
def told() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Where CloudFormation waits for answers, and those that came."""
    answers: list[dict[str, Any]] = []

    class Waits(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            assert self.headers["Content-Type"] == ""
            answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Waits)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/answer", answers
    server.shutdown()
    thread.join()
    server.server_close()


def notification(id: str = "work-s3-notification", **fields: Any) -> BucketNotification:
    """Return a notification of the bucket ``photos``."""
    given: dict[str, Any] = {"bucket": "photos", "events": ("s3:ObjectCreated:*",), **fields}
    return BucketNotification(id=ResourceId(id), function_arn=Output(ResourceId("work"), "arn"), **given)


def trigger(pool: str, **fields: Any) -> UserPoolTrigger:
    """Return a trigger of a user pool."""
    given: dict[str, Any] = {"trigger": "PreSignUp", **fields}
    return UserPoolTrigger(
        id=ResourceId("work-trigger"),
        user_pool_id=pool,
        function_arn=Output(ResourceId("work"), "arn"),
        **given,
    )


def as_deployed(*attachments: Attachment, function: str = OURS) -> dict[str, Any]:
    """Return the properties as the helper sees them."""
    told: dict[str, Any] = render_tree(
        properties(*attachments), output=lambda _: function, pseudo=lambda pseudo: pseudo.value
    )
    return told


def functions_told(bucket: str = "photos") -> list[dict[str, Any]]:
    """Return the bucket's notifications of functions."""
    config = boto3.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    found: list[dict[str, Any]] = config.get("LambdaFunctionConfigurations", [])
    return found


def cloudformation(
    handler: Handler, url: str, request: str, new: dict[str, Any], old: dict[str, Any] | None = None
) -> None:
    """Call the helper as CloudFormation does."""
    event: dict[str, Any] = {
        "RequestType": request,
        "ResponseURL": url,
        "StackId": "arn:aws:cloudformation:us-west-2:123456789012:stack/shop/1",
        "RequestId": f"request-{request}",
        "ResourceType": "Custom::ChaliceBucketNotification",
        "LogicalResourceId": "WorkS3Notification",
        "ResourceProperties": {"ServiceToken": THEIRS, **new},
    }
    if request != "Create":
        event["PhysicalResourceId"] = "request-Create"
    if old is not None:
        event["OldResourceProperties"] = {"ServiceToken": THEIRS, **old}
    handler(event, None)


def terraform(handler: Handler, action: str, new: dict[str, Any], old: dict[str, Any] | None = None) -> None:
    """Call the helper as the resource ``aws_lambda_invocation`` does."""
    handler({**new, "tf": {"action": action, "prev_input": old}}, None)


def test_the_source_may_stand_in_a_template() -> None:
    assert len(SOURCE) <= LONGEST_SOURCE
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(SOURCE, feature_version=(3, 10)))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert {name.split(".")[0] for name in imported} <= {*sys.stdlib_module_names, "boto3", "botocore"}


def test_cloudformation_hears_that_a_notification_is_made_changed_and_gone(
    handler: Handler, told: tuple[str, list[dict[str, Any]]]
) -> None:
    url, answers = told
    first, second = as_deployed(notification()), as_deployed(notification(prefix="in/", suffix=".jpg"))

    cloudformation(handler, url, "Create", first)
    created = functions_told()
    cloudformation(handler, url, "Update", second, first)
    changed = functions_told()
    cloudformation(handler, url, "Delete", second)

    assert created == [
        {"Id": "shop-work-work-s3-notification", "LambdaFunctionArn": OURS, "Events": ["s3:ObjectCreated:*"]}
    ]
    ((entry),) = changed
    rules = {rule["Name"].lower(): rule["Value"] for rule in entry["Filter"]["Key"]["FilterRules"]}
    assert rules == {"prefix": "in/", "suffix": ".jpg"}
    assert functions_told() == []
    assert [(each["Status"], each["PhysicalResourceId"]) for each in answers] == [
        ("SUCCESS", "request-Create")
    ] * 3
    assert answers[0]["LogicalResourceId"] == "WorkS3Notification"
    assert answers[0]["StackId"].endswith("stack/shop/1")
    assert [each["RequestId"] for each in answers] == ["request-Create", "request-Update", "request-Delete"]


def test_notifications_of_others_stay_as_they_are(handler: Handler) -> None:
    s3 = boto3.client("s3")
    theirs = {"Id": "theirs", "LambdaFunctionArn": THEIRS, "Events": ["s3:ObjectRemoved:*"]}
    boto3.client("sqs").create_queue(QueueName="q")
    configuration = {
        "LambdaFunctionConfigurations": [theirs],
        "QueueConfigurations": [
            {"Id": "q", "QueueArn": f"arn:aws:sqs:{REGION}:123456789012:q", "Events": ["s3:ObjectCreated:*"]}
        ],
    }
    s3.put_bucket_notification_configuration(Bucket="photos", NotificationConfiguration=configuration)
    before = s3.get_bucket_notification_configuration(Bucket="photos")

    terraform(handler, "create", as_deployed(notification(events=("s3:ObjectRestore:*",))))
    during = s3.get_bucket_notification_configuration(Bucket="photos")
    terraform(handler, "delete", as_deployed(notification(events=("s3:ObjectRestore:*",))))
    after = s3.get_bucket_notification_configuration(Bucket="photos")

    assert [entry["LambdaFunctionArn"] for entry in during["LambdaFunctionConfigurations"]] == [THEIRS, OURS]
    assert during["QueueConfigurations"] == before["QueueConfigurations"]
    for answer in (before, after):
        del answer["ResponseMetadata"]
    assert after == before


def test_whatever_else_a_bucket_s_configuration_says_is_written_back(
    handler: Handler, module: dict[str, Any]
) -> None:
    # The embedded S3 does not answer all that S3 does.
    theirs = {
        "TopicConfigurations": [{"Id": "t", "TopicArn": "arn:t", "Events": ["s3:ObjectCreated:*"]}],
        "EventBridgeConfiguration": {},
        "SomethingNew": [1],
    }
    written: list[Mapping[str, Any]] = []

    class Client:
        def get_bucket_notification_configuration(self, **_: Any) -> Mapping[str, Any]:
            return {**theirs, "ResponseMetadata": {"HTTPStatusCode": 200}}

        def put_bucket_notification_configuration(self, **given: Any) -> None:
            written.append(given)

    class Library:
        def client(self, name: str) -> Client:
            assert name == "s3"
            return Client()

    module["boto3"] = Library()

    terraform(handler, "create", as_deployed(notification()))

    (given,) = written
    configuration = dict(given["NotificationConfiguration"])
    (added,) = configuration.pop("LambdaFunctionConfigurations")
    assert added["LambdaFunctionArn"] == OURS
    assert configuration == theirs
    # An entry of others that leads nowhere is no reason to refuse ours.
    assert given["SkipDestinationValidation"] is True


def test_two_notifications_of_one_function_do_not_disturb_each_other(handler: Handler) -> None:
    first = as_deployed(notification("first", prefix="a/"))
    second = as_deployed(notification("second", prefix="b/"))

    terraform(handler, "create", first)
    terraform(handler, "create", second)
    terraform(handler, "delete", first)

    assert [entry["Id"] for entry in functions_told()] == ["shop-work-second"]


def test_a_notification_that_moves_leaves_its_old_bucket(handler: Handler) -> None:
    old, new = as_deployed(notification()), as_deployed(notification(bucket="videos"))
    terraform(handler, "create", old)

    terraform(handler, "update", new, old)

    assert functions_told("photos") == []
    assert [entry["LambdaFunctionArn"] for entry in functions_told("videos")] == [OURS]


def test_a_function_that_was_replaced_is_told_instead_of_the_old_one(handler: Handler) -> None:
    renamed = OURS + "-2"
    old, new = as_deployed(notification()), as_deployed(notification(), function=renamed)
    terraform(handler, "create", old)

    terraform(handler, "update", new, old)

    assert [entry["LambdaFunctionArn"] for entry in functions_told()] == [renamed]


def test_the_same_again_writes_nothing(handler: Handler, module: dict[str, Any]) -> None:
    wanted = as_deployed(notification())
    terraform(handler, "create", wanted)
    calls: list[str] = []
    events = boto3.client("s3").meta.events
    events.register("before-call.s3", lambda model, **_: calls.append(model.name), unique_id="calls")

    terraform(handler, "update", wanted, wanted)
    events.unregister("before-call.s3", unique_id="calls")

    assert calls == ["GetBucketNotificationConfiguration"]


def test_a_bucket_that_is_not_there_is_an_error_when_something_is_wanted_of_it(
    handler: Handler, told: tuple[str, list[dict[str, Any]]]
) -> None:
    url, answers = told
    missing = as_deployed(notification(bucket="missing"))

    cloudformation(handler, url, "Create", missing)
    cloudformation(handler, url, "Delete", missing)

    assert [each["Status"] for each in answers] == ["FAILED", "SUCCESS"]
    assert "NoSuchBucket" in answers[0]["Reason"]
    with pytest.raises(ClientError, match="NoSuchBucket"):
        terraform(handler, "create", missing)


def test_what_aws_refuses_at_first_is_tried_again(handler: Handler, module: dict[str, Any]) -> None:
    really, failures = module["set_bucket"], [1, 2, 3]

    def set_bucket(*given: Any) -> None:
        if failures:
            failures.pop()
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetBucketNotificationConfiguration")
        really(*given)

    module["set_bucket"] = set_bucket

    terraform(handler, "create", as_deployed(notification()))

    assert not failures
    assert len(functions_told()) == 1


def test_an_answer_that_does_not_get_through_is_sent_again(
    handler: Handler, module: dict[str, Any], told: tuple[str, list[dict[str, Any]]], monkeypatch: Any
) -> None:
    url, answers = told
    really, failures = module["urllib"].request.urlopen, [1]

    def urlopen(*given: Any, **options: Any) -> Any:
        if failures:
            failures.pop()
            raise ConnectionResetError
        return really(*given, **options)

    monkeypatch.setattr(module["urllib"].request, "urlopen", urlopen)

    cloudformation(handler, url, "Create", as_deployed(notification()))

    assert [each["Status"] for each in answers] == ["SUCCESS"]


@pytest.fixture
def pool() -> str:
    """A user pool with settings, and a trigger of somebody else's."""
    created = boto3.client("cognito-idp").create_user_pool(
        PoolName="people",
        Policies={"PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 3}},
        LambdaConfig={"CustomMessage": THEIRS},
        AutoVerifiedAttributes=["email"],
        MfaConfiguration="OFF",
        UserPoolTags={"team": "blue"},
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        DeletionProtection="ACTIVE",
    )
    id: str = created["UserPool"]["Id"]
    return id


def settings(pool: str) -> Mapping[str, Any]:
    """Return a pool's settings but its triggers and the time of its last change."""
    found = boto3.client("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"]
    return {key: value for key, value in found.items() if key not in ("LambdaConfig", "LastModifiedDate")}


def triggers(pool: str) -> Mapping[str, Any]:
    """Return a pool's triggers."""
    found = boto3.client("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"]
    config: Mapping[str, Any] = found["LambdaConfig"]
    return config


def test_a_trigger_comes_and_goes_and_every_other_setting_stays(handler: Handler, pool: str) -> None:
    before = settings(pool)
    assert before["Policies"]["PasswordPolicy"]["MinimumLength"] == 12

    terraform(handler, "create", as_deployed(trigger(pool)))
    assert triggers(pool) == {"CustomMessage": THEIRS, "PreSignUp": OURS}
    assert settings(pool) == before
    terraform(
        handler, "update", as_deployed(trigger(pool, trigger="PostConfirmation")), as_deployed(trigger(pool))
    )
    assert triggers(pool) == {"CustomMessage": THEIRS, "PostConfirmation": OURS}
    terraform(handler, "delete", as_deployed(trigger(pool, trigger="PostConfirmation")))

    assert triggers(pool) == {"CustomMessage": THEIRS}
    assert settings(pool) == before


def test_a_pool_keeps_its_second_factors(
    handler: Handler, pool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cognito's update takes text messages alone; moto's leaves the others, so one that does not is played.

    The settings come back although they are refused at first.
    """
    idp = boto3.client("cognito-idp")
    wanted = {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}}
    idp.set_user_pool_mfa_config(UserPoolId=pool, **wanted)
    update = idp.update_user_pool

    set_factors = idp.set_user_pool_mfa_config
    refusals = [ClientError({"Error": {"Code": "ConcurrentModificationException"}}, "SetUserPoolMfaConfig")]

    def forgetful(**settings: Any) -> None:
        update(**settings)
        set_factors(UserPoolId=pool, MfaConfiguration="OFF")

    def hesitant(**settings: Any) -> None:
        if refusals:
            raise refusals.pop()
        set_factors(**settings)

    monkeypatch.setattr(idp, "update_user_pool", forgetful)
    monkeypatch.setattr(idp, "set_user_pool_mfa_config", hesitant)

    terraform(handler, "create", as_deployed(trigger(pool)))

    found = idp.get_user_pool_mfa_config(UserPoolId=pool)
    assert {key: found[key] for key in wanted} == wanted
    assert triggers(pool) == {"CustomMessage": THEIRS, "PreSignUp": OURS}


def test_everything_that_an_update_takes_is_sent_and_nothing_else(
    handler: Handler, module: dict[str, Any], pool: str
) -> None:
    sent: list[Mapping[str, Any]] = []
    idp = boto3.client("cognito-idp")
    described = idp.describe_user_pool(UserPoolId=pool)["UserPool"]
    described["AdminCreateUserConfig"] = {"AllowAdminCreateUserOnly": True, "UnusedAccountValidityDays": 7}

    class Client:
        meta = idp.meta

        def describe_user_pool(self, **_: Any) -> Mapping[str, Any]:
            return {"UserPool": described}

        def get_user_pool_mfa_config(self, **_: Any) -> Mapping[str, Any]:
            return {"MfaConfiguration": "OFF", "ResponseMetadata": {}}

        def update_user_pool(self, **settings: Any) -> None:
            sent.append(settings)

    class Library:
        def client(self, name: str) -> Client:
            assert name == "cognito-idp"
            return Client()

    module["boto3"] = Library()

    terraform(handler, "create", as_deployed(trigger(pool)))

    (settings,) = sent
    taken = idp.meta.service_model.operation_model("UpdateUserPool").input_shape.members
    assert settings.keys() == ((described.keys() & taken.keys()) | {"UserPoolId", "LambdaConfig"})
    assert settings["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert settings["UserPoolTags"] == {"team": "blue"}


def test_a_trigger_that_somebody_else_has_taken_since_is_left_to_him(handler: Handler, pool: str) -> None:
    ours = as_deployed(trigger(pool))
    terraform(handler, "create", ours)
    boto3.client("cognito-idp").update_user_pool(UserPoolId=pool, LambdaConfig={"PreSignUp": THEIRS})

    terraform(handler, "delete", ours)

    assert triggers(pool) == {"PreSignUp": THEIRS}


def test_a_trigger_that_is_somebody_else_s_is_refused_and_says_whose(
    handler: Handler, told: tuple[str, list[dict[str, Any]]], pool: str
) -> None:
    url, answers = told
    before = triggers(pool)

    cloudformation(handler, url, "Create", as_deployed(trigger(pool, trigger="CustomMessage")))

    (answer,) = answers
    assert answer["Status"] == "FAILED"
    assert f"CustomMessage of {pool} is somebody else's: {THEIRS}" in answer["Reason"]
    assert triggers(pool) == before


def test_functions_of_ours_may_exchange_their_triggers(handler: Handler, pool: str) -> None:
    old = as_deployed(trigger(pool), trigger(pool, trigger="PostConfirmation"))
    new = as_deployed(trigger(pool, trigger="PostConfirmation"), function=OURS + "-2")
    terraform(handler, "create", old)

    terraform(handler, "update", new, old)

    assert triggers(pool) == {"CustomMessage": THEIRS, "PostConfirmation": OURS + "-2"}


def test_settings_of_one_place_are_made_by_one_call(handler: Handler) -> None:
    one, two = notification("one", prefix="a/"), notification("two", prefix="b/")
    renamed = notification("renamed", prefix="b/")

    terraform(handler, "create", as_deployed(one, two))
    terraform(handler, "update", as_deployed(one, renamed), as_deployed(one, two))

    assert [entry["Id"] for entry in functions_told()] == ["shop-work-one", "shop-work-renamed"]


def test_settings_are_put_together_by_bucket_and_pool() -> None:
    one, other, two = notification("a"), notification("b", bucket="videos"), notification("c")
    pools = trigger("p"), trigger("q")

    assert by_place([one, pools[0], other, two, pools[1]]) == (
        (one, two),
        (pools[0],),
        (other,),
        (pools[1],),
    )


def test_a_trigger_with_versions_names_one(handler: Handler, pool: str) -> None:
    wanted = as_deployed(trigger(pool, trigger="PreTokenGeneration", lambda_version="V2_0"))

    terraform(handler, "create", wanted)
    during = triggers(pool)
    terraform(handler, "delete", wanted)

    assert during["PreTokenGenerationConfig"] == {"LambdaArn": OURS, "LambdaVersion": "V2_0"}
    assert during["PreTokenGeneration"] == OURS
    assert triggers(pool) == {"CustomMessage": THEIRS}


def test_a_sender_of_messages_is_an_object_and_an_ordinary_trigger_is_an_arn() -> None:
    sender = as_deployed(trigger("p", trigger="CustomEmailSender", lambda_version="V1_0"))
    ordinary = as_deployed(trigger("p"))

    assert sender["LambdaConfig"] == {"CustomEmailSender": {"LambdaArn": OURS, "LambdaVersion": "V1_0"}}
    assert ordinary["LambdaConfig"] == {"PreSignUp": OURS}


def test_a_pool_that_is_gone_has_no_trigger_to_take_away(
    handler: Handler, told: tuple[str, list[dict[str, Any]]], pool: str
) -> None:
    url, answers = told
    gone = as_deployed(trigger(f"{REGION}_absent"))

    cloudformation(handler, url, "Delete", gone)
    cloudformation(handler, url, "Update", as_deployed(trigger(pool)), gone)
    cloudformation(handler, url, "Create", gone)

    assert [each["Status"] for each in answers] == ["SUCCESS", "SUCCESS", "FAILED"]
    assert triggers(pool)["PreSignUp"] == OURS


def _text(tree: object) -> Any:
    return render_tree(tree, output=str, pseudo=lambda pseudo: pseudo.name)


def test_the_role_may_do_no_more_than_that_and_only_there() -> None:
    document = _text(
        policy_document(
            [notification(), notification("b"), notification("c", bucket="videos"), trigger("p_1")]
        )
    )

    assert document["Version"] == "2012-10-17"
    allowed = {tuple(each["Action"]): each["Resource"] for each in document["Statement"]}
    assert allowed == {
        ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"): (
            "arn:PARTITION:logs:REGION:ACCOUNT:log-group:/aws/lambda/*"
        ),
        ("s3:GetBucketNotification", "s3:PutBucketNotification"): [
            "arn:PARTITION:s3:::photos",
            "arn:PARTITION:s3:::videos",
        ],
        (
            "cognito-idp:DescribeUserPool",
            "cognito-idp:GetUserPoolMfaConfig",
            "cognito-idp:SetUserPoolMfaConfig",
            "cognito-idp:UpdateUserPool",
        ): ("arn:PARTITION:cognito-idp:REGION:ACCOUNT:userpool/p_1"),
        ("iam:PassRole",): "arn:PARTITION:iam::ACCOUNT:role/*",
    }
    (passing,) = (each for each in document["Statement"] if each["Action"] == ["iam:PassRole"])
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "cognito-idp.amazonaws.com"}}


def test_a_template_without_pools_says_nothing_of_pools() -> None:
    assert not re.search("cognito|PassRole", json.dumps(_text(policy_document([notification()]))))


def test_settings_of_one_place_wait_for_each_other_and_others_do_not() -> None:
    one, other, two, pool = (
        notification("a"),
        notification("b", bucket="videos"),
        notification("c"),
        trigger("p"),
    )
    three = notification("d")

    waits = earlier([one, other, two, pool, three])

    assert waits == {two.id: one, three.id: two}


def test_a_graph_s_settings_are_found() -> None:
    function = Function(
        id=ResourceId("work"),
        name="work",
        function_name="shop-work",
        handler="app.work",
        runtime="python3.12",
        role="arn:aws:iam::123456789012:role/r",
    )
    wanted = notification()

    assert attachments(Graph.of([wanted, function])) == (wanted,)
