"""Properties become the arguments that the provider awscc generates from CloudFormation's schemas."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
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


@pytest.mark.one_python
@pytest.mark.slow
def test_the_table_says_what_the_schemas_say() -> None:
    if importlib.util.find_spec("cfnlint") is None:
        pytest.skip("the schemas of CloudFormation come with cfn-lint, which is not installed")
    script = Path(__file__).parents[1] / "scripts" / "awscc_shapes.py"
    kept = json.loads(files("chalice_terraform").joinpath("awscc_shapes.json").read_text("utf-8"))
    # Reading all of them takes long.
    settled = ["AWS::Events::Rule", "AWS::IAM::Role", "AWS::Lambda::Function", "AWS::SQS::Queue"]
    plain = "AWS::Kinesis::Stream"

    done = subprocess.run(
        [sys.executable, str(script), *settled, plain], capture_output=True, text=True, check=True
    )

    assert len(kept) > 400
    assert plain not in kept
    assert json.loads(done.stdout) == {name: kept[name] for name in settled}


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
