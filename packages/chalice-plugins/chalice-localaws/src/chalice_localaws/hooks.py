"""The hook implementations: where ``--local`` deploys to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from chalice_core.hookspecs import hookimpl
from chalice_core.target import LocalAws
from chalice_localaws.lifecycle import ACCOUNT_ID, DEFAULT_REGION, advance, ensure_running

if TYPE_CHECKING:
    from pathlib import Path


@hookimpl
def chalice_local_aws(project_dir: Path) -> LocalAws:
    """Offer the project's embedded AWS, started when it does not run."""
    endpoint = ensure_running(project_dir)
    return LocalAws(
        endpoint_url=endpoint.url,
        rest_api_url=endpoint.rest_api_url,
        websocket_api_url=endpoint.websocket_api_url,
        region=DEFAULT_REGION,
        account_id=ACCOUNT_ID,
        records=endpoint.state.deployed,
        instance=endpoint.instance,
        forgotten=endpoint.forgotten,
        register_interpreters=endpoint.register_interpreters,
        advance=partial(advance, project_dir),
    )
