"""How a declaration becomes resources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_core.kinds import EventSourceMapping, Function, Grant, Role
from chalice_core.manifest import EventDeclaration
from chalice_core.plugins import Plugins
from chalice_core.testing import function, plugin_manager
from chalice_core.values import ResourceId, arn
from chalice_sqs import hooks

Declare = Callable[..., EventDeclaration]


@pytest.fixture
def plugins() -> Plugins:
    return plugin_manager(hooks)


@pytest.fixture
def role() -> Role:
    return Role(id=ResourceId("default-role"), role_name="hello-dev")


@pytest.fixture
def worker(role: Role) -> Function:
    return function("work", role=role.arn)


def test_a_queue_becomes_a_grant_and_the_mapping_that_waits_for_it(
    plugins: Plugins, worker: Function, declare: Declare
) -> None:
    event = declare(queue="orders", batch_size=5)

    grant, mapping = plugins.hook.chalice_lower_event(event=event, function=worker, config=None)

    assert isinstance(grant, Grant)
    assert isinstance(mapping, EventSourceMapping)
    assert grant.on == (mapping.source_arn,) == (arn("sqs", "orders"),)
    assert (grant.role, mapping.function_arn) == (worker.role, worker.arn)
    assert mapping.after == (grant.id,)


def test_the_ids_stay_the_same_from_release_to_release(
    plugins: Plugins, worker: Function, declare: Declare
) -> None:
    resources = plugins.hook.chalice_lower_event(event=declare(), function=worker, config=None)

    assert [resource.id for resource in resources] == ["work-reads-queue", "work-sqs-event-source"]


def test_every_option_reaches_the_mapping(plugins: Plugins, worker: Function, declare: Declare) -> None:
    event = declare(
        queue="orders",
        batch_size=500,
        maximum_batching_window_in_seconds=30,
        maximum_concurrency=7,
        report_batch_item_failures=True,
    )

    _, mapping = plugins.hook.chalice_lower_event(event=event, function=worker, config=None)

    assert (mapping.service, mapping.batch_size, mapping.maximum_batching_window) == ("sqs", 500, 30)
    assert (mapping.maximum_concurrency, mapping.report_batch_item_failures) == (7, True)
    assert mapping.starting_position is None


def test_options_left_out_take_the_decorators_defaults(plugins: Plugins, worker: Function) -> None:
    event = EventDeclaration(
        source="sqs", decorator="on_sqs_message", function="work", options={"queue": "orders"}
    )

    _, mapping = plugins.hook.chalice_lower_event(event=event, function=worker, config=None)

    assert (mapping.batch_size, mapping.maximum_batching_window) == (1, 0)
    assert (mapping.maximum_concurrency, mapping.report_batch_item_failures) == (None, False)


def test_an_arn_outranks_a_name(plugins: Plugins, worker: Function, declare: Declare) -> None:
    given = "arn:aws-cn:sqs:cn-north-1:210987654321:elsewhere"

    grant, mapping = plugins.hook.chalice_lower_event(
        event=declare(queue="orders", queue_arn=given), function=worker, config=None
    )

    assert mapping.source_arn == given
    assert grant.on == (given,)


def test_an_event_of_another_family_is_left_alone(plugins: Plugins, worker: Function) -> None:
    event = EventDeclaration(source="s3", decorator="on_s3_event", function="work", options={"bucket": "b"})

    assert plugins.hook.chalice_lower_event(event=event, function=worker, config=None) is None
    assert plugins.hook.chalice_sample_event(event=event, arguments={}) is None


def test_in_the_graph_the_role_may_read_the_queue_and_the_mapping_waits_for_the_role(
    plugins: Plugins, role: Role, worker: Function, declare: Declare
) -> None:
    lowered = plugins.hook.chalice_lower_event(event=declare(queue="orders"), function=worker, config=None)

    graph = Graph.of([*lowered, worker, role])

    (statement,) = graph.of_kind(Role)[0].statements
    (mapping,) = graph.of_kind(EventSourceMapping)
    assert statement.resources == (arn("sqs", "orders"),)
    assert set(statement.actions) == {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
    assert set(mapping.dependencies()) == {role.id, worker.id}


def test_a_function_with_a_role_of_its_owner_gets_no_grant(
    plugins: Plugins, worker: Function, declare: Declare
) -> None:
    owned: Any = worker.__class__(
        id=worker.id,
        name=worker.name,
        function_name=worker.function_name,
        handler=worker.handler,
        runtime=worker.runtime,
        role="arn:aws:iam::123456789012:role/own",
    )
    lowered = plugins.hook.chalice_lower_event(event=declare(), function=owned, config=None)

    graph = Graph.of([owned, *lowered])

    assert set(graph.of_kind(EventSourceMapping)[0].dependencies()) == {owned.id}
