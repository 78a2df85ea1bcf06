"""Plugins: found by metadata, loaded one by one, called with their names at hand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from chalice_core import hookspecs
from chalice_core.config import ConfigKey
from chalice_core.errors import ToolError
from chalice_core.graph import Graph
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import Function, Resource, Role
from chalice_core.plugins import (
    HookAnswerError,
    PluginConflictError,
    PluginFailedError,
    PluginInfo,
    PluginOptionError,
    Plugins,
    UnrealisedKindError,
    blocked_names,
    collect_named,
    find_plugins,
    load_plugins,
    realisation_of,
)
from chalice_core.template import ProjectTemplate
from chalice_core.testing import event, function, plugin_manager

Install = Callable[..., None]

TEMPLATES = """
    from chalice_core.template import ProjectTemplate

    @hookimpl
    def chalice_project_templates():
        return [ProjectTemplate(name="{name}", summary="", files={{}})]
"""


def states(plugins: Plugins) -> dict[str, str]:
    return {info.name: info.state for info in plugins.installed}


def imported(fragment: str) -> bool:
    return any(fragment in name for name in sys.modules)


def template(name: str) -> ProjectTemplate:
    return ProjectTemplate(name=name, summary="", files={})


class Templates:
    """A plugin that offers templates."""

    def __init__(self, *names: str) -> None:
        self.names = names

    @hookimpl
    def chalice_project_templates(self) -> list[ProjectTemplate]:
        return [template(name) for name in self.names]


class Failing:
    """A plugin with a bug."""

    @hookimpl
    def chalice_project_templates(self) -> list[ProjectTemplate]:
        return [template(["one"][1])]


class TestFinding:
    def test_listing_imports_nothing(self, install: Install) -> None:
        install("alpha", "raise RuntimeError('imported')")

        (info,) = find_plugins()

        assert (info.name, info.distribution, info.version, info.state) == (
            "alpha",
            "chalice-alpha",
            "1.0",
            "found",
        )
        assert not imported("installed_alpha")

    def test_the_order_does_not_depend_on_that_of_installation(self, install: Install) -> None:
        install("zulu", distribution="aaa")
        install("sam", distribution="chalice-sam")
        install("cli", distribution="chalice-cli")
        install("packager", distribution="chalice-packager")

        names = [info.name for info in find_plugins()]

        assert names == ["packager", "cli", "zulu", "sam"]

    def test_what_is_installed_outranks_what_ships_with_the_tools(self, install: Install) -> None:
        answer = """
            @hookimpl
            def chalice_realise_kind(target, kind):
                return {!r}
        """
        install("mine", answer.format("mine"), distribution="aaa-mine")
        install("deploy", answer.format("shipped"), distribution="chalice-deploy")

        assert realisation_of(load_plugins(), "aws", Role) == "mine"


class TestLoading:
    def test_a_plugin_that_works_is_loaded_and_called(self, install: Install) -> None:
        install("alpha", TEMPLATES.format(name="a"))

        plugins = load_plugins()

        assert states(plugins) == {"alpha": "loaded"}
        assert list(collect_named(plugins, "chalice_project_templates", thing="template")) == ["a"]

    @pytest.mark.parametrize(
        ("source", "reason"),
        [
            ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found'"),
            ("1 / 0", "ZeroDivisionError"),
            ("def broken(:", "SyntaxError"),
            ("raise SystemExit(3)", "SystemExit: 3"),
            ("@hookimpl\ndef chalice_lower_evnt(event): ...", "chalice_lower_evnt"),
            ("@hookimpl\ndef chalice_lower_event(event, colour): ...", "colour"),
            ("@hookimpl\ndef chalice_plugins_loaded(plugins): raise KeyError('boo')", "KeyError: 'boo'"),
        ],
        ids=["missing module", "exception", "syntax", "exit", "misspelt hook", "wrong argument", "at start"],
    )
    def test_a_plugin_that_fails_is_named_and_the_others_work(
        self, install: Install, source: str, reason: str
    ) -> None:
        install("alpha", source, version="2.5")
        install("beta", TEMPLATES.format(name="b"))

        plugins = load_plugins()

        assert states(plugins) == {"alpha": "broken", "beta": "loaded"}
        (broken,) = plugins.broken
        assert (broken.distribution, broken.version) == ("chalice-alpha", "2.5")
        assert reason in (broken.error or "")
        assert list(collect_named(plugins, "chalice_project_templates", thing="template")) == ["b"]

    def test_a_misspelt_hook_is_answered_with_the_nearest(self, install: Install) -> None:
        install("alpha", "@hookimpl\ndef chalice_lower_events(event):\n    return None\n")

        (info,) = load_plugins().broken

        assert info.error == "there is no hook chalice_lower_events; did you mean chalice_lower_event?"

    def test_a_hook_without_its_mark_is_noticed(self, install: Install) -> None:
        install("alpha", "def chalice_lower_event(event):\n    return None\n")

        (info,) = load_plugins().broken

        assert info.error == "chalice_lower_event is not marked with @hookimpl"

    def test_an_entry_point_that_names_no_module_is_quoted(self, install: Install) -> None:
        install("alpha", value="not a module!")

        (info,) = load_plugins().broken

        assert info.error is not None
        assert "'not a module!'" in info.error

    @pytest.mark.parametrize(
        ("version", "advice"),
        [("99", "upgrade chalice-core"), ("0", "upgrade the plugin"), ("'2'", "the number of a version")],
    )
    def test_a_plugin_for_another_interface_says_what_to_upgrade(
        self, install: Install, version: str, advice: str
    ) -> None:
        hooks = "\n@hookimpl\ndef chalice_lower_event(event):\n    return None\n"
        install("alpha", f"chalice_interface = {version}{hooks}")
        install("beta", f"chalice_interface = 1{hooks}")

        plugins = load_plugins()

        assert states(plugins) == {"alpha": "broken", "beta": "loaded"}
        assert advice in (plugins.broken[0].error or "")

    def test_a_broken_plugin_answers_no_hook(self, install: Install) -> None:
        install("alpha", TEMPLATES.format(name="a") + "\n    @hookimpl\n    def chalice_nonsense(): ...\n")

        assert not collect_named(load_plugins(), "chalice_project_templates", thing="template")

    def test_a_class_is_instantiated_for_each_run(self, install: Install) -> None:
        install(
            "alpha",
            """
            class Plugin:
                @hookimpl
                def chalice_realise_kind(self, target, kind):
                    return self
            """,
            value="installed_alpha_:Plugin",
        )

        first, second = (realisation_of(load_plugins(), "aws", Role) for _ in range(2))

        assert type(first) is type(second)
        assert first is not second

    def test_an_entry_point_may_name_an_instance(self, install: Install) -> None:
        install("alpha", "class Plugin: ...\nplugin = Plugin()", value="installed_alpha_:plugin")

        assert states(load_plugins()) == {"alpha": "loaded"}

    def test_two_plugins_of_one_name_are_both_left_out(self, install: Install) -> None:
        install("alpha", distribution="one")
        install("alpha", distribution="two")

        plugins = load_plugins()

        assert [info.state for info in plugins.installed] == ["broken", "broken"]
        assert all("one 1.0 and two 1.0" in (info.error or "") for info in plugins.broken)
        assert not imported("installed_alpha")

    def test_only_the_named_ones_are_imported(self, install: Install) -> None:
        install("alpha")
        install("beta")

        plugins = load_plugins(only={"beta"})

        assert states(plugins) == {"alpha": "found", "beta": "loaded"}
        assert not imported("installed_alpha")

    def test_every_plugin_hears_when_all_are_loaded(self) -> None:
        class Curious:
            @hookimpl
            def chalice_plugins_loaded(self, plugins: Plugins) -> None:
                self.seen = [info.name for info in plugins.installed]

        curious = Curious()
        plugin_manager(curious, Templates())

        assert curious.seen == ["Curious-0", "Templates-1"]

    def test_a_plugin_registered_later_hears_it_at_once(self) -> None:
        class Curious:
            heard = False

            @hookimpl
            def chalice_plugins_loaded(self, plugins: Plugins) -> None:
                self.heard = True

        plugins, curious = plugin_manager(), Curious()

        plugins.register(curious, "late")

        assert curious.heard

    def test_registering_a_misspelt_hook_by_hand_is_a_mistake_of_the_caller(self) -> None:
        class Misspelt:
            @hookimpl
            def chalice_lower_evnt(self, event: object) -> None: ...

        with pytest.raises(ValueError, match="chalice_lower_evnt"):
            Plugins().register(Misspelt(), "misspelt")

    def test_a_name_can_be_registered_once(self) -> None:
        plugins = Plugins()
        plugins.register(Templates(), "one")

        with pytest.raises(ValueError, match="one"):
            plugins.register(Templates(), "one")


class TestBlocking:
    def test_a_blocked_plugin_is_not_imported(self, install: Install) -> None:
        install("alpha")
        install("beta")

        plugins = load_plugins(blocked={"alpha"})

        assert states(plugins) == {"alpha": "blocked", "beta": "loaded"}
        assert not imported("installed_alpha")

    def test_the_environment_blocks_as_well(self, install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
        install("alpha")
        install("beta")
        monkeypatch.setenv("CHALICE_DISABLE_PLUGINS", "alpha, beta")

        assert states(load_plugins()) == {"alpha": "blocked", "beta": "blocked"}

    def test_the_option_is_no_and_a_name(self) -> None:
        assert blocked_names(["no:sqs", "no: sam "], {}) == {"sqs", "sam"}

    @pytest.mark.parametrize("option", ["sqs", "no:", "yes:sqs", ""])
    def test_other_options_are_usage_errors(self, option: str) -> None:
        with pytest.raises(PluginOptionError) as caught:
            blocked_names([option], {})

        assert caught.value.exit_status == 2


class TestCalling:
    def test_an_exception_of_a_plugin_reaches_a_person_with_its_name(self, install: Install) -> None:
        install(
            "alpha",
            """
            @hookimpl
            def chalice_project_templates():
                return {}["missing"]
            """,
            version="0.3",
        )

        with pytest.raises(PluginFailedError, match=r"chalice-alpha 0\.3") as caught:
            load_plugins().hook.chalice_project_templates()

        assert caught.value.hook == "chalice_project_templates"
        assert isinstance(caught.value.__cause__, KeyError)
        assert "no:alpha" in caught.value.fix

    def test_a_plugin_cannot_end_the_program(self) -> None:
        class Exiting:
            @hookimpl
            def chalice_project_templates(self) -> list[ProjectTemplate]:
                raise SystemExit(0)

        with pytest.raises(PluginFailedError, match="SystemExit"):
            plugin_manager(Exiting()).hook.chalice_project_templates()

    def test_a_tool_error_of_a_plugin_is_left_as_it_is(self) -> None:
        class Refusing:
            @hookimpl
            def chalice_project_templates(self) -> list[ProjectTemplate]:
                raise ToolError(what="Not here.")

        with pytest.raises(ToolError, match=r"^Not here\.$"):
            plugin_manager(Refusing()).hook.chalice_project_templates()

    def test_wrappers_surround_the_call_and_are_guarded_too(self) -> None:
        class Wrapping:
            @hookimpl(wrapper=True)
            def chalice_project_templates(self) -> Any:
                answers = yield
                return [*answers, [template("wrapped")]]

        plugins = plugin_manager(Templates("a"), Wrapping())

        answers = plugins.hook.chalice_project_templates()

        assert [item.name for answer in answers for item in answer] == ["a", "wrapped"]

    def test_a_failing_wrapper_is_named(self) -> None:
        class Wrapping:
            @hookimpl(wrapper=True)
            def chalice_project_templates(self) -> Any:
                yield
                raise KeyError("after")

        with pytest.raises(PluginFailedError, match="Wrapping"):
            plugin_manager(Wrapping()).hook.chalice_project_templates()

    def test_a_failing_observer_stops_nobody(self) -> None:
        heard: list[str] = []

        class Bad:
            @hookimpl
            def chalice_deploy_progress(self, progress: object) -> None:
                raise KeyError("bad")

        class Good:
            @hookimpl
            def chalice_deploy_progress(self, progress: str) -> None:
                heard.append(progress)

        failures = plugin_manager(Bad(), Good()).observe("chalice_deploy_progress", progress="step")

        assert heard == ["step"]
        (failure,) = failures
        assert isinstance(failure, PluginFailedError)

    def test_a_chain_hands_the_value_on_in_order_of_registration(self) -> None:
        class Adjusting:
            def __init__(self, name: str) -> None:
                self.name = name

            @hookimpl
            def chalice_adjust_graph(self, graph: Graph) -> Graph | None:
                return Graph((*graph, function(self.name))) if self.name else None

        plugins = plugin_manager(Adjusting("a"), Adjusting(""), Adjusting("b"))

        adjusted = plugins.chain("chalice_adjust_graph", "graph", Graph(()), config=None)

        assert [resource.id for resource in adjusted] == ["a", "b"]


def answering(hook: str, answer: Any) -> Plugins:
    """Return the plugin ``Answering-0``, with this answer to every call of the hook."""
    implementation = getattr(hookspecs, hook)
    names = implementation.__code__.co_varnames[: implementation.__code__.co_argcount]
    space: dict[str, Any] = {"answer": answer, "hookimpl": hookimpl}
    exec(f"@hookimpl\ndef {hook}({', '.join(names)}):\n    return answer\n", space)  # noqa: S102 - the text is ours
    return plugin_manager(type("Answering", (), {hook: staticmethod(space[hook])})())


SEQUENCES: dict[str, dict[str, Any]] = {
    "chalice_config_keys": {},
    "chalice_validate_app": {"app": None, "config": None},
    "chalice_lower_event": {"event": event("uploads", "on_upload"), "function": None, "config": None},
    "chalice_deployment_targets": {},
    "chalice_output_formats": {},
    "chalice_resolve_dependencies": {"requirements": (), "request": None, "destination": None},
    "chalice_package_files": {"app": None, "config": None},
    "chalice_project_templates": {},
}
WHOLES: dict[str, dict[str, Any]] = {
    "chalice_adjust_graph": {"graph": None, "config": None},
    "chalice_build_artifacts": {"request": None},
    "chalice_sample_event": {"event": event("uploads", "on_upload"), "arguments": {}},
    "chalice_local_aws": {"project_dir": None},
}


class TestAnswers:
    @pytest.mark.parametrize("answer", [42, "text", [42], [None], ["text", 42]], ids=repr)
    @pytest.mark.parametrize("hook", [*SEQUENCES, *WHOLES])
    def test_one_of_a_wrong_type_is_refused_with_the_name_of_the_plugin(self, hook: str, answer: Any) -> None:
        arguments = {**SEQUENCES, **WHOLES}[hook]

        with pytest.raises(HookAnswerError, match=f"'Answering-0' .* {hook}") as caught:
            list(answering(hook, answer).each(hook, **arguments))

        assert "The hook asks for a " in caught.value.why
        assert "-p no:Answering-0" in caught.value.fix

    @pytest.mark.parametrize("hook", [*SEQUENCES, *WHOLES])
    def test_none_contributes_nothing(self, hook: str) -> None:
        ((_, answer),) = answering(hook, None).each(hook, **{**SEQUENCES, **WHOLES}[hook])

        assert answer is None

    def test_a_generator_counts_and_its_failures_name_the_plugin(self) -> None:
        class Generating:
            def __init__(self, *names: Any) -> None:
                self.names = names

            @hookimpl
            def chalice_project_templates(self) -> Any:
                for name in self.names:
                    yield template(str(name["of"]))

        plugins = plugin_manager(Generating({"of": "a"}))
        assert list(collect_named(plugins, "chalice_project_templates", thing="template")) == ["a"]

        with pytest.raises(PluginFailedError, match=r"'Generating-0'.*chalice_project_templates"):
            list(plugin_manager(Generating({})).each("chalice_project_templates"))


class TestCollecting:
    def test_items_of_all_plugins_are_there_by_name(self) -> None:
        plugins = plugin_manager(Templates("a", "b"), Templates("c"))

        assert list(collect_named(plugins, "chalice_project_templates", thing="template")) == ["a", "b", "c"]

    def test_two_of_one_name_name_both_plugins(self) -> None:
        plugins = plugin_manager(Templates("a"), Templates("a"))

        with pytest.raises(PluginConflictError) as caught:
            collect_named(plugins, "chalice_project_templates", thing="template")

        assert [info.name for info in caught.value.plugins] == ["Templates-0", "Templates-1"]
        assert "no:Templates-0 or -p no:Templates-1" in caught.value.fix

    def test_one_plugin_that_offers_a_thing_twice_is_told_so(self) -> None:
        with pytest.raises(PluginConflictError, match="twice"):
            collect_named(plugin_manager(Templates("a", "a")), "chalice_project_templates", thing="template")

    def test_an_item_without_a_name_is_no_answer(self) -> None:
        class Wrong:
            @hookimpl
            def chalice_project_templates(self) -> list[object]:
                return [42]

        with pytest.raises(HookAnswerError, match="42"):
            collect_named(plugin_manager(Wrong()), "chalice_project_templates", thing="template")


class TestRealising:
    def test_the_first_answer_stands(self) -> None:
        class Realising:
            @hookimpl
            def chalice_realise_kind(self, target: str, kind: type[Resource]) -> str | None:
                return "handler" if (target, kind) == ("aws", Function) else None

        assert realisation_of(plugin_manager(Realising()), "aws", Function) == "handler"

    @pytest.mark.parametrize("answer", [42, ConfigKey], ids=["something else", "a class"])
    def test_an_answer_that_the_target_cannot_use_names_its_plugin(self, answer: object) -> None:
        class Silent:
            @hookimpl
            def chalice_realise_kind(self) -> None:
                """Leave all kinds to others."""

        class Wrong:
            @hookimpl
            def chalice_realise_kind(self) -> object:
                return answer

        with pytest.raises(HookAnswerError, match=r"'Wrong-0'.*'Function' in the target 'aws'") as caught:
            realisation_of(plugin_manager(Wrong(), Silent()), "aws", Function, protocol=ConfigKey)

        assert "check" in caught.value.why

    def test_what_its_methods_raise_names_the_plugin(self) -> None:
        class Handler:
            colour = "blue"

            def create(self, name: str) -> str:
                if name == "wrong":
                    raise ToolError(what="No such thing.")
                return {"right": "made"}[name]

        class Realising:
            @hookimpl
            def chalice_realise_kind(self) -> Handler:
                return Handler()

        plugins = plugin_manager(Realising())
        handler: Any = realisation_of(plugins, "aws", Function, protocol=Handler)

        assert (handler.colour, handler.create("right")) == ("blue", "made")
        with pytest.raises(PluginFailedError, match=r"'Realising-0' .* failed in Handler\.create") as caught:
            handler.create("other")
        assert isinstance(caught.value.__cause__, KeyError)
        with pytest.raises(ToolError, match=r"No such thing\."):
            handler.create("wrong")

    def test_no_answer_is_an_error_that_names_target_and_kind(self) -> None:
        with pytest.raises(UnrealisedKindError, match=r"'sam'.*'Function'"):
            realisation_of(plugin_manager(), "sam", Function)


def test_a_plugin_registered_by_hand_is_named_by_its_module() -> None:
    plugins = plugin_manager(Failing())

    with pytest.raises(PluginFailedError, match=r"'Failing-0' \(.*test_plugins\)") as caught:
        list(plugins.each("chalice_project_templates"))

    assert isinstance(caught.value.plugin, PluginInfo)


def test_configuration_keys_are_collected_like_anything_with_a_name() -> None:
    class Keys:
        @hookimpl
        def chalice_config_keys(self) -> list[ConfigKey]:
            return [ConfigKey(name="colour", scopes=frozenset({"top"}), check=lambda _: None)]

    with pytest.raises(PluginConflictError, match="configuration key 'colour'"):
        collect_named(plugin_manager(Keys(), Keys()), "chalice_config_keys", thing="configuration key")
