#!/usr/bin/env python3
"""Set up what the repository needs and run one of its sessions.

    python3 bootstrap.py demo
    python3 bootstrap.py tests [arguments of pytest]

Needs Python 3.10 or newer with its own ``venv``, and nothing that is
installed.  Everything that is downloaded goes into ``.bootstrap`` and
``.nox`` beside this file; the person's environment is left alone, and
whatever it holds (an active virtual environment, AWS credentials, …) has no
influence on the outcome.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
FOLDER = ROOT / ".bootstrap"
ENVIRONMENT = FOLDER / "venv"
MARK = FOLDER / "made-of.json"
OLDEST_PYTHON = (3, 10)
REQUIREMENTS = ["nox>=2025.2.9", "uv>=0.5.19"]
SESSIONS = "demo, tests, matrix, lint, types, build, bench"

# What would reach into the session from outside.  Where pip finds packages (PIP_INDEX_URL and its like) and
# certificates stays, for behind some walls there is no other way.
SCRUBBED = frozenset(
    {
        "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONDONTWRITEBYTECODE",
        "PYTHONOPTIMIZE", "PYTHONUSERBASE", "PYTHONSAFEPATH", "VIRTUAL_ENV", "CONDA_PREFIX",
        "PIP_REQUIRE_VIRTUALENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_CONSTRAINT",
        "PIP_REQUIREMENT", "PIP_DRY_RUN", "PIP_PYTHON", "UV_PYTHON", "UV_PROJECT", "UV_PROJECT_ENVIRONMENT",
        "UV_SYSTEM_PYTHON", "UV_CONSTRAINT", "UV_OVERRIDE", "FORCE_COLOR",
    }
)  # fmt: skip
SCRUBBED_PREFIXES = ("AWS_", "CHALICE_", "NOX_", "TOX_", "PYTEST_")
# The AWS library reads it, but it names certificates of the machine and not an account.
KEPT = frozenset({"AWS_CA_BUNDLE"})


def main(arguments: list[str]) -> int:
    """Run the session that the arguments name and return its exit status."""
    if sys.version_info < OLDEST_PYTHON:
        needed = ".".join(str(part) for part in OLDEST_PYTHON)
        return complain(
            f"This needs Python {needed} or newer, and {sys.executable} is {sys.version.split()[0]}."
        )
    if not arguments or arguments[0] in ("-h", "--help"):
        print(f"{__doc__}\nSessions: {SESSIONS}")
        return 0 if arguments else 2
    session, *rest = arguments
    environment = clean_environment()
    try:
        FOLDER.mkdir(exist_ok=True)
        with locked(FOLDER / "lock"):
            problem = make_environment(environment)
    except OSError as error:
        return complain(f"Cannot set up {FOLDER}: {error}")
    if problem:
        return complain(problem)
    environment.update(where_packages_are(environment))
    # Tells the noxfile that this session is all there is to say; see there.
    environment["BOOTSTRAP_SESSION"] = session
    command = [str(python_of(ENVIRONMENT)), "-m", "nox", "--noxfile", str(ROOT / "noxfile.py")]
    command += ["--session", session, *(["--", *rest] if rest else [])]
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


def clean_environment() -> dict[str, str]:
    """Return the environment variables without those that would change the outcome."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not (name in SCRUBBED or name.startswith(SCRUBBED_PREFIXES))
    }
    # Credentials and settings of AWS are looked for in files, too, and in the network.
    nowhere = str(FOLDER / "no-aws-configuration")
    kept.update(
        AWS_CONFIG_FILE=nowhere, AWS_SHARED_CREDENTIALS_FILE=nowhere, AWS_EC2_METADATA_DISABLED="true"
    )
    kept["PYTHONUTF8"] = "1"
    kept["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return kept


def make_environment(environment: dict[str, str]) -> str:
    """Make the virtual environment, unless a healthy one is there; return what prevents it, or nothing."""
    made_of: dict[str, object] = {
        "python": sys.version,
        "base": sys.base_prefix,
        "place": str(ENVIRONMENT),
        "of": REQUIREMENTS,
    }
    if healthy(made_of, environment):
        return ""
    MARK.unlink(missing_ok=True)
    print(f"Setting up {ENVIRONMENT} …", file=sys.stderr, flush=True)
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        return no_venv(f"it has no module {missing[0]!r}")
    made = subprocess.run(
        [sys.executable, "-I", "-m", "venv", "--clear", str(ENVIRONMENT)],
        env=environment, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    if made.returncode != 0:
        return no_venv((made.stdout + made.stderr).strip())
    install = [str(python_of(ENVIRONMENT)), "-m", "pip", "install", "--quiet", *REQUIREMENTS]
    if subprocess.run(install, env=environment, cwd=ROOT, check=False).returncode != 0:
        return (
            f"pip could not install {' and '.join(REQUIREMENTS)}; its own message is above.\n"
            "Is the network reachable? PIP_INDEX_URL and pip's configuration files are honoured."
        )
    MARK.write_text(json.dumps(made_of), encoding="utf-8")
    return ""


def healthy(made_of: dict[str, object], environment: dict[str, str]) -> bool:
    """Whether the virtual environment was made of the same things, and still works."""
    try:
        if json.loads(MARK.read_text(encoding="utf-8")) != made_of:
            return False
        probe = [str(python_of(ENVIRONMENT)), "-c", "import nox, uv"]
        return subprocess.run(probe, env=environment, capture_output=True, check=False).returncode == 0
    except (OSError, ValueError):
        # No mark, half a mark, no interpreter any more: it is made anew.
        return False


def no_venv(cause: str) -> str:
    """Return the message for a Python that cannot make virtual environments."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        f"{sys.executable} cannot make virtual environments: {cause}.\n"
        f"On Debian and Ubuntu: apt-get install python{version}-venv\n"
        "Elsewhere: run this file with a Python that has all of its standard library."
    )


def where_packages_are(environment: dict[str, str]) -> dict[str, str]:
    """Return variables that let uv look for packages where pip does.

    uv does not read pip's configuration files, and on some machines these name the only index there is.
    """
    listed = subprocess.run(
        [str(python_of(ENVIRONMENT)), "-m", "pip", "config", "list"],
        env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    ).stdout  # fmt: skip
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "no-index": "UV_NO_INDEX",
        "trusted-host": "UV_INSECURE_HOST",
        "cert": "SSL_CERT_FILE",
        "default-timeout": "UV_HTTP_TIMEOUT",
        "timeout": "UV_HTTP_TIMEOUT",
    }
    found: dict[str, str] = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        name = names.get(key.rpartition(".")[2])
        if name and name not in environment:
            text = value.strip().strip("'\"").replace("\\n", " ")
            # uv separates folders by commas and everything else by spaces.
            found[name] = ",".join(text.split()) if name == "UV_FIND_LINKS" else " ".join(text.split())
    if "UV_INDEX" in found:
        # pip takes the best version that any index has.
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return found


def python_of(environment: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock, so that two of these that start together do not build one environment twice."""
    with file.open("a+b") as handle:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        # Closing the file lets go of it.
        yield


def complain(problem: str) -> int:
    """Say what is wrong and return the exit status for it."""
    print(f"bootstrap: {problem}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
