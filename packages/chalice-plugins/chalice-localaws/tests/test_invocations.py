"""Invocations through the Lambda API, against real workers."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

# What AWS does, and moto under it, is the same on every Python.
pytestmark = pytest.mark.one_python

if TYPE_CHECKING:
    from collections.abc import Callable

ECHO = """
import json

def handler(event, context):
    print("EVENT " + json.dumps(event))
    return {"event": event, "name": context.function_name, "arn": context.invoked_function_arn}
"""

OTHER_PYTHONS = [f"python3.{minor}" for minor in range(10, 15) if minor != sys.version_info[1]]


def test_a_function_gets_its_event_and_its_context(cloud: Any) -> None:
    arn = cloud.function(ECHO)

    answer = cloud.invoke(arn, {"a": 1})

    assert json.loads(answer["Payload"]) == {"event": {"a": 1}, "name": arn.split(":")[6], "arn": arn}
    assert "FunctionError" not in answer
    assert answer["ExecutedVersion"] == "$LATEST"


def test_a_raised_exception_is_an_unhandled_error_with_its_traceback(cloud: Any) -> None:
    arn = cloud.function("def handler(event, context):\n    raise ValueError('too many')\n")

    answer = cloud.invoke(arn)

    document = json.loads(answer["Payload"])
    assert answer["FunctionError"] == "Unhandled"
    assert (document["errorType"], document["errorMessage"]) == ("ValueError", "too many")
    assert any("app.py" in line for line in document["stackTrace"])


def test_a_module_that_does_not_exist_is_an_import_error(cloud: Any) -> None:
    arn = cloud.function(ECHO, Handler="nowhere.handler")

    answer = cloud.invoke(arn)

    assert json.loads(answer["Payload"])["errorType"] == "Runtime.ImportModuleError"
    assert answer["FunctionError"] == "Unhandled"


def test_the_tail_of_the_log_comes_on_request_and_only_then(cloud: Any) -> None:
    arn = cloud.function("def handler(event, context):\n    print('seen')\n")

    tail = base64.b64decode(cloud.invoke(arn, LogType="Tail")["LogResult"]).decode().splitlines()
    plain = cloud.invoke(arn)

    assert "seen" in tail
    assert tail[-2].startswith("END RequestId:")
    assert tail[-1].startswith("REPORT RequestId:")
    assert "LogResult" not in plain


def test_a_slow_function_is_ended_at_its_timeout(cloud: Any) -> None:
    arn = cloud.function("import time\ndef handler(event, context):\n    time.sleep(60)\n", Timeout=1)

    started = time.monotonic()
    answer = cloud.invoke(arn)

    document = json.loads(answer["Payload"])
    assert time.monotonic() - started < 8
    assert answer["FunctionError"] == "Unhandled"
    assert document["errorType"] == "Sandbox.Timedout"
    assert document["errorMessage"].endswith("Task timed out after 1.00 seconds")
    assert any("Task timed out after 1.00 seconds" in line for line in cloud.log(arn))


def test_a_process_that_exits_is_an_exit_error_and_the_next_invocation_gets_a_new_one(cloud: Any) -> None:
    source = """
import os
def handler(event, context):
    if event.get("exit"):
        os._exit(3)
    return os.getpid()
