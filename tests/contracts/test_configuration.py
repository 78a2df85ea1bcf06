"""Every key of the configuration holds where it may stand, and shows in every target.

`ROWS` has a row for each built-in key: two good values, what is shown of them, and a bad one.  What a row
says is then tested in each scope, for each sort of function, in what AWS is told and in what the formats
write.  A new key fails here until it has a row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from chalice_core.artifact import Artifact
from chalice_core.config import ConfigKey, InvalidConfigError, StageConfig, load_config
from chalice_core.config.keys import BUILTIN
from chalice_core.graph import Graph
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import DEPLOYMENT, LAYER
from chalice_core.lowering import build_graph
from chalice_core.plugins import Plugins, collect_named, load_plugins, realisation_of
from chalice_core.target import FormatRequest
from chalice_core.testing import app, event, route, write_project
from chalice_core.validation import InvalidAppError
from chalice_core.values import Output, Pseudo, Text
from chalice_deploy.properties import Document, Secret

ABSENT = "absent"
"""What is found where nothing is."""

FUNCTIONS = {
    "api_handler": "APIHandler",
    "work": "Work",
    "websocket_message": "WebsocketMessage",
}
"""A function of each sort that has a name of its own in the configuration, with its logical id in SAM."""

APP = app(
    routes=[route("/")],
    pure=["work", "other"],
    events=[event("websocket", "on_ws_message", "websocket_message", route_key="$default")],
)

Shown: TypeAlias = Mapping[tuple[str, str], Any]
"""What is found, by target and path."""


# ---- what is shown of a value


def in_functions(
    sam: str,
    terraform: str,
    aws: str,
    *,
    unset: Sequence[Any],
    spell: Callable[[Any], Any] = lambda value: value,
) -> Callable[[str, Any], Shown]:
    """Say that a value is a property of functions, in each target by its name there.

    Args:
        sam: the property in SAM's template.
        terraform: the argument in Terraform.
        aws: the property that AWS is told.
        unset: what the three have when the key is not given.
        spell: turns a value of the key into the property's.
    """

    def shown(function: str, value: Any) -> Shown:
        sam_value, terraform_value, aws_value = unset if value is None else [spell(value)] * 3
        return {
            ("sam", f"{FUNCTIONS[function]}/{sam}"): sam_value,
            ("terraform", f"aws_lambda_function/{function}/{terraform}"): terraform_value,
            ("aws", f"{function}/{aws}"): aws_value,
        }

    return shown


def _role(function: str, value: str | None) -> Shown:
    """Say which role a function has: None for the shared one, ``own``, or an ARN."""
    if value is None:
        sam, terraform, aws = (
            {"Fn::GetAtt": ["DefaultRole", "Arn"]},
            "<aws_iam_role.default-role.arn>",
            "{default-role.arn}",
        )
    elif value == "own":
        sam = {
            "Fn::GetAtt": [{"api_handler": "ApiHandler"}.get(function, FUNCTIONS[function]) + "Role", "Arn"]
        }
        terraform, aws = f"<aws_iam_role.{function}_role.arn>", f"{{{function}_role.arn}}"
    else:
        sam = terraform = aws = value  # type: ignore[assignment]
    return {
        ("sam", f"{FUNCTIONS[function]}/Role"): sam,
        ("terraform", f"aws_lambda_function/{function}/role"): terraform,
        ("aws", f"{function}/Role"): aws,
    }


def _policy_of(function: str, file: str | None) -> Shown:
    if file is None:
        return _role(function, None)
    role = {"api_handler": "ApiHandler"}.get(function, FUNCTIONS[function]) + "Role"
    policy = policy_file(file)
    return {
        **_role(function, "own"),
        ("sam", f"{role}/Policies/0/PolicyDocument"): policy,
        ("terraform", f"aws_iam_role_policy/{function}_role/policy"): policy,
        ("aws", f"{function}_role/PolicyDocument"): policy,
    }


def _tags(value: Mapping[str, str]) -> dict[str, str]:
    from importlib.metadata import version

    return {**value, "aws-chalice": f"version={version('chalice-core')}:stage=dev:app=hello"}


def _log_group(function: str, days: int | None) -> Shown:
    group = {"api_handler": "ApiHandler"}.get(function, FUNCTIONS[function]) + "LogGroup"
    name = "/aws/lambda/hello-dev" + ("" if function == "api_handler" else f"-{function}")
    return {
        ("sam", f"{group}/RetentionInDays"): ABSENT if days is None else days,
        ("sam", f"{group}/LogGroupName"): ABSENT
        if days is None
        # CloudFormation names the function, so the group is named after it.
        else {"Fn::Sub": f"/aws/lambda/${{{FUNCTIONS[function]}}}"},
        ("terraform", f"aws_cloudwatch_log_group/{function}_log_group/retention_in_days"): ABSENT
        if days is None
        else days,
        ("terraform", f"aws_cloudwatch_log_group/{function}_log_group/name"): ABSENT
        if days is None
        else name,
        ("aws", f"{function}_log_group/retentionInDays"): days,
        ("aws", f"{function}_log_group/logGroupName"): name,
    }


def _endpoint_type(_: str, value: str | None) -> Shown:
    value = value or "EDGE"
    return {
        ("sam", "RestAPI/EndpointConfiguration"): value,
        ("terraform", "aws_api_gateway_rest_api/rest_api/endpoint_configuration/types/0"): value,
        ("aws", "rest_api/EndpointConfiguration/types/0"): value,
    }


def _endpoints(_: str, value: str | list[str] | None) -> Shown:
    """The endpoints are those of the API, and its policy lets in what comes through them."""
    ids = ABSENT if value is None else [value] if isinstance(value, str) else value
    condition = "x-amazon-apigateway-policy/Statement/0/Condition/StringEquals/aws:SourceVpce"
    given = "x-amazon-apigateway-endpoint-configuration/vpcEndpointIds"
    arguments = "aws_api_gateway_rest_api/rest_api/endpoint_configuration/vpc_endpoint_ids"
    return {
        **{(target, f"{body}/{part}"): ids for target, body in BODY.items() for part in (condition, given)},
        ("terraform", arguments): ids,
        ("aws", "rest_api/EndpointConfiguration/vpcEndpointIds"): ids,
    }


def _api_policy(_: str, file: str | None) -> Shown:
    policy = ABSENT if file is None else policy_file(file)
    return {(target, f"{body}/x-amazon-apigateway-policy"): policy for target, body in BODY.items()}


BODY = {
    "sam": "RestAPI/DefinitionBody",
    "terraform": "local/chalice_api_swagger",
    "aws": "rest_api/Body",
}
"""Where each target has the API's definition."""


