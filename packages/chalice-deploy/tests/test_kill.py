"""A real process, really killed, against an AWS in another process."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

PROGRAM = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    from chalice_core.graph import Graph
    from chalice_core.kinds import InvokePermission, LogGroup, Role, Function, DEPLOYMENT
    from chalice_core.artifact import Artifact
    from chalice_core.target import Place
    from chalice_deploy.cloud import Cloud
    from chalice_deploy.deployment import AwsDeployment
    from chalice_deploy.handlers import Handlers
    from chalice_deploy.kinds import HANDLERS
    from chalice_deploy.session import Clients
    from chalice_deploy.store import FileRecords
    import hashlib

    endpoint, folder, what, limit = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    made = []

    class Killing(Clients):
        def _make(self, service, read_timeout, region):
            client = super()._make(service, read_timeout, region)
            client.meta.events.register("after-call", self.count)
            return client

        def count(self, model, **event):
            if not model.name.startswith(("Get", "List", "Describe")):
                made.append(model.name)
                if len(made) == limit:
                    os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    role = Role(id="default-role", role_name="shop-dev")
    group = LogGroup(id="work_log_group", log_group_name="/aws/lambda/shop-dev-work", retention_in_days=7)
    function = Function(
        id="work", name="work", function_name="shop-dev-work", handler="app.work", runtime="python3.12",
        role=role.arn, after=(group.id,), reserved_concurrency=2,
    )
    permission = InvokePermission(id="permission", function_arn=function.arn, principal="s3.amazonaws.com")
    path = folder / "code.zip"
    content = path.read_bytes()
    artifact = Artifact(path=path, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    place = Place(
        project_dir=folder, app_name="shop", stage="dev", records=folder / "deployed",
        region="eu-central-1", endpoint_url=endpoint,
    )
    deployment = AwsDeployment(
        place=place, cloud=Cloud(Killing(place), app="shop", stage="dev"),
        store=FileRecords(place.records), handlers=Handlers(HANDLERS.__getitem__),
    )
    graph = Graph.of([role, group, function, permission])
    plan = deployment.plan_delete() if what == "delete" else deployment.plan(graph, {DEPLOYMENT: artifact})
    deployment.apply(plan, lambda progress: None)
    print(len(made))
""")


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.mark.slow
def test_a_process_that_is_killed_leaves_nothing_that_the_next_one_does_not_find(
    endpoint: str, tmp_path: Path
) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "code.zip", "w") as archive:
        archive.writestr("app.py", "def work(event, context): ...")

    def run(what: str, limit: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", PROGRAM, endpoint, str(tmp_path), what, str(limit)]
        return subprocess.run(command, capture_output=True, text=True)

    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        return boto3.client(service, region_name="eu-central-1", endpoint_url=endpoint, **keys)

    for limit in (1, 2, 1):
        killed = run("deploy", limit)
        assert killed.returncode != 0
        assert killed.stdout == ""
    finished = run("deploy", 0)
    assert finished.returncode == 0, finished.stderr
    assert run("deploy", 0).stdout == "0\n"
    assert len(client("lambda").list_functions()["Functions"]) == 1

    assert run("delete", 2).returncode != 0
    assert run("delete", 0).returncode == 0
    assert client("lambda").list_functions()["Functions"] == []
    assert client("iam").list_roles()["Roles"] == []
    assert client("logs").describe_log_groups()["logGroups"] == []
    assert list((tmp_path / "deployed").iterdir()) == []
