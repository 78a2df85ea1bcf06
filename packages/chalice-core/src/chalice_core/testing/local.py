"""An application that is deployed to the AWS on this machine, within the process of a test."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from chalice_core.artifact import BuildRequest, Built
from chalice_core.lowering import with_built_layers
from chalice_core.plugins import Plugins, collect_named
from chalice_core.target import Deployment, LocalAws, Progress
from chalice_core.testing.examples import Application, Example, make_application

READS = ("Get", "List", "Describe", "Filter", "Head")
"""What the names of operations that change nothing begin with."""


class LocalApplication:
    """An application, and the embedded AWS of its project; a context manager that ends both.

    Args:
        application: to deploy.

    Attributes:
        before: what `inventory` found before the first deployment, for a test to compare with.
    """

    needs: ClassVar[tuple[str, ...]] = ("chalice_deploy", "chalice_localaws", "chalice_packager")
    """The modules of the distributions that deploying to this machine needs."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._clients: dict[str, Any] = {}
        self._local: LocalAws | None = None
        self.before: Mapping[str, list[str]] = {}

    @classmethod
    def of(cls, examples: Mapping[str, Example], folder: Path, plugins: Plugins) -> LocalApplication:
        """Make an application of examples, and what has to be there before it is deployed.

        Args:
            examples: by decorator.
            folder: for the project.
            plugins: all that are installed.

        Raises:
            LookupError: a distribution is missing that deploying to this machine needs.
        """
        missing = [name for name in cls.needs if find_spec(name) is None]
        if missing:
            raise LookupError(f"nothing can be deployed to this machine without {', '.join(missing)}")
        made = cls(make_application(folder, examples, plugins))
        for example in examples.values():
            if example.prepare is not None:
                example.prepare(made.client)
        made.before = made.inventory()
        return made

    def __enter__(self) -> LocalApplication:
        return self

    def __exit__(self, *_: object) -> None:
        # A server whose record is gone ends: nobody could find it again.
        shutil.rmtree(self.application.folder / ".chalice" / "local", ignore_errors=True)

    @property
    def local(self) -> LocalAws:
        """The embedded AWS; it is started when it is first asked for."""
        if self._local is None:
            started: LocalAws | None = self.application.plugins.hook.chalice_local_aws(
                project_dir=self.application.folder
            )
            if started is None:
                raise LookupError("no plugin offers an AWS on this machine")
            started.register_interpreters({self.application.manifest.python.lambda_runtime: sys.executable})
            self._local = started
        return self._local

    def client(self, service: str) -> Any:
        """Return a boto3 client of a service of the embedded AWS."""
        if service not in self._clients:
            import boto3

            # Which client it is, is known by its name only; none of the overloads takes that.
            make: Any = boto3.client
            self._clients[service] = make(
                service,
                endpoint_url=self.local.endpoint_url,
                region_name=self.local.region,
                aws_access_key_id="test",
                aws_secret_access_key="test",  # noqa: S106 - there is nothing to keep secret
            )
        return self._clients[service]

    @property
    def deployment(self) -> Deployment:
        """The application's one stage."""
        targets = collect_named(
            self.application.plugins, "chalice_deployment_targets", thing="deployment target"
        )
        config = self.application.config
        place = self.local.place(self.application.folder, config.app_name, config.stage)
        deployment: Deployment = targets["aws"].deployment(place)
        return deployment

    def deploy(self) -> list[str]:
        """Deploy, and return the operations that were called and change something.

        Raises:
            ToolError: as the target raises it.
        """
        application = self.application
        built: Built | None = application.plugins.hook.chalice_build_artifacts(
            request=BuildRequest(
                manifest=application.manifest,
                config=application.config,
                cache_dir=application.folder / ".chalice" / "deployments",
            )
        )
        if built is None:
            raise LookupError("no plugin builds the deployment package")
        deployment = self.deployment
        with _changes() as changes:
            graph = with_built_layers(application.graph, built.artifacts)
            deployment.apply(deployment.plan(graph, built.artifacts), _unheard)
        return changes

    def delete(self) -> None:
        """Delete everything that was deployed."""
        deployment = self.deployment
        deployment.apply(deployment.plan_delete(), _unheard)

    def wait_for(self, function: str, line: str, *, seconds: float = 30.0) -> None:
        """Wait until a function has logged a line.

        Raises:
            AssertionError: it has not; with what it has logged.
        """
        end = time.monotonic() + seconds
        while True:
            logged = [event.message for event in self.deployment.logs(function)]
            if any(line in message for message in logged):
                return
            if time.monotonic() > end:
                raise AssertionError(f"{function} has not logged {line!r}, but: {logged}")
            time.sleep(0.1)

    def inventory(self) -> Mapping[str, list[str]]:
        """Return the names of what is there, by sort, as far as applications make it."""
        found: dict[str, list[str]] = {}
        for service, operation, items, name in _LISTED:
            client = self.client(service)
            answer = getattr(client, operation)()
            found[operation] = sorted(
                str(one[name]) if isinstance(one, Mapping) else str(one) for one in answer.get(items, ())
            )
        return found


def _unheard(progress: Progress) -> None:
    """Nobody watches a test's deployment."""


_LISTED = (
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    ("lambda", "list_layers", "Layers", "LayerName"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("apigateway", "get_rest_apis", "items", "id"),
    ("apigatewayv2", "get_apis", "Items", "ApiId"),
    ("events", "list_rules", "Rules", "Name"),
    ("scheduler", "list_schedules", "Schedules", "Name"),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    ("sqs", "list_queues", "QueueUrls", ""),
)
"""Service, operation, the list in its answer, and what its items are told apart by."""


@contextmanager
def _changes() -> Iterator[list[str]]:
    """Collect the names of the operations that are called meanwhile and change something."""
    from botocore import client as botocore_client

    seen: list[str] = []
    # A target makes its clients itself, so the place where all of them meet is watched.
    every_client: Any = botocore_client.BaseClient
    stock = every_client._make_api_call

    def watched(self: Any, operation_name: str, api_params: Any) -> Any:
        if not operation_name.startswith(READS):
            seen.append(operation_name)
        return stock(self, operation_name, api_params)

    every_client._make_api_call = watched
    try:
        yield seen
    finally:
        every_client._make_api_call = stock
