"""Which wheels of a set are needed: a walk along what they require.

pip evaluates markers for the machine and the Python that it runs on, so a set
that it resolved elsewhere may hold too much or too little for Lambda.  And
what only the predecessor of the framework needs must go with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from chalice_packager.wheels import Wheel, requirements_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A distribution that is asked for.

    Args:
        name: normalised.
        extras: of it, as asked for.
    """

    name: NormalizedName
    extras: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What a walk found.

    Args:
        needed: distributions that are asked for, directly or not.
        absent: requirements that no wheel of the set meets, without markers, by name.
        askers: the distributions that require a name, sorted.
    """

    needed: frozenset[NormalizedName]
    absent: Mapping[NormalizedName, Requirement]
    askers: Mapping[NormalizedName, tuple[NormalizedName, ...]]


def closure_of(
    wheels: Iterable[Wheel],
    roots: Iterable[Root],
    markers: Mapping[str, str],
    stop: Collection[NormalizedName] = (),
) -> Closure:
    """Walk from the roots.

    Args:
        wheels: the set.
        roots: where to begin.
        markers: the environment of the target.
        stop: distributions that are met by other means; neither needed, absent, nor followed.

    Raises:
        BadWheelError: a wheel's metadata cannot be read.
    """
    by_name = {wheel.name: wheel for wheel in wheels}
    requirements: dict[NormalizedName, tuple[Requirement, ...]] = {}
    absent: dict[NormalizedName, Requirement] = {}
    askers: dict[NormalizedName, set[NormalizedName]] = {}
    seen: set[Root] = set()
    todo = [root for root in roots if root.name in by_name and root.name not in stop]
    while todo:
        root = todo.pop()
        if root in seen:
            continue
        seen.add(root)
        if root.name not in requirements:
            requirements[root.name] = requirements_of(by_name[root.name])
        for requirement in requirements[root.name]:
            if not _applies(requirement.marker, root.extras, markers):
                continue
            name = canonicalize_name(requirement.name)
            askers.setdefault(name, set()).add(root.name)
            if name in stop:
                continue
            if name in by_name:
                todo.append(Root(name=name, extras=frozenset(requirement.extras)))
            else:
                absent[name] = _without_marker(requirement)
    return Closure(
        needed=frozenset(root.name for root in seen),
        absent=absent,
        askers={name: tuple(sorted(names)) for name, names in askers.items()},
    )


def only_needed_by(
    dropped: Collection[NormalizedName],
    wheels: Iterable[Wheel],
    named: Iterable[Root],
    markers: Mapping[str, str],
) -> frozenset[NormalizedName]:
    """Return the distributions that are there for nothing but the dropped ones.

    Args:
        dropped: distributions that are left out.
        wheels: the set, with the dropped ones.
        named: what the requirements ask for by name; other wheels that the
            dropped ones do not need are taken to be asked for as well.
        markers: the environment of the target.
    """
    wheels = tuple(wheels)
    below = closure_of(wheels, (Root(name=name) for name in dropped), markers).needed
    others = (Root(name=wheel.name) for wheel in wheels if wheel.name not in below)
    kept = closure_of(wheels, (*named, *others), markers, stop=dropped).needed
    return below - kept - frozenset(dropped)


def _applies(marker: Marker | None, extras: Iterable[str], markers: Mapping[str, str]) -> bool:
    # A marker is met when it is with any one of the extras, or with none (PEP 508, "extra").
    return marker is None or any(
        marker.evaluate({**markers, "extra": extra})
        for extra in ("", *map(canonicalize_name, extras), *extras)
    )


def _without_marker(requirement: Requirement) -> Requirement:
    bare = Requirement(str(requirement))
    bare.marker = None
    return bare