"""
    arn = cloud.function(source)

    first = json.loads(cloud.invoke(arn)["Payload"])
    crash = json.loads(cloud.invoke(arn, {"exit": True})["Payload"])
    second = json.loads(cloud.invoke(arn)["Payload"])

    assert crash["errorType"] == "Runtime.ExitError"
    assert crash["errorMessage"].endswith("Error: Runtime exited with error: exit status 3")
    assert first != second


def test_an_idle_worker_is_used_again(cloud: Any) -> None:
    arn = cloud.function("import os\ndef handler(event, context):\n    return os.getpid()\n")

    assert cloud.invoke(arn)["Payload"] == cloud.invoke(arn)["Payload"]


def test_new_code_answers_the_next_invocation(cloud: Any, make_zip: Callable[..., bytes]) -> None:
    arn = cloud.function("def handler(event, context):\n    return 'old'\n")
    before = cloud.invoke(arn)["Payload"]

    code = make_zip({"app.py": "def handler(event, context):\n    return 'new'\n"})
    cloud.client("lambda").update_function_code(FunctionName=arn, ZipFile=code)

    assert (before, cloud.invoke(arn)["Payload"]) == (b'"old"', b'"new"')


def test_a_published_version_keeps_its_code(cloud: Any, make_zip: Callable[..., bytes]) -> None:
    arn = cloud.function("def handler(event, context):\n    return ['old', context.function_version]\n")
    version = cloud.client("lambda").publish_version(FunctionName=arn)["Version"]
    cloud.client("lambda").create_alias(FunctionName=arn, Name="live", FunctionVersion=version)

    code = make_zip(
        {"app.py": "def handler(event, context):\n    return ['new', context.function_version]\n"}
    )
    cloud.client("lambda").update_function_code(FunctionName=arn, ZipFile=code)

    assert json.loads(cloud.invoke(arn)["Payload"]) == ["new", "$LATEST"]
    assert json.loads(cloud.invoke(arn, Qualifier=version)["Payload"]) == ["old", version]
    assert json.loads(cloud.invoke(arn, Qualifier="live")["Payload"]) == ["old", version]
    assert json.loads(cloud.invoke(f"{arn}:{version}")["Payload"]) == ["old", version]
    # A key of the event means nothing to Lambda.
    assert json.loads(cloud.invoke(arn, {"qualifier": version})["Payload"]) == ["new", "$LATEST"]


def test_layers_lie_below_the_function_and_above_the_runtime(
    cloud: Any, make_zip: Callable[..., bytes]
) -> None:
    client = cloud.client("lambda")
    content = {"ZipFile": make_zip({"python/shared.py": "VALUE = 'of the layer'\n"})}
    layer = client.publish_layer_version(LayerName="shared", Content=content)["LayerVersionArn"]
    source = "import shared\ndef handler(event, context):\n    return shared.VALUE\n"

    arn = cloud.function(source, Layers=[layer])

    assert cloud.invoke(arn)["Payload"] == b'"of the layer"'


def test_code_can_come_from_a_bucket(cloud: Any, make_zip: Callable[..., bytes]) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="packages")
    code = make_zip({"app.py": "def handler(event, context):\n    return 'from the bucket'\n"})
    s3.put_object(Bucket="packages", Key="code.zip", Body=code)

    arn = cloud.function("", Code={"S3Bucket": "packages", "S3Key": "code.zip"})

    assert cloud.invoke(arn)["Payload"] == b'"from the bucket"'


def test_a_package_that_would_leave_its_folder_answers_an_error_and_writes_nothing(
    cloud: Any, make_zip: Callable[..., bytes], endpoint: Any
) -> None:
    code = make_zip({"app.py": ECHO, "../../escaped.py": "x = 1\n"})

    answer = cloud.invoke(cloud.function("", Code={"ZipFile": code}))

    assert answer["FunctionError"] == "Unhandled"
    assert "'../../escaped.py'" in json.loads(answer["Payload"])["errorMessage"]
    assert not list(endpoint.state.project.rglob("escaped.py"))


def test_a_new_environment_reaches_the_next_invocation(cloud: Any) -> None:
    arn = cloud.function("import os\ndef handler(event, context):\n    return os.environ.get('COLOUR')\n")
    before = cloud.invoke(arn)["Payload"]

    cloud.client("lambda").update_function_configuration(
        FunctionName=arn, Environment={"Variables": {"COLOUR": "red"}}
    )

    assert (before, cloud.invoke(arn)["Payload"]) == (b"null", b'"red"')


def test_the_environment_is_that_of_lambda_and_nothing_of_the_users(cloud: Any) -> None:
    arn = cloud.function("import os\ndef handler(event, context):\n    return dict(os.environ)\n")

    variables = json.loads(cloud.invoke(arn)["Payload"])

    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == arn.split(":")[6]
    assert variables["AWS_EXECUTION_ENV"] == f"AWS_Lambda_python3.{sys.version_info[1]}"
    assert variables["AWS_REGION"] == "us-east-1"
    assert variables["_HANDLER"] == "app.handler"
    assert variables["TZ"] == ":UTC"
    assert "VIRTUAL_ENV" not in variables
    assert not [name for name in variables if name.startswith(("PYTEST", "MOTO"))]


def test_boto3_in_a_function_reaches_the_same_aws(cloud: Any) -> None:
    url, _ = cloud.queue()
    source = f"""
import boto3
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl={url!r}, MessageBody="from the function")
"""
    arn = cloud.function(source)

    assert "FunctionError" not in cloud.invoke(arn)
    received = cloud.client("sqs").receive_message(QueueUrl=url)["Messages"]
    assert received[0]["Body"] == "from the function"


def test_a_function_sees_nothing_that_is_installed_beside_the_tools(cloud: Any) -> None:
    source = """
import importlib.util
def handler(event, context):
    return [name for name in ("moto", "pytest", "chalice", "flask", "pip") if importlib.util.find_spec(name)]
