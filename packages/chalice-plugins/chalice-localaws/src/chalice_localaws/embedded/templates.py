"""CloudFormation templates: what AWS does to them before it creates anything.

The transform of AWS SAM is done by AWS's own translator.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import boto3
from moto.iam.models import iam_backends

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["TemplateError", "check_types", "creation_order", "processed"]

_SAM = "AWS::Serverless-2016-10-31"
_IN_SUB = re.compile(r"\$\{([^!}][^}]*)\}")


class TemplateError(Exception):
    """AWS would refuse the template, or something in it is not emulated."""


def processed(
    template: Mapping[str, Any], *, account_id: str, region: str, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the template that the resources are made from.

    Args:
        template: as it was sent, parsed.
        account_id: whose stack it is.
        region: of the stack.
        parameters: values that were given.

    Raises:
        TemplateError: a transform fails or is not emulated, or the template is none.
    """
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        raise TemplateError("Template format error: At least one Resources member must be defined.")
    document = copy.deepcopy(dict(template))
    asked = document.pop("Transform", [])
    for name in asked if isinstance(asked, list) else [asked]:
        if name != _SAM:
            raise TemplateError(f"The transform {name!r} is not emulated on this machine.")
        document = _serverless(document, account_id, region, parameters)
    result: dict[str, Any] = _with_lists(document)
    return result


def check_types(template: Mapping[str, Any], known: Callable[[str], bool]) -> None:
    """See that all resources can be created.

    Raises:
        TemplateError: names those that cannot.
    """
    types = {name: str(resource.get("Type")) for name, resource in template["Resources"].items()}
    unknown = sorted({type for type in types.values() if not known(type)})
    if unknown:
        raise TemplateError(
            f"Template format error: Unrecognized resource types: [{', '.join(unknown)}] "
            "(they are not emulated on this machine)"
        )


def creation_order(template: Mapping[str, Any]) -> list[str]:
    """Return the logical ids of the resources, each behind those that it needs.

    Raises:
        TemplateError: they need each other, or one that is not there.
    """
    resources = template["Resources"]
    others = {*template.get("Parameters", {}), *template.get("Conditions", {}), *template.get("Mappings", {})}
    order: list[str] = []
    under_way: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        if name in under_way:
            circle = ", ".join(under_way[under_way.index(name) :])
            raise TemplateError(f"Circular dependency between resources: [{circle}]")
        under_way.append(name)
        for needed in _needs(resources[name]):
            if needed in resources:
                visit(needed)
            elif needed not in others and not needed.startswith("AWS::"):
                raise TemplateError(
                    "Template format error: Unresolved resource dependencies "
                    f"[{needed}] in the Resources block of the template"
                )
        under_way.pop()
        order.append(name)

    for name in resources:
        visit(name)
    return order


def _needs(resource: Mapping[str, Any]) -> list[str]:
    after = resource.get("DependsOn", [])
    named = [after] if isinstance(after, str) else list(after)
    return [*named, *_references(resource.get("Properties", {}))]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function == "Ref" and isinstance(argument, str):
                yield argument
                return
            if function == "Fn::GetAtt" and isinstance(argument, list):
                yield str(argument[0])
                yield from _references(argument[1:])
                return
            if function == "Fn::Sub":
                yield from _in_sub(argument)
                return
        for item in value.values():
            yield from _references(item)


def _in_sub(argument: Any) -> Iterator[str]:
    text, names = (argument[0], argument[1]) if isinstance(argument, list) else (argument, {})
    yield from _references(names)
    for found in _IN_SUB.findall(text):
        name = found.strip()
        if name not in names:
            yield name.partition(".")[0]


def _with_lists(value: Any) -> Any:
    """Return a template in which ``Fn::GetAtt`` has a list, whichever form it had."""
    if isinstance(value, list):
        return [_with_lists(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and isinstance(value.get("Fn::GetAtt"), str):
        name, _, attribute = value["Fn::GetAtt"].partition(".")
        return {"Fn::GetAtt": [name, attribute]}
    return {key: _with_lists(item) for key, item in value.items()}


def _serverless(
    document: dict[str, Any], account_id: str, region: str, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    # Takes a second to import.
    from samtranslator.model.exceptions import InvalidDocumentException  # type: ignore[import-untyped]
    from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
    from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]

    managed: Sequence[Any] = list(iam_backends[account_id]["aws"].managed_policies.values())
    translator = Translator(
        {policy.name: policy.arn for policy in managed},
        Parser(),
        boto_session=boto3.Session("embedded", "embedded", region_name=region),
    )
    try:
        translated: dict[str, Any] = translator.translate(document, dict(parameters))
    except InvalidDocumentException as error:
        causes = " ".join(cause.message for cause in error.causes)
        raise TemplateError(f"Transform {_SAM} failed with: {error.message} {causes}") from error
    return translated
