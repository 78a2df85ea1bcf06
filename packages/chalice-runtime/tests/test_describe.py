"""``python -m chalice.host describe``: the application's manifest, from a process of its own."""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import chalice

RUNTIME = Path(chalice.__file__).parent

HELLO = '''
import os, sys
from chalice import Chalice, CORSConfig
print("noise on stdout")
sys.stderr.write("noise on stderr")
app = Chalice("hello", debug=True)
app.experimental_feature_flags.update(["B", "A"])
app.api.binary_types = ["image/png"]

cors = CORSConfig(allow_origin="https://a")
@app.route("/users/{name}", methods=["GET", "PUT"], cors=cors, api_key_required=True)
def user(name):
    """Show a user.

    With all that is known
    about them.
    """
    return name

@app.route("/", name="start", content_types=["text/plain"])
def index():
    return os.environ["AWS_CHALICE_CLI_MODE"]

@app.lambda_function(name="plus")
def add(event, context):
    return event
'''


def test_an_application_is_described_whatever_it_prints(project: Any) -> None:
    ran = project.describe(HELLO)

    assert ran.status == 0
    assert (ran.stdout.strip(), ran.stderr) == ("noise on stdout", "noise on stderr")
    assert ran.document["manifest_version"] == 1
    assert ran.document["runtime"] == {"distribution": "chalice-runtime", "version": chalice.__version__}
    assert ran.document["python"] == {
        "version": platform.python_version(),
        "implementation": "cpython",
        "executable": sys.executable,
        "cache_tag": sys.implementation.cache_tag,
    }
    cors = {
        "Access-Control-Allow-Origin": "https://a",
        "Access-Control-Allow-Headers": (
            "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key"
        ),
    }
    user = {
        "path": "/users/{name}",
        "view_name": "user",
        "handler": "app.user",
        "content_types": ["application/json"],
        "api_key_required": True,
        "authorizer": None,
        "authorizer_scopes": [],
        "cors": cors,
        "summary": "Show a user.",
        "description": "With all that is known\nabout them.",
    }
    index = {
        "path": "/",
        "method": "GET",
        "view_name": "start",
        "handler": "app.index",
        "content_types": ["text/plain"],
        "api_key_required": False,
        "authorizer": None,
        "authorizer_scopes": [],
        "cors": None,
        "summary": "",
        "description": "",
    }
    assert ran.document["app"] == {
        "name": "hello",
        "debug": True,
        "experimental_features": ["A", "B"],
        "binary_types": ["image/png"],
        "routes": [{**user, "method": "GET"}, {**user, "method": "PUT"}, index],
        "authorizers": [],
        "functions": [{"name": "plus", "handler": "app.add", "kind": "pure"}],
        "events": [],
    }


