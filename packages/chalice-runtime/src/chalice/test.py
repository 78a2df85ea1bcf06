"""A client that calls an application in this process, for its tests.

HTTP requests go through the same API Gateway emulator that the embedded AWS uses.  Needs nothing but this
distribution::

    from chalice.test import Client
    from app import app

    def test_index():
        with Client(app) as client:
            assert client.http.get("/").json_body == {"hello": "world"}
"""

from __future__ import annotations

import json
import os
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chalice.gateway import HttpRequest, Outcome, RestGateway, routes_of_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from chalice.app import Chalice

__all__ = [
    "Client",
    "FunctionNotFoundError",
    "HTTPResponse",
    "InvokeResponse",
    "LambdaContext",
    "ProjectConfigError",
]

_API_HANDLER = "api_handler"
_DEFAULT_TIMEOUT = 900
_DEFAULT_MEMORY = 128


class FunctionNotFoundError(Exception):
    """The application has no Lambda function of this name."""


class ProjectConfigError(Exception):
    """``.chalice/config.json`` cannot be used; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HTTPResponse:
    """What a request was answered with.

    Attributes:
        body: The bytes of the body.
        headers: Name to value, or to a list of values for a header that came several times.
        status_code: The HTTP status.
    """

    body: bytes
    headers: dict[str, str | list[str]]
    status_code: int

    @property
    def json_body(self) -> Any:
        """The body decoded from JSON, or None when it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class InvokeResponse:
    """What a Lambda function returned.

    Attributes:
        payload: Its return value, as it is.
    """

    payload: Any


class LambdaContext:
    """The Lambda context that handlers get here.

    Args:
        function_name: Name of the function.
        memory_size: In MB.
        timeout: Seconds from now that `get_remaining_time_in_millis` counts down.
    """

    def __init__(self, function_name: str, memory_size: int, timeout: int) -> None:
        self.function_name = function_name
        self.function_version = "$LATEST"
        self.invoked_function_arn = ""
        self.memory_limit_in_mb = memory_size
        self.aws_request_id = str(uuid.uuid4())
        self.log_group_name = ""
        self.log_stream_name = ""
        self.identity = None
        self.client_context = None
        self._deadline = time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds that are left of the function's time limit; never less than 0."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class Client:
    """Calls an application as its callers would.

    Args:
        app: The application.
        stage_name: The stage whose environment variables, time limit and memory functions get.
        project_dir: The folder that holds ``.chalice/config.json``, which need not exist.

    Attributes:
        http: Sends HTTP requests.
        lambda_: Invokes Lambda functions.

    Raises:
        ProjectConfigError: There is a ``.chalice/config.json``, and it cannot be used.
    """

    def __init__(
        self, app: Chalice, stage_name: str = "dev", project_dir: str | os.PathLike[str] = "."
    ) -> None:
        settings = _Settings(Path(project_dir), stage_name)
        self.http = HTTPClient(app, settings)
        self.lambda_ = LambdaClient(app, settings)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, frames: TracebackType | None
    ) -> None:
        """Leave the ``with`` block; nothing is held open."""


