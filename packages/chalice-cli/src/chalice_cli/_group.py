"""The group of commands: names and short help are known before anything is imported."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping
from typing import Any

import click

from chalice_cli._installed import Offer, offers

COMMANDS_GROUP = "chalice.commands"
PLUGINS_GROUP = "chalice.plugins"

BUILT_IN: Mapping[str, str] = {
    "delete": "Delete what a stage has deployed.",
    "deploy": "Deploy the application.",
    "gen-policy": "Show the IAM policy that the source needs.",
    "invoke": "Invoke a deployed function and show its answer.",
    "logs": "Show what deployed functions printed.",
    "new-plugin": "Start a plugin: an event source that works in every target.",
    "new-project": "Start a new project.",
    "package": "Write files for another tool to deploy.",
    "plan": "Show what a deployment would change.",
    "plugins": "List installed plugins.",
    "url": "Show the URL of the deployed REST API.",
}
"""Name to short help; the command ``new-project`` is ``command`` in ``chalice_cli.commands.new_project``."""


FIRST_PARTY: Mapping[str, str] = {"localaws": "chalice-localaws"}
"""Commands of plugins that come from the same repository, for people who run without them."""

NOT_YET = frozenset({"dev", "generate-models", "generate-pipeline", "generate-sdk", "local"})
"""Commands that people know from aws/chalice and that no distribution of this version offers."""


class LazyGroup(click.Group):
    """Commands of ours and of plugins, imported when they are run.

    A plugin offers a command by an entry point of the group
    ``chalice.commands``, its name the command's name, its value a
    `click.Command`.  Until the command is run, its help is the summary of
    the plugin's distribution.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, ours and those of plugins."""
        return sorted({*BUILT_IN, *(offer.name for offer in _command_offers(_blocked(ctx)))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command with this name."""
        if cmd_name in BUILT_IN:
            return _load(f"chalice_cli.commands.{cmd_name.replace('-', '_')}:command")
        found = [offer for offer in _command_offers(_blocked(ctx)) if offer.name == cmd_name]
        if len(found) > 1:
            from chalice_cli._errors import CommandConflictError

            raise CommandConflictError(
                name=cmd_name, distributions=[f"{offer.distribution} {offer.version}" for offer in found]
            )
        return _load_offer(found[0]) if found else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write names and short help without importing a command."""
        rows = dict(BUILT_IN)
        for offer in _command_offers(_blocked(ctx)):
            rows.setdefault(offer.name, f"{offer.summary or 'No summary'} ({offer.distribution})")
        with formatter.section("Commands"):
            formatter.write_dl(sorted(rows.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest that there are."""
        name = args[0]
        if name.startswith("-") or self.get_command(ctx, name) is not None:
            return super().resolve_command(ctx, args)
        message = f"There is no command {name!r}."
        near = difflib.get_close_matches(name, self.list_commands(ctx), n=3)
        if name in FIRST_PARTY:
            message += f" Install the distribution {FIRST_PARTY[name]} to have it."
        elif name in NOT_YET:
            message += " aws/chalice has it, and this version does not yet."
        elif near:
            message += f" Did you mean {' or '.join(near)}?"
        raise click.UsageError(message, ctx)


def _blocked(ctx: click.Context) -> frozenset[str]:
    session = ctx.obj
    return session.blocked if session is not None else frozenset()


def _command_offers(blocked: frozenset[str]) -> list[Offer]:
    """Return the commands of plugins, without those of distributions whose plugins are all blocked."""
    found = offers((COMMANDS_GROUP, PLUGINS_GROUP))
    plugins: dict[str, set[str]] = {}
    for offer in found:
        if offer.group == PLUGINS_GROUP:
            plugins.setdefault(offer.distribution, set()).add(offer.name)
    return [
        offer
        for offer in found
        if offer.group == COMMANDS_GROUP
        and offer.name not in BUILT_IN
        and not (plugins.get(offer.distribution, set()) or {offer.name}) <= blocked
    ]


def _load_offer(offer: Offer) -> click.Command:
    from chalice_cli._errors import BrokenCommandError

    try:
        return _load(offer.value)
    except Exception as error:  # whatever a stranger's module raises while it is imported
        raise BrokenCommandError(
            name=offer.name, distribution=offer.distribution, version=offer.version, problem=error
        ) from error


def _load(value: str) -> click.Command:
    module, _, attribute = value.partition(":")
    loaded: Any = importlib.import_module(module)
    for name in attribute.split("."):
        loaded = getattr(loaded, name)
    if not isinstance(loaded, click.Command):
        raise TypeError(f"{value} is a {type(loaded).__name__}, not a click.Command")
    return loaded
