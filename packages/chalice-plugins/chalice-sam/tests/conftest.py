"""Fixtures: graphs of small applications, and templates made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalice_core.artifact import Artifact, Artifacts
from chalice_core.config import StageConfig
from chalice_core.graph import Graph
from chalice_core.kinds import (
    DEPLOYMENT,
    ApiRoute,
    EventSourceMapping,
    Function,
    InvokePermission,
    LogGroup,
    Resource,
    RestApi,
    Role,
    Statement,
)
from chalice_core.manifest import App
from chalice_core.plugins import Plugins
from chalice_core.target import FormatRequest
from chalice_core.values import Pseudo, ResourceId, Value, arn, text
from chalice_sam.format import SamFormat
from chalice_sam.hooks import SamPlugin

CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type,X-Custom"}


class Parts:
    """Resources of an application called ``shop``, the way that the tools lower it."""

    role = Role(
        id=ResourceId("default-role"),
        role_name="shop-dev",
        statements=(
            Statement(actions=("logs:CreateLogGroup", "logs:PutLogEvents"), resources=("arn:*:logs:*:*:*",)),
        ),
    )

    def function(self, name: str = "api_handler", **fields: Any) -> Function:
        """Return a function; its name in Lambda is ``shop-dev-NAME``."""
        given: dict[str, Any] = {
            "handler": "app.app" if name == "api_handler" else f"app.{name}",
            "runtime": "python3.11",
            "role": self.role.arn,
            "tags": {"aws-chalice": "version=0.1.0:stage=dev:app=shop"},
            **fields,
        }
        suffix = "" if name == "api_handler" else f"-{name}"
        return Function(id=ResourceId(name), name=name, function_name=f"shop-dev{suffix}", **given)

    def api(self, handler: Function, **fields: Any) -> tuple[RestApi, InvokePermission]:
        """Return a REST API with two routes, and the permission to call its handler."""
        given: dict[str, Any] = {
            "routes": (
                ApiRoute(path="/", method="GET", function_arn=handler.arn),
                ApiRoute(path="/users/{name}", method="POST", function_arn=handler.arn, cors=CORS),
            ),
            "binary_types": ("image/png", "application/octet-stream"),
            **fields,
        }
        api = RestApi(id=ResourceId("rest_api"), name="shop", stage_name="api", **given)
        permission = InvokePermission(
            id=ResourceId("api_handler_invoke_permission"),
            function_arn=handler.arn,
            principal="apigateway.amazonaws.com",
            source_arn=arn("execute-api", text(api.api_id, "/*")),
        )
        return api, permission

    def queue(self, function: Function, **fields: Any) -> EventSourceMapping:
        """Return the poller of the queue ``orders``."""
        given: dict[str, Any] = {
            "source_arn": arn("sqs", "orders"),
            "service": "sqs",
            "after": (self.role.id,),
            **fields,
        }
        return EventSourceMapping(
            id=ResourceId(f"{function.id}-sqs-event-source"), function_arn=function.arn, **given
        )


@pytest.fixture
def parts() -> Parts:
    """Resources to make graphs of."""
    return Parts()


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    """A deployment package."""
    path = tmp_path / "built.zip"
    path.write_bytes(b"code")
    return {DEPLOYMENT: Artifact(path=path, sha256="0" * 64, size=4)}


@pytest.fixture
def plugins() -> Plugins:
    """This plugin and no other."""
    plugins = Plugins()
    plugins.register(SamPlugin(), "sam")
    plugins.ready()
    return plugins


@pytest.fixture
def request_for(tmp_path: Path, artifacts: Artifacts) -> Callable[..., FormatRequest]:
    """Make the request that a command would make for a graph."""

    def make(*resources: Resource, **options: Any) -> FormatRequest:
        return FormatRequest(
            graph=Graph.of(resources),
            app=App(name="shop"),
            config=StageConfig(project_dir=tmp_path, app_name="shop", stage="dev"),
            artifacts=artifacts,
            options=options,
        )

    return make


@pytest.fixture
def template_of(plugins: Plugins, request_for: Callable[..., FormatRequest]) -> Callable[..., dict[str, Any]]:
    """Render resources and parse the template."""
    import json

    def make(*resources: Resource) -> dict[str, Any]:
        content = SamFormat(plugins).render(request_for(*resources))["sam.json"]
        assert isinstance(content, bytes)
        template: dict[str, Any] = json.loads(content)
        return template

    return make


def _everything() -> Mapping[str, tuple[Resource, ...]]:
    parts = Parts()
    role, handler = parts.role, parts.function()
    worker, pure = parts.function("work"), parts.function("add")
    own_role = Role(
        id=ResourceId("work_role"),
        role_name="shop-dev-work",
        policy_document={
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}],
        },
    )
    rich: dict[str, Any] = {
        "architecture": "arm64",
        "memory_size": 512,
        "timeout": 30,
        "tracing": True,
        "reserved_concurrency": 0,
        "environment": {"NAME": "${literal}", "REGION": Pseudo.REGION},
        "layers": ("arn:aws:lambda:us-west-2:123456789012:layer:tools:3",),
        "subnet_ids": ("subnet-12345678",),
        "security_group_ids": ("sg-12345678",),
    }
    source: Value = "arn:aws:sqs:us-east-1:123456789012:elsewhere"
    group = LogGroup(
        id=ResourceId("api_handler_log_group"), log_group_name="/aws/lambda/shop-dev", retention_in_days=7
    )
    return {
        "a REST API with CORS and binary types": (role, handler, *parts.api(handler)),
        "a pure function": (role, pure),
        "a queue": (role, worker, parts.queue(worker, batch_size=5)),
        "a queue elsewhere with every option": (
            role,
            worker,
            parts.queue(
                worker,
                source_arn=source,
                batch_size=500,
                maximum_batching_window=30,
                maximum_concurrency=7,
                report_batch_item_failures=True,
            ),
        ),
        "a stream": (
            role,
            worker,
            parts.queue(
                worker,
                service="kinesis",
                source_arn=arn("kinesis", "stream/clicks"),
                starting_position="TRIM_HORIZON",
            ),
        ),
        "a queue that waits for more than its function": (
            role,
            own_role,
            worker,
            parts.queue(worker, after=(role.id, own_role.id)),
        ),
        "a function in a VPC with every option": (role, parts.function("work", **rich)),
        "a role of one function": (role, pure, own_role, parts.function("work", role=own_role.arn)),
        "a role that is not ours": (parts.function("work", role="arn:aws:iam::123456789012:role/own"),),
        "a log retention": (role, handler, group, *parts.api(handler)),
        "a log group that its function waits for": (role, group, replace(handler, after=(group.id,))),
        "an API with every option": (
            role,
            handler,
            *parts.api(handler, endpoint_type="REGIONAL", minimum_compression_size=0, tracing=True),
        ),
        "a private API": (
            role,
            handler,
            *parts.api(
                handler,
                endpoint_type="PRIVATE",
                endpoint_vpce=("vpce-12345678",),
                policy={
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "execute-api:Invoke",
                            "Resource": "arn:*:execute-api:*:*:*",
                        }
                    ],
                },
            ),
        ),
        "everything together": (
            role,
            handler,
            worker,
            pure,
            group,
            *parts.api(handler),
            parts.queue(worker),
        ),
    }


@pytest.fixture(params=_everything().items(), ids=lambda item: item[0])
def application(request: pytest.FixtureRequest) -> tuple[Resource, ...]:
    """The resources of one application after the other."""
    resources: tuple[Resource, ...] = request.param[1]
    return resources
