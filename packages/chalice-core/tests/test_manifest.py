"""Reading the app manifest: strict, and every surprise is a sentence."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice_core.errors import ToolError
from chalice_core.manifest import (
    AppExitedError,
    AppImportError,
    AppLoadError,
    AppMissingError,
    AppModuleMissingError,
    AppRegionMissingError,
    AppSyntaxError,
    MalformedManifestError,
    ManifestVersionError,
    NoAppError,
    NotChaliceError,
    read_manifest,
)

DOCUMENT: dict[str, Any] = {
    "manifest_version": 1,
    "runtime": {"distribution": "chalice-runtime", "version": "0.1.0"},
    "python": {
        "version": "3.11.7",
        "implementation": "cpython",
        "executable": "/usr/bin/python",
        "cache_tag": "cpython-311",
    },
    "app": {
        "name": "hello",
        "debug": False,
        "experimental_features": [],
        "binary_types": ["image/png"],
        "routes": [
            {
                "path": "/users/{name}",
                "method": "GET",
                "view_name": "user",
                "handler": "app.user",
                "content_types": ["application/json"],
                "api_key_required": False,
                "authorizer": None,
                "cors": {"Access-Control-Allow-Origin": "*"},
                "summary": "First line",
                "description": "The rest",
            }
        ],
        "authorizers": [{"name": "auth", "kind": "builtin", "options": {"ttl_seconds": 30}}],
        "functions": [{"name": "work", "handler": "app.work", "kind": "event"}],
        "events": [
            {
                "source": "sqs",
                "decorator": "on_sqs_message",
                "function": "work",
                "options": {"queue": "orders"},
            }
        ],
    },
    "package": {
        "files": [
            {"archive": "chalice/app.py", "path": "/site/chalice/app.py", "distribution": "chalice-runtime"}
        ],
        "extensions": {
            "decorators": {"on_sqs_message": "chalice_sqs.events:on_sqs_message"},
            "exports": {"SQSEvent": "chalice_sqs.events:SQSEvent"},
            "distributions": [{"name": "chalice-sqs", "version": "0.1.0"}],
        },
    },
}


def changed(*path: str | int, to: object = None, delete: bool = False) -> str:
    document = copy.deepcopy(DOCUMENT)
    node: Any = document
    for key in path[:-1]:
        node = node[key]
    if delete:
        del node[path[-1]]
    else:
        node[path[-1]] = to
    return json.dumps(document)


def failed(kind: str, **facts: object) -> str:
    head = {key: DOCUMENT[key] for key in ("manifest_version", "runtime", "python")}
    return json.dumps({**head, "error": {"kind": kind, **facts}})


def test_a_whole_document_is_read() -> None:
    manifest = read_manifest(json.dumps(DOCUMENT).encode())

    assert (manifest.version, manifest.runtime_version) == (1, "0.1.0")
    assert manifest.python.lambda_runtime == "python3.11"
    (route,) = manifest.app.routes
    assert (route.path, route.cors, route.summary) == (
        "/users/{name}",
        {"Access-Control-Allow-Origin": "*"},
        "First line",
    )
    assert manifest.app.authorizers[0].options == {"ttl_seconds": 30}
    assert manifest.app.functions[0].kind == "event"
    assert manifest.app.events[0].options == {"queue": "orders"}
    assert manifest.runtime_files[0].archive == "chalice/app.py"
    assert manifest.extensions.distributions == {"chalice-sqs": "0.1.0"}


def test_keys_of_a_later_runtime_are_no_mistake() -> None:
    assert read_manifest(changed("app", "colour", to="blue")).app.name == "hello"


def test_a_newer_version_says_which_distribution_to_upgrade() -> None:
    text = json.dumps({"manifest_version": 2, "runtime": {"version": "9.0"}, "something": "else"})

    with pytest.raises(ManifestVersionError) as caught:
        read_manifest(text)

    assert (caught.value.version, caught.value.known, caught.value.runtime) == (2, 1, "9.0")
    assert "chalice-core" in caught.value.fix


def test_nothing_else_of_a_newer_document_is_relied_on() -> None:
    with pytest.raises(ManifestVersionError):
        read_manifest('{"manifest_version": 2, "runtime": []}')


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (b"\xff", "not JSON"),
        ("[]", "The document should be an object and is a list"),
        ("{}", "manifest_version is missing"),
        (changed("manifest_version", to="1"), "manifest_version should be an integer and is a string"),
        (changed("manifest_version", to=True), "manifest_version should be an integer and is a boolean"),
        (changed("manifest_version", to=0), "manifest_version is 0"),
        (changed("app", delete=True), "app is missing"),
        (changed("app", "routes", to={}), "app.routes should be a list and is an object"),
        (changed("app", "routes", 0, "path", to=None), "app.routes[0].path should be a string and is null"),
        (changed("app", "routes", 0, "cors", to={"a": 1}), "app.routes[0].cors.a should be a string"),
        (changed("app", "routes", 0, "content_types", to=["a", 1]), "content_types[1] should be a string"),
        (changed("app", "debug", to=0), "app.debug should be true or false and is a number"),
        (changed("app", "functions", 0, "kind", to="odd"), "should be one of pure, event, authorizer"),
        (changed("package", "files", 0, "archive", to="../etc/passwd"), "is no relative name"),
        (changed("package", "files", 0, "archive", to="/etc/passwd"), "is no relative name"),
        (changed("package", "files", 0, "archive", to="C:/x"), "is no relative name"),
        (changed("package", "files", 0, "archive", to=""), "is no relative name"),
        (changed("package", "files", 0, "archive", to="a\\b"), "is no relative name"),
    ],
)
def test_anything_else_is_malformed_and_the_place_is_named(text: str | bytes, problem: str) -> None:
    with pytest.raises(MalformedManifestError) as caught:
        read_manifest(text)

    assert problem in caught.value.problem


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("import", AppImportError),
        ("syntax", AppSyntaxError),
        ("exit", AppExitedError),
        ("missing", AppMissingError),
        ("no-app", NoAppError),
        ("not-chalice", NotChaliceError),
        ("of-a-later-runtime", AppLoadError),
    ],
)
def test_an_application_that_cannot_be_loaded_is_an_error_of_its_own(
    kind: str, expected: type[AppLoadError]
) -> None:
    with pytest.raises(AppLoadError) as caught:
        read_manifest(failed(kind, message="because", file="/p/app.py", line=3))

    assert type(caught.value) is expected
    assert caught.value.fix


def test_a_missing_module_is_an_error_that_says_where_to_install_it() -> None:
    with pytest.raises(AppModuleMissingError) as caught:
        read_manifest(failed("import", type="ModuleNotFoundError", message="No module named 'x'"))

    assert "requirements" in caught.value.fix


def test_a_client_without_a_region_is_an_error_that_says_how_to_name_one() -> None:
    with pytest.raises(AppRegionMissingError) as caught:
        read_manifest(failed("import", type="NoRegionError", message="You must specify a region."))

    assert "AWS_DEFAULT_REGION" in caught.value.fix


def test_the_users_own_traceback_is_shown() -> None:
    traceback = 'Traceback (most recent call last):\n  File "/p/app.py", line 3, in <module>\nKeyError: 1\n'

    with pytest.raises(AppImportError) as caught:
        read_manifest(
            failed("import", type="KeyError", message="1", traceback=traceback, file="/p/app.py", line=3)
        )

    assert "KeyError: 1 at /p/app.py, line 3" in caught.value.what
    assert caught.value.why == traceback.rstrip()


@pytest.mark.parametrize(
    ("message", "shown"),
    [("Duplicate method.", "ValueError: Duplicate method at "), ("one\ntwo\n", "ValueError: one … at ")],
)
def test_a_message_fits_into_the_sentence_that_names_its_place(message: str, shown: str) -> None:
    with pytest.raises(AppImportError) as caught:
        read_manifest(failed("import", type="ValueError", message=message, file="/p/app.py", line=3))

    assert shown in caught.value.what


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


def paths(node: Any, prefix: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [prefix] if prefix else []
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        found += paths(child, (*prefix, key))
    return found


@given(path=st.sampled_from(paths(DOCUMENT)), value=json_values)
def test_no_value_anywhere_gives_anything_but_a_manifest_or_an_error_for_people(
    path: tuple[str | int, ...], value: object
) -> None:
    try:
        read_manifest(changed(*path, to=value))
    except ToolError as error:
        assert error.what


@given(kind=json_values, type_name=json_values, line=json_values)
def test_a_strange_error_document_is_still_an_error_for_people(
    kind: object, type_name: object, line: object
) -> None:
    head = {key: DOCUMENT[key] for key in ("manifest_version", "runtime", "python")}

    with pytest.raises(ToolError):
        read_manifest(json.dumps({**head, "error": {"kind": kind, "type": type_name, "line": line}}))
