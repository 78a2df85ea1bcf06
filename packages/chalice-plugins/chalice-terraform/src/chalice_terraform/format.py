"""The output format: a Terraform module beside the files that it names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from chalice_core.errors import ToolError
from chalice_core.kinds import DEPLOYMENT
from chalice_core.plugins import realisation_of
from chalice_terraform.configuration import build_configuration
from chalice_terraform.null_data import FILE as NULL_DATA_FILE
from chalice_terraform.null_data import null_data_document
from chalice_terraform.renderer import TARGET, Renderer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chalice_core.artifact import Artifact
    from chalice_core.kinds import ArtifactId, Resource
    from chalice_core.plugins import Plugins
    from chalice_core.target import FormatRequest

FILE = "chalice.tf.json"

LARGEST_UPLOAD = 50 * 1024 * 1024
"""Bytes of a package that is sent to Lambda itself ("Lambda quotas", AWS Lambda Developer Guide)."""

_WHY_NOT: Mapping[str, str] = {
    "merge_template": "Terraform reads all files of a folder: write a file of your own beside "
    f"{FILE}; blocks of a file called NAME_override.tf.json change those that are there.",
    "single_file": "Terraform reads a folder.",
    "template_format": f"Terraform reads JSON and its own language, so {FILE} is JSON.",
}


class UnsupportedOptionError(ToolError):
    """The format was given an option that it does not have."""

    code = "terraform-unsupported-option"

    def __init__(self, *, option: str, value: object) -> None:
        flag = f"--{option.replace('_', '-')}"
        given = flag if value is True else f"{flag} {value}"
        super().__init__(
            what=f"The format 'terraform' does not take {given}.",
            why=_WHY_NOT.get(option, "It has no options."),
            fix=f"Leave {flag} out, or choose another format with --pkg-format.",
        )
        self.option, self.value = option, value


class ArtifactTooLargeError(ToolError):
    """A package is larger than what Terraform can upload to Lambda."""

    code = "terraform-artifact-too-large"

    def __init__(self, *, file: str, size: int) -> None:
        super().__init__(
            what=f"{file} has {size / 1024 / 1024:.1f} MB, and Terraform uploads it in one request.",
            why=f"Lambda takes at most {LARGEST_UPLOAD // 1024 // 1024} MB that way.",
            fix='Take dependencies out, put them into a layer ("automatic_layer": true), or deploy with '
            "`chalice deploy` or the format 'cloudformation', which upload through S3.",
        )
        self.file, self.size = file, size


class TerraformFormat:
    """Writes `chalice.tf.json` and the artifacts that it uploads.

    It takes no options, but ``template_format`` may say ``json``.

    Args:
        plugins: who is asked for the renderers of kinds.
    """

    name = "terraform"
    archivable = False

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins

    def render(self, request: FormatRequest) -> Mapping[str, bytes | Path]:
        """Return the configuration, and the files to copy beside it.

        Raises:
            UnsupportedOptionError: an option was given.
            ArtifactTooLargeError: a package cannot be uploaded.
            UnrealisedKindError: no plugin renders a kind of the graph.
            ToolError: a resource cannot be expressed.
        """
        _refuse_options(request.options)
        packages = {file_name(id): _checked(id, artifact) for id, artifact in request.artifacts.items()}
        configuration = build_configuration(
            request.graph,
            renderer_of=self._renderer_of,
            file_name=file_name,
            local_values={"chalice_app": request.config.app_name, "chalice_stage": request.config.stage},
        )
        files: dict[str, bytes | Path] = {FILE: _as_json(configuration.document)}
        null_data = null_data_document(request.config)
        if null_data is not None:
            files[NULL_DATA_FILE] = _as_json(null_data)
        return {**files, **configuration.files, **packages}

    def _renderer_of(self, kind: type[Resource]) -> Renderer[Any]:
        return cast("Renderer[Any]", realisation_of(self._plugins, TARGET, kind, protocol=Renderer))


def file_name(artifact: ArtifactId) -> str:
    """Return the name under which an artifact is written: `deployment.zip`, `layer-deployment.zip`."""
    return "deployment.zip" if artifact == DEPLOYMENT else f"{artifact}-deployment.zip"


def _refuse_options(options: Mapping[str, Any]) -> None:
    for option, value in options.items():
        # None and False are how a command line says that an option was not given.
        if value is None or value is False or (option == "template_format" and value == "json"):
            continue
        raise UnsupportedOptionError(option=option, value=value)


def _checked(id: ArtifactId, artifact: Artifact) -> Path:
    if artifact.size > LARGEST_UPLOAD:
        raise ArtifactTooLargeError(file=file_name(id), size=artifact.size)
    return artifact.path


def _as_json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode()
