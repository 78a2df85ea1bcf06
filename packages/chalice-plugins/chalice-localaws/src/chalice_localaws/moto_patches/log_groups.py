"""Log groups: their tags go with them."""

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


PATCHES = (
    Patch(
        owner=LogsBackend,
        name="delete_log_group",
        parameters="self, log_group_name",
        why="moto gives the tags of a deleted group to the next group of that name, which then has an owner "
        "that did not make it.",
        make=_delete_log_group,
    ),
)
