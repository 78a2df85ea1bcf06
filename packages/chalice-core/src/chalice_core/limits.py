"""Limits of AWS that only the finished graph shows, found before anything is sent."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from chalice_core.config import StageConfig
from chalice_core.graph import Graph
from chalice_core.kinds import (
    BucketNotification,
    DomainName,
    EventRule,
    Function,
    InvokePermission,
    Layer,
    Resource,
    RestApi,
    Role,
    RolePolicy,
    Schedule,
    Statement,
    WebSocketApi,
)
from chalice_core.values import Output, Pseudo, render_tree

ROLE_POLICIES = 10_240
"""Characters of all inline policies of a role, white space not counted ("IAM and AWS STS quotas")."""

# "Lambda quotas": 20 KB for the policy of a function.  A statement of ours is no longer than this, with names
# of the greatest length.
_FUNCTION_POLICY = 20_480
_PERMISSION = 512

TAGS = 50
"""Tags of a resource ("Tag naming limits and requirements", AWS General Reference)."""

# One that says who deployed it, as `chalice deploy` does.
_OWN_TAGS = 1

BUCKET_NOTIFICATIONS = 100
"""Event notifications of a bucket ("PutBucketNotificationConfiguration", Amazon S3 API Reference)."""


@dataclass(frozen=True, slots=True)
class _Name:
    """How long a name may be, and whose it is."""

    attribute: str
    longest: int
    thing: str
    service: str


# The constraints of these parameters in the API references of the services.
_NAMES: dict[type[Resource], _Name] = {
    Function: _Name("function_name", 64, "function", "Lambda"),
    Layer: _Name("layer_name", 140, "layer", "Lambda"),
    Role: _Name("role_name", 64, "role", "IAM"),
    RolePolicy: _Name("policy_name", 128, "policy", "IAM"),
    EventRule: _Name("rule_name", 64, "rule", "EventBridge"),
    Schedule: _Name("schedule_name", 64, "schedule", "EventBridge Scheduler"),
    WebSocketApi: _Name("name", 128, "WebSocket API", "API Gateway"),
}

_LONGEST = {
    Pseudo.PARTITION: "aws-us-gov",
    Pseudo.REGION: "ap-southeast-1",
    Pseudo.ACCOUNT: "123456789012",
    Pseudo.DNS_SUFFIX: "amazonaws.com.cn",
}
# An id of API Gateway has ten characters, and a name of Lambda 64.
_OUTPUT = "x" * 64


def limit_problems(graph: Graph, config: StageConfig) -> Iterator[str]:
    """Yield a sentence or two for each limit that a graph exceeds, with what to do.

    Args:
        graph: the finished graph.
        config: of the stage; it may say that a quota was raised.
    """
    for api in graph.of_kind(RestApi):
        count = len(_paths(api))
        if count > config.api_gateway_resource_limit:
            yield (
                f"The REST API has {count} resources, one for each part of a path; API Gateway allows "
                f"{config.api_gateway_resource_limit}. Move routes into another application or under a "
                '{proxy+} path; or have AWS raise the quota "Resources per API" and put the new one into '
                'config.json as "api_gateway_resource_limit".'
            )
    yield from _names(graph)
    yield from _tags(graph)
    yield from _roles(graph)
    permissions = Counter(permission.function_arn.of for permission in graph.of_kind(InvokePermission))
    for function, number in permissions.items():
        if number * _PERMISSION > _FUNCTION_POLICY:
            yield (
                f"The function {function!r} may be invoked by {number} sources; the policy that says so "
                f"would exceed Lambda's {_FUNCTION_POLICY} bytes. Share them out among several functions."
            )

    buckets = Counter(notification.bucket for notification in graph.of_kind(BucketNotification))
    for bucket, number in buckets.items():
        if number > BUCKET_NOTIFICATIONS:
            yield (
                f"The bucket {bucket!r} would notify {number} functions; S3 allows {BUCKET_NOTIFICATIONS}. "
                "Let one function take several prefixes or events, or let the bucket publish to a topic."
            )


def _names(graph: Graph) -> Iterator[str]:
    for resource in graph:
        rule = _NAMES.get(type(resource))
        name = "" if rule is None else str(getattr(resource, rule.attribute))
        if rule is not None and len(name) > rule.longest:
            yield (
                f"The {rule.thing} {resource.id!r} would be called {name!r}, {len(name)} characters; "
                f"{rule.service} allows {rule.longest}. Give the function a shorter name with name=…, or "
                "shorten the name of the application or the stage."
            )


def _tags(graph: Graph) -> Iterator[str]:
    for resource in graph:
        if isinstance(resource, (Function, DomainName)) and len(resource.tags) + _OWN_TAGS > TAGS:
            ours = _OWN_TAGS + ("aws-chalice" in resource.tags)
            yield (
                f"The {type(resource).__name__} {resource.id!r} would have {len(resource.tags) + _OWN_TAGS} "
                f'tags, {ours} of ours among them; AWS allows {TAGS}. Take some out of "tags".'
            )


def _paths(api: RestApi) -> set[str]:
    """Return the paths that are resources of the API: each route's, and all that lead there."""
    paths = {"/"}
    for route in api.routes:
        parts = route.path.split("/")
        paths.update("/".join(parts[: index + 1]) or "/" for index in range(len(parts)))
    return paths


def _roles(graph: Graph) -> Iterator[str]:
    further: dict[str, int] = {}
    for policy in graph.of_kind(RolePolicy):
        further[policy.role.of] = further.get(policy.role.of, 0) + _size(policy.statements)
    for role in graph.of_kind(Role):
        size = _size(role.statements, role.policy_document) + further.get(role.id, 0)
        if size > ROLE_POLICIES:
            yield (
                f"The policies of the role {role.role_name!r} have about {size} characters; IAM allows "
                f'{ROLE_POLICIES}. Give functions roles of their own ("autogen_policy": false with an '
                '"iam_policy_file" in their "lambda_functions"), or write one policy with wildcards for all.'
            )


def _size(statements: tuple[Statement, ...], document: object = None) -> int:
    if document is None:
        document = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": list(statement.actions),
                    "Resource": render_tree(
                        statement.resources, output=_longest_output, pseudo=_LONGEST.__getitem__
                    ),
                }
                for statement in statements
            ],
        }
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return sum(not character.isspace() for character in text)


def _longest_output(output: Output) -> str:  # noqa: ARG001 - all are taken to be as long as they can be
    return _OUTPUT
