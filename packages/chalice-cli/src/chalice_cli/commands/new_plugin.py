"""`chalice new-plugin`: the project of an event source, with tests that pass."""

from __future__ import annotations

import re
from pathlib import Path

import click

from chalice_cli._session import Session

# "Names and normalization", Python Packaging User Guide, and what makes a module's name without more ado.
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 40


@click.command("new-plugin")
@click.argument("name")
@click.pass_obj
def command(session: Session, *, name: str) -> None:  # noqa: ARG001 - every command gets the session
    """Start a plugin in a new folder called NAME: an event source that works in every target.

    NAME is the distribution's, such as acme-parcels: the decorator will be @app.on_parcels_event.
    """
    from chalice_cli._errors import BadPluginNameError, CannotWriteError, ProjectExistsError
    from chalice_cli._new_folder import write_folder
    from chalice_cli._plugin_project import FILES

    word = name.rpartition("-")[2]
    if not NAME.fullmatch(name) or len(name) > LONGEST or not word.isidentifier():
        raise BadPluginNameError(name=name, longest=LONGEST)
    folder = Path.cwd() / name
    if folder.exists() or folder.is_symlink():
        raise ProjectExistsError(path=folder)
    module = name.replace("-", "_")
    try:
        write_folder(
            folder, FILES, {"distribution": name, "module": module, "word": word, "Word": word.capitalize()}
        )
    except OSError as error:
        raise CannotWriteError(path=folder, problem=error) from error
    click.echo(f"Your plugin has been generated in ./{name}; its README says how to run its tests.")
