"""What is in the AWS on this machine, to compare: what was there before, and what is left.

Applications also change what is not theirs, such as the notifications of a
bucket; so of everything that they may touch, the settings are listed, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

Inventory: TypeAlias = Mapping[str, list[str]]
"""By sort of thing, one sorted line of text for each."""

_LISTED = (
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    ("lambda", "list_layers", "Layers", "LayerName"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("apigateway", "get_rest_apis", "items", "id"),
    ("apigateway", "get_domain_names", "items", "domainName"),
    ("apigatewayv2", "get_apis", "Items", "ApiId"),
    ("apigatewayv2", "get_domain_names", "Items", "DomainName"),
    ("events", "list_event_buses", "EventBuses", "Name"),
    ("scheduler", "list_schedules", "Schedules", "Name"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    ("sqs", "list_queues", "QueueUrls", ""),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("dynamodb", "list_tables", "TableNames", ""),
    ("kinesis", "list_streams", "StreamNames", ""),
)
"""Service, operation, the list in its answer, and what its items are told apart by."""


def take_inventory(client: Callable[[str], Any], types: Iterable[str] = ()) -> Inventory:
    """Return what is there, as far as applications make or change it.

    Args:
        client: gives a boto3 client of a service.
        types: of CloudFormation, such as ``AWS::IoT::TopicRule``, of which to list the resources, too.
    """
    found: dict[str, list[str]] = {}
    for service, operation, items, name in _LISTED:
        answer = getattr(client(service), operation)()
        found[f"{service} {operation}"] = sorted(
            str(one[name]) if isinstance(one, Mapping) else str(one) for one in answer.get(items, ())
        )
    found["rules and targets"] = sorted(_rules(client("events"), found["events list_event_buses"]))
    found["URLs of functions"] = sorted(_urls(client("lambda"), found["lambda list_functions"]))
    found["event invoke configs"] = sorted(_invoke_configs(client("lambda"), found["lambda list_functions"]))
    found["notifications of buckets"] = sorted(_notifications(client("s3"), found["s3 list_buckets"]))
    found["policies of topics"] = sorted(_topics(client("sns"), found["sns list_topics"]))
    found["policies of queues"] = sorted(_queues(client("sqs"), found["sqs list_queues"]))
    found["triggers of user pools"] = sorted(_triggers(client("cognito-idp")))
    for type in types:
        listed = client("cloudcontrol").list_resources(TypeName=type)["ResourceDescriptions"]
        found[type] = sorted(one["Identifier"] for one in listed)
    return found


def _rules(events: Any, buses: Iterable[str]) -> Iterable[str]:
    for bus in buses:
        for rule in events.list_rules(EventBusName=bus)["Rules"]:
            targets = events.list_targets_by_rule(EventBusName=bus, Rule=rule["Name"])["Targets"]
            yield _line(bus, rule["Name"], [target["Arn"] for target in targets])


def _urls(functions: Any, names: Iterable[str]) -> Iterable[str]:
    for name in names:
        try:
            yield _line(name, functions.get_function_url_config(FunctionName=name)["AuthType"])
        except functions.exceptions.ResourceNotFoundException:  # noqa: PERF203 - most functions have none
            continue


def _invoke_configs(functions: Any, names: Iterable[str]) -> Iterable[str]:
    for name in names:
        answer = functions.list_function_event_invoke_configs(FunctionName=name)
        for settings in answer["FunctionEventInvokeConfigs"]:
            yield _line(name, settings["DestinationConfig"], settings.get("MaximumRetryAttempts"))


def _notifications(buckets: Any, names: Iterable[str]) -> Iterable[str]:
    for name in names:
        settings = buckets.get_bucket_notification_configuration(Bucket=name)
        yield _line(name, {key: value for key, value in settings.items() if key != "ResponseMetadata"})


def _topics(topics: Any, arns: Iterable[str]) -> Iterable[str]:
    for arn in arns:
        yield _line(arn, topics.get_topic_attributes(TopicArn=arn)["Attributes"].get("Policy"))


def _queues(queues: Any, urls: Iterable[str]) -> Iterable[str]:
    for url in urls:
        answer = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
        yield _line(url, answer.get("Attributes", {}))


def _triggers(pools: Any) -> Iterable[str]:
    for pool in pools.list_user_pools(MaxResults=60)["UserPools"]:
        settings = pools.describe_user_pool(UserPoolId=pool["Id"])["UserPool"].get("LambdaConfig", {})
        # None at all and an empty one mean the same.
        yield _line(pool["Id"], {key: value for key, value in settings.items() if value})


def _line(*parts: object) -> str:
    return json.dumps(parts, sort_keys=True)
