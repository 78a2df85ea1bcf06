"""A stack that the predecessor's template made is updated in place by ours.

The same applications are packaged by both.  What may differ is listed in
`DIFFERENCES`, with the reason; a difference that is not listed fails, and so
does one that is listed and is not there.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chalice_core.apphost import describe
from chalice_core.artifact import Artifact
from chalice_core.config import load_config
from chalice_core.kinds import DEPLOYMENT, LAYER
from chalice_core.lowering import build_graph
from chalice_core.plugins import collect_named, load_plugins
from chalice_core.target import FormatRequest

APP = '''\
from chalice import Chalice

app = Chalice(app_name="shop")
app.api.binary_types.append("application/x-parcel")


@app.route("/")
def index():
    """Say hello.

    To everybody.
    """
    return {}


@app.route("/users/{name}", methods=["GET", "POST"], cors=True, content_types=["text/plain"])
def user(name):
    return {}


@app.route("/keys", api_key_required=True)
def keys():
    return {}


@app.route("/files/{proxy+}")
def files():
    return {}


@app.on_sqs_message(queue="orders", batch_size=5)
def work(event):
    return None


@app.on_sqs_message(
    queue_arn="arn:aws:sqs:us-east-1:123456789012:elsewhere",
    batch_size=50,
    maximum_batching_window_in_seconds=3,
    maximum_concurrency=7,
)
def work_moreStuff(event):
    return None


@app.lambda_function(name="add-up")
def add(event, context):
    return None
'''

PURE_APP = """\
from chalice import Chalice

app = Chalice(app_name="shop")


@app.lambda_function()
def add(event, context):
    return None
"""

GUARDED_APP = """\
from chalice import AuthResponse, Chalice, CognitoUserPoolAuthorizer, CustomAuthorizer, IAMAuthorizer

app = Chalice(app_name="shop")
pool = CognitoUserPoolAuthorizer(
    "My Pool", ["arn:aws:cognito-idp:us-west-2:123456789012:userpool/us-west-2_abc"], scopes=["read"]
)
foreign = CustomAuthorizer(
    "foreign",
    "arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-west-2:123456789012:function:f/invocations",
    ttl_seconds=0,
    header="X-Token",
    invoke_role_arn="arn:aws:iam::123456789012:role/caller",
)
other = CustomAuthorizer(
    "other",
    "arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-west-2:123456789012:function:g/invocations",
)


@app.authorizer(
    ttl_seconds=0, execution_role="arn:aws:iam::123456789012:role/x", name="key-er", header="X-Key"
)
def keeper(request):
    return AuthResponse(["*"], "me")


@app.authorizer()
def my_keeper(request):
    return AuthResponse(["*"], "me")


@app.authorizer()
def unused(request):
    return AuthResponse(["*"], "me")


@app.route("/", authorizer=keeper, cors=True)
def index():
    return {}


@app.route("/scopes", authorizer=my_keeper.with_scopes(["a", "b"]), api_key_required=True)
def scopes():
    return {}


@app.route("/iam", authorizer=IAMAuthorizer())
def iam():
    return {}


@app.route("/pool", authorizer=pool, methods=["GET", "POST"])
def pooled():
    return {}


@app.route("/pool/{id}", authorizer=pool.with_scopes(["x/y"]))
def other_scopes(id):
    return {}


@app.route("/foreign", authorizer=foreign)
def of_others():
    return {}


@app.route("/other", authorizer=other)
def of_more():
    return {}


@app.route("/open")
def everybody():
    return {}
"""

EVENTS_APP = """\
from chalice import Chalice, Cron, Rate

app = Chalice(app_name="shop")


@app.route("/")
def index():
    return {}


@app.schedule("rate(5 minutes)", name="every-now")
def every(event):
    return None


@app.schedule(Rate(1, unit=Rate.HOURS))
def hourly(event):
    return None


@app.schedule(Cron(0, 12, "*", "*", "?", "*"), description="At noon")
def at_noon(event):
    return None


@app.on_cw_event({"source": ["aws.codecommit"], "detail": {"state": ["${x}"]}})
def committed(event):
    return None


@app.on_sns_message(topic="news")
def news(event):
    return None


