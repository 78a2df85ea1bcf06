"""What is known about a plugin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PluginState = Literal["found", "loaded", "blocked", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """What is known about a plugin.

    Args:
        name: of its entry point; people block it by this name.
        distribution: who brought it; None when it was registered by hand.
        version: of that distribution.
        module: the entry point's value, ``chalice_sqs.hooks``.
        state: ``found`` means installed and not imported (yet).
        error: why it is broken, one sentence or more; None when it is not.
        cause: the exception behind ``error``, for ``--debug``.
    """

    name: str
    distribution: str | None
    version: str | None
    module: str
    state: PluginState
    error: str | None = None
    cause: Exception | None = field(default=None, repr=False, compare=False)

    @property
    def origin(self) -> str:
        """Name the plugin with its distribution and version, for messages."""
        if self.distribution is None:
            return f"{self.name!r} ({self.module})"
        return f"{self.name!r} ({self.distribution} {self.version or 'of unknown version'})"

    @property
    def obstacle(self) -> str | None:
        """Say why the plugin is not in use and what to do; None when it is, or was not asked for."""
        if self.state == "blocked":
            return f"The plugin {self.origin} is blocked; unblock it."
        if self.state == "broken":
            return f"The plugin {self.origin} cannot be used: {self.error} Repair or upgrade it."
        return None
