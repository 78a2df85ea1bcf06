"""CDK apps with the construct, the format and the project template, really synthesised and linted."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from chalice_cdk.assets import with_parameters
from chalice_cdk.project import TEMPLATE
from chalice_core.testing import write_project

pytestmark = pytest.mark.slow

README = Path(__file__).parents[2] / "packages" / "chalice-plugins" / "chalice-cdk" / "README.md"

Synthesise = Callable[..., dict[str, Any]]
Lint = Callable[[dict[str, Any]], list[str]]


@pytest.fixture(scope="session")
def synthesise(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], dict[str, Any]]:
    """Return a function that runs a CDK app and returns the templates that it synthesises, by stack."""
    if find_spec("aws_cdk") is None:
        pytest.skip("aws-cdk-lib is not installed: pip install 'chalice-cdk[cdk]'")
    if shutil.which("node") is None:
        pytest.skip("the CDK needs Node.js, and there is no `node` on PATH")

    def run(folder: Path, **variables: str) -> dict[str, Any]:
        out = tmp_path_factory.mktemp("cdk.out")
        ended = subprocess.run(
            [sys.executable, "app.py"],
            cwd=folder,
            env={
                **os.environ,
                # What `cdk synth` sets for the apps that it runs.
                "CDK_OUTDIR": str(out),
                "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return {
            path.name.removesuffix(".template.json"): json.loads(path.read_bytes())
            for path in out.rglob("*.template.json")
        }

    return run


@pytest.fixture(scope="session")
def lint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, Any]], list[str]]:
    """Return a function that returns what cfn-lint has to say about a template."""
    from cfnlint.api import lint as cfn_lint
    from cfnlint.config import ManualArgs

    # How old the Python is that these tests run on says nothing about a template.
    settings = ManualArgs(regions=["us-east-1"], ignore_checks=["W2531", "E2531", "E2533"])

    def check(template: dict[str, Any]) -> list[str]:
        return [str(match) for match in cfn_lint(json.dumps(template), config=settings)]

    return check


RUNTIME = """
import os
from chalice import Chalice

app = Chalice(app_name="shop")


@app.route("/", cors=True)
def index():
    return {}


@app.on_s3_event(bucket="uploads-of-the-shop", events=["s3:ObjectCreated:*"], suffix=".png")
def shrink(event): ...


@app.on_s3_event(bucket=os.environ["BUCKET"])
def copy(event): ...


@app.on_sqs_message(queue_arn=os.environ["QUEUE_ARN"], batch_size=5)
def work(event): ...


@app.on_dynamodb_record(stream_arn=os.environ["STREAM_ARN"])
def rows(event): ...
"""

INFRASTRUCTURE = """
import json
import os
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb, aws_iam as iam, aws_s3 as s3, aws_sqs as sqs
from cdk_chalice import Chalice as Earlier, ChaliceError, PackageConfig
from chalice.cdk import Chalice
import chalice_cdk

SOURCES = os.environ["SOURCES"]


