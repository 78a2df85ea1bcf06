"""What delivers events to functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from chalice_core.kinds.base import Resource
from chalice_core.values import Output, Value

StartingPosition: TypeAlias = Literal["LATEST", "TRIM_HORIZON", "AT_TIMESTAMP"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSourceMapping(Resource):
    """Lambda polls a source and hands a function what it finds.

    Queues and streams share this kind: they differ in values, not in nature
    (``CreateEventSourceMapping``, AWS Lambda API Reference).

    Args:
        function_arn: the function.
        source_arn: the queue, stream or cluster; None for what is not in AWS.
        service: the source's service prefix, ``sqs``, ``kinesis``, ``dynamodb``, ``kafka``.
        batch_size: at most this many records per invocation.
        maximum_batching_window: seconds to wait for a full batch.
        starting_position: where reading a stream starts; None for queues.
        starting_position_timestamp: with ``AT_TIMESTAMP``, seconds since 1970.
        maximum_concurrency: at most this many invocations at once; None for no limit.
        report_batch_item_failures: the function's answer names the records that failed.
        filter_patterns: only records that fit one of these patterns arrive, each as JSON data;
            "Lambda event filtering", AWS Lambda Developer Guide, has the syntax.  None filters nothing.
        on_failure: ARN of what is told of batches that were given up.
        maximum_retry_attempts: -1 for as long as the source keeps the records; None leaves it to Lambda.
        maximum_record_age: seconds, -1 for ever; None leaves it to Lambda.
        bisect_batch: a batch that failed is cut in two and tried again.
        parallelization_factor: batches of one shard at the same time; None leaves it to Lambda.
        tumbling_window: seconds of a window with a state; None for none.
        topics: of a Kafka cluster.
        bootstrap_servers: ``host:port`` of a self-managed Kafka cluster.
        source_access: how to reach and to log in to the source, pairs of a type and a URI, as
            ``SourceAccessConfigurations`` has them.
        consumer_group: of Kafka; None lets Lambda make one up.
        minimum_pollers: of a Kafka mapping in provisioned mode (``ProvisionedPollerConfig``), which Lambda
            asks for before it retries, bisects and takes partial answers there; None leaves it to Lambda.
        maximum_pollers: the same; with neither, there is no provisioned mode.
    """

    function_arn: Output
    source_arn: Value | None
    service: str
    batch_size: int = 10
    maximum_batching_window: int = 0
    starting_position: StartingPosition | None = None
    starting_position_timestamp: float | None = None
    maximum_concurrency: int | None = None
    report_batch_item_failures: bool = False
    filter_patterns: tuple[Mapping[str, Any], ...] | None = None
    on_failure: Value | None = None
    maximum_retry_attempts: int | None = None
    maximum_record_age: int | None = None
    bisect_batch: bool = False
    parallelization_factor: int | None = None
    tumbling_window: int | None = None
    topics: tuple[str, ...] = ()
    bootstrap_servers: tuple[str, ...] = ()
    source_access: tuple[tuple[str, Value], ...] = ()
    consumer_group: str | None = None
    minimum_pollers: int | None = None
    maximum_pollers: int | None = None

    @property
    def mapping_id(self) -> Output:
        """The UUID that updates and deletions ask for."""
        return Output(self.id, "mapping_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRule(Resource):
    """An EventBridge rule with a function as its one target.

    Sources: ``PutRule`` and ``PutTargets``, Amazon EventBridge API Reference.

    Args:
        rule_name: at most 64 characters.
        function_arn: the target.
        schedule_expression: ``rate(5 minutes)`` or ``cron(…)``; on the default bus only.
        event_pattern: what events have to look like, JSON data; one of this and the expression is given.
        event_bus: name or ARN of the bus; None for the default one.
        description: for people.
        dead_letter_arn: of the queue that gets events that could not be delivered.
    """

    rule_name: str
    function_arn: Output
    schedule_expression: str | None = None
    event_pattern: Mapping[str, Any] | None = None
    event_bus: str | None = None
    description: str = ""
    dead_letter_arn: Value | None = None

    def __post_init__(self) -> None:
        if (self.schedule_expression is None) == (self.event_pattern is None):
            raise ValueError(f"{self.id}: a rule has either a schedule or a pattern")

    @property
    def arn(self) -> Output:
        """The rule's ARN."""
        return Output(self.id, "arn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Resource):
    """A schedule of EventBridge Scheduler that invokes a function.

    Source: ``CreateSchedule``, Amazon EventBridge Scheduler API Reference.

    Args:
        schedule_name: at most 64 characters; in the default group.
        function_arn: the target.
        role: ARN of the role that Scheduler invokes the function with.
        schedule_expression: ``rate(…)``, ``cron(…)`` or ``at(…)``.
        timezone: of the IANA database, ``Europe/Berlin``.
        flexible_window: minutes within which an invocation may begin; None for none.
        description: for people.
        dead_letter_arn: of the queue that gets events that could not be delivered.
        input: the event, JSON data with values in it.
    """

    schedule_name: str
    function_arn: Output
    role: Output | str
    schedule_expression: str
    timezone: str = "UTC"
    flexible_window: int | None = None
    description: str = ""
    dead_letter_arn: Value | None = None
    input: Mapping[str, Any] | None = None

    @property
    def arn(self) -> Output:
        """The schedule's ARN."""
        return Output(self.id, "arn")


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSubscription(Resource):
    """An SNS topic hands its messages to a function (``Subscribe``, Amazon SNS API Reference).

    Args:
        topic_arn: the topic.
        function_arn: the function.
        filter_policy: which messages it gets, JSON data; None for all.
        filter_policy_scope: what the policy is compared with; None leaves it to SNS: attributes.
        dead_letter_arn: of the queue that gets messages that could not be delivered.
    """

    topic_arn: Value
    function_arn: Output
    filter_policy: Mapping[str, Any] | None = None
    filter_policy_scope: Literal["MessageAttributes", "MessageBody"] | None = None
    dead_letter_arn: Value | None = None

    @property
    def subscription_arn(self) -> Output:
        """The subscription's ARN."""
        return Output(self.id, "subscription_arn")


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketNotification(Resource):
    """An S3 bucket tells a function what happens to its objects.

    The bucket is somebody else's, and so are its other notifications: only the one of this function is
    added, changed and removed (``PutBucketNotificationConfiguration``, Amazon S3 API Reference).

    Args:
        bucket: its name.
        function_arn: the function.
        events: ``s3:ObjectCreated:*``.
        prefix: of the objects' keys; empty for all.
        suffix: of the objects' keys; empty for all.
    """

    bucket: str
    function_arn: Output
    events: tuple[str, ...]
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPoolTrigger(Resource):
    """A Cognito user pool calls a function at one point of its work.

    The pool is somebody else's, and so are its other settings: only this trigger is set, changed and
    removed (``UpdateUserPool``, Amazon Cognito User Pools API Reference).

    Args:
        user_pool_id: ``eu-west-1_AbCdEfGhI``.
        trigger: the trigger's key in ``LambdaConfig``, ``PreSignUp``.
        function_arn: the function.
        lambda_version: ``V1_0``, ``V2_0``, …, for triggers whose events have versions; None for the others.
    """

    user_pool_id: str
    trigger: str
    function_arn: Output
    lambda_version: str | None = None
