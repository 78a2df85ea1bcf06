"""`chalice delete`: remove what a stage has deployed."""

from __future__ import annotations

import click

from chalice_cli._options import place_options, stage_option
from chalice_cli._place import PlaceOptions, check_stage, open_place
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
    from chalice_cli._preparation import read_project

    project = read_project(session)
    opened = open_place(session, project, stage, place)
    plan = opened.deployment.plan_delete()
    if not plan.steps:
        check_stage(project, stage)
        session.talk.say(f"Nothing is deployed in the stage {stage!r} ({opened.where_words}).")
        return
    apply(session, opened.deployment, plan)
    session.talk.say(f"Deleted the stage {stage!r} ({opened.where_words}).")
