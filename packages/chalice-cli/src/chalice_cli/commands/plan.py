"""`chalice plan`: say what a deployment would change, and change nothing."""

from __future__ import annotations

import click

from chalice_cli._options import place_options, stage_option
from chalice_cli._place import PlaceOptions, check_local, client_variables, open_place
from chalice_cli._session import Session

CHANGES = 2


@click.command("plan")
@stage_option
@place_options
@click.option("--autogen-policy/--no-autogen-policy", default=None, help="As for `chalice deploy`.")
@click.option("--api-gateway-stage", metavar="NAME", help="As for `chalice deploy`.")
@click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
@click.pass_obj
def command(
    session: Session,
    *,
    stage: str,
    place: PlaceOptions,
    autogen_policy: bool | None,
    api_gateway_stage: str | None,
    output: str,
) -> int:
    """Show what a deployment would change.

    The exit status is 0 when nothing would change, 2 when something would, and 1 for an error.
    """
    from chalice_cli._plan_text import plan_document, plan_lines
    from chalice_cli._preparation import prepare

    check_local(session, place)
    prepared = prepare(
        session,
        stage,
        {"autogen_policy": autogen_policy, "api_gateway_stage": api_gateway_stage},
        client_variables(place),
    )
    opened = open_place(session, prepared.project, stage, place)
    plan = opened.deployment.plan(prepared.graph, prepared.artifacts)
    if output == "json":
        document = plan_document(plan, app_name=prepared.config.app_name, stage=stage, where=opened.where)
        click.echo(document)
    else:
        for line in plan_lines(plan):
            click.echo(line)
    return CHANGES if plan.steps else 0
