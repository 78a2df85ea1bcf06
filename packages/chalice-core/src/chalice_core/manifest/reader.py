"""Parsing the manifest: strict, and every surprise is a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, cast

from chalice_core.manifest.errors import MalformedManifestError, ManifestVersionError, load_error
from chalice_core.manifest.model import (
    MANIFEST_VERSION,
    App,
    AuthorizerDeclaration,
    EventDeclaration,
    Extensions,
    FunctionDeclaration,
    Manifest,
    PythonInfo,
    RouteDeclaration,
    RuntimeFile,
)

T = TypeVar("T")


def read_manifest(text: str | bytes) -> Manifest:
    """Parse a manifest.

    Keys that this version does not know are ignored, so that a runtime may
    say more without a new version.

    Args:
        text: the document; bytes are UTF-8.

    Raises:
        ManifestVersionError: it is newer than this distribution.
        AppLoadError: it says that the application cannot be imported; the subclass says how.
        MalformedManifestError: it is no manifest.
    """
    try:
        document = json.loads(text)
    # ValueError covers bad JSON and bad UTF-8; deep nesting exhausts the parser's stack.
    except (ValueError, RecursionError) as error:
        raise MalformedManifestError(problem=f"It is not JSON: {error}") from error
    root = _Node(document, "")
    version = root.integer("manifest_version")
    if version > MANIFEST_VERSION:
        # Nothing else of a newer document can be relied on.
        runtime = root.mapping.get("runtime")
        name = runtime.get("version") if isinstance(runtime, dict) else None
        raise ManifestVersionError(
            version=version, known=MANIFEST_VERSION, runtime=str(name or "(of unknown version)")
        )
    if version < 1:
        raise MalformedManifestError(
            problem=f"Its manifest_version is {version}, and there was never such a one"
        )
    if "error" in root.mapping:
        _raise_error(root.child("error"))
    package = root.child("package")
    return Manifest(
        version=version,
        runtime_version=root.child("runtime").text("version"),
        python=_python(root.child("python")),
        app=_app(root.child("app")),
        runtime_files=package.items("files", _runtime_file),
        extensions=_extensions(package.child("extensions")),
    )


class _Node:
    """A JSON object in the document, which knows where it stands."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise MalformedManifestError(
                problem=f"{path or 'The document'} should be an object and is {_kind_of(value)}"
            )
        self.mapping: dict[str, Any] = value
        self.path = path

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def take(self, key: str, types: type | tuple[type, ...], expected: str) -> Any:
        if key not in self.mapping:
            raise MalformedManifestError(problem=f"{self.at(key)} is missing")
        value = self.mapping[key]
        # JSON's true and false are Python ints; only a check for bool may take them.
        if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
            raise MalformedManifestError(
                problem=f"{self.at(key)} should be {expected} and is {_kind_of(value)}"
            )
        return value

    def text(self, key: str, default: str | None = None) -> str:
        if default is not None and key not in self.mapping:
            return default
        return cast(str, self.take(key, str, "a string"))

    def optional_text(self, key: str) -> str | None:
        return None if self.mapping.get(key) is None else self.text(key)

    def integer(self, key: str) -> int:
        return cast(int, self.take(key, int, "an integer"))

    def flag(self, key: str) -> bool:
        return cast(bool, self.take(key, bool, "true or false"))

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in choices:
            raise MalformedManifestError(
                problem=f"{self.at(key)} should be one of {', '.join(choices)} and is {value!r}"
            )
        return value

    def child(self, key: str) -> _Node:
        return _Node(self.take(key, dict, "an object"), self.at(key))

    def items(self, key: str, read: Callable[[_Node], T]) -> tuple[T, ...]:
        values = self.take(key, list, "a list")
        return tuple(read(_Node(value, f"{self.at(key)}[{index}]")) for index, value in enumerate(values))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.take(key, list, "a list")
        for index, value in enumerate(values):
            if not isinstance(value, str):
                raise MalformedManifestError(
                    problem=f"{self.at(key)}[{index}] should be a string and is {_kind_of(value)}"
                )
        return tuple(values)

    def text_mapping(self, key: str) -> Mapping[str, str]:
        node = self.child(key)
        return {name: node.text(name) for name in node.mapping}

    def options(self, key: str) -> Mapping[str, Any]:
        return self.child(key).mapping


def _kind_of(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _raise_error(node: _Node) -> None:
    line = node.mapping.get("line")
    raise load_error(
        node.text("kind"),
        type_name=node.optional_text("type") or "",
        message=node.optional_text("message") or "",
        traceback=node.optional_text("traceback") or "",
        file=node.optional_text("file"),
        line=None if line is None else node.integer("line"),
    )


def _python(node: _Node) -> PythonInfo:
    return PythonInfo(
        version=node.text("version"),
        implementation=node.text("implementation"),
        executable=node.text("executable"),
        cache_tag=node.text("cache_tag"),
    )


def _app(node: _Node) -> App:
    return App(
        name=node.text("name"),
        debug=node.flag("debug"),
        experimental_features=node.texts("experimental_features"),
        binary_types=node.texts("binary_types"),
        routes=node.items("routes", _route),
        authorizers=node.items("authorizers", _authorizer),
        functions=node.items("functions", _function),
        events=node.items("events", _event),
    )


def _route(node: _Node) -> RouteDeclaration:
    return RouteDeclaration(
        path=node.text("path"),
        method=node.text("method"),
        view_name=node.text("view_name"),
        handler=node.text("handler"),
        content_types=node.texts("content_types"),
        api_key_required=node.flag("api_key_required"),
        authorizer=node.optional_text("authorizer"),
        # A runtime of the time before this key does not write it.
        authorizer_scopes=node.texts("authorizer_scopes") if "authorizer_scopes" in node.mapping else (),
        cors=None if node.mapping.get("cors") is None else node.text_mapping("cors"),
        summary=node.text("summary", ""),
        description=node.text("description", ""),
    )


def _authorizer(node: _Node) -> AuthorizerDeclaration:
    kind = node.choice("kind", ("builtin", "custom", "cognito", "iam"))
    return AuthorizerDeclaration(
        name=node.text("name"),
        kind=cast(Literal["builtin", "custom", "cognito", "iam"], kind),
        options=node.options("options"),
    )


def _function(node: _Node) -> FunctionDeclaration:
    kind = node.choice("kind", ("pure", "event", "authorizer"))
    return FunctionDeclaration(
        name=node.text("name"),
        handler=node.text("handler"),
        kind=cast(Literal["pure", "event", "authorizer"], kind),
    )


def _event(node: _Node) -> EventDeclaration:
    return EventDeclaration(
        source=node.text("source"),
        decorator=node.text("decorator"),
        function=node.text("function"),
        options=node.options("options"),
    )


def _runtime_file(node: _Node) -> RuntimeFile:
    archive = node.text("archive")
    # The name becomes a member of an archive; it must not leave it.
    if {"", ".", ".."} & set(archive.split("/")) or "\\" in archive or ":" in archive:
        raise MalformedManifestError(problem=f"{node.at('archive')} is no relative name: {archive!r}")
    return RuntimeFile(archive=archive, path=node.text("path"), distribution=node.text("distribution"))


def _extensions(node: _Node) -> Extensions:
    pairs = node.items("distributions", lambda item: (item.text("name"), item.text("version")))
    return Extensions(
        decorators=node.text_mapping("decorators"),
        exports=node.text_mapping("exports"),
        # A runtime of the time before this key does not write it.
        attributes=node.text_mapping("attributes") if "attributes" in node.mapping else {},
        distributions=dict(pairs),
    )
