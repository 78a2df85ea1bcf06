"""The output format: a SAM template beside the files that it names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from chalice_core.errors import ToolError
from chalice_core.kinds import DEPLOYMENT
from chalice_core.plugins import realisation_of
from chalice_sam.limits import LARGEST_TEMPLATE, check_limits
from chalice_sam.merge import is_yaml, merged, read_template
from chalice_sam.renderer import TARGET, Renderer
from chalice_sam.template import build_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import ArtifactId, Resource
    from chalice_core.plugins import Plugins
    from chalice_core.target import FormatRequest

OPTIONS = ("merge_template", "template_format")
TEMPLATE_FORMATS = ("json", "yaml")


class UnknownOptionError(ToolError):
    """The format was given an option that it does not have."""

    code = "sam-unknown-option"

    def __init__(self, *, option: str) -> None:
        super().__init__(
            what=f"The format 'cloudformation' has no option {option!r}.",
            why=f"Its options are: {', '.join(OPTIONS)}.",
            fix="Leave it out, or choose another format with --pkg-format.",
        )
        self.option = option


class TemplateFormatError(ToolError):
    """A template was asked for in a form that there is not."""

    code = "sam-template-format"

    def __init__(self, *, given: object) -> None:
        super().__init__(
            what=f"There is no template format {given!r}.",
            fix=f"Choose one of: {', '.join(TEMPLATE_FORMATS)}.",
        )
        self.given = given


class SamFormat:
    """Writes `sam.json` (or `sam.yaml`) and the artifacts that it uploads.

    Options of a request: ``merge_template``, a file that is merged into the
    template and wins; ``template_format``, ``json`` (default) or ``yaml``.

    Args:
        plugins: who is asked for the renderers of kinds.
    """

    name = "cloudformation"
    target = TARGET

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins

    def render(self, request: FormatRequest) -> Mapping[str, bytes | Path]:
        """Return the template, and the artifacts to copy beside it.

        Raises:
            UnknownOptionError: an option is not one of this format's.
            UnrealisedKindError: no plugin renders a kind of the graph.
            TemplateLimitError: CloudFormation would refuse the template, it has too much in it.
            ToolError: a resource cannot be expressed, or the template to merge cannot be read.
        """
        merge, as_yaml = _options(request.options)
        template = build_template(request.graph, renderer_of=self._renderer_of, file_name=file_name)
        if merge is not None:
            template = merged(template, read_template(merge))
        name, content = ("sam.yaml", _as_yaml(template)) if as_yaml else ("sam.json", _as_json(template))
        check_limits(template, len(content))
        files: dict[str, bytes | Path] = {name: content}
        files.update({file_name(id): artifact.path for id, artifact in request.artifacts.items()})
        return files

    def _renderer_of(self, kind: type[Resource]) -> Renderer[Any]:
        return cast("Renderer[Any]", realisation_of(self._plugins, TARGET, kind, protocol=Renderer))


def file_name(artifact: ArtifactId) -> str:
    """Return the name under which an artifact is written: `deployment.zip`, `layer-deployment.zip`."""
    return "deployment.zip" if artifact == DEPLOYMENT else f"{artifact}-deployment.zip"


def _options(options: Mapping[str, Any]) -> tuple[Path | None, bool]:
    for option, value in options.items():
        # None is how a command line says that an option was not given.
        if option not in OPTIONS and value is not None:
            raise UnknownOptionError(option=option)
    form = options.get("template_format") or "json"
    if form not in TEMPLATE_FORMATS:
        raise TemplateFormatError(given=form)
    merge = options.get("merge_template")
    path = None if merge is None else Path(merge)
    # Who extends a template in YAML reads YAML.
    return path, form == "yaml" or (path is not None and is_yaml(path))


def _as_json(template: Mapping[str, Any]) -> bytes:
    content = (json.dumps(template, indent=2) + "\n").encode()
    if len(content) <= LARGEST_TEMPLATE:
        return content
    # What people read at their ease is a third white space; CloudFormation counts that, too.
    return (json.dumps(template, separators=(",", ":")) + "\n").encode()


def _as_yaml(template: Mapping[str, Any]) -> bytes:
    from chalice_sam.yaml_template import dump

    return dump(template).encode()
