"""Requirements files: which lines count, and what each of them asks for.

The format is pip's (pip documentation, "Requirements File Format").  Nested
files are read here, so that the framework's own lines can be told apart and so
that a cache can know everything that a resolution depends on; pip itself still
interprets what a line means.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from chalice_packager.errors import RequirementsSyntaxError, UnreadableFileError

_COMMENT = re.compile(r"(^|\s+)#.*$")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_NESTED = re.compile(r"(?:-r|-c|--requirement|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(?P<file>.+)$")
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s*=\s*|\s+)(?P<rest>.+)$")
_OWN_OPTIONS = re.compile(r"\s--?[a-z].*$")
_EXTRAS = re.compile(r"^(?P<path>.+?)(?:\[(?P<extras>[^\]]*)\])?$")
_VCS = re.compile(r"(?:git|hg|svn|bzr)\+")
_EGG = re.compile(r"[#&]egg=(?P<egg>[^&\[]+)")
_FOUND_IN_FOLDER = re.compile(r"(?:-f|--find-links)(?:\s*=\s*|\s+)(?P<folder>.+)$")
_ARCHIVE = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tar")
_NEEDS_VALUE = ("-r", "-c", "-e", "--requirement", "--constraint", "--editable")
# Not part of what a folder builds, or made by building it.
_UNBUILT = {"__pycache__", "build", "dist", "node_modules", "venv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a requirements file.

    Args:
        text: as pip is to see it, on one line, without comments.
        requirement: what it asks for, when it has the form of PEP 508.
        options: what follows the requirement, ``--hash=sha256:…``.
        local: the file or folder that it names, absolute.
        is_option: it sets an option for all lines and asks for nothing.
        is_direct: it names the place of a source, so that the name of the
            distribution may be known only after building it.
        extras: of a place that is named without a distribution.
        where: ``requirements.txt:3``, for people to read.
    """

    text: str
    requirement: Requirement | None = None
    options: str = ""
    local: Path | None = None
    is_option: bool = False
    is_direct: bool = False
    extras: tuple[str, ...] = ()
    where: str = ""

    @property
    def name(self) -> NormalizedName | None:
        """The distribution that it asks for, normalised; None when only a build can tell."""
        if self.requirement is not None:
            return canonicalize_name(self.requirement.name)
        egg = _EGG.search(self.text)
        return canonicalize_name(egg["egg"]) if egg and self.is_direct else None

    def without_marker(self) -> str:
        """Return the text for pip, its marker left out.

        pip would evaluate it for the machine that it runs on.
        """
        if self.requirement is None or self.requirement.marker is None:
            return self.text
        bare = Requirement(str(self.requirement))
        bare.marker = None
        return f"{bare} {self.options}".rstrip()


def read_requirements(file: Path) -> tuple[Line, ...]:
    """Read a requirements file and the files that it includes.

    Args:
        file: may be missing; then nothing is required.

    Returns:
        The lines, in order, without blanks, comments and ``-r``.

    Raises:
        RequirementsSyntaxError: lines are not understood; all of them.
        UnreadableFileError: a file cannot be read.
    """
    problems: list[str] = []
    lines = tuple(_read(file, file.parent, problems, frozenset())) if file.exists() else ()
    if problems:
        raise RequirementsSyntaxError(problems=problems)
    return lines


def parse_line(text: str, folder: Path) -> Line:
    """Understand one line without comment.

    Args:
        text: the line.
        folder: what relative paths are relative to, as pip's working folder is.

    Raises:
        ValueError: it is not a requirement; the message says why.
    """
    expanded = _expanded(text)
    editable = _EDITABLE.match(expanded)
    if expanded.startswith("-") and editable is None:
        if expanded in _NEEDS_VALUE:
            raise ValueError(f"{expanded} names nothing")
        return Line(text=text, is_option=True, local=_constraints(expanded))
    # Nothing is installed here, so an editable requirement is an ordinary one.
    place = editable["rest"] if editable else expanded
    text = _EDITABLE.sub(r"\g<rest>", text) if editable else text
    options = _OWN_OPTIONS.search(place)
    spec = place[: options.start()] if options else place
    tail = options.group().strip() if options else ""
    split = _EXTRAS.match(spec.strip())
    path, extras = (split["path"], split["extras"] or "") if split else (spec, "")
    names = tuple(extra.strip() for extra in extras.split(",") if extra.strip())
    if _is_place(path, folder):
        local = _local(path, folder)
        return Line(text=text, options=tail, local=local, is_direct=True, extras=names)
    if "@" not in path and path.lower().endswith(_ARCHIVE):
        raise ValueError(f"there is no such file: {path}")
    try:
        requirement = Requirement(spec)
    except InvalidRequirement as error:
        if editable or "/" in path.partition(";")[0]:
            raise ValueError(f"there is no such file or folder: {path}") from error
        raise ValueError(str(error).replace("\n", " ")) from error
    if requirement.url is None:
        return Line(text=text, requirement=requirement, options=tail)
    return Line(
        text=text,
        requirement=requirement,
        options=tail,
        local=_local(requirement.url, folder),
        is_direct=True,
    )


