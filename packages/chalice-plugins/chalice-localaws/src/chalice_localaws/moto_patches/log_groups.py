"""Log groups: their tags go with them, and their events come in the order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.logs.models import LogsBackend

from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]


def _delete_log_group(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - only tags
    def delete_log_group(self: LogsBackend, log_group_name: str) -> None:
        group = self.groups.get(log_group_name)
        original(self, log_group_name)
        if group is not None:
            self.tagger.delete_all_tags_for_resource(group.arn)

    return delete_log_group


def _filter_log_events(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - only order
    def filter_log_events(
        self: LogsBackend,
        log_group_name: str,
        log_stream_names: list[str],
        start_time: int,
        end_time: int,
        limit: int | None,
        next_token: str | None,
        filter_pattern: str,
        interleaved: bool,  # noqa: ARG001 - "the value of this parameter is ignored", FilterLogEvents
    ) -> Any:
        return original(
            self,
            log_group_name,
            log_stream_names,
            start_time,
            end_time,
            limit,
            next_token,
            filter_pattern,
            True,
        )

    return filter_log_events


PATCHES = (
    Patch(
        owner=LogsBackend,
        name="delete_log_group",
        parameters="self, log_group_name",
        why="moto gives the tags of a deleted group to the next group of that name, which then has an owner "
        "that did not make it.",
        make=_delete_log_group,
    ),
    Patch(
        owner=LogsBackend,
        name="filter_log_events",
        parameters="self, log_group_name, log_stream_names, start_time, end_time, limit, next_token, "
        "filter_pattern, interleaved",
        why="moto gives the events stream by stream unless it is asked to mix them; AWS always gives them "
        "in the order of time, over all pages.",
        make=_filter_log_events,
    ),
)
