"""The Chalice runtime: decorators and dispatch for serverless Python applications, standard library only."""

from __future__ import annotations

from chalice.app import (
    BadRequestError,
    Chalice,
    ChaliceUnhandledError,
    ChaliceViewError,
    ConflictError,
    CORSConfig,
    ForbiddenError,
    NotFoundError,
    Response,
    TooManyRequestsError,
    UnauthorizedError,
    UnprocessableEntityError,
    __version__,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chalice.authorizers import AuthRequest as AuthRequest
    from chalice.authorizers import AuthResponse as AuthResponse
    from chalice.authorizers import AuthRoute as AuthRoute
    from chalice.authorizers import ChaliceAuthorizer as ChaliceAuthorizer
    from chalice.authorizers import CognitoUserPoolAuthorizer as CognitoUserPoolAuthorizer
    from chalice.authorizers import CustomAuthorizer as CustomAuthorizer
    from chalice.authorizers import IAMAuthorizer as IAMAuthorizer
    from chalice.extensions import EventHandler as EventHandler
    from chalice.extensions import EventSource as EventSource
    from chalice.middleware import ConvertToMiddleware as ConvertToMiddleware
    from chalice.middleware import LambdaFunctionEvent as LambdaFunctionEvent
    from chalice_blueprints.blueprint import Blueprint as Blueprint
    from chalice_dynamodb.events import DynamoDBEvent as DynamoDBEvent
    from chalice_dynamodb.events import DynamoDBRecord as DynamoDBRecord
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
else:

    def __getattr__(name):
        """Find a name that an installed distribution offers, such as `SQSEvent`."""
        if name[0] == "_":
            # Python asking for `__path__` at every import, not an application.
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from chalice.extensions import find_export

        return find_export(name, __name__)


__all__ = [
    "BadRequestError",
    "CORSConfig",
    "Chalice",
    "ChaliceUnhandledError",
    "ChaliceViewError",
    "ConflictError",
    "ForbiddenError",
    "NotFoundError",
    "Response",
    "TooManyRequestsError",
    "UnauthorizedError",
    "UnprocessableEntityError",
    "__version__",
]
