"""Properties become the arguments that the provider awscc generates from CloudFormation's schemas."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from chalice_terraform.awscc import arguments_of, type_of


class Plain:
    """A scope without values."""

    def spell(self, tree: object) -> object:
        return tree

    def json(self, tree: object) -> str:
        return json.dumps(tree)


@pytest.fixture(scope="module")
def shapes_of() -> Callable[[str], Mapping[str, str]]:
    """Make an entry of the table anew, of the schema that cfn-lint brings."""
    pytest.importorskip("cfnlint", reason="the schemas of CloudFormation come with cfn-lint")
    path = Path(__file__).parents[1] / "scripts" / "awscc_shapes.py"
    spec = importlib.util.spec_from_file_location("awscc_shapes", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Callable[[str], Mapping[str, str]] = module.shapes_of
    return made


@pytest.mark.slow
def test_the_table_says_what_the_schemas_say(shapes_of: Callable[[str], Mapping[str, str]]) -> None:
    import chalice_terraform

    kept = json.loads((Path(chalice_terraform.__file__).parent / "awscc_shapes.json").read_text("utf-8"))
    # Reading all of them takes long.
    settled = ["AWS::Events::Rule", "AWS::IAM::Role", "AWS::Lambda::Function", "AWS::SQS::Queue"]

    assert len(kept) > 400
    assert {name: shapes_of(name) for name in settled} == {name: kept[name] for name in settled}
    assert shapes_of("AWS::Kinesis::Stream") == {}
    assert "AWS::Kinesis::Stream" not in kept


@pytest.mark.parametrize(
    ("type", "properties", "arguments"),
    [
        (
            "AWS::IAM::Role",
            {"AssumeRolePolicyDocument": {"Version": "1"}, "Policies": [{"PolicyDocument": {"A": 1}}]},
            {
                "assume_role_policy_document": '{"Version": "1"}',
                "policies": [{"policy_document": '{"A": 1}'}],
            },
        ),
        ("AWS::SSM::Parameter", {"Tags": {"MyTag": "x"}}, {"tags": {"MyTag": "x"}}),
        ("AWS::SQS::Queue", {"RedrivePolicy": '{"text": 1}'}, {"redrive_policy": '{"text": 1}'}),
        (
            "AWS::DynamoDB::Table",
            {"SSESpecification": {"SSEEnabled": True}, "KeySchema": [{"AttributeName": "Id"}]},
            {"sse_specification": {"sse_enabled": True}, "key_schema": [{"attribute_name": "Id"}]},
        ),
        ("AWS::Nobody::Knows", {"Some": {"Thing": [1]}}, {"some": {"thing": [1]}}),
    ],
)
def test_documents_are_text_and_keys_of_maps_are_kept(
    type: str, properties: Mapping[str, Any], arguments: Mapping[str, Any]
) -> None:
    assert arguments_of(type, properties, Plain()) == arguments  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type", "name"),
    [
        ("AWS::S3::Bucket", "awscc_s3_bucket"),
        ("AWS::EC2::VPCEndpoint", "awscc_ec2_vpc_endpoint"),
        ("AWS::ApiGatewayV2::Api", "awscc_apigatewayv2_api"),
        ("AWS::IoT::TopicRule", "awscc_iot_topic_rule"),
        ("AWS::CloudFront::Distribution", "awscc_cloudfront_distribution"),
        ("AWS::Serverless::Function::X", None),
        ("Custom::Thing", None),
    ],
)
def test_types_are_called_as_in_the_provider(type: str, name: str | None) -> None:
    assert type_of(type) == name
