"""The project templates that come with the command."""

from __future__ import annotations

import json

from chalice_core.hookspecs import hookimpl
from chalice_core.template import ProjectTemplate

CONFIG_FILE = ".chalice/config.json"
"""What makes a folder a project; written for templates that have none."""

CONFIG = (
    json.dumps(
        {
            "version": "2.0",
            "app_name": "{{app_name}}",
            "stages": {"dev": {"api_gateway_stage": "api"}},
        },
        indent=2,
    )
    + "\n"
)

_IGNORED = """\
__pycache__/
.venv/
.chalice/deployments/
.chalice/venv/
.chalice/local/
"""

_COMMON = {
    CONFIG_FILE: CONFIG,
    ".gitignore": _IGNORED,
    "requirements.txt": "chalice-runtime\n",
}

_HELLO_APP = """\
from chalice import Chalice

app = Chalice(app_name="{{app_name}}")


@app.route("/")
def index():
    return {"hello": "world"}
"""

_REST_APP = """\
from chalice import Chalice, NotFoundError

from chalicelib.greetings import greet

app = Chalice(app_name="{{app_name}}")


@app.route("/")
def index():
    return {"hello": "world"}


@app.route("/hello/{name}")
def hello(name):
    if not name.isalpha():
        raise NotFoundError(f"nobody is called {name}")
    return {"message": greet(name)}


@app.route("/users", methods=["POST"])
def create_user():
    return {"created": app.current_request.json_body}
"""

_REST_LIB = '''\
"""Code that views share; everything in chalicelib is deployed."""


def greet(name: str) -> str:
    return f"Hello, {name}!"
'''

_REST_TESTS = """\
from app import app
from chalice.test import Client


def test_the_index_says_hello_to_the_world():
    with Client(app) as client:
        response = client.http.get("/")

    assert response.status_code == 200
    assert response.json_body == {"hello": "world"}


def test_a_person_is_greeted_by_name():
    with Client(app) as client:
        response = client.http.get("/hello/ada")

    assert response.json_body == {"message": "Hello, ada!"}
"""

_LAMBDA_APP = """\
from chalice import Chalice

app = Chalice(app_name="{{app_name}}")


@app.lambda_function()
def add(event, context):
    return {"sum": event["a"] + event["b"]}
"""

_LAMBDA_TESTS = """\
from app import app
from chalice.test import Client


def test_two_numbers_are_added():
    with Client(app) as client:
        result = client.lambda_.invoke("add", {"a": 1, "b": 2})

    assert result.payload == {"sum": 3}
"""

_DEVELOPMENT = "-r requirements.txt\npytest\n"

_PYTEST = "[pytest]\npythonpath = .\n"

BUILT_IN = (
    ProjectTemplate(
        name="legacy",
        summary="One view that says hello",
        files={**_COMMON, "app.py": _HELLO_APP},
    ),
    ProjectTemplate(
        name="rest-api",
        summary="A REST API with shared code and tests",
        files={
            **_COMMON,
            "app.py": _REST_APP,
            "chalicelib/__init__.py": "",
            "chalicelib/greetings.py": _REST_LIB,
            "requirements-dev.txt": _DEVELOPMENT,
            "pytest.ini": _PYTEST,
            "tests/test_app.py": _REST_TESTS,
        },
    ),
    ProjectTemplate(
        name="lambda-only",
        summary="A function that is invoked by name, with tests",
        files={
            **_COMMON,
            "app.py": _LAMBDA_APP,
            "chalicelib/__init__.py": "",
            "requirements-dev.txt": _DEVELOPMENT,
            "pytest.ini": _PYTEST,
            "tests/test_app.py": _LAMBDA_TESTS,
        },
    ),
)


class BuiltInTemplates:
    """Offers these templates by the hook that plugins use."""

    @hookimpl
    def chalice_project_templates(self) -> tuple[ProjectTemplate, ...]:
        """Offer them."""
        return BUILT_IN
