"""Runs the analysed program in the abstract, until nothing new is found.

A function is evaluated once for each combination of arguments that it is seen to be called with, so that
a helper that is called with two tables' names gives each caller its own.  Whatever outlives an evaluation
(global names, attributes, elements, results) lives in cells.  Cells only ever grow, and an evaluation that
read a cell that grows is done again; that ends, for cells and combinations are limited in number and size.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalice_deploy.policies.atoms import (
    LIMIT,
    NOTHING,
    UNKNOWN,
    Application,
    Container,
    Function,
    Module,
    Place,
    Str,
    Value,
    union,
)
from chalice_deploy.policies.sources import Source, Sources

CONTEXTS = ((12, 256), (40, 64))
"""Lines of a function to the combinations of arguments that it is told apart by; the others share one.

Short functions are those that return a client or a table by its name.
"""

CONTEXTS_OF_LONG = 24

DEEPEST = 100
"""Nested expressions and statements, calls included, below which calls wait for their turn."""

_DEPTH_OF_CALL = 6

Key = tuple[str | int | None, ...]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A call of an operation of AWS.

    Args:
        service: botocore's name.
        operation: ``PutItem``.
        parameters: by the operation's names; those that are not known to be given are missing.
        open: there may be parameters besides.
        path: of the file, relative to the project.
        line: counted from 1.
        method: as the program calls it, ``put_item``.
    """

    service: str
    operation: str
    parameters: tuple[tuple[str, Value], ...]
    open: bool
    place: Place
    path: str
    line: int
    method: str


@dataclass(slots=True, kw_only=True, eq=False)
class Definition:
    """A function of the project.

    Args:
        kind: ``property``, ``static``, ``class`` or empty.
        cls: index of the class that it is a method of.
        nests: functions or classes were seen within, which see its local names.
    """

    index: int
    node: FunctionNode
    source: Source
    name: str
    kind: str = ""
    cls: int | None = None
    nests: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class ClassDefinition:
    """A class of the project."""

    index: int
    node: ast.ClassDef
    source: Source
    fields: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True, eq=False)
class Evaluation:
    """A function with some arguments, or a module.

    Args:
        definition: None for a module.
        scopes: evaluations whose local names it sees.
        uses: what it calls itself.
        calls: the evaluations that it leads to.
    """

    id: int
    source: Source
    definition: Definition | None = None
    scopes: list[int] = field(default_factory=list)
    uses: frozenset[Use] = frozenset()
    calls: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Entry:
    """A function that the application hands to Chalice.

    Args:
        handler: ``module.function``.
        decorator: ``route``.
        evaluation: of it.
    """

    application: Application
    handler: str
    decorator: str
    evaluation: int
    path: str
    line: int


