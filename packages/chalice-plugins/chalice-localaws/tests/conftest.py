"""One embedded AWS for the whole run, real in every part, and what the tests ask of it."""

from __future__ import annotations

import io
import json
import sys
import time
import uuid
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from chalice_localaws import Endpoint, ensure_running, stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


@dataclass
class Cloud:
    """Clients of one embedded AWS, and shortcuts for what nearly every test does."""

    url: str
    region: str = "us-east-1"
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.url,
                region_name=self.region,
                aws_access_key_id="test",
                aws_secret_access_key="test",
                config=Config(retries={"total_max_attempts": 1}, read_timeout=30, proxies={}),
            )
        return self._clients[service]

    def role(self, *, may_read_queues: bool = True) -> str:
        name = f"role-{uuid.uuid4().hex[:8]}"
        document = json.dumps(TRUST)
        answer = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
        arn: str = answer["Role"]["Arn"]
        if may_read_queues:
            self.client("iam").attach_role_policy(
                RoleName=name,
                PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
            )
        return arn

    def allow(self, role: str, actions: list[str], resource: str = "*") -> None:
        """Let a role do something."""
        statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
        self.client("iam").put_role_policy(
            RoleName=role.rpartition("/")[2],
            PolicyName=f"policy-{uuid.uuid4().hex[:8]}",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )

    def function(self, source: str, *, name: str | None = None, **options: Any) -> str:
        """Create a function of one module and return its ARN."""
        settings = {
            "FunctionName": name or f"f-{uuid.uuid4().hex[:8]}",
            "Runtime": f"python3.{sys.version_info[1]}",
            "Role": self.role(),
            "Handler": "app.handler",
            "Code": {"ZipFile": zip_of({"app.py": source})},
            "Timeout": 10,
            **options,
        }
        arn: str = self.client("lambda").create_function(**settings)["FunctionArn"]
        return arn

    def permit(self, function: str, service: str, source: str, **options: Any) -> None:
        """Let a service invoke a function."""
        self.client("lambda").add_permission(
            FunctionName=function,
            StatementId=f"s-{uuid.uuid4().hex[:8]}",
            Action="lambda:InvokeFunction",
            Principal=f"{service}.amazonaws.com",
            SourceArn=source,
            **options,
        )

    def invoke(self, arn: str, payload: object = None, **options: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client("lambda").invoke(
            FunctionName=arn, Payload=json.dumps(payload or {}), **options
        )
        answer["Payload"] = answer["Payload"].read()
        return answer

    def queue(self, name: str | None = None, **attributes: str) -> tuple[str, str]:
        """Create a queue; returns its URL and ARN."""
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=name or f"q-{uuid.uuid4().hex[:8]}", Attributes=attributes)[
            "QueueUrl"
        ]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, found["Attributes"]["QueueArn"]

    def log(self, arn: str) -> list[str]:
        """Return what a function has logged, or nothing when it has no log group."""
        logs = self.client("logs")
        group = f"/aws/lambda/{arn.split(':')[6]}"
        try:
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
            return [event["message"].rstrip("\n") for page in pages for event in page["events"]]
        except logs.exceptions.ResourceNotFoundException:
            return []

    def logged_json(self, arn: str, prefix: str = "EVENT ") -> list[Any]:
        """Return the JSON documents that a function has printed after ``prefix``."""
        return [json.loads(line.removeprefix(prefix)) for line in self.log(arn) if line.startswith(prefix)]


def zip_of(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """The embedded AWS of a project of its own."""
    project = tmp_path_factory.mktemp("project")
    yield ensure_running(project)
    stop(project)


@pytest.fixture(scope="session")
def cloud(endpoint: Endpoint) -> Cloud:
    return Cloud(endpoint.url)


@pytest.fixture(scope="session")
def make_cloud() -> Callable[[str], Cloud]:
    return Cloud


@pytest.fixture(scope="session")
def make_zip() -> Callable[[dict[str, str]], bytes]:
    return zip_of


@pytest.fixture
def eventually() -> Callable[[Callable[[], Any]], Any]:
    """Ask until the answer is true, and return it."""

    def ask(question: Callable[[], Any], seconds: float = 15.0) -> Any:
        deadline = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < deadline, "it did not come true in time"
            time.sleep(0.05)
        return answer

    return ask


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project whose server, if one is started, is stopped."""
    folder = tmp_path / "project"
    folder.mkdir()
    yield folder
    if folder.is_dir():
        stop(folder)


@pytest.fixture
def log_to_two_streams() -> Callable[[Any, str], None]:
    """Log first, second, third, in the order of time; the first and the last of them to one stream."""

    def log(logs: Any, group: str) -> None:
        logs.create_log_group(logGroupName=group)
        now = int(time.time() * 1000) - 1000
        for stream, events in (("one", [(0, "first"), (2, "third")]), ("two", [(1, "second")])):
            logs.create_log_stream(logGroupName=group, logStreamName=stream)
            logs.put_log_events(
                logGroupName=group,
                logStreamName=stream,
                logEvents=[{"timestamp": now + later, "message": message} for later, message in events],
            )

    return log
