"""What Lambda is, as far as a package is concerned: Python, architecture, C library, room.

Amazon Linux 2, under python3.10 and python3.11, has glibc 2.26; Amazon Linux
2023, under python3.12 and newer, has glibc 2.34 (AWS Lambda Developer Guide,
"Lambda runtimes").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from packaging.tags import Tag, compatible_tags, cpython_tags

from chalice_core.artifact import BuildRequest
from chalice_packager.errors import UnsupportedPythonError

UNZIPPED_LIMIT = 262_144_000
"""Bytes that a package and its layers stay below: 250 MB (AWS Lambda Developer Guide, "Lambda quotas")."""

# PEP 600 gives the legacy names as aliases of these glibc versions.
_LEGACY = {(2, 5): "manylinux1", (2, 12): "manylinux2010", (2, 17): "manylinux2014"}
# The first glibc that manylinux is defined for, by machine (PEP 513, PEP 599).
_OLDEST = {"x86_64": 5, "aarch64": 17}


@dataclass(frozen=True, kw_only=True)
class LambdaTarget:
    """A Lambda runtime on one architecture.

    Args:
        version: of the interpreter, ``3.12.4``; the patch level only serves markers.
        machine: ``x86_64`` or ``aarch64``, as Linux names it.
    """

    version: str
    machine: str

    @property
    def python(self) -> tuple[int, int]:
        """Major and minor version."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)

    @property
    def abi(self) -> str:
        """The ABI tag of its extension modules, ``cp312``."""
        return "cp{}{}".format(*self.python)

    @property
    def glibc(self) -> tuple[int, int]:
        """Version of the C library."""
        return (2, 26) if self.python < (3, 12) else (2, 34)

    @property
    def label(self) -> str:
        """What people call it, ``python3.12 on x86_64``."""
        return "python{}.{} on {}".format(*self.python, self.machine)

    @cached_property
    def platforms(self) -> tuple[str, ...]:
        """Platform tags of wheels that load there, the newest C library first."""
        found: list[str] = []
        for minor in range(self.glibc[1], _OLDEST[self.machine] - 1, -1):
            found.append(f"manylinux_2_{minor}_{self.machine}")
            if (2, minor) in _LEGACY:
                found.append(f"{_LEGACY[2, minor]}_{self.machine}")
        # Not allowed on public indexes; what is compiled on such a machine has it.
        return (*found, f"linux_{self.machine}")

    @cached_property
    def tags(self) -> frozenset[Tag]:
        """Every tag that a wheel for it may have (PEP 425)."""
        return frozenset(
            (
                *cpython_tags(self.python, abis=[self.abi], platforms=self.platforms),
                *compatible_tags(self.python, interpreter=self.abi, platforms=self.platforms),
            )
        )

    @property
    def markers(self) -> Mapping[str, str]:
        """The environment that requirement markers are evaluated in (PEP 508)."""
        return {
            "implementation_name": "cpython",
            "implementation_version": self.version,
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": self.version,
            "python_version": "{}.{}".format(*self.python),
            "sys_platform": "linux",
        }


def target_of(request: BuildRequest) -> LambdaTarget:
    """Return what the request is built for.

    Raises:
        UnsupportedPythonError: Lambda has no such Python.
    """
    python = request.manifest.python
    machine = {"x86_64": "x86_64", "arm64": "aarch64"}[request.config.lambda_architecture]
    target = LambdaTarget(version=python.version, machine=machine)
    if python.implementation != "cpython" or target.python < (3, 10):
        raise UnsupportedPythonError(implementation=python.implementation, version=python.version)
    return target
