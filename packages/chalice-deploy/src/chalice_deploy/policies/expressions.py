"""What expressions can be."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalice_deploy.policies import attributes, calling
from chalice_deploy.policies.atoms import (
    HOLE,
    NOTHING,
    UNKNOWN,
    Arguments,
    Container,
    Function,
    Str,
    Unknown,
    Value,
    joined,
    plain_text,
    texts,
    union,
)
from chalice_deploy.policies.machine import Evaluation, Machine, Use

TOO_DEEP = 170
"""Nested expressions beyond which one is taken as unknown; Python itself allows about a thousand calls."""


class Expressions:
    """Evaluates expressions for one evaluation of a function or module."""

    def __init__(self, machine: Machine, evaluation: Evaluation) -> None:
        self.machine = machine
        self.evaluation = evaluation
        self.source = evaluation.source
        self.id = evaluation.id
        self.uses: set[Use] = set()

    # What the frame knows

    def look_up(self, name: str) -> Value:
        """Return what a name stands for."""
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Value) -> None:
        """Bind a target."""
        raise NotImplementedError

    # Cells, read on behalf of this evaluation

    def read(self, *key: str | int | None) -> Value:
        """Return what a cell holds."""
        return self.machine.read(key, self.id)

    def write(self, *key: str | int | None, value: Value) -> None:
        """Add to a cell."""
        self.machine.write(key, value)

    def site(self, node: ast.AST, kind: str = "") -> int:
        """Return the number of a place in this evaluation."""
        return self.machine.site(self.id, id(node), kind)

    # Containers

    def container(self, node: ast.AST, items: Mapping[Any, Value], kind: str = "") -> Value:
        """Return a new container with elements by key; None is the key that is not known."""
        site = self.site(node, kind)
        for key, value in items.items():
            self.put(site, key, value)
        return frozenset({Container(site)})

    def put(self, site: int, key: str | None, value: Value) -> None:
        """Store an element."""
        if key is not None:
            self.write("keys", site, value=frozenset({Str(key)}))
        self.write("element", site, key, value=value)

    def keys(self, site: int) -> tuple[str, ...]:
        """Return the keys that a container is known to have."""
        return texts(self.read("keys", site))

    def elements(self, value: Value) -> Value:
        """Return what iterating can give."""
        found = [attributes.iterate(self, atom) for atom in value]
        return union(found)

    def values_of(self, site: int) -> Value:
        """Return what any element can be."""
        found = [self.read("element", site, None)]
        found += [self.read("element", site, key) for key in self.keys(site)]
        return union(found)

    # Evaluation

    def evaluate(self, node: ast.expr | None) -> Value:
        """Return what an expression can be; whatever it calls has been called."""
        if node is None:
            return NOTHING
        method = _METHODS.get(type(node))
        if self.machine.depth > TOO_DEEP:
            return UNKNOWN
        self.machine.depth += 1
        try:
            if method is not None:
                return method(self, node)
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.evaluate(child)
            return UNKNOWN
        finally:
            self.machine.depth -= 1

    def _constant(self, node: ast.Constant) -> Value:
        if isinstance(node.value, str):
            return frozenset({Str(plain_text(node.value))})
        if isinstance(node.value, int) and not isinstance(node.value, bool) and abs(node.value) < 10**18:
            return frozenset({Str(str(node.value))})
        return NOTHING

    def _name(self, node: ast.Name) -> Value:
        return self.look_up(node.id)

    def _joined(self, node: ast.JoinedStr) -> Value:
        return joined([self._part(part) for part in node.values])

    def _part(self, node: ast.expr) -> Value:
        if not isinstance(node, ast.FormattedValue):
            return self.evaluate(node)
        value = self.evaluate(node.value)
        self.evaluate(node.format_spec)
        return value if node.format_spec is None and node.conversion in (-1, ord("s")) else UNKNOWN

    def _attribute(self, node: ast.Attribute) -> Value:
        return union(
            [attributes.attribute(self, atom, node.attr, node) for atom in self.evaluate(node.value)]
        )

    def _subscript(self, node: ast.Subscript) -> Value:
        owner, key = self.evaluate(node.value), self.evaluate(node.slice)
        if isinstance(node.slice, ast.Slice):
            return _without_texts(owner)
        return union([attributes.item(self, atom, key, node) for atom in owner])

    def _slice(self, node: ast.Slice) -> Value:
        for part in (node.lower, node.upper, node.step):
            self.evaluate(part)
        return UNKNOWN

    def _call(self, node: ast.Call) -> Value:
        function = self.evaluate(node.func)
        return calling.call(self, function, self.arguments(node), node)

    def arguments(self, node: ast.Call) -> Arguments:
        """Return what a call passes."""
        positional: list[Value] = []
        named: dict[str, Value] = {}
        rest: Value | None = None
        for argument in node.args:
            value = self.evaluate(argument.value if isinstance(argument, ast.Starred) else argument)
            if not isinstance(argument, ast.Starred):
                positional.append(value)
                continue
            in_order = self._in_order(value)
            if in_order is None:
                rest = union([rest or NOTHING, self.elements(value), UNKNOWN])
            else:
                positional += in_order
        for keyword in node.keywords:
            value = self.evaluate(keyword.value)
            if keyword.arg is not None:
                named[keyword.arg] = value
                continue
            for atom in value:
                if isinstance(atom, Container):
                    for key in self.keys(atom.site):
                        named[key] = union([named.get(key, NOTHING), self.read("element", atom.site, key)])
                    if others := self.read("element", atom.site, None):
                        rest = union([rest or NOTHING, others])
                else:
                    rest = union([rest or NOTHING, UNKNOWN])
            if not value:
                rest = union([rest or NOTHING, UNKNOWN])
        return Arguments(tuple(positional), named, rest)

    def _in_order(self, value: Value) -> list[Value] | None:
        if len(value) != 1:
            return None
        (atom,) = value
        if not isinstance(atom, Container) or self.read("element", atom.site, None):
            return None
        keys = self.keys(atom.site)
        if set(keys) != {str(number) for number in range(len(keys))}:
            return None
        return [self.read("element", atom.site, str(number)) for number in range(len(keys))]

    def _binary(self, node: ast.BinOp) -> Value:
        # Long sums lean to the left, so that side is not recursed into.
        spine: list[ast.BinOp] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            spine.append(left)
            left = left.left
        value = self.evaluate(left)
        for one in reversed(spine):
            other = self.evaluate(one.right)
            if isinstance(one.op, ast.Add):
                value = self._sum(value, other)
            elif isinstance(one.op, ast.Mod):
                value = self._percent(value, other)
            elif isinstance(one.op, ast.Div) and any(isinstance(atom, Str) for atom in other):
                value = UNKNOWN
            else:
                value = _without_texts(union([value, other]))
        return value

    def _sum(self, left: Value, right: Value) -> Value:
        if any(isinstance(atom, Container) for atom in left | right):
            return union([left, right])
        if texts(left) or texts(right):
            return joined([left, right])
        return union([left, right])

    def _percent(self, left: Value, right: Value) -> Value:
        patterns = texts(left)
        if len(patterns) != 1:
            return UNKNOWN
        (atom,) = right if len(right) == 1 else (Unknown(),)
        given = self._in_order(right) if isinstance(atom, Container) else [right]
        pieces = patterns[0].replace("%%", "%%".replace("%", HOLE)).split("%s")
        if given is None or len(given) != len(pieces) - 1 or any("%" in piece for piece in pieces):
            return joined([frozenset({Str(piece)}) for piece in (patterns[0].split("%")[0], HOLE)])
        parts: list[Value] = []
        for piece, value in itertools.zip_longest(pieces, given, fillvalue=NOTHING):
            parts.append(frozenset({Str(piece)}) if isinstance(piece, str) else NOTHING)
            if isinstance(value, frozenset) and len(parts) < 2 * len(pieces) - 1:
                parts.append(value or UNKNOWN)
        return joined(parts)

    def _either(self, node: ast.BoolOp) -> Value:
        return union([self.evaluate(value) for value in node.values])

    def _choice(self, node: ast.IfExp) -> Value:
        self.evaluate(node.test)
        return union([self.evaluate(node.body), self.evaluate(node.orelse)])

    def _compare(self, node: ast.Compare) -> Value:
        for part in (node.left, *node.comparators):
            self.evaluate(part)
        return NOTHING

    def _unary(self, node: ast.UnaryOp) -> Value:
        self.evaluate(node.operand)
        return NOTHING

    def _walrus(self, node: ast.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        self.assign(node.target, value)
        return value

    def _lambda(self, node: ast.Lambda) -> Value:
        definition = self.machine.define(node, self.source, None, "")
        calling.keep_defaults(self, definition)
        return frozenset({Function(definition.index, self.scope())})

    def scope(self) -> int | None:
        """Return the evaluation whose local names a function sees that is defined here; None in a module."""
        raise NotImplementedError

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set) -> Value:
        items: dict[str | None, Value] = {}
        exact = True
        for number, element in enumerate(node.elts):
            if isinstance(element, ast.Starred):
                items[None] = union([items.get(None, NOTHING), self.elements(self.evaluate(element.value))])
                exact = False
            else:
                value = self.evaluate(element)
                key = str(number) if exact and number < 64 and not isinstance(node, ast.Set) else None
                items[key] = union([items.get(key, NOTHING), value])
        return self.container(node, items)

    def _dict(self, node: ast.Dict) -> Value:
        items: dict[str | None, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            found = self.evaluate(value)
            if key is None:
                for atom in found:
                    if isinstance(atom, Container):
                        for name in self.keys(atom.site):
                            items[name] = self.read("element", atom.site, name)
                        items[None] = union([items.get(None, NOTHING), self.read("element", atom.site, None)])
                continue
            names: Iterable[str | None] = texts(self.evaluate(key)) or (None,)
            for one in names:
                items[one] = union([items.get(one, NOTHING), found])
        return self.container(node, items)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
        self._loops(node.generators)
        return self.container(node, {None: self.evaluate(node.elt)})

    def _dict_comprehension(self, node: ast.DictComp) -> Value:
        self._loops(node.generators)
        names: Iterable[str | None] = texts(self.evaluate(node.key)) or (None,)
        value = self.evaluate(node.value)
        return self.container(node, dict.fromkeys(names, value))

    def _loops(self, generators: list[ast.comprehension]) -> None:
        for generator in generators:
            self.assign(generator.target, self.elements(self.evaluate(generator.iter)))
            for condition in generator.ifs:
                self.evaluate(condition)

    def _inner(self, node: Any) -> Value:
        return self.evaluate(node.value)

    def _yields(self, value: Value) -> Value:
        if self.evaluation.definition is not None:
            self.write("generator", self.evaluation.definition.index, value=UNKNOWN)
        self.put(self.machine.site("yields", self.id), None, value)
        return UNKNOWN

    def _yield(self, node: ast.Yield) -> Value:
        return self._yields(self.evaluate(node.value))

    def _yield_from(self, node: ast.YieldFrom) -> Value:
        return self._yields(self.elements(self.evaluate(node.value)))


def _without_texts(value: Value) -> Value:
    """Return the value, of which texts (numbers, too) have become others that are not known."""
    kept = frozenset(atom for atom in value if not isinstance(atom, Str))
    return value if len(kept) == len(value) else kept | UNKNOWN


_METHODS: Mapping[type[ast.expr], Callable[[Expressions, Any], Value]] = {
    ast.Constant: Expressions._constant,
    ast.Name: Expressions._name,
    ast.JoinedStr: Expressions._joined,
    ast.FormattedValue: Expressions._part,
    ast.Attribute: Expressions._attribute,
    ast.Subscript: Expressions._subscript,
    ast.Slice: Expressions._slice,
    ast.Call: Expressions._call,
    ast.BinOp: Expressions._binary,
    ast.BoolOp: Expressions._either,
    ast.IfExp: Expressions._choice,
    ast.Compare: Expressions._compare,
    ast.UnaryOp: Expressions._unary,
    ast.NamedExpr: Expressions._walrus,
    ast.Lambda: Expressions._lambda,
    ast.List: Expressions._sequence,
    ast.Tuple: Expressions._sequence,
    ast.Set: Expressions._sequence,
    ast.Dict: Expressions._dict,
    ast.ListComp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
    ast.DictComp: Expressions._dict_comprehension,
    ast.Await: Expressions._inner,
    ast.Starred: Expressions._inner,
    ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield_from,
}
