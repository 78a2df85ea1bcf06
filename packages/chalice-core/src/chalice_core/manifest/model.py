"""What an application declares, as typed objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

MANIFEST_VERSION = 1
"""The newest version of the document that this module reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDeclaration:
    """One method of one route, as ``@app.route`` recorded it.

    Args:
        cors: the CORS headers to answer with, or None.
        handler: ``module.function`` of the view; only for people to read.
        authorizer: name of the authorizer that admits callers, or None.
        authorizer_scopes: what it asks of a caller besides.
    """

    path: str
    method: str
    view_name: str
    handler: str
    content_types: tuple[str, ...]
    api_key_required: bool
    authorizer: str | None
    cors: Mapping[str, str] | None
    summary: str
    description: str
    authorizer_scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizerDeclaration:
    """An authorizer that routes name, exactly as the application wrote it.

    Args:
        name: what routes call it; two declarations of one name contradict each other.
        kind: ``builtin`` is a function of the application, ``custom`` one of another's.
        options: JSON values.  ``builtin``: function (its logical name, or None when it is none of this
            application), ttl_seconds, execution_role, header.  ``custom``: authorizer_uri, ttl_seconds,
            header, invoke_role_arn.  ``cognito``: provider_arns, header.  ``iam``: none.
    """

    name: str
    kind: Literal["builtin", "custom", "cognito", "iam"]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDeclaration:
    """A function that is deployed beside the REST handler.

    Args:
        name: the logical name.
        handler: ``module.function``.
        kind: what calls it: nothing of the application (``pure``), an event, or API Gateway as an authorizer.
    """

    name: str
    handler: str
    kind: Literal["pure", "event", "authorizer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDeclaration:
    """An event that invokes a function, exactly as its decorator recorded it.

    Args:
        source: the family's key, ``sqs``.
        decorator: what the user wrote, ``on_sqs_message``.
        function: logical name of the function that receives it.
        options: the decorator's options with their defaults, JSON values.
    """

    source: str
    decorator: str
    function: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What the application declares."""

    name: str
    debug: bool = False
    experimental_features: tuple[str, ...] = ()
    binary_types: tuple[str, ...] = ()
    routes: tuple[RouteDeclaration, ...] = ()
    authorizers: tuple[AuthorizerDeclaration, ...] = ()
    functions: tuple[FunctionDeclaration, ...] = ()
    events: tuple[EventDeclaration, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonInfo:
    """The interpreter that runs the application.

    Args:
        version: ``3.11.7``.
        executable: its path.
        cache_tag: ``cpython-311``, the tag in the names of its bytecode files.
    """

    version: str
    implementation: str
    executable: str
    cache_tag: str

    @property
    def lambda_runtime(self) -> str:
        """Lambda's identifier for this Python, ``python3.11``."""
        return "python" + ".".join(self.version.split(".")[:2])


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeFile:
    """A file of a runtime half that goes into the deployment package.

    Args:
        archive: its name there, with forward slashes.
        path: where it is now, absolute.
        distribution: who it belongs to, ``chalice-sqs``.
    """

    archive: str
    path: str
    distribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """The plugin names that the application uses, frozen into the package for Lambda.

    Args:
        decorators: decorator name to ``module:NAME``.
        exports: exported name to ``module:NAME``.
        attributes: name of an application's attribute to ``module:NAME`` of what makes it.
        distributions: names to versions of the distributions behind them.
    """

    decorators: Mapping[str, str] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    distributions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A whole manifest of an application that could be imported."""

    version: int
    runtime_version: str
    python: PythonInfo
    app: App
    runtime_files: tuple[RuntimeFile, ...]
    extensions: Extensions