@pytest.mark.parametrize(
    ("source", "kind", "type_name", "message", "line"),
    [
        ("import os\n\n1 / 0\n", "import", "ZeroDivisionError", "division by zero", 3),
        (
            "import nothing_of_this_name\n",
            "import",
            "ModuleNotFoundError",
            "No module named 'nothing_of_this_name'",
            1,
        ),
        ("x = 1\ndef broken(:\n", "syntax", "SyntaxError", "invalid syntax", 2),
        ("import sys\nsys.exit(3)\n", "exit", "SystemExit", "status 3", 2),
        ("raise SystemExit\n", "exit", "SystemExit", "status None", 1),
        ("class Own(BaseException): ...\nraise Own('mine')\n", "import", "Own", "mine", 2),
        ("a = 1\n", "no-app", "AttributeError", "defines no 'app'", None),
        ("app = 5\n", "not-chalice", "TypeError", "is a int, not a Chalice", None),
        (
            (
                "from chalice import Chalice\n"
                "app = Chalice('a')\n"
                "@app.route('/a', methods=['get'])\n"
                "def a(): ...\n"
            ),
            "import",
            "ValueError",
            "write 'GET'",
            3,
        ),
    ],
)
def test_an_application_that_cannot_be_imported_is_described_as_an_error(
    project: Any, source: str, kind: str, type_name: str, message: str, line: int | None
) -> None:
    ran = project.describe(source)

    error = ran.document["error"]
    assert ran.status == 0
    assert "app" not in ran.document
    assert "package" not in ran.document
    assert (error["kind"], error["type"], error["line"]) == (kind, type_name, line)
    assert message in error["message"]
    assert error["file"] == str(project.folder / "app.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_an_application_that_forks_is_described_once(project: Any) -> None:
    ran = project.describe("import os\nfrom chalice import Chalice\nos.fork()\napp = Chalice('forked')\n")

    assert ran.document["app"]["name"] == "forked"


@pytest.mark.parametrize(
    "line", ["app.api.binary_types = [object()]", "app.experimental_feature_flags.update([1, 'a'])"]
)
def test_a_declaration_that_json_cannot_hold_is_an_error(project: Any, line: str) -> None:
    error = project.describe(f"from chalice import Chalice\napp = Chalice('a')\n{line}\n").document["error"]

    assert (error["kind"], error["type"]) == ("import", "TypeError")
    assert "cannot be written as JSON" in error["message"]


def test_text_that_is_evaluated_is_not_the_file_to_look_at(project: Any) -> None:
    error = project.describe("x = 1\neval('(')\n").document["error"]

    assert (error["kind"], error["file"], error["line"]) == ("syntax", str(project.folder / "app.py"), 2)


def test_a_missing_application_is_an_error_that_names_the_file(project: Any) -> None:
    error = project.describe().document["error"]

    assert (error["kind"], error["file"]) == ("missing", str(project.folder / "app.py"))


def test_a_mistake_in_a_declaration_is_shown_without_the_framework_s_own_frames(project: Any) -> None:
    source = (
        "from chalice import Chalice\napp = Chalice('a')\n@app.route('/', methods=['get'])\ndef a(): ...\n"
    )

    error = project.describe(source).document["error"]

    frames = [line for line in error["traceback"].splitlines() if line.startswith("  File")]
    assert len(frames) == 1
    assert "app.py" in frames[0]
    assert "write 'GET'" in error["traceback"].splitlines()[-1]


def test_the_traceback_begins_and_the_place_lies_in_the_project(project: Any) -> None:
    project.write(
        {
            "chalicelib/__init__.py": "",
            "chalicelib/work.py": "import json\n\ndef load():\n    return json.loads('{')\n",
        }
    )

    error = project.describe("from chalicelib.work import load\nload()\n").document["error"]

    frames = [line for line in error["traceback"].splitlines() if line.startswith("  File")]
    assert error["traceback"].startswith("Traceback (most recent call last):")
    assert frames[0].startswith(f'  File "{project.folder / "app.py"}", line 2')
    assert (error["file"], error["line"]) == (str(project.folder / "chalicelib" / "work.py"), 4)
    assert error["type"] == "JSONDecodeError"


@pytest.mark.parametrize("folder", ["vendor", "venv/lib/site-packages"])
def test_a_library_inside_the_project_is_not_the_place_to_look_at(project: Any, folder: str) -> None:
    project.write({f"{folder}/library.py": "def fail():\n    raise LookupError('deep')\n"})

    error = project.describe(
        f"import sys\nsys.path.append('{folder}')\nimport library\nlibrary.fail()\n"
    ).document["error"]

    assert (error["file"], error["line"]) == (str(project.folder / "app.py"), 4)
    assert "library.py" in error["traceback"]


def test_the_working_folder_of_the_tool_is_not_importable(project: Any, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "neighbour.py").write_text("", encoding="utf-8")

    ran = project.describe("import neighbour\n", cwd=tools)

    assert ran.document["error"]["type"] == "ModuleNotFoundError"


def test_vendor_comes_last_and_the_project_first_and_it_is_the_working_folder(project: Any) -> None:
    project.write({"vendor/extra.py": "NAME = 'vendored'", "data.txt": "found", "vendor/json.py": "1 / 0"})

    ran = project.describe(
        "import extra, json, sys\nfrom chalice import Chalice\n"
        "assert (sys.path[0], sys.path[-1]) == (sys.path[-1][:-7], sys.path[0] + sys.path[-1][-7:])\n"
        "app = Chalice(extra.NAME + open('data.txt').read() + str(len(sys.argv)))\n"
    )

    assert ran.document["app"]["name"] == "vendoredfound1"


def test_a_package_can_take_the_place_of_the_module(project: Any) -> None:
    project.write({"app/__init__.py": "from chalice import Chalice\napp = Chalice('packed')\n"})

    assert project.describe().document["app"]["name"] == "packed"


def test_threads_of_the_application_do_not_keep_the_process_alive(project: Any) -> None:
    before = time.monotonic()

    ran = project.describe(
        "import threading, time\nfrom chalice import Chalice\napp = Chalice('busy')\n"
        "print('started')\nthreading.Thread(target=time.sleep, args=(30,)).start()\n"
    )

    assert ran.document["app"]["name"] == "busy"
    assert (ran.status, ran.stdout.strip()) == (0, "started")
    assert time.monotonic() - before < 25


def test_processes_of_the_application_do_not_hold_the_document_open(project: Any) -> None:
    before = time.monotonic()

    ran = project.describe(
        "import subprocess, sys\nfrom chalice import Chalice\napp = Chalice('parent')\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'],\n"
        "    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False)\n"
    )

    assert ran.document["app"]["name"] == "parent"
    assert time.monotonic() - before < 15


def archives(document: Any) -> list[str]:
    return [file["archive"] for file in document["package"]["files"]]


RUNTIME_FILES = [
    "chalice/__init__.py",
    "chalice/_async.py",
    "chalice/_dispatch.py",
    "chalice/_http.py",
    "chalice/_installed.py",
    "chalice/_mappings.py",
    "chalice/_matching.py",
    "chalice/_routing.py",
    "chalice/_sending.py",
    "chalice/app.py",
    "chalice/authorization.py",
    "chalice/authorizers.py",
    "chalice/batch.py",
    "chalice/extensions.py",
    "chalice/functions.py",
    "chalice/middleware.py",
    "chalice/payload2.py",
]


def test_the_package_holds_the_runtime_without_what_serves_development(project: Any) -> None:
    document = project.describe(HELLO).document

    assert archives(document) == RUNTIME_FILES
    assert {Path(file["path"]) for file in document["package"]["files"]} == {
        RUNTIME.parent / archive for archive in RUNTIME_FILES
    }
    assert document["package"]["extensions"] == {
        "decorators": {},
        "exports": {},
        "attributes": {},
        "distributions": [],
    }


PARCELS = """
from chalice import EventSource

class ParcelEvent:
    def __init__(self, event, context):
        pass

@EventSource.of(source="parcels", event=ParcelEvent)
def on_parcel(name=None):
    return {"name": name}
"""


@pytest.fixture
def parcels(project: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A stranger's distribution whose tooling half cannot be imported here."""
    site = tmp_path / "site"
    info = site / "chalice_parcels-2.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: Chalice_Parcels\nVersion: 2.5\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(
        "[chalice.decorators]\non_parcel = chalice_parcels.inner.events:on_parcel\n"
        "[chalice.exports]\nParcelEvent = chalice_parcels.inner.events:ParcelEvent\n"
        "[chalice.runtime]\nanything = chalice_parcels.shared\n",
        encoding="utf-8",
    )
    files = {
        "__init__.py": "",
        "inner/__init__.py": "",
        "inner/events.py": PARCELS,
        "inner/other.py": "raise RuntimeError('tooling')",
        "hooks.py": "raise RuntimeError('tooling')",
        "shared/__init__.py": "raise RuntimeError('must not be imported to be found')",
        "shared/data/rates.json": "{}",
    }
    for name, text in files.items():
        file = site / "chalice_parcels" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), str(RUNTIME.parent)]))
    return site


