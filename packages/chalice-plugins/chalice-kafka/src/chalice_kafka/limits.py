"""What AWS would refuse in a Kafka declaration, found before anything is built.

Limits: ``CreateEventSourceMapping`` and the types in it, AWS Lambda API Reference; "Configuring error
handling controls for Kafka event sources", AWS Lambda Developer Guide, for what needs provisioned mode.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalice_core.asynchronous import is_integer_within
from chalice_core.polling import SourceLimits, polling_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice_core.manifest import EventDeclaration

LIMITS = SourceLimits(positions=("LATEST", "TRIM_HORIZON", "AT_TIMESTAMP"))
MOST_SERVERS = 10
MINIMUM_POLLERS = (1, 200)
MAXIMUM_POLLERS = (1, 2000)

CLUSTER_ARN = re.compile(
    r"(?P<start>arn:[a-z][a-z0-9-]*:kafka:[a-z0-9-]+:\d{12}):cluster/(?P<name>[\w-]{1,64})/(?P<id>[a-f0-9-]+)",
    re.ASCII,
)
SECRET_ARN = re.compile(r"arn:[a-z][a-z0-9-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+", re.ASCII)

_TOPIC = re.compile(r"(?=.{2,249}\Z)[^.][a-zA-Z0-9_.-]+", re.ASCII)
_SERVER = re.compile(r"(?=.{1,300}\Z)[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?:\d{1,5}", re.ASCII)
_GROUP = re.compile(r"[ \w/*:+=.@-]{1,200}", re.ASCII)

IAM = "IAM_AUTH"
OF_MSK = (IAM, "SASL_SCRAM_512_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH")
OF_OTHERS = ("SASL_SCRAM_512_AUTH", "SASL_SCRAM_256_AUTH", "BASIC_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH")

_PROVISIONED = (
    "report_batch_item_failures",
    "maximum_retry_attempts",
    "maximum_record_age_in_seconds",
    "bisect_batch_on_function_error",
)


def problems(event: EventDeclaration) -> list[str]:
    """Return a sentence for each thing that AWS would refuse; none when the declaration is fine.

    Args:
        event: a Kafka declaration.
    """
    where = f"{event.decorator} on {event.function!r}"
    options = event.options
    found = [
        *_source_problems(options),
        *_access_problems(options),
        *_network_problems(options),
        *_poller_problems(options),
        *polling_problems(options, LIMITS),
    ]
    return [f"{where}: {problem}" for problem in found]


def _source_problems(options: Mapping[str, Any]) -> Iterator[str]:
    topic, group = options.get("topic"), options.get("consumer_group")
    if not (isinstance(topic, str) and _TOPIC.fullmatch(topic)):
        yield f"'topic' must be 2 to 249 letters, digits, '_', '.' and '-', not {topic!r}."
    if group is not None and not (isinstance(group, str) and _GROUP.fullmatch(group)):
        yield f"'consumer_group' must be 1 to 200 letters, digits and /*:_+=.@-, not {group!r}."
    cluster, servers = options.get("cluster_arn"), options.get("bootstrap_servers")
    if (cluster is None) == (servers is None):
        yield "one of 'cluster_arn' and 'bootstrap_servers' has to be given, and not both."
    elif cluster is not None:
        if not (isinstance(cluster, str) and CLUSTER_ARN.fullmatch(cluster)):
            yield (
                "'cluster_arn' must be the ARN of an MSK cluster, "
                f"arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/ID, not {cluster!r}."
            )
    elif not isinstance(servers, list) or not 1 <= len(servers) <= MOST_SERVERS:
        yield f"'bootstrap_servers' must be a list of 1 to {MOST_SERVERS} servers, not {servers!r}."
    else:
        for server in servers:
            if not (isinstance(server, str) and _SERVER.fullmatch(server)):
                yield f"each of 'bootstrap_servers' must be host:port, not {server!r}."


def _access_problems(options: Mapping[str, Any]) -> Iterator[str]:
    way, secret = options.get("authentication"), options.get("secret_arn")
    is_msk = options.get("cluster_arn") is not None
    ways = OF_MSK if is_msk else OF_OTHERS
    if way is not None and way not in ways:
        cluster = "an MSK cluster" if is_msk else "a cluster of one's own"
        yield f"'authentication' of {cluster} must be {', '.join(ways[:-1])} or {ways[-1]}, not {way!r}."
    elif way in (None, IAM):
        if secret is not None:
            yield f"'secret_arn' goes with an 'authentication' that needs one, not with {way!r}."
    elif secret is None:
        yield f"'authentication' {way} needs a 'secret_arn'."
    for option in ("secret_arn", "server_root_ca_certificate_arn"):
        arn = options.get(option)
        if arn is not None and not (isinstance(arn, str) and SECRET_ARN.fullmatch(arn)):
            yield (
                f"{option!r} must be the ARN of a secret, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME, "
                f"not {arn!r}."
            )
    if is_msk and options.get("server_root_ca_certificate_arn") is not None:
        yield "'server_root_ca_certificate_arn' is for clusters of one's own; Lambda knows MSK's authority."


def _network_problems(options: Mapping[str, Any]) -> Iterator[str]:
    is_msk = options.get("cluster_arn") is not None
    given = []
    for option, start in (("subnet_ids", "subnet-"), ("security_group_ids", "sg-")):
        ids = options.get(option)
        if ids is None:
            continue
        given.append(option)
        if is_msk:
            yield f"{option!r} is for clusters of one's own; Lambda reaches MSK through its network."
        elif (
            not isinstance(ids, list)
            or not ids
            or not all(isinstance(id, str) and id.startswith(start) for id in ids)
        ):
            yield f"{option!r} must be a list of ids, {start}…, not {ids!r}."
    if len(given) == 1:
        yield "'subnet_ids' and 'security_group_ids' go together."
    if not is_msk and not given and options.get("authentication") is None:
        yield (
            "a cluster of one's own needs an 'authentication', or 'subnet_ids' and 'security_group_ids' of "
            "the network that it is in."
        )


def _poller_problems(options: Mapping[str, Any]) -> Iterator[str]:
    low, high = options.get("minimum_pollers"), options.get("maximum_pollers")
    limits = {"minimum_pollers": (low, MINIMUM_POLLERS), "maximum_pollers": (high, MAXIMUM_POLLERS)}
    fit = True
    for option, (value, (least, most)) in limits.items():
        if value is not None and not is_integer_within(value, least, most):
            fit = False
            yield f"{option!r} must be an integer from {least} to {most}, not {value!r}."
    if fit and low is not None and high is not None and low > high:
        yield f"'minimum_pollers' {low} is more than 'maximum_pollers' {high}."
    needing = [
        option for option in _PROVISIONED if not (options.get(option) is None or options[option] is False)
    ]
    if needing and low is None and high is None:
        yield (
            f"Lambda takes {', '.join(map(repr, needing))} of Kafka in provisioned mode only; give "
            "'minimum_pollers' or 'maximum_pollers'."
        )
