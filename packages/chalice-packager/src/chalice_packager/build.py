"""A deployment package, from the project and the manifest to a file in the cache.

The story, for the package or, when dependencies go into a layer, for each of
the two files: say what the target is; read the project's files and requirements;
when a package was made of the same things before, that is the answer.
Otherwise resolve the dependencies (unless they are unchanged), compile what
was not compiled before, decide who gets a name that two want, check the size,
and write.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from packaging.utils import canonicalize_name

from chalice_core.artifact import Artifact, BuildRequest, Built
from chalice_core.kinds import DEPLOYMENT, LAYER, ArtifactId
from chalice_core.plugins import Plugins
from chalice_packager.archive import EMPTY_ARCHIVE, Member, fault_in_name, member_of, unzipped_archive
from chalice_packager.assembly import merge
from chalice_packager.cache import Cache, Finished, Resolved
from chalice_packager.errors import (
    BadArchiveNameError,
    BadWheelError,
    ConflictingFilesError,
    IncompleteResolutionError,
    NoResolverError,
)
from chalice_packager.framework import FRAMEWORK, packaged_versions, split_requirements
from chalice_packager.left_behind import about_left_behind
from chalice_packager.pip import Run
from chalice_packager.precompile import precompile
from chalice_packager.predecessor import drop_framework
from chalice_packager.requirements import Line, fingerprint, leading_name, read_requirements
from chalice_packager.size import bounded, check_size, check_sizes, unzipped_size
from chalice_packager.sources import VENDOR, Source, app_sources, runtime_sources, vendor_sources
from chalice_packager.target import UNZIPPED_LIMIT, LambdaTarget, target_of
from chalice_packager.wheels import Wheel, declared_size, members_of, wheels_in

# Part of every key: what is made of the same things may differ between versions of this program.
_FORMAT = f"{version('chalice-packager')}/1"
# AWS Lambda Developer Guide, "Lambda quotas": .zip file archive, direct upload.
_DIRECT_UPLOAD = 50 * 2**20


def build_package(request: BuildRequest, plugins: Plugins, run: Run = subprocess.run) -> Built:
    """Build the deployment package, or find it in the cache; with ``automatic_layer``, a layer's, too.

    Args:
        request: what to build.
        plugins: add files, and resolve dependencies.
        run: starts processes.

    Raises:
        ToolError: it cannot be built; the cache is as it was, or holds a further resolution.
    """
    target = target_of(request)
    project_dir = request.config.project_dir
    sources = list(
        bounded(
            chain(app_sources(project_dir), vendor_sources(project_dir), runtime_sources(request.manifest))
        )
    )
    taken = {source.archive: source.owner for source in sources if source.owner != VENDOR}
    sources += _plugin_sources(request, plugins, taken)
    split = split_requirements(
        read_requirements(project_dir / "requirements.txt"), request.manifest, target.markers
    )
    job = _Job(request=request, target=target, plugins=plugins, cache=Cache(request.cache_dir), run=run)
    artifacts: dict[ArtifactId, Artifact] = {}
    notices: list[str] = [*split.notices, *about_left_behind(project_dir, sources)]
    for part in _parts(sources, split.lines, request):
        finished = job.build(part)
        notices += finished.notices
        # A layer that nothing is in has no version to publish.
        if part.id == DEPLOYMENT or finished.artifact.size > EMPTY_ARCHIVE:
            artifacts[part.id] = finished.artifact
            notices += _about_upload(finished.artifact.size)
    if len(artifacts) > 1:
        check_sizes({id: unzipped_archive(artifact.path) for id, artifact in artifacts.items()})
    return Built(artifacts=artifacts, notices=tuple(notices))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A file to build.

    Args:
        id: what it is.
        sources: files that go in as they are.
        lines: requirements whose wheels go in.
        prefix: before all names in it.
    """

    id: ArtifactId
    sources: Sequence[Source]
    lines: Sequence[Line]
    prefix: str = ""


