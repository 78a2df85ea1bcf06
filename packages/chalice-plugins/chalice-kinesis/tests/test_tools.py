"""How a declaration becomes resources, and what is said of one that cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_core.kinds import EventSourceMapping, Function, Role
from chalice_core.manifest import App, EventDeclaration
from chalice_core.plugins import Plugins
from chalice_core.samples import SampleArgumentError
from chalice_core.values import arn
from chalice_kinesis import hooks

Declare = Callable[..., EventDeclaration]


@pytest.fixture
def lowered(
    plugins: Plugins, role: Role, worker: Function, declare: Declare
) -> Callable[..., tuple[EventSourceMapping, dict[Any, set[str]]]]:
    """Return the mapping of a declaration, and the actions that the role may do on each thing."""

    def lower(**options: Any) -> tuple[EventSourceMapping, dict[Any, set[str]]]:
        found = plugins.hook.chalice_lower_event(event=declare(**options), function=worker, config=None)
        graph = Graph.of([*found, worker, role])
        (mapping,) = graph.of_kind(EventSourceMapping)
        assert set(mapping.dependencies()) == {role.id, worker.id}
        allowed: dict[Any, set[str]] = {}
        for statement in graph.of_kind(Role)[0].statements:
            for resource in statement.resources:
                allowed.setdefault(resource, set()).update(statement.actions)
        return mapping, allowed

    return lower


def problems_of(*events: EventDeclaration) -> list[str]:
    return list(hooks.chalice_validate_app(app=App(name="shop", events=events)))


SHARED: dict[str, Any] = {
    "batch_size": 7,
    "maximum_batching_window_in_seconds": 3,
    "report_batch_item_failures": True,
    "filter_patterns": [{"data": ["x"]}],
    "on_failure": "arn:aws:sqs:eu-west-1:123456789012:failed",
    "maximum_retry_attempts": 3,
    "maximum_record_age_in_seconds": 600,
    "bisect_batch_on_function_error": True,
}


def test_an_event_of_another_family_is_left_alone(plugins: Plugins, worker: Function) -> None:
    event = EventDeclaration(source="s3", decorator="on_s3_event", function="work", options={"batch_size": 0})

    assert plugins.hook.chalice_lower_event(event=event, function=worker, config=None) is None
    assert plugins.hook.chalice_sample_event(event=event, arguments={}) is None
    assert problems_of(event) == []


def test_shared_options_reach_the_mapping(lowered: Any) -> None:
    mapping, allowed = lowered(**SHARED)

    assert (mapping.batch_size, mapping.maximum_batching_window) == (7, 3)
    assert mapping.report_batch_item_failures
    assert mapping.bisect_batch
    assert mapping.filter_patterns == ({"data": ["x"]},)
    assert (mapping.maximum_retry_attempts, mapping.maximum_record_age) == (3, 600)
    assert mapping.on_failure == SHARED["on_failure"]
    assert allowed[SHARED["on_failure"]] == {"sqs:SendMessage"}


STREAM = "arn:aws-cn:kinesis:cn-north-1:210987654321:stream/clicks"
READ = {
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
}


def test_a_name_is_a_stream_of_the_place_deployed_to(lowered: Any) -> None:
    mapping, allowed = lowered(stream="clicks")

    assert (mapping.id, mapping.service) == ("work-kinesis-event-source", "kinesis")
    assert mapping.source_arn == arn("kinesis", "stream/clicks")
    assert (mapping.batch_size, mapping.starting_position) == (100, "LATEST")
    assert allowed == {arn("kinesis", "stream/clicks"): READ, "*": {"kinesis:ListStreams"}}


def test_an_arn_is_a_stream_anywhere(lowered: Any) -> None:
    mapping, allowed = lowered(stream=STREAM)

    assert mapping.source_arn == STREAM
    assert allowed[STREAM] == READ


def test_a_consumer_is_subscribed_to_and_its_stream_described(lowered: Any) -> None:
    consumer = f"{STREAM}/consumer/shop:1700000000"
    mapping, allowed = lowered(stream=consumer)

    assert mapping.source_arn == consumer
    assert allowed == {STREAM: READ, consumer: {"kinesis:SubscribeToShard"}, "*": {"kinesis:ListStreams"}}


def test_a_point_of_time_is_seconds(lowered: Any) -> None:
    mapping, _ = lowered(starting_position="AT_TIMESTAMP", starting_position_timestamp="2023-11-14T22:13:20Z")

    assert (mapping.starting_position, mapping.starting_position_timestamp) == (
        "AT_TIMESTAMP",
        1_700_000_000.0,
    )


def test_windows_reach_the_mapping(lowered: Any) -> None:
    mapping, _ = lowered(parallelization_factor=2, tumbling_window_in_seconds=30)

    assert (mapping.parallelization_factor, mapping.tumbling_window) == (2, 30)


@pytest.mark.parametrize(
    "options",
    [
        {"stream": "a.b_c-1"},
        {"stream": STREAM},
        {"stream": f"{STREAM}/consumer/shop:1"},
        {"batch_size": 10_000},
        {"starting_position": "AT_TIMESTAMP", "starting_position_timestamp": 1_700_000_000},
        {"parallelization_factor": 10, "tumbling_window_in_seconds": 900},
    ],
)
def test_what_aws_accepts_has_no_problems(declare: Declare, options: dict[str, Any]) -> None:
    assert problems_of(declare(**options)) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"stream": "s" * 129}, "must be the name of a stream"),
        ({"stream": "two words"}, "must be the name of a stream"),
        ({"stream": 7}, "not 7"),
        ({"stream": "arn:aws:kinesis:eu-west-1:123456789012:clicks"}, "must be the ARN of a stream"),
        ({"stream": f"{STREAM}/consumer/shop"}, "must be the ARN of a stream"),
        ({"starting_position": "NOW"}, "must be LATEST, TRIM_HORIZON or AT_TIMESTAMP, not 'NOW'"),
        ({"starting_position": "AT_TIMESTAMP"}, "needs a 'starting_position_timestamp'"),
        ({"batch_size": 10_001}, "from 1 to 10000"),
        ({"parallelization_factor": 11}, "from 1 to 10, not 11"),
        ({"tumbling_window_in_seconds": 901}, "from 0 to 900, not 901"),
    ],
)
def test_what_aws_refuses_is_named(declare: Declare, options: dict[str, Any], says: str) -> None:
    (problem,) = problems_of(declare(**options))

    assert says in problem
    assert problem.startswith("on_kinesis_record on 'work': ")


def test_all_problems_are_reported_at_once(declare: Declare) -> None:
    assert len(problems_of(declare(stream="no name", batch_size=0), declare(starting_position="NOW"))) == 3


@pytest.mark.parametrize(
    ("options", "arguments", "ends"),
    [
        ({"stream": "clicks"}, {}, ":stream/clicks"),
        ({"stream": f"{STREAM}/consumer/shop:1"}, {}, ":stream/clicks"),
        ({"stream": "clicks"}, {"stream_name": "other"}, ":stream/other"),
    ],
)
def test_a_sample_comes_from_the_declared_stream_unless_another_is_named(
    declare: Declare, options: dict[str, Any], arguments: dict[str, Any], ends: str
) -> None:
    event = hooks.chalice_sample_event(event=declare(**options), arguments={"bodies": ["ä"], **arguments})

    assert event is not None
    assert event["Records"][0]["eventSourceARN"].endswith(ends)
    assert event["Records"][0]["kinesis"]["data"] == "w6Q="


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "'bodies' must be a list"),
        ({"bodies": "one"}, "not 'one'"),
        ({"bodies": [1]}, "not [1]"),
        ({"bodies": [], "bucket": "b"}, "no argument 'bucket'"),
        ({"bodies": [], "stream_name": 3}, "'stream_name' must be a text"),
    ],
)
def test_wrong_arguments_of_a_sample_are_named(
    declare: Declare, arguments: dict[str, Any], says: str
) -> None:
    with pytest.raises(SampleArgumentError) as caught:
        hooks.chalice_sample_event(event=declare(), arguments=arguments)

    assert says in caught.value.problem
