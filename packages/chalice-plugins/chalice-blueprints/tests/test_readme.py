"""What the README shows is so."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path
from typing import Any

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_example_is_an_application(project: Any, tmp_path: Path, alone: Any) -> None:
    users, app = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    project.write({"chalicelib/__init__.py": "", "chalicelib/users.py": users, "app.py": app})
    target = tmp_path / "package"

    document = project.describe()
    project.package(document, target)

    (route,) = document["app"]["routes"]
    assert (route["method"], route["path"], route["view_name"]) == ("GET", "/users/{name}", "users_user")
    assert document["app"]["functions"] == [
        {"name": "users_clean_up", "handler": "chalicelib.users.clean_up", "kind": "pure"}
    ]
    event = {
        "requestContext": {"resourcePath": "/users/{name}", "httpMethod": "GET"},
        "pathParameters": {"name": "ann"},
    }
    code = f"import json\nfrom app import app, users\nprint(json.dumps(app({event!r}, None)['body']))"
    assert alone(target, code) == '{"name":"ann","method":"GET"}'


def test_it_is_one_module_in_lambda_as_the_readme_says(project: Any) -> None:
    project.write({"app.py": "from chalice import Blueprint, Chalice\napp = Chalice('x')\n"})

    shipped = [one["archive"] for one in project.describe()["package"]["files"]]

    assert [one for one in shipped if one.startswith("chalice_")] == [
        "chalice_blueprints/__init__.py",
        "chalice_blueprints/blueprint.py",
    ]


def test_the_entry_points_are_listed() -> None:
    entries = importlib.metadata.distribution("chalice-blueprints").entry_points
    listed = dict(re.findall(r"`(chalice\.\w+)` \(`(\w+)`\)", README.rpartition("Entry points:")[2]))

    assert listed == {entry.group: entry.name for entry in entries}
