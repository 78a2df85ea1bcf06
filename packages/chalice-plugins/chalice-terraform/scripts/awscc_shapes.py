"""Writes ``awscc_shapes.json``: which properties of CloudFormation's types hold documents and maps.

Run it with cfn-lint installed, which brings the schemas of the registry; the
table has to be made anew only for types that are younger than it.

    python scripts/awscc_shapes.py > src/chalice_terraform/awscc_shapes.json

With names of types it writes their entries alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

REGION = "us-east-1"


def types() -> list[str]:
    """Return the types of AWS that there are schemas of."""
    return sorted(
        name for name in PROVIDER_SCHEMA_MANAGER.get_resource_types(REGION) if name.startswith("AWS::")
    )


def shapes_of(name: str) -> dict[str, str]:
    """Return ``document`` or ``map`` by path of a type's property; ``*`` stands for the keys of a map."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, name).schema
    return dict(sorted(_properties(schema, schema, "", ())))


def _properties(
    holder: Mapping[str, Any], schema: Mapping[str, Any], path: str, seen: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for name, each in holder.get("properties", {}).items():
        yield from _shape(each, schema, f"{path}/{name}" if path else name, seen)


def _shape(
    each: Mapping[str, Any], schema: Mapping[str, Any], path: str, seen: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    while "$ref" in each:
        reference = each["$ref"]
        if reference in seen:
            # A definition that holds itself; the provider, too, follows it only so far.
            return
        seen = (*seen, reference)
        node: Any = schema
        for part in reference.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        each = node
    kinds = each.get("type", "object" if "properties" in each or "patternProperties" in each else None)
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "array" in kinds:
        yield from _shape(each.get("items", {}), schema, path, seen)
    elif "object" in kinds and (patterns := each.get("patternProperties")):
        yield path, "map"
        # The provider takes the first pattern.
        yield from _shape(patterns[min(patterns)], schema, f"{path}/*", seen)
    elif "object" in kinds and ("string" in kinds or not each.get("properties")):
        # What may be text as well is a document whatever else is said of it.
        yield path, "document"
    elif "object" in kinds:
        yield from _properties(each, schema, path, seen)


if __name__ == "__main__":
    found = {name: shapes_of(name) for name in sys.argv[1:] or types()}
    lines = [f"  {json.dumps(name)}: {json.dumps(paths)}" for name, paths in found.items() if paths]
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")
