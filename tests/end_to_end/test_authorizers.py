"""Authorizers from the decorator to the refusal: deployed to the embedded AWS and called over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

pytestmark = pytest.mark.slow

APP = """\
from chalice import AuthResponse, AuthRoute, Chalice, CognitoUserPoolAuthorizer, IAMAuthorizer

app = Chalice(app_name="hello")
pool = CognitoUserPoolAuthorizer(
    "pool", ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"]
)


@app.authorizer(header="X-Token")
def keeper(request):
    if request.token == "broken":
        return None
    routes = {"friend": ["*"], "reader": [AuthRoute("/items/*", ["GET"])]}.get(request.token, [])
    return AuthResponse(routes, principal_id=request.token, context={"level": 3})


@app.authorizer(ttl_seconds=0, name="later")
async def asked_each_time(request):
    return AuthResponse(["/*"], principal_id="later")


@app.route("/")
def index():
    return {}


@app.route("/items/{id}", methods=["GET", "PUT"], authorizer=keeper, cors=True)
def item(id):
    return app.current_request.context["authorizer"]


@app.route("/later", authorizer=asked_each_time)
def later():
    return app.current_request.context["authorizer"]


@app.route("/pool", authorizer=pool)
def pooled():
    return {}


@app.route("/iam", authorizer=IAMAuthorizer())
def signed():
    return {}
"""

CONFIG = {
    "version": "2.0",
    "app_name": "hello",
    "stages": {"dev": {"lambda_functions": {"keeper": {"lambda_memory_size": 256}}}},
}


@dataclass(frozen=True)
class Deployed:
    """An application in the embedded AWS."""

    tools: Any
    project: Path
    url: str

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, Any]:
        """Return the status and the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = self.url.rstrip("/") + path
        request = urllib.request.Request(url, method=method, headers=named)  # noqa: S310 - it is our own
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


@pytest.fixture(scope="module")
def deployed(tools: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("guarded")
    assert tools.chalice("new-project", "hello", cwd=folder).status == 0
    project = folder / "hello"
    (project / "app.py").write_text(APP, encoding="utf-8")
    (project / ".chalice" / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    outcome = tools.chalice("deploy", "--local", cwd=project)
    assert outcome.status == 0, outcome.all
    yield Deployed(tools, project, tools.chalice("url", cwd=project).stdout.strip())
    tools.chalice("localaws", "stop", cwd=project)


def test_the_view_sees_who_was_admitted(deployed: Deployed) -> None:
    assert deployed.ask("/items/7", X_Token="friend") == (200, {"principalId": "friend", "level": "3"})


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 200),
        ("GET", "/items/7", {}, 401),
        ("GET", "/items/7", {"Authorization": "friend"}, 401),
        ("GET", "/items/7", {"X_Token": "stranger"}, 403),
        ("GET", "/items/7", {"X_Token": "reader"}, 200),
        ("PUT", "/items/7", {"X_Token": "reader"}, 403),
        ("PUT", "/items/7", {"X_Token": "friend"}, 200),
        ("GET", "/items/7", {"X_Token": "broken"}, 500),
        ("OPTIONS", "/items/7", {}, 200),
        ("GET", "/later", {"Authorization": "me"}, 200),
        ("GET", "/later", {}, 401),
        ("GET", "/pool", {}, 401),
        ("GET", "/pool", {"Authorization": "friend"}, 401),
        ("GET", "/iam", {}, 403),
    ],
)
def test_nobody_gets_further_than_the_authorizer_says(
    deployed: Deployed, method: str, path: str, headers: Mapping[str, str], status: int
) -> None:
    headers = {"Content-Type": "application/json", **headers}

    assert deployed.ask(path, method, **headers)[0] == status


def test_an_authorizer_is_configured_and_logs_as_every_function_does(deployed: Deployed) -> None:
    deployed.ask("/items/7", X_Token="broken")

    status = deployed.tools.chalice("localaws", "status", cwd=deployed.project).stdout
    client = boto3.client(
        "lambda",
        endpoint_url=next(word for word in status.split() if word.startswith("http://")),
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    assert client.get_function_configuration(FunctionName="hello-dev-keeper")["MemorySize"] == 256
    logged = deployed.tools.chalice("logs", "-n", "keeper", cwd=deployed.project)
    assert "must return an AuthResponse" in logged.stdout, logged.all


def test_a_second_deployment_has_nothing_to_do(deployed: Deployed) -> None:
    planned = deployed.tools.chalice("plan", "--local", cwd=deployed.project)

    assert planned.status == 0, planned.all
    assert deployed.tools.chalice("deploy", "--local", cwd=deployed.project).status == 0
    assert deployed.ask("/items/7", X_Token="friend")[0] == 200
