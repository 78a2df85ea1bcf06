"""The predecessor of the framework, when a dependency brings it along.

It stays out of the package, and so does all that only it needs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from packaging.utils import NormalizedName

from chalice_packager.closure import Root, closure_of, only_needed_by
from chalice_packager.framework import PREDECESSOR
from chalice_packager.requirements import Line
from chalice_packager.wheels import Wheel


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Wheels that go into the package.

    Args:
        wheels: these.
        notices: what to tell about the others.
    """

    wheels: tuple[Wheel, ...]
    notices: tuple[str, ...]


def drop_framework(
    wheels: Sequence[Wheel],
    lines: Sequence[Line],
    satisfied: Collection[NormalizedName],
    markers: Mapping[str, str],
) -> Kept:
    """Leave out wheels of the framework, of the predecessor, and what nothing else needs.

    Args:
        wheels: what was resolved.
        lines: what was asked for.
        satisfied: names that the app host provides, or that do not belong into a package.
        markers: the environment of the target.
    """
    dropped = [wheel for wheel in wheels if wheel.name in satisfied]
    if not dropped:
        return Kept(wheels=tuple(wheels), notices=())
    roots = [
        Root(name=line.name, extras=frozenset(line.requirement.extras if line.requirement else line.extras))
        for line in lines
        if line.name is not None
    ]
    names = frozenset(wheel.name for wheel in dropped)
    gone = names | only_needed_by(names, wheels, roots, markers)
    notices = [
        _about(wheel, _askers(wheel, wheels, markers), len(gone - names))
        for wheel in dropped
        if wheel.name == PREDECESSOR
    ]
    return Kept(wheels=tuple(wheel for wheel in wheels if wheel.name not in gone), notices=tuple(notices))


def _askers(wheel: Wheel, wheels: Sequence[Wheel], markers: Mapping[str, str]) -> tuple[str, ...]:
    everything = closure_of(wheels, (Root(name=other.name) for other in wheels), markers)
    return everything.askers.get(wheel.name, ())


def _about(wheel: Wheel, askers: Sequence[str], others: int) -> str:
    who = f"{' and '.join(askers)} asked for" if askers else "The requirements brought"
    rest = f", with {others} more that only it needs" if others else ""
    return f"{who} {wheel.name} {wheel.version}; chalice-runtime takes its place, and it was left out{rest}."