@app.on_sns_message(topic="arn:aws:sns:us-west-2:123456789012:t", name="other_news")
def more_news(event):
    return None


@app.on_sqs_message(queue="orders")
def orders(event):
    return None


@app.on_kinesis_record(
    stream="clicks", batch_size=10, starting_position="TRIM_HORIZON", maximum_batching_window_in_seconds=3
)
def clicks(event):
    return None


@app.on_dynamodb_record(
    stream_arn="arn:aws:dynamodb:us-west-2:123456789012:table/rows/stream/2020-01-01T00:00:00.000"
)
def rows(event):
    return None
"""

SOCKETS_APP = """\
from chalice import Chalice

app = Chalice(app_name="shop")
app.experimental_feature_flags.update(["WEBSOCKETS"])


@app.route("/")
def index():
    return {}


@app.on_ws_connect(name="opened")
def connect(event):
    return None


@app.on_ws_message()
def message(event):
    return None


@app.on_ws_disconnect()
def disconnect(event):
    return None
"""

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"

CONFIG: dict[str, Any] = {
    "version": "2.0",
    "app_name": "shop",
    "stages": {
        "dev": {},
        "rich": {
            "api_gateway_stage": "v1",
            "api_gateway_endpoint_type": "REGIONAL",
            "minimum_compression_size": 0,
            "log_retention_in_days": 7,
            "xray": True,
            "environment_variables": {"NAME": "${literal}"},
            "tags": {"team": "blue"},
            "lambda_memory_size": 512,
            "lambda_timeout": 30,
            "lambda_architecture": "arm64",
            "reserved_concurrency": 0,
            "layers": ["arn:aws:lambda:us-west-2:123456789012:layer:tools:3"],
            "subnet_ids": ["subnet-1"],
            "security_group_ids": ["sg-1"],
        },
        "roles": {"autogen_policy": False, "iam_policy_file": "policy.json"},
        "private": {"api_gateway_endpoint_type": "PRIVATE", "api_gateway_endpoint_vpce": "vpce-1"},
        "owned": {"manage_iam_role": False, "iam_role_arn": "arn:aws:iam::123456789012:role/own"},
        "edge": {
            "api_gateway_custom_domain": {
                "domain_name": "api.example.com",
                "certificate_arn": CERTIFICATE,
                "tls_version": "TLS_1_0",
            },
        },
        "domains": {
            "api_gateway_endpoint_type": "REGIONAL",
            "api_gateway_custom_domain": {
                "domain_name": "api.example.com",
                "certificate_arn": CERTIFICATE,
                "url_prefix": "v1",
                "tags": {"team": "blue"},
            },
            "websocket_api_custom_domain": {
                "domain_name": "chat.example.com",
                "certificate_arn": CERTIFICATE,
                "tags": {"team": "blue"},
            },
        },
        "layered": {
            "automatic_layer": True,
            "layers": ["arn:aws:lambda:us-west-2:123456789012:layer:tools:3"],
        },
    },
}

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}],
}

OTHER_CASES = {
    "pure": (PURE_APP, "dev"),
    "guarded": (GUARDED_APP, "dev"),
    "events": (EVENTS_APP, "dev"),
    "sockets": (SOCKETS_APP, "dev"),
    "socket domains": (SOCKETS_APP, "domains"),
}
CASES = [*((APP, stage) for stage in CONFIG["stages"]), *OTHER_CASES.values()]
NAMES = [*CONFIG["stages"], *OTHER_CASES]

POLICY_OF_ROLE = r"Resources/DefaultRole/Properties/Policies/0/PolicyDocument/Statement"

DIFFERENCES: Mapping[str, str] = {
    r"Resources/\w+/Properties/Tags/aws-chalice": "The tag holds the version, and ours is another.",
    r"Resources/\w+/Properties/AssumeRolePolicyDocument/Statement/0/Sid": "An empty Sid says nothing.",
    POLICY_OF_ROLE + r"/0/Resource": "The ARN names the partition that is deployed to, not all of them.",
    POLICY_OF_ROLE + r"/[1-9]\d*(/.*)?": "Queues are named, not allowed altogether; nothing is there twice.",
    r"Resources/APIHandlerInvokePermission/Properties/SourceArn/Fn::Sub": "The same in fewer words.",
    r"Resources/(KeyEr|MyKeeper|Unused)InvokePermission/Properties/SourceArn/Fn::Sub": (
        "The API's authorizers call an authorizer, and none of its methods."
    ),
    r"Resources/(KeyEr|MyKeeper|Unused)InvokePermission/Properties/FunctionName/(Ref|Fn::GetAtt)": (
        "The same function, by its name as everywhere; the permission is replaced for its SourceArn anyway."
    ),
    r"Resources/ApiHandlerLogGroup/Properties/.*": "The predecessor names a function that is not there.",
    r"Resources/RestAPI/Properties/DefinitionBody/paths/.*/options/parameters": (
        "A preflight declares the path's parameters, as every other method does."
    ),
    r"Resources/RestAPI/Properties/DefinitionBody/paths/.*\{proxy\+\}/get/parameters": (
        "A greedy part of a path is a parameter, too."
    ),
    r"Resources/RestAPI/Properties/DefinitionBody/x-amazon-apigateway-policy/Statement/0/"
    r"(Resource|Condition/StringEquals/aws:SourceVpce)": "The same, and no more than this API.",
    r"Resources/RestAPI/Properties/TracingEnabled": "X-Ray is switched on for the API as well.",
    r"Resources/AtNoon/Properties/Events/AtNoonEvent/Properties/Description": "A rule says what it is for.",
    r"Resources/OtherNews/Properties/Events/OtherNewsSnsSubscription/Properties/Region": (
        "A topic's ARN may name another region than the stack's, and SNS has to be told."
    ),
    r"Resources/DefaultRoleManagesConnections": (
        "Sending to connections is allowed of this API alone, which is made after the role."
    ),
    r"Resources/Websocket(Connect|Message|Disconnect)APIIntegration/Properties/IntegrationUri/Fn::Sub": (
        "The same in fewer words."
    ),
    r"Resources/Websocket(Connect|Message|Disconnect)InvokePermission/Properties/SourceArn/Fn::Sub": (
        "The same in fewer words."
    ),
    r"Resources/WebsocketAPIStage/(DependsOn|Properties/(AutoDeploy|DeploymentId))": (
        "The stage deploys what changes; the predecessor's deployment was made once and never again."
    ),
    r"Resources/WebsocketApiCustomDomain/Properties/DomainNameConfigurations/0/SecurityPolicy": (
        "The version of TLS that is configured is asked for."
    ),
    r"Resources/(ApiGateway|WebsocketApi)CustomDomainMapping/Properties/(BasePath|ApiMappingKey)": (
        "No path is no path, where the predecessor writes '(none)'."
    ),
    r"Resources/ApiGatewayCustomDomainMapping/Properties/Stage": (
        "The mapping waits for the stage, which it names by reference."
    ),
}
"""Where templates differ, as a path, and why."""

ADDED = {"DefaultRoleManagesConnections": "AWS::IAM::Policy"}
"""What only ours have, with its type."""

FURTHER_ACTIONS = {"kinesis:DescribeStreamSummary", "kinesis:ListShards"}
"""Actions that only ours allow: AWS lists them among those that reading a stream takes."""


@dataclass(frozen=True)
class Pair:
    """The templates of one application."""

    theirs: Mapping[str, Any]
    ours: Mapping[str, Any]


def _project(folder: Path, app: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(app, encoding="utf-8")
    (folder / "requirements.txt").touch()
    (folder / ".chalice").mkdir()
    (folder / ".chalice" / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    # What a managed layer holds, or there would be none.
    (folder / "vendor").mkdir()
    (folder / "vendor" / "brought.py").write_text("x = 1\n", encoding="utf-8")
    (folder / ".chalice" / "policy.json").write_text(json.dumps(POLICY), encoding="utf-8")
    return folder


def _ours(project: Path, stage: str) -> Mapping[str, Any]:
    plugins = load_plugins()
    manifest = describe(project, Path(sys.executable))
    config = load_config(project, plugins).stage(stage)
    graph = build_graph(manifest.app, manifest.python.lambda_runtime, config, plugins)
    form = collect_named(plugins, "chalice_output_formats", thing="output format")["cloudformation"]
    built = Artifact(path=project / "deployment.zip", sha256="0" * 64, size=0)
    artifacts = {DEPLOYMENT: built, LAYER: built}
    request = FormatRequest(graph=graph, app=manifest.app, config=config, artifacts=artifacts)
    template: Mapping[str, Any] = json.loads(form.render(request)["sam.json"])
    return template


@pytest.fixture(scope="session")
def pairs(predecessor: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Pair]:
    """Package every application with both."""
    folder = tmp_path_factory.mktemp("packaged")
    environment = {**os.environ, "AWS_DEFAULT_REGION": "us-west-2"}
    running = []
    for name, (app, stage) in zip(NAMES, CASES, strict=True):
        project = _project(folder / "theirs" / name, app)
        command = [str(predecessor), "package", "--stage", stage, str(folder / name)]
        running.append(
            subprocess.Popen(
                command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
        )
    ours = {
        name: _ours(_project(folder / "ours" / name, app), stage)
        for name, (app, stage) in zip(NAMES, CASES, strict=True)
    }
    for process in running:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output.decode()
    return {
        name: Pair(json.loads((folder / name / "sam.json").read_text(encoding="utf-8")), ours[name])
        for name in NAMES
    }


def differences(theirs: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Yield the path of each leaf or branch that differs."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(theirs.keys() | ours.keys()):
            inner = f"{path}/{key}" if path else key
            if key in theirs and key in ours:
                yield from differences(theirs[key], ours[key], inner)
            else:
                yield inner
    elif isinstance(theirs, list) and isinstance(ours, list):
        for index in range(max(len(theirs), len(ours))):
            inner = f"{path}/{index}"
            if index < len(theirs) and index < len(ours):
                yield from differences(theirs[index], ours[index], inner)
            else:
                yield inner
    elif type(theirs) is not type(ours) or theirs != ours:
        yield path


def reasons(path: str) -> list[str]:
    """Return the entries of the table that allow a difference."""
    return [pattern for pattern in DIFFERENCES if re.fullmatch(pattern, path)]


def test_a_difference_would_be_found_at_any_depth() -> None:
    theirs = {"a": [{"b": 1}, 2], "c": 0, "d": {}}
    ours = {"a": [{"b": 2}], "c": False, "e": {}}

    assert list(differences(theirs, ours)) == ["a/0/b", "a/1", "c", "d", "e"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_templates_differ_only_where_the_table_says(pairs: Mapping[str, Pair], name: str) -> None:
    pair = pairs[name]

    unexplained = [path for path in differences(pair.theirs, pair.ours) if not reasons(path)]

    assert unexplained == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_resource_and_no_output_gets_another_name(pairs: Mapping[str, Pair], name: str) -> None:
    pair = pairs[name]

    assert set(pair.ours["Outputs"]) == set(pair.theirs["Outputs"])
    theirs, ours = (
        {id: r["Type"] for id, r in each["Resources"].items()} for each in (pair.theirs, pair.ours)
    )
    assert theirs.items() <= ours.items()
    assert ours.items() - theirs.items() <= ADDED.items()


@pytest.mark.slow
def test_the_table_lists_no_difference_that_is_not_there(pairs: Mapping[str, Pair]) -> None:
    paths = [path for pair in pairs.values() for path in differences(pair.theirs, pair.ours)]

    used = {pattern for path in paths for pattern in reasons(path)}

    assert set(DIFFERENCES) == used


@pytest.mark.slow
def test_ours_allows_the_actions_that_theirs_allowed(pairs: Mapping[str, Pair]) -> None:
    for pair in pairs.values():
        for id, resource in pair.theirs["Resources"].items():
            if resource["Type"] == "AWS::IAM::Role":
                theirs, ours = _actions(pair.theirs, id), _actions(pair.ours, id)
                assert theirs <= ours
                assert ours - theirs <= FURTHER_ACTIONS


def _actions(template: Mapping[str, Any], role: str) -> set[str]:
    """Return what a role may do by its own policy and by those that are added to it."""
    (own,) = template["Resources"][role]["Properties"]["Policies"]
    added = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::Policy" and {"Ref": role} in resource["Properties"]["Roles"]
    ]
    documents = [policy["PolicyDocument"] for policy in (own, *added)]
    return {action for document in documents for each in document["Statement"] for action in each["Action"]}
