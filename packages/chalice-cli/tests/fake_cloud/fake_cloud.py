"""A plugin that stands in for clouds and builders: what is deployed is a list of names in a file."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone

import click

from chalice_core.artifact import Artifact, Built
from chalice_core.errors import ToolError
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import Function
from chalice_core.target import (
    Change,
    DeployedValue,
    Invocation,
    LocalAws,
    LogEvent,
    Plan,
    Progress,
    Step,
)
from chalice_core.template import ProjectTemplate

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


class FakeDeployment:
    """One stage, recorded as names of functions."""

    def __init__(self, place):
        self.place = place
        self.file = place.records / f"{place.stage}.json"

    def functions(self):
        return tuple(json.loads(self.file.read_text())) if self.file.exists() else ()

    def plan(self, graph, artifacts):
        wanted = [function.name for function in graph.of_kind(Function)]
        steps = tuple(
            Step(action="create", id=name, kind="Function", name=name)
            for name in wanted
            if name not in self.functions()
        )
        if steps:
            change = Change(property="Statements", before=None, after=["logs:*"])
            steps += (Step(action="update", id="default-role", kind="Role", name="role", changes=(change,)),)
        return Plan(steps=steps, payload=wanted)

    def plan_delete(self):
        steps = tuple(Step(action="delete", id=name, kind="Function", name=name) for name in self.functions())
        return Plan(steps=steps, payload=[])

    def apply(self, plan, progress):
        for step in plan.steps:
            progress(Progress(step=step, phase="begin"))
            progress(Progress(step=step, phase="done"))
        self.file.parent.mkdir(parents=True, exist_ok=True)
        if plan.payload:
            self.file.write_text(json.dumps(plan.payload))
        else:
            self.file.unlink()

    def report(self):
        values = [DeployedValue(label="Lambda ARN", value=f"arn:{name}") for name in self.functions()]
        if self.url():
            values.append(DeployedValue(label="Rest API URL", value=self.url()))
        if "has_url" in self.functions():
            values.append(DeployedValue(label="Function URL of has_url", value="https://fake.example/url/"))
        return tuple(values)

    def url(self):
        host = self.place.endpoint_url or "https://fake.example"
        return f"{host}/{self.place.stage}/" if "api_handler" in self.functions() else None

    def invoke(self, function, payload):
        given = json.loads(payload)
        if "fail" in given:
            document = {"errorType": "ValueError", "errorMessage": "no", "stackTrace": ['  File "app.py"\n']}
            return Invocation(payload=json.dumps(document).encode(), function_error="Unhandled")
        return Invocation(payload=json.dumps({"given": given, "by": function}).encode())

    def logs(self, function, *, since=None, follow=False):
        for minute, message in enumerate(
            ["START RequestId: 1", f"{function} says hello", "END RequestId: 1", f"{function} says bye"]
        ):
            moment = START + timedelta(minutes=minute, seconds=self.functions().index(function))
            if since is None or moment >= since:
                stream = "2026/01/01/[$LATEST]0123456789abcdef"
                yield LogEvent(timestamp=moment, stream=stream, message=message, event_id=f"{minute}")


class FakeTarget:
    """A target that takes the place of AWS."""

    name = "aws"

    def deployment(self, place):
        return FakeDeployment(place)


class FakeFormat:
    """A format of one text file and the package."""

    name = "cloudformation"

    def render(self, request):
        names = [function.name for function in request.graph.of_kind(Function)]
        package = next(iter(request.artifacts.values())).path
        return {
            "names.json": json.dumps([names, sorted(request.options)]).encode(),
            "deep/package": package,
        }


@hookimpl
def chalice_deployment_targets():
    return [FakeTarget()]


@hookimpl
def chalice_output_formats():
    return [FakeFormat()]


@hookimpl
def chalice_build_artifacts(request):
    request.cache_dir.mkdir(parents=True, exist_ok=True)
    path = request.cache_dir / "package"
    path.write_bytes(b"code")
    artifact = Artifact(path=path, sha256="0" * 64, size=4)
    return Built(artifacts={"deployment": artifact}, notices=("Something was noticed.",))


@hookimpl
def chalice_local_aws(project_dir):
    return LocalAws(
        endpoint_url="http://127.0.0.1:1",
        rest_api_url="http://127.0.0.1:1/{api_id}/{stage}/",
        region="us-east-1",
        account_id="123456789012",
        records=project_dir / ".chalice" / "local" / "deployed",
        instance="one",
        forgotten=tuple(os.environ.get("FAKE_FORGOTTEN", "").split()),
        register_interpreters=lambda interpreters: None,
    )


@hookimpl
def chalice_deploy_progress(progress):
    if os.environ.get("FAKE_OBSERVER_FAILS"):
        raise RuntimeError("the observer is tired")


@hookimpl
def chalice_project_templates():
    return [ProjectTemplate(name="cloudy", summary="Clouds", files={"app.py": "# {{app_name}}\n"})]


class StormError(ToolError):
    """It storms."""

    code = "storm"


@click.command()
@click.argument("place", default="")
def weather(place):
    """Tell the weather."""
    if place == "storm":
        raise StormError(what="It storms.", why="There is low pressure.", fix="Stay inside.")
    if place == "abyss":
        raise RuntimeError("no weather here")
    if place == "interrupt":
        raise KeyboardInterrupt
    click.echo("sunny")
