"""`chalice delete`: remove what a stage has deployed."""

from __future__ import annotations

import click

from chalice_cli._options import place_options, stage_option
from chalice_cli._place import PlaceOptions, open_place
from chalice_cli._session import Session


@click.command("delete")
@stage_option
@place_options
@click.pass_obj
def command(session: Session, *, stage: str, place: PlaceOptions) -> None:
    """Delete what a stage has deployed.

    Works from the record of the deployment; the application is not looked at, so that a broken one
    can be deleted.  What is deployed on this machine is deleted with --local only.
    """
    from chalice_cli._applying import apply
    from chalice_cli._preparation import app_name

    opened = open_place(session, app_name=app_name(session), stage=stage, options=place)
    plan = opened.deployment.plan_delete()
    if not plan.steps:
        session.talk.say(f"Nothing is deployed in the stage {stage!r} ({opened.where_words}).")
        return
    apply(session, opened.deployment, plan)
    session.talk.say(f"Deleted the stage {stage!r} ({opened.where_words}).")