PARCEL_FILES = [
    "chalice_parcels/__init__.py",
    "chalice_parcels/inner/__init__.py",
    "chalice_parcels/inner/events.py",
    "chalice_parcels/shared/__init__.py",
    "chalice_parcels/shared/data/rates.json",
]


def test_a_used_distribution_brings_its_runtime_half_and_no_more(project: Any, parcels: Path) -> None:
    document = project.describe(
        "from chalice import Chalice\napp = Chalice('a')\n"
        "@app.on_parcel(name='other')\ndef work(event): ...\n"
    ).document

    assert archives(document) == [*RUNTIME_FILES, *PARCEL_FILES]
    assert document["package"]["files"][-1] == {
        "archive": "chalice_parcels/shared/data/rates.json",
        "path": str(parcels / "chalice_parcels" / "shared" / "data" / "rates.json"),
        "distribution": "chalice-parcels",
    }
    assert document["package"]["extensions"] == {
        "decorators": {"on_parcel": "chalice_parcels.inner.events:on_parcel"},
        "exports": {},
        "attributes": {},
        "distributions": [{"name": "chalice-parcels", "version": "2.5"}],
    }
    assert document["app"]["functions"] == [{"name": "other", "handler": "app.work", "kind": "event"}]
    assert document["app"]["events"] == [
        {"source": "parcels", "decorator": "on_parcel", "function": "other", "options": {}}
    ]


