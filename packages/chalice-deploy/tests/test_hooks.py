"""What the tools see of this distribution."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chalice_core.artifact import Artifacts
from chalice_core.graph import Graph
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import KINDS, Resource
from chalice_core.plugins import UnrealisedKindError, load_plugins
from chalice_core.target import DeployedValue, Place
from chalice_core.values import ResourceId
from chalice_deploy import Cloud, Deployed, Entry, Found, KindHandler, PlaceFacts, Properties, Task
from chalice_deploy.deployment import AwsDeployment
from chalice_deploy.errors import UnhandledKindError
from chalice_deploy.handlers import Handlers


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_core_has_a_handler(kind: type[Resource]) -> None:
    plugins = load_plugins(only=["aws"])

    handler = plugins.hook.chalice_realise_kind(target="aws", kind=kind)

    checked: KindHandler = handler
    assert isinstance(checked.replaces, frozenset)
    assert plugins.hook.chalice_realise_kind(target="sam", kind=kind) is None


def test_the_target_is_offered_under_its_name() -> None:
    plugins = load_plugins(only=["aws"])

    ((target,),) = plugins.hook.chalice_deployment_targets()

    assert target.name == "aws"


def test_botocore_is_imported_only_when_aws_is_asked(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from chalice_core.plugins import load_plugins
        from chalice_core.target import Place
        plugins = load_plugins(only=["aws"])
        ((target,),) = plugins.hook.chalice_deployment_targets()
        here = Path(sys.argv[1])
        deployment = target.deployment(Place(project_dir=here, app_name="shop", stage="dev", records=here))
        assert deployment.url() is None
        heavy = {"boto3", "botocore", "click", "pip"}
        print(sorted(heavy.intersection(name.partition(".")[0] for name in sys.modules)))
    """)

    result = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert result.stdout == "[]\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Resource):
    """A stranger's kind."""

    table_name: str


class Tables:
    """A stranger's handler, as small as it can be."""

    replaces = frozenset({"TableName"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        assert isinstance(resource, Table)
        return resource.table_name

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:
        return {"TableName": self.name(resource)}

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"TableName": properties["TableName"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        name = task.properties["TableName"]
        cloud.call(
            "dynamodb",
            "CreateTable",
            task.name,
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
        return Deployed(identity={"TableName": name})

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        raise AssertionError("nothing is in doubt here")

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        raise AssertionError("nothing of it can change")

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        cloud.call("dynamodb", "DeleteTable", id, TableName=before.key["TableName"])

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:
        return None

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:
        return [DeployedValue(label="Table", value=entry.key["TableName"])]


class TablePlugin:
    @hookimpl
    def chalice_realise_kind(self, target: str, kind: type[Resource]) -> object | None:
        return Tables() if (target, kind) == ("aws", Table) else None


def test_a_kind_of_a_stranger_is_deployed_like_any_other(project: Any, code: Any, aws_client: Any) -> None:
    graph = Graph.of([Table(id=ResourceId("orders"), table_name="orders")])
    handlers = Handlers(lambda kind: TablePlugin().chalice_realise_kind("aws", kind))  # type: ignore[arg-type,return-value]
    deployment: AwsDeployment = project.deployment()
    deployment._handlers = handlers

    deployment.apply(deployment.plan(graph, code()), lambda progress: None)

    assert aws_client("dynamodb").list_tables()["TableNames"] == ["orders"]
    assert [(line.label, line.value) for line in deployment.report()] == [("Table", "orders")]
    # Without the plugin nothing is forgotten: it can be deleted once the plugin is there again.
    with pytest.raises(UnhandledKindError):
        project.delete()
    deployment.apply(deployment.plan_delete(), lambda progress: None)
    assert aws_client("dynamodb").list_tables()["TableNames"] == []
    assert not project.record_path.exists()


def test_a_kind_that_nobody_realises_is_named_before_anything_is_done(project: Any, code: Any) -> None:
    plugins = load_plugins(only=["aws"])
    ((target,),) = plugins.hook.chalice_deployment_targets()
    place = Place(
        project_dir=project.folder,
        app_name="shop",
        stage="dev",
        records=project.folder,
        region="eu-central-1",
    )

    with pytest.raises(UnrealisedKindError) as caught:
        target.deployment(place).plan(Graph.of([Table(id=ResourceId("orders"), table_name="orders")]), code())

    assert (caught.value.target, caught.value.kind) == ("aws", Table)
