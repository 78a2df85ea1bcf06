"""Sessions and clients of AWS: how they are made, and what their methods call.

Resources of boto3 are next door, in `chalice_deploy.policies.resources`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chalice_deploy.policies import models
from chalice_deploy.policies.atoms import (
    HOLE,
    NOTHING,
    UNKNOWN,
    Arguments,
    Atom,
    Client,
    Container,
    Method,
    Place,
    ResourceObject,
    Session,
    Str,
    Value,
    Waiting,
    fill_in,
    known_texts,
    texts,
    union,
    variable,
)
from chalice_deploy.policies.machine import Use

if TYPE_CHECKING:
    from chalice_deploy.policies.expressions import Expressions

# boto3 adds these to the clients of S3 ("File transfer", boto3 documentation): arguments by position, and
# the operations that they come to.
TRANSFERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "upload_file": (("Filename", "Bucket", "Key", "ExtraArgs"), ("PutObject", "AbortMultipartUpload")),
    "upload_fileobj": (("Fileobj", "Bucket", "Key", "ExtraArgs"), ("PutObject", "AbortMultipartUpload")),
    "download_file": (("Bucket", "Key", "Filename", "ExtraArgs"), ("GetObject",)),
    "download_fileobj": (("Bucket", "Key", "Fileobj", "ExtraArgs"), ("GetObject",)),
    "copy": (("CopySource", "Bucket", "Key", "ExtraArgs"), ("CopyObject", "AbortMultipartUpload")),
    "generate_presigned_post": (("Bucket", "Key"), ("PutObject",)),
}

# "Defined runtime environment variables", AWS Lambda Developer Guide.
_REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")

# Methods of clients that sign something and call nothing.
_SIGNERS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("rds", "generate_db_auth_token"): ("rds-db", "connect"),
    ("dsql", "generate_db_connect_auth_token"): ("dsql", "DbConnect"),
    ("dsql", "generate_db_connect_admin_auth_token"): ("dsql", "DbConnectAdmin"),
}

NAMED_ANSWERS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("sqs", "GetQueueUrl"): ("QueueUrl", "QueueName"),
    ("sqs", "CreateQueue"): ("QueueUrl", "QueueName"),
    ("sns", "CreateTopic"): ("TopicArn", "Name"),
}
"""Parts of answers that name what a parameter named."""

_STUB = re.compile(
    r"(?:mypy_boto3|types_boto3|types_aiobotocore)_(\w+?)\.(?:client\.|service_resource\.)?(\w+)$"
)


def make(kind: str, base: Place | None, arguments: Arguments) -> Value:
    """Return the client or resource that ``boto3.client`` or ``boto3.resource`` makes.

    Args:
        kind: ``client`` or ``resource``.
        base: of the session; None for the default one.
        arguments: of the call.
    """
    place = _place(arguments, base or Place(), region_position=1)
    made: set[Atom] = set()
    for text in texts(arguments.get(0, "service_name") or NOTHING):
        service = fill_in(text, {})
        if service not in models.services():
            continue
        if kind == "client":
            made.add(Client(service, place))
        elif models.resource_model(service):
            made.add(ResourceObject(service, "", (), place))
    return frozenset(made) or UNKNOWN


def session(arguments: Arguments) -> Value:
    """Return a new session."""
    return frozenset({Session(_place(arguments, Place(), region_position=3))})


def _place(arguments: Arguments, base: Place, *, region_position: int) -> Place:
    region, own = base.region, base.own
    given = arguments.get(region_position, "region_name")
    if given:
        known = known_texts(given)
        region = known[0] if known is not None and len(known) == 1 else HOLE
        if known is not None and any(f"\x02{name}" in region for name in _REGION_VARIABLES):
            region = ""
    if arguments.named.get("aws_access_key_id") or arguments.named.get("aws_session_token"):
        own = False
    return Place(region, own)


def by_stub(path: str) -> Value:
    """Return the client that a class of the type stubs of boto3 stands for: ``mypy_boto3_s3.S3Client``."""
    found = _STUB.match(path)
    if found is None:
        return NOTHING
    service = found[1].replace("_", "-")
    if service == "lambda-":
        service = "lambda"
    if service not in models.services():
        return NOTHING
    if found[2].endswith("Client"):
        return frozenset({Client(service, Place())})
    if found[2].endswith("ServiceResource"):
        return frozenset({ResourceObject(service, "", (), Place())})
    if found[2] in models.resource_model(service).get("resources", {}):
        return frozenset({ResourceObject(service, found[2], (), Place())})
    return NOTHING


def only_aws(value: Value) -> Value:
    """Return what of a value makes calls of AWS."""
    return frozenset(atom for atom in value if isinstance(atom, Client | Session | ResourceObject))


def client_of(owner: Atom) -> Value:
    """Return the client below a resource."""
    if isinstance(owner, ResourceObject):
        return frozenset({Client(owner.service, owner.place)})
    return UNKNOWN


def client_attribute(atom: Client | Session | Waiting, name: str) -> Value:
    """Return a method of a client, a session, a paginator or a waiter."""
    if isinstance(atom, Session) and name == "region_name":
        return frozenset({variable("AWS_REGION")})
    if isinstance(atom, Client) and name not in _COMMON and not _is_method(atom.service, name):
        return NOTHING
    return frozenset({Method(atom, name)})


_COMMON = frozenset({"get_paginator", "get_waiter", "generate_presigned_url"})


def _is_method(service: str, name: str) -> bool:
    return (
        name in models.operations(service)
        or (service == "s3" and name in TRANSFERS)
        or (service, name) in _SIGNERS
    )


def call_method(
    frame: Expressions,
    owner: Client | Session | ResourceObject | Waiting,
    name: str,
    arguments: Arguments,
    node: ast.AST,
) -> Value:
    """Return what a method can return, and record the operations that it calls."""
    from chalice_deploy.policies import resources

    if isinstance(owner, ResourceObject):
        return resources.call(frame, owner, name, arguments, node)
    if isinstance(owner, Session):
        if name in ("client", "create_client"):
            return make("client", owner.place, arguments)
        return make("resource", owner.place, arguments) if name == "resource" else UNKNOWN
    if isinstance(owner, Waiting):
        if name in ("paginate", "wait"):
            record(frame, owner.client, owner.operation, arguments, node, name)
        return UNKNOWN
    if name in _COMMON:
        return _common(frame, owner, name, arguments, node)
    if owner.service == "s3" and name in TRANSFERS:
        transfer(frame, owner, name, arguments, node)
        return UNKNOWN
    if signer := _SIGNERS.get((owner.service, name)):
        record(frame, Client(signer[0], owner.place), signer[1], Arguments(), node, name)
        return UNKNOWN
    operation = models.operations(owner.service)[name]
    record(frame, owner, operation, arguments, node, name)
    if answer := NAMED_ANSWERS.get((owner.service, operation)):
        part, parameter = answer
        return frame.container(node, {part: arguments.named.get(parameter) or UNKNOWN}, "answer")
    return UNKNOWN


def _common(frame: Expressions, client: Client, name: str, arguments: Arguments, node: ast.AST) -> Value:
    position = {"get_paginator": "operation_name", "get_waiter": "waiter_name"}.get(name, "ClientMethod")
    found = models.waiters(client.service) if name == "get_waiter" else models.operations(client.service)
    chosen = [found[text] for text in texts(arguments.get(0, position) or NOTHING) if text in found]
    if name != "generate_presigned_url":
        return frozenset(Waiting(client, operation) for operation in chosen) or UNKNOWN
    parameters = unpacked(frame, arguments.get(1, "Params"))
    for operation in chosen:
        # Whoever uses the URL acts with the permissions of the one who signed it.
        record(frame, client, operation, parameters, node, name)
    return UNKNOWN


def unpacked(frame: Expressions, value: Value | None) -> Arguments:
    """Return a dict of parameters as the arguments that it stands for."""
    named: dict[str, Value] = {}
    rest: Value | None = None if value is None else NOTHING
    for atom in value or NOTHING:
        if not isinstance(atom, Container):
            rest = UNKNOWN
            continue
        for key in frame.keys(atom.site):
            named[key] = union([named.get(key, NOTHING), frame.read("element", atom.site, key)])
        if others := frame.read("element", atom.site, None):
            rest = others
    return Arguments((), named, rest or None)


def transfer(frame: Expressions, client: Client, name: str, arguments: Arguments, node: ast.AST) -> None:
    """Record the operations behind one of boto3's methods for files and objects."""
    parameters, operations = TRANSFERS[name]
    named = dict(zip(parameters, arguments.positional, strict=False)) | dict(arguments.named)
    extra = named.pop("ExtraArgs", None)
    if extra is not None:
        options = unpacked(frame, extra)
        named = {**options.named, **named}
        rest = options.rest or arguments.rest
    else:
        rest = arguments.rest
    for operation in operations:
        record(frame, client, operation, Arguments((), named, rest), node, name)


def record(
    frame: Expressions, client: Client, operation: str, arguments: Arguments, node: ast.AST, method: str
) -> None:
    """Keep that an operation is called here."""
    frame.uses.add(
        Use(
            service=client.service,
            operation=operation,
            parameters=tuple(sorted(arguments.named.items(), key=lambda pair: pair[0])),
            open=arguments.rest is not None,
            place=client.place,
            path=frame.source.path,
            line=getattr(node, "lineno", 1),
            method=method,
        )
    )


def name_of_answer(service: str, operation: str, path: str, arguments: Arguments) -> Value:
    """Return what a part of an answer names, when a parameter named the same thing."""
    part, parameter = NAMED_ANSWERS.get((service, operation), ("", ""))
    found = arguments.named.get(parameter) if part == path else None
    return frozenset(atom for atom in found or NOTHING if isinstance(atom, Str)) or UNKNOWN
