"""chalice-kafka."""

from __future__ import annotations

from chalice_core.testing.contracts import Example
from families.common import ACCOUNT, REGION, STREAMED, STREAMED_MISTAKES, mistakes

CLUSTER = f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/shop/0f3c5b1e-2"

EXAMPLES = {
    "on_kafka_message": Example(
        given={
            "topic": "orders",
            "cluster_arn": CLUSTER,
            "starting_position": "TRIM_HORIZON",
            "consumer_group": "shop",
            "authentication": "SASL_SCRAM_512_AUTH",
            "secret_arn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:AmazonMSK_s-AbCdEf",
            "minimum_pollers": 1,
            "maximum_pollers": 2,
            "filter_patterns": [{"value": ["red"]}],
            **STREAMED,
        },
        declared={
            "bootstrap_servers": None,
            "server_root_ca_certificate_arn": None,
            "subnet_ids": None,
            "security_group_ids": None,
            "starting_position_timestamp": None,
            "report_batch_item_failures": False,
        },
        event=("generate_kafka_event", {"message_bodies": [b"one", b"\xc3\xbf"]}),
        body="[list(record.value) for record in event]",
        answer=[list(b"one"), [195, 191]],
        sample={"bodies": ["one", "ÿ"]},
        # AWS knows no ARN for these: "Using Lambda with Amazon MSK", AWS Lambda Developer Guide.
        wildcards=frozenset(
            {
                "ec2:CreateNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeVpcs",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeSubnets",
                "ec2:DescribeSecurityGroups",
            }
        ),
        mistakes={
            "'orders', bootstrap_servers=['shop'], subnet_ids=['subnet-12345678'], "
            "security_group_ids=['sg-12345678']": "must be host:port",
            **mistakes(f"'orders', cluster_arn={CLUSTER!r}", STREAMED_MISTAKES),
        },
        not_emulated=r"Apache Kafka \(Amazon MSK\)",
    )
}
