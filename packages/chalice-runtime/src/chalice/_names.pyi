"""The names that `chalice` and `chalice.app` give on demand, for type checkers and editors.

At run time ``__getattr__`` of either module finds them: few applications need many of them.
"""

from chalice.authorization import AuthRequest as AuthRequest
from chalice.authorization import AuthResponse as AuthResponse
from chalice.authorization import AuthRoute as AuthRoute
from chalice.authorizers import ChaliceAuthorizer as ChaliceAuthorizer
from chalice.authorizers import CognitoUserPoolAuthorizer as CognitoUserPoolAuthorizer
from chalice.authorizers import CustomAuthorizer as CustomAuthorizer
from chalice.authorizers import IAMAuthorizer as IAMAuthorizer
from chalice.extensions import EventHandler as EventHandler
from chalice.extensions import EventSource as EventSource
from chalice.middleware import ConvertToMiddleware as ConvertToMiddleware
from chalice.middleware import LambdaFunctionEvent as LambdaFunctionEvent
from chalice_blueprints.blueprint import Blueprint as Blueprint
from chalice_cognito.events import CognitoTriggerEvent as CognitoTriggerEvent
from chalice_dynamodb.events import DynamoDBEvent as DynamoDBEvent
from chalice_dynamodb.events import DynamoDBRecord as DynamoDBRecord
from chalice_kafka.events import KafkaEvent as KafkaEvent
from chalice_kafka.events import KafkaRecord as KafkaRecord
from chalice_kinesis.events import KinesisEvent as KinesisEvent
from chalice_kinesis.events import KinesisRecord as KinesisRecord
from chalice_s3.events import S3Event as S3Event
from chalice_schedule.events import CloudWatchEvent as CloudWatchEvent
from chalice_schedule.events import Cron as Cron
from chalice_schedule.events import Rate as Rate
from chalice_schedule.events import ScheduleExpression as ScheduleExpression
from chalice_sns.events import SNSEvent as SNSEvent
from chalice_sqs.events import SQSEvent as SQSEvent
from chalice_sqs.events import SQSRecord as SQSRecord
from chalice_websockets.api import WebsocketAPI as WebsocketAPI
from chalice_websockets.api import WebsocketDisconnectedError as WebsocketDisconnectedError
from chalice_websockets.events import WebsocketEvent as WebsocketEvent

__all__: list[str] = [
    "AuthRequest",
    "AuthResponse",
    "AuthRoute",
    "Blueprint",
    "ChaliceAuthorizer",
    "CloudWatchEvent",
    "CognitoTriggerEvent",
    "CognitoUserPoolAuthorizer",
    "ConvertToMiddleware",
    "Cron",
    "CustomAuthorizer",
    "DynamoDBEvent",
    "DynamoDBRecord",
    "EventHandler",
    "EventSource",
    "IAMAuthorizer",
    "KafkaEvent",
    "KafkaRecord",
    "KinesisEvent",
    "KinesisRecord",
    "LambdaFunctionEvent",
    "Rate",
    "S3Event",
    "SNSEvent",
    "SQSEvent",
    "SQSRecord",
    "ScheduleExpression",
    "WebsocketAPI",
    "WebsocketDisconnectedError",
    "WebsocketEvent",
]
