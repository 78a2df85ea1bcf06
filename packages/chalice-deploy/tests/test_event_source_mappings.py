"""Mappings of queues, streams and Kafka: what is changed in place, what is replaced, and crashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalice_core.kinds import EventSourceMapping, Function, Resource, Role
from chalice_core.values import Output, ResourceId
from chalice_deploy.kinds.event_source_mapping import EventSourceMappings
from chalice_deploy.record import Entry

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:orders"
FAILED = "arn:aws:sqs:eu-central-1:123456789012:failed"
CLUSTER = "arn:aws:kafka:eu-central-1:123456789012:cluster/c/u-1"
ROLE = Role(id=ResourceId("default-role"), role_name="shop-dev")
WORK = Function(
    id=ResourceId("work"),
    name="work",
    function_name="shop-dev-work",
    handler="app.work",
    runtime="python3.12",
    role=ROLE.arn,
)
PLAIN = EventSourceMapping(
    id=ResourceId("work-kinesis-event-source"),
    function_arn=WORK.arn,
    source_arn="",
    service="kinesis",
    batch_size=100,
    starting_position="LATEST",
)
ALL: dict[str, Any] = {
    "report_batch_item_failures": True,
    "filter_patterns": ({"data": {"colour": ["red", "grün"]}},),
    "on_failure": FAILED,
    "maximum_retry_attempts": 3,
    "maximum_record_age": 3600,
    "bisect_batch": True,
    "parallelization_factor": 2,
    "tumbling_window": 30,
}
SET = {
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "FilterCriteria": {"Filters": [{"Pattern": '{"data":{"colour":["red","grün"]}}'}]},
    "DestinationConfig": {"OnFailure": {"Destination": FAILED}},
    "MaximumRetryAttempts": 3,
    "MaximumRecordAgeInSeconds": 3600,
    "BisectBatchOnFunctionError": True,
    "ParallelizationFactor": 2,
    "TumblingWindowInSeconds": 30,
}
CLEARED = {
    "FunctionResponseTypes": [],
    "FilterCriteria": {},
    "DestinationConfig": {"OnFailure": {"Destination": ""}},
    "MaximumRetryAttempts": -1,
    "MaximumRecordAgeInSeconds": -1,
    "BisectBatchOnFunctionError": False,
    "ParallelizationFactor": 1,
    "TumblingWindowInSeconds": 0,
}


@pytest.fixture
def stream(project: Any, aws_client: Callable[[str], Any]) -> str:
    kinesis = aws_client("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    return str(kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]["StreamARN"])


@pytest.fixture
def mapping(aws_client: Callable[[str], Any]) -> Callable[[], dict[str, Any]]:
    """Return the one mapping that there is."""

    def look() -> dict[str, Any]:
        (only,) = aws_client("lambda").list_event_source_mappings()["EventSourceMappings"]
        return dict(only)

    return look


def app(mapping: EventSourceMapping, **changes: Any) -> list[Resource]:
    return [ROLE, WORK, replace(mapping, **changes)]


def settings(mapping: dict[str, Any]) -> dict[str, Any]:
    return {name: mapping.get(name) for name in SET}


def test_every_setting_reaches_aws(project: Any, stream: str, mapping: Any) -> None:
    project.deploy(app(PLAIN, source_arn=stream, **ALL))

    assert settings(mapping()) == SET
    assert mapping()["StartingPosition"] == "LATEST"


def test_settings_are_changed_and_cleared_in_place(project: Any, stream: str, mapping: Any) -> None:
    project.deploy(app(PLAIN, source_arn=stream))
    made = mapping()["UUID"]

    project.deploy(app(PLAIN, source_arn=stream, **ALL))
    assert settings(mapping()) == SET
    project.deploy(app(PLAIN, source_arn=stream))

    assert settings(mapping()) == CLEARED
    assert mapping()["UUID"] == made
    assert project.deploy(app(PLAIN, source_arn=stream))[0].steps == ()


@pytest.mark.parametrize(
    "change",
    [
        {"starting_position": "TRIM_HORIZON"},
        {"starting_position": "AT_TIMESTAMP", "starting_position_timestamp": 1_700_000_000.0},
    ],
)
def test_another_start_takes_another_mapping(
    project: Any, stream: str, mapping: Any, change: dict[str, Any]
) -> None:
    project.deploy(app(PLAIN, source_arn=stream))
    made = mapping()["UUID"]

    project.deploy(app(PLAIN, source_arn=stream, **change))

    assert mapping()["UUID"] != made
    assert mapping()["StartingPosition"] == change["starting_position"]


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("change", [ALL, {"starting_position": "TRIM_HORIZON"}], ids=["update", "replace"])
def test_a_change_survives_a_crash_at_any_call(
    project: Any, stream: str, mapping: Any, new_witness: Any, crash: Any, change: Any, after: bool
) -> None:
    first, second = app(PLAIN, source_arn=stream), app(PLAIN, source_arn=stream, **change)
    project.deploy(first)
    witness = new_witness()
    project.deploy(second, witness)
    calls = len(witness.mutating)
    assert calls >= 1

    for index in range(calls):
        for then in (second, first):
            project.deploy(first)
            with pytest.raises(crash):
                project.deploy(second, new_witness(crash_at=index, after=after))
            project.deploy(then)

            wanted = change if then is second else {}
            is_set = {
                name for name, value in settings(mapping()).items() if value not in (None, CLEARED[name])
            }
            assert is_set == (set(SET) if wanted is ALL else set())
            assert mapping()["StartingPosition"] == wanted.get("starting_position", "LATEST")
            assert project.deploy(then)[0].steps == ()


def test_a_crashed_creation_with_other_settings_is_adopted_and_put_right(
    project: Any, stream: str, mapping: Any, new_witness: Any, crash: Any
) -> None:
    with pytest.raises(crash):
        project.deploy(
            app(PLAIN, source_arn=stream, **ALL), new_witness(crash_after="CreateEventSourceMapping")
        )

    project.deploy(app(PLAIN, source_arn=stream))

    assert settings(mapping()) == CLEARED


def test_a_mapping_without_a_record_is_put_right(project: Any, stream: str, mapping: Any) -> None:
    project.deploy(app(PLAIN, source_arn=stream, **ALL))
    project.record_path.unlink()

    project.deploy([ROLE, WORK, replace(PLAIN, source_arn=stream)])

    assert settings(mapping()) == CLEARED


def test_a_queue_is_never_told_of_the_settings_of_streams(project: Any, new_witness: Any) -> None:
    """Lambda refuses them, even empty ones; botocore sees what is sent."""
    queue = replace(PLAIN, source_arn=QUEUE, service="sqs", starting_position=None, batch_size=5)
    project.deploy(app(queue, maximum_concurrency=2, filter_patterns=({"body": {"a": [1]}},)))
    project.record_path.unlink()
    sent: list[dict[str, Any]] = []
    cloud_client = project.deployment(new_witness())._cloud._clients.client("lambda")
    hear = lambda params, **_: sent.append(dict(params))  # noqa: E731
    cloud_client.meta.events.register("provide-client-params.lambda.UpdateEventSourceMapping", hear)

    project.deploy(app(queue))

    cloud_client.meta.events.unregister("provide-client-params.lambda.UpdateEventSourceMapping", hear)
    (parameters,) = sent
    assert parameters["ScalingConfig"] == parameters["FilterCriteria"] == {}
    assert not {"ParallelizationFactor", "MaximumRetryAttempts", "DestinationConfig"} & set(parameters)


KAFKA = EventSourceMapping(
    id=ResourceId("work-kafka-event-source"),
    function_arn=WORK.arn,
    source_arn=CLUSTER,
    service="kafka",
    batch_size=100,
    starting_position="LATEST",
    topics=("orders",),
    source_access=(("SASL_SCRAM_512_AUTH", "arn:aws:secretsmanager:eu-central-1:1:secret:s"),),
    consumer_group="shop",
    minimum_pollers=1,
)


def described(resource: Resource) -> dict[str, Any]:
    properties = EventSourceMappings().desired(resource, {})
    return {
        name: value.name if isinstance(value, Output) else value
        for name, value in properties.items()
        if value is not None
    }


def test_msk_is_described_as_botocore_takes_it(aws_client: Callable[[str], Any]) -> None:
    described_ = described(KAFKA)

    assert described_ == {
        "EventSourceArn": CLUSTER,
        "FunctionName": "arn",
        "BatchSize": 100,
        "MaximumBatchingWindowInSeconds": 0,
        "StartingPosition": "LATEST",
        "Topics": ["orders"],
        "SourceAccessConfigurations": [
            {"Type": "SASL_SCRAM_512_AUTH", "URI": "arn:aws:secretsmanager:eu-central-1:1:secret:s"}
        ],
        "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": "shop"},
        "ProvisionedPollerConfig": {"MinimumPollers": 1},
    }
    assert _is_valid(aws_client("lambda"), described_)


def test_a_cluster_of_ones_own_is_described_as_botocore_takes_it(aws_client: Callable[[str], Any]) -> None:
    own = replace(KAFKA, source_arn=None, bootstrap_servers=("a.example.com:9092", "b.example.com:9092"))
    described_ = described(own)

    assert "EventSourceArn" not in described_
    assert described_["SelfManagedEventSource"] == {
        "Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["a.example.com:9092", "b.example.com:9092"]}
    }
    assert described_["SelfManagedKafkaEventSourceConfig"] == {"ConsumerGroupId": "shop"}
    assert _is_valid(aws_client("lambda"), described_)


def _is_valid(client: Any, parameters: dict[str, Any]) -> bool:
    from botocore.validate import ParamValidator

    shape = client.meta.service_model.operation_model("CreateEventSourceMapping").input_shape
    return not ParamValidator().validate(parameters, shape).has_errors()


def test_topics_of_one_cluster_are_told_apart() -> None:
    handler = EventSourceMappings()
    keys = [
        json.dumps(handler.key(described(one)), sort_keys=True)
        for one in (
            KAFKA,
            replace(KAFKA, topics=("news",)),
            replace(KAFKA, source_arn=None, bootstrap_servers=("a:1",)),
            replace(KAFKA, source_arn=None, bootstrap_servers=("b:1",)),
        )
    ]

    assert len(set(keys)) == 4


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (QUEUE, {"resource_type": "sqs_event", "queue": "orders", "queue_arn": QUEUE}),
        (
            "arn:aws:kinesis:r:1:stream/clicks",
            {
                "resource_type": "kinesis_event",
                "stream": "clicks",
                "kinesis_arn": "arn:aws:kinesis:r:1:stream/clicks",
            },
        ),
        (
            "arn:aws:kinesis:r:1:stream/clicks/consumer/c:1",
            {
                "resource_type": "kinesis_event",
                "stream": "clicks",
                "kinesis_arn": "arn:aws:kinesis:r:1:stream/clicks/consumer/c:1",
            },
        ),
        (
            "arn:aws:dynamodb:r:1:table/t/stream/l",
            {"resource_type": "dynamodb_event", "stream_arn": "arn:aws:dynamodb:r:1:table/t/stream/l"},
        ),
        (CLUSTER, None),
        (None, None),
    ],
)
def test_records_name_mappings_as_they_always_did(source: str | None, words: dict[str, str] | None) -> None:
    entry = Entry(
        kind="k",
        name="n",
        properties={},
        key={"FunctionName": "f", "EventSourceArn": source},
        identity={"UUID": "u"},
        outputs={},
    )

    summary = EventSourceMappings().summary("work", entry, None)  # type: ignore[arg-type]

    if words is None:
        assert summary is None
    else:
        assert summary == {"name": "work", "event_uuid": "u", "lambda_arn": "f", **words}