def fingerprint(lines: Sequence[Line]) -> str:
    """Return a digest of everything on this machine that the lines refer to.

    Paths are not part of it, so that another checkout gives the same digest;
    the contents of local sources and constraints are.
    """
    digest = hashlib.sha256()
    for line in lines:
        # The values of variables may be secrets; a digest keeps them, and nobody can read them in it.
        digest.update(_expanded(line.text if line.local is None else line.options).encode() + b"\0")
        if line.local is not None:
            digest.update(",".join(line.extras).encode() + b"\0")
            for name, content in _contents(line.local):
                digest.update(name.encode("utf-8", "surrogateescape") + b"\0")
                digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def leading_name(phrase: str) -> NormalizedName:
    """Return the distribution that a requirement, or a phrase about one, begins with; normalised."""
    return canonicalize_name(re.split(r"[^\w.-]", phrase.strip(), maxsplit=1)[0])


def _read(file: Path, root: Path, problems: list[str], above: frozenset[Path]) -> Iterator[Line]:
    shown = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
    for number, text in _logical_lines(_text_of(file)):
        where = f"{shown}:{number}"
        nested = _NESTED.match(_expanded(text))
        if nested is None:
            try:
                yield replace(parse_line(_absolute_links(text, file.parent), root), where=where)
            except ValueError as error:
                problems.append(f"{where}: {error}")
            continue
        is_constraint = text.startswith(("-c", "--constraint"))
        name = nested["file"].strip().strip("\"'")
        if "://" in name:
            if is_constraint:
                yield Line(text=text, is_option=True, where=where)
            else:
                problems.append(
                    f"{where}: requirements at a URL are not supported; save {name} beside this file"
                )
            continue
        target = (file.parent / name).resolve()
        if not target.is_file():
            problems.append(f"{where}: there is no file {name}")
        elif is_constraint:
            yield Line(text=f"-c {target.as_posix()}", local=target, is_option=True, where=where)
        elif target in above or target == file.resolve():
            problems.append(f"{where}: {name} includes itself")
        else:
            yield from _read(target, root, problems, above | {file.resolve()})


def _text_of(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFileError(path=file, reason=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise UnreadableFileError(path=file, reason=f"it is not UTF-8 text ({error.reason})") from error


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield joined lines without comments and blanks, each with the number of its first line."""
    first, parts = 0, list[str]()
    # Only these end a line; splitlines() would also break at form feeds and the like.
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        first = first if parts else number
        is_comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not is_comment:
            parts.append(line[:-1])
            continue
        parts.append("" if is_comment else line)
        joined = _COMMENT.sub("", "".join(parts)).strip()
        parts = []
        if joined:
            yield first, joined
    joined = _COMMENT.sub("", "".join(parts)).strip()
    if joined:
        yield first, joined


def _expanded(text: str, variables: Mapping[str, str] | None = None) -> str:
    """Fill in ``${NAME}``, as pip will; unknown names stay."""
    known = os.environ if variables is None else variables
    return _VARIABLE.sub(lambda match: known.get(match[1], "") or match[0], text)


def _absolute_links(text: str, folder: Path) -> str:
    """Make a folder of links absolute, for pip looks beside the file that names it."""
    match = _FOUND_IN_FOLDER.match(text)
    if match is None or not (folder / match["folder"].strip()).exists():
        return text
    return f"--find-links {(folder / match['folder'].strip()).resolve().as_posix()}"


def _constraints(text: str) -> Path | None:
    nested = _NESTED.match(text)
    return None if nested is None or "://" in nested["file"] else Path(nested["file"].strip())


def _is_place(path: str, folder: Path) -> bool:
    """Tell a path or URL from a requirement, as pip does: by its look, then by the file system."""
    if _VCS.match(path) or re.match(r"(?:https?|ftp|file):", path):
        return True
    if "@" in path.partition(";")[0] and re.match(r"[\w.\-]+\s*(?:\[[^\]]*\])?\s*@", path):
        return False
    looks = path.startswith(".") or "/" in path or os.sep in path or path.lower().endswith(_ARCHIVE)
    return looks and (folder / path).exists()


def _local(path: str, folder: Path) -> Path | None:
    """Return the file or folder that a place names, or None when it is elsewhere."""
    if path.startswith("file:"):
        return Path(url2pathname(unquote(urlsplit(path).path))).resolve()
    return None if "://" in path else (folder / path).resolve()


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents that building a place depends on."""
    try:
        if path.is_file():
            yield path.name, path.read_bytes()
            return
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(
                name
                for name in folders
                if name not in _UNBUILT and not name.startswith(".") and not name.endswith(".egg-info")
            )
            for name in sorted(files):
                file = Path(folder, name)
                if file.is_file():
                    yield file.relative_to(path).as_posix(), file.read_bytes()
    except OSError as error:
        raise UnreadableFileError(path=path, reason=error.strerror or str(error)) from error
