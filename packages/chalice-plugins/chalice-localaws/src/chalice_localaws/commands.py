"""``chalice localaws``: start, look at, stop and empty the embedded AWS of a project."""

from __future__ import annotations

from pathlib import Path

import click

from chalice_localaws import lifecycle

__all__ = ["localaws"]

_GONE = "What was deployed to it is gone; the next deployment with --local starts anew."


@click.group()
def localaws() -> None:
    """Manage the AWS that is embedded on this machine."""


@localaws.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on; by default a free one.")
@click.pass_context
def start(context: click.Context, port: int | None) -> None:
    """Start it, unless it runs."""
    endpoint = lifecycle.ensure_running(_project_dir(context), port=port)
    verb = "Started" if endpoint.started_now else "Already running"
    click.echo(f"{verb}: {endpoint.url}")
    if endpoint.forgotten:
        click.echo(_GONE)


@localaws.command()
@click.pass_context
def status(context: click.Context) -> None:
    """Show whether it runs and what it holds; the exit status is 1 when it does not run."""
    project = _project_dir(context)
    facts = lifecycle.status(project)
    if facts is None:
        click.echo("Not running.")
        context.exit(1)
    click.echo(f"Running:    http://127.0.0.1:{facts['port']}")
    for label, name in _FACTS:
        click.echo(f"{label:<11} {facts[name]}")
    click.echo("Its state lives in memory: stopping or restarting it forgets all deployments with --local.")


@localaws.command()
@click.pass_context
def stop(context: click.Context) -> None:
    """Stop it. Its state goes with it."""
    if lifecycle.stop(_project_dir(context)):
        click.echo(f"Stopped. {_GONE}")
    else:
        click.echo("Not running.")


@localaws.command()
@click.pass_context
def reset(context: click.Context) -> None:
    """Empty it: no function, queue, bucket or log is left."""
    lifecycle.reset(_project_dir(context))
    click.echo(f"Emptied. {_GONE}")


@localaws.command()
@click.argument("minutes", type=click.FloatRange(min=0))
@click.pass_context
def advance(context: click.Context, minutes: float) -> None:
    """Put its clock forward by MINUTES: schedules that come due fire, and failed events are tried again."""
    lifecycle.advance(_project_dir(context), minutes * 60)
    click.echo(f"The clock was put forward by {minutes:g} minutes.")


_FACTS = (
    ("Process:", "pid"),
    ("Project:", "project"),
    ("Started:", "started"),
    ("Functions:", "functions"),
    ("REST APIs:", "rest_apis"),
    ("Workers:", "workers"),
    ("Log:", "log"),
)


def _project_dir(context: click.Context) -> Path:
    # The root command of the tools has --project-dir; without that command the working directory is meant.
    given = context.find_root().params.get("project_dir")
    return Path(given) if given else Path.cwd()
