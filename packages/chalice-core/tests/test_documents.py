"""What the documents say is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from chalice_core.config.keys import BUILTIN, STRUCTURE
from chalice_core.hookspecs import chalice_config_keys
from chalice_core.testing import hook_names

DISTRIBUTION = Path(__file__).parents[1]
README = DISTRIBUTION / "README.md"
CONFIGURATION = DISTRIBUTION.parents[1] / "docs" / "design" / "configuration.md"
SCOPES = {
    "top": {"top"},
    "stage": {"stage"},
    "top, stage": {"top", "stage"},
    "all": {"top", "stage", "function"},
}


def test_the_examples_of_the_readme_run_one_after_the_other() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    namespace: dict[str, Any] = {}

    for block in blocks:
        exec(block, namespace)  # noqa: S102 - the text is our own documentation

    assert namespace["work"].tags["cost-centre"] == "42"


def test_the_readme_names_hooks_that_exist() -> None:
    named = set(re.findall(r"`(chalice_[a-z_]+)`", README.read_text(encoding="utf-8")))

    assert chalice_config_keys.__name__ in named
    assert named <= set(hook_names())


@pytest.mark.skipif(
    not CONFIGURATION.exists(), reason="the repository's documents are not in a source distribution"
)
def test_every_key_is_documented_with_its_scopes() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| ([a-z, ]+) \|", CONFIGURATION.read_text(encoding="utf-8"), re.MULTILINE
    )

    documented = {name: SCOPES[scopes] for name, scopes in rows}

    assert documented == {
        **{name: set(scopes) for name, scopes in STRUCTURE.items()},
        **{key.name: set(key.scopes) for key in BUILTIN},
    }
