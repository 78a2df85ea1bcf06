"""Functions get what their source calls, by the roles that they have."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from chalice_core.config import FunctionConfig, StageConfig
from chalice_core.graph import Graph
from chalice_core.kinds import Grant, Role
from chalice_core.lowering import DEFAULT_ROLE, build_graph
from chalice_core.manifest import App, FunctionDeclaration, RouteDeclaration
from chalice_core.plugins import Plugins, load_plugins
from chalice_core.values import arn
from chalice_deploy.policies import UnreadableSourceError, analyse
from chalice_deploy.policies.explanation import explained, explanation_lines
from chalice_deploy.policies.generation import grants

SOURCE = """
import os
import boto3
from chalice import Chalice

app = Chalice(app_name="shop")
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
START = boto3.client("ssm").get_parameter(Name="start")


@app.route("/")
def index():
    return table.scan()


@app.lambda_function(name="worker")
def work(event, context):
    table.put_item(Item={})


@app.lambda_function()
def own(event, context):
    table.delete_item(Key={})
"""
APP = App(
    name="shop",
    routes=(
        RouteDeclaration(
            path="/",
            method="GET",
            view_name="index",
            handler="app.index",
            content_types=("application/json",),
            api_key_required=False,
            authorizer=None,
            cors=None,
            summary="",
            description="",
        ),
    ),
    functions=(
        FunctionDeclaration(name="worker", handler="app.work", kind="pure"),
        FunctionDeclaration(name="own", handler="app.own", kind="pure"),
    ),
)


@pytest.fixture
def plugins() -> Plugins:
    return load_plugins(only=["aws"])


@pytest.fixture
def config(tmp_path: Path) -> Callable[..., StageConfig]:
    """Write the source and return a configuration."""

    def configure(source: str = SOURCE, functions: Mapping[str, FunctionConfig] | None = None) -> StageConfig:
        (tmp_path / "app.py").write_text(source)
        return StageConfig(
            project_dir=tmp_path,
            app_name="shop",
            stage="dev",
            default_function=FunctionConfig(environment_variables={"TABLE": "orders"}),
            functions=functions or {},
        )

    return configure


def allowed(graph: Graph, role: str) -> dict[str, set[object]]:
    found: dict[str, set[object]] = {}
    for one in graph.of_kind(Role):
        if one.id == role:
            for statement in one.statements:
                for action in statement.actions:
                    found.setdefault(action, set()).update(statement.resources)
    return found


def test_the_shared_role_has_what_all_its_functions_call(
    config: Callable[..., StageConfig], plugins: Plugins
) -> None:
    graph = build_graph(APP, "python3.11", config(), plugins)

    found = allowed(graph, DEFAULT_ROLE)

    orders = {arn("dynamodb", "table/orders")}
    assert {action: found[action] for action in found if not action.startswith("logs:")} == {
        "dynamodb:DeleteItem": orders,
        "dynamodb:PutItem": orders,
        "dynamodb:Scan": orders,
        "ssm:GetParameter": {arn("ssm", "parameter/start")},
    }


def test_a_function_with_a_policy_of_its_own_adds_nothing(
    config: Callable[..., StageConfig], plugins: Plugins
) -> None:
    (config().project_dir / ".chalice").mkdir()
    (config().project_dir / ".chalice" / "own.json").write_text(json.dumps({"Statement": []}))
    functions = {"own": FunctionConfig(autogen_policy=False, iam_policy_file="own.json")}

    graph = build_graph(APP, "python3.11", config(functions=functions), plugins)

    assert "dynamodb:DeleteItem" not in allowed(graph, DEFAULT_ROLE)
    assert "dynamodb:PutItem" in allowed(graph, DEFAULT_ROLE)
    assert allowed(graph, "own_role") == {}


def test_each_function_has_its_own_environment(config: Callable[..., StageConfig], plugins: Plugins) -> None:
    functions = {"worker": FunctionConfig(environment_variables={"TABLE": "jobs"})}

    graph = build_graph(APP, "python3.11", config(functions=functions), plugins)

    found = allowed(graph, DEFAULT_ROLE)
    assert found["dynamodb:PutItem"] == {arn("dynamodb", "table/jobs")}
    assert found["dynamodb:Scan"] == {arn("dynamodb", "table/orders")}


def test_nothing_is_read_when_no_policy_is_generated(config: Callable[..., StageConfig]) -> None:
    functions = dict.fromkeys(
        ("api_handler", "worker", "own"),
        FunctionConfig(manage_iam_role=False, iam_role_arn="arn:aws:iam::1:role/a"),
    )

    assert grants(APP, [], config("this is no Python", functions)) == []


def test_a_project_without_the_application_module_needs_nothing(tmp_path: Path, plugins: Plugins) -> None:
    config = StageConfig(project_dir=tmp_path, app_name="shop", stage="dev")

    graph = build_graph(APP, "python3.11", config, plugins)

    assert all(action.startswith("logs:") for action in allowed(graph, DEFAULT_ROLE))


def test_a_file_that_is_no_python_is_named_with_its_line(
    config: Callable[..., StageConfig], plugins: Plugins
) -> None:
    with pytest.raises(UnreadableSourceError) as caught:
        build_graph(APP, "python3.11", config("x = 1\ny = = 2\n"), plugins)

    assert caught.value.line == 2
    assert caught.value.path.name == "app.py"


def test_grants_are_the_same_in_every_run(config: Callable[..., StageConfig], plugins: Plugins) -> None:
    graphs = [build_graph(APP, "python3.11", config(), plugins) for _ in range(2)]

    assert graphs[0] == graphs[1]
    assert not graphs[0].of_kind(Grant)


def test_an_application_without_boto3_loads_no_model(
    tmp_path: Path, run_python: Callable[[str], str]
) -> None:
    (tmp_path / "app.py").write_text(
        "from chalice import Chalice\napp = Chalice('a')\n@app.route('/')\ndef index():\n    return {}\n"
    )
    script = (
        "import sys\nfrom pathlib import Path\nfrom chalice_deploy.policies import analyse, models\n"
        f"assert analyse(Path({str(tmp_path)!r})).findings() == []\n"
        "print(models.service_model.cache_info().currsize, models.services.cache_info().currsize,\n"
        "      'boto3' in sys.modules, 'botocore' in sys.modules)\n"
    )

    assert run_python(script) == "0 0 False False"


def test_only_models_of_services_that_are_used_are_loaded(
    tmp_path: Path, run_python: Callable[[str], str]
) -> None:
    (tmp_path / "app.py").write_text(SOURCE)
    script = (
        "import sys\nfrom pathlib import Path\nfrom chalice_deploy.policies import analyse, models\n"
        f"assert analyse(Path({str(tmp_path)!r})).findings()\n"
        "print(models.service_model.cache_info().currsize, 'boto3' in sys.modules,\n"
        "      'botocore.session' in sys.modules)\n"
    )

    assert run_python(script) == "2 False False"


def test_a_function_reaches_what_it_calls_and_what_importing_calls(
    config: Callable[..., StageConfig],
) -> None:
    analysis = analyse(config().project_dir)
    work = [entry for entry in analysis.entries if entry.handler == "app.work"]

    actions = {finding.action for finding in analysis.findings({}, work)}

    assert actions == {"dynamodb:PutItem", "ssm:GetParameter"}
    assert [(entry.handler, entry.decorator) for entry in analysis.entries] == [
        ("app.index", "route"),
        ("app.own", "lambda_function"),
        ("app.work", "lambda_function"),
    ]


@pytest.mark.parametrize(
    ("declared", "runs"), [("app.go", {"going"}), ("elsewhere.other", {"going", "staying", "api_handler"})]
)
def test_a_handler_of_another_module_is_found_by_its_name_or_belongs_to_all(
    config: Callable[..., StageConfig], declared: str, runs: set[str]
) -> None:
    configured = config(
        "from chalice import Chalice\nfrom views import go\napp = Chalice('a')\napp.lambda_function()(go)\n",
        {
            name: FunctionConfig(environment_variables={"TABLE": name})
            for name in ("going", "staying", "api_handler")
        },
    )
    (configured.project_dir / "views.py").write_text(
        "import os\nimport boto3\n\n\ndef go(event, context):\n"
        "    boto3.resource('dynamodb').Table(os.environ['TABLE']).scan()\n"
    )
    app = App(
        name="shop",
        routes=APP.routes,
        functions=(
            FunctionDeclaration(name="going", handler=declared, kind="pure"),
            FunctionDeclaration(name="staying", handler="app.stay", kind="pure"),
        ),
    )

    graph = build_graph(app, "python3.11", configured, load_plugins(only=["aws"]))

    assert allowed(graph, DEFAULT_ROLE)["dynamodb:Scan"] == {
        arn("dynamodb", f"table/{name}") for name in runs
    }


def test_middleware_belongs_to_every_function(config: Callable[..., StageConfig]) -> None:
    middleware = '\n\n@app.middleware("all")\ndef log(event, get_response):\n    table.update_item(Key={})\n'
    analysis = analyse(config(SOURCE + middleware).project_dir)

    work = [entry for entry in analysis.entries if entry.handler == "app.work"]

    assert "dynamodb:UpdateItem" in {finding.action for finding in analysis.findings({}, work)}


def test_every_finding_is_explained_by_file_and_line(config: Callable[..., StageConfig]) -> None:
    findings = analyse(config().project_dir).findings()

    lines = list(explanation_lines(findings))

    assert lines[:2] == [
        "dynamodb:DeleteItem on *: the environment variable TABLE is not in the configuration",
        "    app.py:23  dynamodb delete_item",
    ]
    assert lines[-2:] == [
        "ssm:GetParameter on arn:*:ssm:*:*:parameter/start",
        "    app.py:8  ssm get_parameter",
    ]


def test_the_explanation_for_programs_says_the_same(config: Callable[..., StageConfig]) -> None:
    document = explained(analyse(config().project_dir).findings())

    assert document["version"] == 1
    assert document["findings"][-1] == {  # type: ignore[index]
        "action": "ssm:GetParameter",
        "resources": ["arn:*:ssm:*:*:parameter/start"],
        "reason": None,
        "path": "app.py",
        "line": 8,
        "call": "ssm get_parameter",
    }


def test_an_application_that_is_a_package_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "views.py").write_text(
        "import boto3\n\n\ndef go():\n    boto3.client('s3').list_buckets()\n"
    )
    (tmp_path / "app" / "__init__.py").write_text(
        "from chalice import Chalice\nfrom .views import go\napp = Chalice('a')\napp.lambda_function()(go)\n"
    )

    findings = analyse(tmp_path, Path("app", "__init__.py")).findings()

    assert [finding.path for finding in findings] == ["app/views.py"]


def test_the_recursion_of_the_tool_is_not_used_up(tmp_path: Path) -> None:
    deep = "boto3.client('s3')" + ".x()" * 300 + "\n" + "(" * 90 + "1" + ")" * 90
    (tmp_path / "app.py").write_text(f"import boto3\nx = {deep}\nboto3.client('s3').list_buckets()\n")
    limit = sys.getrecursionlimit()

    findings = analyse(tmp_path).findings()

    assert [finding.action for finding in findings] == ["s3:ListAllMyBuckets"]
    assert sys.getrecursionlimit() == limit