def _compression(_: str, value: int | None) -> Shown:
    return {
        ("sam", "RestAPI/MinimumCompressionSize"): ABSENT if value is None else value,
        # A number that asks for it switches compression off again.
        ("terraform", "aws_api_gateway_rest_api/rest_api/minimum_compression_size"): "-1"
        if value is None
        else str(value),
        ("aws", "rest_api/MinimumCompressionSize"): value,
    }


def _api_stage(_: str, value: str | None) -> Shown:
    """The WebSocket API has the same stage."""
    value = value or "api"
    paths = {
        "sam": ("RestAPI/StageName", "WebsocketAPIStage/StageName"),
        "terraform": (
            "aws_api_gateway_stage/rest_api/stage_name",
            "aws_apigatewayv2_stage/websocket_api_stage/name",
        ),
        "aws": ("rest_api/StageName", "websocket_api/StageName"),
    }
    return {(target, path): value for target, found in paths.items() for path in found}


CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/b1b2b3b4-1111-2222-3333-444455556666"


def _rest_domain(_: str, value: Mapping[str, Any] | None) -> Shown:
    terraform, aws = "api_gateway_custom_domain", "api_gateway_custom_domain"
    if value is None:
        return {
            ("sam", "ApiGatewayCustomDomain"): ABSENT,
            ("terraform", f"aws_api_gateway_domain_name/{terraform}"): ABSENT,
            ("aws", aws): ABSENT,
        }
    tls, tags = value.get("tls_version", "TLS_1_2"), value.get("tags", {})
    path = value.get("url_prefix", "").strip("/")
    return {
        ("sam", "ApiGatewayCustomDomain"): {
            "DomainName": value["domain_name"],
            "EndpointConfiguration": {"Types": ["EDGE"]},
            "CertificateArn": CERTIFICATE,
            "SecurityPolicy": tls,
            **({"Tags": [{"Key": key, "Value": text} for key, text in tags.items()]} if tags else {}),
        },
        ("sam", "ApiGatewayCustomDomainMapping"): {
            "DomainName": {"Ref": "ApiGatewayCustomDomain"},
            "RestApiId": {"Ref": "RestAPI"},
            "Stage": {"Fn::Sub": "${RestAPI.Stage}"},
            **({"BasePath": path} if path else {}),
        },
        ("terraform", f"aws_api_gateway_domain_name/{terraform}"): {
            "domain_name": value["domain_name"],
            "certificate_arn": CERTIFICATE,
            "security_policy": tls,
            "endpoint_configuration": {"types": ["EDGE"]},
            **({"tags": tags} if tags else {}),
        },
        ("terraform", f"aws_api_gateway_base_path_mapping/{terraform}_mapping"): {
            "domain_name": f"<aws_api_gateway_domain_name.{terraform}.domain_name>",
            "api_id": "<aws_api_gateway_rest_api.rest_api.id>",
            "stage_name": "<aws_api_gateway_stage.rest_api.stage_name>",
            **({"base_path": path} if path else {}),
        },
        ("aws", aws): {
            "DomainName": value["domain_name"],
            "Protocol": "REST",
            "EndpointType": "EDGE",
            "CertificateArn": CERTIFICATE,
            "SecurityPolicy": tls,
            "Tags": tags,
        },
        ("aws", f"{aws}_mapping"): {
            "DomainName": "{api_gateway_custom_domain.domain_name}",
            "Protocol": "REST",
            "BasePath": path,
            "ApiId": "{rest_api.api_id}",
            "Stage": "api",
        },
    }


