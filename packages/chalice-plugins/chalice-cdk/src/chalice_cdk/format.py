"""The output format: a CDK app around the SAM template, complete and without further tools of Chalice."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from chalice_cdk.assets import local_files, with_parameters
from chalice_core.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chalice_core.plugins import Plugins
    from chalice_core.target import FormatRequest, OutputFormat

SAM = "cloudformation"
TEMPLATE = "sam.json"
YAML_TEMPLATE = "sam.yaml"

_APP = '''\
"""A CDK app for a Chalice application: `cdk deploy` in this folder deploys it.

`chalice package` wrote it and writes it anew each time.  To make the application a part of a CDK app of
your own, use the construct `chalice_cdk.Chalice`.
"""

from pathlib import Path

import aws_cdk
from aws_cdk.aws_s3_assets import Asset
from aws_cdk.cloudformation_include import CfnInclude

HERE = Path(__file__).resolve().parent
STACK = {stack}
# Archives to upload, and the parameters of the template for their buckets and keys.
ARCHIVES = {archives}


class Application(aws_cdk.Stack):
    """All resources of the application."""

    def __init__(self, scope, id, **options):
        super().__init__(scope, id, **options)
        places = {{}}
        for name, (bucket, key) in ARCHIVES.items():
            asset = Asset(self, name.replace(".", "-"), path=str(HERE / name))
            places[bucket] = asset.s3_bucket_name
            places[key] = asset.s3_object_key
        self.template = CfnInclude(
            self, "ChaliceApp", template_file=str(HERE / "{template}"), parameters=places
        )


app = aws_cdk.App()
Application(app, STACK)
app.synth()
'''

_SETTINGS = {"app": "python app.py", "output": "cdk.out"}
REQUIREMENTS = "aws-cdk-lib>=2.100,<3\nconstructs>=10,<11\n"


class CdkTemplateFormatError(ToolError):
    """The template of the CDK app was asked for in another form."""

    code = "cdk-template-format"

    def __init__(self, *, given: object) -> None:
        super().__init__(
            what=f"The format 'cdk' writes no template in the form {given!r}.",
            why="The CDK app that it writes includes a template in JSON.",
            fix="Leave --template-format out; a template in YAML is what the format 'cloudformation' writes.",
        )
        self.given = given


class SamFormatMissingError(ToolError):
    """The format that writes the template is not there."""

    code = "cdk-sam-missing"

    def __init__(self) -> None:
        super().__init__(
            what="The format 'cdk' needs the format 'cloudformation', which no plugin offers.",
            why="The CDK app that it writes includes a SAM template.",
            fix="Install chalice-sam (`pip install chalice-sam`) where the tools are installed, or unblock "
            "its plugin; `chalice plugins` lists what is there.",
        )


class CdkFormat:
    """Writes a CDK app: `app.py`, `cdk.json`, `requirements.txt`, the template and its archives.

    Options of a request: ``merge_template``, as the format ``cloudformation`` has it.

    Args:
        plugins: who is asked for that format.
    """

    name = "cdk"
    # Whose renderers write the template.
    target = "sam"

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins

    def render(self, request: FormatRequest) -> Mapping[str, bytes | Path]:
        """Return the app.

        Raises:
            CdkTemplateFormatError: the template is to be in another form than JSON.
            SamFormatMissingError: no plugin offers the format of the template.
            ToolError: the template cannot be written.
        """
        if request.options.get("template_format") not in (None, "json"):
            raise CdkTemplateFormatError(given=request.options["template_format"])
        files = dict(self._sam().render(request))
        template = _taken_from(files)
        stack = stack_name(f"{request.config.app_name}-{request.config.stage}")
        archives = {file.name: (file.bucket, file.key) for file in local_files(template)}
        app = _APP.format(stack=_quoted(stack), archives=_table(archives), template=TEMPLATE)
        return {
            **files,
            TEMPLATE: _json(with_parameters(template)),
            "app.py": app.encode(),
            "cdk.json": _json(_SETTINGS),
            "requirements.txt": REQUIREMENTS.encode(),
        }

    def _sam(self) -> OutputFormat:
        from chalice_core.plugins import collect_named

        offered: Mapping[str, OutputFormat] = collect_named(
            self._plugins, "chalice_output_formats", thing="output format"
        )
        if SAM not in offered:
            raise SamFormatMissingError
        return offered[SAM]


def stack_name(name: str) -> str:
    """Return a name that CloudFormation takes for a stack: letters, digits and ``-``, a letter first.

    Source: ``StackName`` of ``CreateStack``, AWS CloudFormation API Reference.
    """
    name = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
    return name if name[:1].isalpha() else f"app-{name}"


def _taken_from(files: dict[str, bytes | Path]) -> dict[str, Any]:
    """Take the template out of what the other format wrote; after a merge with YAML it is YAML."""
    name = TEMPLATE if TEMPLATE in files else YAML_TEMPLATE
    content = files.pop(name)
    text = content if isinstance(content, bytes) else content.read_bytes()
    template: dict[str, Any]
    if name == TEMPLATE:
        template = json.loads(text)
    else:
        # Whoever wrote it has PyYAML.
        import yaml

        template = yaml.safe_load(text)
    return template


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()


def _quoted(text: str) -> str:
    return json.dumps(text)


def _table(archives: Mapping[str, tuple[str, str]]) -> str:
    rows = (
        f"    {_quoted(name)}: ({_quoted(bucket)}, {_quoted(key)}),\n"
        for name, (bucket, key) in archives.items()
    )
    return "{\n" + "".join(rows) + "}"
