"""The files of one project's embedded AWS, and the record of its server.

Everything lies in ``PROJECT/.chalice/local``, which keeps itself out of git.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkstemp

from chalice_localaws.errors import StateFolderError

__all__ = ["ServerRecord", "StateFolder"]

_RECORD_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerRecord:
    """How to reach a server, and how to know that it is the one.

    Attributes:
        pid: its process id.
        port: where it listens, on 127.0.0.1.
        instance: chosen by the server when its state began; another value is another state.
        token: must accompany requests that change or end it.
        started: when it started, ISO 8601, UTC.
        project: the folder that it serves.
    """

    pid: int
    port: int
    instance: str
    token: str
    started: str
    project: str


class StateFolder:
    """The paths below ``PROJECT/.chalice/local``.

    Args:
        project_dir: the project.
    """

    def __init__(self, project_dir: Path) -> None:
        self.project = project_dir.resolve()
        self.root = self.project / ".chalice" / "local"
        self.record_file = self.root / "server.json"
        self.log = self.root / "server.log"
        self.start_lock = self.root / "start.lock"
        self.server_lock = self.root / "server.lock"
        self.deployed = self.root / "deployed"
        self.code = self.root / "code"
        self.managed_runtime = self.root / "runtime"

    def create(self) -> None:
        """Make the folder.

        Raises:
            StateFolderError: it cannot be made or written to.
        """
        if not self.project.is_dir():
            raise StateFolderError(folder=self.root, reason="The project's folder does not exist")
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            ignore = self.root / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            # An existing folder may still be read-only.
            descriptor, probe = mkstemp(prefix=".write-", dir=self.root)
            os.close(descriptor)
            Path(probe).unlink()
        except OSError as error:
            raise StateFolderError(folder=self.root, reason=error.strerror or str(error)) from error

    def read_record(self) -> ServerRecord | None:
        """Return the record of the last server; ``None`` when there is none that can be understood."""
        try:
            document = json.loads(self.record_file.read_text(encoding="utf-8"))
            if document.pop("version") != _RECORD_VERSION:
                return None
            return ServerRecord(**document)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            # Half-written by a dying machine, of another version, or edited: as good as none.
            return None

    def write_record(self, record: ServerRecord) -> None:
        """Replace the record, readable by its owner only: the token is a secret."""
        document = {"version": _RECORD_VERSION, **asdict(record)}
        descriptor, partial = mkstemp(prefix=".server-", dir=self.root)  # mkstemp makes it private
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(document, file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(self.record_file)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(partial).unlink()
            raise

    def remove_record(self, instance: str) -> None:
        """Remove the record if it is that of ``instance``."""
        record = self.read_record()
        if record is not None and record.instance == instance:
            self.record_file.unlink(missing_ok=True)

    def deployed_stages(self) -> tuple[str, ...]:
        """Return the names of the stages that have a record of a deployment, sorted."""
        return tuple(sorted(record.stem for record in self.deployed.glob("*.json")))

    def forget_deployments(self) -> None:
        """Remove the records of deployments to a state that is gone, and the code it had unpacked."""
        for folder in (self.deployed, self.code):
            if folder.exists():
                shutil.rmtree(folder)

    def log_tail(self, lines: int = 20) -> str:
        """Return the end of the server's log."""
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])
