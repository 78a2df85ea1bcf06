"""The construct, called with keywords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import chalice_cdk.construct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

    from chalice_cdk import PackageConfig


class Chalice(chalice_cdk.construct.Chalice):
    """A Chalice application in a stack.

    Args:
        scope: the stack, or a construct in it.
        id_: of the construct, within the scope.
        source_dir: the application's folder, the one that ``.chalice`` is in.
        stage_config: what the configuration holds for a stage; it wins over ``.chalice/config.json``,
            which is not written.
        package_config: how the application is packaged.
        preserve_logical_ids: see `chalice_cdk.Chalice`.

    Raises:
        ChaliceError: the application cannot be packaged.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        source_dir: str,
        stage_config: Mapping[str, Any],
        package_config: PackageConfig | None = None,
        preserve_logical_ids: bool = True,
    ) -> None:
        super().__init__(
            scope,
            id_,
            source_dir,
            stage_config=stage_config,
            preserve_logical_ids=preserve_logical_ids,
            package_config=package_config,
        )
