"""How a worker for a function is started on this machine."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import chalice_local
from chalice_local.environment import worker_environment
from chalice_local.managed_runtime import build_managed_runtime
from chalice_local.output import OutputPipe
from chalice_local.runtime_api import RuntimeApiServer
from chalice_local.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice_local.code_store import CodeStore
    from chalice_local.function import FunctionSpec
    from chalice_local.interpreters import Interpreter, Interpreters
    from chalice_local.output import LogSink

__all__ = ["Launcher"]


class Launcher:
    """Starts workers.

    Args:
        interpreters: which Python runs which runtime.
        code: unpacks packages and layers.
        sink: receives the output.
        managed_runtime: the folder for the libraries that AWS provides.
        runtime_loop: the path of ``chalice/host/serve.py``, for where awslambdaric does not run.
        endpoint_url: where functions find AWS, asked at each start; ``None`` leaves boto3 alone.
    """

    def __init__(
        self,
        *,
        interpreters: Interpreters,
        code: CodeStore,
        sink: LogSink,
        managed_runtime: Path,
        runtime_loop: Path,
        endpoint_url: Callable[[], str | None],
    ) -> None:
        self.interpreters = interpreters
        self.sink = sink
        self._code = code
        self._runtime_loop = runtime_loop.absolute()
        self._endpoint_url = endpoint_url
        self._managed = build_managed_runtime(managed_runtime.absolute())
        self._runtime_api = RuntimeApiServer()

    def launch(self, function: FunctionSpec) -> Worker:
        """Start a worker. It is loading the function when this returns.

        Raises:
            NoInterpreterError: its runtime cannot run here.
            UnsafeArchiveError: its package or a layer was refused.
            zipfile.BadZipFile: the same, for being no zip archive.
        """
        interpreter = self.interpreters.resolve(function.runtime)
        task_root = self._code.path(function.code)
        path = self._layer_path(function, interpreter)
        path.append(self._managed.sdk)
        command = [str(interpreter.executable), "-S", "-s", str(_BOOTSTRAP)]
        if self._managed.runtime_client is not None and interpreter.abi == self.interpreters.own.abi:
            path.append(self._managed.runtime_client)
            command += ["ric", function.handler]
        else:
            command += ["script", str(self._runtime_loop), function.handler]
        stream = _stream_name(function.version)
        output = OutputPipe(self.sink, function_arn=function.arn, group=function.log_group, stream=stream)
        output.open()
        return Worker(
            function=function,
            runtime_api=self._runtime_api,
            command=command,
            cwd=task_root,
            environment=lambda address: worker_environment(
                function,
                task_root=task_root,
                path=path,
                runtime_api=address,
                log_stream=stream,
                endpoint_url=self._endpoint_url(),
            ),
            output=output,
        )

    def close(self) -> None:
        """End the Runtime API; the workers must have been stopped."""
        self._runtime_api.close()

    def _layer_path(self, function: FunctionSpec, interpreter: Interpreter) -> list[Path]:
        # A later layer overlays an earlier one:
        # https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
        library = f"python{interpreter.version[0]}.{interpreter.version[1]}"
        folders: list[Path] = []
        for layer in reversed(function.layers):
            root = self._code.path(layer)
            folders += [root / "python", root / "python" / "lib" / library / "site-packages"]
        return [folder for folder in folders if folder.is_dir()]


_BOOTSTRAP = Path(chalice_local.__file__).with_name("bootstrap.py")


def _stream_name(version: str) -> str:
    today = datetime.now(timezone.utc)
    return f"{today:%Y/%m/%d}/[{version}]{uuid.uuid4().hex}"