def _websocket_domain(_: str, value: Mapping[str, Any] | None) -> Shown:
    id = "websocket_api_custom_domain"
    if value is None:
        return {
            ("sam", "WebsocketApiCustomDomain"): ABSENT,
            ("terraform", f"aws_apigatewayv2_domain_name/{id}"): ABSENT,
            ("aws", id): ABSENT,
        }
    tags, path = value.get("tags", {}), value.get("url_prefix", "").strip("/")
    return {
        ("sam", "WebsocketApiCustomDomain"): {
            "DomainName": value["domain_name"],
            "DomainNameConfigurations": [
                {"CertificateArn": CERTIFICATE, "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2"}
            ],
            **({"Tags": tags} if tags else {}),
        },
        ("sam", "WebsocketApiCustomDomainMapping"): {
            "DomainName": {"Ref": "WebsocketApiCustomDomain"},
            "ApiId": {"Ref": "WebsocketAPI"},
            "Stage": {"Ref": "WebsocketAPIStage"},
            **({"ApiMappingKey": path} if path else {}),
        },
        ("terraform", f"aws_apigatewayv2_domain_name/{id}"): {
            "domain_name": value["domain_name"],
            "domain_name_configuration": {
                "certificate_arn": CERTIFICATE,
                "endpoint_type": "REGIONAL",
                "security_policy": "TLS_1_2",
            },
            **({"tags": tags} if tags else {}),
        },
        ("terraform", f"aws_apigatewayv2_api_mapping/{id}_mapping"): {
            "domain_name": f"<aws_apigatewayv2_domain_name.{id}.domain_name>",
            "api_id": "<aws_apigatewayv2_api.websocket_api.id>",
            "stage": "<aws_apigatewayv2_stage.websocket_api_stage.id>",
            **({"api_mapping_key": path} if path else {}),
        },
        ("aws", id): {
            "DomainName": value["domain_name"],
            "Protocol": "WEBSOCKET",
            "EndpointType": "REGIONAL",
            "CertificateArn": CERTIFICATE,
            "SecurityPolicy": "TLS_1_2",
            "Tags": tags,
        },
        ("aws", f"{id}_mapping"): {
            "DomainName": f"{{{id}.domain_name}}",
            "Protocol": "WEBSOCKET",
            "BasePath": path,
            "ApiId": "{websocket_api.api_id}",
            "Stage": "api",
        },
    }


def _layer(_: str, value: bool | None) -> Shown:
    """The layer is there, every function has it, and it holds what the packager built."""
    layers: Mapping[str, Any] = (
        {
            "sam": [{"Ref": "ManagedLayer"}],
            "terraform": ["<aws_lambda_layer_version.managed-layer.arn>"],
            "aws": ["{managed-layer.version_arn}"],
        }
        if value
        else {"sam": ABSENT, "terraform": ABSENT, "aws": []}
    )
    zip_name = "<path.module>/layer-deployment.zip"
    return {
        ("sam", "ManagedLayer/ContentUri"): "./layer-deployment.zip" if value else ABSENT,
        ("terraform", "aws_lambda_layer_version/managed-layer/filename"): zip_name if value else ABSENT,
        ("aws", "managed-layer/Content"): "layer" if value else ABSENT,
        ("sam", "Work/Layers"): layers["sam"],
        ("terraform", "aws_lambda_function/work/layers"): layers["terraform"],
        ("aws", "work/Layers"): layers["aws"],
    }


def _architecture(_: str, value: str | None) -> Shown:
    names = [value or "x86_64"]
    return {
        ("sam", "Work/Architectures"): names,
        ("sam", "APIHandler/Architectures"): names,
        ("terraform", "aws_lambda_function/work/architectures"): names,
        ("aws", "work/Architectures"): names,
        ("sam", "ManagedLayer/CompatibleArchitectures"): names,
        ("terraform", "aws_lambda_layer_version/managed-layer/compatible_architectures"): names,
        ("aws", "managed-layer/CompatibleArchitectures"): names,
    }


def _nothing(_: str, __: Any) -> Shown:
    """Say that a key is for the tools, and no target shows it; it has a test of its own."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A key and what it does.

    Args:
        values: two good ones, so that it is seen which scope wins.
        shown: what is found when it has a value, or None when it is given nowhere, by the function's name.
        together: keys that have to stand beside it.
        bad: a value that is refused, with a phrase of the reason.
    """

    values: tuple[Any, Any]
    shown: Callable[[str, Any], Shown]
    together: Mapping[str, Any] = field(default_factory=dict)
    bad: tuple[Any, str]

    def at(self, key: str, value: Any) -> dict[str, Any]:
        """Return what stands in a scope that gives the key."""
        return {**self.together, key: value}


ROLE = "arn:aws:iam::123456789012:role/"
LAYERS = "arn:aws:lambda:us-east-1:123456789012:layer:"

