"""Applications that are deployed to the AWS on this machine, within the process of a test."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

from chalice_core.artifact import BuildRequest, Built
from chalice_core.kinds import CloudFormationResource
from chalice_core.lowering import with_built_layers
from chalice_core.plugins import Plugins, collect_named
from chalice_core.target import Deployment, LocalAws, Progress
from chalice_core.testing.examples import Application, Example, make_application
from chalice_core.testing.inventory import Inventory, take_inventory

NEEDS = ("boto3", "chalice_deploy", "chalice_localaws", "chalice_packager")
"""The modules of the distributions that deploying to this machine needs."""

READS = ("Get", "List", "Describe", "Filter", "Head")
"""What the names of operations that change nothing begin with."""


def missing_distributions() -> tuple[str, ...]:
    """Return the modules of `NEEDS` that are not installed."""
    return tuple(name for name in NEEDS if find_spec(name) is None)


class LocalServer:
    """An embedded AWS that applications of tests share; a context manager that ends it.

    It is started when it is first asked for.

    Args:
        folder: an empty one.
        plugins: all that are installed.
    """

    def __init__(self, folder: Path, plugins: Plugins) -> None:
        self.folder = folder
        self.plugins = plugins
        self._clients: dict[str, Any] = {}
        self._numbers = count(1)

    def __enter__(self) -> LocalServer:
        return self

    def __exit__(self, *_: object) -> None:
        # A server whose record is gone ends: nobody could find it again.
        shutil.rmtree(self.folder / ".chalice" / "local", ignore_errors=True)

    @cached_property
    def aws(self) -> LocalAws:
        """The embedded AWS.

        Raises:
            LookupError: no plugin offers one.
        """
        started: LocalAws | None = self.plugins.hook.chalice_local_aws(project_dir=self.folder)
        if started is None:
            raise LookupError("no plugin offers an AWS on this machine")
        return started

    def client(self, service: str) -> Any:
        """Return a boto3 client of a service."""
        if service not in self._clients:
            import boto3

            # Which client it is, is known by its name only; none of the overloads takes that.
            make: Any = boto3.client
            self._clients[service] = make(
                service,
                endpoint_url=self.aws.endpoint_url,
                region_name=self.aws.region,
                aws_access_key_id="test",
                aws_secret_access_key="test",  # noqa: S106 - there is nothing to keep secret
            )
        return self._clients[service]

    def new_name(self) -> str:
        """Return a name for an application that no other one here has."""
        return f"contract{next(self._numbers)}"


class LocalApplication:
    """An application on a `LocalServer`; a context manager that deletes it.

    It is what examples send their events with (`chalice_core.testing.examples.Clients`).

    Args:
        application: to deploy.
        server: to deploy it to.

    Attributes:
        before: what `inventory` found before the first deployment, for a test to compare with.
    """

    def __init__(self, application: Application, server: LocalServer) -> None:
        self.application = application
        self.server = server
        self.before: Inventory = {}

    @classmethod
    def of(cls, examples: Mapping[str, Example], folder: Path, server: LocalServer) -> LocalApplication:
        """Make an application of examples, and what has to be there before it is deployed.

        Args:
            examples: by decorator.
            folder: for the project.
            server: to deploy it to.

        Raises:
            LookupError: a distribution is missing that deploying to this machine needs.
        """
        missing = missing_distributions()
        if missing:
            raise LookupError(f"nothing can be deployed to this machine without {', '.join(missing)}")
        known = {}
        for decorator, example in examples.items():
            options = None if example.prepare is None else example.prepare(_Preparing(server))
            known[decorator] = replace(example, given={**example.given, **(options or {})})
        made = cls(make_application(folder, known, server.plugins, name=server.new_name()), server)
        made.before = made.inventory()
        return made

    def __enter__(self) -> LocalApplication:
        return self

    def __exit__(self, *_: object) -> None:
        self.delete()

    def __call__(self, service: str) -> Any:
        """Return a boto3 client of a service of the embedded AWS."""
        return self.server.client(service)

    def advance(self, seconds: float) -> None:
        """Put the clock of the embedded AWS forward.

        Raises:
            LookupError: it has none.
        """
        if self.server.aws.advance is None:
            raise LookupError("the AWS on this machine has no clock that can be put forward")
        self.server.aws.advance(seconds)

    def deployed(self) -> Mapping[str, str]:
        """Return what ``chalice deploy`` tells of the application: values by label."""
        return {value.label: value.value for value in self.deployment.report()}

    @property
    def deployment(self) -> Deployment:
        """The application's one stage."""
        targets = collect_named(
            self.application.plugins, "chalice_deployment_targets", thing="deployment target"
        )
        folder, config = self.application.folder, self.application.config
        place = self.server.aws.place(folder, config.app_name, config.stage)
        # Records are those of one project, and here several share an AWS.
        deployment: Deployment = targets["aws"].deployment(replace(place, records=folder / "deployed"))
        return deployment

    def build(self) -> Built:
        """Build the deployment package.

        Raises:
            LookupError: no plugin does that.
        """
        application = self.application
        # What runs the functions here is what the application was described with.
        self.server.aws.register_interpreters({application.manifest.python.lambda_runtime: sys.executable})
        built: Built | None = application.plugins.hook.chalice_build_artifacts(
            request=BuildRequest(
                manifest=application.manifest,
                config=application.config,
                cache_dir=application.folder / ".chalice" / "deployments",
            )
        )
        if built is None:
            raise LookupError("no plugin builds the deployment package")
        return built

    def deploy(self) -> list[str]:
        """Deploy, and return the operations that were called and change something.

        Raises:
            ToolError: as the target raises it.
        """
        built = self.build()
        deployment = self.deployment
        with _changes() as changes:
            graph = with_built_layers(self.application.graph, built.artifacts)
            deployment.apply(deployment.plan(graph, built.artifacts), _unheard)
        return changes

    def delete(self) -> None:
        """Delete everything that was deployed."""
        deployment = self.deployment
        deployment.apply(deployment.plan_delete(), _unheard)

    def wait_for(self, function: str, line: re.Pattern[str], *, seconds: float = 30.0) -> None:
        """Wait until a function has logged what a pattern matches.

        Raises:
            AssertionError: it has not; with what it has logged.
        """
        end = time.monotonic() + seconds
        while True:
            logged = [event.message for event in self.deployment.logs(function)]
            if any(line.search(message) for message in logged):
                return
            if time.monotonic() > end:
                raise AssertionError(f"{function} has not logged {line.pattern!r}, but: {logged}")
            time.sleep(0.1)

    def inventory(self) -> Inventory:
        """Return what is there, by sort, as far as applications make or change it."""
        types = {resource.type for resource in self.application.graph.of_kind(CloudFormationResource)}
        return take_inventory(self.server.client, sorted(types))


class _Preparing:
    """The AWS on this machine before the application is deployed."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server

    def __call__(self, service: str) -> Any:
        return self.server.client(service)

    def advance(self, seconds: float) -> None:
        raise LookupError(f"nothing is due in {seconds} s, for nothing is deployed yet")

    def deployed(self) -> Mapping[str, str]:
        return {}


def _unheard(progress: Progress) -> None:
    """Nobody watches a test's deployment."""


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
