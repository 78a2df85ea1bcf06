"""The data plane: everything that runs, behind the few calls that the patches of moto make."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from chalice_local import Clock, Interpreters, Invoker, Launcher, WorkerPool
from chalice_local.code_store import CodeStore
from chalice_local.destinations import async_record, object_key
from chalice_local.invoker import RETRY_DELAYS
from chalice_local.timetable import Timetable
from chalice_localaws.embedded.account import (
    MotoLogs,
    async_destination,
    async_policy,
    current_specs,
    find_function,
    function_spec,
)
from chalice_localaws.embedded.cloud_control import CloudControl
from chalice_localaws.embedded.destinations import Destinations
from chalice_localaws.embedded.event_sources import EventSources
from chalice_localaws.embedded.function_urls import FunctionUrls
from chalice_localaws.embedded.local_cloud import EmbeddedCloud
from chalice_localaws.embedded.provisioning.api import Api
from chalice_localaws.embedded.provisioning.custom import CustomResources
from chalice_localaws.embedded.provisioning.services import PluginServices
from chalice_localaws.embedded.provisioning.types import Resources, ResourceTypes
from chalice_localaws.embedded.pushes import Undeliverable, undeliverable
from chalice_localaws.embedded.rest import RestDataPlane
from chalice_localaws.embedded.schedules import Schedules
from chalice_localaws.embedded.websockets import WebSocketDataPlane

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from moto.awslambda.models import EventSourceMapping, LambdaFunction

    from chalice_local import AsyncOutcome, FunctionSpec, InvocationResult
    from chalice_localaws.embedded.stacks import Stacks

__all__ = ["DataPlane"]

_PARTS_OF_A_FUNCTION_ARN = 7  # without a qualifier


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
        self._endpoint_url = endpoint_url
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
        self.clock = Clock()
        self.invoker = Invoker(self.pool, retry_delays=retry_delays, clock=self.clock)
        self.event_sources = EventSources(self.invoker, Destinations(self.invoke_later))
        self.timetable = Timetable(self.clock, Schedules(self.invoke_later).entries)
        self.rest = RestDataPlane(self.invoker)
        self.websockets = WebSocketDataPlane(self.invoker)
        self.function_urls = FunctionUrls(self.invoker)
        self.services = PluginServices(EmbeddedCloud(self.invoke_later))
        self.custom_resources = CustomResources(self.invoke, endpoint_url)
        self._resources = Resources()
        self._types = ResourceTypes(
            api=Api(endpoint_url), services=self.services, custom=self.custom_resources
        )
        self._stacks: Stacks | None = None
        self._stacks_lock = threading.Lock()
        self.cloud_control = CloudControl(self._types, self._resources)

    @property
    def stacks(self) -> Stacks:
        """What makes the resources of CloudFormation's stacks."""
        # Imports nearly all of moto, for which most projects would wait in vain.
        from chalice_localaws.embedded.stacks import Stacks

        with self._stacks_lock:
            if self._stacks is None:
                self._stacks = Stacks(self._types, self._resources)
            return self._stacks

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
            done=lambda outcome: self._tell(arn, outcome),
        )

    def push(
        self, function_arn: str, event: Mapping[str, Any], *, service: str, source_arn: str
    ) -> Undeliverable | None:
        """Hand an event to a function asynchronously, as a service does.

        Args:
            function_arn: with or without a qualifier.
            event: JSON data.
            service: a service principal, which the function's policy must allow.
            source_arn: what the service acts for.

        Returns:
            ``None``, or why the event cannot be delivered.
        """
        refused = undeliverable(function_arn, service=service, source_arn=source_arn)
        function = find_function(function_arn)
        if refused is None and function is not None:
            self.invoke_later(function, json.dumps(event).encode())
        return refused

    def _tell(self, arn: str, outcome: AsyncOutcome) -> None:
        """Tell the destinations of a function how an asynchronous invocation has ended."""
        function = find_function(arn)
        destination = None if function is None else async_destination(function, outcome)
        if function is None or destination is None:
            return
        ended = "Success" if outcome.succeeded else "Failure"
        qualified = f"{arn}:$LATEST" if arn.count(":") == _PARTS_OF_A_FUNCTION_ARN - 1 else arn
        Destinations(self.invoke_later).send(
            destination,
            async_record(outcome, function_arn=qualified),
            role_arn=function.role,
            key=object_key(function.function_name),
            detail_type=f"Lambda Function Invocation Result - {ended}",
            resources=[qualified],
        )

    def function_updated(self, arn: str) -> None:
        """Let the next invocation see the function's new code or configuration."""
        self.pool.retire(arn)

    def function_deleted(self, arn: str) -> None:
        """End whatever the function still runs."""
        self.pool.stop_function(arn)

    def function_url(self, url_id: str) -> str:
        """Return the URL of a function on this machine."""
        return f"{self._endpoint_url()}/_aws/lambda-url/{url_id}/"

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
        self.clock.reset()
        self.pool.stop_all()
        self.rest.forget()
        self.cloud_control.forget()
        self._resources.forget()
        self.services.forget()

    def close(self) -> None:
        """End everything for good."""
        self.timetable.close()
        self.event_sources.stop()
        self.invoker.close()
        self.pool.close()
        self._launcher.close()
