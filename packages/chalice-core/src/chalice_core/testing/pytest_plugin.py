"""Fixtures of the suites in `chalice_core.testing.contracts`, and readable failures.

pytest loads this wherever chalice-core is installed, so nothing else of ours
is imported before a suite asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chalice_core.plugins import Plugins
    from chalice_core.testing.examples import Application
    from chalice_core.testing.local import LocalApplication, LocalServer

# Failures of a suite show what was compared, as failures of a plugin's own tests do.
pytest.register_assert_rewrite(
    "chalice_core.testing.event_sources", "chalice_core.testing.local", "chalice_core.testing.targets"
)


@pytest.fixture(scope="session")
def chalice_plugins() -> Plugins:
    """Every plugin of this environment, loaded."""
    from chalice_core.plugins import load_plugins

    return load_plugins()


@pytest.fixture(scope="class")
def chalice_application(
    request: pytest.FixtureRequest, chalice_plugins: Plugins, tmp_path_factory: pytest.TempPathFactory
) -> Application:
    """An application with a function for each example of the class."""
    from chalice_core.testing.examples import make_application

    return make_application(tmp_path_factory.mktemp("contract"), request.cls.examples, chalice_plugins)


@pytest.fixture(scope="session")
def chalice_local_server(
    chalice_plugins: Plugins, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalServer]:
    """An AWS on this machine that all suites of the session share; each deletes what it has deployed."""
    from chalice_core.testing.local import LocalServer, missing_distributions

    if missing := missing_distributions():
        pytest.skip(f"{', '.join(missing)} is not installed, so nothing can be deployed to this machine")
    with LocalServer(tmp_path_factory.mktemp("local-aws"), chalice_plugins) as server:
        yield server


@pytest.fixture(scope="class")
def chalice_local_application(
    request: pytest.FixtureRequest,
    chalice_local_server: LocalServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LocalApplication]:
    """An application of the examples that the AWS on this machine emulates, deployed to it."""
    from chalice_core.testing.local import LocalApplication

    emulated = {name: one for name, one in request.cls.examples.items() if not one.not_emulated}
    with LocalApplication.of(emulated, tmp_path_factory.mktemp("local"), chalice_local_server) as local:
        local.deploy()
        yield local
