"""A project's configuration, and what it says for one stage.

docs/design/configuration.md explains the order in which scopes win.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice_core.config import checks
from chalice_core.config.errors import InvalidConfigError, InvalidStageNameError, UnknownStageError
from chalice_core.config.keys import BUILTIN, MAX_NAME, NAME_CHARACTERS, NAME_PATTERN, STRUCTURE
from chalice_core.config.model import ConfigKey, CustomDomain, FunctionConfig, StageConfig
from chalice_core.config.parse import find_problems, read_document, stage_problems

if TYPE_CHECKING:
    from chalice_core.plugins import PluginInfo, Plugins

_check_stage = checks.matching(NAME_PATTERN, NAME_CHARACTERS, MAX_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectConfig:
    """The checked configuration of a project.

    Args:
        project_dir: absolute.
        app_name: of the configuration; names the resources.
        stages: the stages that the file lists, in its order; may be empty.
        document: the file's content, checked.
        keys: the keys that a value may have, by name.
        added: what `with_stage` added, by stage.
    """

    project_dir: Path
    app_name: str
    stages: tuple[str, ...]
    document: Mapping[str, Any] = field(repr=False)
    keys: Mapping[str, ConfigKey] = field(repr=False)
    added: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    @property
    def path(self) -> Path:
        """The file."""
        return self.project_dir / ".chalice" / "config.json"

    def stage(
        self, name: str = "dev", *, functions: Iterable[str] = (), overrides: Mapping[str, Any] | None = None
    ) -> StageConfig:
        """Merge everything that the configuration says for one stage.

        Args:
            name: the stage.
            functions: logical names that get an entry of their own besides
                those that the configuration names.
            overrides: keys and values of the command line, which win over
                everything; None means that the option was not given.

        Raises:
            InvalidStageNameError: the name cannot be part of a function's name.
            UnknownStageError: the file lists stages and this is none of them.
            InvalidConfigError: a value of the command line is wrong.
        """
        if problem := _check_stage(name) or self._too_long(name):
            raise InvalidStageNameError(stage=name, problem=problem)
        if self.stages and name not in self.stages:
            raise UnknownStageError(stage=name, known=self.stages, path=self.path)
        given = self._checked(overrides or {})
        # The one that wins first.
        documents = (
            self.added.get(name) or {},
            (self.document.get("stages") or {}).get(name) or {},
            self.document,
        )
        wide = _Scopes((given, *documents), self.keys)
        named = [
            function
            for document in reversed(documents)
            for function in document.get("lambda_functions") or ()
        ]
        return StageConfig(
            project_dir=self.project_dir,
            app_name=self.app_name,
            stage=name,
            api_gateway_stage=wide.value("api_gateway_stage"),
            api_gateway_endpoint_type=wide.value("api_gateway_endpoint_type"),
            api_gateway_endpoint_vpce=_several(wide.value("api_gateway_endpoint_vpce")),
            api_gateway_policy_file=wide.value("api_gateway_policy_file"),
            api_gateway_custom_domain=_domain(wide.value("api_gateway_custom_domain")),
            api_gateway_resource_limit=wide.value("api_gateway_resource_limit"),
            websocket_api_custom_domain=_domain(wide.value("websocket_api_custom_domain")),
            minimum_compression_size=wide.value("minimum_compression_size"),
            lambda_architecture=wide.value("lambda_architecture"),
            automatic_layer=wide.value("automatic_layer"),
            xray=wide.value("xray"),
            python=wide.value("python"),
            default_function=_function(wide),
            functions={
                function: _function(
                    _Scopes((given, *_with_function(documents, function)), self.keys),
                )
                for function in dict.fromkeys((*named, *functions))
            },
            extra=_extra(wide, self.keys.values()),
        )

    def with_stage(
        self,
        name: str,
        content: Mapping[str, Any],
        *,
        source: str = "The configuration of the stage",
        filled_in_later: Callable[[Any], bool] = lambda _value: False,
    ) -> ProjectConfig:
        """Return this configuration with more to say about one stage; the file stays as it is.

        Args:
            name: the stage; it need not be one that the file lists.
            content: what a stage may hold in the file, ``lambda_functions`` included.  It wins over all
                of the file, key by key, and loses against overrides; what the file merges is merged.
            source: what to call the content in messages, the beginning of a sentence.
            filled_in_later: whether a value stands for one that another tool fills in, such as a token of the
                AWS CDK.  What a key says about values is not asked of those.

        Raises:
            InvalidStageNameError: the name cannot be part of a function's name.
            InvalidConfigError: the content has mistakes; all of them are listed.
        """
        if problem := _check_stage(name) or self._too_long(name):
            raise InvalidStageNameError(stage=name, problem=problem)
        problems = [*stage_problems(content, self.keys, filled_in_later=filled_in_later)]
        if problems:
            raise InvalidConfigError(source=source, problems=problems)
        # A project that lists no stages takes every name; listing the first one would refuse the others.
        listed = bool(self.stages) and name not in self.stages
        return replace(
            self,
            stages=(*self.stages, name) if listed else self.stages,
            added={**self.added, name: content},
        )

    def _too_long(self, stage: str) -> str | None:
        length = len(f"{self.app_name}-{stage}")
        if length <= MAX_NAME:
            return None
        return (
            f"is too long: {self.app_name}-{stage} names the function of the REST API and has {length} "
            f"characters, where Lambda allows {MAX_NAME}"
        )

    def _checked(self, overrides: Mapping[str, Any]) -> dict[str, Any]:
        given = {key: value for key, value in overrides.items() if value is not None}
        unknown = [key for key in given if key not in self.keys]
        if unknown:
            raise ValueError(f"no such configuration keys: {', '.join(unknown)}")
        problems = [
            f'"{key}" {problem}' for key, value in given.items() if (problem := self.keys[key].check(value))
        ]
        if problems:
            raise InvalidConfigError(source="The command line", problems=problems)
        return given


def load_config(
    project_dir: Path, plugins: Plugins | None = None, *, keys: Iterable[ConfigKey] = ()
) -> ProjectConfig:
    """Read and check `.chalice/config.json`.

    Args:
        project_dir: the folder that `.chalice` is in.
        plugins: whose keys are known besides the built-in ones (``chalice_config_keys``).
        keys: further keys.

    Raises:
        ProjectNotFoundError: there is no such file.
        ConfigUnreadableError: it cannot be read.
        ConfigSyntaxError: it is not JSON.
        InvalidConfigError: it has mistakes; all of them are listed.
        PluginConflictError: two plugins add one key, or one adds a key that is there already.
    """
    known = {key.name: key for key in (*BUILTIN, *keys)}
    if plugins is not None:
        known.update(_of_plugins(plugins, known))
    project_dir = project_dir.absolute()
    document, problems = read_document(project_dir)
    obstacles = [info.obstacle for info in plugins.installed if info.obstacle] if plugins is not None else []
    problems.extend(find_problems(document, known, obstacles))
    if problems or not isinstance(document, dict):
        raise InvalidConfigError(source=str(project_dir / ".chalice" / "config.json"), problems=problems)
    return ProjectConfig(
        project_dir=project_dir,
        app_name=document["app_name"],
        stages=tuple(document.get("stages") or ()),
        document=document,
        keys=known,
    )


_CONSUMED = frozenset(key.name for key in BUILTIN)


@dataclass(frozen=True, slots=True)
class _Scopes:
    """The scopes that a value may come from, the one that wins first."""

    scopes: Sequence[Mapping[str, Any]]
    keys: Mapping[str, ConfigKey]

    def value(self, key: str) -> Any:
        """Return what the key says; null in the file means that nothing is said there."""
        found = [scope[key] for scope in self.scopes if scope.get(key) is not None]
        if not self.keys[key].merged:
            return found[0] if found else self.keys[key].default
        merged = dict(self.keys[key].default or {})
        for mapping in reversed(found):
            merged.update(mapping)
        # A null takes a name out that a wider scope gave.
        return {name: value for name, value in merged.items() if value is not None}


def _function(scopes: _Scopes) -> FunctionConfig:
    return FunctionConfig(
        memory_size=scopes.value("lambda_memory_size"),
        timeout=scopes.value("lambda_timeout"),
        environment_variables=scopes.value("environment_variables"),
        tags=scopes.value("tags"),
        layers=tuple(scopes.value("layers")),
        subnet_ids=tuple(scopes.value("subnet_ids")),
        security_group_ids=tuple(scopes.value("security_group_ids")),
        reserved_concurrency=scopes.value("reserved_concurrency"),
        xray=scopes.value("xray"),
        log_retention_in_days=scopes.value("log_retention_in_days"),
        autogen_policy=scopes.value("autogen_policy"),
        iam_policy_file=scopes.value("iam_policy_file"),
        manage_iam_role=scopes.value("manage_iam_role"),
        iam_role_arn=scopes.value("iam_role_arn"),
        extra=_extra(scopes, (key for key in scopes.keys.values() if "function" in key.scopes)),
    )


def _extra(scopes: _Scopes, keys: Iterable[ConfigKey]) -> dict[str, Any]:
    values = {key.name: scopes.value(key.name) for key in keys if key.name not in _CONSUMED}
    return {name: value for name, value in values.items() if value is not None}


def _with_function(documents: Iterable[Mapping[str, Any]], function: str) -> Iterator[Mapping[str, Any]]:
    """Yield what each document says about a function, and then what it says in general."""
    for document in documents:
        yield (document.get("lambda_functions") or {}).get(function) or {}
        yield document


def _domain(value: Mapping[str, Any] | None) -> CustomDomain | None:
    if value is None:
        return None
    return CustomDomain(
        domain_name=value["domain_name"],
        certificate_arn=value["certificate_arn"],
        security_policy=value.get("tls_version") or "TLS_1_2",
        base_path=(value.get("url_prefix") or "").strip("/"),
        tags={name: tag for name, tag in (value.get("tags") or {}).items() if tag is not None},
    )


def _several(value: str | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _of_plugins(plugins: Plugins, known: Mapping[str, ConfigKey]) -> dict[str, ConfigKey]:
    # Plugins are handed in by whoever loaded them; reading a file alone needs no pluggy.
    from chalice_core.plugins import PluginConflictError, PluginInfo

    core = PluginInfo(
        name="chalice", distribution="chalice-core", version=None, module=__name__, state="loaded"
    )
    added: dict[str, ConfigKey] = {}
    owners: dict[str, PluginInfo] = dict.fromkeys((*STRUCTURE, *known), core)
    for plugin, keys in plugins.each("chalice_config_keys"):
        for key in keys or ():
            if key.name in owners:
                raise PluginConflictError(
                    thing="configuration key", name=key.name, plugins=(owners[key.name], plugin)
                )
            owners[key.name], added[key.name] = plugin, key
    return added
