"""What a person is told when the record of a deployment cannot be used."""

from __future__ import annotations

from chalice_core.errors import ToolError


class RecordError(ToolError):
    """A record cannot be used; nothing was changed."""

    code = "record"


class CorruptRecordError(RecordError):
    """A record is not what this program wrote."""

    code = "corrupt-record"

    def __init__(self, *, where: str, detail: str) -> None:
        super().__init__(
            what=f"The record of the deployment, {where}, cannot be read.",
            why=detail,
            fix="Restore it from a backup or from version control.  Do not delete it while the application "
            "is deployed: it says what belongs to the application.",
        )
        self.where = where


class NewerRecordError(RecordError):
    """A newer program wrote the record."""

    code = "newer-record"

    def __init__(self, *, where: str, format: int) -> None:
        super().__init__(
            what=f"The record of the deployment, {where}, has format {format}.",
            why="A newer version of chalice-deploy wrote it.",
            fix="Upgrade chalice-deploy.",
        )
        self.where, self.format = where, format


class ForeignRecordError(RecordError):
    """Another tool wrote the record."""

    code = "foreign-record"

    def __init__(self, *, where: str, count: int) -> None:
        super().__init__(
            what=f"The record {where} was written by another tool and names {count} resources.",
            why="This version can neither take over a deployment that it did not make nor forget it.",
            fix="Delete the deployment with the tool that made it, or deploy under another stage name.",
        )
        self.where, self.count = where, count


class OtherPlaceError(RecordError):
    """A record belongs to another account or region."""

    code = "other-place"

    def __init__(self, *, fact: str, recorded: str, current: str, stage: str) -> None:
        super().__init__(
            what=f"The stage {stage!r} is deployed in the {fact} {recorded}, not in {current}.",
            why="The record names what is there; deploying here would forget it.",
            fix=f"Use credentials and a region of the {fact} {recorded}, or deploy under another stage name.",
        )
        self.fact, self.recorded, self.current = fact, recorded, current


class OtherApplicationError(RecordError):
    """A record belongs to another application."""

    code = "other-application"

    def __init__(self, *, where: str, recorded: str, current: str) -> None:
        super().__init__(
            what=f"The record {where} belongs to the application {recorded!r}, not to {current!r}.",
            why="The app_name has changed since the last deployment; names of all resources follow from it.",
            fix=f"Set app_name to {recorded!r} again, or delete that deployment first, "
            "or deploy under another stage name.",
        )
        self.recorded, self.current = recorded, current


class LockedError(RecordError):
    """Another process is deploying."""

    code = "locked"

    def __init__(self, *, where: str) -> None:
        super().__init__(
            what="Another deployment of this stage is in progress.",
            why=f"It holds the lock of {where}.",
            fix="Wait until it has ended, then try again.",
        )
        self.where = where


class StalePlanError(RecordError):
    """Another deployment ran since the plan was made."""

    code = "stale-plan"

    def __init__(self, *, where: str) -> None:
        super().__init__(
            what="The stage was deployed or deleted by someone else since this plan was made.",
            why=f"The record {where} has changed.",
            fix="Make the plan anew: run the command again.",
        )
        self.where = where


class UnreadableRecordError(RecordError):
    """The operating system does not give a record."""

    code = "unreadable-record"

    def __init__(self, *, where: str, detail: str) -> None:
        super().__init__(
            what=f"The record of the deployment, {where}, cannot be read.",
            why=f"The operating system says: {detail}.",
            fix="Make it a file that you may read; without it nobody knows what is deployed.",
        )
        self.where = where


class UnwritableRecordError(RecordError):
    """A record cannot be written."""

    code = "unwritable-record"

    def __init__(self, *, where: str, detail: str) -> None:
        super().__init__(
            what=f"The record of the deployment, {where}, cannot be written.",
            why=f"The operating system says: {detail}.",
            fix="Make the folder writable, or free some space; nothing is deployed without a record of it.",
        )
        self.where = where