ROWS: Mapping[str, Row] = {
    "python": Row(values=("first", "second"), shown=_nothing, bad=("", "not empty")),
    "api_gateway_stage": Row(values=("v2", "v3"), shown=_api_stage, bad=("a/b", "letters, digits")),
    "api_gateway_endpoint_type": Row(
        values=("REGIONAL", "EDGE"), shown=_endpoint_type, bad=("regional", "one of EDGE, REGIONAL, PRIVATE")
    ),
    "api_gateway_endpoint_vpce": Row(
        values=("vpce-1", ["vpce-2", "vpce-3"]),
        shown=_endpoints,
        together={"api_gateway_endpoint_type": "PRIVATE"},
        bad=([], "a string or a list"),
    ),
    "api_gateway_policy_file": Row(
        values=("one.json", "folder/two.json"), shown=_api_policy, bad=(1, "must be a string")
    ),
    "api_gateway_resource_limit": Row(values=(400, 500), shown=_nothing, bad=(0, "at least 1")),
    "api_gateway_custom_domain": Row(
        values=(
            {"domain_name": "api.example.com", "certificate_arn": CERTIFICATE},
            {
                "domain_name": "api.example.org",
                "certificate_arn": CERTIFICATE,
                "tls_version": "TLS_1_0",
                "url_prefix": "/v1/",
                "tags": {"team": "blue"},
            },
        ),
        shown=_rest_domain,
        bad=({"domain_name": "api.example.com"}, "needs certificate_arn"),
    ),
    "websocket_api_custom_domain": Row(
        values=(
            {"domain_name": "ws.example.com", "certificate_arn": CERTIFICATE, "url_prefix": "/"},
            {
                "domain_name": "ws.example.org",
                "certificate_arn": CERTIFICATE,
                "url_prefix": "v1",
                "tags": {"team": "blue"},
            },
        ),
        shown=_websocket_domain,
        bad=({"url": "x"}, "has no key"),
    ),
    "minimum_compression_size": Row(
        values=(0, 1000), shown=_compression, bad=(10485761, "from 0 to 10485760")
    ),
    "automatic_layer": Row(values=(True, False), shown=_layer, bad=("yes", "true or false")),
    "lambda_architecture": Row(
        values=("arm64", "x86_64"),
        shown=_architecture,
        together={"automatic_layer": True},
        bad=("arm", "one of x86_64, arm64"),
    ),
    "autogen_policy": Row(
        values=(False, True),
        # What the command line switches on again is the shared role.
        shown=lambda function, value: _policy_of(function, "policy-dev.json" if value is False else None),
        bad=("no", "true or false"),
    ),
    "iam_policy_file": Row(
        values=("one.json", "folder/two.json"),
        shown=_policy_of,
        together={"autogen_policy": False},
        bad=(True, "must be a string"),
    ),
    "manage_iam_role": Row(
        values=(False, True),
        shown=lambda function, value: _role(function, f"{ROLE}theirs" if value is False else None),
        together={"iam_role_arn": f"{ROLE}theirs"},
        bad=(0, "true or false"),
    ),
    "iam_role_arn": Row(
        values=(f"{ROLE}one", f"{ROLE}two"),
        shown=_role,
        together={"manage_iam_role": False},
        bad=("theirs", "ARN of a role"),
    ),
    "lambda_memory_size": Row(
        values=(256, 512),
        shown=in_functions("MemorySize", "memory_size", "MemorySize", unset=(128, 128, 128)),
        bad=(64, "from 128 to 10240"),
    ),
    "lambda_timeout": Row(
        values=(10, 20),
        shown=in_functions("Timeout", "timeout", "Timeout", unset=(60, 60, 60)),
        bad=(901, "from 1 to 900"),
    ),
    "layers": Row(
        values=([f"{LAYERS}one:1"], [f"{LAYERS}one:2", f"{LAYERS}two:1"]),
        shown=in_functions("Layers", "layers", "Layers", unset=(ABSENT, ABSENT, [])),
        bad=(["a"] * 6, "at most 5"),
    ),
    "reserved_concurrency": Row(
        values=(0, 7),
        shown=in_functions(
            "ReservedConcurrentExecutions",
            "reserved_concurrent_executions",
            "ReservedConcurrentExecutions",
            unset=(ABSENT, ABSENT, None),
        ),
        bad=(-1, "at least 0"),
    ),
    "subnet_ids": Row(
        values=(["subnet-1"], ["subnet-2", "subnet-3"]),
        shown=in_functions(
            "VpcConfig/SubnetIds", "vpc_config/subnet_ids", "VpcConfig/SubnetIds", unset=(ABSENT, ABSENT, [])
        ),
        together={"security_group_ids": ["sg-1"]},
        bad=("subnet-1", "a list of strings"),
    ),
    "security_group_ids": Row(
        values=(["sg-1"], ["sg-2", "sg-3"]),
        shown=in_functions(
            "VpcConfig/SecurityGroupIds",
            "vpc_config/security_group_ids",
            "VpcConfig/SecurityGroupIds",
            unset=(ABSENT, ABSENT, []),
        ),
        together={"subnet_ids": ["subnet-1"]},
        bad=(["a"] * 6, "at most 5"),
    ),
    "environment_variables": Row(
        values=({"TABLE": "one", "NARROW": "${x}"}, {"TABLE": "two", "WIDE": "yes"}),
        shown=in_functions(
            "Environment/Variables", "environment/variables", "Environment", unset=(ABSENT, ABSENT, {})
        ),
        bad=({"TABLE": 1}, "must be a string"),
    ),
    "tags": Row(
        values=({"team": "blue", "aws-chalice": "mine"}, {"team": "red", "wide": "yes"}),
        shown=in_functions("Tags", "tags", "Tags", unset=[_tags({})] * 3, spell=_tags),
        bad=({"aws:x": "y"}, "reserved by AWS"),
    ),
    "xray": Row(
        values=(True, False),
        shown=in_functions(
            "Tracing",
            "tracing_config/mode",
            "TracingConfig/Mode",
            unset=["PassThrough"] * 3,
            spell=lambda value: "Active" if value else "PassThrough",
        ),
        bad=(1, "true or false"),
    ),
    "log_retention_in_days": Row(values=(7, 30), shown=_log_group, bad=(8, "one of 1, 3, 5, 7")),
}

KEYS: Mapping[str, ConfigKey] = {key.name: key for key in BUILTIN}
OF_FUNCTIONS = sorted(name for name, key in KEYS.items() if "function" in key.scopes)
OF_STAGES = sorted(name for name, key in KEYS.items() if "function" not in key.scopes)


