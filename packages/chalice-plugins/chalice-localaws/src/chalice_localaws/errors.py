"""What a person is told when the embedded AWS cannot be started or reached."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from chalice_core.errors import ToolError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "DataPlaneMissingError",
    "EmbeddedAwsBusyError",
    "EmbeddedAwsNotRunningError",
    "EmbeddedAwsRefusedError",
    "EmbeddedAwsStartError",
    "OtherPortError",
    "PortInUseError",
    "ServicesClashError",
    "StateFolderError",
]


class StateFolderError(ToolError):
    """The project's folder cannot hold the state of the embedded AWS."""

    code = "embedded-aws-state-folder"

    def __init__(self, *, folder: Path, reason: str) -> None:
        super().__init__(
            what=f"The embedded AWS cannot keep its state in {folder}.",
            why=f"{reason}.",
            fix="Make the folder writable, or copy the project to where you may write.",
        )
        self.folder = folder


class PortInUseError(ToolError):
    """The asked-for port belongs to another program."""

    code = "port-in-use"

    def __init__(self, *, port: int, reason: str) -> None:
        super().__init__(
            what=f"The embedded AWS cannot listen on port {port}.",
            why=f"{reason}.",
            fix="Choose another port, or leave it out and a free one is taken.",
        )
        self.port = port


class OtherPortError(ToolError):
    """The project's server runs already, on another port than the asked-for one."""

    code = "embedded-aws-other-port"

    def __init__(self, *, port: int, running: int) -> None:
        super().__init__(
            what=f"The embedded AWS of this project does not move to port {port}.",
            why=f"It runs already, on port {running}, and there is never a second one.",
            fix="Use it where it is, or run `chalice localaws stop` first, which forgets its state.",
        )
        self.port, self.running = port, running


class DataPlaneMissingError(ToolError):
    """What runs the functions is not installed."""

    code = "embedded-aws-data-plane"

    def __init__(self) -> None:
        super().__init__(
            what="The embedded AWS cannot run functions here.",
            why="The package chalice_local, which does so, cannot be imported.",
            fix=f"Install the distribution chalice-local beside the chalice command ({sys.executable} -m pip "
            "install chalice-local).",
        )


class EmbeddedAwsStartError(ToolError):
    """The server process ended, or was not ready in time."""

    code = "embedded-aws-start"

    def __init__(self, *, reason: str, log: Path, tail: str) -> None:
        shown = f"\nThe end of {log}:\n{tail}" if tail else f" {log} is empty."
        super().__init__(
            what="The embedded AWS did not start.",
            why=f"{reason}.{shown}",
            fix="Mend what the log says; `chalice localaws start` tries again.",
        )
        self.log = log


class EmbeddedAwsBusyError(ToolError):
    """A server holds the project's lock and does not answer."""

    code = "embedded-aws-not-answering"

    def __init__(self, *, pid: int | None, log: Path) -> None:
        who = f"The process {pid}" if pid else "A process"
        super().__init__(
            what="The embedded AWS of this project runs and does not answer.",
            why=f"{who} holds its lock. Its log is {log}.",
            fix="End that process and try again.",
        )
        self.pid = pid


class EmbeddedAwsNotRunningError(ToolError):
    """Something was asked of a server that does not run."""

    code = "embedded-aws-not-running"

    def __init__(self, *, project: Path) -> None:
        super().__init__(
            what=f"No embedded AWS runs for {project}.",
            why="",
            fix="`chalice localaws start` starts it, and so does any command with --local.",
        )
        self.project = project


class EmbeddedAwsRefusedError(ToolError):
    """The server said no."""

    code = "embedded-aws-refused"

    def __init__(self, *, request: str, answer: str) -> None:
        super().__init__(
            what=f"The embedded AWS refused {request}.",
            why=answer,
            fix="`chalice localaws stop` and `chalice localaws start` begin anew.",
        )


class ServicesClashError(ToolError):
    """Two plugins emulate one service, or resources of one type, in the embedded AWS."""

    code = "embedded-aws-services-clash"

    def __init__(self, *, name: str, plugins: tuple[str, str]) -> None:
        super().__init__(
            what=f"The plugins {plugins[0]} and {plugins[1]} both emulate {name}.",
            why="Which of them is meant cannot be told.",
            fix=f"Block one of them: CHALICE_DISABLE_PLUGINS={plugins[0]}.",
        )
        self.name = name
        self.plugins = plugins
