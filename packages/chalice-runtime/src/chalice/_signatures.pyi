"""What type checkers and editors know of the decorators that this project's other distributions add.

At run time these arrive through ``Chalice.__getattr__``, from whatever is installed.  Only type checkers see
this module, as the base class of `chalice.Chalice` and `chalice.Blueprint`.  A test compares each signature
with the decorator's own.
"""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, overload

from chalice.app import LambdaFunction, Request
from chalice.extensions import EventHandler
from chalice_blueprints.blueprint import Blueprint
from chalice_cognito.events import CognitoTriggerEvent
from chalice_dynamodb.events import DynamoDBEvent
from chalice_kafka.events import KafkaEvent
from chalice_kinesis.events import KinesisEvent
from chalice_s3.events import S3Event
from chalice_schedule.events import CloudWatchEvent, ScheduleExpression
from chalice_sns.events import SNSEvent
from chalice_sqs.events import SQSEvent
from chalice_websockets.api import WebsocketAPI
from chalice_websockets.events import WebsocketEvent

Event = TypeVar("Event")
# Covariant, for what an async function returns is a subclass of Coroutine to some type checkers.
Result = TypeVar("Result", covariant=True)
Returned = TypeVar("Returned")
Awaited = TypeVar("Awaited")

class DeclaredHandler(EventHandler, Generic[Event, Result]):
    """The `EventHandler` of a function that takes an ``Event``; its call returns what that one returns."""

    func: Callable[[Event], Result]
    __wrapped__: Callable[[Event], Result]

    @overload
    def __call__(
        self: DeclaredHandler[Event, Coroutine[Any, Any, Awaited]], event: Any, context: Any
    ) -> Awaited: ...
    @overload
    def __call__(self, event: Any, context: Any) -> Result: ...

class WebsocketHandler(DeclaredHandler[WebsocketEvent, Result]):
    """The handler of a function that takes events of a connection; its call returns a status."""

    def __call__(self, event: Any, context: Any) -> dict[str, Any]: ...  # type: ignore[override]

class DeclaredFunction(LambdaFunction, Generic[Result]):
    """The `LambdaFunction` of a function; its call returns what that one returns."""

    func: Callable[[Any, Any], Result]
    __wrapped__: Callable[[Any, Any], Result]

    @overload
    def __call__(
        self: DeclaredFunction[Coroutine[Any, Any, Awaited]], event: Any, context: Any
    ) -> Awaited: ...
    @overload
    def __call__(self, event: Any, context: Any) -> Result: ...

class CognitoHandler(DeclaredHandler[CognitoTriggerEvent, Result]):
    """The handler of a function of a user pool; its call returns the event."""

    def __call__(self, event: Any, context: Any) -> dict[str, Any]: ...  # type: ignore[override]

class UrlHandler(DeclaredHandler[Request, Result]):
    """The handler of a function with a URL; its call returns a response."""

    def __call__(self, event: Any, context: Any) -> dict[str, Any]: ...  # type: ignore[override]

class EventDecorator(Protocol[Event]):
    """Makes a handler of a function that takes an event."""

    def __call__(self, function: Callable[[Event], Returned], /) -> DeclaredHandler[Event, Returned]: ...

class WebsocketDecorator(Protocol):
    """Makes a handler of a function that takes an event of a connection."""

    def __call__(self, function: Callable[[WebsocketEvent], Returned], /) -> WebsocketHandler[Returned]: ...

class CognitoDecorator(Protocol):
    """Makes a handler of a function that takes events of a user pool."""

    def __call__(
        self, function: Callable[[CognitoTriggerEvent], Returned], /
    ) -> CognitoHandler[Returned]: ...

class UrlDecorator(Protocol):
    """Makes a handler of a function that takes requests."""

    def __call__(self, function: Callable[[Request], Returned], /) -> UrlHandler[Returned]: ...

class FunctionDecorator(Protocol):
    """Makes a Lambda function of a function."""

    def __call__(self, function: Callable[[Any, Any], Returned], /) -> DeclaredFunction[Returned]: ...