"""

    assert cloud.invoke(cloud.function(source))["Payload"] == b"[]"


def test_a_dry_run_runs_nothing(cloud: Any) -> None:
    arn = cloud.function("print('loaded')\ndef handler(event, context):\n    print('ran')\n")

    answer = cloud.invoke(arn, InvocationType="DryRun")

    assert answer["StatusCode"] == 204
    assert cloud.log(arn) == []


def test_an_asynchronous_invocation_is_accepted_at_once_and_runs(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    arn = cloud.function(
        "import time\ndef handler(event, context):\n    time.sleep(0.5)\n    print('done')\n"
    )

    started = time.monotonic()
    answer = cloud.invoke(arn, InvocationType="Event")
    accepted = time.monotonic() - started

    assert answer["StatusCode"] == 202
    assert accepted < 0.5
    eventually(lambda: "done" in cloud.log(arn))


def test_a_payload_that_is_not_json_is_refused(cloud: Any) -> None:
    arn = cloud.function(ECHO)

    with pytest.raises(ClientError) as caught:
        cloud.client("lambda").invoke(FunctionName=arn, Payload=b"{not json")

    assert caught.value.response["Error"]["Code"] == "InvalidRequestContentException"


def test_a_function_with_no_reserved_concurrency_left_is_throttled(cloud: Any) -> None:
    arn = cloud.function(ECHO)
    cloud.client("lambda").put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=0)

    with pytest.raises(cloud.client("lambda").exceptions.TooManyRequestsException) as caught:
        cloud.invoke(arn)

    assert caught.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_a_runtime_without_an_interpreter_answers_a_clear_error(cloud: Any) -> None:
    if _runs("python3.9"):
        pytest.skip("This machine has a python3.9.")
    arn = cloud.function(ECHO, Runtime="python3.9")

    answer = cloud.invoke(arn)

    assert answer["FunctionError"] == "Unhandled"
    assert "Runtime 'python3.9' has no interpreter here." in json.loads(answer["Payload"])["errorMessage"]


def _runs(name: str) -> bool:
    found = shutil.which(name)
    return found is not None and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0


@pytest.mark.parametrize("runtime", OTHER_PYTHONS)
def test_another_python_runs_the_functions_of_its_runtime(cloud: Any, runtime: str) -> None:
    if not _runs(runtime):
        pytest.skip(f"There is no working {runtime} on PATH.")
    source = """
import sys
import boto3
def handler(event, context):
    return [sys.version_info[0], sys.version_info[1], context.function_name, boto3.__name__]
"""
    arn = cloud.function(source, Runtime=runtime)

    answer = cloud.invoke(arn)

    major, minor = runtime.removeprefix("python").split(".")
    assert json.loads(answer["Payload"]) == [int(major), int(minor), arn.split(":")[6], "boto3"]


def test_a_deleted_function_ends_and_a_late_line_does_not_bring_its_log_back(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    source = """
import time
def handler(event, context):
    print("begun")
    while True:
        time.sleep(0.01)
        print("x")
"""
    arn = cloud.function(source)
    cloud.invoke(arn, InvocationType="Event")
    eventually(lambda: "begun" in cloud.log(arn))

    cloud.client("lambda").delete_function(FunctionName=arn)
    cloud.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{arn.split(':')[6]}")
    time.sleep(0.3)

    groups = cloud.client("logs").describe_log_groups()["logGroups"]
    assert not [group for group in groups if group["logGroupName"].endswith(arn.split(":")[6])]


def test_a_log_group_does_not_inherit_tags_from_one_that_was_deleted(cloud: Any) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="/again", tags={"owner": "first"})
    logs.delete_log_group(logGroupName="/again")
    logs.create_log_group(logGroupName="/again")

    [group] = logs.describe_log_groups(logGroupNamePrefix="/again")["logGroups"]
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {}


def test_the_lines_of_an_invocation_stand_between_start_and_end_in_their_order(cloud: Any) -> None:
    arn = cloud.function(
        "import sys\ndef handler(event, context):\n    print('one')\n    print('two', file=sys.stderr)\n"
    )

    cloud.invoke(arn)

    kinds = [line.split(" ")[0] for line in cloud.log(arn)]
    assert kinds == ["START", "one", "two", "END", "REPORT"]
    streams = cloud.client("logs").describe_log_streams(logGroupName=f"/aws/lambda/{arn.split(':')[6]}")
    assert "/[$LATEST]" in streams["logStreams"][0]["logStreamName"]


def test_log_events_come_in_the_order_of_time_over_streams_and_pages(
    cloud: Any, log_to_two_streams: Callable[[Any, str], None]
) -> None:
    logs = cloud.client("logs")
    log_to_two_streams(logs, "/order-of-time")

    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName="/order-of-time", PaginationConfig={"PageSize": 2}
    )

    assert [event["message"] for page in pages for event in page["events"]] == ["first", "second", "third"]
