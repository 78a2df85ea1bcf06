"""Resolution: wheels for Lambda out of requirement lines, by pip.

The ordinary case is one pip process that downloads wheels for the target.
Only when that fails, the long way is taken: resolve with sources allowed, keep
what fits, and fetch or build the rest one by one.  What cannot be had is
listed; a requirement that does not exist is an error.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from chalice_packager.closure import Closure, Root, closure_of
from chalice_packager.framework import FRAMEWORK
from chalice_packager.pip import Failure, Pip, Run, find_pip, requirement_arguments, without_credentials
from chalice_packager.requirements import Line, leading_name, parse_line
from chalice_packager.target import LambdaTarget
from chalice_packager.wheels import Wheel, wheel_at, wheels_in

# Requirements of requirements that hold only in Lambda are found one level at a time.
_MOST_ROUNDS = 10


def resolve(
    requirements: Sequence[str],
    target: LambdaTarget,
    destination: Path,
    *,
    interpreter: str,
    project_dir: Path,
    run: Run = subprocess.run,
) -> tuple[str, ...]:
    """Put wheels for the target into a folder.

    Args:
        requirements: lines of a requirements file.
        target: what the wheels must fit.
        destination: an empty folder.
        interpreter: the application's Python; it builds what has no wheel.
        project_dir: relative paths of requirements start there.
        run: starts processes.

    Returns:
        Requirements that could not be had, one phrase each.

    Raises:
        UnknownRequirementError: a requirement does not exist.
        PipError: pip failed otherwise.
        PipMissingError: there is no pip.
    """
    lines = [parse_line(text, project_dir) for text in requirements]
    if not any(not line.is_option for line in lines):
        return ()
    with tempfile.TemporaryDirectory(prefix="chalice-pip-", ignore_cleanup_errors=True) as name:
        job = _Resolution(
            target=target,
            pip=find_pip(interpreter, project_dir, run),
            options=tuple(line for line in lines if line.is_option),
            work=Path(name),
            # pip works in the project's folder.
            destination=destination.resolve(),
        )
        return job.carry_out([line for line in lines if not line.is_option])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A line, and the wheel that was built from it when it names a source."""

    line: Line
    built: Wheel | None = None

    @property
    def text(self) -> str:
        """For pip."""
        if self.built is None:
            return self.line.without_marker()
        extras = f"[{','.join(sorted(self._extras))}]" if self._extras else ""
        return f"{self.built.name}{extras} @ {self.built.path.as_uri()}"

    @property
    def root(self) -> Root | None:
        """Where a walk begins; None when the name is not known."""
        name = self.built.name if self.built else self.line.name
        return None if name is None else Root(name=name, extras=self._extras)

    @property
    def _extras(self) -> frozenset[str]:
        asked = self.line.requirement.extras if self.line.requirement else self.line.extras
        return frozenset(asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resolution:
    target: LambdaTarget
    pip: Pip
    options: tuple[Line, ...]
    work: Path
    destination: Path

    def carry_out(self, lines: Sequence[Line]) -> tuple[str, ...]:
        wanted: list[_Wanted] = []
        missing: list[str] = []
        for line in lines:
            if not line.is_direct or _is_wheel(line):
                wanted.append(_Wanted(line=line))
                continue
            built = self._build(line.without_marker())
            if isinstance(built, Wheel) and self._fits(built):
                wanted.append(_Wanted(line=line, built=built))
            else:
                missing.append(_phrase(line, built, self.target))
        missing += self._fetch(wanted)
        return tuple(missing)

    def _fetch(self, wanted: Sequence[_Wanted]) -> list[str]:
        """Fill the destination; run again for what only Lambda's markers ask for."""
        extra: dict[NormalizedName, Requirement] = {}
        missing: list[str] = []
        for _ in range(_MOST_ROUNDS):
            _empty(self.destination)
            missing = self._fetch_once(wanted, [str(requirement) for requirement in extra.values()])
            closure = self._closure(wanted, extra.values(), stop=FRAMEWORK)
            listed = {leading_name(text) for text in missing}
            new = {
                name: requirement
                for name, requirement in closure.absent.items()
                if name not in extra and name not in listed
            }
            if not new:
                self._prune(wanted, self._closure(wanted, extra.values()))
                break
            extra.update(new)
        return missing

    def _fetch_once(
        self, wanted: Sequence[_Wanted], extra: Sequence[str], *, wheels_suffice: bool = True
    ) -> list[str]:
        if not wanted:
            return []
        texts = [*(item.text for item in wanted), *extra]
        if wheels_suffice and self._download_for_target(texts, self.destination) is None:
            return []
        natively = self._folder("native")
        failure = self.pip("download", "--prefer-binary", "--dest", str(natively), *self._arguments(texts))
        if failure is None:
            return self._complete(natively, wanted)
        if not failure.is_build:
            raise failure.error()
        return self._without_the_unbuildable(wanted, extra, failure)

    def _without_the_unbuildable(
        self, wanted: Sequence[_Wanted], extra: Sequence[str], failure: Failure
    ) -> list[str]:
        """Find the lines that cannot even be prepared, and resolve the others."""
        good: list[_Wanted] = []
        missing: list[str] = []
        wheels_suffice = True
        for item in wanted:
            alone = self._download_for_target([item.text], self._folder("alone"))
            needs_source = alone is not None
            if needs_source:
                alone = self.pip(
                    "download",
                    "--prefer-binary",
                    "--dest",
                    str(self._folder("alone")),
                    *self._arguments([item.text]),
                )
            if alone is None:
                good.append(item)
                wheels_suffice = wheels_suffice and not needs_source
            elif alone.is_build:
                missing.append(_phrase(item.line, alone, self.target))
            else:
                raise alone.error()
        if not missing:
            # Each can be had alone, and together they cannot.
            raise failure.error()
        _empty(self.destination)
        return [*missing, *self._fetch_once(good, extra, wheels_suffice=wheels_suffice)]

    def _complete(self, natively: Path, wanted: Sequence[_Wanted]) -> list[str]:
        """Take what fits from a resolution for this machine; fetch or build the rest."""
        _empty(self.destination)
        hashes = {
            item.root.name: item.line.options
            for item in wanted
            if item.root and "--hash" in item.line.options
        }
        rest: list[tuple[str, Path]] = []
        for file in sorted(natively.iterdir()):
            if file.suffix == ".whl" and self._fits(wheel_at(file)):
                shutil.copy2(file, self.destination)
            else:
                rest.append((_pin(file), file))
        lines = [f"{pin} {hashes.get(leading_name(pin), '')}".rstrip() for pin, _ in rest]
        if not lines or self._download_for_target(lines, self.destination, "--no-deps") is None:
            return []
        missing: list[str] = []
        for line, (pin, file) in zip(lines, rest, strict=True):
            # Together they failed; of several, others than this one may be to blame.
            if len(rest) > 1 and self._download_for_target([line], self.destination, "--no-deps") is None:
                continue
            source = line if file.suffix == ".whl" else str(file)
            built = self._build(source, from_source=file.suffix == ".whl")
            if isinstance(built, Wheel) and self._fits(built):
                shutil.copy2(built.path, self.destination)
            else:
                missing.append(f"{pin} ({_reason(built, self.target)})")
        return missing

    def _build(self, source: str, *, from_source: bool = False) -> Wheel | Failure:
        """Build a wheel; once more without a compiler when the result holds machine code for elsewhere."""
        result = self._build_once(source, from_source=from_source, environment={})
        if isinstance(result, Failure) or self._fits(result):
            return result
        # Extensions that are optional are then left out by their own build script.
        again = self._build_once(source, from_source=from_source, environment={"CC": "false", "CXX": "false"})
        return again if isinstance(again, Wheel) and self._fits(again) else result

    def _build_once(self, source: str, *, from_source: bool, environment: dict[str, str]) -> Wheel | Failure:
        folder = self._folder("built")
        only = ("--no-binary", leading_name(source)) if from_source else ()
        failure = self.pip(
            "wheel",
            "--no-deps",
            *only,
            "--wheel-dir",
            str(folder),
            *self._arguments([source]),
            environment=environment,
        )
        if failure is not None:
            if failure.is_build:
                return failure
            raise failure.error()
        (wheel,) = wheels_in(folder)
        return wheel

    def _download_for_target(self, lines: Sequence[str], folder: Path, *more: str) -> Failure | None:
        platforms = (argument for platform in self.target.platforms for argument in ("--platform", platform))
        return self.pip(
            "download",
            "--only-binary=:all:",
            *platforms,
            "--python-version",
            "{}.{}".format(*self.target.python),
            "--implementation",
            "cp",
            "--abi",
            self.target.abi,
            *more,
            "--dest",
            str(folder),
            *self._arguments(lines),
        )

    def _arguments(self, lines: Sequence[str]) -> tuple[str, ...]:
        file = self._folder("lines") / "requirements.txt"
        return requirement_arguments([*(option.text for option in self.options), *lines], file)

    def _closure(
        self,
        wanted: Sequence[_Wanted],
        extra: Iterable[Requirement],
        stop: Collection[NormalizedName] = (),
    ) -> Closure:
        roots = [item.root for item in wanted if item.root is not None]
        roots += [Root(name=canonicalize_name(item.name), extras=frozenset(item.extras)) for item in extra]
        return closure_of(wheels_in(self.destination), roots, self.target.markers, stop=stop)

    def _prune(self, wanted: Sequence[_Wanted], closure: Closure) -> None:
        """Remove what only this machine's markers asked for."""
        if any(item.root is None for item in wanted):
            # A URL without a name may be any of the wheels.
            return
        for wheel in wheels_in(self.destination):
            if wheel.name not in closure.needed:
                wheel.path.unlink()

    def _fits(self, wheel: Wheel) -> bool:
        return not self.target.tags.isdisjoint(wheel.tags)

    def _folder(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.work))


def _is_wheel(line: Line) -> bool:
    place = line.requirement.url if line.requirement else line.text
    return (place or "").split(" ")[0].partition("#")[0].lower().endswith(".whl")


def _pin(file: Path) -> str:
    """Return ``NAME==VERSION`` of a downloaded file."""
    if file.suffix == ".whl":
        wheel = wheel_at(file)
        return f"{wheel.name}=={wheel.version}"
    stem = file.name.removesuffix(file.suffix).removesuffix(".tar")
    return "==".join(stem.rsplit("-", 1))


def _phrase(line: Line, built: Wheel | Failure, target: LambdaTarget) -> str:
    shown = str(line.requirement) if line.requirement is not None else line.text
    return f"{without_credentials(shown)} ({_reason(built, target)})"


def _reason(built: Wheel | Failure, target: LambdaTarget) -> str:
    if isinstance(built, Failure):
        words = f": {built.last_words}" if built.last_words else ""
        return f"no wheel for {target.label}, and building it from source failed{words}"
    tag = sorted(map(str, built.tags))[0]
    return f"no wheel for {target.label}, and building it here gave one for {tag}"


def _empty(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
