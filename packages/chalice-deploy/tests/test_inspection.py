"""What can be asked of a deployment: its URL, its report, a function's answer, a function's log."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalice_core.target import Place
from chalice_deploy.deployment import RecordedFacts
from chalice_deploy.errors import AwsError, InvokeTimeoutError, UnknownFunctionError
from chalice_deploy.logs import follow_events
from chalice_deploy.record_errors import OtherPlaceError


def test_the_report_names_functions_and_the_url(project: Any) -> None:
    project.deploy()
    deployment = project.deployment()

    report = [(line.label, line.value) for line in deployment.report()]

    arn = "arn:aws:lambda:eu-central-1:123456789012:function:"
    assert report == [
        ("Lambda ARN", f"{arn}shop-dev"),
        ("Lambda ARN", f"{arn}shop-dev-work"),
        ("Rest API URL", deployment.url()),
    ]
    assert deployment.functions() == ("api_handler", "work")


def test_the_report_has_one_order_whatever_was_ready_first(project: Any, application: Any) -> None:
    (main,) = (one for one in application() if one.id == "api_handler")
    role, group = (one for one in application() if one.id in ("default-role", "api_handler_log_group"))
    late = [replace(main, id=f"{name}", name=name, function_name=f"shop-dev-{name}") for name in ("b", "a")]

    project.deploy([role, group, late[0]])
    project.deploy([role, group, *late])
    project.deploy([role, group, *late, main])

    names = [line.value.rpartition(":")[2] for line in project.deployment().report()]
    assert names == ["shop-dev", "shop-dev-a", "shop-dev-b"]


def test_another_aws_spells_urls_in_its_own_way(project: Any) -> None:
    project.deploy()
    deployment = project.deployment(rest_api_url="http://{api_id}.execute-api.localhost:4566/{stage}/")
    (api,) = (one for one in project.record["resources"] if one["resource_type"] == "rest_api")

    assert deployment.url() == f"http://{api['rest_api_id']}.execute-api.localhost:4566/api/"


def test_urls_of_websocket_apis_are_spelled_as_the_place_says() -> None:
    place = Place(project_dir=Path(), app_name="shop", stage="dev", records=Path())
    here = replace(place, websocket_api_url="ws://127.0.0.1:4566/{api_id}/{stage}/")

    in_aws = RecordedFacts(place=place, region="cn-north-1").websocket_api_url("abc", "api")
    assert in_aws == "wss://abc.execute-api.cn-north-1.amazonaws.com.cn/api/"
    assert RecordedFacts(place=here, region="us-east-1").websocket_api_url("abc", "api") == (
        "ws://127.0.0.1:4566/abc/api/"
    )


def test_without_a_record_there_is_nothing_to_report(project: Any) -> None:
    deployment = project.deployment()

    assert deployment.report() == deployment.functions() == ()
    assert deployment.url() is None


def test_an_unknown_function_is_named_with_those_that_are_known(project: Any) -> None:
    project.deploy()

    for ask in (lambda name: project.deployment().invoke(name, b"{}"), project.deployment().logs):
        with pytest.raises(UnknownFunctionError) as caught:
            ask("wrok")
        assert caught.value.known == ("api_handler", "work")


class Answering:
    """A client whose Invoke does what the test says."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.calls: list[dict[str, Any]] = []

    def invoke(self, **parameters: Any) -> Any:
        self.calls.append(parameters)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def answering(project: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    project.deploy()
    deployment = project.deployment()
    timeouts: list[float] = []

    def prepare(answer: Any) -> tuple[Any, Answering, list[float]]:
        client = Answering(answer)

        def make(service: str, *, read_timeout: float) -> Answering:
            assert service == "lambda"
            timeouts.append(read_timeout)
            return client

        monkeypatch.setattr(deployment._cloud._clients, "client", make)
        return deployment, client, timeouts

    return prepare


def test_an_invocation_returns_what_the_function_said(answering: Any) -> None:
    deployment, client, timeouts = answering({"Payload": io.BytesIO(b'{"sum": 3}')})

    result = deployment.invoke("work", b'{"a": 1}')

    assert (result.payload, result.function_error) == (b'{"sum": 3}', None)
    assert client.calls == [{"FunctionName": "shop-dev-work", "Payload": b'{"a": 1}'}]
    assert timeouts == [70.0]


def test_a_failed_invocation_says_how_it_failed(answering: Any) -> None:
    deployment, *_ = answering({"Payload": io.BytesIO(b"{}"), "FunctionError": "Unhandled"})

    assert deployment.invoke("work", b"").function_error == "Unhandled"


def test_a_function_that_does_not_answer_is_invoked_once(answering: Any) -> None:
    deployment, client, _ = answering(ReadTimeoutError(endpoint_url="https://lambda"))

    with pytest.raises(InvokeTimeoutError) as caught:
        deployment.invoke("work", b"")

    assert caught.value.seconds == 70.0
    assert len(client.calls) == 1


def test_a_throttled_invocation_is_not_repeated(project: Any, new_witness: Any) -> None:
    project.deploy()
    witness = new_witness()
    witness.fail["Invoke"] = [("TooManyRequestsException", "Rate exceeded")] * 2

    with pytest.raises(AwsError):
        project.deployment(witness).invoke("work", b"")

    assert witness.operations == ["Invoke refused"]


NOW = datetime.now(timezone.utc).replace(microsecond=0)


def write(logs: Any, *messages: str, at: datetime = NOW) -> None:
    group = "/aws/lambda/shop-dev-work"
    names = [
        stream["logStreamName"] for stream in logs.describe_log_streams(logGroupName=group)["logStreams"]
    ]
    if "one" not in names:
        logs.create_log_stream(logGroupName=group, logStreamName="one")
    events = [{"timestamp": int(at.timestamp() * 1000), "message": message} for message in messages]
    logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=events)


