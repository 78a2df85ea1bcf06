"""What is not emulated is refused, with the name of the feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = "def handler(event, context):\n    return None\n"


@pytest.fixture(scope="module")
def arn(cloud: Any) -> str:
    found: str = cloud.function(SOURCE)
    return found


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    message: str = caught.value.response["Error"]["Message"]
    assert message.endswith("is not emulated on this machine.")
    return message


def test_a_function_with_a_dead_letter_queue(cloud: Any) -> None:
    config = {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"}

    assert "DeadLetterConfig" in refusal(lambda: cloud.function(SOURCE, DeadLetterConfig=config))


def test_a_function_from_an_image(cloud: Any) -> None:
    call = lambda: cloud.client("lambda").create_function(  # noqa: E731
        FunctionName="image", PackageType="Image", Code={"ImageUri": "x/y:latest"}, Role=cloud.role()
    )

    assert "PackageType Image" in refusal(call)


def test_an_update_that_asks_for_snap_start(cloud: Any, arn: str) -> None:
    update = cloud.client("lambda").update_function_configuration

    assert "SnapStart" in refusal(
        lambda: update(FunctionName=arn, SnapStart={"ApplyOn": "PublishedVersions"})
    )


def test_a_function_url_that_streams(cloud: Any, arn: str) -> None:
    create = cloud.client("lambda").create_function_url_config

    assert "RESPONSE_STREAM" in refusal(
        lambda: create(FunctionName=arn, AuthType="NONE", InvokeMode="RESPONSE_STREAM")
    )


def test_an_http_api(cloud: Any) -> None:
    create = cloud.client("apigatewayv2").create_api

    assert "HTTP" in refusal(lambda: create(Name="api", ProtocolType="HTTP"))


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("apigatewayv2", "import_api", {"Body": "{}"}),
        ("iam", "get_service_last_accessed_details", {"JobId": "0" * 36}),
        ("dynamodb", "list_contributor_insights", {}),
    ],
)
def test_an_operation_that_moto_does_not_know_is_named(
    cloud: Any, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(cloud.client(service), operation)(**arguments)

    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert operation in str(caught.value)
    assert "not emulated on this machine" in str(caught.value)