def _parts(sources: Sequence[Source], lines: Sequence[Line], request: BuildRequest) -> tuple[_Part, ...]:
    """Say what to build: one package of everything, or the application and, in a layer, all others' code."""
    vendored = [source for source in sources if source.owner == VENDOR]
    if not request.config.automatic_layer or not (vendored or any(not line.is_option for line in lines)):
        return (_Part(id=DEPLOYMENT, sources=sources, lines=lines),)
    own = [source for source in sources if source.owner != VENDOR]
    # "Layer paths for each Lambda runtime", AWS Lambda Developer Guide; a function's own files come first.
    prefix = f"python/lib/{request.manifest.python.lambda_runtime}/site-packages/"
    return (
        _Part(id=DEPLOYMENT, sources=own, lines=()),
        _Part(id=LAYER, sources=vendored, lines=lines, prefix=prefix),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    request: BuildRequest
    target: LambdaTarget
    plugins: Plugins
    cache: Cache
    run: Run

    def build(self, part: _Part) -> Finished:
        """Return a part from the cache, or build it."""
        dependencies_key = _dependencies_key(part.lines, self.target, self.plugins)
        key = _package_key(part, dependencies_key, self.request)
        finished = self.cache.package(key)
        if finished is None:
            resolved = self.resolve(part.lines, dependencies_key)
            members, notices = self.members(part.sources, part.lines, resolved)
            if part.prefix:
                members = [replace(member, name=part.prefix + member.name) for member in members]
            finished = self.cache.store_package(key, members, notices)
        return finished

    def resolve(self, lines: Sequence[Line], key: str) -> Resolved | None:
        """Return wheels for the lines; None when nothing is asked for."""
        if all(line.is_option for line in lines):
            return None
        return self.cache.dependencies(key, lambda folder: self._ask([line.text for line in lines], folder))

    def _ask(self, requirements: Sequence[str], folder: Path) -> Sequence[str]:
        answer: Sequence[str] | None = self.plugins.hook.chalice_resolve_dependencies(
            requirements=requirements, request=self.request, destination=folder
        )
        if answer is None:
            raise NoResolverError(requirements=requirements)
        return answer

    def members(
        self, sources: Sequence[Source], lines: Sequence[Line], resolved: Resolved | None
    ) -> tuple[list[Member], list[str]]:
        """Return what goes into the package, and what to tell about it."""
        wheels = wheels_in(resolved.folder) if resolved is not None else ()
        for wheel in wheels:
            if self.target.tags.isdisjoint(wheel.tags):
                raise BadWheelError(wheel=wheel.path.name, reason=f"It is not made for {self.target.label}")
        if resolved is not None:
            _check_complete(lines, wheels, resolved)
        satisfied = frozenset(packaged_versions(self.request.manifest)) | FRAMEWORK
        kept = drop_framework(wheels, lines, satisfied, self.target.markers)
        # Before they are read into memory.
        check_sizes({wheel.name: declared_size(wheel) for wheel in kept.wheels})
        merged = merge(
            dependencies=(member for wheel in kept.wheels for member in members_of(wheel)),
            vendor=(_member(source) for source in sources if source.owner == VENDOR),
            own=(_member(source) for source in sources if source.owner != VENDOR),
        )
        # Before anything is compiled, for that takes longest.
        check_size(list(merged.members.values()))
        owners = {wheel.name for wheel in kept.wheels}
        compiled = precompile(
            merged.members,
            dependencies={name for name, member in merged.members.items() if member.owner in owners},
            kept=None if resolved is None else resolved.folder,
            cache=self.cache,
            python=self.request.manifest.python,
            run=self.run,
        )
        members = [*merged.members.values(), *compiled.own, *compiled.dependencies]
        notices = [
            *kept.notices,
            *_about_compiled(kept.wheels),
            *(_about_missing(resolved, sources) if resolved is not None else ()),
            *merged.notices,
            *compiled.notices,
        ]
        if unzipped_size(members) >= UNZIPPED_LIMIT:
            members = [*merged.members.values(), *compiled.own]
            notices.append(
                "The bytecode of dependencies was left out, for the package would be too big with it."
            )
        check_size(members)
        return members, notices


def _plugin_sources(request: BuildRequest, plugins: Plugins, taken: Mapping[str, str]) -> Iterator[Source]:
    """Yield the files that plugins add.

    Raises:
        BadArchiveNameError: a name would leave the package.
        ConflictingFilesError: a name is given twice, by two plugins or by a plugin and the application.
    """
    owners = dict(taken)
    calls = plugins.each("chalice_package_files", app=request.manifest.app, config=request.config)
    for plugin, files in calls:
        for file in files or ():
            owner = f"the plugin {plugin.origin}"
            fault = fault_in_name(file.archive)
            if fault is not None:
                raise BadArchiveNameError(archive=file.archive, owner=owner, reason=fault)
            if file.archive in owners:
                raise ConflictingFilesError(archive=file.archive, owners=(owners[file.archive], owner))
            owners[file.archive] = owner
            yield Source(archive=file.archive, content=file.content, owner=owner)


def _member(source: Source) -> Member:
    return member_of(source.archive, source.content, owner=source.owner, executable=source.executable)


def _dependencies_key(lines: Sequence[Line], target: LambdaTarget, plugins: Plugins) -> str:
    resolvers = [item.plugin_name for item in plugins.hook.chalice_resolve_dependencies.get_hookimpls()]
    return _digest([_FORMAT, target.version, target.machine, resolvers, fingerprint(lines)])


def _package_key(part: _Part, dependencies_key: str, request: BuildRequest) -> str:
    python = request.manifest.python
    files = sorted(
        (source.archive, source.owner, source.executable, hashlib.sha256(source.content).hexdigest())
        for source in part.sources
    )
    return _digest([_FORMAT, python.version, python.cache_tag, dependencies_key, part.prefix, files])


def _digest(facts: object) -> str:
    return hashlib.sha256(json.dumps(facts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _check_complete(lines: Sequence[Line], wheels: Sequence[Wheel], resolved: Resolved) -> None:
    there = {wheel.name for wheel in wheels} | {leading_name(phrase) for phrase in resolved.missing}
    unmet = sorted({line.name for line in lines if line.name is not None} - there)
    if unmet:
        raise IncompleteResolutionError(names=unmet)


def _about_missing(resolved: Resolved, sources: Sequence[Source]) -> tuple[str, ...]:
    """Tell what could not be had, unless it is vendored."""
    vendored = {
        canonicalize_name(re.split(r"[-/]|\.py$", source.archive)[0])
        for source in sources
        if source.owner == VENDOR
    }
    left = [phrase for phrase in resolved.missing if leading_name(phrase) not in vendored]
    if not left:
        return ()
    text = (
        f"Could not install dependencies: {'; '.join(left)}. They are not in the package. Put them, built "
        f"for Amazon Linux, into vendor/. To try again, delete {resolved.folder}."
    )
    return (text,)


def _about_compiled(wheels: Sequence[Wheel]) -> tuple[str, ...]:
    """Tell about machine code that was not made for Lambda's C library in particular."""
    names = [wheel.name for wheel in wheels if any(tag.platform.startswith("linux_") for tag in wheel.tags)]
    if not names:
        return ()
    text = (
        f"Compiled on this machine, or for any Linux: {', '.join(names)}. If Lambda cannot load it, put "
        "files that were built for Amazon Linux into vendor/."
    )
    return (text,)


def _about_upload(size: int) -> tuple[str, ...]:
    if size <= _DIRECT_UPLOAD:
        return ()
    text = (
        f"The package has {size / 2**20:.1f} MB zipped. More than {_DIRECT_UPLOAD // 2**20} MB cannot be "
        "uploaded to Lambda directly and have to go through S3."
    )
    return (text,)
