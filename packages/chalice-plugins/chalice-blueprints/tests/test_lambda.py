"""Functions of blueprints in Lambda, which imports the module of the handler string and never ``app``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from chalice import Blueprint

APP = """
from chalice import Chalice
from chalicelib.users import users

app = Chalice(app_name="shop")
app.register_blueprint(users, name_prefix="u_", url_prefix="/users")
"""
USERS = '''
from chalice import AuthResponse, Blueprint

users = Blueprint(__name__)
seen = []


@users.middleware("all")
def watch(event, get_response):
    seen.append(type(event).__name__)
    return get_response(event)


@users.authorizer()
def check(request):
    return AuthResponse(routes=["*"], principal_id=users.current_app.app_name)


@users.route("/{name}", authorizer=check)
def user(name):
    """Show a user."""
    return {"name": name}


@users.lambda_function()
def add(event, context):
    return [event, context, users.current_app.app_name]


@users.on_sqs_message("orders")
def work(event):
    users.log.error("working")
    return [record.body for record in event]


@users.on_ws_message()
def say(event):
    return {"statusCode": 201, "body": event.body}
'''
EVENTS = """
import json
from chalicelib import users
sqs = {"Records": [{"body": "tea", "receiptHandle": "r"}]}
context = {"domainName": "d", "stage": "s", "connectionId": "c", "apiId": "a"}
socket = {"requestContext": context, "body": "hi"}
token = {"type": "TOKEN", "authorizationToken": "t", "methodArn": "arn:aws:execute-api:r:1:api/dev/GET/x"}
"""


@pytest.fixture
def files() -> dict[str, str]:
    return {"app.py": APP, "chalicelib/__init__.py": "", "chalicelib/users.py": USERS}


@pytest.mark.usefixtures("sqs", "websockets")
def test_the_manifest_says_where_the_functions_are(project: Any, files: dict[str, str]) -> None:
    project.write(files)

    described = project.describe()["app"]

    assert {one["name"]: (one["handler"], one["kind"]) for one in described["functions"]} == {
        "u_add": ("chalicelib.users.add", "pure"),
        "u_check": ("chalicelib.users.check", "authorizer"),
        "websocket_message": ("chalicelib.users.say", "event"),
        "u_work": ("chalicelib.users.work", "event"),
    }
    (route,) = described["routes"]
    shown = {key: route[key] for key in ("path", "view_name", "handler", "authorizer", "summary")}
    assert shown == {
        "path": "/users/{name}",
        "view_name": "u_user",
        "handler": "chalicelib.users.user",
        "authorizer": "u_check",
        "summary": "Show a user.",
    }
    (authorizer,) = described["authorizers"]
    assert (authorizer["name"], authorizer["options"]["function"]) == ("u_check", "u_check")
    assert {
        one["source"]: (one["function"], one["options"].get("route_key")) for one in described["events"]
    } == {
        "sqs": ("u_work", None),
        # The tools call it by what it does, whatever it is called in the application.
        "websocket": ("websocket_message", "$default"),
    }


@pytest.mark.usefixtures("sqs", "websockets")
def test_the_package_holds_what_the_functions_need(
    project: Any, files: dict[str, str], tmp_path: Path, alone: Any
) -> None:
    project.write(files)
    target = tmp_path / "package"
    project.package(project.describe(), target)

    said = alone(
        target,
        EVENTS
        + """
