"""The framework's own distributions: never installed into a package, always packaged from the app host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packaging.utils import NormalizedName, canonicalize_name

from chalice_core.manifest import Manifest
from chalice_packager.errors import PinnedVersionError
from chalice_packager.requirements import Line

PREDECESSOR = canonicalize_name("chalice")
RUNTIME = canonicalize_name("chalice-runtime")

# Plugins of ours with a runtime half.  The app host says which of them an
# application uses; one that it does not use has no business in its package.
_FAMILIES = frozenset(
    canonicalize_name(f"chalice-{family}")
    for family in (
        "blueprints", "cognito", "dynamodb", "function-urls", "kafka", "kinesis", "s3", "schedule", "sns",
        "sqs", "websockets",
    )
)  # fmt: skip
# Tools: they run where the package is made.
_TOOLS = frozenset(
    canonicalize_name(f"chalice-{tool}")
    for tool in (
        "cdk", "cli", "core", "deploy", "local", "localaws", "packager", "pipeline", "plugins", "sam",
        "terraform",
    )
)  # fmt: skip

FRAMEWORK: frozenset[NormalizedName] = frozenset({PREDECESSOR, RUNTIME}) | _FAMILIES | _TOOLS
"""Names that no requirement brings into a package; plugins of others that the application uses join them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Requirements, told apart.

    Args:
        lines: what is to be resolved.
        notices: what to tell about the others.
    """

    lines: tuple[Line, ...]
    notices: tuple[str, ...]


def packaged_versions(manifest: Manifest) -> Mapping[NormalizedName, str]:
    """Return the distributions that the app host brings, with their versions."""
    used = {canonicalize_name(name): version for name, version in manifest.extensions.distributions.items()}
    return {RUNTIME: manifest.runtime_version, **used}


def split_requirements(lines: Sequence[Line], manifest: Manifest, markers: Mapping[str, str]) -> Split:
    """Take out lines that the app host meets, and lines whose markers exclude Lambda.

    Args:
        lines: of the requirements file.
        manifest: says what the app host brings.
        markers: the environment of the target.

    Raises:
        PinnedVersionError: a line asks for another version than the app host has.
    """
    have = packaged_versions(manifest)
    left: list[Line] = []
    notices: dict[str, None] = {}
    for line in lines:
        marker = line.requirement.marker if line.requirement is not None else None
        if marker is not None and not marker.evaluate({**markers, "extra": ""}):
            continue
        name = line.name
        if line.is_option or name is None or (name not in FRAMEWORK and name not in have):
            left.append(line)
        elif name == PREDECESSOR:
            notices[_met(line.text, manifest)] = None
        elif name in have:
            _check(line, name, have[name])
        elif name in _TOOLS:
            notices[f"requirements.txt asks for {name}, a tool that Lambda does not need; left out."] = None
        elif name != RUNTIME:
            notices[f"requirements.txt asks for {name}, which the application does not use; left out."] = None
    # One sentence suffices, however many files repeat the line.
    first_of_predecessor = [notice for notice in notices if notice.startswith("The requirement on ")][:1]
    others = [notice for notice in notices if not notice.startswith("The requirement on ")]
    return Split(lines=tuple(left), notices=(*first_of_predecessor, *others))


def _met(text: str, manifest: Manifest) -> str:
    return (
        f"The requirement on {text.split(' --')[0].strip()!r} is met by chalice-runtime "
        f"{manifest.runtime_version}, its successor; nothing else is installed for it."
    )


def _check(line: Line, name: NormalizedName, version: str) -> None:
    requirement = line.requirement
    if requirement is not None and not requirement.specifier.contains(version, prereleases=True):
        bare = f"{requirement.name}{requirement.specifier}"
        raise PinnedVersionError(requirement=bare, distribution=name, version=version)
