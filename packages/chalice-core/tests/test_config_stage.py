"""What the configuration says for one stage: which scope wins, and what is merged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chalice_core.config import (
    InvalidConfigError,
    InvalidStageNameError,
    ProjectConfig,
    UnknownStageError,
    load_config,
)
from chalice_core.testing import write_project


def project(folder: Path, **config: Any) -> ProjectConfig:
    return load_config(write_project(folder, config={"app_name": "hello", **config}))


ALL_SCOPES: dict[str, Any] = {
    "lambda_timeout": 1,
    "lambda_functions": {"work": {"lambda_timeout": 2}},
    "stages": {"dev": {"lambda_timeout": 3, "lambda_functions": {"work": {"lambda_timeout": 4}}}},
}


class TestWhichScopeWins:
    @pytest.mark.parametrize(
        ("without", "expected"),
        [
            ([], 4),
            (["stage function"], 3),
            (["stage function", "stage"], 2),
            (["stage function", "stage", "top function"], 1),
            (["stage function", "stage", "top function", "top"], 60),
        ],
    )
    def test_the_closest_one(self, tmp_path: Path, without: list[str], expected: int) -> None:
        top, function, stage, staged = (
            None if scope in without else value
            for scope, value in (("top", 1), ("top function", 2), ("stage", 3), ("stage function", 4))
        )
        config = project(
            tmp_path,
            lambda_timeout=top,
            lambda_functions={"work": {"lambda_timeout": function}},
            stages={
                "dev": {"lambda_timeout": stage, "lambda_functions": {"work": {"lambda_timeout": staged}}}
            },
        )

        assert config.stage("dev").function("work").timeout == expected

    def test_the_command_line_wins_over_all_of_them(self, tmp_path: Path) -> None:
        stage = project(tmp_path, **ALL_SCOPES).stage("dev", overrides={"lambda_timeout": 9})

        assert (stage.function("work").timeout, stage.default_function.timeout) == (9, 9)

    def test_an_option_that_was_not_given_overrides_nothing(self, tmp_path: Path) -> None:
        stage = project(tmp_path, **ALL_SCOPES).stage("dev", overrides={"lambda_timeout": None})

        assert stage.function("work").timeout == 4

    def test_a_function_without_keys_of_its_own_gets_those_of_the_stage(self, tmp_path: Path) -> None:
        assert project(tmp_path, **ALL_SCOPES).stage("dev").function("other").timeout == 3

    def test_false_and_zero_are_values(self, tmp_path: Path) -> None:
        config = project(
            tmp_path,
            xray=True,
            reserved_concurrency=5,
            stages={"dev": {"xray": False, "reserved_concurrency": 0}},
        )

        stage = config.stage("dev")

        assert (stage.xray, stage.default_function.reserved_concurrency) == (False, 0)

    def test_a_list_of_a_closer_scope_replaces_the_other(self, tmp_path: Path) -> None:
        config = project(tmp_path, layers=["arn:a"], stages={"dev": {"layers": ["arn:b"]}})

        assert config.stage("dev").default_function.layers == ("arn:b",)


class TestWhatIsMerged:
    @pytest.mark.parametrize("key", ["environment_variables", "tags"])
    def test_names_of_all_scopes_are_there_and_the_closest_wins(self, tmp_path: Path, key: str) -> None:
        config = project(
            tmp_path,
            **{key: {"TOP": "1", "SAME": "top"}},
            lambda_functions={"work": {key: {"TOP_FUNCTION": "2", "SAME": "top function"}}},
            stages={
                "dev": {
                    key: {"STAGE": "3", "SAME": "stage"},
                    "lambda_functions": {"work": {key: {"STAGE_FUNCTION": "4", "SAME": "stage function"}}},
                }
            },
        )

        stage = config.stage("dev")

        assert getattr(stage.function("work"), key) == {
            "TOP": "1",
            "TOP_FUNCTION": "2",
            "STAGE": "3",
            "STAGE_FUNCTION": "4",
            "SAME": "stage function",
        }
        assert getattr(stage.default_function, key) == {"TOP": "1", "STAGE": "3", "SAME": "stage"}

    def test_null_takes_a_name_out(self, tmp_path: Path) -> None:
        config = project(
            tmp_path,
            environment_variables={"TOKEN": "x", "KEPT": "y"},
            stages={"dev": {"environment_variables": {"TOKEN": None}}},
        )

        assert config.stage("dev").default_function.environment_variables == {"KEPT": "y"}


class TestStages:
    def test_an_unlisted_stage_is_refused_with_the_nearest_one(self, tmp_path: Path) -> None:
        config = project(tmp_path, stages={"production": {}, "dev": {}})

        with pytest.raises(UnknownStageError) as caught:
            config.stage("prodution")

        assert caught.value.known == ("production", "dev")
        assert "'production'" in caught.value.fix
        assert '"prodution": {}' in caught.value.fix

    def test_without_stages_any_name_will_do(self, tmp_path: Path) -> None:
        assert project(tmp_path).stage("anything").stage == "anything"

    @pytest.mark.parametrize("name", ["", "a/b", "..", "ä", "a b"])
    def test_a_name_that_cannot_be_part_of_others_is_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(InvalidStageNameError):
            project(tmp_path).stage(name)

    def test_app_and_stage_together_fit_a_functions_name(self, tmp_path: Path) -> None:
        config = load_config(write_project(tmp_path, config={"app_name": "x" * 60}))

        assert config.stage("dev").app_name == "x" * 60
        with pytest.raises(InvalidStageNameError, match="has 65 characters"):
            config.stage("prod")

    def test_null_stands_for_an_empty_object(self, tmp_path: Path) -> None:
        config = project(tmp_path, stages=None, lambda_functions=None)

        assert config.stage("dev").functions == {}


def test_named_functions_have_entries_of_their_own(tmp_path: Path) -> None:
    config = project(tmp_path, lambda_functions={"work": {}})

    assert list(config.stage("dev", functions=["other"]).functions) == ["work", "other"]


def test_a_wrong_value_on_the_command_line_is_told_from_one_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfigError, match="command line"):
        project(tmp_path).stage("dev", overrides={"api_gateway_stage": "a/b"})


def test_an_override_of_no_key_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="colour"):
        project(tmp_path).stage("dev", overrides={"colour": "red"})


def test_one_endpoint_and_several_read_alike(tmp_path: Path) -> None:
    config = project(tmp_path, api_gateway_endpoint_vpce="vpce-1")

    assert config.stage("dev").api_gateway_endpoint_vpce == ("vpce-1",)


def test_a_relative_project_folder_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path / "project")
    monkeypatch.chdir(tmp_path)

    assert load_config(Path("project")).stage("dev").project_dir == tmp_path / "project"


class TestAStageThatIsGivenAsData:
    def test_wins_over_all_of_the_file_key_by_key(self, tmp_path: Path) -> None:
        config = project(tmp_path, **ALL_SCOPES, iam_policy_file="kept.json")

        stage = config.with_stage("dev", {"lambda_timeout": 9}).stage("dev")

        assert stage.function("work").timeout == stage.default_function.timeout == 9
        assert stage.default_function.iam_policy_file == "kept.json"

    def test_loses_against_its_own_functions_and_the_command_line(self, tmp_path: Path) -> None:
        config = project(tmp_path, **ALL_SCOPES).with_stage(
            "dev", {"lambda_timeout": 9, "lambda_functions": {"work": {"lambda_timeout": 10}}}
        )

        assert config.stage("dev").function("work").timeout == 10
        assert config.stage("dev", overrides={"lambda_timeout": 11}).function("work").timeout == 11

    def test_merges_environment_variables_as_the_file_does(self, tmp_path: Path) -> None:
        config = project(
            tmp_path,
            environment_variables={"TOP": "1", "BOTH": "1"},
            stages={"dev": {"environment_variables": {"STAGE": "2", "GONE": "2"}}},
        )

        stage = config.with_stage("dev", {"environment_variables": {"BOTH": "3", "GONE": None}}).stage("dev")

        assert stage.default_function.environment_variables == {"TOP": "1", "STAGE": "2", "BOTH": "3"}

    def test_need_not_be_listed_and_takes_nothing_from_the_stages_that_are(self, tmp_path: Path) -> None:
        config = project(tmp_path, stages={"dev": {"lambda_timeout": 3}})

        extended = config.with_stage("prod", {"xray": True})

        assert extended.stages == ("dev", "prod")
        assert extended.stage("prod").xray
        assert extended.stage("prod").default_function.timeout == 60
        with pytest.raises(UnknownStageError):
            config.stage("prod")

    def test_leaves_every_other_stage_open_when_the_file_lists_none(self, tmp_path: Path) -> None:
        config = project(tmp_path).with_stage("prod", {})

        assert config.stage("dev").stage == "dev"

    def test_leaves_the_file_and_the_other_stages_alone(self, tmp_path: Path) -> None:
        config = project(tmp_path, stages={"dev": {}, "prod": {}})
        before = config.path.read_bytes()

        extended = config.with_stage("prod", {"lambda_timeout": 9})

        assert extended.stage("dev").default_function.timeout == 60
        assert config.path.read_bytes() == before

    def test_is_checked_like_the_file_and_every_mistake_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidConfigError) as caught:
            project(tmp_path).with_stage(
                "dev",
                {
                    "lambda_timout": 3,
                    "app_name": "other",
                    "lambda_functions": {"work": {"lambda_timeout": "long"}},
                },
                source="stage_config",
            )

        assert caught.value.source == "stage_config"
        unknown, misplaced, wrong = caught.value.problems
        assert 'did you mean "lambda_timeout"' in unknown
        assert '"app_name" may not stand within a stage' in misplaced
        assert '"lambda_functions.work.lambda_timeout" must be an integer' in wrong

    def test_values_that_are_filled_in_later_are_not_checked(self, tmp_path: Path) -> None:
        config = project(tmp_path).with_stage(
            "dev",
            {"lambda_timeout": "<later>", "lambda_functions": {"work": {"iam_role_arn": "<later>"}}},
            filled_in_later=lambda value: value == "<later>",
        )

        assert config.stage("dev").function("work").iam_role_arn == "<later>"
        assert config.stage("dev").default_function.timeout == "<later>"

    def test_has_a_name_that_aws_takes(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidStageNameError):
            project(tmp_path).with_stage("a/b", {})

    def test_is_an_object(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidConfigError, match="must be an object"):
            project(tmp_path).with_stage("dev", [])  # type: ignore[arg-type]
