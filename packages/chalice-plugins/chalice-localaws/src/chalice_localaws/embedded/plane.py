"""The data plane: everything that runs, behind the few calls that the patches of moto make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_local import Interpreters, Invoker, Launcher, WorkerPool
from chalice_local.code_store import CodeStore
from chalice_local.invoker import RETRY_DELAYS
from chalice_localaws.embedded.account import (
    MotoLogs,
    async_policy,
    current_specs,
    find_function,
    function_spec,
)
from chalice_localaws.embedded.event_sources import EventSources
from chalice_localaws.embedded.rest import RestDataPlane
from chalice_localaws.embedded.websockets import WebSocketDataPlane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from moto.awslambda.models import EventSourceMapping, LambdaFunction

    from chalice_local import FunctionSpec, InvocationResult

__all__ = ["DataPlane"]


class DataPlane:
    """Workers, pollers and gateways of one embedded AWS.

    Args:
        code: the folder for unpacked code.
        managed_runtime: the folder for the libraries that AWS provides.
        runtime_loop: the path of ``chalice/host/serve.py``.
        endpoint_url: where functions find this AWS; asked when a worker starts.
        retry_delays: seconds before each retry of an asynchronous invocation.
    """

    def __init__(
        self,
        *,
        code: Path,
        managed_runtime: Path,
        runtime_loop: Path,
        endpoint_url: Callable[[], str | None],
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self.interpreters = Interpreters()
        self._code = CodeStore(code)
        self._launcher = Launcher(
            interpreters=self.interpreters,
            code=self._code,
            sink=MotoLogs(),
            managed_runtime=managed_runtime,
            runtime_loop=runtime_loop,
            endpoint_url=endpoint_url,
        )
        self.pool = WorkerPool(self._launcher)
        self.invoker = Invoker(self.pool, retry_delays=retry_delays)
        self.event_sources = EventSources(self.invoker)
        self.rest = RestDataPlane(self.invoker)
        self.websockets = WebSocketDataPlane(self.invoker)

    def invoke(
        self, function: LambdaFunction, payload: bytes, client_context: str | None = None
    ) -> InvocationResult:
        """Invoke and wait.

        Raises:
            ThrottledError: no concurrency is left.
        """
        return self.invoker.invoke(function_spec(function), payload, client_context=client_context)

    def invoke_later(
        self, function: LambdaFunction, payload: bytes, client_context: str | None = None
    ) -> str:
        """Queue an asynchronous invocation; returns its request id."""
        arn = function.function_arn

        def find() -> FunctionSpec | None:
            found = find_function(arn)
            return None if found is None else function_spec(found)

        return self.invoker.invoke_later(
            find,
            payload,
            policy=async_policy(function),
            client_context=client_context,
        )

    def function_updated(self, arn: str) -> None:
        """Let the next invocation see the function's new code or configuration."""
        self.pool.retire(arn)

    def function_deleted(self, arn: str) -> None:
        """End whatever the function still runs."""
        self.pool.stop_function(arn)

    def websocket_api_deleted(self, api_id: str) -> None:
        """Close the connections of a WebSocket API."""
        self.websockets.api_deleted(api_id)

    def mapping_created(self, mapping: EventSourceMapping) -> None:
        """Start to poll for a mapping."""
        self.event_sources.start(mapping)

    def tidy(self) -> None:
        """Remove unpacked code that no function has any more; each deployment leaves some behind."""
        self._code.prune({bundle for spec in current_specs() for bundle in (spec.code, *spec.layers)})

    def reset(self) -> None:
        """End everything that runs; new work can begin."""
        self.websockets.close_all()
        self.event_sources.stop()
        self.invoker.forget()
        self.pool.stop_all()
        self.rest.forget()

    def close(self) -> None:
        """End everything for good."""
        self.event_sources.stop()
        self.invoker.close()
        self.pool.close()
        self._launcher.close()
