"""Templates in YAML, with CloudFormation's tags.

Needs PyYAML, which comes with ``chalice-sam[yaml]``.  Tags: "Intrinsic
function reference", AWS CloudFormation Template Reference.
"""

from __future__ import annotations

from typing import Any

from chalice_core.errors import ToolError


class YamlMissingError(ToolError):
    """YAML was asked for and no parser is installed."""

    code = "sam-yaml-missing"

    def __init__(self) -> None:
        super().__init__(
            what="Templates in YAML cannot be read or written here.",
            why="The package PyYAML is not installed.",
            fix="Install chalice-sam[yaml] beside the chalice command, or use JSON.",
        )


try:
    import yaml
except ImportError as error:
    raise YamlMissingError from error


class _Loader(yaml.SafeLoader):
    """Understands the short forms of intrinsic functions, and takes dates for text.

    What looks like a date in a template is the version of a policy or of the format.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - the base class has it as a plain attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class _Dumper(yaml.SafeDumper):
    """Writes what CloudFormation reads, which knows no aliases ("Template format", its User Guide)."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - no data may have one
        """Write what is there twice twice."""
        return True


def load(text: str) -> Any:
    """Parse a template; ``!Ref X`` becomes ``{"Ref": "X"}`` and so on.

    Raises:
        ValueError: the text is not YAML; the message says where.
    """
    try:
        # The loader is a SafeLoader that makes mappings, lists and scalars of tags, never objects.
        return yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def dump(template: Any) -> str:
    """Return a template as YAML, in the order of its keys."""
    text: str = yaml.dump(template, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    return text


def _construct(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            # The short form joins both arguments with a dot; the attribute may have dots of its own.
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has three kinds of nodes
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # Code of several lines is there to be read.
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)
# The YAML library is not annotated for subclasses of its loaders.
_Loader.add_multi_constructor("!", _construct)
