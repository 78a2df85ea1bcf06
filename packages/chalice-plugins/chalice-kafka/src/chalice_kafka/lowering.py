"""What a Kafka declaration becomes: permissions to reach and to read the topic, and the poller.

Permissions: "Configuring Lambda permissions for Amazon MSK event source mappings" and "Configuring cluster
authentication methods", AWS Lambda Developer Guide; resources of ``kafka-cluster`` actions: "Authorization
policy resources", Amazon MSK Developer Guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.kinds import Function, Grant, Resource
from chalice_core.polling import lower_polled
from chalice_core.values import ResourceId
from chalice_kafka.limits import CLUSTER_ARN, IAM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.manifest import EventDeclaration

DESCRIBE_ACTIONS = ("kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers")
SCRAM_ACTIONS = ("kafka:ListScramSecrets",)
SECRET_ACTIONS = ("secretsmanager:GetSecretValue",)

NETWORK_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
"""The poller has network interfaces in the cluster's network, which nobody can name before they are made."""

CONNECT_ACTIONS = ("kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration")
TOPIC_ACTIONS = ("kafka-cluster:DescribeTopic", "kafka-cluster:ReadData")
GROUP_ACTIONS = ("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup")


def lower(event: EventDeclaration, function: Function) -> tuple[Resource, ...]:
    """Return the resources that deliver the topic's records to ``function``.

    Args:
        event: a Kafka declaration without problems (`chalice_kafka.limits.problems`).
        function: the function that receives the records.
    """
    options = event.options
    return lower_polled(
        options,
        function,
        id=f"{function.id}-kafka-event-source",
        service="kafka",
        source_arn=options.get("cluster_arn"),
        grants=_grants(options, function),
        default_batch_size=100,
        topics=(options["topic"],),
        bootstrap_servers=tuple(options.get("bootstrap_servers") or ()),
        source_access=tuple(_source_access(options)),
        consumer_group=options.get("consumer_group"),
        minimum_pollers=options.get("minimum_pollers"),
        maximum_pollers=options.get("maximum_pollers"),
    )


def _grants(options: Mapping[str, Any], function: Function) -> list[Grant]:
    cluster, way = options.get("cluster_arn"), options.get("authentication")
    secrets = [
        options[name]
        for name in ("secret_arn", "server_root_ca_certificate_arn")
        if options.get(name) is not None
    ]
    needs: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    if cluster is not None:
        needs.append(("describes-cluster", DESCRIBE_ACTIONS, (cluster,)))
    if cluster is not None and way == "SASL_SCRAM_512_AUTH":
        needs.append(("lists-scram-secrets", SCRAM_ACTIONS, (cluster,)))
    if cluster is not None and way == IAM:
        topic = _arn_within(cluster, "topic", options["topic"])
        # Lambda makes up a name that is not known before the mapping is there.
        group = _arn_within(cluster, "group", options.get("consumer_group") or "*")
        needs.append(("connects-to-cluster", CONNECT_ACTIONS, (cluster,)))
        needs.append(("reads-topic", TOPIC_ACTIONS, (topic,)))
        needs.append(("joins-group", GROUP_ACTIONS, (group,)))
    if secrets:
        needs.append(("reads-secrets", SECRET_ACTIONS, tuple(secrets)))
    if cluster is not None or options.get("subnet_ids"):
        needs.append(("reaches-brokers", NETWORK_ACTIONS, ("*",)))
    return [
        Grant(id=ResourceId(f"{function.id}-{name}"), role=function.role, actions=actions, on=on)
        for name, actions, on in needs
    ]


def _arn_within(cluster_arn: str, kind: str, name: str) -> str:
    """Return the ARN of a topic or group of a cluster."""
    match = CLUSTER_ARN.fullmatch(cluster_arn)
    if match is None:
        raise ValueError(f"{cluster_arn!r} is not the ARN of a cluster")
    return f"{match['start']}:{kind}/{match['name']}/{match['id']}/{name}"


def _source_access(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return pairs of a type and a URI, as ``SourceAccessConfigurations`` has them."""
    way = options.get("authentication")
    # There is no such pair for IAM: Lambda uses it where the cluster does.
    access = [] if way in (None, IAM) else [(way, options["secret_arn"])]
    if options.get("server_root_ca_certificate_arn") is not None:
        access.append(("SERVER_ROOT_CA_CERTIFICATE", options["server_root_ca_certificate_arn"]))
    access += [("VPC_SUBNET", f"subnet:{id}") for id in options.get("subnet_ids") or ()]
    access += [
        ("VPC_SECURITY_GROUP", f"security_group:{id}") for id in options.get("security_group_ids") or ()
    ]
    return access
