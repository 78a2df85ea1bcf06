"""Calls: of the project's functions and classes, and of what the analysis has models of."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chalice_deploy.policies import attributes, library, services
from chalice_deploy.policies.atoms import (
    NOTHING,
    UNKNOWN,
    Application,
    Arguments,
    Atom,
    Class,
    Client,
    Container,
    External,
    Function,
    Instance,
    Method,
    Partial,
    ResourceObject,
    Session,
    Str,
    Unknown,
    Value,
    Waiting,
    union,
)
from chalice_deploy.policies.machine import Definition, Entry

if TYPE_CHECKING:
    from chalice_deploy.policies.expressions import Expressions
    from chalice_deploy.policies.machine import FunctionNode

DECORATOR = "@"
"""What a call of an application's method returns: it takes the function below the decorator."""

_LONGEST_PARTIAL = 12


def call(frame: Expressions, function: Value, arguments: Arguments, node: ast.AST) -> Value:
    """Return what a call can return, and follow it."""
    results = [_call(frame, atom, arguments, node) for atom in _in_order(function)]
    return union(results) if results else _outside(frame, arguments, node)


def _in_order(value: Value) -> list[Atom]:
    return list(value) if len(value) < 2 else sorted(value, key=repr)


def _call(frame: Expressions, atom: Atom, arguments: Arguments, node: ast.AST) -> Value:
    if isinstance(atom, Function):
        return frame.machine.call(atom, _bind(frame, atom, arguments, node), frame.id)
    if isinstance(atom, Class):
        return instantiate(frame, atom, arguments, node)
    if isinstance(atom, Instance):
        method = attributes.attribute(frame, atom, "__call__", node)
        known = frozenset(one for one in method if isinstance(one, Function))
        return call(frame, known, arguments, node)
    if isinstance(atom, External):
        return library.call_external(frame, atom.path, arguments, node)
    if isinstance(atom, Partial):
        positional = (*atom.positional, *arguments.positional)
        merged = Arguments(positional, {**dict(atom.named), **arguments.named}, arguments.rest)
        return call(frame, atom.function, merged, node)
    if isinstance(atom, Method):
        owner = atom.owner
        if isinstance(owner, Application):
            return _declare(frame, owner, atom.name, arguments, node)
        if isinstance(owner, Container):
            return library.call_container(frame, owner, atom.name, arguments, node)
        if isinstance(owner, Str):
            return library.call_text(owner.text, atom.name, arguments)
        if isinstance(owner, Client | Session | ResourceObject | Waiting):
            return services.call_method(frame, owner, atom.name, arguments, node)
    return _outside(frame, arguments, node)


def _outside(frame: Expressions, arguments: Arguments, node: ast.AST) -> Value:
    """Follow a call of something unknown: it may call what it gets, and may return clients that it gets."""
    call_back(frame, arguments, node)
    return union([UNKNOWN, *(services.only_aws(value) for value in arguments.all())])


def call_back(frame: Expressions, arguments: Arguments, node: ast.AST) -> None:
    """Call the functions among the arguments, as ``executor.submit(work, item)`` does."""
    for number, value in enumerate(arguments.positional):
        if functions := callables(value):
            # Some take a list and pass its elements, as `executor.map` does.
            following = tuple(
                union(
                    [one, *(attributes.iterate(frame, atom) for atom in one if isinstance(atom, Container))]
                )
                for one in arguments.positional[number + 1 :]
            )
            named = {name: one for name, one in arguments.named.items() if not callables(one)}
            call(frame, functions, Arguments(following, named, UNKNOWN), node)
    for value in (*arguments.named.values(), arguments.rest or NOTHING):
        if functions := callables(value):
            given = arguments.named.get("args", NOTHING)
            positional: tuple[Value, ...] = ()
            for atom in given:
                if isinstance(atom, Container):
                    keys = sorted((key for key in frame.keys(atom.site) if key.isdigit()), key=int)
                    positional = tuple(frame.read("element", atom.site, key) for key in keys)
            call(frame, functions, Arguments(positional, {}, UNKNOWN), node)


