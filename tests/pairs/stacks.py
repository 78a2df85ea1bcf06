"""A SAM template as a stack of the AWS on this machine."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalice_core.artifact import Built
from chalice_core.lowering import with_built_layers
from chalice_core.plugins import collect_named
from chalice_core.target import FormatRequest
from chalice_core.testing.contracts import Example
from chalice_core.testing.examples import Application
from chalice_core.testing.inventory import Inventory
from chalice_core.testing.local import LocalApplication, LocalServer
from chalice_sam import logical_id

CODE = "code-of-stacks"
"""The bucket that packages are uploaded to."""

WEBSOCKET = re.compile(r"wss://(?P<api_id>\w+)\.execute-api\..*?/(?P<stage>\w+)")


class Stack:
    """An application of examples, to be deployed as a stack.

    It is what examples send their events with.

    Args:
        examples: by decorator.
        folder: for the project.
        server: to deploy it to.
    """

    def __init__(self, examples: Mapping[str, Example], folder: Path, server: LocalServer) -> None:
        self.server = server
        server.client("s3").create_bucket(Bucket=CODE)
        self.local = LocalApplication.of(examples, folder, server)
        self.name = self.local.application.config.app_name
        self.before = self.inventory()
        self.is_there = False

    @property
    def application(self) -> Application:
        """What is deployed."""
        return self.local.application

    def __call__(self, service: str) -> Any:
        """Return a boto3 client of a service."""
        return self.server.client(service)

    def advance(self, seconds: float) -> None:
        """Put the clock forward."""
        self.local.advance(seconds)

    def template(self) -> dict[str, Any]:
        """Return the template, with the package uploaded."""
        built: Built = self.local.build()
        application = self.application
        form = collect_named(application.plugins, "chalice_output_formats", thing="output format")
        files = form["cloudformation"].render(
            FormatRequest(
                graph=with_built_layers(application.graph, built.artifacts),
                app=application.manifest.app,
                config=application.config,
                artifacts=built.artifacts,
            )
        )
        template: dict[str, Any] = json.loads(files["sam.json"])
        # As `aws cloudformation package` does.
        for resource in template["Resources"].values():
            written = resource.get("Properties", {}).get("CodeUri")
            if written is not None:
                package = files[written.removeprefix("./")]
                content = package if isinstance(package, bytes) else package.read_bytes()
                key = f"{self.name}-{len(content)}-{hash(content)}.zip"
                self("s3").put_object(Bucket=CODE, Key=key, Body=content)
                resource["Properties"]["CodeUri"] = f"s3://{CODE}/{key}"
        return template

    def deploy(self) -> None:
        """Create or update the stack.

        Raises:
            AssertionError: that fails; with the reason.
        """
        client = self("cloudformation")
        deploy = client.update_stack if self.is_there else client.create_stack
        deploy(
            StackName=self.name,
            TemplateBody=json.dumps(self.template()),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        self.is_there = True
        stack = self._described()
        assert stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, stack["StackStatusReason"]

    def delete(self) -> None:
        """Delete the stack, when there is one."""
        if self.is_there:
            self("cloudformation").delete_stack(StackName=self.name)
            self.is_there = False

    def deployed(self) -> Mapping[str, str]:
        """Return the outputs, with URLs that lead to this machine."""
        found = {one["OutputKey"]: one["OutputValue"] for one in self._described().get("Outputs", ())}
        for value in list(found.values()):
            websocket = WEBSOCKET.match(value)
            if websocket and self.server.aws.websocket_api_url is not None:
                found["Websocket API URL"] = self.server.aws.websocket_api_url.format(**websocket.groupdict())
        return found

    def physical_ids(self) -> Mapping[str, str]:
        """Return what the resources are called, by logical id."""
        answer = self("cloudformation").describe_stack_resources(StackName=self.name)
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in answer["StackResources"]}

    def wait_for(self, function: str, line: re.Pattern[str], *, seconds: float = 30.0) -> None:
        """Wait until a function has logged what a pattern matches.

        Args:
            function: its logical name in the application.
            line: the pattern.
            seconds: the longest to wait.

        Raises:
            AssertionError: it has not; with what it has logged.
        """
        (id,) = [one.id for one in self.application.graph if getattr(one, "name", None) == function]
        group = f"/aws/lambda/{self.physical_ids()[logical_id(id)]}"
        end = time.monotonic() + seconds
        while True:
            logged = self._logged(group)
            if any(line.search(message) for message in logged):
                return
            assert time.monotonic() < end, f"{group} has not {line.pattern!r}, but: {logged}"
            time.sleep(0.1)

    def inventory(self) -> Inventory:
        """Return what is there, without the log groups that Lambda makes itself: those stay, as in AWS."""
        found = self.local.inventory()
        own = f"/aws/lambda/{self.name}-"
        return {
            sort: [name for name in names if sort != "logs describe_log_groups" or not name.startswith(own)]
            for sort, names in found.items()
        }

    def _logged(self, group: str) -> list[str]:
        logs = self("logs")
        try:
            return [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]
        except logs.exceptions.ResourceNotFoundException:
            return []

    def _described(self) -> Mapping[str, Any]:
        (stack,) = self("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        found: Mapping[str, Any] = stack
        return found
