"""The resources of boto3: ``boto3.resource("dynamodb").Table("orders").put_item()``.

What they have and call is in boto3's own resource models.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from chalice_deploy.policies import models, services
from chalice_deploy.policies.atoms import (
    NOTHING,
    UNKNOWN,
    Arguments,
    Client,
    Method,
    ResourceObject,
    Str,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from chalice_deploy.policies.expressions import Expressions

_SLICES = frozenset({"all", "filter", "limit", "page_size", "pages"})

# Methods that boto3 writes by hand beside the model ("Resources", boto3 documentation): the operation, and
# which parameters the resource gives.
_BY_HAND: Mapping[tuple[str, str, str], str] = {
    ("dynamodb", "Table", "batch_writer"): "BatchWriteItem",
    ("ec2", "", "create_tags"): "CreateTags",
    ("ec2", "Instance", "create_tags"): "CreateTags",
    ("ec2", "Instance", "delete_tags"): "DeleteTags",
}
_FILES = frozenset(name for name in services.TRANSFERS if name != "generate_presigned_post")


@cache
def _names(service: str, type: str) -> Mapping[str, tuple[str, Any]]:
    """Return attribute name to what it is, of a type of resource: its kind and its part of the model."""
    from botocore import xform_name

    model = models.resource_model(service)
    own = model.get("service", {}) if not type else model.get("resources", {}).get(type, {})
    found: dict[str, tuple[str, Any]] = {}
    members = models.service_model(service).get("shapes", {}).get(own.get("shape"), {}).get("members", {})
    if "load" in own:
        found |= {xform_name(name): ("data", own["load"]) for name in members}
        found |= {"load": ("load", own["load"]), "reload": ("load", own["load"])}
    elif (service, type) == ("s3", "Bucket"):
        # boto3 loads a bucket, for its one date, by listing all of them.
        listing = {"request": {"operation": "ListBuckets"}}
        found |= {"creation_date": ("data", listing), "load": ("load", listing), "reload": ("load", listing)}
    elif (service, type) == ("s3", "ObjectSummary"):
        head = {"request": model["resources"]["Object"]["load"]["request"]}
        found |= {"load": ("load", head), "reload": ("load", head)}
    for identifier in own.get("identifiers", ()):
        found[xform_name(identifier["name"])] = ("identifier", identifier["name"])
    for name, part in own.get("actions", {}).items():
        found[xform_name(name)] = ("action", part)
    for name in own.get("hasMany", {}):
        found[xform_name(name)] = ("many", name)
    for name, part in own.get("waiters", {}).items():
        found[f"wait_until_{xform_name(name)}"] = ("waiter", part)
    has = dict(own.get("has", {}))
    if not type:
        # The service itself has every type of resource, whether its part of the model says so or not.
        named = {part["resource"]["type"] for part in has.values()}
        for name, other in model.get("resources", {}).items():
            if name not in named:
                inputs = [{"target": one["name"], "source": "input"} for one in other.get("identifiers", ())]
                has[name] = {"resource": {"type": name, "identifiers": inputs}}
    for name, part in has.items():
        by_data = any(one["source"] == "data" for one in part["resource"].get("identifiers", ()))
        found[xform_name(name) if by_data else name] = ("one" if by_data else "new", part)
    return found


def attribute(frame: Expressions, owner: ResourceObject, name: str, node: ast.AST) -> Value:
    """Return an attribute of a resource, and record what reading it calls."""
    if "." in owner.type:
        return frozenset({Method(owner, name)})
    kind, part = _names(owner.service, owner.type).get(name, ("", None))
    if kind == "identifier":
        return dict(owner.identifiers).get(part) or UNKNOWN
    if kind == "data":
        _request(frame, owner, part["request"], Arguments(), node, name)
        return UNKNOWN
    if kind == "many":
        model = _model(owner)["hasMany"][part]
        _request(frame, owner, model["request"], Arguments(), node, name)
        return frozenset(
            {ResourceObject(owner.service, f"{owner.type}.{part}", owner.identifiers, owner.place)}
        )
    if kind == "one":
        return _related(owner, part["resource"], Arguments(), None)
    if not kind and name != "meta" and not _by_hand(owner, name):
        return UNKNOWN
    return frozenset({Method(owner, name)})


def elements(owner: ResourceObject) -> Value:
    """Return what iterating over a collection gives."""
    parent, dot, collection = owner.type.partition(".")
    if not dot:
        return UNKNOWN
    plain = ResourceObject(owner.service, parent, owner.identifiers, owner.place)
    return _related(plain, _model(plain)["hasMany"][collection]["resource"], Arguments(), None)


def call(frame: Expressions, owner: ResourceObject, name: str, arguments: Arguments, node: ast.AST) -> Value:
    """Return what a method of a resource can return, and record what it calls."""
    if "." in owner.type:
        return _call_collection(frame, owner, name, arguments, node)
    kind, part = _names(owner.service, owner.type).get(name, ("", None))
    if kind == "new":
        return _related(owner, part["resource"], arguments, None)
    if kind == "action":
        given = _request(frame, owner, part["request"], arguments, node, name)
        if "resource" not in part:
            return UNKNOWN
        made = _related(owner, part["resource"], given, part["request"]["operation"])
        if "[]" in part["resource"].get("path", ""):
            return frame.container(node, {None: made}, name)
        return made
    if kind == "load":
        _request(frame, owner, part["request"], arguments, node, name)
        return NOTHING
    if kind == "waiter":
        from botocore import xform_name

        operation = models.waiters(owner.service).get(xform_name(part["waiterName"]))
        if operation is not None:
            request = {"operation": operation, "params": part.get("params", ())}
            _request(frame, owner, request, arguments, node, name)
        return NOTHING
    if name in _FILES and _by_hand(owner, name):
        named = _file_arguments(owner, name, arguments)
        services.transfer(frame, Client("s3", owner.place), name, named, node)
    elif operation := _BY_HAND.get((owner.service, owner.type, name)):
        client = Client(owner.service, owner.place)
        table = dict(owner.identifiers).get("Name") or UNKNOWN
        named = Arguments((), {"TableName": table} if owner.type == "Table" else {})
        services.record(frame, client, operation, named, node, name)
    return UNKNOWN


def _by_hand(owner: ResourceObject, name: str) -> bool:
    files = owner.service == "s3" and owner.type in ("Bucket", "Object", "ObjectSummary") and name in _FILES
    return files or (owner.service, owner.type, name) in _BY_HAND


def _file_arguments(owner: ResourceObject, name: str, arguments: Arguments) -> Arguments:
    known = dict(owner.identifiers)
    given = {"Bucket": known.get("Name" if owner.type == "Bucket" else "BucketName") or UNKNOWN}
    if "Key" in known:
        given["Key"] = known["Key"]
    left = [one for one in services.TRANSFERS[name][0] if one not in given]
    named = dict(zip(left, arguments.positional, strict=False)) | dict(arguments.named)
    return Arguments((), {**named, **given}, arguments.rest)


def _call_collection(
    frame: Expressions, owner: ResourceObject, name: str, arguments: Arguments, node: ast.AST
) -> Value:
    from botocore import xform_name

    if name in _SLICES:
        return frozenset({owner})
    parent, _, collection = owner.type.partition(".")
    plain = ResourceObject(owner.service, parent, owner.identifiers, owner.place)
    related = _model(plain)["hasMany"][collection]["resource"]
    batch = models.resource_model(owner.service)["resources"][related["type"]].get("batchActions", {})
    for title, part in batch.items():
        if xform_name(title) == name:
            for element in elements(owner):
                if isinstance(element, ResourceObject):
                    _request(frame, element, part["request"], arguments, node, name)
    return UNKNOWN


def _model(owner: ResourceObject) -> Mapping[str, Any]:
    model = models.resource_model(owner.service)
    found: Mapping[str, Any] = model["resources"][owner.type] if owner.type else model["service"]
    return found


def _request(
    frame: Expressions,
    owner: ResourceObject,
    request: Mapping[str, Any],
    arguments: Arguments,
    node: ast.AST,
    method: str,
) -> Arguments:
    """Record a request of the model with what the resource adds to its parameters, and return these."""
    known = dict(owner.identifiers)
    named = dict(arguments.named)
    for parameter in request.get("params", ()):
        target = parameter["target"]
        if parameter["source"] == "identifier" and target.isalnum():
            named[target] = known.get(parameter["name"]) or UNKNOWN
    given = Arguments((), named, arguments.rest)
    services.record(frame, Client(owner.service, owner.place), request["operation"], given, node, method)
    return given


def _related(
    owner: ResourceObject, related: Mapping[str, Any], arguments: Arguments, operation: str | None
) -> Value:
    """Return a resource that the model says another one has or makes."""
    known = dict(owner.identifiers)
    positional: Sequence[Value] = arguments.positional
    identifiers: list[tuple[str, Value]] = []
    taken = 0
    for one in related.get("identifiers", ()):
        value: Value | None = None
        if one["source"] == "identifier":
            value = known.get(one["name"])
        elif one["source"] == "input":
            value = arguments.get(taken, one["target"])
            if taken >= len(positional) and one["target"] not in arguments.named:
                value = arguments.named.get(_snake(one["target"]), arguments.rest)
            taken += 1
        elif one["source"] == "requestParameter":
            value = arguments.named.get(one["path"])
        elif one["source"] == "response" and operation is not None:
            value = services.name_of_answer(owner.service, operation, one["path"], arguments)
        texts = frozenset(atom for atom in value or NOTHING if isinstance(atom, Str | Unknown))
        identifiers.append((one["target"], texts or UNKNOWN))
    return frozenset({ResourceObject(owner.service, related["type"], tuple(identifiers), owner.place)})


def _snake(name: str) -> str:
    from botocore import xform_name

    return xform_name(name)
