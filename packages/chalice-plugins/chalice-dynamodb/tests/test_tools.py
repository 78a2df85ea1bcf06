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
from chalice_dynamodb import hooks

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
    "filter_patterns": [{"eventName": ["x"]}],
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
    assert mapping.filter_patterns == ({"eventName": ["x"]},)
    assert (mapping.maximum_retry_attempts, mapping.maximum_record_age) == (3, 600)
    assert mapping.on_failure == SHARED["on_failure"]
    assert allowed[SHARED["on_failure"]] == {"sqs:SendMessage"}


TABLE = "arn:aws-cn:dynamodb:cn-north-1:210987654321:table/orders"
STREAM = f"{TABLE}/stream/2026-01-31T12:00:00.000"


def test_the_stream_is_read_and_streams_are_listed(lowered: Any) -> None:
    mapping, allowed = lowered(stream_arn=STREAM)

    assert (mapping.id, mapping.service) == ("work-dynamodb-event-source", "dynamodb")
    assert mapping.source_arn == STREAM
    assert (mapping.batch_size, mapping.starting_position) == (100, "LATEST")
    assert allowed == {
        STREAM: {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"},
        "*": {"dynamodb:ListStreams"},
    }


def test_windows_reach_the_mapping(lowered: Any) -> None:
    mapping, _ = lowered(parallelization_factor=2, tumbling_window_in_seconds=30)

    assert (mapping.parallelization_factor, mapping.tumbling_window) == (2, 30)


@pytest.mark.parametrize("options", [{}, {"stream_arn": STREAM}, {"starting_position": "TRIM_HORIZON"}])
def test_what_aws_accepts_has_no_problems(declare: Declare, options: dict[str, Any]) -> None:
    assert problems_of(declare(**options)) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"stream_arn": TABLE}, "LatestStreamArn"),
        ({"stream_arn": "orders"}, "must be the ARN of a table's stream"),
        ({"stream_arn": None}, "not None"),
        ({"stream_arn": f"{STREAM}/more"}, "must be the ARN of a table's stream"),
        ({"stream_arn": STREAM.replace("dynamodb", "kinesis")}, "must be the ARN of a table's stream"),
        ({"starting_position": "AT_TIMESTAMP"}, "must be LATEST or TRIM_HORIZON, not 'AT_TIMESTAMP'"),
        ({"batch_size": 0}, "from 1 to 10000, not 0"),
        ({"parallelization_factor": 0}, "from 1 to 10, not 0"),
    ],
)
def test_what_aws_refuses_is_named(declare: Declare, options: dict[str, Any], says: str) -> None:
    (problem,) = problems_of(declare(**options))

    assert says in problem
    assert problem.startswith("on_dynamodb_record on 'work': ")


def test_a_sample_comes_from_the_declared_table_unless_another_is_named(declare: Declare) -> None:
    items = [{"id": {"S": "1"}}]
    tables = []
    for more in ({}, {"table_name": "news"}):
        event = hooks.chalice_sample_event(event=declare(), arguments={"new_images": items, **more})
        assert event is not None
        tables.append(event["Records"][0]["eventSourceARN"].split("/")[1])

    assert tables == ["orders", "news"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "'new_images' must be a list"),
        ({"new_images": ["a"]}, "not ['a']"),
        ({"new_images": [], "old_images": 1}, "'old_images' must be a list"),
        ({"new_images": [], "key_names": []}, "'key_names' must be a list"),
        ({"new_images": [], "table_name": ""}, "'table_name' must be a text"),
        ({"new_images": [], "bodies": []}, "no argument 'bodies'"),
        ({"new_images": [{"a": {"S": "1"}}]}, "Item 0 has no 'id'"),
    ],
)
def test_wrong_arguments_of_a_sample_are_named(
    declare: Declare, arguments: dict[str, Any], says: str
) -> None:
    with pytest.raises(SampleArgumentError) as caught:
        hooks.chalice_sample_event(event=declare(), arguments=arguments)

    assert says in caught.value.problem