def callables(value: Value) -> Value:
    """Return what of a value is a function, or stands for one with some arguments given."""
    return frozenset(
        atom
        for atom in value
        if isinstance(atom, Function | Partial)
        or (isinstance(atom, Method) and isinstance(atom.owner, Client | ResourceObject | Waiting))
    )


# Functions


def parameters(node: FunctionNode) -> list[str]:
    """Return the names of all parameters."""
    args = node.args
    named = [one.arg for one in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    return named + [one.arg for one in (args.vararg, args.kwarg) if one is not None]


def keep_defaults(frame: Expressions, definition: Definition) -> None:
    """Evaluate the defaults and annotations of parameters, where the function is defined."""
    args = definition.node.args
    positional = [*args.posonlyargs, *args.args]
    with_default = positional[len(positional) - len(args.defaults) :]
    pairs = [
        *zip(with_default, args.defaults, strict=True),
        *zip(args.kwonlyargs, args.kw_defaults, strict=True),
    ]
    for parameter, default in pairs:
        if default is not None:
            value = frame.evaluate(default)
            frame.write("default", definition.index, parameter.arg, value=value)
    for parameter in (*positional, *args.kwonlyargs):
        if parameter.annotation is not None:
            found = annotated(frame, parameter.annotation)
            frame.write("annotation", definition.index, parameter.arg, value=found)


def annotated(frame: Expressions, node: ast.expr, depth: int = 0) -> Value:
    """Return what something with this annotation can be: a client by its stubs' class, an object."""
    if depth > 8:
        return NOTHING
    if isinstance(node, ast.Constant):
        if not isinstance(node.value, str) or not node.value.isascii() or len(node.value) > 200:
            return NOTHING
        try:
            parsed = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return NOTHING  # It is text for people, as `Annotated` allows.
        return annotated(frame, parsed, depth + 1)
    if isinstance(node, ast.BinOp):
        return union([annotated(frame, side, depth + 1) for side in (node.left, node.right)])
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if name in ("Optional", "Union", "Annotated", "Final", "ClassVar"):
            return union([annotated(frame, one, depth + 1) for one in inner])
        return NOTHING
    if not isinstance(node, ast.Name | ast.Attribute):
        return NOTHING
    found: list[Value] = []
    for atom in frame.evaluate(node):
        if isinstance(atom, External):
            found.append(services.by_stub(atom.path))
        elif isinstance(atom, Class):
            found.append(frozenset({Instance(atom, attributes.ANY_SITE)}))
    return union(found)


def _bind(frame: Expressions, function: Function, arguments: Arguments, node: ast.AST) -> dict[str, Value]:
    definition = frame.machine.definitions[function.index]
    args = definition.node.args
    positional = [one.arg for one in (*args.posonlyargs, *args.args)]
    given = list(arguments.positional)
    if function.bound is not None:
        given.insert(0, frozenset({function.bound}))
    named = dict(arguments.named)
    bound: dict[str, Value] = {}
    for number, name in enumerate([*positional, *(one.arg for one in args.kwonlyargs)]):
        if number < min(len(given), len(positional)):
            value: Value | None = given[number]
        elif name in named:
            value = named.pop(name)
        else:
            value = arguments.rest
            default = frame.read("default", definition.index, name)
            value = default if value is None else union([default, value])
        if not value or Unknown() in value:
            value = union([value or NOTHING, frame.read("annotation", definition.index, name)])
        bound[name] = value
    if args.vararg is not None:
        items: dict[str | None, Value] = {
            str(number): value for number, value in enumerate(given[len(positional) :])
        }
        if arguments.rest is not None:
            items[None] = arguments.rest
        bound[args.vararg.arg] = frame.container(node, items, f"*{definition.index}")
    if args.kwarg is not None:
        others: dict[str | None, Value] = {name: value for name, value in named.items()}  # noqa: C416
        if arguments.rest is not None:
            others[None] = arguments.rest
        bound[args.kwarg.arg] = frame.container(node, others, f"**{definition.index}")
    return bound


def decorate(frame: Expressions, decorator: Value, function: Value, node: ast.AST) -> Value:
    """Return what a decorator makes of a function or class; one from outside leaves it as it is."""
    if not decorator:
        return function
    known = frozenset(
        atom for atom in decorator if isinstance(atom, Function | Class | Partial | Instance | Method)
    )
    if not known:
        return function
    result = call(frame, known, Arguments((function,)), node)
    if any(isinstance(atom, Function | Class | Instance | Partial | Container) for atom in result):
        return frozenset(atom for atom in result if not isinstance(atom, Unknown))
    return function


# Classes


def instantiate(frame: Expressions, cls: Class, arguments: Arguments, node: ast.AST) -> Value:
    """Return a new object of a class of the project."""
    for one in attributes.family(frame, cls):
        for base in frame.read("bases", one.index):
            if isinstance(base, External) and base.path in library.APPLICATIONS:
                return library.call_external(frame, base.path, arguments, node)
    made: Value = frozenset({Instance(cls, frame.site(node, f"new {cls.index}"))})
    creator = attributes.class_attribute(frame, cls, "__new__")
    if creator:
        bound = frozenset(
            Function(atom.index, atom.scope, cls) for atom in creator if isinstance(atom, Function)
        )
        created = call(frame, bound, arguments, node)
        made = frozenset(atom for atom in created if isinstance(atom, Instance)) or made
    initializer = attributes.class_attribute(frame, cls, "__init__")
    for instance in _in_order(made):
        if initializer:
            bound = frozenset(
                Function(atom.index, atom.scope, instance)
                for atom in initializer
                if isinstance(atom, Function)
            )
            call(frame, bound, arguments, node)
        else:
            _fill_fields(frame, cls, instance, arguments)
    return made


def _fill_fields(frame: Expressions, cls: Class, instance: Atom, arguments: Arguments) -> None:
    """Do what the ``__init__`` of a dataclass does."""
    names = [
        name
        for one in reversed(attributes.family(frame, cls))
        for name in frame.machine.classes[one.index].fields
    ]
    for number, name in enumerate(dict.fromkeys(names)):
        value = arguments.get(number, name)
        if value is not None:
            attributes.set_attribute(frame, instance, name, value)
            if isinstance(instance, Instance):
                frame.write("filled", instance.site, name, value=UNKNOWN)
    if attributes.class_attribute(frame, cls, "__post_init__"):
        method = attributes.attribute(frame, instance, "__post_init__", frame.source.tree)
        call(frame, method, Arguments(), frame.source.tree)


# Applications


def _declare(
    frame: Expressions, application: Application, name: str, arguments: Arguments, node: ast.AST
) -> Value:
    """Follow a call of an application's method: a decorator, or one that takes a function itself."""
    if name == "register_blueprint":
        frame.write("registered", value=union(arguments.all()))
        return NOTHING
    if name in ("test_client", "current_request"):
        return UNKNOWN
    declared, _, decorator = name.partition(DECORATOR)
    # Other arguments may be functions, too: `authorizer=` of a route is one.
    given = (
        *arguments.positional[:1],
        *(arguments.named[key] for key in ("func",) if key in arguments.named),
    )
    functions = frozenset(
        atom for value in given for atom in value if isinstance(atom, Function | Partial | Instance)
    )
    for atom in _in_order(functions):
        if not isinstance(atom, Function):
            call(frame, frozenset({atom}), Arguments(rest=UNKNOWN), node)
            continue
        definition = frame.machine.definitions[atom.index]
        bound = _bind(frame, atom, Arguments(rest=UNKNOWN), node)
        before = set(frame.evaluation.calls)
        number = frame.machine.call_number(atom, bound, frame.id)
        if number not in before:
            # Defining a handler is not calling it.
            frame.evaluation.calls.discard(number)
        frame.machine.entries.add(
            Entry(
                application=application,
                handler=f"{definition.source.name}.{definition.name}",
                decorator=decorator or declared,
                evaluation=number,
                path=definition.source.path,
                line=getattr(definition.node, "lineno", 1),
            )
        )
    if functions:
        return functions
    return frozenset({Method(application, f"{DECORATOR}{decorator or declared}")})
