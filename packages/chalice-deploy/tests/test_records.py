"""The record: readable by existing tools, never silently overwritten, kept by one process at a time."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_deploy.errors import StepsFailedError
from chalice_deploy.record_errors import (
    CorruptRecordError,
    ForeignRecordError,
    LockedError,
    NewerRecordError,
    OtherApplicationError,
    OtherPlaceError,
    UnreadableRecordError,
    UnwritableRecordError,
)
from chalice_deploy.store import FileRecords

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:"


def test_existing_tools_find_the_resources_of_schema_2(project: Any) -> None:
    project.deploy()

    record = project.record

    assert (record["schema_version"], record["backend"]) == ("2.0", "api")
    by_name = {resource.pop("name"): resource for resource in record["resources"]}
    api = by_name.pop("rest_api")
    assert api == {
        "resource_type": "rest_api",
        "rest_api_id": api["rest_api_id"],
        "rest_api_url": f"https://{api['rest_api_id']}.execute-api.eu-central-1.amazonaws.com/api/",
    }
    mapping = by_name.pop("work-sqs-event-source")
    assert len(mapping.pop("event_uuid")) == 36
    assert mapping == {
        "resource_type": "sqs_event",
        "queue": "orders",
        "queue_arn": "arn:aws:sqs:eu-central-1:123456789012:orders",
        "lambda_arn": f"{ARN}shop-dev-work",
    }
    assert by_name == {
        "default-role": {
            "resource_type": "iam_role",
            "role_name": "shop-dev",
            "role_arn": "arn:aws:iam::123456789012:role/shop-dev",
        },
        "api_handler_log_group": {"resource_type": "log_group", "log_group_name": "/aws/lambda/shop-dev"},
        "work_log_group": {"resource_type": "log_group", "log_group_name": "/aws/lambda/shop-dev-work"},
        "api_handler": {"resource_type": "lambda_function", "lambda_arn": f"{ARN}shop-dev"},
        "work": {"resource_type": "lambda_function", "lambda_arn": f"{ARN}shop-dev-work"},
    }


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("{", CorruptRecordError),
        ("[]", CorruptRecordError),
        ('{"resources": [], "schema_version": "3.0"}', CorruptRecordError),
        ('{"resources": [], "schema_version": "2.0", "chalice": {"format": 1}}', CorruptRecordError),
        ('{"resources": [], "schema_version": "2.0", "chalice": {"format": 2}}', NewerRecordError),
        ('{"resources": [{"name": "api_handler"}], "schema_version": "2.0"}', ForeignRecordError),
    ],
)
def test_a_record_that_cannot_be_used_stops_everything(
    project: Any, inventory: Any, nothing: Any, content: str, error: type[Exception]
) -> None:
    project.record_path.parent.mkdir()
    project.record_path.write_text(content, encoding="utf-8")

    for act in (project.deploy, project.delete):
        with pytest.raises(error):
            act()

    assert inventory() == nothing
    assert project.record_path.read_text(encoding="utf-8") == content


def test_a_record_of_another_tool_that_names_nothing_is_no_obstacle(project: Any) -> None:
    project.record_path.parent.mkdir()
    project.record_path.write_text('{"resources": [], "schema_version": "2.0", "backend": "api"}')

    project.deploy()

    assert project.record["resources"]


@pytest.mark.parametrize(("fact", "value"), [("account", "999999999999"), ("region", "us-west-2")])
def test_another_account_or_region_is_refused_before_anything_is_written(
    project: Any, application: Any, new_witness: Any, fact: str, value: str
) -> None:
    project.deploy()
    record = project.record
    record["chalice"][fact] = value
    project.record_path.write_text(json.dumps(record))
    before = project.record_path.read_bytes()

    for act in (project.deploy, lambda witness: project.delete(witness)):
        witness = new_witness()
        with pytest.raises(OtherPlaceError) as caught:
            act(witness=witness)
        assert caught.value.fact == fact
        assert witness.mutating == []

    assert project.record_path.read_bytes() == before


def test_another_application_does_not_take_over_the_record(project: Any) -> None:
    project.deploy()
    project.app = "bakery"

    with pytest.raises(OtherApplicationError):
        project.deploy()


def test_a_record_that_cannot_be_read_keeps_everything_from_being_created(
    project: Any, inventory: Any, nothing: Any
) -> None:
    (project.folder / "deployed").write_text("a file where the folder should be")

    with pytest.raises(UnreadableRecordError) as caught:
        project.deploy()

    assert "cannot be read" in caught.value.what
    assert inventory() == nothing


def test_a_record_that_cannot_be_written_keeps_everything_from_being_created(
    project: Any, inventory: Any, nothing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StepsFailedError) as caught:
        project.deploy()

    assert "No space left" in str(caught.value)
    assert inventory() == nothing


def test_only_one_of_two_deployments_runs(project: Any, application: Any, code: Any, inventory: Any) -> None:
    first, second = project.deployment(), project.deployment()
    graph, artifacts = Graph.of(application()), code()
    theirs = second.plan(graph, artifacts)
    refused: list[Exception] = []

    def meanwhile(progress: Any) -> None:
        if not refused:
            try:
                second.apply(theirs, lambda progress: None)
            except LockedError as error:
                refused.append(error)

    first.apply(first.plan(graph, artifacts), meanwhile)

    assert len(refused) == 1
    assert len(inventory()["apis"]) == 1


def test_a_record_is_replaced_as_a_whole(tmp_path: Path) -> None:
    store = FileRecords(tmp_path)
    store.write("dev", b"one")

    store.write("dev", b"two")

    assert store.read("dev") == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["dev.json"]


def test_a_failed_write_leaves_the_old_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileRecords(tmp_path)
    store.write("dev", b"one")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnwritableRecordError) as caught:
        store.write("dev", b"two")

    assert "No space left" in caught.value.why
    assert [path.name for path in tmp_path.iterdir()] == ["dev.json"]
    assert store.read("dev") == b"one"


def test_the_record_is_flushed_before_it_replaces_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []

    def note(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        flushed.append(f"{kind}, record there: {(tmp_path / 'dev.json').exists()}")

    monkeypatch.setattr(os, "fsync", note)
    FileRecords(tmp_path).write("dev", b"one")

    folder = [] if sys.platform == "win32" else ["folder, record there: True"]
    assert flushed == ["file, record there: False", *folder]


def test_a_lock_is_free_again_afterwards_and_leaves_no_file(tmp_path: Path) -> None:
    store = FileRecords(tmp_path)

    for _ in range(2):
        with store.lock("dev"), pytest.raises(LockedError), store.lock("dev"):
            raise AssertionError("two of them hold the lock")

    assert list(tmp_path.iterdir()) == []


def test_stages_are_locked_one_by_one(tmp_path: Path) -> None:
    store = FileRecords(tmp_path)

    with store.lock("dev"), store.lock("prod"):
        assert sorted(path.name for path in tmp_path.iterdir()) == ["dev.lock", "prod.lock"]


def test_a_killed_process_loses_its_lock(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from chalice_deploy.store import FileRecords
        with FileRecords(Path(sys.argv[1])).lock("dev"):
            print("locked", flush=True)
            time.sleep(60)
    """)
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "locked\n"
    store = FileRecords(tmp_path)

    with pytest.raises(LockedError), store.lock("dev"):
        raise AssertionError("somebody else holds the lock")
    holder.kill()
    holder.wait()
    holder.stdout.close()

    with store.lock("dev"):
        assert (tmp_path / "dev.lock").exists()
