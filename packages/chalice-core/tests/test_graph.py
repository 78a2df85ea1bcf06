"""The graph: an order that works, grants folded into roles, and mistakes named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice_core.graph import DependencyCycleError, DuplicateResourceError, Graph, UnknownDependencyError
from chalice_core.kinds import KINDS, Function, Grant, LogGroup, Resource, Role, Statement, rest_api_url
from chalice_core.testing import app, function, graph, route
from chalice_core.values import Output, ResourceId, render, text

ROLE = Role(id=ResourceId("default-role"), role_name="hello-dev")
READ = Statement(actions=("sqs:ReceiveMessage",), resources=("arn:orders",))


def log_group(id: str, *after: str) -> LogGroup:
    return LogGroup(id=ResourceId(id), log_group_name=id, after=tuple(ResourceId(one) for one in after))


def grant(id: str = "work-reads", role: Output | str = ROLE.arn) -> Grant:
    return Grant(id=ResourceId(id), role=role, actions=READ.actions, on=READ.resources)


def ids(of: Graph) -> list[str]:
    return [resource.id for resource in of]


class TestOrder:
    def test_a_resource_comes_after_what_it_refers_to(self) -> None:
        assert ids(Graph.of([function("work"), ROLE])) == ["default-role", "work"]

    def test_a_reference_within_text_counts(self) -> None:
        worker = function("work", environment={"OTHER": text("arn is ", Output(ResourceId("other"), "arn"))})

        assert ids(Graph.of([worker, function("other", role="arn:mine"), ROLE]))[-1] == "work"

    def test_after_counts_although_no_value_says_so(self) -> None:
        assert ids(Graph.of([log_group("a", "b"), log_group("b")])) == ["b", "a"]

    @given(
        st.integers(2, 12).flatmap(
            lambda count: st.tuples(
                st.permutations(range(count)),
                st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=20),
            )
        )
    )
    def test_every_graph_without_a_cycle_is_ordered(
        self, case: tuple[list[int], list[tuple[int, int]]]
    ) -> None:
        order, edges = case
        # An edge from a higher to a lower number cannot close a cycle.
        after = {n: {min(a, b) for a, b in edges if max(a, b) == n and a != b} for n in order}
        resources = [log_group(str(n), *(str(other) for other in sorted(after[n]))) for n in order]

        sequence = ids(Graph.of(resources))

        assert sorted(sequence) == sorted(str(n) for n in order)
        assert all(sequence.index(str(low)) < sequence.index(str(n)) for n in order for low in after[n])


class TestMistakes:
    def test_two_resources_of_one_id_are_named_with_their_kinds(self) -> None:
        with pytest.raises(DuplicateResourceError) as caught:
            Graph.of([ROLE, function("default-role")])

        assert (caught.value.id, caught.value.kinds) == ("default-role", ("Role", "Function"))

    def test_a_cycle_is_shown(self) -> None:
        with pytest.raises(DependencyCycleError) as caught:
            Graph.of([log_group("a", "b"), log_group("b", "c"), log_group("c", "a")])

        assert set(caught.value.cycle) == {"a", "b", "c"}

    def test_a_reference_to_nothing_names_both_ends(self) -> None:
        with pytest.raises(UnknownDependencyError) as caught:
            Graph.of([function("work")])

        assert (caught.value.resource, caught.value.missing) == ("work", "default-role")

    def test_a_grant_to_no_role_is_one_too(self) -> None:
        with pytest.raises(UnknownDependencyError):
            Graph.of([grant()])


class TestGrants:
    def test_a_grant_becomes_a_statement_of_its_role(self) -> None:
        (role,) = Graph.of([ROLE, grant()])

        assert isinstance(role, Role)
        assert role.statements == (READ,)

    def test_equal_grants_become_one_statement(self) -> None:
        (role,) = Graph.of([ROLE, grant("one"), grant("two")])

        assert isinstance(role, Role)
        assert role.statements == (READ,)

    def test_what_waited_for_a_grant_waits_for_the_role(self) -> None:
        made = Graph.of([log_group("later", "work-reads"), grant(), ROLE])

        assert made[ResourceId("later")].after == ("default-role",)

    def test_a_grant_to_a_role_of_somebody_else_is_dropped_with_the_waiting(self) -> None:
        made = Graph.of([log_group("later", "work-reads"), grant(role="arn:theirs")])

        assert [(resource.id, resource.after) for resource in made] == [("later", ())]

    def test_a_hand_written_policy_gets_none(self) -> None:
        policy = {"Version": "2012-10-17", "Statement": []}
        own = Role(id=ROLE.id, role_name="hello-dev", policy_document=policy)

        (role,) = Graph.of([own, grant()])

        assert role == own

    def test_folding_twice_changes_nothing(self) -> None:
        once = Graph.of([ROLE, grant(), function()])

        assert Graph.of(once) == once


def test_a_graph_answers_for_ids_and_kinds() -> None:
    made = Graph.of([ROLE, function()])

    assert len(made) == 2
    assert "work" in made
    assert made[ResourceId("default-role")] == ROLE
    assert [one.name for one in made.of_kind(Function)] == ["work"]


def test_grants_are_no_kind_that_targets_answer_for() -> None:
    assert Grant not in KINDS
    assert all(issubclass(kind, Resource) for kind in KINDS)


def test_the_url_of_an_api_follows_region_and_partition() -> None:
    api = graph(app(routes=[route()]))[ResourceId("rest_api")]

    url = render(rest_api_url(api), output=lambda one: one.name, pseudo=lambda one: f"<{one.name}>")  # type: ignore[arg-type]

    assert url == "https://api_id.execute-api.<REGION>.<DNS_SUFFIX>/api/"
