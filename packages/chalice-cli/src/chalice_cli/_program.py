"""The program: global options, and how every kind of failure becomes words and an exit status.

=========================================== ======
what happened                               status
=========================================== ======
all is well                                 0
an error that its reader can solve          1, or what the error says
a plugin is broken, everything else is well 1
the person stopped it                       1
wrong usage                                 2
an error of ours                            2
=========================================== ======

``chalice plan`` has three answers only: 0 nothing would change, 2 something
would, 1 for every error.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from chalice_cli._group import LazyGroup
from chalice_cli._session import Session
from chalice_cli._version import version_line

OWN_ERROR = 2
DISK_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit status."""
    session = Session(debug="--debug" in arguments, blocked=_blocked_by_environment())
    try:
        status = _run(arguments, session)
        if sys.stdout is not None:  # closed by whoever started us (`chalice … >&-`)
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has what it wanted (`chalice logs | head`).
        _give_up_output()
        return 1
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        _give_up_output()
        if not session.failed:
            session.failed = True
            return _explain(error, session)
        return 1
    if session.has_broken_plugins and status == 0:
        return 1
    return 1 if session.command == "plan" and (session.has_broken_plugins or session.failed) else status


def _give_up_output() -> None:
    """Let what Python still holds back for standard output go nowhere: it must not fail again at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: Sequence[str], session: Session) -> int:
    try:
        answer = program.main(args=list(arguments), prog_name="chalice", standalone_mode=False, obj=session)
    except click.exceptions.Abort:
        session.talk.say("Aborted!")
        session.failed = True
        return 1
    except click.ClickException as error:
        error.show()
        session.failed = True
        return error.exit_code
    except (BrokenPipeError, SystemExit):
        raise
    except Exception as error:  # the last place that can turn a failure into words
        session.failed = True
        return _explain(error, session)
    return answer if isinstance(answer, int) else 0


def _explain(error: Exception, session: Session) -> int:
    from chalice_core.errors import ToolError

    if session.debug:
        import traceback

        session.talk.say("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, ToolError):
        session.talk.error(error)
        return error.exit_status
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        session.talk.problem(
            "There is no space left to write to.",
            why=str(error),
            fix="Free some space and run the command again; what is done stays done.",
            code="disk-full",
        )
        return 1
    session.talk.problem(
        f"{type(error).__name__}: {error}",
        why="This is a fault of chalice or of one of its plugins, not of your application.",
        fix=(
            "Run the command again with `chalice --debug …` and report what it prints, "
            "together with the output of `chalice plugins`."
        ),
    )
    return OWN_ERROR


def _show_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(version_line())
        ctx.exit()


def _blocked_plugins(
    ctx: click.Context, _parameter: click.Parameter, given: tuple[str, ...]
) -> frozenset[str]:
    for option in given:
        prefix, _, name = option.partition(":")
        if prefix != "no" or not name.strip():
            raise click.BadParameter(
                f"{option!r} is not no:NAME; `chalice plugins` lists the names.", ctx=ctx
            )
    session: Session = ctx.obj
    session.blocked |= {option.partition(":")[2].strip() for option in given}
    return session.blocked


def _blocked_by_environment() -> frozenset[str]:
    names = os.environ.get("CHALICE_DISABLE_PLUGINS", "").split(",")
    return frozenset(name.strip() for name in names if name.strip())


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.option(
    "--project-dir",
    metavar="DIR",
    help="The project's folder, which becomes the working directory.  Default: the current one.",
)
@click.option(
    "--debug/--no-debug", default=False, help="Show tracebacks, and log what happens to standard error."
)
@click.option(
    "--python",
    metavar="PATH",
    help="The interpreter that runs the application.  Default: the project's, then that of chalice.",
)
@click.option(
    "-p",
    "blocked",
    metavar="no:NAME",
    multiple=True,
    is_eager=True,
    expose_value=False,
    callback=_blocked_plugins,
    help="Do not load the plugin NAME.  May be repeated; CHALICE_DISABLE_PLUGINS holds a list with commas.",
)
@click.pass_context
def program(ctx: click.Context, project_dir: str | None, debug: bool, python: str | None) -> None:
    """Write serverless applications in Python and run them on AWS."""
    session: Session = ctx.obj
    session.debug = debug
    session.command = ctx.invoked_subcommand or ""
    if python is not None and os.sep in python:
        # Given relative to where the person is, not to the project.
        python = os.path.abspath(python)  # noqa: PTH100 - resolve() would leave a virtual environment
    session.python = python
    try:
        if project_dir is not None:
            os.chdir(project_dir)
        # Also the folder that a person is in may have been removed.
        session.project_dir = Path.cwd()
    except OSError as error:
        from chalice_cli._errors import NoSuchProjectDirError

        raise NoSuchProjectDirError(path=project_dir or ".", problem=error) from error
    # Commands of plugins read it here; a relative folder means another one from now on.
    ctx.params["project_dir"] = str(session.project_dir)
    if debug:
        from chalice_cli._debug_log import log_everything

        log_everything()
