"""`chalice deploy`: make the stage what the application declares."""

from __future__ import annotations

import click

from chalice_cli._options import place_options, stage_option
from chalice_cli._place import PlaceOptions, check_local, client_variables, open_place
from chalice_cli._session import Session


@click.command("deploy")
@stage_option
@place_options
@click.option(
    "--autogen-policy/--no-autogen-policy",
    default=None,
    help="Generate the policy of roles, or take the stage's policy file.  Default: as configured.",
)
@click.option(
    "--api-gateway-stage", metavar="NAME", help="First part of the path of URLs.  Default: as configured."
)
@click.pass_obj
def command(
    session: Session,
    *,
    stage: str,
    place: PlaceOptions,
    autogen_policy: bool | None,
    api_gateway_stage: str | None,
) -> None:
    """Deploy the application.

    Shows what will change, changes it, and ends with the addresses of what is deployed.  An
    unchanged application changes nothing.  With --local everything goes into an AWS embedded on
    this machine, which is started when it does not run.
    """
    from chalice_cli._applying import apply
    from chalice_cli._plan_text import plan_lines
    from chalice_cli._preparation import prepare

    check_local(session, place)
    prepared = prepare(
        session,
        stage,
        {"autogen_policy": autogen_policy, "api_gateway_stage": api_gateway_stage},
        client_variables(place),
    )
    opened = open_place(session, prepared.project, stage, place)
    if opened.local is not None:
        python = prepared.manifest.python
        opened.local.register_interpreters({python.lambda_runtime: python.executable})
    plan = opened.deployment.plan(prepared.graph, prepared.artifacts)
    for line in plan_lines(plan):
        session.talk.say(line)
    if plan.steps:
        apply(session, opened.deployment, plan)
    click.echo("Resources deployed:")
    for deployed in opened.deployment.report():
        click.echo(f"  - {deployed.label}: {deployed.value}")
