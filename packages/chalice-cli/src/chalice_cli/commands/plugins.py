"""`chalice plugins`: what is installed, and in which state."""

from __future__ import annotations

import json

import click

from chalice_cli._session import Session


@click.command("plugins")
@click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
@click.pass_obj
def command(session: Session, *, output: str) -> None:
    """List installed plugins.

    A plugin is loaded, blocked (-p no:NAME or CHALICE_DISABLE_PLUGINS) or broken; a broken one is
    shown with its error and makes the exit status 1.
    """
    installed = sorted(session.plugins.installed, key=lambda info: info.name)
    if output == "json":
        rows = [
            {
                "name": info.name,
                "distribution": info.distribution,
                "version": info.version,
                "module": info.module,
                "state": info.state,
                "error": None if info.error is None else str(info.error),
            }
            for info in installed
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    table = [("NAME", "DISTRIBUTION", "VERSION", "STATE")]
    table += [
        (info.name, info.distribution or "(none)", info.version or "(none)", info.state) for info in installed
    ]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    for row in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