class Data(cdk.Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        key = dynamodb.Attribute(name="PK", type=dynamodb.AttributeType.STRING)
        self.table = dynamodb.Table(
            self, "Table", partition_key=key, stream=dynamodb.StreamViewType.NEW_IMAGE
        )
        self.queue = sqs.Queue(self, "Queue")
        self.bucket = s3.Bucket(self, "Bucket")
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


class Web(cdk.Stack):
    def __init__(self, scope, id, data, make):
        super().__init__(scope, id)
        memory = cdk.CfnParameter(self, "Memory", type="Number", default=256)
        subnets = cdk.CfnParameter(self, "Subnets", type="List<AWS::EC2::Subnet::Id>")
        config = {
            "environment_variables": {
                "TABLE": data.table.table_name,
                "QUEUE_ARN": data.queue.queue_arn,
                "STREAM_ARN": data.table.table_stream_arn,
                "BUCKET": data.bucket.bucket_name,
            },
            "lambda_functions": {
                "shrink": {
                    "lambda_memory_size": memory.value_as_number,
                    "manage_iam_role": False,
                    "iam_role_arn": data.role.role_arn,
                    "subnet_ids": subnets.value_as_list,
                    "security_group_ids": ["sg-0123456789abcdef0"],
                },
            },
        }
        self.chalice = make(self, config)
        data.table.grant_read_data(self.chalice.get_role("DefaultRole"))
        data.table.grant_write_data(self.chalice.get_function("Shrink"))
        self.chalice.add_environment_variable("EXTRA", data.table.table_arn, "APIHandler")
        self.chalice.sam_template.get_resource("RestAPI").tracing_enabled = True


app = cdk.App()
data = Data(app, "data")
first = Web(app, "web-api", data, lambda scope, config: Chalice(scope, "WebApi", SOURCES, config))
second = Web(
    cdk.Stage(app, "Prod"),
    "web",
    data := Data(app.node.find_child("Prod"), "data"),
    lambda scope, config: Earlier(
        scope,
        "WebApi",
        source_dir=SOURCES,
        stage_config=config,
        package_config=PackageConfig(env={"A": "1"}),
        preserve_logical_ids=False,
    ),
)
facts = {
    "classes": [isinstance(stack.chalice, chalice_cdk.Chalice) for stack in (first, second)],
    "stages": [first.chalice.stage_name, second.chalice.stage_name],
    "source_dir": first.chalice.source_dir,
    "env": second.chalice.package_config.env["A"],
    "same": first.chalice.get_function("Work") is first.chalice.get_function("Work")
    and first.chalice.get_role("DefaultRole") is first.chalice.get_role("DefaultRole"),
}
for method, id in (("get_resource", "Nothing"), ("get_role", "APIHandler"), ("get_function", "DefaultRole")):
    try:
        getattr(first.chalice, method)(id)
    except ChaliceError as error:
        facts[method] = str(error)
try:
    Chalice(cdk.Stack(app, "broken"), "WebApi", SOURCES, {"lambda_timout": 1})
except ChaliceError as error:
    facts["broken"] = str(error)
app.node.try_remove_child("broken")
Path("facts.json").write_text(json.dumps(facts))
app.synth()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cdk-app")
    write_project(
        root / "runtime",
        source=RUNTIME,
        config={"version": "2.0", "app_name": "shop", "automatic_layer": True, "stages": {"dev": {}}},
        files={"vendor/vendored.py": "x = 1\n", "requirements.txt": ""},
    )
    (root / "infrastructure").mkdir()
    (root / "infrastructure" / "app.py").write_text(INFRASTRUCTURE)
    return root


@pytest.fixture(scope="module")
def synthesised(folder: Path, synthesise: Synthesise) -> dict[str, Any]:
    return synthesise(folder / "infrastructure", SOURCES=str(folder / "runtime"))


@pytest.fixture(scope="module")
def web(synthesised: dict[str, Any]) -> dict[str, Any]:
    template: dict[str, Any] = synthesised["web-api"]
    return template


@pytest.fixture(scope="module")
def facts(synthesised: dict[str, Any], folder: Path) -> Any:
    return json.loads((folder / "infrastructure" / "facts.json").read_text())


def properties(template: dict[str, Any], resource: str) -> Any:
    return template["Resources"][resource]["Properties"]


class TestTheConstruct:
    def test_includes_the_whole_template(self, web: dict[str, Any], folder: Path) -> None:
        out = folder / "infrastructure" / "chalice.out" / "web-apiWebApi"
        packaged = with_parameters(json.loads((out / "sam.json").read_bytes()))

        assert packaged["Resources"].keys() <= web["Resources"].keys()
        assert packaged["Outputs"].keys() <= web["Outputs"].keys()
        # What had no value before synthesis has one, and nothing else is another than it was packaged.
        for name, resource in packaged["Resources"].items():
            assert differences(resource, web["Resources"][name]) <= {
                "Bucket",
                "BUCKET",
                "EXTRA",
                "Key",
                "MemorySize",
                "QUEUE_ARN",
                "Queue",
                "Resource",
                "Role",
                "STREAM_ARN",
                "SourceArn",
                "Stream",
                "SubnetIds",
                "TABLE",
                "TracingEnabled",
            }

    def test_leaves_no_token_and_no_stand_in(self, synthesised: dict[str, Any]) -> None:
        text = json.dumps(synthesised)

        assert "Token[" not in text
        assert "cdktoken" not in text
        assert "e+289" not in text

    def test_uploads_code_and_layer(self, web: dict[str, Any]) -> None:
        code, layer = properties(web, "APIHandler")["CodeUri"], properties(web, "ManagedLayer")["ContentUri"]

        assert re.fullmatch(r"[0-9a-f]{64}\.zip", code["Key"])
        assert re.fullmatch(r"[0-9a-f]{64}\.zip", layer["Key"])
        assert code["Key"] != layer["Key"]
        assert properties(web, "Work")["CodeUri"] == code

    def test_resolves_values_of_other_stacks(self, web: dict[str, Any]) -> None:
        work = properties(web, "Work")

        assert "Fn::ImportValue" in work["Environment"]["Variables"]["TABLE"]
        assert "Fn::ImportValue" in work["Events"]["WorkSqsEventSource"]["Properties"]["Queue"]
        assert "Fn::ImportValue" in properties(web, "Shrink")["Role"]

    def test_resolves_parameters_that_are_numbers_and_lists(self, web: dict[str, Any]) -> None:
        assert properties(web, "Shrink")["MemorySize"] == {"Ref": "Memory"}
        assert properties(web, "Shrink")["VpcConfig"]["SubnetIds"] == {"Ref": "Subnets"}

    def test_adds_variables_and_takes_changes(self, web: dict[str, Any]) -> None:
        variables = properties(web, "APIHandler")["Environment"]["Variables"]

        assert {"EXTRA", "TABLE"} <= variables.keys()
        assert properties(web, "RestAPI")["TracingEnabled"] is True

    def test_grants_to_roles_and_to_functions_with_a_role_of_their_own(
        self, synthesised: dict[str, Any], web: dict[str, Any]
    ) -> None:
        (policy,) = (
            resource["Properties"]
            for resource in web["Resources"].values()
            if resource["Type"] == "AWS::IAM::Policy"
            and "dynamodb:GetItem" in json.dumps(resource["Properties"]["PolicyDocument"])
        )
        assert "DefaultRole" in json.dumps(policy["Roles"])
        both = json.dumps([synthesised["data"], web])
        assert "dynamodb:PutItem" in both

    def test_is_clean(self, synthesised: dict[str, Any], lint: Lint) -> None:
        assert [match for template in synthesised.values() for match in lint(template)] == []

    def test_makes_ids_unique_when_they_are_not_preserved(self, synthesised: dict[str, Any]) -> None:
        (name,) = (name for name in synthesised if name.startswith("Prodweb"))
        resources = synthesised[name]["Resources"]

        assert "APIHandler" not in resources
        handler = next(id for id in resources if id.startswith("WebApiChaliceAppAPIHandler"))
        assert "EXTRA" in properties(synthesised[name], handler)["Environment"]["Variables"]

    def test_has_the_attributes_of_the_earlier_ones(self, facts: Any, folder: Path) -> None:
        assert facts["classes"] == [True, True]
        assert facts["stages"] == ["web-api", "Prod/web"]
        assert facts["source_dir"] == str(folder / "runtime")
        assert facts["env"] == "1"
        assert facts["same"] is True

    def test_names_what_is_not_there(self, facts: Any) -> None:
        assert "has no resource 'Nothing'" in facts["get_resource"]
        assert "APIHandler" in facts["get_resource"]
        assert "'APIHandler' of the application" in facts["get_role"]
        assert "AWS::Serverless::Function" in facts["get_role"]
        assert "AWS::IAM::Role" in facts["get_function"]
        assert 'did you mean "lambda_timeout"' in facts["broken"]

    def test_writes_nothing_into_the_configuration(self, synthesised: dict[str, Any], folder: Path) -> None:
        config = json.loads((folder / "runtime" / ".chalice" / "config.json").read_text())

        assert config["stages"] == {"dev": {}}


def differences(packaged: Any, synthesised: Any, key: str = "") -> set[str]:
    """Return the keys whose values differ, the innermost ones."""
    if isinstance(packaged, dict) and isinstance(synthesised, dict):
        if "Fn::Sub" in packaged.keys() | synthesised.keys() or "Fn::Join" in synthesised:
            return set() if packaged == synthesised else {key}
        return {
            found
            for name in packaged.keys() | synthesised.keys()
            for found in differences(packaged.get(name), synthesised.get(name), name)
        }
    if isinstance(packaged, list) and isinstance(synthesised, list) and len(packaged) == len(synthesised):
        pairs = zip(packaged, synthesised, strict=True)
        return {found for one, other in pairs for found in differences(one, other, key)}
    return set() if packaged == synthesised else {key}


def test_the_project_template_has_a_stack_and_tests_that_pass(
    tmp_path: Path, synthesise: Synthesise, lint: Lint
) -> None:
    pytest.importorskip("boto3", reason="the application of the template uses boto3")
    for name, text in TEMPLATE.files.items():
        path = tmp_path.joinpath(*name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{{app_name}}", "users"))
    # What the application is imported with is already here, and no package index is contacted.
    (tmp_path / "runtime" / "requirements.txt").write_text("")

    (template,) = synthesise(tmp_path / "infrastructure").values()

    assert lint(template) == []
    variables = properties(template, "APIHandler")["Environment"]["Variables"]
    table = variables["APP_TABLE_NAME"]["Ref"]
    assert template["Resources"][table]["Type"] == "AWS::DynamoDB::Table"
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path / "runtime",
        env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout


def test_the_app_that_the_format_writes_synthesises_without_the_tools(
    tmp_path: Path, synthesise: Synthesise, lint: Lint
) -> None:
    from chalice_cdk.hooks import CdkPlugin
    from chalice_core.apphost import describe
    from chalice_core.artifact import BuildRequest
    from chalice_core.config import load_config
    from chalice_core.lowering import build_graph, with_built_layers
    from chalice_core.plugins import collect_named, load_plugins
    from chalice_core.target import FormatRequest

    plugins = load_plugins(blocked=frozenset({"cdk"}))
    plugin = CdkPlugin()
    plugin.chalice_plugins_loaded(plugins=plugins)
    plugins.register(plugin, "the-cdk")
    folder = write_project(
        tmp_path / "runtime",
        source=RUNTIME.split("@app.on_s3_event(bucket=os")[0],
        config={"version": "2.0", "app_name": "shop", "automatic_layer": True},
        files={"vendor/vendored.py": "x = 1\n", "requirements.txt": ""},
    )
    config = load_config(folder, plugins).stage("dev")
    manifest = describe(folder, Path(sys.executable))
    built = plugins.hook.chalice_build_artifacts(
        request=BuildRequest(manifest=manifest, config=config, cache_dir=tmp_path / "cache")
    )
    graph = build_graph(manifest.app, manifest.python.lambda_runtime, config, plugins)
    formats = collect_named(plugins, "chalice_output_formats", thing="output format")
    files = formats["cdk"].render(
        FormatRequest(
            graph=with_built_layers(graph, built.artifacts),
            app=manifest.app,
            config=config,
            artifacts=built.artifacts,
        )
    )
    out = tmp_path / "out"
    out.mkdir()
    for name, content in files.items():
        (out / name).write_bytes(content if isinstance(content, bytes) else content.read_bytes())

    (template,) = synthesise(out).values()

    assert lint(template) == []
    assert properties(template, "APIHandler")["CodeUri"]["Key"].endswith(".zip")
    assert properties(template, "ManagedLayer")["ContentUri"]["Key"].endswith(".zip")
    assert "DeploymentZipBucket" not in json.dumps(template)


def test_the_example_of_the_readme_synthesises(
    tmp_path: Path,
    synthesise: Callable[..., dict[str, Any]],
    lint: Callable[[dict[str, Any]], list[str]],
) -> None:
    text = README.read_text(encoding="utf-8")
    runtime, infrastructure, _ = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    config = {"version": "2.0", "app_name": "thumbs"}
    write_project(tmp_path / "runtime", source=runtime, config=config, files={"requirements.txt": ""})
    (tmp_path / "infrastructure").mkdir()
    (tmp_path / "infrastructure" / "app.py").write_text(infrastructure)

    template = synthesise(tmp_path / "infrastructure")["web-api"]

    resources = template["Resources"]
    assert lint(template) == []
    assert resources["RestAPI"]["Properties"]["StageName"] == "v1"
    assert resources["RestAPI"]["Properties"]["TracingEnabled"] is True
    assert resources["APIHandler"]["Properties"]["Environment"]["Variables"]["LOG_LEVEL"] == "INFO"
    queue = resources["Work"]["Properties"]["Events"]["WorkSqsEventSource"]["Properties"]["Queue"]
    assert resources[queue["Fn::GetAtt"][0]]["Type"] == "AWS::SQS::Queue"
