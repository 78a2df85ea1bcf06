"""``chalice/host/serve.py``: a function against a Runtime API, in a process of its own."""

from __future__ import annotations

import http.server
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import chalice.host

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVE = Path(chalice.host.__file__).parent / "serve.py"
PREFIX = "/2018-06-01/runtime"


class RuntimeApi(http.server.ThreadingHTTPServer):
    """The other side of the loop: hands out events and keeps what is reported."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        self.reports: queue.Queue[tuple[str, dict[str, str], Any]] = queue.Queue()
        self.answer = 202

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RuntimeApi

    def do_GET(self) -> None:
        assert self.path == f"{PREFIX}/invocation/next"
        headers, body = self.server.events.get()
        self._send(200, headers, body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.reports.put((self.path.removeprefix(PREFIX), dict(self.headers), body))
        self._send(self.server.answer, {}, b"{}")

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


class Function:
    """A function that is being served."""

    def __init__(
        self, folder: Path, handler: str, api: RuntimeApi, python: list[str], **environment: str
    ) -> None:
        self.api = api
        self.process = subprocess.Popen(
            [*python, handler],
            cwd=folder,
            env={
                **os.environ,
                "AWS_LAMBDA_RUNTIME_API": api.address,
                "LAMBDA_TASK_ROOT": str(folder),
                "AWS_LAMBDA_FUNCTION_NAME": "hello-dev",
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
                "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/hello-dev",
                "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
                "PYTHONIOENCODING": "utf-8",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # Carriage returns are part of the log's format.
            **({"bufsize": 1} if sys.platform == "win32" else {}),
        )

    def invoke(self, event: Any, request_id: str = "id-1", **headers: str) -> tuple[str, dict[str, str], Any]:
        sent = {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:123456789012:function:hello-dev",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 60_000),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        self.api.events.put((sent, body))
        return self.report()

    def report(self) -> tuple[str, dict[str, str], Any]:
        path, headers, body = self.api.reports.get(timeout=20)
        try:
            return path, headers, json.loads(body)
        except ValueError:
            return path, headers, body

    def output(self) -> str:
        """End the process and return what it wrote to standard output."""
        self.process.terminate()
        return self.process.communicate(timeout=20)[0]

    def status(self) -> int:
        return self.process.wait(timeout=20)


class Serve:
    def __init__(self, folder: Path, api: RuntimeApi) -> None:
        self.folder = folder
        self.api = api
        self.started: list[Function] = []

    def __call__(
        self, source: str, handler: str = "work.handler", *, module: bool = False, **environment: str
    ) -> Function:
        (self.folder / "work.py").write_text(source, encoding="utf-8")
        # As a script it gets a Python without site-packages: it may need nothing that is installed.
        python = (
            [sys.executable, "-m", "chalice.host", "serve"]
            if module
            else [sys.executable, "-S", "-s", str(SERVE)]
        )
        self.started.append(Function(self.folder, handler, self.api, python, **environment))
        return self.started[-1]


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    server = RuntimeApi()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def serve(tmp_path: Path, api: RuntimeApi) -> Iterator[Serve]:
    starter = Serve(tmp_path, api)
    yield starter
    for function in starter.started:
        function.process.kill()
        function.process.communicate()


@pytest.mark.parametrize("module", [False, True])
def test_results_are_reported_one_after_the_other_from_one_process(serve: Serve, module: bool) -> None:
    function = serve(
        "calls = []\ndef handler(event, context):\n    calls.append(event)\n"
        "    return {'calls': calls, 'ü': 1.5}\n",
        module=module,
    )

    first = function.invoke({"a": 1}, "id-1")
    second = function.invoke([2], "id-2")

    assert first[0] == "/invocation/id-1/response"
    assert first[1]["Content-Type"] == "application/json"
    assert first[2] == {"calls": [{"a": 1}], "ü": 1.5}
    assert (second[0], second[2]["calls"]) == ("/invocation/id-2/response", [{"a": 1}, [2]])


def test_the_context_says_what_lambda_says(serve: Serve) -> None:
    function = serve(
        "import os\n"
        "def handler(event, context):\n"
        "    return {\n"
        "        **{name: getattr(context, name) for name in (\n"
        "            'aws_request_id', 'invoked_function_arn', 'function_name', 'function_version',\n"
        "            'memory_limit_in_mb', 'log_group_name', 'log_stream_name', 'tenant_id')},\n"
        "        'remaining': context.get_remaining_time_in_millis(),\n"
        "        'identity': [\n"
        "            getattr(context.identity, f'cognito_identity{kind}_id') for kind in ('', '_pool')],\n"
        "        'custom': context.client_context.custom, 'env': context.client_context.env,\n"
        "        'client': context.client_context.client.app_title,\n"
        "        'package': context.client_context.client.app_package_name,\n"
        "        'trace': os.environ.get('_X_AMZN_TRACE_ID'),\n"
        "    }\n"
    )

    _, _, seen = function.invoke(
        {},
        Lambda_Runtime_Client_Context='{"custom": {"a": 1}, "env": {"b": 2}, "client": {"app_title": "t"}}',
        Lambda_Runtime_Cognito_Identity='{"cognitoIdentityId": "i", "cognitoIdentityPoolId": "p"}',
        Lambda_Runtime_Trace_Id="Root=1-2-3",
        Lambda_Runtime_Aws_Tenant_Id="tenant",
    )

    assert 0 < seen.pop("remaining") <= 60_000
    assert seen == {
        "aws_request_id": "id-1",
        "invoked_function_arn": "arn:aws:lambda:eu-west-1:123456789012:function:hello-dev",
        "function_name": "hello-dev",
        "function_version": "$LATEST",
        "memory_limit_in_mb": "128",
        "log_group_name": "/aws/lambda/hello-dev",
        "log_stream_name": "stream",
        "tenant_id": "tenant",
        "identity": ["i", "p"],
        "custom": {"a": 1},
        "env": {"b": 2},
        "client": "t",
        "package": None,
        "trace": "Root=1-2-3",
    }


def test_what_a_caller_does_not_send_is_none_and_does_not_stay_from_the_call_before(serve: Serve) -> None:
    function = serve(
        "import os\n"
        "def handler(event, context):\n"
        "    return [context.client_context, context.identity.cognito_identity_id, context.tenant_id,\n"
        "            os.environ.get('_X_AMZN_TRACE_ID')]\n"
    )

    function.invoke({}, Lambda_Runtime_Trace_Id="Root=1")
    _, _, seen = function.invoke({})

    assert seen == [None, None, None, None]


def test_an_exception_is_reported_with_the_functions_own_frames(serve: Serve) -> None:
    function = serve(
        "def handler(event, context):\n    return inner()\ndef inner():\n    raise LookupError('why')\n"
    )

    path, headers, error = function.invoke({}, "id-7")
    _, _, after = function.invoke({}, "id-8")

    assert path == "/invocation/id-7/error"
    assert headers["Lambda-Runtime-Function-Error-Type"] == "LookupError"
    assert (error["errorMessage"], error["errorType"], error["requestId"]) == ("why", "LookupError", "id-7")
    assert [frame.splitlines()[0].rpartition(", ")[2] for frame in error["stackTrace"]] == [
        "in handler",
        "in inner",
    ]
    assert after["requestId"] == "id-8"


@pytest.mark.parametrize(
    ("source", "event", "headers", "error_type", "message"),
    [
        (
            "def handler(e, c): return object()",
            {},
            {},
            "Runtime.MarshalError",
            "Unable to marshal response: Object of",
        ),
        ("def handler(e, c): return 1", b"{", {}, "Runtime.UnmarshalError", "Unable to unmarshal input"),
        (
            "def handler(e, c): return 1",
            {},
            {"Lambda_Runtime_Client_Context": "{"},
            "Runtime.LambdaContextUnmarshalError",
            "Unable to parse Client Context JSON",
        ),
    ],
)
def test_what_the_runtime_itself_reports_has_lambdas_names(
    serve: Serve, source: str, event: Any, headers: dict[str, str], error_type: str, message: str
) -> None:
    path, sent, error = serve(source).invoke(event, **headers)

    assert path == "/invocation/id-1/error"
    assert sent["Lambda-Runtime-Function-Error-Type"] == error["errorType"] == error_type
    assert error["errorMessage"].startswith(message)
    assert error["stackTrace"] == []


def test_decimals_are_numbers_and_bytes_go_as_they_are(serve: Serve) -> None:
    function = serve(
        "from decimal import Decimal\n"
        "def handler(event, context):\n"
        "    return b'raw' if event else [Decimal('1.5'), Decimal(2)]\n"
    )

    numbers = function.invoke(0)
    raw = function.invoke(1)

    assert numbers[2] == [1.5, 2]
    assert (raw[1]["Content-Type"], raw[2]) == ("application/unknown", b"raw")


@pytest.mark.parametrize(
    ("source", "handler", "error_type", "message"),
    [
        ("1 / 0", "work.handler", "ZeroDivisionError", "division by zero"),
        (
            "import nothing_here",
            "work.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'work': No module",
        ),
        ("", "absent.handler", "Runtime.ImportModuleError", "Unable to import module 'absent'"),
        ("def broken(:", "work.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'work'"),
        ("", "work.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'work'"),
        ("", "work", "Runtime.MalformedHandlerName", "Bad handler 'work'"),
        ("", "sys.exit", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys"),
    ],
)
def test_a_function_that_cannot_be_loaded_is_an_init_error(
    serve: Serve, source: str, handler: str, error_type: str, message: str
) -> None:
    function = serve(source, handler)

    path, headers, error = function.report()

    assert path == "/init/error"
    assert headers["Lambda-Runtime-Function-Error-Type"] == error["errorType"] == error_type
    assert error["errorMessage"].startswith(message)
    assert function.status() == 1


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        ("sys.exit(3)", 3, "with error: exit status 3"),
        ("sys.exit('text')", 1, "with error: exit status 1"),
        ("sys.exit()", 0, "without providing a reason"),
    ],
)
def test_a_handler_that_exits_is_reported_and_then_the_process_ends(
    serve: Serve, code: str, status: int, reason: str
) -> None:
    function = serve(f"import sys\ndef handler(event, context):\n    {code}\n")

    path, _, error = function.invoke({})

    assert path == "/invocation/id-1/error"
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"] == f"RequestId: id-1 Error: Runtime exited {reason}"
    assert function.status() == status


def test_a_module_that_exits_while_it_is_loaded_is_an_init_error(serve: Serve) -> None:
    function = serve("import sys\nsys.exit(4)\n")

    path, _, error = function.report()

    assert (path, error["errorType"]) == ("/init/error", "Runtime.ExitError")
    assert function.status() == 4


def test_prints_and_log_records_and_errors_are_written(serve: Serve) -> None:
    function = serve(
        "import logging\n"
        "def handler(event, context):\n"
        "    print('printed')\n"
        "    logging.getLogger('mine').warning('logged')\n"
        "    context.log('said\\n')\n"
        "    raise LookupError('failed')\n"
    )

    function.invoke({})
    lines = function.output().splitlines()

    assert lines[0] == "printed"
    assert lines[1].startswith("[WARNING]\t20")
    assert lines[1].endswith("Z\tid-1\tlogged")
    assert lines[2] == "said"
    assert "[ERROR] LookupError: failed" in lines


def test_the_log_level_can_be_set_from_outside(serve: Serve) -> None:
    function = serve(
        "import logging\ndef handler(event, context):\n    logging.info('detail')\n",
        AWS_LAMBDA_LOG_LEVEL="INFO",
    )

    function.invoke({})

    assert "detail" in function.output()


def test_modules_beside_the_loop_are_out_of_the_functions_sight(serve: Serve) -> None:
    function = serve(
        "import importlib.util\n"
        "def handler(event, context):\n"
        "    return [importlib.util.find_spec(name) is None for name in ('describe', 'serve', 'failure')]\n"
    )

    assert function.invoke({})[2] == [True, True, True]


def test_a_result_that_the_api_finds_too_large_does_not_end_the_loop(serve: Serve) -> None:
    function = serve("def handler(event, context):\n    return event\n")
    serve.api.answer = 413

    function.invoke(1)

    assert function.invoke(2)[2] == 2


def test_the_loop_ends_when_the_api_is_gone(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text("def handler(event, context): ...", encoding="utf-8")
    gone = RuntimeApi()
    gone.server_close()

    ran = subprocess.run(
        [sys.executable, str(SERVE), "work.handler"],
        env={**os.environ, "AWS_LAMBDA_RUNTIME_API": gone.address, "LAMBDA_TASK_ROOT": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert ran.returncode == 1
    assert ran.stderr.startswith(f"The Runtime API at {gone.address} is gone:")


def test_without_an_api_it_says_what_is_missing() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "AWS_LAMBDA_RUNTIME_API"}

    ran = subprocess.run(
        [sys.executable, str(SERVE), "work.handler"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 2
    assert "AWS_LAMBDA_RUNTIME_API is not set" in ran.stderr
