"""Packages an application with the tools of Chalice: from a folder of sources to a template and its files.

Needs the tools (chalice-cli), and no CDK: it also runs in the container that `chalice_cdk.container` starts.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice_cdk.errors import ChaliceError
from chalice_cdk.stage_names import stage_name_of
from chalice_cdk.stand_ins import explained, with_stand_ins, with_tokens
from chalice_cdk.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chalice_core.config import StageConfig
    from chalice_core.plugins import Plugins

TEMPLATE = "sam.json"
FORMAT = "cloudformation"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRequest:
    """What to package.

    Args:
        source_dir: the application's folder.
        scope: the place of the construct, `chalice_cdk.stage_names`; not used when ``stage`` is given.
        stage: a stage by its name; it is one that the file lists, or ``stage_config`` is given.
        stage_config: what the configuration holds for the stage, over the file.
        stand_ins: what the application sees for tokens in its environment, by token.
        env: environment variables while this goes on.
        cache_dir: where built packages are kept between runs.
    """

    source_dir: Path
    scope: str
    stage: str | None = None
    stage_config: Mapping[str, Any] | None = None
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    cache_dir: Path


def write_package(request: PackageRequest, folder: Path) -> None:
    """Write `sam.json` and the files that it names.

    Args:
        request: what to package.
        folder: is there; files of these names in it are replaced.

    Raises:
        ChaliceError: the tools are not installed, or the application, its configuration or its
            requirements are wrong.
    """
    try:
        from chalice_core.errors import ToolError
    except ModuleNotFoundError as error:
        raise ChaliceError(
            "The tools of Chalice are not installed for this Python.\n"
            f"There is no module {error.name!r}, and {sys.executable} packages the application.\n"
            "Run `pip install 'chalice-cdk[cdk]'`."
        ) from error
    try:
        with _environment(request.env):
            files = dict(_files(request))
    except ToolError as error:
        raise ChaliceError(explained(str(error), request.stand_ins)) from error
    files[TEMPLATE] = _with_tokens(files[TEMPLATE], request.stand_ins)
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.read_bytes())


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Add to the environment of this process, which is also what the app host and pip get."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _files(request: PackageRequest) -> Mapping[str, bytes | Path]:
    from chalice_core.apphost import choose_interpreter, describe
    from chalice_core.artifact import BuildRequest
    from chalice_core.lowering import build_graph, with_built_layers
    from chalice_core.plugins import load_plugins
    from chalice_core.target import FormatRequest

    plugins = load_plugins()
    for info in plugins.broken:
        _tell(f"Warning: the plugin {info.origin} is broken and was left out: {info.error}")
    config = _config(request, plugins)
    manifest = describe(
        config.project_dir,
        choose_interpreter(config.project_dir, None, config.python),
        environment_variables={
            **with_stand_ins(config.default_function.environment_variables, request.stand_ins),
            **request.env,
        },
    )
    graph = build_graph(manifest.app, manifest.python.lambda_runtime, config, plugins)
    built = plugins.hook.chalice_build_artifacts(
        request=BuildRequest(manifest=manifest, config=config, cache_dir=request.cache_dir)
    )
    output_format = _format(plugins)
    if built is None:
        raise _incomplete("builds deployment packages", "chalice-packager")
    for notice in built.notices:
        _tell(f"Note: {notice}")
    files: Mapping[str, bytes | Path] = output_format.render(
        FormatRequest(
            graph=with_built_layers(graph, built.artifacts),
            app=manifest.app,
            config=config,
            artifacts=built.artifacts,
        )
    )
    return files


def _with_tokens(content: bytes | Path, stand_ins: Mapping[str, str]) -> bytes:
    template = json.loads(content if isinstance(content, bytes) else content.read_bytes())
    return (json.dumps(with_tokens(template, stand_ins), indent=2) + "\n").encode()


def _config(request: PackageRequest, plugins: Plugins) -> StageConfig:
    from chalice_core.config import load_config

    project = load_config(request.source_dir, plugins)
    stage = request.stage or stage_name_of(request.scope, project.app_name)
    content = request.stage_config
    if content is None and request.stage is None:
        # A stage that is named after a construct need not be in the file.
        content = {}
    if content is not None:
        project = project.with_stage(stage, content, source="stage_config", filled_in_later=is_token)
    return project.stage(stage)


def _format(plugins: Plugins) -> Any:
    from chalice_core.plugins import collect_named

    offered = collect_named(plugins, "chalice_output_formats", thing="output format")
    if FORMAT not in offered:
        raise _incomplete(f"writes the format {FORMAT!r}", "chalice-sam")
    return offered[FORMAT]


def _incomplete(what: str, distribution: str) -> ChaliceError:
    return ChaliceError(
        f"No plugin {what}.\n"
        f"{distribution} does; it is not installed, or blocked by CHALICE_DISABLE_PLUGINS.\n"
        "Run `pip install 'chalice-cdk[cdk]'`; `chalice plugins` lists what is there."
    )


def _tell(text: str) -> None:
    """Tell the person who synthesises, beside what the CDK app itself prints."""
    sys.stderr.write(text + "\n")
