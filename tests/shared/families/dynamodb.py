"""chalice-dynamodb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice_core.testing.contracts import Example
from chalice_core.testing.examples import Clients
from families.common import ACCOUNT, REGION, STREAMED, STREAMED_MISTAKES, make_failed, mistakes

STREAM = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders/stream/2026-01-31T12:00:00.000"


def make_table(clients: Clients) -> Mapping[str, Any]:
    make_failed(clients)
    dynamodb = clients("dynamodb")
    if "orders" not in dynamodb.list_tables()["TableNames"]:
        dynamodb.create_table(
            TableName="orders",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
    # Its name has the time in it at which the stream was made.
    return {"stream_arn": dynamodb.describe_table(TableName="orders")["Table"]["LatestStreamArn"]}


def put_item(clients: Clients) -> None:
    clients("dynamodb").put_item(TableName="orders", Item={"id": {"S": "zwei ✓"}})


EXAMPLES = {
    "on_dynamodb_record": Example(
        given={
            "stream_arn": STREAM,
            "starting_position": "TRIM_HORIZON",
            "filter_patterns": [{"eventName": ["INSERT"]}],
            "parallelization_factor": 2,
            **STREAMED,
        },
        declared={"tumbling_window_in_seconds": None, "report_batch_item_failures": False},
        event=("generate_dynamodb_event", {"new_images": [{"id": {"S": "1"}}, {"id": {"S": "zwei ✓"}}]}),
        body="[record.new_image['id']['S'] for record in event]",
        answer=["1", "zwei ✓"],
        # AWS knows no ARN for it: "Actions, resources, and condition keys for Amazon DynamoDB".
        wildcards=frozenset({"dynamodb:ListStreams"}),
        sample={"new_images": [{"id": {"S": "1"}}, {"id": {"S": "zwei ✓"}}]},
        mistakes={
            "'orders'": "'stream_arn' must be the ARN of a table's stream",
            **mistakes(
                repr(STREAM), {"parallelization_factor=11": "'parallelization_factor'"}, STREAMED_MISTAKES
            ),
        },
        prepare=make_table,
        send=put_item,
        arrives=["zwei ✓"],
    )
}
