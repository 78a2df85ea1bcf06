"""`chalice url`: where the REST API answers."""

from __future__ import annotations

import click

from chalice_cli._options import place_options, stage_option
from chalice_cli._place import PlaceOptions, open_deployed
from chalice_cli._session import Session


@click.command("url")
@stage_option
@place_options
@click.pass_obj
def command(session: Session, *, stage: str, place: PlaceOptions) -> None:
    """Show the URL of the deployed REST API.

    Without --local, a stage that is deployed on this machine only is taken from there.
    """
    from chalice_cli._errors import NoUrlError
    from chalice_cli._preparation import read_project

    opened = open_deployed(session, read_project(session), stage, place)
    url = opened.deployment.url()
    if url is None:
        # Those of functions and of WebSocket APIs.
        others = [f"{one.label}: {one.value}" for one in opened.deployment.report() if "://" in one.value]
        deployed = bool(opened.deployment.functions())
        raise NoUrlError(stage=stage, where=opened.where_words, deployed=deployed, others=others)
    click.echo(url)
