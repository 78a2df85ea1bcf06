"""An AWS to deploy to (moto, in this process), an application, and a witness of every call."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import boto3
import pytest
from moto import mock_aws
from moto.apigateway.models import APIGatewayBackend

from chalice_core.artifact import Artifact, Artifacts
from chalice_core.graph import Graph
from chalice_core.kinds import (
    DEPLOYMENT,
    ApiRoute,
    EventSourceMapping,
    Function,
    Grant,
    InvokePermission,
    LogGroup,
    Resource,
    RestApi,
    Role,
    Statement,
)
from chalice_core.plugins import UnrealisedKindError
from chalice_core.target import Place, Plan, Progress
from chalice_core.values import Pseudo, ResourceId, arn, text
from chalice_deploy.cloud import Clock, Cloud, Patience
from chalice_deploy.deployment import AwsDeployment
from chalice_deploy.errors import NoRegionError
from chalice_deploy.handler import KindHandler
from chalice_deploy.handlers import Handlers
from chalice_deploy.kinds import HANDLERS
from chalice_deploy.session import Clients
from chalice_deploy.store import FileRecords

REGION = "eu-central-1"
APP, STAGE = "shop", "dev"
READS = ("Get", "List", "Describe", "Filter")


class CrashError(BaseException):
    """The process is killed here; nothing of ours may catch it and go on."""


@dataclass
class Witness:
    """Sees every call of every client, and can end the process at one of them.

    ``crash_at`` is an index among the mutating calls, ``crash_after`` an operation; from then on
    no call comes through.
    """

    operations: list[str] = field(default_factory=list)
    crash_at: int | None = None
    after: bool = False
    crash_after: str | None = None
    dead: bool = False
    fail: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def mutating(self) -> list[str]:
        return [name for name in self.operations if not name.startswith(READS)]

    def before(self, model: Any, **_: Any) -> Any:
        if self.dead:
            raise CrashError
        if self.fail.get(model.name):
            code, message = self.fail[model.name].pop(0)
            self.operations.append(f"{model.name} refused")
            response = type("Refused", (), {"status_code": 400})
            return response, {
                "Error": {"Code": code, "Message": message},
                "ResponseMetadata": {"HTTPStatusCode": 400},
            }
        if not self.after and self._is_the_moment(model.name):
            self.dead = True
            raise CrashError
        self.operations.append(model.name)
        return None

    def came_back(self, model: Any, **_: Any) -> None:
        if self.dead:
            raise CrashError
        if model.name == self.crash_after:
            self.dead = True
            raise CrashError
        if self.after and self.crash_at is not None and len(self.mutating) == self.crash_at + 1:
            self.dead = not model.name.startswith(READS)
            if self.dead:
                raise CrashError

    def _is_the_moment(self, name: str) -> bool:
        return (
            self.crash_at is not None and not name.startswith(READS) and len(self.mutating) == self.crash_at
        )


class Watch:
    """The witness of the deployment that runs now; clients are made once, for that takes long."""

    witness = Witness()
    clients: ClassVar[dict[tuple[str, str | None], Any]] = {}

    def before(self, **event: Any) -> Any:
        return Watch.witness.before(**event)

    def came_back(self, **event: Any) -> None:
        Watch.witness.came_back(**event)


WATCH = Watch()


class WatchedClients(Clients):
    @property
    def region(self) -> str:
        region = self._place.region or self._assumed
        if region is None:
            raise NoRegionError
        return region

    def _make(self, service: str, read_timeout: float | None, region: str | None) -> Any:
        key = (service, region)
        if key not in Watch.clients:
            client = super()._make(service, read_timeout, region)
            client.meta.events.register("before-call", WATCH.before)
            client.meta.events.register("after-call", WATCH.came_back)
            Watch.clients[key] = client
        return Watch.clients[key]


@functools.cache
def plain_client(service: str) -> Any:
    return boto3.client(service, region_name=REGION)


# For a module and no longer: tests of other distributions may run in this process, with stock moto.
@pytest.fixture(scope="module", autouse=True)
def swagger_for_moto() -> Iterator[None]:
    """Stock moto refuses Swagger 2.0 and knows no mock integrations; here it need not understand them."""
    patch = pytest.MonkeyPatch()
    stock = APIGatewayBackend.put_rest_api
    stock_delete = APIGatewayBackend.delete_rest_api

    def put_rest_api(
        self: APIGatewayBackend, function_id: str, api_doc: Any, fail_on_warnings: bool, mode: str = "merge"
    ) -> Any:
        assert mode == "overwrite"
        assert api_doc["swagger"] == "2.0"
        paths = {
            path: {"get": {"responses": {"200": {"description": ""}}}}
            for path, methods in api_doc["paths"].items()
        }
        document = {"openapi": "3.0.1", "info": {**api_doc["info"], "description": ""}, "paths": paths}
        api = stock(self, function_id, document, fail_on_warnings, mode)
        for resource in api.resources.values():
            for method in resource.resource_methods.values():
                method.method_integration = method.method_integration or object()
        api.name = api_doc["info"]["title"]
        api.description = json.dumps(api_doc)
        return api

    def delete_rest_api(self: APIGatewayBackend, function_id: str) -> Any:
        self.get_rest_api(function_id)  # stock moto fails with a KeyError when the API is gone
        return stock_delete(self, function_id)

    patch.setattr(APIGatewayBackend, "put_rest_api", put_rest_api)
    patch.setattr(APIGatewayBackend, "delete_rest_api", delete_rest_api)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test pulls the plug: what is written outlives a killed process without reaching the disk."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    """Moto, started for all tests of a module, for a start takes as long as a small deployment."""
    with mock_aws(config={"lambda": {"use_docker": False}}) as started:
        yield started


@pytest.fixture
def aws(moto: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An AWS with a queue and nothing else."""
    for name in tuple(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    moto.reset()
    plain_client("sqs").create_queue(QueueName="orders")


@pytest.fixture
def code(tmp_path: Path) -> Callable[[str], Artifacts]:
    """Return a maker of deployment packages."""
    import zipfile

    def make(source: str = "def work(event, context): ...") -> Artifacts:
        path = tmp_path / "deployment.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(zipfile.ZipInfo("app.py"), source)
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        named = path.rename(tmp_path / f"{sha256}.zip")
        return {DEPLOYMENT: Artifact(path=named, sha256=sha256, size=len(content))}

    return make


def shop(**changes: Any) -> list[Resource]:
    """Return an application with one of everything; ``changes`` are fields of its resources by id."""
    role = Role(
        id=ResourceId("default-role"),
        role_name="shop-dev",
        statements=(Statement(actions=("logs:PutLogEvents",), resources=(arn("logs", "*"),)),),
    )
    groups = [
        LogGroup(id=ResourceId(f"{id}_log_group"), log_group_name=f"/aws/lambda/{name}")
        for id, name in (("api_handler", "shop-dev"), ("work", "shop-dev-work"))
    ]
    handler = Function(
        id=ResourceId("api_handler"),
        name="api_handler",
        function_name="shop-dev",
        handler="app.app",
        runtime="python3.12",
        role=role.arn,
        environment={"TABLE": "orders", "PASSWORD": "correct horse"},
        tags={"team": "blue"},
        after=(groups[0].id,),
    )
    work = replace(
        handler,
        id=ResourceId("work"),
        name="work",
        function_name="shop-dev-work",
        handler="app.work",
        after=(groups[1].id,),
    )
    api = RestApi(
        id=ResourceId("rest_api"),
        name="shop",
        stage_name="api",
        routes=(ApiRoute(path="/", method="GET", function_arn=handler.arn),),
    )
    permission = InvokePermission(
        id=ResourceId("api_handler_invoke_permission"),
        function_arn=handler.arn,
        principal="apigateway.amazonaws.com",
        source_arn=text(
            "arn:",
            Pseudo.PARTITION,
            ":execute-api:",
            Pseudo.REGION,
            ":",
            Pseudo.ACCOUNT,
            ":",
            api.api_id,
            "/*",
        ),
    )
    queue = arn("sqs", "orders")
    grant = Grant(
        id=ResourceId("work-reads-queue"), role=role.arn, actions=("sqs:ReceiveMessage",), on=(queue,)
    )
    mapping = EventSourceMapping(
        id=ResourceId("work-sqs-event-source"),
        function_arn=work.arn,
        source_arn=queue,
        service="sqs",
        batch_size=5,
        after=(grant.id,),
    )
    resources: list[Resource] = [role, *groups, handler, work, api, permission, grant, mapping]
    return [replace(item, **changes.get(item.id, {})) for item in resources]


def realise(kind: type[Resource]) -> KindHandler:
    if kind not in HANDLERS:
        raise UnrealisedKindError(target="aws", kind=kind)
    return HANDLERS[kind]


@dataclass
class Project:
    """An application on a developer's machine."""

    folder: Path
    make_code: Callable[..., Artifacts]
    app: str = APP
    region: str | None = REGION

    def deployment(self, witness: Witness | None = None, *, workers: int = 1, **place: Any) -> AwsDeployment:
        """Open the deployment as a new process would."""
        where = {
            "project_dir": self.folder,
            "app_name": self.app,
            "stage": STAGE,
            "records": self.folder / "deployed",
            "region": self.region,
            **place,
        }
        opened = Place(**where)
        Watch.witness = witness or Witness()
        clients = WatchedClients(opened)
        cloud = Cloud(
            clients,
            app=self.app,
            stage=STAGE,
            clock=Clock(sleep=lambda seconds: None),
            patience=Patience(first=0.001, longest=0.001, total=5),
        )
        cloud._limits._buckets.clear()
        return AwsDeployment(
            place=opened,
            cloud=cloud,
            store=FileRecords(opened.records),
            handlers=Handlers(realise),
            workers=workers,
        )

    def deploy(
        self,
        resources: list[Resource] | None = None,
        witness: Witness | None = None,
        *,
        artifacts: Artifacts | None = None,
        workers: int = 1,
        **place: Any,
    ) -> tuple[Plan, list[Progress]]:
        deployment = self.deployment(witness, workers=workers, **place)
        plan = deployment.plan(
            Graph.of(shop() if resources is None else resources), artifacts or self.make_code()
        )
        told: list[Progress] = []
        deployment.apply(plan, told.append)
        return plan, told

    def delete(self, witness: Witness | None = None) -> Plan:
        deployment = self.deployment(witness)
        plan = deployment.plan_delete()
        deployment.apply(plan, lambda progress: None)
        return plan

    @property
    def record_path(self) -> Path:
        return self.folder / "deployed" / f"{STAGE}.json"

    @property
    def record(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.record_path.read_text(encoding="utf-8"))
        return loaded


@pytest.fixture
def project(aws: None, tmp_path: Path, code: Callable[..., Artifacts]) -> Project:
    return Project(folder=tmp_path, make_code=code)


def _inventory() -> dict[str, Any]:
    """Return everything that exists in AWS, without what AWS chooses anew each time."""

    iam, lambda_, logs, gateway = map(plain_client, ("iam", "lambda", "logs", "apigateway"))
    roles = {
        role["RoleName"]: {
            name: iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
        }
        for role in iam.list_roles()["Roles"]
    }
    functions = {}
    for function in lambda_.list_functions()["Functions"]:
        name = function["FunctionName"]
        try:
            policy = json.loads(lambda_.get_policy(FunctionName=name)["Policy"])["Statement"]
        except lambda_.exceptions.ResourceNotFoundException:
            policy = []
        whole = lambda_.get_function(FunctionName=name)
        functions[name] = {
            "handler": function["Handler"],
            "environment": function.get("Environment", {}).get("Variables"),
            "timeout": function["Timeout"],
            "sha256": function["CodeSha256"],
            "tags": whole["Tags"],
            "concurrency": lambda_.get_function_concurrency(FunctionName=name).get(
                "ReservedConcurrentExecutions"
            ),
            "statements": sorted(statement["Sid"] for statement in policy),
        }
    apis = [
        {
            "name": api["name"],
            "definition": api.get("description"),
            "stages": sorted(s["stageName"] for s in gateway.get_stages(restApiId=api["id"])["item"]),
        }
        for api in gateway.get_rest_apis()["items"]
    ]
    return {
        "roles": roles,
        "functions": functions,
        "groups": {
            g["logGroupName"]: g.get("retentionInDays") for g in logs.describe_log_groups()["logGroups"]
        },
        "apis": apis,
        "mappings": [
            (mapping["FunctionArn"].rsplit(":", 1)[-1], mapping["EventSourceArn"], mapping["BatchSize"])
            for mapping in lambda_.list_event_source_mappings()["EventSourceMappings"]
        ],
    }


@pytest.fixture
def inventory() -> Callable[[], dict[str, Any]]:
    return _inventory


@pytest.fixture
def nothing() -> dict[str, Any]:
    return {"roles": {}, "functions": {}, "groups": {}, "apis": [], "mappings": []}


@pytest.fixture
def application() -> Callable[..., list[Resource]]:
    return shop


@pytest.fixture
def new_witness() -> type[Witness]:
    return Witness


@pytest.fixture
def crash() -> type[CrashError]:
    return CrashError


@pytest.fixture
def aws_client() -> Callable[[str], Any]:
    """Clients that nobody watches."""
    return plain_client