def policy_file(name: str) -> dict[str, Any]:
    """Return the policy that a file of the project holds; what IAM fills in looks as if it were ours."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "".join(filter(str.isalnum, name)),
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::home/${aws:username}/*",
            }
        ],
    }


# ---- what is found in the targets


@dataclass(frozen=True, slots=True)
class Deployed:
    """A project in every target."""

    config: StageConfig
    graph: Graph
    trees: Mapping[str, Any]

    def find(self, target: str, path: str) -> Any:
        """Return what is at a path, its parts divided by slashes; `ABSENT` when nothing is."""
        tree = self.trees[target]
        for part in path.split("/"):
            tree = json.loads(tree) if isinstance(tree, str) else tree
            if isinstance(tree, Mapping) and part in tree:
                tree = tree[part]
            elif isinstance(tree, list) and part.isdigit() and int(part) < len(tree):
                tree = tree[int(part)]
            else:
                return ABSENT
        return tree

    def shows(self, wanted: Shown) -> None:
        """Assert that it is all there."""
        found = {(target, path): self.find(target, path) for target, path in wanted}
        assert {place: _as(value, wanted[place]) for place, value in found.items()} == dict(wanted)


def _as(found: Any, wanted: Any) -> Any:
    """Read what a target has as text where a tree is wanted."""
    return json.loads(found) if isinstance(found, str) and isinstance(wanted, (dict, list)) else found


def literal(tree: Any) -> Any:
    """Return Terraform's JSON as Terraform reads it: what it looks up is in angle brackets."""
    if isinstance(tree, str):
        return re.sub(r"(?<!\$)\$\{([^{}]*)\}", r"<\1>", tree).replace("$${", "${")
    if isinstance(tree, dict):
        return {key: literal(value) for key, value in tree.items()}
    return [literal(item) for item in tree] if isinstance(tree, list) else tree


