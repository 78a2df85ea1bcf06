"""Runs one Lambda function: the loop between a handler and the Lambda Runtime API, in the standard library.

For platforms where AWS's own client does not install.  Also runs as a plain script, with a Python that has
nothing else installed, so it imports nothing of this project.

See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import decimal
import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_BASE = "/2018-06-01/runtime"


class RuntimeFault(Exception):  # noqa: N818
    """Something that the runtime itself reports, under a name of Lambda's.

    Args:
        error_type: Such as ``Runtime.ImportModuleError``.
        message: What happened.
        trace: Lines of a stack trace that help; empty when there are none.
    """

    def __init__(self, error_type: str, message: str, trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.trace = trace or []


class _Record:
    """An object with the fields of a JSON object; fields that the JSON lacks are None."""

    fields: tuple[str, ...] = ()

    def __init__(self, values: Mapping[str, Any]) -> None:
        for field in self.fields:
            setattr(self, field, values.get(field))

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}([{','.join(f'{field}={getattr(self, field)}' for field in self.fields)}])"
        )


class CognitoIdentity(_Record):
    """Who called, as Amazon Cognito knows them; both ids are None for other callers."""

    fields = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(_Record):
    """The mobile application that called."""

    fields = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(_Record):
    """What a caller sent along beside the event: ``custom``, ``env``, and the `Client`."""

    fields = ("custom", "env", "client")
    client: Any

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.client = None if self.client is None else Client(self.client)


class LambdaContext:
    """The second argument of a handler.

    Args:
        headers: Of the Runtime API's answer that brought the event.

    Attributes:
        aws_request_id: Id of the invocation.
        invoked_function_arn: The ARN that the caller used, alias included.
        function_name: From the environment, as are the next four.
        function_version: ``$LATEST`` or a number.
        memory_limit_in_mb: A string, as in Lambda.
        log_group_name: Where the output goes.
        log_stream_name: Where in it.
        identity: A `CognitoIdentity`.
        client_context: A `ClientContext`, or None.
        tenant_id: Of functions with tenant isolation, else None.

    See https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        environment = os.environ.get
        self.aws_request_id = headers.get("Lambda-Runtime-Aws-Request-Id", "")
        self.invoked_function_arn = headers.get("Lambda-Runtime-Invoked-Function-Arn")
        self.tenant_id = headers.get("Lambda-Runtime-Aws-Tenant-Id")
        self.function_name = environment("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = environment("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = environment("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = environment("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environment("AWS_LAMBDA_LOG_STREAM_NAME")
        client_context = _json_header(headers, "Lambda-Runtime-Client-Context", "Client Context")
        self.client_context = None if client_context is None else ClientContext(client_context)
        identity = _json_header(headers, "Lambda-Runtime-Cognito-Identity", "Cognito Identity") or {}
        self.identity = CognitoIdentity(
            {
                "cognito_identity_id": identity.get("cognitoIdentityId"),
                "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId"),
            }
        )
        self._deadline = int(headers.get("Lambda-Runtime-Deadline-Ms") or 0)

    def get_remaining_time_in_millis(self) -> int:
        """Return how many milliseconds are left before Lambda ends the invocation; never less than 0."""
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message: object) -> None:
        """Write to the log, without a line break of its own."""
        sys.stdout.write(str(message))


