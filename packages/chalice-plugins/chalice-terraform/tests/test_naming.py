"""What things are called, here and by the provider awscc."""

from __future__ import annotations

import doctest

import pytest

from chalice_core.values import ResourceId
from chalice_terraform import awscc, expressions, naming
from chalice_terraform.naming import IdentifierCollisionError, camel_case, identifier, identifiers


def test_ids_of_the_graph_are_identifiers_already() -> None:
    for id in ("default-role", "api_handler", "my_func-sqs-event-source", "websocket_api"):
        assert identifier(id) == id


def test_other_characters_become_underscores() -> None:
    assert identifier("my.bucket") == "my_bucket"
    assert identifier("1st") == "_1st"
    assert identifier("-a") == "_-a"
    assert identifier("${var.bucket}") == "__var_bucket_"


def test_two_ids_that_become_one_are_refused() -> None:
    with pytest.raises(IdentifierCollisionError) as caught:
        identifiers([ResourceId("a.b"), ResourceId("a_b")])

    assert caught.value.ids == ("a.b", "a_b")
    assert caught.value.identifier == "a_b"


def test_outputs_are_called_as_in_stacks() -> None:
    assert camel_case("websocket_connect") == "WebsocketConnect"
    assert camel_case("my-worker-url") == "MyWorkerUrl"


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Arn", "arn"),
        ("GlobalReplicationGroupDescription", "global_replication_group_description"),
        ("S3Bucket", "s3_bucket"),
        ("CloudWatchLogsLogGroupArn", "cloudwatch_logs_log_group_arn"),
        ("SSESpecification", "sse_specification"),
        ("KMSMasterKeyId", "kms_master_key_id"),
        ("AssociatePublicIpAddress", "associate_public_ip_address"),
        ("Ipv6Addresses", "ipv_6_addresses"),
        ("some-name", "some_name"),
    ],
)
def test_names_of_properties_are_spelled_as_the_provider_spells_them(name: str, spelled: str) -> None:
    assert awscc.snake_case(name) == spelled


def test_names_that_terraform_keeps_for_itself_are_others() -> None:
    assert awscc.attribute_of("AWS::EC2::VPC", "Id") == "vpc_id"
    assert awscc.attribute_of("AWS::CodeBuild::Source", "Provider") == "provider_name"
    assert awscc.attribute_of("AWS::A::B", "Outputs.Id") == "outputs.id"


@pytest.mark.parametrize("module", [awscc, expressions, naming], ids=lambda module: module.__name__)
def test_examples_of_docstrings_are_so(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]

    assert results.attempted
    assert not results.failed
