"""Which files get bytecode, and where it comes from: the cache, or one run of the compiler."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from chalice_core.manifest import PythonInfo
from chalice_packager.archive import Member, member_of
from chalice_packager.bytecode import CompilerCrashError, Uncompiled, bytecode_name, compile_sources
from chalice_packager.cache import Cache
from chalice_packager.errors import AppCompilationError, BadWheelError
from chalice_packager.pip import Run
from chalice_packager.sources import APP
from chalice_packager.wheels import read_members

# A member of the cached bytecode: sources that no interpreter needs to be asked about again.
_UNCOMPILED = "uncompiled.json"

# Dependencies ship their tests, a third of all bytecode in some, and Lambda never imports them.
_TESTS = "tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """Bytecode for a package.

    Args:
        own: for the application, the runtime, plugins and vendored files.
        dependencies: for wheels.
        notices: what to tell about it.
    """

    own: tuple[Member, ...]
    dependencies: tuple[Member, ...]
    notices: tuple[str, ...]


def precompile(
    members: Mapping[str, Member],
    *,
    dependencies: Collection[str],
    kept: Path | None,
    cache: Cache,
    python: PythonInfo,
    run: Run = subprocess.run,
) -> Compiled:
    """Compile the sources among the files.

    Args:
        members: the files, by name.
        dependencies: names of those that come from wheels.
        kept: folder of the resolved wheels, where their bytecode is kept; None when there are none.
        cache: writes there.
        python: who compiles.
        run: starts processes.

    Raises:
        AppCompilationError: modules of the application do not compile.
        CacheUnwritableError: the bytecode of the wheels cannot be kept.
    """
    store = kept / f"bytecode-{python.cache_tag}-{python.version}.zip" if kept is not None else None
    known, refused = _known(store)
    wanted = [
        name
        for name in members
        if name.endswith(".py")
        and _has_room(name, members, python)
        and not (name in dependencies and _TESTS in name.split("/"))
    ]
    asked = {
        name: members[name].content()
        for name in wanted
        if name not in dependencies
        or (bytecode_name(name, python.cache_tag) not in known and name not in refused)
    }
    try:
        answers = compile_sources(asked, python, run)
    except CompilerCrashError as error:
        notice = (
            f"The package holds no bytecode, so cold starts take longer: {python.executable}: {error.detail}"
        )
        return Compiled(own=(), dependencies=(), notices=(notice,))
    _check_app(answers, members)
    made = {
        name: _member(bytecode_name(name, python.cache_tag), answer, members[name])
        for name, answer in answers.items()
        if isinstance(answer, bytes)
    }
    fresh = [made[name] for name in made if name in dependencies]
    if store is not None and any(name in dependencies for name in asked):
        refused |= {
            name
            for name, answer in answers.items()
            if name in dependencies and isinstance(answer, Uncompiled)
        }
        known |= {member.name: member for member in fresh}
        note = member_of(_UNCOMPILED, json.dumps(sorted(refused)).encode(), owner="")
        cache.store_bytecode(store, [*known.values(), note])
    from_wheels = [
        replace(known[bytecode_name(name, python.cache_tag)], owner=members[name].owner)
        for name in wanted
        if name in dependencies and bytecode_name(name, python.cache_tag) in known
    ]
    own = [made[name] for name in made if name not in dependencies]
    skipped = len(wanted) - len(from_wheels) - len(own)
    return Compiled(own=tuple(own), dependencies=tuple(from_wheels), notices=_about(skipped))


def _known(store: Path | None) -> tuple[dict[str, Member], set[str]]:
    """Return the bytecode that is kept, and the sources that do not compile."""
    if store is None or not store.exists():
        return {}, set()
    try:
        members = {member.name: member for member in read_members(store, owner="")}
    except BadWheelError:
        # It was damaged, and will be made again.
        return {}, set()
    return members, set(json.loads(members.pop(_UNCOMPILED).content()))


def _has_room(name: str, members: Mapping[str, Member], python: PythonInfo) -> bool:
    """Tell whether nothing else has the bytecode's name."""
    return bytecode_name(name, python.cache_tag) not in members


def _member(name: str, content: bytes, source: Member) -> Member:
    return member_of(name, content, owner=source.owner)


def _check_app(answers: Mapping[str, bytes | Uncompiled], members: Mapping[str, Member]) -> None:
    problems = [
        f"{name}:{answer.line}: {answer.message}"
        for name, answer in sorted(answers.items())
        if isinstance(answer, Uncompiled) and members[name].owner == APP and _is_module(name)
    ]
    if problems:
        raise AppCompilationError(problems=problems)


def _is_module(name: str) -> bool:
    """Tell what can be imported from a file that merely ends like it, such as a template."""
    return all(part.isidentifier() for part in name.removesuffix(".py").split("/"))


def _about(skipped: int) -> tuple[str, ...]:
    if not skipped:
        return ()
    verb = "file is" if skipped == 1 else "files are"
    return (f"{skipped} {verb} no Python of this version and stayed uncompiled.",)
