"""Attributes and elements of what an expression can be."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chalice_deploy.policies import calling, library, resources, services
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
    Module,
    ResourceObject,
    Session,
    Str,
    Super,
    Unknown,
    Value,
    Waiting,
    limited,
    texts,
    union,
)

if TYPE_CHECKING:
    from chalice_deploy.policies.expressions import Expressions

ANY_SITE = -1
"""Stands for every object of a class, wherever it was made."""

_LONGEST_CHAIN = 40


def module_name(frame: Expressions, module: str, name: str) -> Value:
    """Return what a name of a module stands for."""
    found = frame.read("global", module, name)
    if found:
        return found
    for star in frame.read("stars", module):
        if isinstance(star, Module) and star.name != module and not name.startswith("_"):
            found = union([found, frame.read("global", star.name, name)])
        elif isinstance(star, External) and f"{star.path}.{name}" in library.STARRED:
            found = frozenset({External(f"{star.path}.{name}")})
    return found


def attribute(frame: Expressions, atom: Atom, name: str, node: ast.AST) -> Value:
    """Return what an attribute can be."""
    if isinstance(atom, Unknown):
        return UNKNOWN
    if isinstance(atom, External):
        return frozenset({External(f"{atom.path}.{name}")}) if len(atom.path) < 200 else UNKNOWN
    if isinstance(atom, Module):
        found = module_name(frame, atom.name, name)
        return found or frame.machine.load(f"{atom.name}.{name}", frame.id)
    if isinstance(atom, Instance):
        return _of_instance(frame, atom, name, node)
    if isinstance(atom, Class):
        return _bound(class_attribute(frame, atom, name), atom, frame)
    if isinstance(atom, Super):
        found = union([class_attribute(frame, base, name) for base in _bases(frame, Class(atom.cls))])
        if not found and name == "__new__":
            return frozenset({External("builtins.object.__new__")})
        return _get(frame, found, atom.instance, node)
    if isinstance(atom, Application):
        return frame.read("attribute", atom.site, name) or frozenset({Method(atom, name)})
    if isinstance(atom, Container):
        if name in library.CONTAINER_METHODS:
            return frozenset({Method(atom, name)})
        return frame.read("element", atom.site, name)
    if isinstance(atom, Str):
        # Members of enumerations are their values here.
        return frozenset({atom if name in ("value", "_value_") else Method(atom, name)})
    if isinstance(atom, ResourceObject):
        return resources.attribute(frame, atom, name, node)
    if isinstance(atom, Client | Session | Waiting):
        return services.client_attribute(atom, name)
    if isinstance(atom, Method) and (atom.name, name) == ("meta", "client"):
        return services.client_of(atom.owner)
    return UNKNOWN


def _of_instance(frame: Expressions, atom: Instance, name: str, node: ast.AST) -> Value:
    if name == "__class__":
        return frozenset({atom.cls})
    site = atom.site
    own = frame.read("attribute", site, name) if site != ANY_SITE else NOTHING
    if not own and site == ANY_SITE:
        own = union([frame.read("any", one.index, name) for one in family(frame, atom.cls)])
    if own and frame.read("filled", site, name):
        return own
    declared = class_attribute(frame, atom.cls, name)
    found = union([own, _get(frame, declared, atom, node)])
    if found:
        return found
    found = union([frame.read("declared", one.index, name) for one in family(frame, atom.cls)])
    if not found and not name.startswith("__"):
        fallback = _get(frame, class_attribute(frame, atom.cls, "__getattr__"), atom, node)
        if fallback:
            return calling.call(frame, fallback, Arguments((frozenset({Str(name)}),)), node)
    return found or UNKNOWN


def _get(frame: Expressions, found: Value, instance: Atom, node: ast.AST) -> Value:
    """Return what a class attribute is when an object is asked for it."""
    values: list[Value] = []
    for atom in found:
        if not isinstance(atom, Function) or atom.bound is not None:
            values.append(frozenset({atom}))
            continue
        definition = frame.machine.definitions[atom.index]
        if definition.kind == "property":
            bound = Function(atom.index, atom.scope, instance)
            values.append(calling.call(frame, frozenset({bound}), Arguments(), node))
        elif definition.kind == "class":
            cls = instance.cls if isinstance(instance, Instance) else instance
            values.append(frozenset({Function(atom.index, atom.scope, cls)}))
        elif definition.kind == "static" or definition.cls is None:
            values.append(frozenset({atom}))
        else:
            values.append(frozenset({Function(atom.index, atom.scope, instance)}))
    return union(values)


def _bound(found: Value, cls: Class, frame: Expressions) -> Value:
    return frozenset(
        Function(atom.index, atom.scope, cls)
        if isinstance(atom, Function)
        and atom.bound is None
        and frame.machine.definitions[atom.index].kind == "class"
        and frame.machine.definitions[atom.index].name != "__new__"
        else atom
        for atom in found
    )


def family(frame: Expressions, cls: Class) -> list[Class]:
    """Return a class and its bases, nearest first."""
    found, waiting = [cls], [cls]
    while waiting and len(found) < _LONGEST_CHAIN:
        for base in _bases(frame, waiting.pop(0)):
            if base not in found:
                found.append(base)
                waiting.append(base)
    return found


def _bases(frame: Expressions, cls: Class) -> list[Class]:
    return sorted(
        (atom for atom in frame.read("bases", cls.index) if isinstance(atom, Class)),
        key=lambda one: one.index,
    )


def class_attribute(frame: Expressions, cls: Class, name: str) -> Value:
    """Return an attribute of a class or of the nearest of its bases that has it."""
    for one in family(frame, cls):
        if found := frame.read("class", one.index, name):
            return found
    return NOTHING


def set_attribute(frame: Expressions, atom: Atom, name: str, value: Value) -> None:
    """Store an attribute."""
    if isinstance(atom, Instance):
        if atom.site != ANY_SITE:
            frame.write("attribute", atom.site, name, value=value)
        frame.write("any", atom.cls.index, name, value=value)
    elif isinstance(atom, Class):
        frame.write("class", atom.index, name, value=value)
    elif isinstance(atom, Application):
        frame.write("attribute", atom.site, name, value=value)
    elif isinstance(atom, Module):
        frame.write("global", atom.name, name, value=value)
    elif isinstance(atom, Container):
        frame.put(atom.site, name, value)


def item(frame: Expressions, atom: Atom, key: Value, node: ast.AST) -> Value:
    """Return what an element can be."""
    if isinstance(atom, Container):
        names = texts(key)
        if names and len(names) == len(key):
            known = set(frame.keys(atom.site))
            found = [frame.read("element", atom.site, name) for name in names if name in known]
            return union([*found, frame.read("element", atom.site, None)]) or UNKNOWN
        return frame.values_of(atom.site) or UNKNOWN
    if isinstance(atom, External):
        return library.external_item(atom.path, key)
    if isinstance(atom, Instance):
        method = attribute(frame, atom, "__getitem__", node)
        if any(isinstance(one, Function) for one in method):
            return calling.call(frame, method, Arguments((key,)), node)
        # An object of a class that is a dict or a list has elements of its own.
        return item(frame, Container(atom.site), key, node)
    return UNKNOWN


def set_item(frame: Expressions, atom: Atom, key: Value, value: Value) -> None:
    """Store an element."""
    if isinstance(atom, Container):
        names = texts(key)
        for name in names:
            frame.put(atom.site, name, value)
        if not names or len(names) < len(key):
            frame.put(atom.site, None, value)
    elif isinstance(atom, Instance):
        method = attribute(frame, atom, "__setitem__", frame.source.tree)
        if any(isinstance(one, Function) for one in method):
            calling.call(frame, method, Arguments((key, value)), frame.source.tree)
        else:
            set_item(frame, Container(atom.site), key, value)


def iterate(frame: Expressions, atom: Atom) -> Value:
    """Return what iterating over something gives."""
    if isinstance(atom, Container):
        return frame.values_of(atom.site) or UNKNOWN
    if isinstance(atom, ResourceObject):
        return resources.elements(atom)
    if isinstance(atom, Class):
        # The members of an enumeration.
        found = [frame.machine.peek_class(atom.index)]
        return limited(union(found)) or UNKNOWN
    if isinstance(atom, Instance):
        method = attribute(frame, atom, "__iter__", frame.source.tree)
        if any(isinstance(one, Function) for one in method):
            made = calling.call(frame, method, Arguments(), frame.source.tree)
            others = frozenset(one for one in made if not isinstance(one, Instance))
            return union([iterate(frame, one) for one in others])
    return UNKNOWN


def enter(frame: Expressions, atom: Atom, node: ast.AST) -> Value:
    """Return what ``with`` binds."""
    if isinstance(atom, Instance):
        for name in ("__enter__", "__aenter__"):
            method = attribute(frame, atom, name, node)
            if any(isinstance(one, Function) for one in method):
                return calling.call(frame, method, Arguments(), node)
    if isinstance(atom, Container) and frame.machine.is_generator(atom.site):
        return frame.values_of(atom.site) or UNKNOWN
    return frozenset({atom})
