"""Options that several commands share, so that each means the same everywhere."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

from chalice_cli._place import PlaceOptions

F = TypeVar("F", bound=Callable[..., Any])

stage_option = click.option("--stage", default="dev", show_default=True, help="The stage.")


def place_options(command: F) -> F:
    """Add the options that say where a stage is deployed; the command gets a ``place`` argument."""

    @functools.wraps(command)
    def with_place(*arguments: Any, **options: Any) -> Any:
        place = PlaceOptions(
            local=options.pop("local"),
            profile=options.pop("profile"),
            region=options.pop("region"),
            connection_timeout=options.pop("connection_timeout"),
        )
        return command(*arguments, place=place, **options)

    wrapped: Any = with_place
    for decorate in (
        click.option(
            "--connection-timeout",
            type=click.IntRange(min=1),
            metavar="SECONDS",
            help="Time limit for AWS calls.",
        ),
        click.option("--region", help="AWS region.  Default: the environment's or the profile's."),
        click.option("--profile", help="AWS profile.  Default: the environment's."),
        click.option("--local", is_flag=True, help="Use the AWS embedded on this machine."),
    ):
        wrapped = decorate(wrapped)
    result: F = wrapped
    return result