first = "app" in sys.modules
print(json.dumps([
    first,
    users.work(sqs, None), users.add(1, 2), users.say(socket, None), users.check(token, None)["principalId"],
    users.seen, users.work.name, users.users.current_app.app_name,
    sorted(name for name in sys.modules if "chalice" in name and "site-packages" in str(sys.modules[name])),
]))
""",
    )

    assert said == [
        False,
        ["tea"],
        [1, 2, "shop"],
        {"statusCode": 201, "body": "hi"},
        "shop",
        ["SQSEvent", "LambdaFunctionEvent", "WebsocketEvent"],
        "u_work",
        "shop",
        [],
    ]


@pytest.mark.usefixtures("sqs", "websockets")
@pytest.mark.parametrize("call", ["users.add(1, 2)", "users.check(token, None)", "users.say(socket, None)"])
def test_whichever_function_is_called_first_finds_the_application(
    project: Any, files: dict[str, str], tmp_path: Path, alone: Any, call: str
) -> None:
    project.write(files)
    target = tmp_path / "package"
    project.package(project.describe(), target)

    said = alone(target, f"{EVENTS}\n{call}\nprint(json.dumps(users.users.current_app.app_name))")

    assert said == "shop"


@pytest.mark.usefixtures("sqs", "websockets")
def test_an_application_that_calls_a_function_while_it_is_imported_is_imported_once(
    project: Any, files: dict[str, str], tmp_path: Path, alone: Any
) -> None:
    calls_early = "from chalicelib import users as module\nearly = module.work({'Records': []}, None)\n"
    counts = "import builtins\nbuiltins.count = getattr(builtins, 'count', 0) + 1\n"
    files["chalicelib/users.py"] = files["chalicelib/users.py"].replace('users.log.error("working")', "pass")
    files["app.py"] = counts + calls_early + APP
    project.write(files)
    target = tmp_path / "package"
    project.package(project.describe(), target)

    code = "result = users.add(1, 2)\nimport app, builtins\n"
    said = alone(target, f"{EVENTS}{code}print(json.dumps([builtins.count, app.early, result]))")

    assert said == [1, [], [1, 2, "shop"]]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to import ``app`` from, in which there is none yet."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "app", raising=False)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    return tmp_path


def forget_app() -> None:
    sys.modules.pop("app", None)


@pytest.mark.usefixtures("sqs", "websockets")
@pytest.mark.usefixtures("elsewhere")
def test_without_an_application_functions_run_alone(users: Blueprint) -> None:
    @users.on_sqs_message("orders")
    def work(event: Any) -> list[str]:
        return [record.body for record in event]

    @users.lambda_function()
    def add(event: Any, context: Any) -> Any:
        return users.current_app

    @users.on_ws_message()
    def say(event: Any) -> dict[str, Any]:
        return {"body": event.body}

    socket = {"requestContext": {"domainName": "d", "stage": "s", "connectionId": "c", "apiId": "a"}}
    assert work({"Records": [{"body": "tea", "receiptHandle": "r"}]}, None) == ["tea"]
    assert say(socket, None) == {"body": None, "statusCode": 200}
    with pytest.raises(RuntimeError, match="registered to an app"):
        add(None, None)


def test_an_application_that_does_not_register_the_blueprint_is_imported_once(
    users: Blueprint, elsewhere: Path
) -> None:
    (elsewhere / "app.py").write_text("import sys\nsys.count = getattr(sys, 'count', 0) + 1\n")

    @users.lambda_function()
    def count(event: Any, context: Any) -> Any:
        return sys.count  # type: ignore[attr-defined]

    try:
        first = count(None, None)
        forget_app()
        assert (first, count(None, None)) == (1, 1)
    finally:
        forget_app()
        del sys.count  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "error"),
    [("1 / 0", ZeroDivisionError), ("import no_such_module_here", ModuleNotFoundError)],
)
def test_an_application_that_cannot_be_imported_is_the_functions_error_each_time(
    users: Blueprint, elsewhere: Path, source: str, error: type[Exception]
) -> None:
    (elsewhere / "app.py").write_text(source)
    ran = []

    @users.lambda_function()
    def add(event: Any, context: Any) -> None:
        ran.append(event)

    for _ in range(2):
        with pytest.raises(error):
            add(None, None)
    assert ran == []


@pytest.mark.usefixtures("elsewhere")
def test_the_module_of_a_blueprint_may_not_ask_for_the_application_while_it_is_imported(
    users: Blueprint,
) -> None:
    with pytest.raises(RuntimeError, match=r"Can only access Blueprint\.log"):
        _ = users.log
    assert "app" not in sys.modules
