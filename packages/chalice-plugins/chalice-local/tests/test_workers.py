"""Workers: real processes under the Runtime API."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import chalice
from chalice_local import ThrottledError
from chalice_local import managed_runtime as managed
from chalice_local.launcher import Launcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOP = Path(chalice.__file__).parent / "host" / "serve.py"
PID = "import os\ndef handler(event, context):\n    return os.getpid()\n"


@pytest.fixture(params=["awslambdaric", "standard library"])
def loop(request: pytest.FixtureRequest, launcher: Launcher, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with AWS's runtime client, and with our own loop."""
    found = launcher._managed
    if request.param == "standard library":
        monkeypatch.setattr(launcher, "_managed", dataclasses.replace(found, runtime_client=None))
    elif found.runtime_client is None:
        pytest.skip("awslambdaric is not installed here.")
    loop: str = request.param
    return loop


def test_an_event_is_answered_with_the_result(
    invoker: Any, make_function: Callable[..., Any], loop: str
) -> None:
    function = make_function("def handler(event, context):\n    return {'got': event['a']}\n")

    result = invoker.invoke(function, b'{"a": "\xc3\xbc"}')

    assert result.error is None
    assert json.loads(result.payload) == {"got": "ü"}


def test_the_context_knows_its_request_its_deadline_and_its_caller(
    invoker: Any, make_function: Callable[..., Any], loop: str
) -> None:
    source = """
def handler(event, context):
    return [context.aws_request_id, context.get_remaining_time_in_millis(), context.memory_limit_in_mb,
            context.client_context.custom if context.client_context else None, context.log_group_name]
"""
    function = make_function(source, timeout_seconds=20, memory_mb=256)

    result = invoker.invoke(function, b"{}", client_context='{"custom": {"k": "v"}}')

    request_id, remaining, memory, custom, group = json.loads(result.payload)
    assert request_id == result.request_id
    assert 15_000 < remaining <= 20_000
    assert memory == "256"
    assert custom == {"k": "v"}
    assert group == "/aws/lambda/f"


def test_an_exception_is_unhandled(invoker: Any, make_function: Callable[..., Any], loop: str) -> None:
    result = invoker.invoke(make_function("def handler(event, context):\n    raise KeyError('k')\n"), b"{}")

    assert result.error == "Unhandled"
    assert json.loads(result.payload)["errorType"] == "KeyError"


@pytest.mark.parametrize(
    ("source", "error_type"),
    [
        ("import nothing_like_it\n", "Runtime.ImportModuleError"),
        ("def handler(:\n", "Runtime.UserCodeSyntaxError"),
        ("other = 1\n", "Runtime.HandlerNotFound"),
    ],
)
def test_a_function_that_cannot_be_loaded_says_why(
    invoker: Any, make_function: Callable[..., Any], loop: str, source: str, error_type: str
) -> None:
    result = invoker.invoke(make_function(source), b"{}")

    assert result.error == "Unhandled"
    assert json.loads(result.payload)["errorType"] == error_type


def test_an_exit_while_loading_is_an_exit_error(
    invoker: Any, make_function: Callable[..., Any], loop: str
) -> None:
    result = invoker.invoke(make_function("import os\nos._exit(7)\n"), b"{}")

    document = json.loads(result.payload)
    assert document["errorType"] == "Runtime.ExitError"
    assert document["errorMessage"].endswith("exit status 7")


@pytest.mark.skipif(os.name != "posix", reason="Other systems have no signals to die of.")
def test_a_death_by_signal_is_named(invoker: Any, make_function: Callable[..., Any]) -> None:
    source = "import os, signal\ndef handler(event, context):\n    os.kill(os.getpid(), signal.SIGKILL)\n"

    document = json.loads(invoker.invoke(make_function(source), b"{}").payload)

    assert document["errorMessage"].endswith("signal: killed")


def test_all_that_was_printed_is_there_when_the_invocation_ends(
    invoker: Any, sink: Any, make_function: Callable[..., Any], loop: str
) -> None:
    source = """
import os, sys
def handler(event, context):
    for number in range(500):
        print(number)
    sys.stderr.write("error\\n")
    os.write(1, b"no line break")
"""

    result = invoker.invoke(make_function(source), b"{}")

    lines = list(sink.lines)
    assert lines[0].startswith("START RequestId: ")
    assert lines[1:501] == [str(number) for number in range(500)]
    assert lines[501:503] == ["error", "no line break"]
    assert lines[503].startswith("END ")
    assert lines[504].startswith("REPORT ")
    assert len(lines) == 505
    assert result.log_tail.endswith("\t\n")


