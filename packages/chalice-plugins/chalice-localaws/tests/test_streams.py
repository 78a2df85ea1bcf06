"""Kinesis and DynamoDB streams as event sources: order, batches, retries, giving up."""

from __future__ import annotations

import base64
import json
import re
import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

# What AWS does, and moto under it, is the same on every Python.
pytestmark = pytest.mark.one_python

if TYPE_CHECKING:
    from collections.abc import Callable

READS = ["kinesis:*", "dynamodb:*", "sqs:SendMessage", "s3:PutObject"]
ECHO = """
import base64, json

def handler(event, context):
    print("EVENT " + json.dumps(event))
    for record in event["Records"]:
        if "kinesis" in record and base64.b64decode(record["kinesis"]["data"]) == b"poison":
            raise ValueError("poison")
"""
SUMS = """
import json

def handler(event, context):
    print("EVENT " + json.dumps(event))
    return {"state": {"count": event["state"].get("count", 0) + len(event["Records"])}}
"""
REPORTS = """
import base64, json

seen = set()

def handler(event, context):
    print("EVENT " + json.dumps(event))
    for record in event["Records"]:
        number = record["kinesis"]["sequenceNumber"]
        if base64.b64decode(record["kinesis"]["data"]) == b"bad" and number not in seen:
            seen.add(number)
            return {"batchItemFailures": [{"itemIdentifier": number}]}
"""


def stream(cloud: Any, shards: int = 1) -> str:
    name = f"s-{uuid.uuid4().hex[:8]}"
    cloud.client("kinesis").create_stream(StreamName=name, ShardCount=shards)
    found = cloud.client("kinesis").describe_stream(StreamName=name)["StreamDescription"]
    arn: str = found["StreamARN"]
    return arn


def table(cloud: Any, view: str = "NEW_AND_OLD_IMAGES") -> tuple[str, str]:
    name = f"t-{uuid.uuid4().hex[:8]}"
    made = cloud.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": view},
    )["TableDescription"]
    return name, made["LatestStreamArn"]


def put(cloud: Any, arn: str, *texts: str, key: str = "k") -> None:
    records = [{"Data": text.encode(), "PartitionKey": key} for text in texts]
    cloud.client("kinesis").put_records(StreamName=arn.rpartition("/")[2], Records=records)


def reader(cloud: Any, source: str = ECHO) -> str:
    role = cloud.role()
    cloud.allow(role, READS)
    arn: str = cloud.function(source, Role=role)
    return arn


def connect(cloud: Any, source: str, function: str, **options: Any) -> dict[str, Any]:
    settings = {"StartingPosition": "TRIM_HORIZON", **options}
    made: dict[str, Any] = cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=source, FunctionName=function, **settings
    )
    return made


def texts(event: dict[str, Any]) -> list[str]:
    return [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]


def batches(cloud: Any, function: str) -> list[list[str]]:
    return [texts(event) for event in cloud.logged_json(function)]


def read(cloud: Any, function: str) -> list[str]:
    return [text for batch in batches(cloud, function) for text in batch]


