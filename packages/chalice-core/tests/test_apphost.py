"""The app host: whatever it does, the tool gets a manifest or a good error, and soon.

A stand-in for ``chalice.host`` writes what a test wants; it keeps to the
contract in docs/design/processes.md, so these tests need no chalice-runtime.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalice_core.apphost import (
    AppHostFailedError,
    AppTimeoutError,
    InterpreterError,
    PredecessorInstalledError,
    PythonTooOldError,
    RuntimeMissingError,
    describe,
)
from chalice_core.manifest import AppImportError, AppMissingError, MalformedManifestError, Manifest

posix_only = pytest.mark.skipif(os.name == "nt", reason="needs fork and signals")

DOCUMENT: dict[str, Any] = {
    "manifest_version": 1,
    "runtime": {"distribution": "chalice-runtime", "version": "0.1.0"},
    "python": {"version": "3.12.1", "implementation": "cpython", "executable": "/p", "cache_tag": "x"},
    "app": {
        "name": "hello",
        "debug": False,
        "experimental_features": [],
        "binary_types": [],
        "routes": [],
        "authorizers": [],
        "functions": [],
        "events": [],
    },
    "package": {"files": [], "extensions": {"decorators": {}, "exports": {}, "distributions": []}},
}

# Imports the application as the real one does, then writes the document that it was given.
HOST = """
import os, sys
options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
if "--manifest-handle" in options:
    import msvcrt
    descriptor = msvcrt.open_osfhandle(int(options["--manifest-handle"]), os.O_WRONLY)
else:
    descriptor = int(options["--manifest-fd"])
os.set_inheritable(descriptor, False)
sys.path.insert(0, options["--project-dir"])
import app
with os.fdopen(descriptor, "wb") as channel:
    channel.write({document!r})
"""

Run = Callable[..., Manifest]


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # In a container nobody may collect an orphan; a zombie runs no more.
    status = Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Describe an application with this source, by a host that writes this document."""
    shown: list[str] = []

    def go(
        source: str = "",
        *,
        document: bytes = json.dumps(DOCUMENT).encode(),
        timeout: float = 20.0,
        show: Callable[[str], None] = shown.append,
        **options: Any,
    ) -> Manifest:
        host = tmp_path / "host" / "chalice" / "host"
        host.mkdir(parents=True)
        (host.parent / "__init__.py").write_text("")
        (host / "__init__.py").write_text("")
        (host / "__main__.py").write_text(HOST.format(document=document))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "host"))
        project = tmp_path / "project"
        project.mkdir()
        (project / "app.py").write_text(textwrap.dedent(source))
        return describe(project, Path(sys.executable), timeout=timeout, show=show, **options)

    return go