def plain(tree: Any) -> Any:
    """Return what AWS is told as JSON, in which outputs are names in braces."""
    if isinstance(tree, Secret):
        return plain(tree.value)
    if isinstance(tree, Document):
        return plain(tree.tree)
    if isinstance(tree, Artifact):
        return tree.sha256
    if isinstance(tree, Output):
        return f"{{{tree.of}.{tree.name}}}"
    if isinstance(tree, Pseudo):
        return tree.value
    if isinstance(tree, Text):
        return "".join(plain(part) for part in tree.parts)
    if isinstance(tree, Mapping):
        return {key: plain(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [plain(item) for item in tree]
    return tree


Deploy: TypeAlias = Callable[..., Deployed]


@pytest.fixture
def deploy(plugins: Plugins, tmp_path: Path) -> Deploy:
    """Brings a configuration into every target."""
    artifacts = {}
    for id in (DEPLOYMENT, LAYER):
        file = tmp_path / f"{id}.zip"
        file.write_bytes(b"PK\x05\x06" + b"\0" * 18)
        artifacts[id] = Artifact(path=file, sha256=id, size=22)
    formats = collect_named(plugins, "chalice_output_formats", thing="output format")

    def deployed(document: Mapping[str, Any], **overrides: Any) -> Deployed:
        config = read(document, plugins, tmp_path, **overrides)
        graph = build_graph(APP, "python3.12", config, plugins)
        request = FormatRequest(graph=graph, app=APP, config=config, artifacts=artifacts)
        template = json.loads(formats["cloudformation"].render(request)["sam.json"])
        terraform = json.loads(formats["terraform"].render(request)["chalice.tf.json"])
        aws = {
            resource.id: plain(realisation_of(plugins, "aws", type(resource)).desired(resource, artifacts))  # type: ignore[attr-defined]
            for resource in graph
        }
        trees = {
            "sam": {name: resource["Properties"] for name, resource in template["Resources"].items()},
            "terraform": literal({**terraform["resource"], "local": terraform["locals"]}),
            "aws": aws,
        }
        return Deployed(config, graph, trees)

    return deployed


def read(document: Mapping[str, Any], plugins: Plugins, folder: Path, **overrides: Any) -> StageConfig:
    """Write a project with this configuration and return what holds for its stage ``dev``."""
    names = ("policy-dev.json", "one.json", "folder/two.json")
    write_project(
        folder,
        source="# Nothing is called here.\n",
        config={"version": "2.0", "app_name": "hello", "stages": {"dev": {}}, **document},
        files={f".chalice/{name}": json.dumps(policy_file(name)) for name in names},
    )
    return load_config(folder, plugins).stage("dev", overrides=overrides)


def merged(key: str, *scopes: Any) -> Any:
    """Return what the scopes say together, the one that wins first."""
    if not KEYS[key].merged:
        return scopes[0]
    return {name: value for scope in reversed(scopes) for name, value in scope.items()}


# ---- each key


def test_every_key_has_a_row() -> None:
    assert set(ROWS) == set(KEYS)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_row_tells_its_two_values_apart_unless_the_key_is_for_tools(key: str) -> None:
    row = ROWS[key]

    first, second = (row.shown("work", value) for value in row.values)

    assert first != second or row.shown is _nothing


@pytest.mark.parametrize("key", OF_FUNCTIONS)
@pytest.mark.parametrize("function", sorted(FUNCTIONS))
class TestAKeyOfFunctions:
    """May stand at the top level, in a stage, and for one function at both."""

    def test_given_nowhere_it_has_its_default(self, deploy: Deploy, key: str, function: str) -> None:
        deploy({}).shows(ROWS[key].shown(function, None))

    @pytest.mark.parametrize("value", [0, 1])
    def test_at_the_top_level_it_holds_for_every_function(
        self, deploy: Deploy, key: str, function: str, value: int
    ) -> None:
        row = ROWS[key]

        deploy(row.at(key, row.values[value])).shows(row.shown(function, row.values[value]))

    def test_in_a_stage_it_covers_the_top_level_and_its_functions(
        self, deploy: Deploy, key: str, function: str
    ) -> None:
        row = ROWS[key]
        near, far = row.values

        deployed = deploy(
            {
                **row.at(key, far),
                "lambda_functions": {function: row.at(key, far)},
                "stages": {"dev": row.at(key, near)},
            }
        )

        deployed.shows(row.shown(function, merged(key, near, far)))

    def test_of_a_function_at_the_top_level_it_holds_in_every_stage_for_that_one(
        self, deploy: Deploy, key: str, function: str
    ) -> None:
        row = ROWS[key]
        near, far = row.values

        deployed = deploy({**row.at(key, far), "lambda_functions": {function: row.at(key, near)}})

        deployed.shows(row.shown(function, merged(key, near, far)))
        for other in FUNCTIONS.keys() - {function}:
            deployed.shows(row.shown(other, far))

    def test_of_a_function_in_a_stage_it_covers_the_stage_for_that_one(
        self, deploy: Deploy, key: str, function: str
    ) -> None:
        row = ROWS[key]
        near, far = row.values

        deployed = deploy(
            {"stages": {"dev": {**row.at(key, far), "lambda_functions": {function: row.at(key, near)}}}}
        )

        deployed.shows(row.shown(function, merged(key, near, far)))
        for other in FUNCTIONS.keys() - {function}:
            deployed.shows(row.shown(other, far))

    def test_on_the_command_line_it_covers_everything(self, deploy: Deploy, key: str, function: str) -> None:
        row = ROWS[key]
        near, far = row.values
        everywhere_else = {**row.at(key, far), "lambda_functions": {function: row.at(key, far)}}

        deployed = deploy({**everywhere_else, "stages": {"dev": everywhere_else}}, **row.at(key, near))

        deployed.shows(row.shown(function, merged(key, near, far)))

    def test_in_another_stage_it_holds_not_here(self, deploy: Deploy, key: str, function: str) -> None:
        row = ROWS[key]
        said = {**row.at(key, row.values[0]), "lambda_functions": {function: row.at(key, row.values[1])}}

        deploy({"stages": {"dev": {}, "prod": said}}).shows(row.shown(function, None))


@pytest.mark.parametrize("key", OF_STAGES)
class TestAKeyOfStages:
    """May stand at the top level and in a stage."""

    def test_given_nowhere_it_has_its_default(self, deploy: Deploy, key: str) -> None:
        row = ROWS[key]
        # What has to stand beside the key may need it.
        beside = {name: value for name, value in row.together.items() if value != "PRIVATE"}

        deploy(beside).shows(row.shown("api_handler", None))

    @pytest.mark.parametrize("value", [0, 1])
    def test_it_holds_at_the_top_level(self, deploy: Deploy, key: str, value: int) -> None:
        row = ROWS[key]

        deploy(row.at(key, row.values[value])).shows(row.shown("api_handler", row.values[value]))

    def test_in_a_stage_it_covers_the_top_level(self, deploy: Deploy, key: str) -> None:
        row = ROWS[key]
        near, far = row.values

        deployed = deploy({**row.at(key, far), "stages": {"dev": row.at(key, near)}})

        deployed.shows(row.shown("api_handler", near))

    def test_a_null_leaves_it_to_the_top_level(self, deploy: Deploy, key: str) -> None:
        row = ROWS[key]

        deployed = deploy({**row.at(key, row.values[0]), "stages": {"dev": {key: None}}})

        deployed.shows(row.shown("api_handler", row.values[0]))

    def test_on_the_command_line_it_covers_everything(self, deploy: Deploy, key: str) -> None:
        row = ROWS[key]
        near, far = row.values

        deployed = deploy({"stages": {"dev": row.at(key, far)}}, **row.at(key, near))

        deployed.shows(row.shown("api_handler", near))

    def test_it_may_not_stand_in_a_function(self, plugins: Plugins, tmp_path: Path, key: str) -> None:
        with pytest.raises(InvalidConfigError, match=f'lambda_functions.work.{key}" may not stand'):
            read({"lambda_functions": {"work": {key: ROWS[key].values[0]}}}, plugins, tmp_path)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_bad_value_is_refused_in_each_scope_with_its_place(
    key: str, plugins: Plugins, tmp_path: Path
) -> None:
    value, phrase = ROWS[key].bad
    document: dict[str, Any] = {key: value, "stages": {"dev": {key: value}}}
    places = [key, f"stages.dev.{key}"]
    if "function" in KEYS[key].scopes:
        document["lambda_functions"] = {"work": {key: value}}
        document["stages"]["dev"]["lambda_functions"] = {"work": {key: value}}
        places += [f"lambda_functions.work.{key}", f"stages.dev.lambda_functions.work.{key}"]

    with pytest.raises(InvalidConfigError) as caught:
        read(document, plugins, tmp_path)

    assert len(caught.value.problems) == len(places)
    for place in places:
        (problem,) = (each for each in caught.value.problems if each.startswith(f'"{place}"'))
        assert phrase in problem


# ---- what keys do beyond the one property


def test_the_interpreter_is_the_tools_business_and_shows_nowhere(deploy: Deploy) -> None:
    chosen, default = deploy({"python": ".venv"}), deploy({})

    assert (chosen.config.python, default.config.python) == (".venv", None)
    assert chosen.trees == default.trees


def test_a_raised_quota_lets_more_resources_pass(plugins: Plugins, tmp_path: Path) -> None:
    large = app(routes=[route(f"/r{number}") for number in range(350)])
    stock = read({}, plugins, tmp_path)
    raised = read({"stages": {"dev": {"api_gateway_resource_limit": 400}}}, plugins, tmp_path)

    with pytest.raises(InvalidAppError, match="351 resources"):
        build_graph(large, "python3.12", stock, plugins)
    assert build_graph(large, "python3.12", raised, plugins)


def test_tracing_of_the_stage_is_tracing_of_the_api_and_of_its_role(deploy: Deploy) -> None:
    off, on = deploy({}), deploy({"stages": {"dev": {"xray": True}}})
    paths = {
        "sam": "RestAPI/TracingEnabled",
        "terraform": "aws_api_gateway_stage/rest_api/xray_tracing_enabled",
        "aws": "rest_api/TracingEnabled",
    }

    assert [off.find(*path) for path in paths.items()] == [ABSENT, False, False]
    assert [on.find(*path) for path in paths.items()] == [True, True, True]
    for target, policy in SHARED_POLICY.items():
        assert "xray:PutTraceSegments" in json.dumps(on.find(target, policy))
        assert "xray:PutTraceSegments" not in json.dumps(off.find(target, policy))


SHARED_POLICY = {
    "sam": "DefaultRole/Policies/0/PolicyDocument",
    "terraform": "aws_iam_role_policy/default-role/policy",
    "aws": "default-role/PolicyDocument",
}


@pytest.mark.parametrize("target", sorted(SHARED_POLICY))
def test_a_function_in_a_network_lets_the_shared_role_make_interfaces(deploy: Deploy, target: str) -> None:
    network = {"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}

    inside = deploy({"lambda_functions": {"work": network}}).find(target, SHARED_POLICY[target])
    outside = deploy({}).find(target, SHARED_POLICY[target])

    assert "ec2:CreateNetworkInterface" in json.dumps(inside)
    assert "ec2:" not in json.dumps(outside)


def test_our_tag_is_nobodys_to_override(deploy: Deploy) -> None:
    deployed = deploy({"stages": {"dev": {"tags": {"aws-chalice": "mine"}}}})

    for target, path in (
        ("sam", "Work/Tags"),
        ("terraform", "aws_lambda_function/work/tags"),
        ("aws", "work/Tags"),
    ):
        assert deployed.find(target, path) == _tags({})


@pytest.mark.parametrize("key", ["environment_variables", "tags"])
def test_merged_keys_are_merged_over_all_scopes_and_a_null_takes_a_name_out(deploy: Deploy, key: str) -> None:
    deployed = deploy(
        {
            key: {"AT_TOP": "t", "COMMON": "t", "GONE": "t"},
            "lambda_functions": {"work": {key: {"OF_WORK": "tf", "COMMON": "tf"}}},
            "stages": {
                "dev": {
                    key: {"IN_STAGE": "s", "COMMON": "s", "GONE": None},
                    "lambda_functions": {"work": {key: {"IN_STAGE_OF_WORK": "sf", "COMMON": "sf"}}},
                }
            },
        }
    )

    deployed.shows(
        ROWS[key].shown(
            "work",
            {"AT_TOP": "t", "OF_WORK": "tf", "IN_STAGE": "s", "IN_STAGE_OF_WORK": "sf", "COMMON": "sf"},
        )
    )
    deployed.shows(ROWS[key].shown("api_handler", {"AT_TOP": "t", "IN_STAGE": "s", "COMMON": "s"}))


def test_the_managed_layer_comes_before_the_layers_of_the_configuration(deploy: Deploy) -> None:
    theirs = f"{LAYERS}theirs:1"

    deployed = deploy({"automatic_layer": True, "layers": [theirs]})

    # What is in a later layer covers what is in an earlier one.
    assert deployed.find("sam", "Work/Layers") == [{"Ref": "ManagedLayer"}, theirs]
    assert deployed.find("terraform", "aws_lambda_function/work/layers") == [
        "<aws_lambda_layer_version.managed-layer.arn>",
        theirs,
    ]
    assert deployed.find("aws", "work/Layers") == ["{managed-layer.version_arn}", theirs]


def test_with_every_role_given_none_is_made(deploy: Deploy) -> None:
    deployed = deploy({"manage_iam_role": False, "iam_role_arn": f"{ROLE}theirs"})

    for target in ("sam", "terraform", "aws"):
        assert "AssumeRole" not in json.dumps(deployed.trees[target])
        assert "aws_iam_role" not in deployed.trees[target]


@pytest.mark.parametrize(("endpoint", "argument"), [("REGIONAL", "Regional"), ("EDGE", "")])
def test_the_certificate_of_a_domain_name_is_for_the_apis_endpoint(
    deploy: Deploy, endpoint: str, argument: str
) -> None:
    domain = {"domain_name": "api.example.com", "certificate_arn": CERTIFICATE}

    deployed = deploy({"api_gateway_endpoint_type": endpoint, "api_gateway_custom_domain": domain})

    assert deployed.find("sam", f"ApiGatewayCustomDomain/{argument}CertificateArn") == CERTIFICATE
    terraform = "aws_api_gateway_domain_name/api_gateway_custom_domain"
    prefix = f"{argument.lower()}_" if argument else ""
    assert deployed.find("terraform", f"{terraform}/{prefix}certificate_arn") == CERTIFICATE
    assert deployed.find("aws", "api_gateway_custom_domain/EndpointType") == endpoint


def test_policy_files_may_name_resources_of_the_projects_own_terraform_files(
    deploy: Deploy, tmp_path: Path
) -> None:
    own = "arn:aws:s3:::x/${aws_s3_bucket.own.id}/${aws:username}"
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": own}
    keys = {"autogen_policy": False, "iam_policy_file": "own.json", "api_gateway_policy_file": "own.json"}
    (tmp_path / ".chalice").mkdir()
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    (tmp_path / ".chalice" / "own.json").write_text(policy)

    deployed = deploy(keys)

    read = "arn:aws:s3:::x/<aws_s3_bucket.own.id>/${aws:username}"
    role = json.loads(deployed.find("terraform", "aws_iam_role_policy/work_role/policy"))
    assert role["Statement"][0]["Resource"] == read
    api = deployed.find("terraform", f"{BODY['terraform']}/x-amazon-apigateway-policy/Statement/0/Resource")
    assert api == read


# ---- keys of plugins


class Alarms:
    """Adds a key for stages and one for functions."""

    @hookimpl
    def chalice_config_keys(self) -> list[ConfigKey]:
        """Add them."""
        check = _must_be_text
        everywhere_: Any = frozenset({"top", "stage", "function"})
        return [
            ConfigKey(name="alarm_topic", scopes=frozenset({"top", "stage"}), check=check),
            ConfigKey(name="alarm_text", scopes=everywhere_, check=check, default="help"),
            ConfigKey(name="alarm_names", scopes=everywhere_, check=_must_be_names, merged=True),
        ]


def _must_be_text(value: Any) -> str | None:
    return None if isinstance(value, str) else f"must be text, not {value!r}"


def _must_be_names(value: Any) -> str | None:
    return None if isinstance(value, dict) else "must be an object"


@pytest.fixture
def with_alarms() -> Plugins:
    """The installed plugins, and one more."""
    plugins = load_plugins()
    plugins.register(Alarms(), "alarms")
    return plugins


def test_keys_of_plugins_have_scopes_defaults_and_merging_as_ours(
    with_alarms: Plugins, tmp_path: Path
) -> None:
    config = read(
        {
            "alarm_topic": "far",
            "alarm_names": {"a": "1", "b": "1"},
            "lambda_functions": {"work": {"alarm_text": "fire", "alarm_names": {"b": "2"}}},
            "stages": {"dev": {"alarm_topic": "near", "alarm_names": {"c": "3", "a": None}}},
        },
        with_alarms,
        tmp_path,
    )

    assert config.extra["alarm_topic"] == "near"
    assert config.extra["alarm_text"] == "help"
    assert config.function("work").extra["alarm_text"] == "fire"
    assert config.function("other").extra["alarm_text"] == "help"
    assert config.function("work").extra["alarm_names"] == {"b": "2", "c": "3"}
    assert "alarm_topic" not in config.function("work").extra


def test_keys_of_plugins_are_checked_as_ours(with_alarms: Plugins, tmp_path: Path) -> None:
    with pytest.raises(InvalidConfigError) as caught:
        read(
            {
                "alarm_text": 1,
                "lambda_functions": {"work": {"alarm_topic": "x", "alarm_text": 2}},
                "stages": {"dev": {"alarm_topic": 3, "alarm_txt": "x"}},
            },
            with_alarms,
            tmp_path,
        )

    assert sorted(caught.value.problems) == [
        '"alarm_text" must be text, not 1',
        '"lambda_functions.work.alarm_text" must be text, not 2',
        (
            '"lambda_functions.work.alarm_topic" may not stand within a function of "lambda_functions", '
            "only at the top level or within a stage"
        ),
        '"stages.dev.alarm_topic" must be text, not 3',
        '"stages.dev.alarm_txt" is no known key; did you mean "alarm_text"?',
    ]


def test_the_key_of_function_urls_holds_for_the_function_that_it_is_given_for(deploy: Deploy) -> None:
    url = {"auth_type": "NONE"}
    paths = {
        "sam": ("WorkUrl/AuthType", "ApiHandlerUrl/AuthType"),
        "terraform": (
            "aws_lambda_function_url/work-url/authorization_type",
            "aws_lambda_function_url/api_handler-url/authorization_type",
        ),
        "aws": ("work-url/AuthType", "api_handler-url/AuthType"),
    }

    near = deploy({"stages": {"dev": {"lambda_functions": {"work": {"function_url": url}}}}})
    nowhere = deploy({"lambda_functions": {"work": {"function_url": False}}})

    for target, (own, other) in paths.items():
        assert (near.find(target, own), near.find(target, other)) == ("NONE", ABSENT)
        assert nowhere.find(target, own) == ABSENT
    with pytest.raises(InvalidConfigError, match=r"function_url. must be false or an object"):
        deploy({"lambda_functions": {"work": {"function_url": "yes"}}})
