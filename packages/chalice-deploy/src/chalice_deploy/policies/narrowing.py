"""The resources that a call reaches, as far as its parameters say so.

ARNs and which actions take which are those of the "Service Authorization Reference" of AWS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chalice_core.values import Value as Arn
from chalice_deploy.policies.named_resources import RESOURCES
from chalice_deploy.policies.parameters import Call, NotKnownError

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Rule:
    """A parameter that names a resource.

    Args:
        parameters: the first that a call gives counts.
        patterns: of the resource part of ARNs, ``{}`` being the name.
        service: in the ARN.
        account: the ARN has one.
        suffixes: to what is an ARN already, further resources.
    """

    parameters: tuple[str, ...]
    patterns: tuple[str, ...]
    service: str
    account: bool = True
    suffixes: tuple[str, ...] = ("",)


_RULES: Mapping[str, tuple[Rule, ...]] = {
    "bedrock-runtime": (Rule(("modelId",), ("foundation-model/{}",), "bedrock", account=False),),
    "codebuild": (Rule(("projectName",), ("project/{}",), "codebuild"),),
    "cognito-idp": (Rule(("UserPoolId",), ("userpool/{}",), "cognito-idp"),),
    "dynamodbstreams": (Rule(("StreamArn",), (), "dynamodb"),),
    "ecr": (Rule(("repositoryName",), ("repository/{}",), "ecr"),),
    "firehose": (Rule(("DeliveryStreamName",), ("deliverystream/{}",), "firehose"),),
    "glue": (Rule(("JobName",), ("job/{}",), "glue"),),
    "iot-data": (Rule(("topic",), ("topic/{}",), "iot"), Rule(("thingName",), ("thing/{}",), "iot")),
    "kinesis": (Rule(("StreamARN", "StreamName"), ("stream/{}",), "kinesis"),),
    "lambda": (Rule(("FunctionName",), ("function:{}",), "lambda"),),
    "logs": (
        Rule(
            ("logGroupIdentifier", "logGroupName"),
            ("log-group:{}", "log-group:{}:*"),
            "logs",
            suffixes=("", ":*"),
        ),
    ),
    "rds-data": (Rule(("resourceArn",), ("cluster:{}",), "rds"),),
    "sagemaker-runtime": (Rule(("EndpointName",), ("endpoint/{}",), "sagemaker"),),
    # AWS puts a hyphen and six characters behind the name.
    "secretsmanager": (Rule(("SecretId", "Name"), ("secret:{}-??????",), "secretsmanager"),),
    "stepfunctions": (
        Rule(("stateMachineArn",), ("stateMachine:{}",), "states"),
        Rule(("executionArn",), ("execution:{}",), "states"),
        Rule(("activityArn",), ("activity:{}",), "states"),
    ),
    "sts": (Rule(("RoleArn",), (), "iam"),),
}
"""Service to the parameters that name its resources.

A rule without patterns takes ARNs only.  Services that are not here, and have no function of their own below,
are not narrowed.
"""


def resources_of(call: Call, action: str) -> tuple[Arn, ...]:
    """Return the resources that an action is needed for, in the order in which they were found.

    None are returned when the call does not need the action after all, as a transaction without a deletion.

    Raises:
        NotKnownError: they are not known.
    """
    service, operation = call.use.service, call.use.operation
    own = RESOURCES.get(service)
    if own is not None:
        return tuple(dict.fromkeys(own(call, action)))
    if service == "scheduler" and operation.endswith("Schedule"):
        groups = call.texts("GroupName") if call.has("GroupName") else ("default",)
        return tuple(
            call.arn("scheduler", f"schedule/{group}/{name}")
            for group in groups
            for name in call.texts("Name")
        )
    if service == "apigatewaymanagementapi":
        return (call.arn("execute-api", "*/@connections/*"),)
    for rule in _RULES.get(service, ()):
        if any(call.has(parameter) for parameter in rule.parameters):
            return tuple(dict.fromkeys(_by_rule(call, rule)))
    if service in _RULES:
        names = [parameter for rule in _RULES[service] for parameter in rule.parameters]
        raise NotKnownError(f"the call names no resource ({', '.join(names)})")
    raise NotKnownError(f"resources of {service} are not narrowed")


def _by_rule(call: Call, rule: Rule) -> Iterator[Arn]:
    for name in call.texts(*rule.parameters):
        if name.startswith("arn:"):
            for suffix in rule.suffixes:
                yield name.removesuffix(suffix) + suffix
            continue
        if not rule.patterns:
            raise NotKnownError(f"{' or '.join(rule.parameters)} is no whole ARN")
        plain = _plain_name(call.use.service, name)
        for pattern in rule.patterns:
            yield call.arn(rule.service, pattern.format(plain), account=rule.account)


def _plain_name(service: str, name: str) -> str:
    if service == "lambda":
        # "name", "name:version" and "account:function:name" all name a function.
        return name.rpartition("function:")[2]
    if service == "sagemaker-runtime":
        return name.lower()  # as its ARNs have it
    if service == "bedrock-runtime" and name.count(".") != 1:
        raise NotKnownError("an inference profile reaches models of several regions")
    return name