class RuntimeApi:
    """The Runtime API, over one connection that is kept.

    Args:
        address: ``host:port``.
    """

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address)

    def next(self) -> tuple[Mapping[str, str], bytes]:
        """Wait for an event, however long that takes, and return headers and body."""
        return self._call("GET", "/invocation/next")

    def respond(self, request_id: str, body: bytes, content_type: str) -> None:
        """Report the result of an invocation."""
        self._call("POST", f"/invocation/{request_id}/response", body, {"Content-Type": content_type})

    def fail(self, request_id: str, error: dict[str, Any]) -> None:
        """Report that an invocation failed."""
        self._report(f"/invocation/{request_id}/error", error)

    def fail_init(self, error: dict[str, Any]) -> None:
        """Report that the function cannot run at all."""
        self._report("/init/error", error)

    def _report(self, path: str, error: dict[str, Any]) -> None:
        headers = {
            "Content-Type": "application/vnd.aws.lambda.error+json",
            "Lambda-Runtime-Function-Error-Type": error["errorType"],
        }
        self._call("POST", path, json.dumps(error).encode(), headers)

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[Mapping[str, str], bytes]:
        try:
            self._connection.request(method, _BASE + path, body, dict(headers or {}))
            response = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # A kept connection may have been closed since the last call.
            self._connection.close()
            self._connection.request(method, _BASE + path, body, dict(headers or {}))
            response = self._connection.getresponse()
        answer = response.read()
        # 413 is how the API takes a result that is too large: it has failed the invocation, and the loop
        # goes on.
        if response.status >= 400 and response.status != 413:
            raise RuntimeFault(
                "Runtime.LambdaRuntimeClientError",
                f"{method} {path} of the Runtime API answered {response.status}: "
                f"{answer.decode(errors='replace')}",
            )
        return dict(response.headers.items()), answer


def main(arguments: list[str]) -> int:
    """Serve one function until the Runtime API goes away.

    Args:
        arguments: The handler, ``module.function``.

    Returns:
        The exit status.
    """
    if len(arguments) != 1:
        sys.stderr.write("usage: serve.py HANDLER\n")
        return 2
    address = os.environ.get("AWS_LAMBDA_RUNTIME_API")
    if not address:
        sys.stderr.write(
            "AWS_LAMBDA_RUNTIME_API is not set: this is run by something that speaks that protocol.\n"
        )
        return 2
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True)
    api = RuntimeApi(address)
    request_id = _RequestId()
    _configure_logging(request_id)
    try:
        handler = load_handler(arguments[0])
    except Exception as error:
        document = error_document(error, "")
        log_error(document)
        api.fail_init(document)
        return 1
    except SystemExit as error:
        document = _exit_document(error, "")
        log_error(document)
        api.fail_init(document)
        return _exit_status(error)
    while True:
        try:
            headers, body = api.next()
        except (OSError, http.client.HTTPException, RuntimeFault) as error:
            sys.stderr.write(f"The Runtime API at {address} is gone: {error}\n")
            return 1
        request_id.value = headers.get("Lambda-Runtime-Aws-Request-Id", "")
        status = _serve_one(api, handler, headers, body)
        if status is not None:
            return status


def _serve_one(api: RuntimeApi, handler: Any, headers: Mapping[str, str], body: bytes) -> int | None:
    """Run one invocation and report how it ended; return an exit status when the process has to end."""
    _set_trace_id(headers.get("Lambda-Runtime-Trace-Id"))
    request_id = headers.get("Lambda-Runtime-Aws-Request-Id", "")
    status = None
    try:
        context = LambdaContext(headers)
        result, content_type = marshal(handler(_unmarshal(body), context))
    except Exception as error:
        document = error_document(error, request_id)
    except SystemExit as error:
        document, status = _exit_document(error, request_id), _exit_status(error)
    else:
        sys.stdout.flush()
        api.respond(request_id, result, content_type)
        return None
    log_error(document)
    api.fail(request_id, document)
    return status


