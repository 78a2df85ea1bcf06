"""Why a deployment package cannot be built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from chalice_core.errors import ToolError


class NoAppFileError(ToolError):
    """The project has no `app.py`."""

    code = "no-app-file"

    def __init__(self, *, project_dir: Path) -> None:
        super().__init__(
            what=f"There is no app.py in {project_dir}.",
            why="Lambda loads the application from app.py at the root of the package.",
            fix="Create app.py there, or name the right folder with --project-dir.",
        )
        self.project_dir = project_dir


class UnsupportedPythonError(ToolError):
    """The application runs on something that Lambda has no managed runtime for."""

    code = "unsupported-python"

    def __init__(self, *, implementation: str, version: str) -> None:
        super().__init__(
            what=f"No Lambda runtime is {implementation} {version}.",
            why="Dependencies are chosen for CPython 3.10 or newer, which Lambda's managed runtimes are.",
            fix='Choose another interpreter with --python or with "python" in .chalice/config.json.',
        )
        self.implementation, self.version = implementation, version


class UnreadableFileError(ToolError):
    """A file of the project, or of the runtime, cannot be read."""

    code = "unreadable-file"

    def __init__(self, *, path: Path, reason: str) -> None:
        super().__init__(
            what=f"{path} cannot be packaged.",
            why=f"{reason[:1].upper()}{reason[1:].rstrip('.')}.",
            fix="Make it a readable file, or remove it.",
        )
        self.path = path


class CacheUnwritableError(ToolError):
    """The folder for finished packages cannot be written."""

    code = "cache-unwritable"

    def __init__(self, *, path: Path, reason: str) -> None:
        super().__init__(
            what=f"The deployment package cannot be written into {path}.",
            why=f"{reason}.",
            fix="Make the folder writable, or free some space.",
        )
        self.path = path


class RequirementsSyntaxError(ToolError):
    """Lines of a requirements file are not understood.

    Args:
        problems: ``file:line: what is wrong``, one per line.
    """

    code = "requirements-syntax"

    def __init__(self, *, problems: Sequence[str]) -> None:
        super().__init__(
            what="The requirements of the application cannot be read.",
            why="\n".join(problems),
            fix="Correct these lines; the format is that of pip's requirements files.",
        )
        self.problems = tuple(problems)


class UnknownRequirementError(ToolError):
    """No index offers what a requirement asks for."""

    code = "unknown-requirement"

    def __init__(self, *, requirement: str, output: str) -> None:
        super().__init__(
            what=f"Could not satisfy the requirement: {requirement}",
            why=f"pip found no such project, or no such version of it:\n{output}",
            fix="Correct its name or version in requirements.txt, or configure the index that has it.",
        )
        self.requirement = requirement


class PipError(ToolError):
    """pip failed for another reason."""

    code = "pip-failed"

    def __init__(self, *, status: int, output: str) -> None:
        super().__init__(
            what="The dependencies of the application could not be resolved.",
            why=f"pip ended with exit status {status} and said:\n{output}",
            fix="Solve what pip reports; nothing was changed.",
        )
        self.status = status


class PipMissingError(ToolError):
    """Neither interpreter has pip."""

    code = "pip-missing"

    def __init__(self, *, interpreters: Sequence[str]) -> None:
        super().__init__(
            what="pip is needed for requirements.txt, and was not found.",
            why=f"These interpreters were asked: {', '.join(interpreters)}.",
            fix="Run 'python -m ensurepip' with one of them, or install pip with its package manager.",
        )


class NoResolverError(ToolError):
    """No plugin resolves dependencies."""

    code = "no-resolver"

    def __init__(self, *, requirements: Sequence[str]) -> None:
        super().__init__(
            what="No plugin resolves the requirements of the application.",
            why=f"They are: {', '.join(requirements)}.",
            fix="Unblock the plugin 'packager', or install another that resolves dependencies.",
        )
        self.requirements = tuple(requirements)


class IncompleteResolutionError(ToolError):
    """A resolver neither brought a requirement nor said that it is missing."""

    code = "incomplete-resolution"

    def __init__(self, *, names: Sequence[str]) -> None:
        super().__init__(
            what=f"These requirements were not resolved: {', '.join(names)}.",
            why="The plugin that resolves dependencies brought no wheel of them, and named no reason.",
            fix="Report this to its author, or block it so that pip resolves.",
        )
        self.names = tuple(names)


class PinnedVersionError(ToolError):
    """requirements.txt pins a part of the framework to a version that is not at hand."""

    code = "pinned-version"

    def __init__(self, *, requirement: str, distribution: str, version: str) -> None:
        super().__init__(
            what=f"requirements.txt asks for {requirement}, and the application runs with "
            f"{distribution} {version}.",
            why="The framework is packaged from the environment that the application runs in, "
            "so that what was tested is what is deployed.",
            fix=f"Install {requirement} into that environment, or change the line to "
            f"{distribution}=={version}.",
        )
        self.requirement, self.distribution, self.version = requirement, distribution, version


class BadWheelError(ToolError):
    """A wheel cannot be put into a package."""

    code = "bad-wheel"

    def __init__(self, *, wheel: str, reason: str) -> None:
        super().__init__(
            what=f"The wheel {wheel} was refused.",
            why=f"{reason}.",
            fix="Require another version of it, or put its unpacked files into vendor/.",
        )
        self.wheel, self.reason = wheel, reason


class ConflictingFilesError(ToolError):
    """Two sources want the same name in the package."""

    code = "conflicting-files"

    def __init__(self, *, archive: str, owners: Sequence[str]) -> None:
        super().__init__(
            what=f"Two sources give the file {archive!r} of the package: {' and '.join(owners)}.",
            why="A package holds one file of a name, and neither has precedence.",
            fix="Block one of them, or ask its author to choose another name.",
        )
        self.archive, self.owners = archive, tuple(owners)


class BadArchiveNameError(ToolError):
    """A file cannot have this name in the package."""

    code = "bad-archive-name"

    def __init__(self, *, archive: str, owner: str, reason: str) -> None:
        super().__init__(
            what=f"{owner} gives a file the name {archive!r}, which was refused.",
            why=f"{reason}.",
            fix="Give it a relative name with forward slashes.",
        )
        self.archive, self.owner = archive, owner


class AppCompilationError(ToolError):
    """Modules of the application do not compile.

    Args:
        problems: ``file:line: message``, all of them.
    """

    code = "app-compilation"

    def __init__(self, *, problems: Sequence[str]) -> None:
        super().__init__(
            what="The application does not compile, so it was not packaged.",
            why="\n".join(problems),
            fix="Correct the syntax, or choose the Python that it is written for with --python.",
        )
        self.problems = tuple(problems)


class PackageTooBigError(ToolError):
    """Lambda would refuse the package.

    Args:
        size: bytes, unzipped.
        limit: bytes.
        sizes: bytes by package, unzipped.
    """

    code = "package-too-big"
    shown: ClassVar[int] = 15

    def __init__(self, *, size: int, limit: int, sizes: Mapping[str, int]) -> None:
        largest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
        width = max(len(name) for name, _ in largest[: self.shown])
        rows = [f"  {name:<{width}}  {bytes_ / 2**20:8.1f} MB" for name, bytes_ in largest[: self.shown]]
        if len(largest) > self.shown:
            rest = sum(bytes_ for _, bytes_ in largest[self.shown :])
            rows.append(f"  {f'{len(largest) - self.shown} more':<{width}}  {rest / 2**20:8.1f} MB")
        super().__init__(
            what=f"The deployment package is too big: {size / 2**20:.1f} MB unzipped.",
            why=f"Lambda takes less than {limit / 2**20:.0f} MB, layers included. It consists of\n"
            + "\n".join(rows),
            fix="Require less, put large files into S3 or a file system, or move dependencies into layers.",
        )
        self.size, self.limit, self.sizes = size, limit, dict(sizes)
