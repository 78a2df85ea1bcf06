"""Sessions of the repository: does it work with exactly *this* installed?

    python3 bootstrap.py SESSION     sets up nox itself first
    nox -s SESSION                   with a nox of your own

tox.ini answers the other question: does each distribution pass alone, on
each Python?
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PACKAGES = ROOT / "packages"

# Order of dependency: whoever installs them one by one can follow it.
DISTRIBUTIONS = {
    "chalice-runtime": PACKAGES / "chalice-runtime",
    "chalice-core": PACKAGES / "chalice-core",
    "chalice-packager": PACKAGES / "chalice-packager",
    "chalice-deploy": PACKAGES / "chalice-deploy",
    "chalice-sqs": PACKAGES / "chalice-plugins" / "chalice-sqs",
    "chalice-s3": PACKAGES / "chalice-plugins" / "chalice-s3",
    "chalice-sns": PACKAGES / "chalice-plugins" / "chalice-sns",
    "chalice-kinesis": PACKAGES / "chalice-plugins" / "chalice-kinesis",
    "chalice-dynamodb": PACKAGES / "chalice-plugins" / "chalice-dynamodb",
    "chalice-schedule": PACKAGES / "chalice-plugins" / "chalice-schedule",
    "chalice-websockets": PACKAGES / "chalice-plugins" / "chalice-websockets",
    "chalice-cognito": PACKAGES / "chalice-plugins" / "chalice-cognito",
    "chalice-kafka": PACKAGES / "chalice-plugins" / "chalice-kafka",
    "chalice-function-urls": PACKAGES / "chalice-plugins" / "chalice-function-urls",
    "chalice-blueprints": PACKAGES / "chalice-plugins" / "chalice-blueprints",
    "chalice-sam": PACKAGES / "chalice-plugins" / "chalice-sam",
    "chalice-terraform": PACKAGES / "chalice-plugins" / "chalice-terraform",
    "chalice-cdk": PACKAGES / "chalice-plugins" / "chalice-cdk",
    "chalice-local": PACKAGES / "chalice-plugins" / "chalice-local",
    "chalice-localaws": PACKAGES / "chalice-plugins" / "chalice-localaws",
    "chalice-cli": PACKAGES / "chalice-cli",
}
DEVELOPMENT = ROOT / "pyproject.toml"

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "build", "tests"]
nox.options.error_on_missing_interpreters = True


def install_all(session: nox.Session, *groups: str) -> None:
    """Install every distribution from its sources, and groups of development requirements."""
    editable = [part for path in DISTRIBUTIONS.values() for part in ("-e", str(path))]
    session.install("--quiet", *editable, *requirements(*groups))


def requirements(*groups: str) -> Iterable[str]:
    """Return the requirements of groups in pyproject.toml; ``test`` adds those of each distribution."""
    wanted = (
        list(nox.project.dependency_groups(nox.project.load_toml(DEVELOPMENT), *groups)) if groups else []
    )
    if "test" in groups:
        for path in DISTRIBUTIONS.values():
            wanted += nox.project.dependency_groups(nox.project.load_toml(path / "pyproject.toml"), "test")
    return dict.fromkeys(wanted)


def nothing_more_to_say() -> None:
    """Keep nox from commenting on what follows, when bootstrap.py was asked for one session only.

    The last line of a test run is pytest's own summary then, and not nox's.
    """
    if os.environ.get("BOOTSTRAP_SESSION"):
        logging.disable(logging.CRITICAL)


@nox.session
def demo(session: nox.Session) -> None:
    """From an empty folder to a live URL, on the AWS embedded on this machine."""
    install_all(session)
    nothing_more_to_say()
    session.run("python", str(ROOT / "tests" / "end_to_end" / "demo.py"), *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """All tests of all distributions, and those of the repository, with everything installed."""
    install_all(session, "test")
    nothing_more_to_say()
    # A file's tests stay together: they share servers and environments that are dear to set up.
    # One more than processors, for many tests wait for something.
    workers = str((os.cpu_count() or 1) + 1)
    arguments = session.posargs or ["-q", "-n", workers, "--dist", "loadfile", "packages", "tests"]
    # With this, Hypothesis tries the same examples in every run, and waits for a busy machine.
    session.run("python", "-m", "pytest", *arguments, env={"CI": "true"})


@nox.session
def matrix(session: nox.Session) -> None:
    """Each distribution alone, on each interpreter of this machine: tox, with its summary."""
    session.install("--quiet", *requirements("matrix"))
    session.run("tox", "run-parallel", "--parallel-no-spinner", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff, as linter and as formatter; pass --fix to let it correct what it can."""
    session.install("--quiet", *requirements("lint"))
    if "--fix" in session.posargs:
        session.run("ruff", "check", "--fix", ".")
        session.run("ruff", "format", ".")
        return
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Mypy, strict: each distribution by itself, the benchmarks, and the comparison with the predecessor."""
    install_all(session, "test", "types")
    for path in DISTRIBUTIONS.values():
        session.run("mypy", "--strict", str(path / "src"))
    session.run("mypy", "--strict", "bootstrap.py", "noxfile.py", "tests/end_to_end/demo.py")
    # Their modules import one another by bare names, as when they are run.
    with session.chdir(ROOT / "benchmarks"):
        session.run("mypy", "--strict", "bench_scale.py", "bench_speed.py", "child.py", "client_child.py")
    with session.chdir(ROOT / "tests" / "compatibility"):
        session.run("mypy", "--strict", "comparison", *sorted(file.name for file in Path().glob("*.py")))


@nox.session
def build(session: nox.Session) -> None:
    """Wheel and sdist of every distribution, into dist/, checked as a registry would."""
    session.install("--quiet", *requirements("build"))
    out = ROOT / "dist"
    shutil.rmtree(out, ignore_errors=True)
    for path in DISTRIBUTIONS.values():
        session.run(
            "python", "-m", "build", "--installer", "uv", "--outdir", str(out), str(path), silent=True
        )
    made = sorted(str(file) for file in out.iterdir())
    if len(made) != 2 * len(DISTRIBUTIONS):
        session.error(f"expected a wheel and an sdist of each distribution, found {len(made)} files")
    session.run("twine", "check", "--strict", *made)


@nox.session
def bench(session: nox.Session) -> None:
    """The benchmarks of benchmarks/."""
    install_all(session)
    scripts = sorted((ROOT / "benchmarks").glob("bench_*.py"))
    if not scripts:
        session.error("benchmarks/ holds no bench_*.py")
    # One environment with the reference for all of them, kept for the next run.
    work = Path(session.create_tmp()).resolve() / "work"
    for script in scripts:
        session.run("python", str(script), "--work", str(work), *session.posargs)


if __name__ == "__main__":
    sys.exit("Run `nox -s SESSION`, or `python3 bootstrap.py SESSION`.")
