"""Fixtures of the suites in `chalice_core.testing.contracts`, and readable failures.

pytest loads this wherever chalice-core is installed, so nothing else of ours
is imported before a suite asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chalice_core.plugins import Plugins
    from chalice_core.testing.examples import Application
    from chalice_core.testing.local import LocalApplication

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


@pytest.fixture(scope="class")
def chalice_local_application(
    request: pytest.FixtureRequest, chalice_plugins: Plugins, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalApplication]:
    """An application of the examples that the AWS on this machine emulates, deployed to it."""
    from chalice_core.testing.local import LocalApplication

    missing = [name for name in LocalApplication.needs if find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed, so nothing can be deployed to this machine")
    emulated = {name: one for name, one in request.cls.examples.items() if not one.not_emulated}
    with LocalApplication.of(emulated, tmp_path_factory.mktemp("local"), chalice_plugins) as local:
        local.deploy()
        yield local
