"""One server per project: started once, found again, replaced when it died, stopped without a trace."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalice_localaws import StateFolder, ensure_running, lifecycle, reset, status, stop
from chalice_localaws.client import ask_status
from chalice_localaws.errors import (
    EmbeddedAwsBusyError,
    EmbeddedAwsNotRunningError,
    EmbeddedAwsRefusedError,
    EmbeddedAwsStartError,
    OtherPortError,
    PortInUseError,
    StateFolderError,
)
from chalice_localaws.process_lock import LockHeldError, ProcessLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = """
import sys
from pathlib import Path
from chalice_localaws import ensure_running
print(ensure_running(Path(sys.argv[1])).record.pid)
"""
PID = "import os\ndef handler(event, context):\n    return os.getpid()\n"
BUSY = """
import os, time
print("PID", os.getpid())
def handler(event, context):
    while True:
        time.sleep(0.01)
"""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A child of this test that nobody has waited for is dead as well.
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return True


def test_commands_that_start_it_at_once_get_the_same_server(project: Path) -> None:
    def command(_: int) -> str:
        done = subprocess.run(
            [sys.executable, "-c", START, str(project)], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    with ThreadPoolExecutor(3) as executor:
        pids = set(executor.map(command, range(3)))

    assert len(pids) == 1
    assert status(project) is not None
    assert status(project)["pid"] == int(pids.pop())


def test_the_state_folder_keeps_itself_out_of_git(endpoint: Any) -> None:
    project = endpoint.state.project
    subprocess.run(["git", "init", "-q", str(project)], check=True)

    seen = subprocess.run(
        ["git", "-C", str(project), "status", "--porcelain"], capture_output=True, text=True
    )
    assert seen.stdout == ""


def test_the_record_with_the_token_is_the_owners_alone(endpoint: Any) -> None:
    if os.name != "posix":
        pytest.skip("Permission bits mean nothing on this system.")
    assert endpoint.state.record_file.stat().st_mode & 0o077 == 0


def test_a_record_of_a_server_that_was_killed_is_noticed(
    project: Path, make_cloud: Callable[..., Any], eventually: Callable[..., Any]
) -> None:
    first = ensure_running(project)
    cloud = make_cloud(first.url)
    idle = int(cloud.invoke(cloud.function(PID))["Payload"])
    busy_arn = cloud.function(BUSY)
    cloud.invoke(busy_arn, InvocationType="Event")
    line = eventually(lambda: [line for line in cloud.log(busy_arn) if line.startswith("PID")])[0]
    busy = int(line.split()[1])

    first.state.deployed.mkdir()
    (first.state.deployed / "dev.json").write_text("{}")

    os.kill(first.record.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    second = ensure_running(project)

    assert second.started_now
    assert second.instance != first.instance
    assert second.record.port == first.record.port
    # The state is gone, and with it the records of what was deployed to it.
    assert not second.state.deployed.exists()
    assert second.forgotten == ("dev",)
    assert ensure_running(project).forgotten == ()
    # The workers of the dead server end by themselves, the busy one too.
    eventually(lambda: not is_running(idle) and not is_running(busy))


def test_a_port_that_somebody_else_has_now_is_noticed(project: Path, endpoint: Any) -> None:
    # The record says that our server is where another one is: its port was used again.
    state = StateFolder(project)
    state.create()
    stale = replace(endpoint.record, instance="0" * 32, pid=os.getpid(), project=str(state.project))
    state.write_record(stale)

    assert status(project) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 99}', '{"version": 1, "pid": 1}'])
def test_a_record_that_makes_no_sense_is_no_record(project: Path, content: str) -> None:
    state = StateFolder(project)
    state.create()
    state.record_file.write_text(content)

    assert state.read_record() is None
    assert status(project) is None


def test_a_copied_project_does_not_take_the_others_server_for_its_own(project: Path, endpoint: Any) -> None:
    state = StateFolder(project)
    state.create()
    state.record_file.write_bytes(endpoint.state.record_file.read_bytes())

    assert status(project) is None
    assert status(endpoint.state.project) is not None


def test_a_stop_leaves_no_process_and_no_record(project: Path, make_cloud: Callable[..., Any]) -> None:
    endpoint = ensure_running(project)
    cloud = make_cloud(endpoint.url)
    worker = int(cloud.invoke(cloud.function(PID))["Payload"])

    assert stop(project) is True

    assert not is_running(endpoint.record.pid)
    assert not is_running(worker)
    assert not endpoint.state.record_file.exists()
    assert stop(project) is False


@pytest.mark.skipif(os.name != "posix", reason="Other systems have no SIGTERM to catch.")
def test_sigterm_ends_the_server_and_its_workers(
    project: Path, make_cloud: Callable[..., Any], eventually: Callable[..., Any]
) -> None:
    endpoint = ensure_running(project)
    cloud = make_cloud(endpoint.url)
    worker = int(cloud.invoke(cloud.function(PID))["Payload"])

    os.kill(endpoint.record.pid, signal.SIGTERM)

    eventually(lambda: not is_running(endpoint.record.pid) and not is_running(worker))
    assert not endpoint.state.record_file.exists()
    assert endpoint.state.log_tail() == ""


def test_a_server_whose_folder_is_gone_ends(project: Path, eventually: Callable[..., Any]) -> None:
    endpoint = ensure_running(project)

    endpoint.state.record_file.unlink()

    eventually(lambda: not is_running(endpoint.record.pid))


def test_a_reset_empties_it_and_is_another_instance(project: Path, make_cloud: Callable[..., Any]) -> None:
    before = ensure_running(project)
    cloud = make_cloud(before.url)
    arn = cloud.function(PID)
    worker = int(cloud.invoke(arn)["Payload"])
    before.state.deployed.mkdir()

    after = reset(project)

    assert after.instance != before.instance
    assert after.record.pid == before.record.pid
    assert cloud.client("lambda").list_functions()["Functions"] == []
    assert cloud.client("logs").describe_log_groups()["logGroups"] == []
    assert not is_running(worker)
    assert not after.state.deployed.exists()
    assert ensure_running(project).instance == after.instance
    assert json.loads(cloud.invoke(cloud.function(PID))["Payload"]) != worker


def test_a_reset_of_nothing_says_so(project: Path) -> None:
    with pytest.raises(EmbeddedAwsNotRunningError):
        reset(project)


def test_a_port_in_use_is_a_clear_error_and_starts_nothing(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(PortInUseError) as caught:
            ensure_running(project, port=port)

    assert str(port) in caught.value.what
    assert status(project) is None


def test_the_asked_for_port_is_taken(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    assert ensure_running(project, port=port).record.port == port
    with pytest.raises(OtherPortError) as caught:
        ensure_running(project, port=port + 1 if port < 65535 else port - 1)
    assert f"on port {port}" in caught.value.why
    assert "stop" in caught.value.fix


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere.")
def test_a_read_only_project_is_a_clear_error(project: Path) -> None:
    project.chmod(0o500)

    try:
        with pytest.raises(StateFolderError) as caught:
            ensure_running(project)
    finally:
        project.chmod(0o700)

    assert str(project) in caught.value.what


def test_a_state_folder_that_cannot_be_made_is_a_clear_error(project: Path) -> None:
    (project / ".chalice").write_text("a file")

    with pytest.raises(StateFolderError) as caught:
        ensure_running(project)

    assert str(project / ".chalice" / "local") in caught.value.what


def test_a_project_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StateFolderError):
        ensure_running(tmp_path / "nowhere")

    assert not (tmp_path / "nowhere").exists()


def test_a_server_that_fails_shows_the_end_of_its_log(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = project / "broken"
    (broken / "moto").mkdir(parents=True)
    (broken / "moto" / "__init__.py").write_text("raise RuntimeError('moto is broken')")
    monkeypatch.setenv("PYTHONPATH", str(broken))

    with pytest.raises(EmbeddedAwsStartError) as caught:
        ensure_running(project)

    assert "moto is broken" in caught.value.why
    assert "ended with status 1" in caught.value.why


def test_a_server_that_holds_the_lock_and_does_not_answer_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "ENDING_SECONDS", 0.1)
    state = StateFolder(project)
    state.create()

    with ProcessLock(state.server_lock), pytest.raises(EmbeddedAwsBusyError) as caught:
        ensure_running(project)

    assert str(state.log) in caught.value.why


def test_a_second_server_for_a_project_refuses_to_run(endpoint: Any) -> None:
    command = [
        sys.executable,
        "-m",
        "chalice_localaws.embedded",
        "--project-dir",
        str(endpoint.state.project),
    ]

    done = subprocess.run(command, capture_output=True, text=True, timeout=30)

    assert done.returncode == 1
    assert "Another server runs" in done.stderr
    assert ask_status(endpoint.record) is not None


def test_a_server_that_cannot_have_its_port_ends_and_names_it(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        command = [
            sys.executable,
            "-m",
            "chalice_localaws.embedded",
            "--project-dir",
            str(project),
            "--port",
            port,
        ]

        done = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert port in done.stderr
    assert status(project) is None


def test_a_lock_is_free_again_when_its_holder_has_died(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    source = (
        "import sys, time; from pathlib import Path; from chalice_localaws.process_lock import ProcessLock\n"
        "ProcessLock(Path(sys.argv[1])).acquire(); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", source, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    with pytest.raises(LockHeldError):
        ProcessLock(path).acquire()
    holder.kill()
    holder.wait()
    holder.stdout.close()

    with ProcessLock(path, wait_seconds=5):
        pass


def test_an_interpreter_of_another_version_is_refused_by_name(endpoint: Any) -> None:
    wrong = "python3.10" if sys.version_info[1] != 10 else "python3.11"

    with pytest.raises(EmbeddedAwsRefusedError) as caught:
        endpoint.register_interpreters({wrong: sys.executable})

    assert f"not {wrong}" in caught.value.why
    endpoint.register_interpreters({f"python3.{sys.version_info[1]}": sys.executable})


def test_the_tools_do_not_import_moto_or_boto3() -> None:
    source = (
        "import sys, chalice_localaws.hooks, chalice_localaws.commands\n"
        "print([name for name in ('moto', 'boto3', 'werkzeug', 'botocore') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_hook_offers_what_deployments_need(endpoint: Any) -> None:
    from chalice_localaws import hooks

    project = endpoint.state.project

    local = hooks.chalice_local_aws(project)

    found = lifecycle.status(project)
    assert found is not None
    assert local.endpoint_url == f"http://127.0.0.1:{found['port']}"
    assert (
        local.rest_api_url.format(api_id="abc", stage="api")
        == f"{local.endpoint_url}/_aws/execute-api/abc/api/"
    )
    assert (local.account_id, local.instance) == ("123456789012", found["instance"])
    assert local.records == project.resolve() / ".chalice" / "local" / "deployed"