class TestAManifest:
    def test_it_is_read_from_a_channel_of_its_own(self, run: Run) -> None:
        assert run('print("noise")').app.name == "hello"

    def test_what_the_application_prints_is_shown(self, run: Run) -> None:
        shown: list[str] = []

        run('import sys; print("out"); print("err", file=sys.stderr)', show=shown.append)

        assert sorted("".join(shown).split()) == ["err", "out"]

    def test_by_default_it_is_shown_on_stderr(self, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
        run('print("noise", end="")', show=None)

        assert capsys.readouterr() == ("", "noise\n")

    def test_a_flood_is_shortened_in_the_middle(self, run: Run) -> None:
        shown: list[str] = []

        run('print("first"); print("x" * 5_000_000); print("last")', show=shown.append)

        (text,) = shown
        assert text.startswith("first")
        assert text.rstrip().endswith("last")
        assert "bytes left out" in text
        assert len(text) < 100_000

    def test_a_document_larger_than_a_pipe_holds_arrives_whole(self, run: Run) -> None:
        big = {**DOCUMENT, "app": {**DOCUMENT["app"], "binary_types": ["image/png"] * 50_000}}

        assert len(run(document=json.dumps(big).encode()).app.binary_types) == 50_000

    def test_environment_variables_are_set_before_the_import(self, run: Run) -> None:
        shown: list[str] = []

        run(
            'import os; print(os.environ["TABLE"], os.environ["AWS_CHALICE_CLI_MODE"])',
            environment_variables={"TABLE": "orders"},
            show=shown.append,
        )

        assert "".join(shown).split() == ["orders", "true"]

    def test_the_application_is_never_imported_here(self, run: Run) -> None:
        run("import sys; print(sys.executable)")

        assert "app" not in sys.modules

    @posix_only
    @pytest.mark.parametrize(
        "source",
        [
            """
            import os
            for descriptor in range(3, 64):
                try:
                    os.write(descriptor, b'garbage {"')
                except OSError:
                    continue
            """,
            """
            import os, time
            if os.fork() == 0:
                time.sleep(60)
            """,
            """
            import os, time
            if os.fork() == 0:
                os.setsid()
                time.sleep(4)
                os._exit(0)
            """,
            """
            import subprocess, sys
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            """,
            """
            import threading, time
            threading.Thread(target=time.sleep, args=(60,)).start()
            """,
            "import os; os.close(1); os.close(2)",
            "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        ],
        ids=[
            "writes to every descriptor",
            "forks",
            "leaves a daemon",
            "starts a process",
            "leaves a thread",
            "closes its output",
            "ignores signals",
        ],
    )
    def test_an_application_with_bad_manners_confuses_nobody(self, run: Run, source: str) -> None:
        begun = time.monotonic()

        assert run(source).app.name == "hello"
        assert time.monotonic() - begun < 10

    @posix_only
    def test_what_it_left_running_is_ended(self, run: Run, tmp_path: Path) -> None:
        run(
            f"""
            import os, time
            child = os.fork()
            if child == 0:
                time.sleep(60)
                os._exit(0)
            open({str(tmp_path / "child")!r}, "w").write(str(child))
            """
        )

        child = int((tmp_path / "child").read_text())

        deadline = time.monotonic() + 5
        while is_running(child) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not is_running(child)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment with nothing installed."""
    folder = tmp_path_factory.mktemp("bare") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


class TestNoManifest:
    def test_an_application_that_hangs_is_stopped_and_its_output_shown(self, run: Run) -> None:
        begun = time.monotonic()

        with pytest.raises(AppTimeoutError) as caught:
            run('import time; print("waiting", flush=True); time.sleep(60)', timeout=1.0)

        assert time.monotonic() - begun < 10
        assert "waiting" in caught.value.why

    def test_an_application_that_waits_for_input_gets_none(self, run: Run) -> None:
        with pytest.raises(AppHostFailedError, match="EOFError"):
            run("input()")

    def test_an_exit_without_a_word_is_told_with_its_status(self, run: Run) -> None:
        with pytest.raises(AppHostFailedError) as caught:
            run('import os; print("bye", flush=True); os._exit(7)')

        assert caught.value.returncode == 7
        assert "exit status 7" in caught.value.what
        assert "bye" in caught.value.why

    @posix_only
    def test_a_crash_is_told_with_its_signal(self, run: Run) -> None:
        with pytest.raises(AppHostFailedError, match="SIGSEGV"):
            run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")

    def test_an_error_document_becomes_its_error(self, run: Run) -> None:
        failure = {"kind": "import", "type": "KeyError", "message": "'x'", "traceback": "…KeyError: 'x'"}
        head = {key: DOCUMENT[key] for key in ("manifest_version", "runtime", "python")}

        with pytest.raises(AppImportError) as caught:
            run(document=json.dumps({**head, "error": failure}).encode())

        assert caught.value.type_name == "KeyError"

    def test_nonsense_is_malformed(self, run: Run) -> None:
        with pytest.raises(MalformedManifestError):
            run(document=b"nonsense")

    def test_without_an_application_nothing_is_started(self, tmp_path: Path) -> None:
        with pytest.raises(AppMissingError, match=str(tmp_path).replace("\\", "\\\\")):
            describe(tmp_path, tmp_path / "no-python")


@posix_only
def test_an_interrupt_of_the_tool_ends_the_application_too(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("")
    script = tmp_path / "hanging-python"
    script.write_text(
        f"#!/bin/sh\necho $$ > {tmp_path / 'new'}\nmv {tmp_path / 'new'} {tmp_path / 'pid'}\nsleep 60\n"
    )
    script.chmod(0o755)
    code = """
import os, signal, sys, threading, time
from pathlib import Path
from chalice_core.apphost import describe
folder = Path(sys.argv[1])
# Whoever started the tests in the background has them ignore interrupts, and a child would, too.
signal.signal(signal.SIGINT, signal.default_int_handler)
def interrupt():
    while not (folder / "pid").exists() or "app-host-exit" not in [t.name for t in threading.enumerate()]:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt).start()
describe(folder, folder / "hanging-python")
"""

    tool = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, check=False, timeout=25
    )

    assert b"KeyboardInterrupt" in tool.stderr
    application = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while is_running(application) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(application)


class TestTheInterpreter:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        (tmp_path / "app.py").write_text("")
        return tmp_path

    def test_one_that_cannot_be_started_is_named(self, project: Path) -> None:
        with pytest.raises(InterpreterError, match="no-python"):
            describe(project, project / "no-python")

    def test_one_without_the_runtime_says_how_to_install_it_there(self, project: Path, bare: Path) -> None:
        with pytest.raises(RuntimeMissingError) as caught:
            describe(project, bare)

        assert f"{bare} -m pip install chalice-runtime" in caught.value.fix

    def test_one_with_the_predecessor_says_that_it_must_be_replaced(
        self, project: Path, bare: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site = project / "site"
        info = site / "chalice-1.34.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: chalice\nVersion: 1.34.0\n")
        (site / "chalice").mkdir()
        (site / "chalice" / "__init__.py").write_text("")
        monkeypatch.setenv("PYTHONPATH", str(site))

        with pytest.raises(PredecessorInstalledError) as caught:
            describe(project, bare)

        assert caught.value.version == "1.34.0"
        assert "uninstall --yes chalice" in caught.value.fix

    @posix_only
    def test_one_that_is_too_old_says_so(self, project: Path) -> None:
        old = project / "old-python"
        old.write_text('#!/bin/sh\nif [ "$1" = -c ]; then echo python=3.8; else exit 1; fi\n')
        old.chmod(0o755)

        with pytest.raises(PythonTooOldError) as caught:
            describe(project, old)

        assert caught.value.version == "3.8"

    @posix_only
    def test_a_program_that_is_no_python_is_refused(self, project: Path) -> None:
        other = project / "other"
        other.write_text("#!/bin/sh\necho hello from another program\n")
        other.chmod(0o755)

        with pytest.raises(InterpreterError, match="hello from another program"):
            describe(project, other)
