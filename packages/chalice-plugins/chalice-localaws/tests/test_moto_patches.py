"""Each patch of moto: still needed, and still fitting.

These run stock moto in this process, unpatched, and fail when it has learned to
do what a patch does. That is good news: the patch can go.
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
from moto.core.config import default_user_config

from chalice_localaws.moto_patches import (
    MotoChangedError,
    Patch,
    Patches,
    all_patches,
    domain_names,
    function_urls,
    stacks,
    user_pools,
    websocket_apis,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
MINIMAL = {"openapi": "3.0.1", "info": {"title": "t", "version": "1", "description": "d"}, "paths": {}}


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


def function(**options: Any) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return 42\n")
    try:
        role = client("iam").get_role(RoleName="role")["Role"]["Arn"]
    except client("iam").exceptions.NoSuchEntityException:
        role = client("iam").create_role(RoleName="role", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    arn: str = client("lambda").create_function(
        FunctionName="f",
        Runtime="python3.11",
        Role=role,
        Handler="app.handler",
        **{"Code": {"ZipFile": buffer.getvalue()}, **options},
    )["FunctionArn"]
    return arn


def queue(name: str = "q", **attributes: str) -> tuple[str, str]:
    url = client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    found = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, found["Attributes"]["QueueArn"]


@pytest.mark.parametrize("patch", all_patches(), ids=lambda patch: patch.label)
def test_what_a_patch_replaces_is_still_there_and_takes_the_same(patch: Patch) -> None:
    assert callable(patch.original())
    assert patch.why


def test_a_name_that_has_moved_is_an_error_that_names_it() -> None:
    class Owner:
        def there(self, one: int) -> None: ...

    def make(original: Any, plane: Any) -> Any:
        return original

    gone = Patch(owner=Owner, name="gone", parameters="self", why="", make=make)
    changed = Patch(owner=Owner, name="there", parameters="self, two", why="", make=make)

    with pytest.raises(MotoChangedError, match=r"Owner\.gone .* is not there"):
        gone.original()
    with pytest.raises(MotoChangedError, match=r"takes \(self, one\)"):
        changed.original()


def test_patches_are_applied_all_or_none_and_can_be_taken_back() -> None:
    class Owner:
        def value(self) -> int:
            return 1

    def doubled(original: Any, plane: Any) -> Any:
        return lambda self: original(self) * 2

    good = Patch(owner=Owner, name="value", parameters="self", why="", make=doubled)
    bad = Patch(owner=Owner, name="gone", parameters="self", why="", make=doubled)

    with pytest.raises(MotoChangedError):
        Patches([good, bad]).apply(None)  # type: ignore[arg-type]
    assert Owner().value() == 1
    patches = Patches([good])
    patches.apply(None)  # type: ignore[arg-type]
    assert Owner().value() == 2
    patches.remove()
    assert Owner().value() == 1


# Which of the tests below shows that a patch is needed.
SHOWN_BY = {
    "LambdaFunction.invoke": "test_stock_moto_does_not_run_functions",
    "LambdaResponse.invoke": "test_stock_moto_takes_the_qualifier_out_of_the_payload",
    "LambdaFunction.update_configuration": "test_stock_moto_has_no_workers_to_tell_of_changes",
    "LambdaFunction.update_function_code": "test_stock_moto_has_no_workers_to_tell_of_changes",
    "LambdaBackend.delete_function": "test_stock_moto_has_no_workers_to_tell_of_changes",
    "LambdaBackend.create_event_source_mapping": "test_stock_moto_delivers_inside_send_message",
    "LambdaBackend.update_event_source_mapping": "test_stock_moto_checks_no_rule_of_batches",
    "LambdaBackend.list_event_source_mappings": (
        "test_stock_moto_finds_a_mapping_only_by_the_spelling_that_made_it"
    ),
    "Queue.add_message": "test_stock_moto_deletes_messages_without_a_lock",
    "Queue.delete_message": "test_stock_moto_deletes_messages_without_a_lock",
    "SQSBackend.receive_message": "test_stock_moto_delivers_a_failed_fifo_group_out_of_order",
    "Stream.put_record": "test_stock_moto_delivers_inside_put_record",
    "Stream.get_shard_for_key": "test_stock_moto_puts_records_into_closed_shards",
    "Stream.split_shard": "test_stock_moto_takes_records_out_of_a_shard_that_is_split",
    "Stream.merge_shards": "test_stock_moto_copies_the_records_of_shards_that_are_merged",
    "Table.set_stream_specification": "test_stock_moto_labels_streams_with_microseconds",
    "StreamShard.add": "test_stock_moto_delivers_inside_put_item",
    "SNSBackend.subscribe": "test_stock_moto_subscribes_functions_to_fifo_topics",
    "Subscription.publish": "test_stock_moto_makes_up_the_topic_of_a_message",
    "SNSBackend._validate_filter_policy": "test_stock_moto_refuses_wildcards_in_filter_policies",
    "moto.s3.notifications._get_s3_event": "test_stock_moto_leaves_out_most_of_a_notification",
    "moto.s3.notifications._invoke_awslambda": "test_stock_moto_notifies_functions_without_permission",
    "FakeBucket.set_notification_configuration": "test_stock_moto_notifies_functions_without_permission",
    "S3Response._notification_config_from_body": "test_stock_moto_does_not_read_whether_to_check",
    "S3Backend.delete_object": "test_stock_moto_tells_nobody_of_delete_markers",
    "LogsBackend.delete_log_group": "test_stock_moto_keeps_the_tags_of_a_deleted_log_group",
    "LogsBackend.filter_log_events": "test_stock_moto_gives_log_events_stream_by_stream",
    "APIGatewayBackend.import_rest_api": "test_stock_moto_wants_a_description",
    "APIGatewayBackend.put_rest_api": "test_stock_moto_refuses_swagger_2",
    "RestAPI.create_deployment": "test_stock_moto_keeps_nothing_of_a_stage_through_a_deployment",
    "RestAPI.apply_patch_operations": "test_stock_moto_drops_a_change_of_the_minimum_compression_size",
    "APIGatewayBackend.delete_rest_api": "test_stock_moto_fails_to_delete_an_api_that_is_not_there",
    "APIGatewayResponse.create_rest_api": "test_stock_moto_ignores_the_endpoint_type_of_an_import",
    "LambdaBackend.create_function": "test_stock_moto_accepts_what_is_refused_here",
    "LambdaBackend.update_function_configuration": "test_stock_moto_accepts_what_is_refused_here",
    "LambdaBackend.put_function_event_invoke_config": "test_stock_moto_reads_the_first_invoke_config",
    "LambdaBackend.update_function_event_invoke_config": "test_stock_moto_forgets_the_rest_of_a_config",
    "EventsBackend.put_rule": "test_stock_moto_accepts_rules_that_cannot_be",
    "EventsBackend.put_targets": "test_stock_moto_fails_to_invoke_the_target_of_a_rule",
    "Rule.send_to_targets": "test_stock_moto_fails_to_invoke_the_target_of_a_rule",
    "EventBridgeSchedulerBackend.create_schedule": "test_stock_moto_accepts_schedules_that_cannot_be",
    "EventBridgeSchedulerBackend.update_schedule": "test_stock_moto_accepts_schedules_that_cannot_be",
    "ApiGatewayV2Backend.create_api": "test_stock_moto_accepts_what_is_refused_here",
}


def test_each_patch_has_a_test_that_shows_its_need() -> None:
    # What these need is shown in test_stock_surfaces.py.
    modules = (websocket_apis, domain_names, function_urls, stacks, user_pools)
    elsewhere = [patch for module in modules for patch in module.PATCHES]
    patched = {f"{patch.owner.__name__}.{patch.name}" for patch in all_patches() if patch not in elsewhere}

    assert patched == set(SHOWN_BY)
    assert [name for name in SHOWN_BY.values() if not callable(globals().get(name))] == []


# What stock moto does not do. One test for each patch, in the order of the patches.


def test_stock_moto_does_not_run_functions() -> None:
    assert client("lambda").invoke(FunctionName=function())["Payload"].read() != b"42"


def test_stock_moto_takes_the_qualifier_out_of_the_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(default_user_config, "lambda", {"use_docker": True})
    arn = function()

    with pytest.raises(client("lambda").exceptions.ResourceNotFoundException, match="nothing"):
        client("lambda").invoke(FunctionName=arn, Payload=b'{"qualifier": "nothing"}')


def test_stock_moto_has_no_workers_to_tell_of_changes() -> None:
    from moto.awslambda import models

    assert not [name for name in vars(models) if "worker" in name.lower()]


def test_stock_moto_reads_the_first_invoke_config() -> None:
    function()
    for retries in (2, 0):
        client("lambda").put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=retries)

    found = client("lambda").get_function_event_invoke_config(FunctionName="f")

    assert found["MaximumRetryAttempts"] == 2


def test_stock_moto_forgets_the_rest_of_a_config() -> None:
    function()
    client("lambda").update_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=1)

    updated = client("lambda").update_function_event_invoke_config(
        FunctionName="f", MaximumEventAgeInSeconds=60
    )

    assert "MaximumRetryAttempts" not in updated


def test_stock_moto_delivers_inside_send_message() -> None:
    arn = function()
    url, source = queue()
    client("lambda").create_event_source_mapping(EventSourceArn=source, FunctionName=arn)

    client("sqs").send_message(QueueUrl=url, MessageBody="x")

    found = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    assert found["Attributes"]["ApproximateNumberOfMessages"] == "0"


def test_stock_moto_checks_no_rule_of_batches() -> None:
    arn = function()
    _, source = queue()
    mapping = client("lambda").create_event_source_mapping(EventSourceArn=source, FunctionName=arn)

    updated = client("lambda").update_event_source_mapping(UUID=mapping["UUID"], BatchSize=20)

    assert updated["BatchSize"] == 20


def test_stock_moto_finds_a_mapping_only_by_the_spelling_that_made_it() -> None:
    arn = function()
    _, source = queue()
    client("lambda").create_event_source_mapping(EventSourceArn=source, FunctionName=arn)

    assert client("lambda").list_event_source_mappings(FunctionName="f")["EventSourceMappings"] == []


def test_stock_moto_deletes_messages_without_a_lock() -> None:
    import inspect

    from moto.sqs.models import Queue

    # add_message and delete_message both touch the list; a lock in only one of them guards nothing.
    assert "lock" not in inspect.getsource(Queue.delete_message).lower()


def test_stock_moto_delivers_a_failed_fifo_group_out_of_order() -> None:
    url, _ = queue("q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    sqs = client("sqs")
    for body in "12":
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)["Messages"]
    from moto.sqs.models import sqs_backends

    # Both become visible again, as when their visibility timeout has run out.
    for message in sqs_backends["123456789012"]["us-east-1"].queues["q.fifo"]._messages:
        message.visible_at = 0
    again = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)["Messages"]

    assert [message["Body"] for message in received] == ["1", "2"]
    assert [message["Body"] for message in again] != ["1", "2"]


def kinesis_stream(shards: int) -> Any:
    from moto.kinesis.models import kinesis_backends

    client("kinesis").create_stream(StreamName="s", ShardCount=shards)
    client("kinesis").put_record(StreamName="s", Data=b"x", PartitionKey="k")
    return kinesis_backends["123456789012"]["us-east-1"].streams["s"]


def test_stock_moto_delivers_inside_put_record(monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.awslambda.models import LambdaBackend

    delivered: list[str] = []
    monkeypatch.setattr(
        LambdaBackend,
        "send_kinesis_message",
        lambda self, **message: delivered.append(message["kinesis_data"]),
    )
    stream = kinesis_stream(1)
    client("lambda").create_event_source_mapping(
        EventSourceArn=stream.arn, FunctionName=function(), StartingPosition="LATEST"
    )

    client("kinesis").put_record(StreamName="s", Data=b"y", PartitionKey="k")

    assert delivered == ["eQ=="]


def test_stock_moto_puts_records_into_closed_shards() -> None:
    stream = kinesis_stream(1)
    client("kinesis").split_shard(
        StreamName="s", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127)
    )

    put = client("kinesis").put_record(StreamName="s", Data=b"y", PartitionKey="k")

    assert not stream.shards[put["ShardId"]].is_open


def test_stock_moto_takes_records_out_of_a_shard_that_is_split() -> None:
    stream = kinesis_stream(1)
    before = list(stream.shards["shardId-000000000000"].records.values())
    client("kinesis").split_shard(
        StreamName="s", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127)
    )

    assert list(stream.shards["shardId-000000000000"].records.values()) != before


def test_stock_moto_copies_the_records_of_shards_that_are_merged() -> None:
    stream = kinesis_stream(2)
    client("kinesis").merge_shards(
        StreamName="s", ShardToMerge="shardId-000000000000", AdjacentShardToMerge="shardId-000000000001"
    )

    assert stream.shards["shardId-000000000002"].records


def test_stock_moto_delivers_inside_put_item(monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.awslambda.models import LambdaBackend

    delivered: list[str] = []
    monkeypatch.setattr(
        LambdaBackend, "send_dynamodb_items", lambda self, arn, items, source: delivered.append(source)
    )
    made = client("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )["TableDescription"]
    client("lambda").create_event_source_mapping(
        EventSourceArn=made["LatestStreamArn"], FunctionName=function(), StartingPosition="LATEST"
    )

    client("dynamodb").put_item(TableName="t", Item={"id": {"S": "1"}})

    assert delivered == [made["LatestStreamArn"]]


def test_stock_moto_labels_streams_with_microseconds() -> None:
    from moto.dynamodb.models import dynamodb_backends

    client("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    table = dynamodb_backends["123456789012"]["us-east-1"].tables["t"]
    labels = set()
    for _ in range(3):
        table.set_stream_specification({"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
        labels.add(table.latest_stream_label)

    # One of three may have no microseconds by chance.
    assert any(len(label) == len("2030-01-31T12:00:00.000000") for label in labels)


def test_stock_moto_subscribes_functions_to_fifo_topics() -> None:
    topic = client("sns").create_topic(Name="t.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]

    assert client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function())["SubscriptionArn"]


def test_stock_moto_makes_up_the_topic_of_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.awslambda.models import LambdaFunction

    bodies: list[str] = []
    monkeypatch.setattr(LambdaFunction, "invoke", lambda self, body, *headers: bodies.append(body) or b"")
    topic = client("sns").create_topic(Name="t")["TopicArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function())

    client("sns").publish(TopicArn=topic, Message="hello")

    [body] = bodies
    assert json.loads(body)["Records"][0]["Sns"]["Message"] == "hello"
    assert topic not in body


def test_stock_moto_refuses_wildcards_in_filter_policies() -> None:
    topic = client("sns").create_topic(Name="t")["TopicArn"]
    policy = json.dumps({"name": [{"wildcard": "*.png"}]})

    with pytest.raises(ClientError, match="Unrecognized match type wildcard"):
        client("sns").subscribe(
            TopicArn=topic, Protocol="lambda", Endpoint=function(), Attributes={"FilterPolicy": policy}
        )


def notified_bucket() -> Any:
    s3 = client("s3")
    s3.create_bucket(Bucket="uploads")
    s3.put_bucket_notification_configuration(
        Bucket="uploads",
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {"LambdaFunctionArn": function(), "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}
            ]
        },
    )
    return s3


def test_stock_moto_leaves_out_most_of_a_notification(monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.s3 import notifications

    events: list[Any] = []
    monkeypatch.setattr(
        notifications, "_invoke_awslambda", lambda account, event, *rest: events.append(event)
    )

    notified_bucket().put_object(Bucket="uploads", Key="k", Body=b"")

    assert "userIdentity" not in events[0]["Records"][0]
    assert "sequencer" not in events[0]["Records"][0]["s3"]["object"]


def test_stock_moto_does_not_read_whether_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.s3.models import S3Backend

    given: list[Any] = []
    monkeypatch.setattr(
        S3Backend, "put_bucket_notification_configuration", lambda self, bucket, config: given.append(config)
    )

    client("s3").put_bucket_notification_configuration(
        Bucket="uploads", NotificationConfiguration={}, SkipDestinationValidation=True
    )
    client("s3").put_bucket_notification_configuration(Bucket="uploads", NotificationConfiguration={})

    assert given[0] == given[1]


def test_stock_moto_notifies_functions_without_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.awslambda.models import LambdaFunction

    invoked: list[str] = []
    monkeypatch.setattr(LambdaFunction, "invoke", lambda self, body, *headers: invoked.append(body) or b"")

    notified_bucket().put_object(Bucket="uploads", Key="k", Body=b"")

    assert len(invoked) == 1


def test_stock_moto_tells_nobody_of_delete_markers(monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.s3 import notifications

    told: list[str] = []
    s3 = notified_bucket()
    s3.put_bucket_versioning(Bucket="uploads", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="uploads", Key="k", Body=b"")
    monkeypatch.setattr(notifications, "_invoke_awslambda", lambda account, event, *rest: told.append(event))

    s3.delete_object(Bucket="uploads", Key="k")

    assert told == []


def test_stock_moto_accepts_rules_that_cannot_be() -> None:
    events = client("events")

    events.put_rule(Name="a", ScheduleExpression="cron(at noon)")
    events.put_rule(Name="b", EventPattern='{"source": [{"begins": "x"}]}')

    assert len(events.list_rules()["Rules"]) == 2


def test_stock_moto_fails_to_invoke_the_target_of_a_rule() -> None:
    events = client("events")
    events.put_rule(Name="r", EventPattern='{"source": ["x"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": function()}])

    with pytest.raises(NotImplementedError):
        events.put_events(Entries=[{"Source": "x", "DetailType": "y", "Detail": "{}"}])


def test_stock_moto_accepts_schedules_that_cannot_be() -> None:
    settings = {
        "Name": "s",
        "ScheduleExpression": "rate(never)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": function(), "RoleArn": "arn:aws:iam::123456789012:role/nobody"},
    }

    assert client("scheduler").create_schedule(**settings)["ScheduleArn"]
    assert client("scheduler").update_schedule(**settings)["ScheduleArn"]


def test_stock_moto_keeps_the_tags_of_a_deleted_log_group() -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="/g", tags={"owner": "first"})
    logs.delete_log_group(logGroupName="/g")
    logs.create_log_group(logGroupName="/g")

    [group] = logs.describe_log_groups()["logGroups"]
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {"owner": "first"}


def test_stock_moto_gives_log_events_stream_by_stream(log_to_two_streams: Callable[[Any, str], None]) -> None:
    log_to_two_streams(client("logs"), "/g")

    events = client("logs").filter_log_events(logGroupName="/g")["events"]

    assert [event["message"] for event in events] == ["first", "third", "second"]


def test_stock_moto_wants_a_description() -> None:
    body = {**MINIMAL, "info": {"title": "t", "version": "1"}}

    with pytest.raises(KeyError, match="description"):
        client("apigateway").import_rest_api(body=json.dumps(body))


def test_stock_moto_refuses_swagger_2() -> None:
    body = {**MINIMAL, "swagger": "2.0"}
    del body["openapi"]

    with pytest.raises(ClientError, match="Only OpenAPI 3"):
        client("apigateway").import_rest_api(body=json.dumps(body))


def test_stock_moto_keeps_nothing_of_a_stage_through_a_deployment() -> None:
    gateway = client("apigateway")
    proxy = {"type": "http", "httpMethod": "GET", "uri": "http://example.com"}
    paths = {"/": {"get": {"responses": {}, "x-amazon-apigateway-integration": {**proxy, "type": "HTTP"}}}}
    api = gateway.import_rest_api(body=json.dumps({**MINIMAL, "paths": paths}))["id"]
    gateway.create_deployment(restApiId=api, stageName="s", variables={"colour": "red"})

    gateway.create_deployment(restApiId=api, stageName="s")

    assert not gateway.get_stage(restApiId=api, stageName="s").get("variables")


def test_stock_moto_drops_a_change_of_the_minimum_compression_size() -> None:
    gateway = client("apigateway")
    api = gateway.create_rest_api(name="a")["id"]
    operation = {"op": "replace", "path": "/minimumCompressionSize", "value": "10"}

    gateway.update_rest_api(restApiId=api, patchOperations=[operation])

    assert "minimumCompressionSize" not in gateway.get_rest_api(restApiId=api)


def test_stock_moto_fails_to_delete_an_api_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        client("apigateway").delete_rest_api(restApiId="nothing")


def test_stock_moto_ignores_the_endpoint_type_of_an_import() -> None:
    made = client("apigateway").import_rest_api(
        body=json.dumps(MINIMAL), parameters={"endpointConfigurationTypes": "REGIONAL"}
    )

    assert made["endpointConfiguration"]["types"] == ["EDGE"]


def test_stock_moto_accepts_what_is_refused_here() -> None:
    function(DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"})
    client("lambda").update_function_configuration(
        FunctionName="f", DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:123456789012:other"}
    )
    client("lambda").create_function_url_config(FunctionName="f", AuthType="NONE")
    api = client("apigatewayv2").create_api(Name="a", ProtocolType="HTTP")

    assert "DeadLetterConfig" not in client("lambda").get_function_configuration(FunctionName="f")
    assert api["ApiEndpoint"]