class Machine:
    """Everything that the analysis of one project knows."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.evaluations: list[Evaluation] = []
        self.definitions: list[Definition] = []
        self.classes: list[ClassDefinition] = []
        self.entries: set[Entry] = set()
        self.depth = 0
        self._cells: dict[Key, Value] = {}
        self._wide: set[Key] = set()
        self._readers: dict[Key, set[int]] = {}
        self._known: dict[object, int] = {}
        self._contexts: dict[int, int] = {}
        self._members: dict[str | int | None, set[Key]] = {}
        self._generators: set[int] = set()
        self._queue: dict[int, None] = {}
        self._active: set[int] = set()
        self._done: set[int] = set()

    def run(self) -> None:
        """Evaluate the application's module and all that follows from it.

        Raises:
            MissingSourceError: there is no such file.
            UnreadableSourceError: a file of the project that is imported is no Python.
        """
        main = self.sources.entry()
        self._start(self._evaluation(("module", main.name), main))
        while self._queue:
            number = next(iter(self._queue))
            del self._queue[number]
            self._evaluate(number)

    # Cells

    def read(self, key: Key, reader: int) -> Value:
        """Return what a cell holds, and evaluate the reader again should it grow."""
        self._readers.setdefault(key, set()).add(reader)
        return self._cells.get(key, NOTHING)

    def peek(self, key: Key) -> Value:
        """Return what a cell holds."""
        return self._cells.get(key, NOTHING)

    def peek_class(self, index: int) -> Value:
        """Return what any attribute of a class holds."""
        return union(self._cells[key] for key in sorted(self._members.get(index, ()), key=str))

    def write(self, key: Key, value: Value) -> None:
        """Add to a cell."""
        before = self._cells.get(key, NOTHING)
        if value <= before:
            return
        after = before | value
        if key in self._wide or len(after) > LIMIT:
            self._wide.add(key)
            others = frozenset(atom for atom in after if not isinstance(atom, Str))
            # Which of very many things it is makes no difference any more.
            after = (others if len(others) <= 4 * LIMIT else before) | UNKNOWN
            if after <= before:
                return
        self._cells[key] = after
        if key[0] == "class":
            self._members.setdefault(key[1], set()).add(key)
        for reader in self._readers.get(key, ()):
            self._enqueue(reader)

    # Definitions

    def site(self, *where: object) -> int:
        """Return a number for a place of the program, the same one every time."""
        return self._known.setdefault(("site", *where), len(self._known))

    def define(self, node: FunctionNode, source: Source, cls: int | None, kind: str) -> Definition:
        """Return the definition of a function."""
        index = self._known.setdefault(("function", id(node)), len(self.definitions))
        if index == len(self.definitions):
            name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
            definition = Definition(index=index, node=node, source=source, name=name, cls=cls, kind=kind)
            self.definitions.append(definition)
        return self.definitions[index]

    def define_class(self, node: ast.ClassDef, source: Source) -> ClassDefinition:
        """Return the definition of a class."""
        index = self._known.setdefault(("class", id(node)), len(self.classes))
        if index == len(self.classes):
            fields = tuple(
                one.target.id
                for one in node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            )
            self.classes.append(ClassDefinition(index=index, node=node, source=source, fields=fields))
        return self.classes[index]

    # Evaluations

    def load(self, name: str, importer: int) -> Value:
        """Return a module of the project, its body evaluated; nothing for one that is elsewhere."""
        source = self.sources.find(name)
        if source is None:
            return NOTHING
        parent = name.rpartition(".")[0]
        if parent:
            self.load(parent, importer)
        evaluation = self._evaluation(("module", name), source)
        self.evaluations[importer].calls.add(evaluation.id)
        self._start(evaluation)
        return frozenset({Module(name)})

    def call(self, function: Function, arguments: Mapping[str, Value], caller: int) -> Value:
        """Return what a function returns for arguments, by name of the parameter."""
        number = self.call_number(function, arguments, caller)
        if self.read(("generator", function.index), caller):
            site = self.site("yields", number)
            self._generators.add(site)
            return frozenset({Container(site)})
        return self.read(("result", number), caller)

    def is_generator(self, site: int) -> bool:
        """Return whether a container is what a generator function returns."""
        return site in self._generators

    def call_number(self, function: Function, arguments: Mapping[str, Value], caller: int) -> int:
        """Return the evaluation of a function for arguments; it has begun."""
        definition = self.definitions[function.index]
        chosen = tuple(sorted((name, value) for name, value in arguments.items()))
        key: object = ("call", function, tuple(chosen))
        if key not in self._known:
            count = self._contexts[function.index] = self._contexts.get(function.index, 0) + 1
            if count > _contexts(definition.node):
                key = ("call", function.index)
        evaluation = self._evaluation(key, definition.source, definition)
        if function.scope is not None and function.scope not in evaluation.scopes:
            evaluation.scopes.append(function.scope)
            self._again(evaluation.id)
        for name, value in arguments.items():
            self.write(("argument", evaluation.id, name), value)
        self.evaluations[caller].calls.add(evaluation.id)
        self._start(evaluation)
        return evaluation.id

    def _evaluation(self, key: object, source: Source, definition: Definition | None = None) -> Evaluation:
        number = self._known.setdefault(key, len(self.evaluations))
        if number == len(self.evaluations):
            self.evaluations.append(Evaluation(id=number, source=source, definition=definition))
        return self.evaluations[number]

    def _start(self, evaluation: Evaluation) -> None:
        if evaluation.id in self._done or evaluation.id in self._active:
            return
        if self.depth > DEEPEST:
            self._enqueue(evaluation.id)
        else:
            self._evaluate(evaluation.id)

    def _again(self, number: int) -> None:
        if number in self._done or number in self._active:
            self._enqueue(number)

    def _enqueue(self, number: int) -> None:
        self._queue[number] = None

    def _evaluate(self, number: int) -> None:
        from chalice_deploy.policies.frame import Frame

        self._done.add(number)
        self._active.add(number)
        # Python's own stack grows by as much as by this many nested expressions.
        self.depth += _DEPTH_OF_CALL
        evaluation = self.evaluations[number]
        try:
            evaluation.uses = Frame(self, evaluation).run()
        finally:
            self.depth -= _DEPTH_OF_CALL
            self._active.discard(number)


def _contexts(node: FunctionNode) -> int:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    return next((contexts for longest, contexts in CONTEXTS if lines <= longest), CONTEXTS_OF_LONG)