def test_records_of_a_shard_arrive_in_order_in_one_batch_as_aws_sends_them(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    function, source = reader(cloud), stream(cloud)
    put(cloud, source, "one", "two", "three")

    connect(cloud, source, function)

    event = eventually(lambda: cloud.logged_json(function))[0]
    record = event["Records"][0]
    assert texts(event) == ["one", "two", "three"]
    assert abs(record["kinesis"].pop("approximateArrivalTimestamp") - time.time()) < 60
    assert record == {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": "k",
            "sequenceNumber": "1",
            "data": "b25l",
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": "shardId-000000000000:1",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": cloud.client("lambda").get_function_configuration(FunctionName=function)["Role"],
        "awsRegion": "us-east-1",
        "eventSourceARN": source,
    }


def test_batches_are_no_larger_than_their_size_and_follow_one_another(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    function, source = reader(cloud), stream(cloud)
    put(cloud, source, *"abcde")

    connect(cloud, source, function, BatchSize=2)

    eventually(lambda: len(batches(cloud, function)) == 3)
    assert batches(cloud, function) == [["a", "b"], ["c", "d"], ["e"]]


def test_latest_leaves_out_what_was_there_and_a_timestamp_what_is_older(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    latest, since, source = reader(cloud), reader(cloud), stream(cloud)
    put(cloud, source, "old")
    time.sleep(0.05)
    between = time.time()
    time.sleep(0.05)
    put(cloud, source, "middle")

    connect(cloud, source, latest, StartingPosition="LATEST")
    connect(cloud, source, since, StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=between)
    put(cloud, source, "new")

    eventually(lambda: read(cloud, latest) == ["new"])
    eventually(lambda: read(cloud, since) == ["middle", "new"])


def test_a_window_collects_records_that_come_apart(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, source = reader(cloud), stream(cloud)
    connect(cloud, source, function, MaximumBatchingWindowInSeconds=1)

    put(cloud, source, "first")
    time.sleep(0.4)
    put(cloud, source, "second")

    eventually(lambda: batches(cloud, function))
    assert batches(cloud, function) == [["first", "second"]]


def test_a_failed_batch_holds_up_its_shard_until_it_is_given_up_and_its_destination_hears(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    function, source = reader(cloud), stream(cloud)
    url, queue = cloud.queue()
    put(cloud, source, "poison", "beside", "after")

    connect(
        cloud,
        source,
        function,
        BatchSize=2,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": queue}},
    )

    eventually(lambda: ["after"] in batches(cloud, function))
    assert batches(cloud, function) == [["poison", "beside"]] * 2 + [["after"]]
    [message] = cloud.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    document = json.loads(message["Body"])
    batch = document.pop("KinesisBatchInfo")
    assert document["version"] == "1.0"
    assert document["timestamp"].endswith("Z")
    assert document["requestContext"].pop("requestId")
    assert document["requestContext"] == {
        "functionArn": function,
        "condition": "RetryAttemptsExhausted",
        "approximateInvokeCount": 2,
    }
    assert document["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    assert batch.pop("approximateArrivalOfFirstRecord") <= batch.pop("approximateArrivalOfLastRecord")
    assert batch == {
        "shardId": "shardId-000000000000",
        "startSequenceNumber": "1",
        "endSequenceNumber": "2",
        "batchSize": 2,
        "streamArn": source,
    }


def test_a_bucket_hears_of_what_was_given_up(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, source = reader(cloud), stream(cloud)
    bucket = f"b-{uuid.uuid4().hex[:8]}"
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=bucket)
    put(cloud, source, "poison")

    mapping = connect(
        cloud,
        source,
        function,
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:s3:::{bucket}"}},
    )

    [found] = eventually(lambda: s3.list_objects_v2(Bucket=bucket).get("Contents"))
    document = json.loads(s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].read())
    assert found["Key"].startswith(f"aws/lambda/{mapping['UUID']}/shardId-000000000000/")
    assert document["KinesisBatchInfo"]["batchSize"] == 1


def test_a_batch_is_cut_in_two_until_the_poison_is_alone(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, source = reader(cloud), stream(cloud)
    put(cloud, source, "a", "poison", "c", "d")

    connect(cloud, source, function, BisectBatchOnFunctionError=True, MaximumRetryAttempts=0)

    eventually(lambda: ["c", "d"] in batches(cloud, function))
    assert batches(cloud, function) == [
        ["a", "poison", "c", "d"],
        ["a", "poison"],
        ["a"],
        ["poison"],
        ["c", "d"],
    ]


def test_a_report_sets_the_checkpoint_at_the_first_record_that_failed(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    function, source = reader(cloud, REPORTS), stream(cloud)
    put(cloud, source, "good", "bad", "fine")

    connect(cloud, source, function, FunctionResponseTypes=["ReportBatchItemFailures"])

    eventually(lambda: len(batches(cloud, function)) == 2)
    assert batches(cloud, function) == [["good", "bad", "fine"], ["bad", "fine"]]


def test_filters_let_through_what_matches_one_of_them(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, source = reader(cloud), stream(cloud)
    put(cloud, source, '{"size": 1}', '{"size": 20}', "no json", '{"colour": "red"}', '{"size": 30}')
    patterns = [{"data": {"size": [{"numeric": [">", 10]}]}}, {"data": {"colour": ["red"]}}]

    connect(
        cloud,
        source,
        function,
        FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)} for pattern in patterns]},
    )

    eventually(lambda: batches(cloud, function))
    assert read(cloud, function) == ['{"size": 20}', '{"colour": "red"}', '{"size": 30}']


def test_a_tumbling_window_keeps_a_state_until_its_end(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, source = reader(cloud, SUMS), stream(cloud)
    put(cloud, source, "a", "b", "c")

    connect(cloud, source, function, BatchSize=2, TumblingWindowInSeconds=1)

    eventually(
        lambda: cloud.logged_json(function)[-1:] and cloud.logged_json(function)[-1]["isFinalInvokeForWindow"]
    )
    first, *_, final = cloud.logged_json(function)
    assert first["state"] == {}
    assert first["shardId"] == "shardId-000000000000"
    assert first["eventSourceARN"] == source
    assert first["isFinalInvokeForWindow"] is False
    assert set(first["window"]) == {"start", "end"}
    assert final["Records"] == []
    assert final["isWindowTerminatedEarly"] is False
    counts = [
        event["state"]["count"] for event in cloud.logged_json(function) if event["isFinalInvokeForWindow"]
    ]
    assert sum(counts) == 3


def test_each_shard_has_its_own_batches_and_a_split_keeps_the_order(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    function, source = reader(cloud), stream(cloud)
    name = source.rpartition("/")[2]
    put(cloud, source, "before")
    connect(cloud, source, function)
    middle = str(2**127)

    cloud.client("kinesis").split_shard(
        StreamName=name, ShardToSplit="shardId-000000000000", NewStartingHashKey=middle
    )
    put(cloud, source, "after")

    eventually(lambda: read(cloud, function) == ["before", "after"])
    last = cloud.logged_json(function)[-1]["Records"][0]
    assert last["eventID"].split(":")[0] != "shardId-000000000000"


def test_a_table_tells_of_inserts_changes_and_deletions(cloud: Any, eventually: Callable[..., Any]) -> None:
    function = reader(cloud)
    name, source = table(cloud)
    connect(cloud, source, function)
    database = cloud.client("dynamodb")

    database.put_item(TableName=name, Item={"id": {"S": "1"}, "raw": {"B": b"\x00"}})
    database.put_item(TableName=name, Item={"id": {"S": "1"}, "raw": {"B": b"\x00"}})
    database.update_item(
        TableName=name,
        Key={"id": {"S": "1"}},
        UpdateExpression="SET height = :s",
        ExpressionAttributeValues={":s": {"N": "3"}},
    )
    database.delete_item(TableName=name, Key={"id": {"S": "1"}})

    def records() -> list[dict[str, Any]]:
        return [record for event in cloud.logged_json(function) for record in event["Records"]]

    eventually(lambda: len(records()) == 3)
    inserted, changed, removed = records()
    assert re.fullmatch(r".*/stream/[0-9-]{10}T[0-9:]{8}\.[0-9]{3}", source)
    assert [record["eventName"] for record in records()] == ["INSERT", "MODIFY", "REMOVE"]
    assert changed["dynamodb"]["OldImage"] == {"id": {"S": "1"}, "raw": {"B": "AA=="}}
    assert changed["dynamodb"]["NewImage"]["height"] == {"N": "3"}
    assert "NewImage" not in removed["dynamodb"]
    assert inserted.pop("eventID")
    assert int(inserted["dynamodb"].pop("SequenceNumber")) < int(changed["dynamodb"]["SequenceNumber"])
    assert abs(inserted["dynamodb"].pop("ApproximateCreationDateTime") - time.time()) < 60
    assert inserted["dynamodb"].pop("SizeBytes") > 0
    assert inserted == {
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "eventVersion": "1.1",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            "Keys": {"id": {"S": "1"}},
            "NewImage": {"id": {"S": "1"}, "raw": {"B": "AA=="}},
        },
        "eventSourceARN": source,
    }


def test_a_disabled_mapping_goes_on_where_it_was(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, source = reader(cloud), stream(cloud)
    uuid = connect(cloud, source, function)["UUID"]
    put(cloud, source, "one")
    eventually(lambda: batches(cloud, function) == [["one"]])

    cloud.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=False)
    put(cloud, source, "two")
    time.sleep(0.5)
    while_disabled = batches(cloud, function)
    cloud.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=True)

    assert while_disabled == [["one"]]
    eventually(lambda: batches(cloud, function) == [["one"], ["two"]])


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    message: str = caught.value.response["Error"]["Message"]
    return message


def test_a_role_that_may_not_read_the_stream_is_refused(cloud: Any) -> None:
    function, source = cloud.function(ECHO), stream(cloud)

    message = refusal(lambda: connect(cloud, source, function))

    assert message.startswith(
        f"Cannot access stream {source}. Please ensure the role can perform the GetRecords"
    )


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"StartingPosition": "AT_TIMESTAMP"}, "StartingPositionTimestamp is required"),
        ({"MaximumRetryAttempts": 10001}, "MaximumRetryAttempts must be between"),
        ({"ScalingConfig": {"MaximumConcurrency": 2}}, "Unsupported ScalingConfig"),
        (
            {"FilterCriteria": {"Filters": [{"Pattern": '{"data": {"a": 1}}'}]}},
            "must be an object or an array",
        ),
        ({"FilterCriteria": {"Filters": [{"Pattern": "no json"}]}}, "Invalid filter pattern definition"),
        (
            {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sns:us-east-1:123456789012:t"}}},
            "does not have permissions to call sns:Publish",
        ),
    ],
)
def test_settings_that_aws_or_this_emulation_refuses(cloud: Any, options: dict[str, Any], named: str) -> None:
    function, source = reader(cloud), stream(cloud)

    assert named in refusal(lambda: connect(cloud, source, function, **options))


def test_a_table_has_no_positions_in_time(cloud: Any) -> None:
    function, (_, source) = reader(cloud), table(cloud)
    options = {"StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": 1}

    assert "Unsupported starting position for dynamodb" in refusal(
        lambda: connect(cloud, source, function, **options)
    )


@pytest.mark.parametrize(
    ("options", "feature"),
    [
        ({"EventSourceArn": "arn:aws:kafka:us-east-1:123456789012:cluster/c/u", "Topics": ["t"]}, "MSK"),
        (
            {
                "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["k:9092"]}},
                "Topics": ["t"],
            },
            "self-managed",
        ),
        ({"EventSourceArn": "arn:aws:mq:us-east-1:123456789012:broker:b:u", "Queues": ["q"]}, "Amazon MQ"),
        (
            {"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c:1"},
            "enhanced fan-out",
        ),
    ],
)
def test_sources_that_are_not_emulated_are_refused_by_name(
    cloud: Any, options: dict[str, Any], feature: str
) -> None:
    function = cloud.function(ECHO)

    message = refusal(
        lambda: cloud.client("lambda").create_event_source_mapping(
            FunctionName=function, StartingPosition="LATEST", **options
        )
    )

    assert feature in message
    assert message.endswith("is not emulated on this machine.")
