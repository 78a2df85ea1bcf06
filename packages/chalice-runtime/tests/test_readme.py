"""The examples of README.md run as they are printed."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalice import (
    AuthResponse,
    Chalice,
    CognitoUserPoolAuthorizer,
    CORSConfig,
    CustomAuthorizer,
    IAMAuthorizer,
)
from chalice.app import Request
from chalice.extensions import SAMPLES, SHIPPED, TESTING
from chalice.test import Client, HTTPResponse

README = Path(__file__).parent.parent / "README.md"


def examples() -> dict[str, str]:
    """Return the files that README.md shows: name to content."""
    text = README.read_text(encoding="utf-8")
    return dict(re.findall(r"```python\n# ([\w/.]+)\n(.*?)```", text, re.DOTALL))


def write(folder: Path) -> None:
    for name, content in examples().items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, encoding="utf-8")


def test_the_applications_pass_the_tests_beside_them(tmp_path: Path) -> None:
    write(tmp_path)

    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(tmp_path),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "6 passed" in ran.stdout


def test_the_decorator_is_found_through_the_entry_points_beside_it(tmp_path: Path) -> None:
    write(tmp_path)
    # TOML and the installed form differ in quotes and in the table's name only.
    toml = re.search(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert toml is not None
    installed = re.sub(r'\[project\.entry-points\."(.*?)"\]', r"[\1]", toml.group(1)).replace('"', "")
    info = tmp_path / "chalice_parcels-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text(installed, encoding="utf-8")
    code = (
        "from chalice import Chalice, ParcelEvent\n"
        "app = Chalice('parcels')\n"
        "@app.on_parcel('dhl')\n"
        "def weigh(event: ParcelEvent):\n"
        "    return event.weight\n"
        "print(weigh({'weight': 3}, None), app.event_sources[0].options)\n"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert ran.stdout.strip() == "3 {'carrier': 'dhl', 'insured': False}", ran.stderr


def test_the_authorizer_admits_whom_its_routes_name(tmp_path: Path) -> None:
    write(tmp_path)
    code = (
        "from guarded import app\n"
        "from chalice.test import Client\n"
        "with Client(app) as client:\n"
        "    for token in ('owner', 'reader', 'stranger'):\n"
        "        named = {'Authorization': token, 'Content-Type': 'application/json'}\n"
        "        for method in ('GET', 'PUT'):\n"
        "            print(client.http.request(method, '/items/3', named).status_code, end=' ')\n"
        "    print(client.http.get('/orders').status_code)\n"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert ran.stdout.strip() == "200 200 200 403 403 403 401", ran.stderr


def test_each_of_several_sites_is_told_about_itself_alone(tmp_path: Path) -> None:
    (setting,) = re.findall(
        r"```python\n(app\.api\.cors = .*?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    code = (
        "from chalice import Chalice, CORSConfig\n"
        "from chalice.test import Client\n"
        "app = Chalice('sites')\n"
        f"{setting}"
        "app.route('/')(lambda: 'x')\n"
        "with Client(app) as client:\n"
        "    for site in ('https://shop.example', 'https://admin.example', 'https://other.example'):\n"
        "        for ask in (client.http.get, client.http.options):\n"
        "            headers = ask('/', headers={'Origin': site}).headers\n"
        "            print(headers.get('Access-Control-Allow-Origin'), headers['Vary'])\n"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert ran.stdout.splitlines() == [
        *["https://shop.example Origin"] * 2,
        *["https://admin.example Origin"] * 2,
        *["None Origin"] * 2,
    ], ran.stderr


def section(title: str) -> str:
    """Return what README.md says under a heading."""
    (found,) = re.findall(
        rf"^## {title}\n(.*?)^## ", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return str(found)


def options_of(function: Callable[..., Any]) -> list[str]:
    """Return the parameters of a function that can be left out, and of a class those of its making."""
    parameters = inspect.signature(function).parameters.values()
    return [one.name for one in parameters if one.default is not one.empty]


def test_the_options_of_a_route_are_listed() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", section("Use"), re.MULTILINE)

    assert rows == options_of(Chalice.route)


def test_the_options_of_cors_are_listed() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", section("CORS"), re.MULTILINE)

    assert rows == options_of(CORSConfig)


@pytest.mark.parametrize(
    ("row", "made_by"),
    [
        ("@app.authorizer()", Chalice("readme", env={}).authorizer),
        ("CognitoUserPoolAuthorizer", CognitoUserPoolAuthorizer),
        ("CustomAuthorizer", CustomAuthorizer),
        ("IAMAuthorizer", IAMAuthorizer),
    ],
)
def test_the_options_of_an_authorizer_are_listed_with_their_defaults(
    row: str, made_by: Callable[..., Any]
) -> None:
    (cell,) = re.findall(rf"^\| `{re.escape(row)}` \|(.*?)\|", section("Authorizers"), re.MULTILINE)

    assert re.findall("`([^`]+)`", cell) == [
        one.name if one.default is one.empty else f"{one.name}={one.default!r}".replace("'", '"')
        for one in inspect.signature(made_by).parameters.values()
    ]


def test_the_signature_of_an_answer_of_an_authorizer_is_as_it_is_shown() -> None:
    shown = re.search(r"`AuthResponse\((.*?)\)`", section("Authorizers"))

    assert shown is not None
    assert shown[1].replace("=None", "").split(", ") == list(inspect.signature(AuthResponse).parameters)


def test_the_attributes_of_a_request_are_listed() -> None:
    (listed,) = re.findall(r"`app.current_request` has (.*?)\. `app.log`", section("Use"), re.DOTALL)
    public = {name for name in dir(Request) if not name.startswith("_")} | {"lambda_context"}

    assert {name.removesuffix("()") for name in re.findall(r"`([\w()]+)`", listed)} - {
        "requestContext"
    } == public


def test_the_signatures_of_the_test_client_are_as_they_are_shown() -> None:
    text = section("Test")
    request = inspect.signature(Client(Chalice("readme", env={})).http.request).parameters

    assert "`client.http.request(" + _shown(request, {"json": "…"}) + ")`" in text
    assert "`Client(" + _shown(inspect.signature(Client).parameters, {}) + ")`" in text


def _shown(parameters: Any, values: dict[str, str]) -> str:
    words = []
    for one in parameters.values():
        if one.kind is one.KEYWORD_ONLY and "*" not in words:
            words.append("*")
        default = values.get(one.name) or repr(one.default).replace("'", '"')
        words.append(one.name if one.default is one.empty else f"{one.name}={default}")
    return ", ".join(words)


def test_what_an_answer_has_is_listed() -> None:
    (listed,) = re.findall(r"An answer has (.*?)\.\n", section("Test"), re.DOTALL)
    public = {name for name in dir(HTTPResponse) if not name.startswith("_")}

    assert {*re.findall(r"`(\w+)`", listed)} == public


def test_every_group_of_entry_points_is_explained() -> None:
    text = section("Adding a decorator")

    for group in (*SHIPPED, SAMPLES, TESTING, "chalice.runtime"):
        assert group in text
