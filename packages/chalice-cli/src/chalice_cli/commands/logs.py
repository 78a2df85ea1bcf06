"""`chalice logs`: what deployed functions printed."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta, timezone

import click

from chalice_cli._options import place_options, stage_option
from chalice_cli._place import PlaceOptions, open_deployed
from chalice_cli._session import Session

FOLLOW_STARTS_BEFORE = timedelta(minutes=10)
"""A person who follows wants to see what led to now, and not the whole past."""


@click.command("logs")
@click.option(
    "-n", "--name", help="Only this function, as the application calls it.  Default: all functions."
)
@stage_option
@click.option(
    "--num-entries", type=click.IntRange(min=1), metavar="N", help="Only the newest N entries.  Default: all."
)
@click.option(
    "--include-lambda-messages/--no-include-lambda-messages",
    default=False,
    show_default=True,
    help="Show what Lambda itself logs: INIT_START, START, END and REPORT.",
)
@click.option("-s", "--since", metavar="TIME", help="30s, 10m, 2h, 3d, 1w, or a date and time in ISO 8601.")
@click.option(
    "-f", "--follow", is_flag=True, help="Go on until Ctrl-C; starts 10 minutes back without --since."
)
@place_options
@click.pass_obj
def command(
    session: Session,
    *,
    name: str | None,
    stage: str,
    num_entries: int | None,
    include_lambda_messages: bool,
    since: str | None,
    follow: bool,
    place: PlaceOptions,
) -> None:
    """Show what deployed functions printed, oldest first.

    Without -n the logs of all functions are merged by time, each line with the function's name.
    With -n a line is the time, six characters of the log stream, and the message.
    """
    from chalice_cli._errors import NotDeployedError, UnknownFunctionError
    from chalice_cli._log_view import Selection, follow_entries, newest_entries, parse_since
    from chalice_cli._preparation import read_project

    now = datetime.now(timezone.utc)
    start = parse_since(since, now) if since is not None else None
    if follow and start is None:
        start = now - FOLLOW_STARTS_BEFORE
    opened = open_deployed(session, read_project(session), stage, place)
    deployed = opened.deployment.functions()
    if not deployed:
        raise NotDeployedError(stage=stage, where=opened.where_words)
    if name is not None and name not in deployed:
        raise UnknownFunctionError(name=name, deployed=deployed)
    selection = Selection(
        functions=deployed if name is None else (name,),
        since=start,
        lambda_messages=include_lambda_messages,
        named=name is None,
    )
    if not follow:
        for line in newest_entries(opened.deployment, selection, num_entries):
            click.echo(line)
        return
    # Ctrl-C is how following ends, so it is no failure.
    with contextlib.suppress(KeyboardInterrupt):
        for line in follow_entries(opened.deployment, selection, num_entries):
            click.echo(line)