def test_a_log_that_cannot_be_written_does_not_stop_the_function(
    invoker: Any, sink: Any, make_function: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    sink.write = broken

    result = invoker.invoke(make_function("def handler(event, context):\n    print('x' * 200_000)\n"), b"{}")

    assert result.error is None
    assert "the disk is full" in caplog.text


def test_the_tail_of_the_log_is_four_kilobytes(invoker: Any, make_function: Callable[..., Any]) -> None:
    result = invoker.invoke(make_function("def handler(event, context):\n    print('x' * 10000)\n"), b"{}")

    assert len(result.log_tail.encode()) == 4096


def test_a_traceback_is_one_event_of_the_log(
    invoker: Any, sink: Any, make_function: Callable[..., Any]
) -> None:
    invoker.invoke(make_function("def handler(event, context):\n    raise ValueError('why')\n"), b"{}")

    event = next(line for line in sink.lines if "ValueError: why" in line)
    assert event.startswith("[ERROR]")
    assert "Traceback" in event


def test_a_response_that_is_too_large_is_an_error(invoker: Any, make_function: Callable[..., Any]) -> None:
    result = invoker.invoke(
        make_function("def handler(event, context):\n    return 'x' * 7_000_000\n"), b"{}"
    )

    assert result.error == "Unhandled"
    assert json.loads(result.payload)["errorType"] == "Function.ResponseSizeTooLarge"


def test_only_the_function_its_layers_the_runtime_and_the_standard_library_can_be_imported(
    invoker: Any, make_function: Callable[..., Any], make_bundle: Callable[..., Any], loop: str
) -> None:
    layer = make_bundle({"python/inlayer.py": "VALUE = 1\n"})
    source = """
import sys, inlayer, boto3
from importlib.util import find_spec
def handler(event, context):
    hidden = [name for name in ("pytest", "chalice", "chalice_local", "pip", "click") if find_spec(name)]
    return {"layer": inlayer.VALUE, "hidden": hidden, "path": sys.path, "boto3": boto3.__name__}
"""

    answer = json.loads(invoker.invoke(make_function(source, layers=(layer,)), b"{}").payload)

    assert answer["layer"] == 1
    assert answer["hidden"] == []
    assert answer["boto3"] == "boto3"
    assert not [entry for entry in answer["path"] if "site-packages" in entry]


def test_a_later_layer_overlays_an_earlier_one(
    invoker: Any, make_function: Callable[..., Any], make_bundle: Callable[..., Any]
) -> None:
    layers = tuple(make_bundle({"python/inlayer.py": f"VALUE = {value}\n"}) for value in (1, 2))
    source = "import inlayer\ndef handler(event, context):\n    return inlayer.VALUE\n"

    assert invoker.invoke(make_function(source, layers=layers), b"{}").payload == b"2"


def test_exit_is_there_as_in_lambda_and_stdin_is_empty(
    invoker: Any, make_function: Callable[..., Any], loop: str
) -> None:
    source = "import sys\ndef handler(event, context):\n    return [callable(exit), sys.stdin.read()]\n"

    assert json.loads(invoker.invoke(make_function(source), b"{}").payload) == [True, ""]


def test_the_functions_own_variables_win_and_the_users_are_not_seen(
    invoker: Any, make_function: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET_OF_THE_USER", "s3cr3t")
    source = "import os\ndef handler(event, context):\n    return dict(os.environ)\n"
    function = make_function(source, environment={"TZ": ":Europe/Berlin", "MINE": "1"})

    variables = json.loads(invoker.invoke(function, b"{}").payload)

    assert (variables["TZ"], variables["MINE"]) == (":Europe/Berlin", "1")
    assert "A_SECRET_OF_THE_USER" not in variables
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert variables["AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"] == "http://127.0.0.1:1"
    assert variables["AWS_REGION"] == "eu-west-1"


def test_an_idle_worker_is_reused_until_its_function_changes(
    invoker: Any, pool: Any, make_function: Callable[..., Any]
) -> None:
    function = make_function(PID)

    first = invoker.invoke(function, b"{}").payload
    again = invoker.invoke(function, b"{}").payload
    changed = invoker.invoke(dataclasses.replace(function, environment={"A": "1"}), b"{}").payload
    pool.retire(function.arn)
    retired = invoker.invoke(function, b"{}").payload

    assert first == again
    assert len({first, changed, retired}) == 3


def test_two_invocations_at_once_get_two_workers(
    invoker: Any, pool: Any, make_function: Callable[..., Any]
) -> None:
    function = make_function(
        "import os, time\ndef handler(event, context):\n    time.sleep(0.4)\n    return os.getpid()\n"
    )
    payloads: list[bytes] = []

    threads = [
        threading.Thread(target=lambda: payloads.append(invoker.invoke(function, b"{}").payload))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(payloads)) == 2
    assert pool.counts() == (2, 0)


def test_reserved_concurrency_is_a_limit(invoker: Any, make_function: Callable[..., Any]) -> None:
    function = make_function(
        "import time\nprint('up')\ndef handler(event, context):\n    time.sleep(1)\n", reserved_concurrency=1
    )
    running = threading.Thread(target=invoker.invoke, args=(function, b"{}"))
    running.start()
    time.sleep(0.3)

    with pytest.raises(ThrottledError) as caught:
        invoker.invoke(function, b"{}")
    running.join()

    assert caught.value.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert invoker.invoke(function, b"{}").error is None


def test_an_idle_worker_is_stopped_after_its_time(
    launcher: Launcher, make_function: Callable[..., Any]
) -> None:
    from chalice_local import Invoker, WorkerPool

    pool = WorkerPool(launcher, idle_seconds=0.2)
    invoker = Invoker(pool)
    invoker.invoke(make_function(PID), b"{}")

    deadline = time.monotonic() + 5
    while pool.counts() != (0, 0) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert pool.counts() == (0, 0)
    pool.close()
    invoker.close()


def test_an_asynchronous_failure_is_tried_three_times_with_one_request_id(
    invoker: Any, sink: Any, make_function: Callable[..., Any]
) -> None:
    function = make_function(
        "def handler(event, context):\n    print('ID', context.aws_request_id)\n    raise ValueError\n"
    )

    request_id = invoker.invoke_later(lambda: function, b"{}")

    deadline = time.monotonic() + 10
    while sum(line.startswith("REPORT") for line in sink.lines) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    assert [line for line in sink.lines if line.startswith("ID")] == [f"ID {request_id}"] * 3


def test_an_asynchronous_invocation_of_a_deleted_function_is_dropped(invoker: Any, sink: Any) -> None:
    invoker.invoke_later(lambda: None, b"{}")
    time.sleep(0.2)

    assert sink.lines == []


@pytest.mark.skipif(os.name != "posix", reason="Other systems have no process groups.")
@pytest.mark.parametrize("end", ["time.sleep(60)", "os._exit(1)", "os.kill(os.getpid(), 9)"])
def test_what_a_function_has_started_ends_with_it(
    invoker: Any, sink: Any, make_function: Callable[..., Any], end: str
) -> None:
    source = f"""
import os, subprocess, sys, time
def handler(event, context):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print("PID", child.pid, flush=True)
    {end}
"""

    invoker.invoke(make_function(source, timeout_seconds=1), b"{}")

    child = next(int(line.split()[1]) for line in sink.lines if line.startswith("PID"))
    assert _ends(child)


def test_a_worker_ends_with_its_parent_however_that_goes(
    tmp_path: Path, make_bundle: Callable[..., Any]
) -> None:
    """The parent is killed while its function runs in a loop that never asks for anything."""
    source = (
        "import os, time\ndef handler(event, context):\n    print('PID', os.getpid())\n    time.sleep(60)\n"
    )
    (tmp_path / "code.zip").write_bytes(make_bundle({"app.py": source}).data)
    parent = f"""
import sys
from pathlib import Path
from chalice_local import *
class Sink:
    def open(self, *where): return None
    def write(self, arn, group, stream, events):
        for _, line in events:
            print(line, flush=True)
launcher = Launcher(interpreters=Interpreters(), code=CodeStore(Path("code")), sink=Sink(),
    managed_runtime=Path("runtime"), runtime_loop=Path({str(LOOP)!r}), endpoint_url=lambda: None)
function = FunctionSpec(arn="arn:aws:lambda:eu-west-1:1:function:f", name="f", handler="app.handler",
    runtime="python3.{sys.version_info[1]}", region="eu-west-1", account_id="1", timeout_seconds=60,
    code=CodeBundle(sha256="x", data=Path("code.zip").read_bytes()))
Invoker(WorkerPool(launcher)).invoke(function, b"{{}}")
"""
    process = subprocess.Popen(
        [sys.executable, "-c", parent], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    worker = next(int(line.split()[1]) for line in process.stdout if line.startswith("PID"))

    process.kill()
    process.wait()
    process.stdout.close()

    assert _ends(worker)


def _ends(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OSError):
            return True
        if os.name == "posix" and _is_zombie(pid):
            return True
        time.sleep(0.05)
    os.kill(pid, signal.SIGTERM)
    return False


def _is_zombie(pid: int) -> bool:
    # An orphan that nobody waits for, as in a container without an init process.
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout.strip().startswith("Z")


def test_the_libraries_of_the_runtime_are_linked_once(tmp_path: Path) -> None:
    first = managed.build_managed_runtime(tmp_path)
    second = managed.build_managed_runtime(tmp_path)

    assert first == second
    names = {entry.name for entry in first.sdk.iterdir()}
    assert {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py"} <= names
    assert not [name for name in names if name.endswith(".pth")]
    assert sorted(entry.name.rpartition("-")[0] for entry in tmp_path.iterdir()) == sorted(
        ["sdk"] + (["runtime-client"] if first.runtime_client else [])
    )


@pytest.fixture(autouse=True)
def no_worker_is_left(pool: Any) -> Iterator[None]:
    yield
    pool.close()
    assert pool.counts() == (0, 0)