class HTTPClient:
    """Sends HTTP requests to the views of an application; see `Client`."""

    def __init__(self, app: Chalice, settings: _Settings) -> None:
        self._app = app
        self._settings = settings

    def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | str = b""
    ) -> HTTPResponse:
        """Send a request.

        Args:
            method: In capitals; another case is turned into them.
            path: Percent-encoded, with the query if there is one: ``/users/7?full=1``.
            headers: Name to value.
            body: Text is sent as UTF-8.

        Raises:
            NotEmulatedError: The route needs something that the emulator does not have.
        """
        url = urlsplit(path)
        gateway = RestGateway(
            # Views may be added between two requests, and binary types change.
            routes_of_app(self._app),
            self._invoke,
            binary_types=self._app.api.binary_types,
            api_id="testclient",
            stage=self._settings.api_gateway_stage,
            account_id="123456789012",
            region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-west-2",
        )
        response = gateway.handle(
            HttpRequest(
                method=method.upper(),
                path=url.path or "/",
                query_string=url.query,
                headers=list((headers or {}).items()),
                body=body.encode() if isinstance(body, str) else body,
            )
        )
        merged: dict[str, str | list[str]] = {}
        for name, value in response.headers:
            known = merged.get(name)
            if known is None:
                merged[name] = value
            else:
                merged[name] = [*([known] if isinstance(known, str) else known), value]
        return HTTPResponse(body=response.body, headers=merged, status_code=response.status)

    def get(self, path: str, **kwargs: Any) -> HTTPResponse:
        """Send a GET request; arguments as for `request`."""
        return self.request("GET", path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> HTTPResponse:
        """Send a POST request; arguments as for `request`."""
        return self.request("POST", path, **kwargs)

    def put(self, path: str, **kwargs: Any) -> HTTPResponse:
        """Send a PUT request; arguments as for `request`."""
        return self.request("PUT", path, **kwargs)

    def patch(self, path: str, **kwargs: Any) -> HTTPResponse:
        """Send a PATCH request; arguments as for `request`."""
        return self.request("PATCH", path, **kwargs)

    def options(self, path: str, **kwargs: Any) -> HTTPResponse:
        """Send an OPTIONS request; arguments as for `request`."""
        return self.request("OPTIONS", path, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> HTTPResponse:
        """Send a DELETE request; arguments as for `request`."""
        return self.request("DELETE", path, **kwargs)

    def head(self, path: str, **kwargs: Any) -> HTTPResponse:
        """Send a HEAD request; arguments as for `request`."""
        return self.request("HEAD", path, **kwargs)

    def _invoke(self, target: Any, event: dict[str, Any]) -> Outcome:
        # Through JSON and back, as in Lambda: views must not see what they share with the caller.
        arriving = json.loads(json.dumps(event))
        with self._settings.environment(_API_HANDLER):
            result = target(arriving, self._settings.context(self._app.app_name, _API_HANDLER))
        return Outcome(json.loads(json.dumps(result)))


class LambdaClient:
    """Invokes the Lambda functions of an application; see `Client`."""

    def __init__(self, app: Chalice, settings: _Settings) -> None:
        self._app = app
        self._settings = settings

    def invoke(self, function_name: str, payload: Any = None) -> InvokeResponse:
        """Invoke a function.

        Args:
            function_name: Its logical name: that of the Python function, unless the decorator says otherwise.
            payload: The event; ``{}`` by default.

        Raises:
            FunctionNotFoundError: There is no such function.
            Exception: Whatever the function raises.
        """
        handler = self._app.handler_map.get(function_name)
        if handler is None:
            known = ", ".join(sorted(self._app.handler_map)) or "none"
            raise FunctionNotFoundError(
                f"The application has no Lambda function named {function_name!r}; its functions are: {known}."
            )
        context = self._settings.context(self._app.app_name, function_name)
        with self._settings.environment(function_name):
            return InvokeResponse(handler({} if payload is None else payload, context))


class _Settings:
    """What ``.chalice/config.json`` says about how functions run."""

    def __init__(self, project: Path, stage: str) -> None:
        self._stage = stage
        document = _read_config(project / ".chalice" / "config.json")
        stages = _object(document, "stages", "config.json")
        chosen = _object(stages, stage, "stages")
        self._app_name = document.get("app_name")
        # From the general to the particular: the last one wins.
        self._levels = [document, chosen]
        self._functions = [
            _object(document, "lambda_functions", "config.json"),
            _object(chosen, "lambda_functions", f"stage {stage!r}"),
        ]

    @property
    def api_gateway_stage(self) -> str:
        """The stage of the REST API, first segment of the public path."""
        return str(self._value("api_gateway_stage", _API_HANDLER, "api"))

    def context(self, app_name: str, function: str) -> LambdaContext:
        """Return a new context for an invocation of ``function``."""
        suffix = "" if function == _API_HANDLER else f"-{function}"
        return LambdaContext(
            f"{self._app_name or app_name}-{self._stage}{suffix}",
            int(self._value("lambda_memory_size", function, _DEFAULT_MEMORY)),
            int(self._value("lambda_timeout", function, _DEFAULT_TIMEOUT)),
        )

    @contextmanager
    def environment(self, function: str) -> Iterator[None]:
        """Set the function's environment variables for the duration of a call."""
        variables: dict[str, str] = {}
        for level in self._levels_of(function):
            variables.update(_object(level, "environment_variables", "config.json"))
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value

    def _levels_of(self, function: str) -> list[Mapping[str, Any]]:
        general, stage = self._levels
        in_general, in_stage = self._functions
        named = f"lambda_functions of {function!r}"
        return [general, _object(in_general, function, named), stage, _object(in_stage, function, named)]

    def _value(self, key: str, function: str, default: Any) -> Any:
        return next(
            (level[key] for level in reversed(self._levels_of(function)) if level.get(key) is not None),
            default,
        )


def _read_config(file: Path) -> Mapping[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ProjectConfigError(f"{file} is not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise ProjectConfigError(f"{file} must hold a JSON object.")
    return document


def _object(document: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = document.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ProjectConfigError(f"In {where}, {key!r} must be a JSON object, not {value!r}.")
    return value
