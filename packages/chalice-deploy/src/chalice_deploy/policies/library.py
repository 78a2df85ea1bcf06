"""What the analysis knows of names from outside the project: the standard library's and boto3's."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from chalice_deploy.policies import attributes, calling, services
from chalice_deploy.policies.atoms import (
    HOLE,
    NOTHING,
    UNKNOWN,
    Application,
    Arguments,
    Class,
    Container,
    External,
    Instance,
    Partial,
    Str,
    Super,
    Unknown,
    Value,
    has_variable,
    joined,
    known_texts,
    texts,
    union,
    variable,
)

if TYPE_CHECKING:
    from chalice_deploy.policies.expressions import Expressions

APPLICATIONS: Mapping[str, bool] = {
    "chalice.Chalice": False,
    "chalice.app.Chalice": False,
    "chalice.Blueprint": True,
    "chalice.app.Blueprint": True,
    "chalice_blueprints.Blueprint": True,
}
"""Classes of applications to whether they are blueprints."""

STARRED = frozenset(
    {"boto3.client", "boto3.resource", "boto3.Session", "os.environ", "os.getenv"}
    | {"chalice.Chalice", "chalice.Blueprint", "functools.partial"}
)
"""Names that matter and that ``from … import *`` brings."""

CONTAINER_METHODS = frozenset(
    {"add", "append", "appendleft", "copy", "extend", "get", "insert", "items", "keys", "pop", "popitem"}
    | {"popleft", "setdefault", "union", "update", "values", "__getitem__", "__next__", "send"}
)

_SAME = frozenset(
    {
        f"builtins.{name}"
        for name in ("iter", "list", "reversed", "set", "sorted", "tuple", "frozenset", "dict")
    }
    | {"contextlib.closing", "contextlib.aclosing", "contextlib.nullcontext", "copy.copy", "copy.deepcopy"}
    | {"asyncio.run", "asyncio.wait_for", "asyncio.create_task", "asyncio.shield", "collections.OrderedDict"}
    | {"collections.deque", "types.MappingProxyType", "typing.cast", "itertools.chain", "functools.wraps.of"}
    | {"itertools.islice", "builtins.filter", "filter", "builtins.str", "asyncio.ensure_future"}
)
"""What they return is, or consists of, what they get."""

_ELEMENTS = frozenset(f"builtins.{name}" for name in ("next", "max", "min", "anext"))
_DECORATORS = frozenset(
    {"functools.lru_cache", "functools.cache", "functools.cached_property", "functools.singledispatch"}
    | {
        "contextlib.contextmanager",
        "contextlib.asynccontextmanager",
        "dataclasses.dataclass",
        "atexit.register",
    }
    | {"builtins.staticmethod", "builtins.classmethod", "builtins.property"}
)
_SESSIONS = frozenset(
    {"boto3.Session", "boto3.session.Session", "botocore.session.Session", "botocore.session.get_session"}
    | {"aws_xray_sdk.ext.botocore.Session"}
)


def call_external(frame: Expressions, path: str, arguments: Arguments, node: ast.AST) -> Value:
    """Return what a call of something from outside can return."""
    if path in ("boto3.client", "boto3.resource", "boto3.session.client"):
        return services.make(path.rpartition(".")[2], None, arguments)
    if path in _SESSIONS:
        return services.session(arguments)
    if path in APPLICATIONS:
        return frozenset({Application(frame.site(node, "application"), APPLICATIONS[path])})
    if model := _CALLS.get(path):
        return model(frame, arguments, node)
    calling.call_back(frame, arguments, node)
    if path in _DECORATORS:
        given = union(arguments.all())
        return given if any(not isinstance(atom, Str) for atom in given) else NOTHING
    if path in _SAME:
        return _same(frame, path, arguments, node)
    if path in _ELEMENTS:
        return union([frame.elements(value) for value in arguments.all()])
    return union([UNKNOWN, *(services.only_aws(value) for value in arguments.all())])


def _same(frame: Expressions, path: str, arguments: Arguments, node: ast.AST) -> Value:
    if path == "builtins.dict" and arguments.named:
        made = frame.container(node, dict(arguments.named))
        return union([made, *arguments.positional])
    return union(arguments.all()) or frame.container(node, {})


def external_item(path: str, key: Value) -> Value:
    """Return an element of something from outside: an environment variable."""
    if path != "os.environ":
        return UNKNOWN
    return _variables(key, None)


def _variables(key: Value, default: Value | None) -> Value:
    names = known_texts(key)
    if names is None:
        return UNKNOWN
    found: list[Value] = []
    for name in names:
        plain = [text for text in texts(default or NOTHING) if not has_variable(text)]
        if default and (not plain or len(plain) < len(default)):
            # What it is when it is not set is no plain text; either can be.
            found.append(union([frozenset({variable(name)}), default]))
        else:
            found.append(frozenset(variable(name, text) for text in plain) or frozenset({variable(name)}))
    return union(found)


def _environment(_frame: Expressions, arguments: Arguments, _node: ast.AST) -> Value:
    return _variables(arguments.get(0, "key") or NOTHING, arguments.get(1, "default"))


def _set_environment(_frame: Expressions, arguments: Arguments, _node: ast.AST) -> Value:
    return _variables(arguments.get(0, "key") or NOTHING, arguments.get(1, "value"))


def _partial(_frame: Expressions, arguments: Arguments, _node: ast.AST) -> Value:
    if not arguments.positional:
        return UNKNOWN
    function, *positional = arguments.positional
    named = dict(arguments.named)
    for atom in function:
        if isinstance(atom, Partial):
            # A partial of a partial is one, and so cannot grow without end.
            function = atom.function
            positional = [*atom.positional, *positional]
            named = {**dict(atom.named), **named}
            break
    if len(positional) > 12 or len(named) > 24:
        return UNKNOWN
    return frozenset({Partial(function, tuple(positional), tuple(sorted(named.items())))})


def _map(frame: Expressions, arguments: Arguments, node: ast.AST) -> Value:
    if not arguments.positional:
        return UNKNOWN
    function, *iterables = arguments.positional
    given = Arguments(tuple(frame.elements(value) for value in iterables))
    result = calling.call(frame, function, given, node)
    return frame.container(node, {None: result}, "map")


def _getattr(frame: Expressions, arguments: Arguments, node: ast.AST) -> Value:
    names = texts(arguments.get(1, "name") or NOTHING)
    owner = arguments.get(0, "object") or NOTHING
    default = arguments.get(2, "default") or NOTHING
    found = [
        attributes.attribute(frame, atom, name, node)
        for name in names
        if HOLE not in name and not has_variable(name)
        for atom in owner
    ]
    return union([*found, default]) or UNKNOWN


def _setattr(frame: Expressions, arguments: Arguments, _node: ast.AST) -> Value:
    value = arguments.get(2, "value") or NOTHING
    for name in texts(arguments.get(1, "name") or NOTHING):
        for atom in arguments.get(0, "object") or NOTHING:
            attributes.set_attribute(frame, atom, name, value)
    return NOTHING


def _super(frame: Expressions, arguments: Arguments, _node: ast.AST) -> Value:
    definition = frame.evaluation.definition
    if arguments.positional:
        classes = [atom.index for atom in arguments.positional[0] if isinstance(atom, Class)]
        instances = arguments.get(1, "object") or NOTHING
    elif definition is not None and definition.cls is not None:
        classes = [definition.cls]
        first = calling.parameters(definition.node)[:1]
        instances = union([frame.read("argument", frame.id, name) for name in first])
    else:
        return UNKNOWN
    known = [atom for atom in instances if isinstance(atom, Instance | Class)]
    return frozenset(Super(index, atom) for index in classes for atom in known) or UNKNOWN


def _new(frame: Expressions, arguments: Arguments, node: ast.AST) -> Value:
    given = arguments.get(0, "cls") or NOTHING
    return frozenset(
        Instance(atom, frame.site(node, f"new {atom.index}")) for atom in given if isinstance(atom, Class)
    )


def _enumerate(frame: Expressions, arguments: Arguments, node: ast.AST) -> Value:
    elements = frame.elements(arguments.get(0, "iterable") or NOTHING)
    pair = frame.container(node, {"0": NOTHING, "1": elements}, "pair")
    return frame.container(node, {None: pair})


def _zip(frame: Expressions, arguments: Arguments, node: ast.AST) -> Value:
    items: dict[str | None, Value] = {
        str(number): frame.elements(value) for number, value in enumerate(arguments.positional)
    }
    return frame.container(node, {None: frame.container(node, items, "tuple")})


def _gather(frame: Expressions, arguments: Arguments, node: ast.AST) -> Value:
    items: dict[str | None, Value] = {str(number): one for number, one in enumerate(arguments.positional)}
    return frame.container(node, items)


def _default_dict(frame: Expressions, arguments: Arguments, node: ast.AST) -> Value:
    factory = arguments.get(0, "default_factory") or NOTHING
    made = calling.call(frame, calling.callables(factory), Arguments(), node) if factory else NOTHING
    return frame.container(node, {None: frozenset(atom for atom in made if not isinstance(atom, Unknown))})


def _field(frame: Expressions, arguments: Arguments, node: ast.AST) -> Value:
    """Return what a field of a dataclass is when nothing is given for it."""
    found = [arguments.named.get("default") or NOTHING, *arguments.positional]
    found += [
        calling.call(frame, arguments.named[name], Arguments(), node)
        for name in ("default_factory", "factory")
        if name in arguments.named
    ]
    return union(found)


def _namespace(frame: Expressions, arguments: Arguments, node: ast.AST) -> Value:
    return frame.container(node, dict(arguments.named))


def _import_module(frame: Expressions, arguments: Arguments, _node: ast.AST) -> Value:
    found: list[Value] = []
    for name in texts(arguments.get(0, "name") or NOTHING):
        full = f"{frame.source.parent}{name}" if name.startswith(".") and name.count(".") == 1 else name
        if HOLE not in full and not has_variable(full):
            found.append(frame.machine.load(full, frame.id) or frozenset({External(full)}))
    return union(found) or UNKNOWN


def _wraps(_frame: Expressions, _arguments: Arguments, _node: ast.AST) -> Value:
    return frozenset({External("functools.wraps.of")})


_FIELDS = ("attr.field", "attr.ib", "attrs.field", "dataclasses.field", "pydantic.Field")

_CALLS: Mapping[str, Callable[[Expressions, Arguments, ast.AST], Value]] = {
    "os.getenv": _environment,
    "os.environ.get": _environment,
    "os.environ.setdefault": _set_environment,
    "os.environ.pop": _environment,
    "functools.partial": _partial,
    "functools.wraps": _wraps,
    "builtins.map": _map,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.super": _super,
    "builtins.object.__new__": _new,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "asyncio.gather": _gather,
    "collections.defaultdict": _default_dict,
    "types.SimpleNamespace": _namespace,
    **dict.fromkeys(_FIELDS, _field),
    "importlib.import_module": _import_module,
    "builtins.__import__": _import_module,
}


def call_container(
    frame: Expressions, owner: Container, name: str, arguments: Arguments, node: ast.AST
) -> Value:
    """Return what a method of a list, dict or set can return."""
    site = owner.site
    first = arguments.get(0, "key") or NOTHING
    if name in ("append", "appendleft", "add", "insert"):
        position = 1 if name == "insert" else 0
        frame.put(site, None, arguments.get(position, "object") or NOTHING)
        return NOTHING
    if name in ("extend", "update", "union"):
        for value in arguments.positional:
            for atom in value:
                if isinstance(atom, Container):
                    for key in frame.keys(atom.site) if name == "update" else ():
                        frame.put(site, key, frame.read("element", atom.site, key))
            frame.put(site, None, frame.elements(value) - UNKNOWN if name != "update" else NOTHING)
        for key, value in arguments.named.items():
            frame.put(site, key, value)
        return frozenset({owner})
    if name in ("get", "setdefault", "pop", "__getitem__"):
        default = arguments.get(1, "default") or NOTHING
        if name == "setdefault":
            attributes.set_item(frame, owner, first, default)
        return union([attributes.item(frame, owner, first, node), default])
    if name in ("copy", "values"):
        return frozenset({owner})
    if name == "keys":
        return frame.container(
            node, {None: frozenset(Str(key) for key in frame.keys(site)) or UNKNOWN}, "keys"
        )
    if name == "items":
        keys: Value = frozenset(Str(key) for key in frame.keys(site)) or UNKNOWN
        pair = frame.container(node, {"0": keys, "1": frame.values_of(site)}, "pair")
        return frame.container(node, {None: pair}, "items")
    return frame.values_of(site) or UNKNOWN


def call_text(text: str, name: str, arguments: Arguments) -> Value:
    """Return what a method of a text can return."""
    if name == "format":
        return _formatted(text, arguments)
    if has_variable(text) or HOLE in text or arguments.all():
        return UNKNOWN
    if name in ("strip", "lower", "upper", "title", "capitalize"):
        changed: str = getattr(text, name)()
        return frozenset({Str(changed)})
    return UNKNOWN


def _formatted(text: str, arguments: Arguments) -> Value:
    from string import Formatter

    parts: list[Value] = []
    number = 0
    try:
        for literal, field, spec, conversion in Formatter().parse(text):
            parts.append(frozenset({Str(literal)}))
            if field is None:
                continue
            given: Value | None = None
            if not spec and not conversion and (field == "" or field.isdigit()):
                given = arguments.get(int(field) if field else number, "")
                number += 1
            elif not spec and not conversion:
                given = arguments.named.get(field)
            parts.append(given or UNKNOWN)
    except ValueError:  # no format; the program fails there, too
        return UNKNOWN
    return joined(parts)
