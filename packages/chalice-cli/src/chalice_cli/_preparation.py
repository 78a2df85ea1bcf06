"""From a project to what a target needs: configuration, manifest, graph, built packages."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice_cli._errors import NoBuilderError
from chalice_cli._session import Session

if TYPE_CHECKING:
    from chalice_cli._talk import Talk
    from chalice_core.artifact import Artifacts, Built
    from chalice_core.config import ProjectConfig, StageConfig
    from chalice_core.graph import Graph
    from chalice_core.manifest import Manifest

PATIENCE = 2.0
"""Seconds after which a person is told what is being waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An application that is ready to be deployed or written down."""

    project: ProjectConfig
    config: StageConfig
    manifest: Manifest
    graph: Graph
    artifacts: Artifacts


def read_project(session: Session) -> ProjectConfig:
    """Return the project's checked configuration; its code is not looked at.

    Raises:
        ToolError: the working directory holds no project, or its configuration has mistakes.
    """
    from chalice_core.config import load_config

    return load_config(session.project_dir, session.plugins)


def prepare(
    session: Session, stage: str, overrides: Mapping[str, Any], variables: Mapping[str, str] | None = None
) -> Prepared:
    """Read, check and build the application of the working directory.

    Args:
        session: of this run.
        stage: its name.
        overrides: configuration keys from the command line; those that are None were not given.
        variables: environment variables to import the application with; those of the stage win.

    Raises:
        ToolError: something is wrong with the configuration, the application or its requirements.
            Nothing but the cache of built packages has changed.
    """
    from chalice_core.apphost import choose_interpreter, describe
    from chalice_core.artifact import BuildRequest
    from chalice_core.lowering import build_graph, with_built_layers
    from chalice_core.validation import runtime_notice

    project = read_project(session)
    config = project.stage(stage, overrides=overrides)
    manifest = describe(
        session.project_dir,
        choose_interpreter(session.project_dir, session.python, config.python),
        environment_variables={**(variables or {}), **config.default_function.environment_variables},
    )
    warning = runtime_notice(manifest.python.lambda_runtime)
    if warning is not None:
        session.talk.warn(warning)
    graph = build_graph(manifest.app, manifest.python.lambda_runtime, config, session.plugins)
    built: Built | None
    with told_when_it_takes_long(
        session.talk, "Building the deployment package; new dependencies take a while."
    ):
        built = session.plugins.hook.chalice_build_artifacts(
            request=BuildRequest(
                manifest=manifest, config=config, cache_dir=session.project_dir / ".chalice" / "deployments"
            )
        )
    if built is None:
        raise NoBuilderError
    for notice in built.notices:
        session.talk.say(f"Note: {notice}")
    return Prepared(
        project=project,
        config=config,
        manifest=manifest,
        graph=with_built_layers(graph, built.artifacts),
        artifacts=built.artifacts,
    )


@contextmanager
def told_when_it_takes_long(talk: Talk, text: str) -> Iterator[None]:
    """Say what is being waited for once that has lasted longer than `PATIENCE`."""
    timer = threading.Timer(PATIENCE, talk.say, [text])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
