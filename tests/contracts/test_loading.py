"""Loading every plugin costs little: what is slow is imported by the command that needs it."""

from __future__ import annotations

import subprocess
import sys

SLOW = {"app", "boto3", "botocore", "click", "moto", "pip", "rich", "werkzeug", "yaml"}

LOAD = """
import sys
from chalice_core.plugins import load_plugins
plugins = load_plugins()
print(*(plugin.name for plugin in plugins.installed if plugin.state == "loaded"))
print(*sys.modules)
"""


def test_loading_every_plugin_imports_nothing_slow() -> None:
    done = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)

    names, modules = (set(line.split()) for line in done.stdout.splitlines())
    assert {"aws", "sam", "sqs"} <= names
    assert modules & SLOW == set()


def test_blocked_plugins_are_not_even_imported() -> None:
    script = LOAD.replace("load_plugins()", "load_plugins(blocked={'sqs', 'sam'})")

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    names, modules = (set(line.split()) for line in done.stdout.splitlines())
    assert "aws" in names
    assert not [module for module in modules if module.startswith(("chalice_sqs", "chalice_sam"))]
