"""The commands, against a cloud that is a file."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Chalice = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("fake_cloud")


@pytest.fixture
def standard_input(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def give(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))

    give("")
    return give


def test_a_deployment_tells_its_steps_to_people_and_its_result_to_programs(
    chalice: Chalice, project: Path
) -> None:
    outcome = chalice("deploy")

    assert outcome.status == 0
    assert outcome.stdout == (
        "Resources deployed:\n"
        "  - Lambda ARN: arn:api_handler\n"
        "  - Lambda ARN: arn:add\n"
        "  - Rest API URL: https://fake.example/dev/\n"
    )
    assert "Creating Function api_handler" in outcome.stderr
    assert "Note: Something was noticed." in outcome.stderr


def test_permissions_have_a_section_of_their_own_in_a_plan(chalice: Chalice, project: Path) -> None:
    outcome = chalice("plan")

    assert outcome.stdout.splitlines() == [
        "Resources:",
        "  + create Function api_handler",
        "  + create Function add",
        "Permissions:",
        "  ~ update Role role",
        '      Statements: (not set) -> ["logs:*"]',
        "Plan: 2 to create, 1 to update.",
    ]


def test_the_status_of_a_plan_tells_changes_from_none_and_from_errors(
    chalice: Chalice, project: Path
) -> None:
    changes = chalice("plan").status
    chalice("deploy")
    none = chalice("plan")
    wrong_usage = chalice("plan", "--nonsense").status
    (project / "app.py").write_text("app = ")
    broken = chalice("plan").status

    assert (changes, none.status, wrong_usage, broken) == (2, 0, 1, 1)
    assert none.stdout == "No changes: what is deployed is what the application declares.\n"


def test_a_plan_changes_nothing(chalice: Chalice, project: Path) -> None:
    chalice("plan")

    assert not (project / ".chalice" / "deployed").exists()


def test_a_plan_as_json_has_a_stable_form(chalice: Chalice, project: Path) -> None:
    document = json.loads(chalice("plan", "--output", "json", "--local").stdout)

    assert list(document) == ["plan_version", "app", "stage", "place", "summary", "steps"]
    assert (document["plan_version"], document["app"], document["stage"]) == (1, "hello", "dev")
    assert document["place"] == "local"
    assert document["summary"] == {"create": 2, "update": 1, "replace": 0, "delete": 0}
    assert document["steps"][-1] == {
        "action": "update",
        "kind": "Role",
        "id": "default-role",
        "name": "role",
        "changes": [
            {
                "property": "Statements",
                "before": None,
                "after": ["logs:*"],
                "after_is_known": True,
                "replaces": False,
            }
        ],
    }


def test_an_observer_that_fails_does_not_stop_a_deployment(
    chalice: Chalice, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_OBSERVER_FAILS", "1")

    outcome = chalice("deploy")

    assert outcome.status == 0
    # Once, however many steps there are.
    assert outcome.stderr.count("the observer is tired") == 1


@pytest.mark.usefixtures("project")
def test_a_local_deployment_says_that_an_earlier_one_is_gone(
    chalice: Chalice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_FORGOTTEN", "dev")

    gone = chalice("deploy", "--local")
    other = chalice("deploy", "--local", "--stage", "beta")

    assert "in the stage 'dev' is gone" in gone.stderr
    assert gone.status == 0
    assert "is gone" not in other.stderr


def test_records_of_local_deployments_do_not_mix_with_those_of_aws(chalice: Chalice, project: Path) -> None:
    chalice("deploy", "--local")

    assert (project / ".chalice" / "local" / "deployed" / "dev.json").is_file()
    assert not (project / ".chalice" / "deployed").exists()


def test_a_broken_application_can_be_deleted(chalice: Chalice, project: Path) -> None:
    chalice("deploy")
    (project / "app.py").write_text("raise SystemExit('broken')")

    outcome = chalice("delete")

    assert outcome.status == 0
    assert "Deleting Function add" in outcome.stderr
    assert not (project / ".chalice" / "deployed" / "dev.json").exists()


def test_deleting_what_is_not_there_is_no_failure(chalice: Chalice, project: Path) -> None:
    outcome = chalice("delete")

    assert outcome.status == 0
    assert "Nothing is deployed" in outcome.stderr


def test_deleting_never_guesses_that_the_local_deployment_is_meant(chalice: Chalice, project: Path) -> None:
    chalice("deploy", "--local")

    outcome = chalice("delete")

    assert "Nothing is deployed" in outcome.stderr
    assert chalice("url", "--local").status == 0


def test_a_stage_that_left_the_configuration_can_still_be_deleted(chalice: Chalice, project: Path) -> None:
    chalice("deploy", "--stage", "prod")
    (project / ".chalice" / "config.json").write_text(
        json.dumps({"version": "2.0", "app_name": "hello", "stages": {"dev": {}}})
    )

    assert chalice("delete", "--stage", "prod").status == 0
    assert not (project / ".chalice" / "deployed" / "prod.json").exists()


@pytest.mark.parametrize(
    "command", [["delete"], ["url"], ["logs"], ["invoke", "-n", "add"], ["deploy"], ["plan"]]
)
def test_an_unknown_stage_is_an_error_that_names_the_known_ones(
    chalice: Chalice, project: Path, standard_input: object, command: list[str]
) -> None:
    outcome = chalice(*command, "--stage", "nonsense")

    assert outcome.status == 1
    assert "'dev'" in outcome.stderr
    assert "'prod'" in outcome.stderr


def test_the_url_is_all_that_goes_to_standard_output(chalice: Chalice, project: Path) -> None:
    chalice("deploy")

    assert chalice("url").stdout == "https://fake.example/dev/\n"


def test_a_stage_that_is_deployed_on_this_machine_only_is_found_there_and_that_is_said(
    chalice: Chalice, project: Path
) -> None:
    chalice("deploy", "--local")

    outcome = chalice("url")

    assert outcome.stdout == "http://127.0.0.1:1/dev/\n"
    assert "on this machine only" in outcome.stderr


@pytest.mark.parametrize(
    ("options", "seen"),
    [
        ((), "None None"),
        (("--local",), "us-east-1 None"),
        (("--region", "eu-west-1", "--profile", "shop"), "eu-west-1 shop"),
    ],
)
def test_clients_that_the_application_makes_while_it_is_imported_find_profile_and_region(
    chalice: Chalice, project: Path, options: tuple[str, ...], seen: str
) -> None:
    with (project / "app.py").open("a") as file:
        file.write(
            "import os\nprint('seen', os.environ.get('AWS_DEFAULT_REGION'), os.environ.get('AWS_PROFILE'))\n"
        )

    outcome = chalice("plan", *options)

    assert f"seen {seen}\n" in outcome.stderr


def test_a_region_that_the_environment_names_stays(
    chalice: Chalice, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    with (project / "app.py").open("a") as file:
        file.write("import os\nprint('seen', os.environ['AWS_DEFAULT_REGION'])\n")

    assert "seen eu-north-1\n" in chalice("plan", "--local").stderr


def test_a_stage_without_a_url_is_an_error(chalice: Chalice, project: Path) -> None:
    outcome = chalice("url")

    assert outcome.status == 2
    assert "Could not find a record of a REST API in the stage 'dev'" in outcome.stderr


def test_an_application_without_routes_is_told_which_other_urls_it_has(
    chalice: Chalice, project: Path
) -> None:
    source = (project / "app.py").read_text()
    (project / "app.py").write_text(source.replace('@app.route("/")', "").replace("def add", "def has_url"))
    chalice("deploy")

    outcome = chalice("url")

    assert outcome.status == 2
    assert "- Function URL of has_url: https://fake.example/url/" in outcome.stderr
    assert "Lambda ARN" not in outcome.stderr


def test_an_invoked_function_gets_standard_input_and_answers_on_standard_output(
    chalice: Chalice, project: Path, standard_input: Callable[[str], None]
) -> None:
    chalice("deploy")
    standard_input('{"a": 1}')

    outcome = chalice("invoke", "-n", "add")

    assert json.loads(outcome.stdout) == {"given": {"a": 1}, "by": "add"}


def test_an_invoked_function_gets_an_empty_object_when_there_is_no_payload(
    chalice: Chalice, project: Path, standard_input: Callable[[str], None]
) -> None:
    chalice("deploy")

    assert json.loads(chalice("invoke", "-n", "add").stdout)["given"] == {}


def test_a_function_that_fails_shows_its_traceback(
    chalice: Chalice, project: Path, standard_input: Callable[[str], None]
) -> None:
    chalice("deploy")
    standard_input('{"fail": true}')

    outcome = chalice("invoke", "-n", "add")

    assert outcome.status == 1
    assert outcome.stdout == ""
    assert 'Traceback (most recent call last):\n  File "app.py"\nValueError: no\n' in outcome.stderr
    assert "Unhandled exception in the Lambda function 'add'" in outcome.stderr


def test_a_payload_that_is_not_json_reaches_no_function(
    chalice: Chalice, project: Path, standard_input: Callable[[str], None]
) -> None:
    chalice("deploy")
    standard_input("{a: 1}")

    outcome = chalice("invoke", "-n", "add")

    assert outcome.status == 1
    assert "not JSON" in outcome.stderr


@pytest.mark.parametrize("command", ["invoke", "logs"])
def test_an_unknown_function_is_an_error_that_names_the_known_ones(
    chalice: Chalice, project: Path, standard_input: object, command: str
) -> None:
    chalice("deploy")

    outcome = chalice(command, "-n", "nobody")

    assert outcome.status == 2
    assert "'nobody'" in outcome.stderr
    assert "api_handler, add" in outcome.stderr


@pytest.mark.parametrize("command", ["invoke", "logs"])
def test_a_stage_that_is_not_deployed_is_an_error(
    chalice: Chalice, project: Path, standard_input: object, command: str
) -> None:
    arguments = ["-n", "add"] if command == "invoke" else []
    outcome = chalice(command, *arguments)

    assert outcome.status == 2
    assert "Nothing is deployed in the stage 'dev' (AWS)." in outcome.stderr


def test_logs_of_all_functions_are_merged_by_time_and_named(chalice: Chalice, project: Path) -> None:
    chalice("deploy")

    assert chalice("logs").stdout.splitlines() == [
        "2026-01-01T00:01:00+00:00 api_handler 012345 api_handler says hello",
        "2026-01-01T00:01:01+00:00 add 012345 add says hello",
        "2026-01-01T00:03:00+00:00 api_handler 012345 api_handler says bye",
        "2026-01-01T00:03:01+00:00 add 012345 add says bye",
    ]


def test_logs_of_one_function_have_no_name_in_them(chalice: Chalice, project: Path) -> None:
    chalice("deploy")

    assert chalice("logs", "-n", "add").stdout.splitlines() == [
        "2026-01-01T00:01:01+00:00 012345 add says hello",
        "2026-01-01T00:03:01+00:00 012345 add says bye",
    ]


def test_what_lambda_itself_logs_is_shown_when_asked_for(chalice: Chalice, project: Path) -> None:
    chalice("deploy")

    lines = chalice("logs", "-n", "add", "--include-lambda-messages").stdout.splitlines()

    assert [line.split(" ", 2)[2] for line in lines] == [
        "START RequestId: 1",
        "add says hello",
        "END RequestId: 1",
        "add says bye",
    ]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [(["--num-entries", "3"], 3), (["--since", "2026-01-01T00:03:00Z"], 2), (["--since", "1s"], 0)],
)
def test_logs_can_be_limited(chalice: Chalice, project: Path, arguments: list[str], count: int) -> None:
    chalice("deploy")

    lines = chalice("logs", *arguments).stdout.splitlines()

    assert len(lines) == count
    assert all("says bye" in line for line in lines[-2:])


def test_following_shows_every_function_until_enough_is_seen(chalice: Chalice, project: Path) -> None:
    chalice("deploy")

    arguments = ("logs", "--follow", "--since", "2026-01-01T00:00:00", "--num-entries", "4")
    lines = chalice(*arguments).stdout.splitlines()

    assert sorted(line.split(" ", 3)[3] for line in lines) == [
        "add says bye",
        "add says hello",
        "api_handler says bye",
        "api_handler says hello",
    ]


def test_a_time_that_is_none_is_an_error_with_examples(chalice: Chalice, project: Path) -> None:
    outcome = chalice("logs", "--since", "yesterday")

    assert outcome.status == 2
    assert "10m" in outcome.stderr


def test_a_package_is_written_into_a_new_folder(chalice: Chalice, project: Path) -> None:
    outcome = chalice("package", "out/deep", "--template-format", "YAML")

    assert outcome.status == 0
    assert json.loads((project / "out/deep/names.json").read_text()) == [
        ["api_handler", "add"],
        ["template_format"],
    ]
    assert (project / "out/deep/deep/package").read_bytes() == b"code"


def test_a_template_to_merge_is_the_format_s_to_read(chalice: Chalice, project: Path) -> None:
    outcome = chalice("package", "out", "--merge-template", "missing.json")

    assert outcome.status == 0
    assert json.loads((project / "out/names.json").read_text())[1] == ["merge_template"]


def test_a_package_replaces_its_own_files_and_leaves_others(chalice: Chalice, project: Path) -> None:
    (project / "out").mkdir()
    (project / "out" / "mine.txt").write_text("mine")
    (project / "out" / "names.json").write_text("old")

    chalice("package", "out")

    assert (project / "out" / "mine.txt").read_text() == "mine"
    assert (project / "out" / "names.json").read_text() != "old"
    assert sorted(path.name for path in project.iterdir() if path.name.startswith(".out")) == []


def test_a_package_that_cannot_be_written_changes_nothing(chalice: Chalice, project: Path) -> None:
    (project / "out").write_text("a file")

    outcome = chalice("package", "out")

    assert outcome.status == 1
    assert "Cannot write out" in outcome.stderr
    assert (project / "out").read_text() == "a file"


def test_a_package_may_be_one_zip_file_with_the_same_bytes_each_time(chalice: Chalice, project: Path) -> None:
    first = chalice("package", "out/one.zip", "--single-file")
    second = chalice("package", "two.zip", "--single-file")

    assert (first.status, second.status) == (0, 0)
    with zipfile.ZipFile(project / "out" / "one.zip") as archive:
        assert archive.namelist() == ["deep/package", "names.json"]
        assert archive.read("deep/package") == b"code"
    assert (project / "out" / "one.zip").read_bytes() == (project / "two.zip").read_bytes()


def test_a_format_that_needs_a_folder_says_so(chalice: Chalice, project: Path) -> None:
    outcome = chalice("package", "one.zip", "--pkg-format", "terraform", "--single-file")

    assert outcome.status == 1
    assert "--single-file" in outcome.stderr
    assert not (project / "one.zip").exists()


def test_a_zip_file_that_cannot_be_written_changes_nothing(chalice: Chalice, project: Path) -> None:
    (project / "out").mkdir()

    outcome = chalice("package", "out", "--single-file")

    assert outcome.status == 1
    assert "Cannot write out" in outcome.stderr
    assert list((project / "out").iterdir()) == []
    assert not list(project.glob(".out-*"))


def test_an_unknown_format_lists_the_known_ones(chalice: Chalice, project: Path) -> None:
    outcome = chalice("package", "out", "--pkg-format", "pulumi")

    assert outcome.status == 1
    assert "cloudformation, terraform" in outcome.stderr
    assert not (project / "out").exists()


@pytest.mark.parametrize("command", [["deploy"], ["plan"], ["delete"], ["url"], ["logs"]])
def test_without_an_embedded_aws_local_says_what_to_install(
    chalice: Chalice, project: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("CHALICE_DISABLE_PLUGINS", "fake-cloud,localaws")

    outcome = chalice(*command, "--local")

    assert outcome.status == 1
    assert "Install the distribution chalice-localaws" in outcome.stderr


def test_without_a_target_a_deployment_says_what_to_install(
    chalice: Chalice, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHALICE_DISABLE_PLUGINS", "fake-cloud,aws")

    outcome = chalice("delete")

    assert outcome.status == 1
    assert "Install chalice-deploy" in outcome.stderr


def test_a_python_that_lambda_does_not_have_is_told(
    chalice: Chalice, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalice_core.validation.LAMBDA_RUNTIMES", ("python3.0",))

    outcome = chalice("package", "out")

    assert outcome.status == 0
    assert f"python3.{sys.version_info.minor}" in outcome.stderr
