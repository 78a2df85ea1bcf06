"""`chalice invoke`: call a deployed function and show its answer."""

from __future__ import annotations

import json
import sys

import click

from chalice_cli._options import place_options, stage_option
from chalice_cli._place import PlaceOptions, open_deployed
from chalice_cli._session import Session


@click.command("invoke")
@click.option("-n", "--name", required=True, help="Name of the function, as the application calls it.")
@stage_option
@place_options
@click.pass_obj
def command(session: Session, *, name: str, stage: str, place: PlaceOptions) -> None:
    """Invoke a deployed function and show its answer.

    The payload is JSON on standard input, when that is not a terminal; without one it is {}.  When
    the function fails, its traceback goes to standard error and the exit status is 1.
    """
    from chalice_cli._errors import FunctionFailedError, NotDeployedError, UnknownFunctionError
    from chalice_cli._preparation import read_project

    payload = _payload()
    opened = open_deployed(session, read_project(session), stage, place)
    deployed = opened.deployment.functions()
    if not deployed:
        raise NotDeployedError(stage=stage, where=opened.where_words)
    if name not in deployed:
        raise UnknownFunctionError(name=name, deployed=deployed)
    answer = opened.deployment.invoke(name, payload)
    if answer.function_error is None:
        click.echo(answer.payload)
        return
    for line in _failure_lines(answer.payload):
        session.talk.say(line)
    raise FunctionFailedError(name=name, word=answer.function_error)


def _payload() -> bytes:
    from chalice_cli._errors import BadPayloadError

    # A process without a standard input has None here.
    given = b"" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.buffer.read()
    if not given.strip():
        return b"{}"
    try:
        json.loads(given)
    except ValueError as error:
        raise BadPayloadError(problem=str(error)) from error
    return given


def _failure_lines(payload: bytes) -> list[str]:
    """Return Lambda's error document as text.

    Its form: "Lambda function errors in Python", AWS Lambda Developer Guide.
    """
    try:
        document = json.loads(payload)
    except ValueError:
        return [payload.decode("utf-8", "replace")]
    if not isinstance(document, dict):
        return [payload.decode("utf-8", "replace")]
    trace = document.get("stackTrace") or []
    lines = [line for entry in trace for line in str(entry).rstrip("\n").split("\n")]
    if lines:
        lines.insert(0, "Traceback (most recent call last):")
    kind, message = document.get("errorType"), document.get("errorMessage", "")
    return [*lines, f"{kind}: {message}" if kind else str(message)]
