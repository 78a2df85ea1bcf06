"""The resources of services whose parameters name them in ways of their own.

Each function yields the resources of a call, and raises `NotKnownError` when they are not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from chalice_core.values import Pseudo, text
from chalice_core.values import Value as Arn
from chalice_deploy.policies.atoms import Container, Str, Value
from chalice_deploy.policies.parameters import Call, NotKnownError

_OBJECT_ACTION = re.compile(
    r"s3:((Get|Put|Delete|Restore)Object|AbortMultipartUpload|ListMultipartUploadParts)"
)
_KEY_ID = re.compile(r"(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
_QUEUE_URL = re.compile(r"https?://([^/]+)/([^/]+)/([^/]+)$")


_PARTS_OF_TRANSACTIONS = {
    "dynamodb:ConditionCheckItem": "ConditionCheck",
    "dynamodb:DeleteItem": "Delete",
    "dynamodb:GetItem": "Get",
    "dynamodb:PutItem": "Put",
    "dynamodb:UpdateItem": "Update",
}


def _s3(call: Call, action: str) -> Iterator[Arn]:
    operation = call.use.operation
    copied = operation in ("CopyObject", "UploadPartCopy") and action.startswith("s3:GetObject")
    if copied:
        yield from _copy_source(call)
        return
    keys: tuple[str, ...] = ("*",)
    if _OBJECT_ACTION.match(action) and call.has("Key"):
        try:
            keys = call.texts("Key")
        except NotKnownError:
            keys = ("*",)
    for bucket in call.texts("Bucket"):
        base: Arn = bucket if bucket.startswith("arn:") else text("arn:", Pseudo.PARTITION, ":s3:::", bucket)
        if not _OBJECT_ACTION.match(action):
            yield base
            continue
        separator = "/object/" if bucket.startswith("arn:") else "/"
        for key in keys:
            yield text(base, f"{separator}{key}")


def _copy_source(call: Call) -> Iterator[Arn]:
    given = call.value("CopySource")
    plain = frozenset(atom for atom in given if isinstance(atom, Str))
    if not given or (len(plain) != len(given) and plain):
        raise NotKnownError("CopySource is not known")
    if plain:
        for source in call.plain(plain, "CopySource"):
            yield text("arn:", Pseudo.PARTITION, ":s3:::", source.lstrip("/").partition("?")[0])
        return
    buckets = [name for one in call.deep("Bucket", given) for name in call.plain(one, "CopySource")]
    if not buckets:
        raise NotKnownError("CopySource is not known")
    try:
        keys = [name for one in call.deep("Key", given) for name in call.plain(one, "Key")] or ["*"]
    except NotKnownError:
        keys = ["*"]
    for bucket in buckets:
        for key in keys:
            yield text("arn:", Pseudo.PARTITION, ":s3:::", f"{bucket}/{key}")


def _dynamodb(call: Call, action: str) -> Iterator[Arn]:
    for table in _tables(call, action):
        base: Arn = table if table.startswith("arn:") else call.arn("dynamodb", f"table/{table}")
        if call.use.operation not in ("Query", "Scan"):
            yield base
            continue
        if not call.has("IndexName"):
            yield base
            if not call.use.open:
                continue
        try:
            indexes = call.texts("IndexName")
        except NotKnownError:
            indexes = ("*",)
        for index in indexes:
            yield text(base, f"/index/{index}")


def _tables(call: Call, action: str) -> Sequence[str]:
    operation = call.use.operation
    if operation in ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"):
        return [
            found
            for statement in statements(call) or _unknown("the statement is not known")
            for found in _table_of(statement)
        ]
    if operation in ("BatchGetItem", "BatchWriteItem") and not call.has("TableName"):
        found: list[str] = []
        for atom in call.value("RequestItems"):
            if not isinstance(atom, Container) or call.machine.peek(("element", atom.site, None)):
                _unknown("a table in RequestItems is not known")
            else:
                found += call.plain(frozenset(Str(key) for key in call.keys(atom)), "RequestItems")
        return found or _unknown("RequestItems is not known")
    if operation in ("TransactGetItems", "TransactWriteItems"):
        if not call.value("TransactItems"):
            _unknown("TransactItems is not known")
        part = _PARTS_OF_TRANSACTIONS[action]
        return [
            name
            for item in call.deep(part, call.value("TransactItems"))
            for one in call.deep("TableName", item)
            for name in call.plain(one, "TransactItems")
        ]
    return call.texts("TableName", "ResourceArn")


def statements(call: Call) -> tuple[str, ...] | None:
    """Return the statements of PartiQL that a call runs, or None when they are not known."""
    given = [call.value("Statement")] if call.has("Statement") else []
    for name in ("Statements", "TransactStatements"):
        given += call.deep("Statement", call.value(name))
    try:
        found = [statement for value in given for statement in call.plain(value, "Statement")]
    except NotKnownError:
        return None
    return tuple(sorted(set(found))) or None


def _table_of(statement: str) -> Iterator[str]:
    named = re.search(
        r"\b(?:FROM|INTO|UPDATE)\s+\"?([\w.-]+)\"?(?:\.\"?([\w.-]+)\"?)?", statement, re.IGNORECASE
    )
    if named is None or "*" in named[1]:
        raise NotKnownError("the statement's table is not known")
    yield f"{named[1]}/index/{named[2]}" if named[2] else named[1]


def _sqs(call: Call, _action: str) -> Iterator[Arn]:
    for name in call.texts("QueueUrl", "QueueName"):
        url = _QUEUE_URL.match(name)
        if url is None:
            if "/" in name or ":" in name:
                raise NotKnownError("QueueUrl is no URL of a queue")
            yield call.arn("sqs", name)
            continue
        host, account, queue = url.groups()
        region = host.split(".")[1] if host.startswith("sqs.") and host.count(".") > 2 else "*"
        owner = account if account.isdigit() and len(account) == 12 else "*"
        yield text("arn:", Pseudo.PARTITION, f":sqs:{region}:{owner}:{queue}")


def _sns(call: Call, _action: str) -> Iterator[Arn]:
    if call.has("PhoneNumber"):
        raise NotKnownError("a message to a telephone goes through no topic")
    if call.use.operation not in ("CreateTopic",) and not call.has("TopicArn") and not call.has("TargetArn"):
        raise NotKnownError("TopicArn is not known")
    for name in call.texts("TopicArn", "TargetArn", "Name"):
        if not name.startswith("arn:") and ("/" in name or ":" in name):
            raise NotKnownError("TopicArn is no ARN")
        yield name if name.startswith("arn:") else call.arn("sns", name)


def _ssm(call: Call, _action: str) -> Iterator[Arn]:
    for name in call.texts("Name", "Names", "Path"):
        if name.startswith("arn:"):
            yield name
            continue
        plain = name.partition(":")[0].strip("/")
        if call.has("Path"):
            # A path reaches what is below it; "/" is above everything.
            yield call.arn("ssm", f"parameter/{plain}" if plain else "parameter")
            yield call.arn("ssm", f"parameter/{plain}/*" if plain else "parameter/*")
        else:
            yield call.arn("ssm", f"parameter/{plain}")


def _kms(call: Call, action: str) -> Iterator[Arn]:
    parameters = ("KeyId",)
    if call.use.operation == "ReEncrypt":
        parameters = ("SourceKeyId",) if action == "kms:ReEncryptFrom" else ("DestinationKeyId",)
    for name in call.texts(*parameters):
        if name.startswith("arn:") and ":key/" in name:
            yield name
        elif _KEY_ID.match(name):
            yield call.arn("kms", f"key/{name}")
        else:
            raise NotKnownError("policies name keys by their ids, and not by aliases")


def _events(call: Call, _action: str) -> Iterator[Arn]:
    if call.use.operation == "PutEvents":
        if not call.value("Entries") or call.use.open:
            raise NotKnownError("Entries is not known")
        for name in _buses(call):
            yield name if name.startswith("arn:") else call.arn("events", f"event-bus/{name}")
        return
    rules = call.texts("Name", "Rule")
    buses = call.texts("EventBusName") if call.has("EventBusName") else ("default",)
    if call.use.operation.endswith("EventBus"):
        for rule in rules:
            yield call.arn("events", f"event-bus/{rule}")
        return
    for rule in rules:
        for bus in buses:
            plain = bus.rpartition("event-bus/")[2]
            yield call.arn("events", f"rule/{rule}" if plain == "default" else f"rule/{plain}/{rule}")


def _buses(call: Call) -> Iterator[str]:
    entries = [one for atom in call.value("Entries") for one in _each(call, atom)]
    if not entries:
        raise NotKnownError("Entries is not known")
    for entry in entries:
        if not isinstance(entry, Container) or call.machine.peek(("element", entry.site, None)):
            raise NotKnownError("an entry of Entries is not known")
        if "EventBusName" in call.keys(entry):
            yield from call.plain(call.machine.peek(("element", entry.site, "EventBusName")), "EventBusName")
        else:
            yield "default"


def _each(call: Call, atom: object) -> Value:
    if not isinstance(atom, Container):
        raise NotKnownError("Entries is not known")
    return call.elements(atom)


def _unknown(reason: str) -> Sequence[str]:
    raise NotKnownError(reason)


RESOURCES: Mapping[str, Callable[[Call, str], Iterator[Arn]]] = {
    "s3": _s3,
    "dynamodb": _dynamodb,
    "sqs": _sqs,
    "sns": _sns,
    "ssm": _ssm,
    "kms": _kms,
    "events": _events,
}
"""Service to the function that knows its resources."""
