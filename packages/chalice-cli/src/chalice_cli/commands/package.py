"""`chalice package`: write files for another tool to deploy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chalice_cli._options import stage_option
from chalice_cli._session import Session

if TYPE_CHECKING:
    from chalice_core.target import OutputFormat


@click.command("package")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--pkg-format", default="cloudformation", show_default=True, metavar="FORMAT", help="The format to write."
)
@stage_option
@click.option("--single-file", is_flag=True, help="Write one zip file that holds everything.")
@click.option(
    "--merge-template",
    # The format reads it, and says what is wrong with it in its own words.
    type=click.Path(path_type=Path),
    help="A template to merge into the one that is written.",
)
@click.option(
    "--template-format",
    type=click.Choice(["json", "yaml"], case_sensitive=False),
    help="How templates are written.  Default: the format's own.",
)
@click.option(
    "--profile", expose_value=False, hidden=True, help="Taken for compatibility; nothing is contacted."
)
@click.pass_obj
def command(
    session: Session,
    *,
    out: Path,
    pkg_format: str,
    stage: str,
    single_file: bool,
    merge_template: Path | None,
    template_format: str | None,
) -> None:
    """Write files for another tool to deploy into the folder OUT, or with --single-file into a zip file OUT.

    No AWS call is made, and neither credentials nor a region are needed.
    """
    from chalice_cli._preparation import prepare
    from chalice_cli._writing import write_all, write_archive
    from chalice_core.target import FormatRequest

    output_format = _format(session, pkg_format)
    options: dict[str, Any] = {}
    if merge_template is not None:
        options["merge_template"] = merge_template.absolute()
    if template_format is not None:
        options["template_format"] = template_format.lower()
    if single_file and not getattr(output_format, "archivable", True):
        # The format says in its own words why not.
        options["single_file"] = True
    prepared = prepare(session, stage, {})
    files: Mapping[str, bytes | Path] = output_format.render(
        FormatRequest(
            graph=prepared.graph,
            app=prepared.manifest.app,
            config=prepared.config,
            artifacts=prepared.artifacts,
            options=options,
        )
    )
    if single_file:
        write_archive(out, files)
        session.talk.say(f"Wrote {out}")
        return
    write_all(out, files)
    for name in sorted(files):
        session.talk.say(f"Wrote {out / name}")


def _format(session: Session, name: str) -> OutputFormat:
    from chalice_cli._errors import FormatMissingError
    from chalice_core.plugins import collect_named

    offered = collect_named(session.plugins, "chalice_output_formats", thing="output format")
    if name not in offered:
        raise FormatMissingError(format=name, installed=sorted(offered))
    found: OutputFormat = offered[name]
    return found
