"""`chalice new-project`: a folder with an application that works."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chalice_cli._session import Session

if TYPE_CHECKING:
    from chalice_core.template import ProjectTemplate

DEFAULT_TEMPLATE = "legacy"

# Names of functions and roles are the application's name, "-" and a stage; a role's has at most
# 64 characters ("IAM and AWS STS quotas", AWS IAM User Guide), which leaves room for the rest.
APP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,45}")


@click.command("new-project")
@click.argument("name", required=False)
@click.option(
    "-t",
    "--project-type",
    metavar="TYPE",
    help=f"The template.  Default: {DEFAULT_TEMPLATE}, one view that says hello.",
)
@click.option("--profile", expose_value=False, hidden=True, help="Taken for compatibility.")
@click.pass_obj
def command(session: Session, *, name: str | None, project_type: str | None) -> None:
    """Start a new project in a new folder called NAME.

    Without NAME it is asked for, on a terminal.
    """
    from chalice_cli._errors import (
        BadProjectNameError,
        CannotWriteError,
        NameNeededError,
        ProjectExistsError,
        UnknownTemplateError,
    )
    from chalice_cli._new_folder import write_folder
    from chalice_cli._templates import CONFIG, CONFIG_FILE
    from chalice_core.validation import runtime_notice

    templates = _templates(session)
    if name is None:
        if not sys.stdin.isatty():
            raise NameNeededError
        name, project_type = _ask(templates, project_type)
    template = templates.get(project_type or DEFAULT_TEMPLATE)
    if template is None:
        raise UnknownTemplateError(name=project_type or DEFAULT_TEMPLATE, known=sorted(templates))
    if not APP_NAME.fullmatch(name):
        raise BadProjectNameError(name=name, problem=_name_problem(name))
    folder = Path.cwd() / name
    if folder.exists() or folder.is_symlink():
        raise ProjectExistsError(path=folder)
    try:
        # The application of a template may be in a folder of its own.
        configured = any(f"/{file}".endswith(f"/{CONFIG_FILE}") for file in template.files)
        files = template.files if configured else {CONFIG_FILE: CONFIG, **template.files}
        write_folder(folder, files, {"app_name": name})
    except OSError as error:
        raise CannotWriteError(path=folder, problem=error) from error
    click.echo(f"Your project has been generated in ./{name}")
    warning = runtime_notice(f"python{sys.version_info.major}.{sys.version_info.minor}")
    if warning is not None:
        session.talk.warn(warning)


def _templates(session: Session) -> Mapping[str, ProjectTemplate]:
    from chalice_cli._templates import BuiltInTemplates
    from chalice_core.plugins import collect_named

    session.plugins.register(BuiltInTemplates(), "chalice-cli")
    return collect_named(session.plugins, "chalice_project_templates", thing="project type")


def _ask(templates: Mapping[str, ProjectTemplate], project_type: str | None) -> tuple[str, str]:
    name = click.prompt("Name of the project", err=True)
    if project_type is None:
        for key, template in sorted(templates.items()):
            click.echo(f"  {key:<20} {template.summary}", err=True)
        project_type = click.prompt(
            "Type",
            type=click.Choice(sorted(templates)),
            default=DEFAULT_TEMPLATE,
            show_choices=False,
            err=True,
        )
    return str(name), str(project_type)


def _name_problem(name: str) -> str:
    if len(name) > 46:
        return f"It has {len(name)} characters; AWS limits the names that are made from it."
    if not name:
        return "It is empty."
    if not re.match(r"[A-Za-z0-9]", name):
        return f"It begins with {name[0]!r}."
    wrong = sorted(set(re.findall(r"[^A-Za-z0-9_-]", name)))
    return (
        f"It contains {', '.join(repr(character) for character in wrong)}, which AWS does not allow in names."
    )
