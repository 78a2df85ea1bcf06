"""`chalice gen-policy`: the IAM policy that an application's source needs."""

from __future__ import annotations

import json

import click

from chalice_cli._options import stage_option
from chalice_cli._session import Session


@click.command("gen-policy")
@click.option(
    "--filename",
    metavar="FILE",
    default="app.py",
    show_default=True,
    help="The application's file, relative to the project.",
)
@stage_option
@click.option("--explain", is_flag=True, help="Say for each action which line needs it, and why it is on *.")
@click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="With --explain: for people, or for programs.  The policy itself is always JSON.",
)
@click.pass_obj
def command(session: Session, *, filename: str, stage: str, explain: bool, output: str) -> None:
    """Show the IAM policy that the source needs.

    The source is read and never run.  The policy allows what the code calls, and not what a deployment adds:
    logs, VPC, X-Ray, and what events need.
    """
    from chalice_deploy.policies import analyse, document, merged
    from chalice_deploy.policies.explanation import explained, explanation_lines
    from chalice_deploy.policies.generation import findings_without_manifest

    config = None
    settings = session.project_dir / ".chalice" / "config.json"
    # Nothing but environment variables plays a part, and checking a configuration takes all plugins.
    if settings.exists() and b"environment_variables" in settings.read_bytes():
        from chalice_cli._preparation import read_project

        config = read_project(session).stage(stage)
    findings = findings_without_manifest(analyse(session.project_dir, filename), config)
    if not explain:
        click.echo(json.dumps(document(merged(findings)), indent=2))
    elif output == "json":
        click.echo(json.dumps(explained(findings), indent=2))
    else:
        for line in explanation_lines(findings):
            click.echo(line)
