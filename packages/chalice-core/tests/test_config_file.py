"""Reading `.chalice/config.json`: every mistake is found, and all of them at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalice_core.config import (
    ConfigKey,
    ConfigSyntaxError,
    ConfigUnreadableError,
    InvalidConfigError,
    ProjectNotFoundError,
    load_config,
)
from chalice_core.config.keys import BUILTIN
from chalice_core.errors import ToolError
from chalice_core.hookspecs import hookimpl
from chalice_core.plugins import PluginConflictError, PluginInfo
from chalice_core.testing import plugin_manager, write_project


def problems_of(folder: Path, config: Any) -> tuple[str, ...]:
    with pytest.raises(InvalidConfigError) as caught:
        load_config(write_project(folder, config=config))
    return caught.value.problems


def test_a_configuration_without_stages_is_enough(tmp_path: Path) -> None:
    config = load_config(write_project(tmp_path, config={"app_name": "hello"}))

    assert (config.app_name, config.stages) == ("hello", ())


@pytest.mark.parametrize("version", ["2.0", "1.0", 2, 2.0, None])
def test_versions_that_were_ever_written_are_read(tmp_path: Path, version: object) -> None:
    assert load_config(write_project(tmp_path, config={"version": version, "app_name": "hello"}))


@pytest.mark.parametrize("version", ["2.1", "3", "two", [], True, "nan", -1, 10**400])
def test_other_versions_are_unknown(tmp_path: Path, version: object) -> None:
    (problem,) = problems_of(tmp_path, {"version": version, "app_name": "hello"})

    assert "unknown version" in problem


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    write_project(tmp_path)
    path = tmp_path / ".chalice" / "config.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert load_config(tmp_path).app_name == "hello"


class TestAFileThatCannotBeUsed:
    def test_a_folder_without_one_is_no_project(self, tmp_path: Path) -> None:
        with pytest.raises(ProjectNotFoundError) as caught:
            load_config(tmp_path)

        assert str(tmp_path) in caught.value.what
        assert "new-project" in caught.value.fix

    def test_a_file_in_place_of_the_folder_is_no_project(self, tmp_path: Path) -> None:
        (tmp_path / ".chalice").write_text("")

        with pytest.raises(ProjectNotFoundError):
            load_config(tmp_path)

    def test_a_folder_in_place_of_the_file_cannot_be_read(self, tmp_path: Path) -> None:
        (tmp_path / ".chalice" / "config.json").mkdir(parents=True)

        with pytest.raises(ConfigUnreadableError):
            load_config(tmp_path)

    def test_bad_json_is_shown_with_line_and_column(self, tmp_path: Path) -> None:
        write_project(tmp_path, config='{\n  "app_name": "hello",\n}')

        with pytest.raises(ConfigSyntaxError, match=r"line [23], column \d"):
            load_config(tmp_path)

    @pytest.mark.parametrize(
        "text",
        ["", "\udc80", "[" * 100_000, "9" * 5000, "{'app_name': 1}"],
        ids=["empty", "not UTF-8", "deep", "huge number", "single quotes"],
    )
    def test_other_texts_are_not_json(self, tmp_path: Path, text: str) -> None:
        write_project(tmp_path)
        (tmp_path / ".chalice" / "config.json").write_bytes(text.encode("utf-8", "surrogateescape"))

        with pytest.raises((ConfigSyntaxError, InvalidConfigError)):
            load_config(tmp_path)


class TestMistakes:
    def test_all_of_them_are_reported_at_once(self, tmp_path: Path) -> None:
        problems = problems_of(
            tmp_path,
            {
                "version": "9",
                "app_name": "hello world",
                "lambda_memory_size": "big",
                "stages": {
                    "dev": {"lambda_timout": 3, "lambda_functions": {"work": {"api_gateway_stage": "x"}}},
                    "a b": {},
                },
            },
        )

        assert len(problems) == 6

    def test_an_unknown_key_comes_with_the_nearest_one(self, tmp_path: Path) -> None:
        (problem,) = problems_of(tmp_path, {"app_name": "hello", "stages": {"dev": {"lambda_timout": 3}}})

        assert problem == '"stages.dev.lambda_timout" is no known key; did you mean "lambda_timeout"?'

    def test_a_key_in_the_wrong_scope_is_told_where_it_may_stand(self, tmp_path: Path) -> None:
        (problem,) = problems_of(
            tmp_path, {"app_name": "hello", "lambda_functions": {"work": {"api_gateway_stage": "v1"}}}
        )

        assert "lambda_functions.work.api_gateway_stage" in problem
        assert "only at the top level or within a stage" in problem

    def test_a_key_that_is_given_twice_is_named(self, tmp_path: Path) -> None:
        (problem,) = problems_of(tmp_path, '{"app_name": "a", "app_name": "b"}')

        assert problem == 'the key "app_name" is given 2 times in one object'

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("lambda_timeout", 0),
            ("lambda_timeout", 901),
            ("lambda_timeout", True),
            ("lambda_timeout", 1.5),
            ("lambda_memory_size", 127),
            ("lambda_memory_size", 10241),
            ("reserved_concurrency", -1),
            ("log_retention_in_days", 2),
            ("log_retention_in_days", 1.0),
            ("minimum_compression_size", 10485761),
            ("lambda_architecture", "arm"),
            ("api_gateway_endpoint_type", "edge"),
            ("api_gateway_stage", "a/b"),
            ("api_gateway_endpoint_vpce", []),
            ("autogen_policy", "false"),
            ("iam_role_arn", "my-role"),
            ("iam_role_arn", 1),
            ("layers", "arn:aws:lambda:…"),
            ("layers", ["a", "b", "c", "d", "e", "f"]),
            ("subnet_ids", [1]),
            ("environment_variables", {"NUMBER": 1}),
            ("environment_variables", {"AWS_REGION": "eu-west-1"}),
            ("environment_variables", {"2FAST": "x"}),
            ("environment_variables", {"NUL": "a\0b"}),
            ("tags", {"aws:mine": "x"}),
            ("tags", {"big": "x" * 257}),
            ("python", ""),
            ("api_gateway_custom_domain", {"domain_name": "x"}),
            ("api_gateway_custom_domain", {"domain_name": "x", "certificate_arn": "y", "tls": "1"}),
            ("api_gateway_custom_domain", {"domain_name": "x", "certificate_arn": "y", "url_prefix": "a/b"}),
        ],
    )
    def test_a_value_that_aws_would_refuse_is_refused_here(
        self, tmp_path: Path, key: str, value: object
    ) -> None:
        (problem,) = problems_of(tmp_path, {"app_name": "hello", key: value})

        assert problem.startswith(f'"{key}" ')

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("lambda_timeout", 900),
            ("lambda_memory_size", 10240),
            ("reserved_concurrency", 0),
            ("log_retention_in_days", 3653),
            ("minimum_compression_size", 0),
            ("api_gateway_endpoint_vpce", "vpce-1"),
            ("api_gateway_endpoint_vpce", ["vpce-1", "vpce-2"]),
            ("subnet_ids", ["${Token[TOKEN.1]}"]),
            ("environment_variables", {"EMPTY": "", "GONE": None}),
            ("api_gateway_custom_domain", {"domain_name": "x", "certificate_arn": "y"}),
            ("api_gateway_custom_domain", {"domain_name": "x", "certificate_arn": "y", "url_prefix": "/"}),
        ],
    )
    def test_values_at_the_edge_are_fine(self, tmp_path: Path, key: str, value: object) -> None:
        assert load_config(write_project(tmp_path, config={"app_name": "hello", key: value}))

    def test_the_value_of_an_environment_variable_is_never_shown(self, tmp_path: Path) -> None:
        config = {"app_name": "hello", "environment_variables": {"TOKEN": ["s3cret"], "AWS_REGION": "s3cret"}}

        assert "s3cret" not in "".join(problems_of(tmp_path, config))

    @pytest.mark.parametrize("name", ["", "a b", "a.b", "ä", "x" * 65, 3, None])
    def test_an_app_name_that_cannot_name_a_function_is_refused(self, tmp_path: Path, name: object) -> None:
        (problem,) = problems_of(tmp_path, {"app_name": name})

        assert "app_name" in problem

    @pytest.mark.parametrize("key", ["stages", "lambda_functions"])
    def test_a_list_in_place_of_an_object_is_refused(self, tmp_path: Path, key: str) -> None:
        (problem,) = problems_of(tmp_path, {"app_name": "hello", key: []})

        assert problem == f'"{key}" must be an object, not []'


class TestKeysOfPlugins:
    class Colour:
        """Adds the key ``colour``."""

        @hookimpl
        def chalice_config_keys(self) -> list[ConfigKey]:
            def check(value: object) -> str | None:
                return None if value == "blue" else "must be blue"

            return [ConfigKey(name="colour", scopes=frozenset({"stage"}), check=check)]

    def test_their_values_are_found_in_extra(self, tmp_path: Path) -> None:
        write_project(tmp_path, config={"app_name": "hello", "stages": {"dev": {"colour": "blue"}}})

        stage = load_config(tmp_path, plugin_manager(self.Colour())).stage("dev")

        assert stage.extra == {"colour": "blue"}

    def test_a_key_that_is_not_given_is_not_there(self, tmp_path: Path) -> None:
        write_project(tmp_path)

        assert load_config(tmp_path, plugin_manager(self.Colour())).stage("dev").extra == {}

    def test_their_checks_count(self, tmp_path: Path) -> None:
        write_project(tmp_path, config={"app_name": "hello", "stages": {"dev": {"colour": "red"}}})

        with pytest.raises(InvalidConfigError, match=r'"stages.dev.colour" must be blue'):
            load_config(tmp_path, plugin_manager(self.Colour()))

    def test_a_key_may_belong_to_a_plugin_that_is_not_in_use(self, tmp_path: Path) -> None:
        plugins = plugin_manager()
        plugins.record(
            PluginInfo(name="alarms", distribution="acme-alarms", version="3", module="acme", state="blocked")
        )
        write_project(tmp_path, config={"app_name": "hello", "alarm_topic": "ops"})

        with pytest.raises(InvalidConfigError) as caught:
            load_config(tmp_path, plugins)

        (problem,) = caught.value.problems
        assert "The plugin 'alarms' (acme-alarms 3) is blocked; unblock it." in problem

    def test_without_the_plugin_the_key_is_unknown(self, tmp_path: Path) -> None:
        (problem,) = problems_of(tmp_path, {"app_name": "hello", "stages": {"dev": {"colour": "blue"}}})

        assert "no known key" in problem

    def test_two_plugins_with_one_key_are_both_named(self, tmp_path: Path) -> None:
        write_project(tmp_path)

        with pytest.raises(PluginConflictError, match=r"Colour-0.*Colour-1"):
            load_config(tmp_path, plugin_manager(self.Colour(), self.Colour()))

    def test_a_plugin_cannot_take_a_key_of_ours(self, tmp_path: Path) -> None:
        class Greedy:
            @hookimpl
            def chalice_config_keys(self) -> list[ConfigKey]:
                return [ConfigKey(name="tags", scopes=frozenset({"stage"}), check=lambda _: None)]

        write_project(tmp_path)

        with pytest.raises(PluginConflictError, match=r"chalice-core.*Greedy-0"):
            load_config(tmp_path, plugin_manager(Greedy()))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=8,
)
known_names = st.sampled_from([key.name for key in BUILTIN])
scopes = st.dictionaries(known_names, json_values, max_size=4)
functions = st.dictionaries(st.sampled_from(["work", "api_handler", ""]), scopes | json_values, max_size=2)
documents = json_values | st.fixed_dictionaries(
    {"app_name": st.sampled_from(["hello", "hello", "a b"]) | json_values},
    optional={
        "version": st.sampled_from(["2.0", 1]) | json_values,
        "stages": json_values
        | st.dictionaries(
            st.sampled_from(["dev", "prod", "b/c"]),
            st.builds(lambda a, b: {**a, "lambda_functions": b}, scopes, functions),
            max_size=2,
        ),
        "lambda_functions": functions,
        **{key.name: json_values for key in BUILTIN},
    },
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents)
def test_no_json_gives_anything_but_an_error_for_people_or_a_stage(tmp_path: Path, document: object) -> None:
    write_project(tmp_path, config=json.dumps(document))

    try:
        stage = load_config(tmp_path).stage("dev")
    except ToolError as error:
        assert str(error)
    else:
        assert stage.function("work").timeout in range(1, 901)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60))
def test_no_bytes_do_either(tmp_path: Path, data: bytes) -> None:
    write_project(tmp_path, files={".chalice/config.json": data})

    with pytest.raises(ToolError):
        load_config(tmp_path)
