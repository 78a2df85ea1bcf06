"""How the provider ``awscc`` spells what CloudFormation knows.

The provider is generated from the schemas of CloudFormation's registry by
rules: names become snake_case, an object that the schema does not describe
becomes text with a JSON document in it, and the keys of a map stay as they
are.  Which properties are documents and maps is in ``awscc_shapes.json``,
made from those schemas by ``scripts/awscc_shapes.py``; in types that are not
there every object is taken as described.

Sources: "AWS Cloud Control Provider", Terraform Registry; "Resource type schema", CloudFormation CLI User
Guide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from chalice_terraform.expressions import template

if TYPE_CHECKING:
    from chalice_terraform.renderer import Scope

_TYPE = re.compile(r"AWS::([A-Za-z0-9]{2,64})::([A-Za-z0-9]{2,64})")
# Where a word begins: after small letters, around digits, and before the last capital of several.
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])|(?<=[A-Z])(?=[A-Z][a-z])", re.ASCII)
_ONE_WORD = {
    "CloudFormation": "Cloudformation",
    "CloudFront": "Cloudfront",
    "CloudWatch": "Cloudwatch",
    "FSx": "Fsx",
}
_DOCUMENT, _MAP = "document", "map"


def type_of(type: str) -> str | None:
    """Return the provider's name for a type, None when there can be none.

    >>> type_of("AWS::IoT::TopicRule"), type_of("AWS::ApiGatewayV2::VpcLink"), type_of("Custom::Mine")
    ('awscc_iot_topic_rule', 'awscc_apigatewayv2_vpc_link', None)
    """
    found = _TYPE.fullmatch(type)
    return None if found is None else f"awscc_{found[1].lower()}_{snake_case(found[2])}"


def attribute_of(type: str, name: str) -> str:
    """Return the provider's name for a property or attribute of a resource, ``Outputs.Arn`` included.

    >>> attribute_of("AWS::IoT::TopicRule", "Arn"), attribute_of("AWS::EC2::VPC", "Id")
    ('arn', 'vpc_id')
    """
    first, *others = (snake_case(part) for part in name.split("."))
    if first == "id":
        # The provider's own `id` is the primary identifier.
        first = f"{snake_case(type.rpartition('::')[2])}_id"
    elif first == "provider":
        first = "provider_name"
    return ".".join((first, *others))


def snake_case(name: str) -> str:
    """Return the provider's spelling of a name.

    >>> snake_case("TopicRulePayload"), snake_case("S3Bucket"), snake_case("SSEType")
    ('topic_rule_payload', 's3_bucket', 'sse_type')
    """
    for apart, together in _ONE_WORD.items():
        name = name.replace(apart, together)
    return re.sub(r"[^a-z0-9]", "_", _WORD.sub("_", name).lower())


def arguments_of(type: str, properties: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """Return the arguments of a resource.

    Args:
        type: ``AWS::IoT::TopicRule``.
        properties: as templates have them, with values in place of intrinsic functions.
        scope: spells the values.
    """
    shapes = _shapes().get(type, {})
    return {
        attribute_of(type, name): _argument(value, name, shapes, scope) for name, value in properties.items()
    }


def _argument(value: Any, path: str, shapes: Mapping[str, str], scope: Scope) -> Any:
    shape = shapes.get(path)
    if isinstance(value, Mapping):
        if shape == _DOCUMENT:
            return scope.json(value)
        if shape == _MAP:
            return {
                template([key]): _argument(each, f"{path}/*", shapes, scope) for key, each in value.items()
            }
        return {
            snake_case(key): _argument(each, f"{path}/{key}", shapes, scope) for key, each in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_argument(each, path, shapes, scope) for each in value]
    return scope.spell(value)


@cache
def _shapes() -> Mapping[str, Mapping[str, str]]:
    text = (files("chalice_terraform") / "awscc_shapes.json").read_text(encoding="utf-8")
    shapes: Mapping[str, Mapping[str, str]] = json.loads(text)
    return shapes