def load_handler(handler: str) -> Any:
    """Import a handler, ``module.function``; slashes in the module's name count as dots.

    Raises:
        RuntimeFault: The name is no handler's name, or the module or the function is not there, or is not
            valid Python.
    """
    module_name, dot, function = handler.rpartition(".")
    if not dot:
        raise RuntimeFault(
            "Runtime.MalformedHandlerName",
            f"Bad handler '{handler}': not enough values to unpack (expected 2, got 1)",
        )
    if module_name.partition(".")[0] in sys.builtin_module_names:
        raise RuntimeFault(
            "Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module"
        )
    root = os.environ.get("LAMBDA_TASK_ROOT") or str(Path.cwd())
    if root not in sys.path:
        sys.path.insert(0, root)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise RuntimeFault(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}"
        ) from error
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise RuntimeFault(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", trace
        ) from error
    try:
        return getattr(module, function)
    except AttributeError as error:
        raise RuntimeFault(
            "Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module_name}'"
        ) from error


def marshal(result: Any) -> tuple[bytes, str]:
    """Write a handler's result as JSON; bytes go as they are.

    Returns:
        The body and its content type.

    Raises:
        RuntimeFault: JSON cannot express it.
    """
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return json.dumps(result, default=_decimal).encode(), "application/json"
    except Exception as error:
        raise RuntimeFault("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def error_document(error: BaseException, request_id: str) -> dict[str, Any]:
    """Describe a failure in the form that Lambda's callers know."""
    if isinstance(error, RuntimeFault):
        error_type, trace = error.error_type, error.trace
    else:
        error_type = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        own = [
            frame
            for frame in frames
            if frame.filename != __file__ and not frame.filename.startswith("<frozen")
        ]
        trace = traceback.format_list(own)
    return {"errorMessage": str(error), "errorType": error_type, "requestId": request_id, "stackTrace": trace}


def log_error(document: Mapping[str, Any]) -> None:
    """Write a failure to the log, as one entry: its lines end in carriage returns but for the last."""
    lines = [
        f"[ERROR] {document['errorType']}: {document['errorMessage']}",
        "Traceback (most recent call last):",
    ]
    for entry in document["stackTrace"]:
        for line in entry.splitlines():
            text = line.lstrip(" ")
            # Viewers strip spaces at the beginning of a line, but not these.
            lines.append("\u00a0" * (len(line) - len(text)) + text)
    _write("\r".join(lines) + "\n")


def _write(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def _exit_document(error: SystemExit, request_id: str) -> dict[str, Any]:
    status = _exit_status(error)
    reason = f"with error: exit status {status}" if status else "without providing a reason"
    return {
        "errorMessage": f"RequestId: {request_id} Error: Runtime exited {reason}",
        "errorType": "Runtime.ExitError",
        "requestId": request_id,
        "stackTrace": [],
    }


def _exit_status(error: SystemExit) -> int:
    if error.code is None:
        return 0
    return error.code if isinstance(error.code, int) else 1


def _unmarshal(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise RuntimeFault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from error


def _json_header(headers: Mapping[str, str], name: str, title: str) -> Any:
    value = headers.get(name)
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError as error:
        raise RuntimeFault(
            "Runtime.LambdaContextUnmarshalError", f"Unable to parse {title} JSON: {error}"
        ) from error


def _set_trace_id(value: str | None) -> None:
    """Tell the X-Ray SDK, which looks into the environment, which trace this invocation belongs to."""
    if value is None:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    else:
        os.environ["_X_AMZN_TRACE_ID"] = value


def _decimal(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


class _RequestId(logging.Filter):
    """Puts the id of the invocation into log records."""

    value = ""

    def filter(self, record: logging.LogRecord) -> bool:
        record.aws_request_id = self.value
        return True


def _configure_logging(request_id: _RequestId) -> None:
    """Give the root logger the handler that Lambda gives it: time in UTC, tabs, the request's id."""
    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    handler.addFilter(request_id)
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    if level in {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}:
        root.setLevel({"TRACE": "DEBUG", "WARN": "WARNING", "FATAL": "CRITICAL"}.get(level, level))


if __name__ == "__main__":
    # A script's own folder comes first on the path, and its neighbours are not the function's modules.
    sys.path[:] = [entry for entry in sys.path if entry != str(Path(__file__).parent)]
    sys.exit(main(sys.argv[1:]))
