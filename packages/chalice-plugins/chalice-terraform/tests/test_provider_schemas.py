"""What is written fits the schemas of the AWS provider, of both its current major versions.

The schemas come from wheels of the package index that were generated from
them; they are downloaded once and kept in pytest's cache.  They do not say
what is deprecated, so that is a table here.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Configuration = Mapping[str, Any]

PACKAGE = "cdktf-cdktf-provider-aws"
# The wheel's version, and the provider's that it was generated from.
WHEELS = {"20.1.0": "5.100.0", "21.22.1": "6.25.0"}

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


@pytest.fixture(scope="module", params=WHEELS.items(), ids=lambda item: f"provider {item[1]}")
def schema(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """The attributes of every resource and data source of one version of the provider."""
    wheel, provider = request.param
    folder = Path(request.config.cache.mkdir("terraform-schemas"))
    kept = folder / f"aws-{provider}.json"
    if not kept.exists():
        read = read_schema(download(wheel, folder), provider)
        kept.write_text(json.dumps(read), encoding="utf-8")
    found: Mapping[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def download(version: str, folder: Path) -> bytes:
    command = ["download", "--quiet", "--no-deps", "--dest", str(folder), f"{PACKAGE}=={version}"]
    done = subprocess.run([sys.executable, "-m", "pip", *command], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(
            f"{PACKAGE} {version} cannot be downloaded, so its schema is unknown: {done.stderr[-300:]}"
        )
    (path,) = folder.glob(f"*-{version}-*.whl")
    content = path.read_bytes()
    # The wheel is large, and what is needed of it is kept apart.
    path.unlink()
    return content


def read_schema(wheel: bytes, provider: str) -> dict[str, Any]:
    """Return ``{type: {"arguments": …, "attributes": […]}}``, types of data sources with ``data.`` before."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(archive.read(name))) as bundle:
            member = bundle.extractfile("package/.jsii")
            assert member is not None
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
                "attributes": sorted({*map(snake_case, given), *arguments, "id"}),
            }
    assert "aws_lambda_function" in found
    return found


def snake_case(name: str) -> str:
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
        yield link[1] if link else snake_case(each["name"]), argument


def _sort(given: Mapping[str, Any]) -> tuple[str, str]:
    """Return what sort of value an argument takes, and the type of its blocks."""
    if "primitive" in given:
        return given["primitive"], ""
    if "collection" in given:
        return given["collection"]["kind"], _sort(given["collection"]["elementtype"])[1]
    if "union" in given:
        sorts = [_sort(each) for each in given["union"]["types"]]
        sorts = [each for each in sorts if not each[1].endswith("IResolvable")]
        return next((each for each in sorts if each[1]), sorts[0])
    return "block", given["fqn"]


def problems_of(document: Configuration, schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the provider would refuse or warn of."""
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


def _of_expression(expression: str, document: Configuration, schema: Mapping[str, Any]) -> Iterator[str]:
    for data, type, name, attribute in REFERENCE.findall(expression):
        if name not in document["data" if data else "resource"].get(type, {}):
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


def test_everything_that_is_written_is_known_to_the_provider(
    schema: Mapping[str, Any],
    every_application: Mapping[str, tuple[Any, ...]],
    configuration_of: Callable[..., dict[str, Any]],
) -> None:
    # What the examples expect to be in other files.
    elsewhere: Mapping[str, Mapping[str, Any]] = {
        "aws_cognito_user_pool": {"own": {}},
        "aws_lambda_function": {"elsewhere": {}},
        "aws_s3_bucket": {"own": {}},
        "aws_subnet": {"own": {}},
    }
    found = {}
    for name, resources in every_application.items():
        document = configuration_of(*resources)
        problems = list(problems_of(document, schema))
        for type, blocks in elsewhere.items():
            document["resource"].setdefault(type, {}).update(blocks)
        problems = [each for each in problems if each in [*problems_of(document, schema)]]
        if problems:
            found[name] = problems

    assert found == {}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"colour": "blue"}, "there is no argument colour"),
        ({"memory_size": "much"}, "memory_size: a number is required"),
        ({"function_name": None}, "function_name is required"),
        ({"vpc_config": {"subnet_ids": []}}, "security_group_ids is required"),
        ({"role": "${aws_iam_role.nobody.arn}"}, "refers to what is not there"),
        ({"role": "${aws_iam_role.default-role.colour}"}, "has no attribute colour"),
        ({"description": "${data.aws_region.chalice.name}"}, "name is deprecated"),
        ({"replace_security_groups_on_destroy": True}, "replace_security_groups_on_destroy is deprecated"),
        ({"depends_on": ["aws_iam_role.nobody"]}, "waits for aws_iam_role.nobody"),
    ],
)
def test_mistakes_are_found(
    schema: Mapping[str, Any],
    parts: Any,
    configuration_of: Callable[..., dict[str, Any]],
    change: Mapping[str, Any],
    problem: str,
) -> None:
    document = configuration_of(parts.role, parts.function("add"))
    body = {**document["resource"]["aws_lambda_function"]["add"], **change}
    document["resource"]["aws_lambda_function"]["add"] = {k: v for k, v in body.items() if v is not None}

    assert problem in " ".join(problems_of(document, schema))
