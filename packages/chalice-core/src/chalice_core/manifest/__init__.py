"""The app manifest: what an application declares, as its app host wrote it down.

The document is JSON with a version; docs/design/processes.md describes it.
`read_manifest` is the one place that parses it.  Everything behind it works
with the typed objects of this package.
"""

from chalice_core.manifest.errors import (
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
)
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
from chalice_core.manifest.reader import read_manifest

__all__ = [
    "MANIFEST_VERSION",
    "App",
    "AppExitedError",
    "AppImportError",
    "AppLoadError",
    "AppMissingError",
    "AppModuleMissingError",
    "AppRegionMissingError",
    "AppSyntaxError",
    "AuthorizerDeclaration",
    "EventDeclaration",
    "Extensions",
    "FunctionDeclaration",
    "MalformedManifestError",
    "Manifest",
    "ManifestVersionError",
    "NoAppError",
    "NotChaliceError",
    "PythonInfo",
    "RouteDeclaration",
    "RuntimeFile",
    "read_manifest",
]