def test_logs_are_read_page_by_page(project: Any, aws_client: Any) -> None:
    project.deploy()
    logs = aws_client("logs")
    for start in range(0, 12_000, 4_000):
        write(logs, *(f"line {number}\n" for number in range(start, start + 4_000)))

    events = list(project.deployment().logs("work"))

    assert sorted(event.message for event in events) == sorted(f"line {number}" for number in range(12_000))
    assert events[0].timestamp == NOW
    assert events[0].stream == "one"


def test_logs_begin_where_they_are_asked_to(project: Any, aws_client: Any) -> None:
    project.deploy()
    write(aws_client("logs"), "old", at=NOW - timedelta(hours=2))
    write(aws_client("logs"), "new")

    assert [event.message for event in project.deployment().logs("work", since=NOW - timedelta(hours=1))] == [
        "new"
    ]


def test_a_function_that_never_ran_has_no_logs(project: Any, aws_client: Any) -> None:
    project.deploy()
    aws_client("logs").delete_log_group(logGroupName="/aws/lambda/shop-dev-work")

    assert list(project.deployment().logs("work")) == []


def test_following_yields_each_event_once(project: Any, aws_client: Any) -> None:
    project.deploy()
    write(aws_client("logs"), "one")
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        write(aws_client("logs"), f"after wait {len(waits)}", at=NOW + timedelta(seconds=len(waits)))

    events = follow_events(
        project.deployment()._cloud, "/aws/lambda/shop-dev-work", since=None, every=5, sleep=sleep
    )

    assert [event.message for event in islice(events, 3)] == ["one", "after wait 1", "after wait 2"]
    assert waits == [5, 5]


def test_without_a_configured_region_that_of_the_record_is_taken(
    project: Any, inventory: Any, nothing: Any
) -> None:
    project.deploy()
    project.region = None

    assert ".eu-central-1." in project.deployment().url()
    assert list(project.deployment().logs("work")) == []
    project.delete()
    assert inventory() == nothing


def test_another_configured_region_changes_no_url_and_asks_for_no_log(project: Any) -> None:
    project.deploy()
    project.region = "us-west-2"

    assert ".eu-central-1." in project.deployment().url()
    for ask in (
        lambda: project.deployment().invoke("work", b"{}"),
        lambda: project.deployment().logs("work"),
    ):
        with pytest.raises(OtherPlaceError) as caught:
            ask()
        assert (caught.value.recorded, caught.value.current) == ("eu-central-1", "us-west-2")