@pytest.mark.usefixtures("parcels")
def test_a_name_that_only_the_sources_mention_counts_as_used(project: Any) -> None:
    project.write(
        {
            "chalicelib/deep/late.py": "def f():\n    from chalice.app import ParcelEvent\n    return 1\n",
        }
    )

    document = project.describe("from chalice import Chalice\napp = Chalice('a')\n").document

    assert document["package"]["extensions"]["exports"] == {
        "ParcelEvent": "chalice_parcels.inner.events:ParcelEvent"
    }


@pytest.mark.usefixtures("parcels")
def test_a_distribution_whose_package_is_imported_is_used_even_without_its_names(project: Any) -> None:
    document = project.describe(
        "from chalice import Chalice\nimport chalice_parcels\napp = Chalice('a')\n"
    ).document

    assert archives(document) == [*RUNTIME_FILES, *PARCEL_FILES]
    assert document["package"]["extensions"]["decorators"] == {}
    assert document["package"]["extensions"]["distributions"] == [
        {"name": "chalice-parcels", "version": "2.5"}
    ]


@pytest.mark.usefixtures("parcels")
def test_a_name_in_a_comment_or_a_string_is_no_use(project: Any) -> None:
    document = project.describe(
        "# on_parcel\n'''ParcelEvent'''\nfrom chalice import Chalice\napp = Chalice('a')\n"
    ).document

    assert archives(document) == RUNTIME_FILES


def test_a_runtime_half_that_is_not_there_is_an_error(project: Any, parcels: Path) -> None:
    (parcels / "chalice_parcels" / "shared" / "__init__.py").unlink()
    (parcels / "chalice_parcels" / "shared" / "data" / "rates.json").unlink()
    (parcels / "chalice_parcels" / "shared" / "data").rmdir()
    (parcels / "chalice_parcels" / "shared").rmdir()

    error = project.describe(
        "from chalice import Chalice\napp = Chalice('a')\n@app.on_parcel()\ndef work(event): ...\n"
    ).document["error"]

    assert error["kind"] == "import"
    assert "chalice_parcels.shared" in error["message"]


def test_a_name_that_nobody_provides_is_an_error_at_the_line_that_needs_it(project: Any) -> None:
    error = project.describe("from chalice import Chalice\n\nfrom chalice import NoSuchEvent\n").document[
        "error"
    ]

    assert (error["kind"], error["type"], error["line"]) == ("import", "ImportError", 3)
    assert "cannot import name 'NoSuchEvent'" in error["message"]


def test_with_several_origins_the_function_answers_preflights(project: Any) -> None:
    routes = project.describe(
        "from chalice import Chalice, CORSConfig, IAMAuthorizer\napp = Chalice('a')\n"
        "origins = CORSConfig(allow_origin=['https://a', 'https://b'])\n"
        "@app.route('/own', cors=origins)\ndef own(): ...\n"
        "@app.route('/own', methods=['OPTIONS'])\ndef ask(): ...\n"
        "@app.route('/', cors=origins, authorizer=IAMAuthorizer(), api_key_required=True)\n"
        "def index():\n    'Says hello.'\n"
        "@app.route('/', methods=['POST'], cors=True)\ndef add(): ...\n"
    ).document["app"]["routes"]

    # API Gateway's own preflight would give everybody the same headers.
    assert [route["cors"] for route in routes] == [None] * 5
    assert [(route["path"], route["method"], route["view_name"]) for route in routes] == [
        ("/own", "GET", "own"),
        ("/own", "OPTIONS", "ask"),
        ("/", "GET", "index"),
        ("/", "POST", "add"),
        ("/", "OPTIONS", "cors_preflight"),
    ]
    preflight = routes[-1]
    assert (preflight["authorizer"], preflight["api_key_required"], preflight["summary"]) == (None, False, "")
    assert routes[2]["authorizer"] == "sigv4"
