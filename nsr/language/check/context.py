"""What the parts of the checker share: declared names, reporting, and declaring on demand.

Declarations may stand in any order. All of them are registered first; the first look at a name declares it. A name
whose declaration failed stays known as failed, so that one cause speaks once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from nsr.diagnostics import Diagnostic, Fix, Label, Severity, Span, nearest
from nsr.language import ast, ir
from nsr.language.sorts import BoolSort, Element, EnumSort, IntSort, OpenSort, RealSort, SetSort, Sort, element

Scope: TypeAlias = Mapping[str, ir.Variable | None]
"""Bound variables by name; None for one whose domain failed."""

MAX_DEMAND_DEPTH = 100
"""How deep declarations may rest on each other."""

MAX_TERM_DEPTH = 1_000
"""How deep a definition may be with the definitions in it unfolded: evaluation recurses that deep."""

_NEAREST_WORK = 200_000
"""How many names may be compared in one check to find near ones: the search is slow."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A checked expression: its term and sort.

    `sort` None is the literal `none` before it is known whose. `shift`: the term is a position (from 1) of this
    ordered type, as `mon + 1` is, and may lie outside.
    """

    term: ir.Term
    sort: Sort | None
    shift: EnumSort | None = None
    may_be_none: bool = False


@dataclass(slots=True)
class Context:
    """State of one check.

    `statement` is the index of the statement being checked. `root`: the folder below which data files are read.
    `facts`: the tables of relations. `two_sided`: by name, its relations of what is known true and known false.
    `derived`: what facts and rules speak of; `settled`: the relations that the data alone decide, as tables.
    `key_tables`: by name of a table, that of the table of its keys. `constants`: the constants of open types whose
    things may coincide, which are symbols. `allows_modal` is set while goals and options are checked.
    """

    source: str
    statement: int = -1
    root: Path | None = None
    facts: list[ir.Facts] = field(default_factory=list)
    two_sided: dict[str, tuple[str, str]] = field(default_factory=dict)
    constants: set[str] = field(default_factory=set)
    settled: dict[str, ir.Table] = field(default_factory=dict)
    derived: set[str] = field(default_factory=set)
    key_tables: dict[str, str] = field(default_factory=dict)
    allows_modal: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sorts: dict[str, Sort] = field(default_factory=dict)
    symbols: dict[str, ir.Function] = field(default_factory=dict)
    definitions: dict[str, ir.Definition] = field(default_factory=dict)
    tables: dict[str, ir.Table] = field(default_factory=dict)
    elements: dict[str, list[EnumSort | OpenSort]] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    sort_places: dict[str, Span] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    failed_sorts: set[str] = field(default_factory=set)
    depths: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    extra: list[ir.Requirement] = field(default_factory=list)
    requirement_names: set[str] = field(default_factory=set)
    has_partial: bool = False
    _pending: dict[str, Callable[[], None]] = field(default_factory=dict)
    _pending_sorts: dict[str, Callable[[], None]] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _variables: dict[str, int] = field(default_factory=dict)
    _compared: int = 0
    _element_indices: dict[str, dict[str, int]] = field(default_factory=dict)
    _places_reported: set[tuple[str, Span]] = field(default_factory=set)

    # Reporting

    def error(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        found: str = "",
        help: str = "",
        expected: tuple[str, ...] = (),
        labels: tuple[Label, ...] = (),
        fix: Fix | None = None,
    ) -> None:
        """Report an error; a second one of the same code at the same place is dropped."""
        self._report(Diagnostic(code, message, span, Severity.ERROR, found, labels, help, expected, fix))

    def warn(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        found: str = "",
        help: str = "",
        labels: tuple[Label, ...] = (),
        fix: Fix | None = None,
    ) -> None:
        """Report a warning."""
        self._report(Diagnostic(code, message, span, Severity.WARNING, found, labels, help, (), fix))

    def _report(self, diagnostic: Diagnostic) -> None:
        place = (diagnostic.code, diagnostic.span)
        if place not in self._places_reported:
            self._places_reported.add(place)
            self.diagnostics.append(diagnostic)

    def unsupported(self, span: Span, construct: str, help: str) -> None:
        """Refuse a construct of the language that is not built yet."""
        self.error("unsupported", span, f"{construct} is not supported yet", found="not supported", help=help)

    def nearest(self, name: str, candidates: Mapping[str, object] | list[str]) -> tuple[str, ...]:
        """Names close in spelling; nothing once the search has cost too much in this check."""
        if self._compared > _NEAREST_WORK:
            return ()
        self._compared += len(candidates)
        return nearest(name, candidates)

    def declared_here(self, name: str) -> tuple[Label, ...]:
        """A label at the declaration of a symbol."""
        place = self.places.get(name)
        return (Label(place, "declared here"),) if place is not None else ()

    # Names

    def origin(self, node: ast.Node) -> ir.Origin:
        """Where a term made from `node` came from."""
        return ir.Origin(self.statement, node.span)

    def add_pending(self, name: str, declare: Callable[[], None]) -> None:
        """Register a symbol to be declared at the first look."""
        self._pending[name] = declare

    def add_pending_sort(self, name: str, declare: Callable[[], None]) -> None:
        """Register a type to be declared at the first look."""
        self._pending_sorts[name] = declare

    def is_pending_sort(self, name: str) -> bool:
        """Whether the type is registered and not yet looked at."""
        return name in self._pending_sorts

    def symbol(self, name: str) -> ir.Function | None:
        """The symbol of that name, declared now if it is pending; None if there is none or it failed."""
        if name in self._pending:
            self._demand(name, self._pending)
        return self.symbols.get(name)

    def sort(self, name: str) -> Sort | None:
        """The declared type of that name, declared now if it is pending."""
        if name in self._pending_sorts:
            self._demand(name, self._pending_sorts)
        return self.sorts.get(name)

    def _demand(self, name: str, pending: dict[str, Callable[[], None]]) -> None:
        declare = pending.pop(name)
        if len(self._open) >= MAX_DEMAND_DEPTH:
            self.failed.add(name)
            self.error(
                "too-deep",
                self.places.get(name, Span(0, 0)),
                f"`{name}` rests on more than {MAX_DEMAND_DEPTH} declarations that rest on each other",
                help="declare what others use first",
            )
            return
        statement = self.statement
        self._open.append(name)
        try:
            declare()
        finally:
            self._open.pop()
            self.statement = statement

    def is_open(self, name: str) -> bool:
        """Whether the declaration of the name is being checked just now, so that it rests on itself."""
        return name in self._open

    def open_since(self, name: str) -> tuple[str, ...]:
        """The declarations that rest on each other, from `name` to the one being checked."""
        return tuple(self._open[self._open.index(name) :])

    def element(self, sort: EnumSort | OpenSort, name: str) -> Element | None:
        """The element of that name of a type, or None."""
        indices = self._element_indices.get(sort.name)
        if indices is None:
            names = sort.elements if isinstance(sort, EnumSort) else sort.constants
            indices = self._element_indices[sort.name] = {e: i for i, e in enumerate(names)}
        index = indices.get(name)
        return None if index is None else element(sort.name, name, index)

    def fresh_variable(self, name: str, sort: Sort, origin: ir.Origin) -> ir.Variable:
        """A bound variable under a name that no other variable of the program has."""
        count = self._variables.get(name, 0)
        self._variables[name] = count + 1
        return ir.Variable(name if count == 0 else f"{name}.{count + 1}", sort, origin=origin)

    def requirement_name(self, wanted: str) -> str:
        """`wanted`, or with underscores after it, so that no two requirements have one name."""
        while wanted in self.requirement_names:
            wanted += "_"
        self.requirement_names.add(wanted)
        return wanted

    def auxiliary_name(self, wanted: str, base: ir.Function) -> str:
        """`wanted`, or with underscores after it, for a symbol that stands in no source; placed where `base` is."""
        while wanted in self.places:
            wanted += "_"
        self.places[wanted] = self.places[base.name]
        self.used.add(wanted)
        return wanted

    def all_names(self) -> list[str]:
        """Everything that may stand where a value is wanted."""
        return [*self.elements, *(n for n, s in self.symbols.items() if not s.is_auxiliary), *self._pending]

    def program(self) -> ir.Program:
        """What is declared so far, for evaluating terms that speak of data alone."""
        return ir.Program(self.sorts, self.symbols, self.definitions, {**self.tables, **self.settled}, (), ())


Handler: TypeAlias = Callable[[Context, ast.Call, Scope, Sort | None], Typed | None]
"""Checks a call of a built-in function, given the sort that is expected."""


def describe(typed: Typed) -> str:
    """A sort in words, for messages."""
    if typed.shift is not None:
        return f"a position of `{typed.shift}`"
    match typed.sort:
        case None:
            return "`none`"
        case EnumSort(name) | OpenSort(name):
            return f"an element of `{name}`"
        case sort:
            return describe_sort(sort)


def describe_sort(sort: Sort) -> str:
    """A sort in words, for messages."""
    match sort:
        case BoolSort():
            return "a truth value"
        case IntSort(None, None, None) | RealSort(name=None):
            return "a number"
        case SetSort(IntSort(None, None, None) | RealSort(name=None)):
            return "a set of numbers"
        case SetSort(element_sort):
            return f"a set of {describe_sort(element_sort)} elements"
        case _:
            return f"`{sort}`"
