"""Runs Chalice applications on your own machine: AWS Lambda workers and event pumps."""

from chalice_local.addresses import ExecuteApiAddress, is_loopback_name, parse_execute_api
from chalice_local.batches import BatchOutcome
from chalice_local.clock import Clock
from chalice_local.code_store import CodeStore
from chalice_local.destinations import AsyncOutcome
from chalice_local.errors import LocalRunError, NoInterpreterError, ThrottledError, UnsafeArchiveError
from chalice_local.function import CodeBundle, FunctionSpec
from chalice_local.interpreters import Interpreter, InterpreterMismatchError, Interpreters
from chalice_local.invoker import AsyncPolicy, Invoker
from chalice_local.launcher import Launcher
from chalice_local.output import LogSink
from chalice_local.patterns import PatternError, check_pattern, matches
from chalice_local.pool import WorkerPool
from chalice_local.shards import GivenUp
from chalice_local.sqs import (
    MappingSettings,
    MessageAttribute,
    MessageQueue,
    QueueMessage,
    SqsPoller,
)
from chalice_local.streams import (
    Position,
    Shard,
    StreamPoller,
    StreamRecord,
    StreamSettings,
    StreamSource,
)
from chalice_local.worker import Invocation, InvocationResult, Worker

__all__ = [
    "AsyncOutcome",
    "AsyncPolicy",
    "BatchOutcome",
    "Clock",
    "CodeBundle",
    "CodeStore",
    "ExecuteApiAddress",
    "FunctionSpec",
    "GivenUp",
    "Interpreter",
    "InterpreterMismatchError",
    "Interpreters",
    "Invocation",
    "InvocationResult",
    "Invoker",
    "Launcher",
    "LocalRunError",
    "LogSink",
    "MappingSettings",
    "MessageAttribute",
    "MessageQueue",
    "NoInterpreterError",
    "PatternError",
    "Position",
    "QueueMessage",
    "Shard",
    "SqsPoller",
    "StreamPoller",
    "StreamRecord",
    "StreamSettings",
    "StreamSource",
    "ThrottledError",
    "UnsafeArchiveError",
    "Worker",
    "WorkerPool",
    "check_pattern",
    "is_loopback_name",
    "matches",
    "parse_execute_api",
]
