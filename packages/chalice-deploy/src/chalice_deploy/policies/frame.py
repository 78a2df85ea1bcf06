"""What statements do: one evaluation of a function with some arguments, or of a module."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalice_deploy.policies import attributes, calling
from chalice_deploy.policies.atoms import (
    NOTHING,
    Class,
    Container,
    External,
    Function,
    Module,
    Value,
    union,
)
from chalice_deploy.policies.expressions import TOO_DEEP, Expressions
from chalice_deploy.policies.machine import Evaluation, Machine, Use


class Frame(Expressions):
    """One evaluation.

    A name that is assigned outside of branches and loops loses what it was; inside of them it can be both.
    """

    def __init__(self, machine: Machine, evaluation: Evaluation) -> None:
        super().__init__(machine, evaluation)
        self._names: dict[str, Value] = {}
        self._globals: set[str] = set()
        self._outer: set[str] = set()
        self._class: Class | None = None
        self._uncertain = 0
        self._looping = 0

    def run(self) -> frozenset[Use]:
        """Evaluate, and return the calls of AWS that are made here."""
        definition = self.evaluation.definition
        if definition is None:
            self.block(self.source.tree.body)
            return frozenset(self.uses)
        node = definition.node
        for name in calling.parameters(node):
            self._bind(name, self.read("argument", self.id, name))
        if isinstance(node, ast.Lambda):
            self.write("result", self.id, value=self.evaluate(node.body))
        else:
            self.block(node.body)
        return frozenset(self.uses)

    # Names

    def look_up(self, name: str) -> Value:
        """Return what a name stands for: here, around, in the module, built in."""
        if self._class is not None:
            if found := self.read("class", self._class.index, name):
                return found
        elif name in self._names and name not in self._globals:
            return self._names[name]
        if name == "__class__" and self.evaluation.definition and self.evaluation.definition.cls is not None:
            return frozenset({Class(self.evaluation.definition.cls)})
        if self._class is not None and name in self._names:
            return self._names[name]
        if name not in self._globals:
            found = self._around(self.evaluation.scopes, name)
            if found:
                return found
        found = attributes.module_name(self, self.source.name, name)
        if found or not hasattr(builtins, name):
            return found
        return frozenset({External(f"builtins.{name}")})

    def _around(self, scopes: Sequence[int], name: str) -> Value:
        seen: set[int] = set()
        waiting = list(scopes)
        found: list[Value] = []
        while waiting:
            scope = waiting.pop(0)
            if scope in seen:
                continue
            seen.add(scope)
            here = self.read("local", scope, name)
            found.append(here)
            if not here:
                waiting += self.machine.evaluations[scope].scopes
        return union(found)

    def assign(self, target: ast.expr, value: Value) -> None:
        """Bind a target to a value."""
        if isinstance(target, ast.Name):
            self._bind(target.id, value)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, value)
        elif isinstance(target, ast.Attribute):
            for atom in self.evaluate(target.value):
                attributes.set_attribute(self, atom, target.attr, value)
        elif isinstance(target, ast.Subscript):
            key = self.evaluate(target.slice)
            for atom in self.evaluate(target.value):
                attributes.set_item(self, atom, key, value)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, self.container(target, {None: self.elements(value)}, "rest"))

    def _unpack(self, targets: Sequence[ast.expr], value: Value) -> None:
        for number, target in enumerate(targets):
            if any(isinstance(one, ast.Starred) for one in targets[: number + 1]):
                element = value if isinstance(target, ast.Starred) else self.elements(value)
            else:
                element = union([self._numbered(atom, number) for atom in value])
            self.assign(target, element)

    def _numbered(self, atom: Any, number: int) -> Value:
        if isinstance(atom, Container):
            site, key = atom.site, str(number)
            return union([self.read("element", site, key), self.read("element", site, None)])
        return attributes.iterate(self, atom)

    def _bind(self, name: str, value: Value) -> None:
        if self._class is not None:
            self.write("class", self._class.index, name, value=value)
            return
        definition = self.evaluation.definition
        if definition is None or name in self._globals:
            self.write("global", self.source.name, name, value=value)
        if definition is None:
            return
        if name in self._outer:
            for scope in self.evaluation.scopes:
                self.write("local", scope, name, value=value)
        if self._uncertain and name in self._names:
            value = union([self._names[name], value])
        self._names[name] = value
        if definition.nests:
            self.write("local", self.id, name, value=value)

    def scope(self) -> int | None:
        """Return this evaluation, whose names are kept for the function from now on; None in a module."""
        definition = self.evaluation.definition
        if definition is None:
            return None
        if not definition.nests:
            definition.nests = True
            for name, value in self._names.items():
                self.write("local", self.id, name, value=value)
        return self.id

    # Statements

    def block(self, statements: Sequence[ast.stmt]) -> None:
        """Execute statements."""
        if self.machine.depth > TOO_DEEP:
            return
        self.machine.depth += 1
        try:
            for statement in statements:
                method = _STATEMENTS.get(type(statement))
                if method is not None:
                    method(self, statement)
                    continue
                for child in ast.iter_child_nodes(statement):
                    if isinstance(child, ast.expr):
                        self.evaluate(child)
        finally:
            self.machine.depth -= 1

    def _branch(self, statements: Sequence[ast.stmt]) -> None:
        self._uncertain += 1
        self.block(statements)
        self._uncertain -= 1

    def _loop(self, body: Callable[[], None]) -> None:
        # What one turn leaves behind is there in the next one.
        turns = 1 if self._looping else 2
        self._looping += 1
        self._uncertain += 1
        for _ in range(turns):
            body()
        self._uncertain -= 1
        self._looping -= 1

    def _expression(self, node: ast.Expr) -> None:
        self.evaluate(node.value)

    def _assignment(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            self.assign(target, value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value))
        elif self._class is not None and isinstance(node.target, ast.Name):
            found = calling.annotated(self, node.annotation)
            self.write("declared", self._class.index, node.target.id, value=found)

    def _augmented(self, node: ast.AugAssign) -> None:
        as_read: ast.expr = node.target
        before, added = self.evaluate(as_read), self.evaluate(node.value)
        if isinstance(node.op, ast.Add):
            self.assign(node.target, self._sum(before, added))
        else:
            self.assign(node.target, union([before, added]))

    def _return(self, node: ast.Return) -> None:
        self.write("result", self.id, value=self.evaluate(node.value))

    def _if(self, node: ast.If) -> None:
        # Every `elif` is the `else` of the one before; hundreds of them are no depth.
        current = node
        while True:
            self.evaluate(current.test)
            if not _never_in_lambda(current.test):
                self._branch(current.body)
            if len(current.orelse) != 1 or not isinstance(current.orelse[0], ast.If):
                break
            current = current.orelse[0]
        self._branch(current.orelse)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        def turn() -> None:
            self.assign(node.target, self.elements(iterated))
            self.block(node.body)

        iterated = self.evaluate(node.iter)
        self._loop(turn)
        self._branch(node.orelse)

    def _while(self, node: ast.While) -> None:
        def turn() -> None:
            self.evaluate(node.test)
            self.block(node.body)

        self._loop(turn)
        self._branch(node.orelse)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            manager = self.evaluate(item.context_expr)
            entered = union([attributes.enter(self, atom, item.context_expr) for atom in manager])
            if item.optional_vars is not None:
                self.assign(item.optional_vars, entered)
        self.block(node.body)

    def _try(self, node: Any) -> None:
        self._branch(node.body)
        for handler in node.handlers:
            self.evaluate(handler.type)
            self._branch(handler.body)
        self._branch(node.orelse)
        self.block(node.finalbody)

    def _match(self, node: ast.Match) -> None:
        subject = self.evaluate(node.subject)
        for case in node.cases:
            self._uncertain += 1
            for pattern in ast.walk(case.pattern):
                if isinstance(pattern, ast.MatchValue):
                    self.evaluate(pattern.value)
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if isinstance(name, str):
                    whole = isinstance(pattern, ast.MatchAs) and pattern is case.pattern
                    self._bind(name, subject if whole else union([subject, self.elements(subject)]))
            self.evaluate(case.guard)
            self.block(case.body)
            self._uncertain -= 1

    def _global(self, node: ast.Global) -> None:
        self._globals.update(node.names)

    def _nonlocal(self, node: ast.Nonlocal) -> None:
        self._outer.update(node.names)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Attribute | ast.Subscript):
                self.evaluate(target.value)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            loaded = self.machine.load(alias.name, self.id)
            if alias.asname is not None:
                self._bind(alias.asname, loaded or frozenset({External(alias.name)}))
            else:
                top = alias.name.partition(".")[0]
                self._bind(top, frozenset({Module(top) if loaded else External(top)}))

    def _import_from(self, node: ast.ImportFrom) -> None:
        name = node.module or ""
        if node.level:
            base = self.source.parent.split(".") if self.source.parent else []
            kept = base[: len(base) - (node.level - 1)] if node.level > 1 else base
            name = ".".join([*kept, *([name] if name else [])])
        module = self.machine.load(name, self.id) if name else NOTHING
        for alias in node.names:
            if alias.name == "*":
                star = module or frozenset({External(name)})
                self.write("stars", self.source.name, value=star)
                continue
            if node.level and not name:
                value = self.machine.load(alias.name, self.id)
            elif module:
                value = attributes.attribute(self, Module(name), alias.name, node)
            else:
                value = frozenset({External(f"{name}.{alias.name}")})
            self._bind(alias.asname or alias.name, value)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        cls = None if self._class is None else self._class.index
        definition = self.machine.define(node, self.source, cls, _kind(node) if cls is not None else "")
        calling.keep_defaults(self, definition)
        value: Value = frozenset({Function(definition.index, self.scope())})
        for decorator in reversed(node.decorator_list):
            value = calling.decorate(self, self.evaluate(decorator), value, decorator)
        self._bind(node.name, value)

    def _class_statement(self, node: ast.ClassDef) -> None:
        definition = self.machine.define_class(node, self.source)
        made = Class(definition.index, self.scope())
        for base in node.bases:
            self.write("bases", made.index, value=self.evaluate(base))
        for keyword in node.keywords:
            self.evaluate(keyword.value)
        outer, self._class = self._class, made
        self.block(node.body)
        self._class = outer
        value: Value = frozenset({made})
        for decorator in reversed(node.decorator_list):
            value = calling.decorate(self, self.evaluate(decorator), value, decorator)
        self._bind(node.name, value)


def _never_in_lambda(test: ast.expr) -> bool:
    """Return whether this is the condition of a module that is run as a program."""
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and len(test.ops) == 1
        and isinstance(test.ops[0], ast.Eq)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value == "__main__"
    )


def _kind(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    for decorator in node.decorator_list:
        name = decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")
        if name in ("property", "cached_property", "setter", "getter"):
            return "property"
        if name in ("staticmethod", "classmethod"):
            return str(name.removesuffix("method"))
    return "class" if node.name in ("__new__", "__init_subclass__", "__class_getitem__") else ""


_STATEMENTS: Mapping[type[ast.stmt], Callable[[Frame, Any], None]] = {
    ast.Expr: Frame._expression,
    ast.Assign: Frame._assignment,
    ast.AnnAssign: Frame._annotated,
    ast.AugAssign: Frame._augmented,
    ast.Return: Frame._return,
    ast.If: Frame._if,
    ast.For: Frame._for,
    ast.AsyncFor: Frame._for,
    ast.While: Frame._while,
    ast.With: Frame._with,
    ast.AsyncWith: Frame._with,
    ast.Try: Frame._try,
    ast.Match: Frame._match,
    ast.Global: Frame._global,
    ast.Nonlocal: Frame._nonlocal,
    ast.Delete: Frame._delete,
    ast.Import: Frame._import,
    ast.ImportFrom: Frame._import_from,
    ast.FunctionDef: Frame._function,
    ast.AsyncFunctionDef: Frame._function,
    ast.ClassDef: Frame._class_statement,
    **({getattr(ast, "TryStar"): Frame._try} if hasattr(ast, "TryStar") else {}),  # noqa: B009
}
