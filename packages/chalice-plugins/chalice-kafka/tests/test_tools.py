"""How a declaration becomes resources, and what is said of one that cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_core.kinds import EventSourceMapping, Function, Role
from chalice_core.manifest import App, EventDeclaration
from chalice_core.plugins import Plugins
from chalice_core.samples import SampleArgumentError
from chalice_kafka import hooks

Declare = Callable[..., EventDeclaration]


@pytest.fixture
def lowered(
    plugins: Plugins, role: Role, worker: Function, declare: Declare
) -> Callable[..., tuple[EventSourceMapping, dict[Any, set[str]]]]:
    """Return the mapping of a declaration, and the actions that the role may do on each thing."""

    def lower(**options: Any) -> tuple[EventSourceMapping, dict[Any, set[str]]]:
        found = plugins.hook.chalice_lower_event(event=declare(**options), function=worker, config=None)
        graph = Graph.of([*found, worker, role])
        (mapping,) = graph.of_kind(EventSourceMapping)
        assert set(mapping.dependencies()) == {role.id, worker.id}
        allowed: dict[Any, set[str]] = {}
        for statement in graph.of_kind(Role)[0].statements:
            for resource in statement.resources:
                allowed.setdefault(resource, set()).update(statement.actions)
        return mapping, allowed

    return lower


def problems_of(*events: EventDeclaration) -> list[str]:
    return list(hooks.chalice_validate_app(app=App(name="shop", events=events)))


CLUSTER = "arn:aws:kafka:eu-west-1:123456789012:cluster/shop/0f3c5b1e-2"
SERVERS = ["a.example.com:9092", "b.example.com:9092"]
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_shop-AbCdEf"
NETWORK = {"subnet_ids": ["subnet-1", "subnet-2"], "security_group_ids": ["sg-1"]}
EC2 = {
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
}
DESCRIBE = {"kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"}

SHARED: dict[str, Any] = {
    "batch_size": 7,
    "maximum_batching_window_in_seconds": 3,
    "report_batch_item_failures": True,
    "filter_patterns": [{"value": ["x"]}],
    "on_failure": "arn:aws:sqs:eu-west-1:123456789012:failed",
    "maximum_retry_attempts": 3,
    "maximum_record_age_in_seconds": 600,
    "bisect_batch_on_function_error": True,
}


def test_an_event_of_another_family_is_left_alone(plugins: Plugins, worker: Function) -> None:
    event = EventDeclaration(source="s3", decorator="on_s3_event", function="work", options={"batch_size": 0})

    assert plugins.hook.chalice_lower_event(event=event, function=worker, config=None) is None
    assert plugins.hook.chalice_sample_event(event=event, arguments={}) is None
    assert problems_of(event) == []


def test_shared_options_reach_the_mapping(lowered: Any) -> None:
    mapping, allowed = lowered(cluster_arn=CLUSTER, minimum_pollers=1, **SHARED)

    assert (mapping.batch_size, mapping.maximum_batching_window) == (7, 3)
    assert mapping.report_batch_item_failures
    assert mapping.bisect_batch
    assert mapping.filter_patterns == ({"value": ["x"]},)
    assert (mapping.maximum_retry_attempts, mapping.maximum_record_age) == (3, 600)
    assert mapping.on_failure == SHARED["on_failure"]
    assert allowed[SHARED["on_failure"]] == {"sqs:SendMessage"}


def test_msk_without_authentication_is_described_and_reached(lowered: Any) -> None:
    mapping, allowed = lowered(cluster_arn=CLUSTER)

    assert (mapping.id, mapping.service) == ("work-kafka-event-source", "kafka")
    assert (mapping.source_arn, mapping.topics, mapping.bootstrap_servers) == (CLUSTER, ("orders",), ())
    assert (mapping.source_access, mapping.consumer_group) == ((), None)
    assert allowed == {CLUSTER: DESCRIBE, "*": EC2}


@pytest.mark.parametrize(("group", "ends"), [(None, "*"), ("readers", "readers")])
def test_msk_with_iam_grants_cluster_topic_and_group_apart(
    lowered: Any, group: str | None, ends: str
) -> None:
    mapping, allowed = lowered(cluster_arn=CLUSTER, authentication="IAM_AUTH", consumer_group=group)

    start = "arn:aws:kafka:eu-west-1:123456789012"
    assert (mapping.source_access, mapping.consumer_group) == ((), group)
    assert allowed == {
        CLUSTER: {*DESCRIBE, "kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration"},
        f"{start}:topic/shop/0f3c5b1e-2/orders": {"kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"},
        f"{start}:group/shop/0f3c5b1e-2/{ends}": {
            "kafka-cluster:AlterGroup",
            "kafka-cluster:DescribeGroup",
        },
        "*": EC2,
    }


@pytest.mark.parametrize(
    ("way", "more"),
    [("SASL_SCRAM_512_AUTH", {"kafka:ListScramSecrets"}), ("CLIENT_CERTIFICATE_TLS_AUTH", set())],
)
def test_msk_with_a_secret_may_read_that_secret(lowered: Any, way: str, more: set[str]) -> None:
    mapping, allowed = lowered(cluster_arn=CLUSTER, authentication=way, secret_arn=SECRET)

    assert mapping.source_access == ((way, SECRET),)
    assert allowed == {CLUSTER: DESCRIBE | more, SECRET: {"secretsmanager:GetSecretValue"}, "*": EC2}


def test_a_cluster_of_ones_own_is_reached_as_declared(lowered: Any) -> None:
    authority = SECRET.replace("shop", "ca")
    mapping, allowed = lowered(
        bootstrap_servers=SERVERS,
        authentication="BASIC_AUTH",
        secret_arn=SECRET,
        server_root_ca_certificate_arn=authority,
        minimum_pollers=1,
        maximum_pollers=2,
        **NETWORK,
    )

    assert (mapping.source_arn, mapping.bootstrap_servers) == (None, tuple(SERVERS))
    assert mapping.source_access == (
        ("BASIC_AUTH", SECRET),
        ("SERVER_ROOT_CA_CERTIFICATE", authority),
        ("VPC_SUBNET", "subnet:subnet-1"),
        ("VPC_SUBNET", "subnet:subnet-2"),
        ("VPC_SECURITY_GROUP", "security_group:sg-1"),
    )
    assert (mapping.minimum_pollers, mapping.maximum_pollers) == (1, 2)
    read = {"secretsmanager:GetSecretValue"}
    assert allowed == {SECRET: read, authority: read, "*": EC2}


def test_over_the_internet_no_network_is_granted(lowered: Any) -> None:
    _, allowed = lowered(bootstrap_servers=SERVERS, authentication="BASIC_AUTH", secret_arn=SECRET)

    assert allowed == {SECRET: {"secretsmanager:GetSecretValue"}}


MSK = {"cluster_arn": CLUSTER}
OWN = {"bootstrap_servers": SERVERS, **NETWORK}


@pytest.mark.parametrize(
    "options",
    [
        MSK,
        {**MSK, "authentication": "IAM_AUTH", "consumer_group": "my group/1"},
        {**MSK, "starting_position": "AT_TIMESTAMP", "starting_position_timestamp": "2026-01-31T12:00:00Z"},
        {**MSK, "on_failure": "arn:aws:s3:::failed"},
        {**MSK, "maximum_pollers": 1, "report_batch_item_failures": True},
        OWN,
        {
            "bootstrap_servers": ["10.0.0.1:9092"],
            "authentication": "SASL_SCRAM_256_AUTH",
            "secret_arn": SECRET,
        },
    ],
)
def test_what_aws_accepts_has_no_problems(declare: Declare, options: dict[str, Any]) -> None:
    assert problems_of(declare(**options)) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({**MSK, "topic": "two words"}, "'topic' must be"),
        ({**MSK, "topic": ".hidden"}, "'topic' must be"),
        ({**MSK, "topic": "t" * 250}, "'topic' must be"),
        ({**MSK, "consumer_group": ""}, "'consumer_group' must be"),
        ({"cluster_arn": "shop"}, "must be the ARN of an MSK cluster"),
        ({"cluster_arn": CLUSTER.replace(":cluster/", ":vpc-connection/")}, "the ARN of an MSK cluster"),
        ({**OWN, "bootstrap_servers": []}, "a list of 1 to 10 servers"),
        ({**OWN, "bootstrap_servers": SERVERS * 6}, "a list of 1 to 10 servers"),
        ({**OWN, "bootstrap_servers": ["a.example.com"]}, "must be host:port, not 'a.example.com'"),
        ({"bootstrap_servers": SERVERS}, "needs an 'authentication', or 'subnet_ids'"),
        (
            {**MSK, "authentication": "BASIC_AUTH", "secret_arn": SECRET},
            "of an MSK cluster must be IAM_AUTH,",
        ),
        ({**OWN, "authentication": "IAM_AUTH"}, "of a cluster of one's own must be SASL_SCRAM_512_AUTH,"),
        ({**MSK, "authentication": "SASL_SCRAM_512_AUTH"}, "needs a 'secret_arn'"),
        ({**MSK, "secret_arn": SECRET}, "goes with an 'authentication'"),
        ({**MSK, "authentication": "SASL_SCRAM_512_AUTH", "secret_arn": "s"}, "must be the ARN of a secret"),
        ({**MSK, "server_root_ca_certificate_arn": SECRET}, "Lambda knows MSK's authority"),
        ({**OWN, "subnet_ids": ["net-1"]}, "a list of ids, subnet-…"),
        ({**OWN, "security_group_ids": None}, "go together"),
        ({**MSK, "minimum_pollers": 201}, "from 1 to 200, not 201"),
        ({**MSK, "maximum_pollers": 0}, "from 1 to 2000, not 0"),
        ({**MSK, "minimum_pollers": 3, "maximum_pollers": 2}, "is more than"),
        ({**MSK, "report_batch_item_failures": True}, "in provisioned mode only"),
        ({**MSK, "maximum_retry_attempts": 0}, "in provisioned mode only"),
        ({**MSK, "starting_position": "NOW"}, "must be LATEST, TRIM_HORIZON or AT_TIMESTAMP"),
    ],
)
def test_what_aws_refuses_is_named(declare: Declare, options: dict[str, Any], says: str) -> None:
    (problem,) = problems_of(declare(**options))

    assert says in problem
    assert problem.startswith("on_kafka_message on 'work': ")


def test_msk_has_the_network_of_the_cluster(declare: Declare) -> None:
    found = problems_of(declare(**MSK, **NETWORK))

    assert [("through its network" in problem) for problem in found] == [True, True]


def test_a_sample_is_of_the_declared_topic_unless_another_is_named(declare: Declare) -> None:
    topics = []
    for more in ({}, {"topic": "news"}):
        event = hooks.chalice_sample_event(event=declare(**MSK), arguments={"bodies": ["ä"], **more})
        assert event is not None
        topics += [*event["records"]]

    assert topics == ["orders-0", "news-0"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "'bodies' must be a list"),
        ({"bodies": "one"}, "not 'one'"),
        ({"bodies": [1]}, "not [1]"),
        ({"bodies": [], "bucket": "b"}, "no argument 'bucket'"),
        ({"bodies": [], "topic": 3}, "'topic' must be a text"),
    ],
)
def test_wrong_arguments_of_a_sample_are_named(
    declare: Declare, arguments: dict[str, Any], says: str
) -> None:
    with pytest.raises(SampleArgumentError) as caught:
        hooks.chalice_sample_event(event=declare(**MSK), arguments=arguments)

    assert says in caught.value.problem
