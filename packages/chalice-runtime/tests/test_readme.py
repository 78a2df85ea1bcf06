"""The examples of README.md run as they are printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

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