class FirstPartyDecorators:
    """What the distributions of this project add to applications, and to blueprints."""

    websocket_api: WebsocketAPI
    """Sends to WebSocket connections; install chalice-websockets."""

    def register_blueprint(
        self, blueprint: Blueprint, name_prefix: str | None = None, url_prefix: str | None = None
    ) -> None:
        """Make a blueprint part of the application; install chalice-blueprints."""

    def schedule(
        self,
        expression: str | ScheduleExpression,
        name: str | None = None,
        description: str = "",
        scheduler: bool = False,
        timezone: str | None = None,
        flexible_time_window_in_minutes: int | None = None,
        maximum_retry_attempts: int | None = None,
        maximum_event_age_in_seconds: int | None = None,
        on_failure: str | None = None,
        dead_letter_queue: str | None = None,
    ) -> EventDecorator[CloudWatchEvent]:
        """Call a function at certain times; install chalice-schedule."""

    def on_cw_event(
        self,
        event_pattern: dict[str, Any],
        name: str | None = None,
        event_bus: str | None = None,
        maximum_retry_attempts: int | None = None,
        maximum_event_age_in_seconds: int | None = None,
        on_failure: str | None = None,
        dead_letter_queue: str | None = None,
    ) -> EventDecorator[CloudWatchEvent]:
        """Call a function with events that fit a pattern; install chalice-schedule."""

    def on_s3_event(
        self,
        bucket: str,
        events: list[str] | None = None,
        prefix: str | None = None,
        suffix: str | None = None,
        name: str | None = None,
        maximum_retry_attempts: int | None = None,
        maximum_event_age_in_seconds: int | None = None,
        on_failure: str | None = None,
    ) -> EventDecorator[S3Event]:
        """Call a function when something happens to objects of a bucket; install chalice-s3."""

    def on_sns_message(
        self,
        topic: str,
        name: str | None = None,
        filter_policy: dict[str, Any] | None = None,
        filter_policy_scope: str | None = None,
        maximum_retry_attempts: int | None = None,
        maximum_event_age_in_seconds: int | None = None,
        on_failure: str | None = None,
        dead_letter_queue: str | None = None,
    ) -> EventDecorator[SNSEvent]:
        """Call a function with each message that is published to an SNS topic; install chalice-sns."""

    def on_sqs_message(
        self,
        queue: str | None = None,
        batch_size: int = 1,
        name: str | None = None,
        queue_arn: str | None = None,
        maximum_batching_window_in_seconds: int = 0,
        maximum_concurrency: int | None = None,
        report_batch_item_failures: bool = False,
        filter_patterns: list[dict[str, Any]] | None = None,
    ) -> EventDecorator[SQSEvent]:
        """Call a function with messages of an SQS queue; install chalice-sqs."""

    def on_kafka_message(
        self,
        topic: str,
        cluster_arn: str | None = None,
        bootstrap_servers: list[str] | None = None,
        batch_size: int = 100,
        starting_position: str = "LATEST",
        name: str | None = None,
        maximum_batching_window_in_seconds: int = 0,
        consumer_group: str | None = None,
        authentication: str | None = None,
        secret_arn: str | None = None,
        server_root_ca_certificate_arn: str | None = None,
        subnet_ids: list[str] | None = None,
        security_group_ids: list[str] | None = None,
        starting_position_timestamp: datetime | str | float | None = None,
        report_batch_item_failures: bool = False,
        filter_patterns: list[dict[str, Any]] | None = None,
        on_failure: str | None = None,
        maximum_retry_attempts: int | None = None,
        maximum_record_age_in_seconds: int | None = None,
        bisect_batch_on_function_error: bool = False,
        minimum_pollers: int | None = None,
        maximum_pollers: int | None = None,
    ) -> EventDecorator[KafkaEvent]:
        """Call a function with records of a Kafka topic; install chalice-kafka."""

    def on_kinesis_record(
        self,
        stream: str,
        batch_size: int = 100,
        starting_position: str = "LATEST",
        name: str | None = None,
        maximum_batching_window_in_seconds: int = 0,
        report_batch_item_failures: bool = False,
        filter_patterns: list[dict[str, Any]] | None = None,
        on_failure: str | None = None,
        maximum_retry_attempts: int | None = None,
        maximum_record_age_in_seconds: int | None = None,
        bisect_batch_on_function_error: bool = False,
        parallelization_factor: int | None = None,
        tumbling_window_in_seconds: int | None = None,
        starting_position_timestamp: datetime | str | float | None = None,
    ) -> EventDecorator[KinesisEvent]:
        """Call a function with records of a Kinesis data stream; install chalice-kinesis."""

    def on_dynamodb_record(
        self,
        stream_arn: str,
        batch_size: int = 100,
        starting_position: str = "LATEST",
        name: str | None = None,
        maximum_batching_window_in_seconds: int = 0,
        report_batch_item_failures: bool = False,
        filter_patterns: list[dict[str, Any]] | None = None,
        on_failure: str | None = None,
        maximum_retry_attempts: int | None = None,
        maximum_record_age_in_seconds: int | None = None,
        bisect_batch_on_function_error: bool = False,
        parallelization_factor: int | None = None,
        tumbling_window_in_seconds: int | None = None,
    ) -> EventDecorator[DynamoDBEvent]:
        """Call a function with changes of a DynamoDB table; install chalice-dynamodb."""

    def on_ws_connect(self, name: str | None = None) -> WebsocketDecorator:
        """Call a function when somebody connects; install chalice-websockets."""

    def on_ws_message(self, name: str | None = None) -> WebsocketDecorator:
        """Call a function with each message of a connection; install chalice-websockets."""

    def on_ws_disconnect(self, name: str | None = None) -> WebsocketDecorator:
        """Call a function when a connection has ended; install chalice-websockets."""

    def on_cognito_trigger(
        self, user_pool: str, trigger: str | list[str], name: str | None = None, version: str | None = None
    ) -> CognitoDecorator:
        """Call a function at some point of the work of a Cognito user pool; install chalice-cognito."""

    def on_function_url(
        self,
        auth_type: str = "AWS_IAM",
        cors: bool | dict[str, Any] | None = None,
        name: str | None = None,
        invoke_mode: str = "BUFFERED",
    ) -> UrlDecorator:
        """Give a function a URL of its own; install chalice-function-urls."""
