"""Which resources are written as events of their functions, and which permissions SAM then adds itself.

SAM turns an event into resources, with the permission that its source needs.  A permission of the graph that
says the same would be there twice, and one that says less would not be the only one: so an event is written
where both agree, and resources of their own are written everywhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.kinds import EventRule, EventSourceMapping, InvokePermission, TopicSubscription

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from chalice_core.kinds import Resource
    from chalice_core.values import Value
    from chalice_sam.renderer import Scope

    Source: TypeAlias = EventRule | EventSourceMapping | TopicSubscription


def is_event(source: Source, scope: Scope) -> bool:
    """Say whether a source may be an event of its function.

    An event has no name that others could wait for, and waits for nothing that its function does not wait
    for already.  Those that are not polled need a permission, which must be SAM's own.
    """
    if not _has_words_for(source):
        return False
    implied = _implied_by(source, scope)
    if not isinstance(source, EventSourceMapping) and not implied:
        return False
    function = source.function_arn.of
    ours = {source.id, *(permission.id for permission in implied)}
    there = {function, *scope.before(function)} | ours
    parts: Sequence[Resource] = (source, *implied)
    return all(
        {*part.after} <= there and {other.id for other in scope.dependents(part.id)} <= ours for part in parts
    )


def is_implied(permission: InvokePermission, scope: Scope) -> bool:
    """Say whether SAM adds a permission by itself, for an event of the function."""
    return any(
        isinstance(source, (EventRule, TopicSubscription))
        and _is_of(permission, source)
        and is_event(source, scope)
        for source in scope.dependents(permission.function_arn.of)
    )


def _has_words_for(source: Source) -> bool:
    if isinstance(source, EventSourceMapping):
        return source.service in ("sqs", "kinesis", "dynamodb")
    if isinstance(source, EventRule):
        # Events with a pattern have no description, and those with a schedule are on the default bus.
        return not (source.event_pattern is not None and source.description)
    # SAM would take a dead-letter queue, too, but no description of its events has it, so linters refuse it.
    return source.dead_letter_arn is None


def _implied_by(source: Source, scope: Scope) -> tuple[InvokePermission, ...]:
    if isinstance(source, EventSourceMapping):
        return ()
    return tuple(
        permission
        for permission in scope.dependents(source.function_arn.of)
        if isinstance(permission, InvokePermission) and _is_of(permission, source)
    )


def _is_of(permission: InvokePermission, source: EventRule | TopicSubscription) -> bool:
    """Say whether a permission is the very one that SAM adds for the source."""
    source_arn: Value
    if isinstance(source, EventRule):
        principal, source_arn = "events.amazonaws.com", source.arn
    else:
        principal, source_arn = "sns.amazonaws.com", source.topic_arn
    return (
        permission.source_arn == source_arn
        and permission.principal == principal
        and permission.function_arn == source.function_arn
        and permission.action == "lambda:InvokeFunction"
        and permission.source_account is None
    )
