"""Formulas read when only some cells of a world are known, and the relations that facts and rules alone decide.

Part of what has to be right for the checker to be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nsr.language.closure import least_fixed_point
from nsr.language.ir import Apply, Equal, Literal, Quantified
from nsr.language.joins import uses_of
from nsr.language.meaning import Evaluator, NoEntry
from nsr.language.relations import components_of
from nsr.language.sorts import BOOL
from nsr.language.truth import ThreeValued
from nsr.language.values import UNDEFINED

if TYPE_CHECKING:
    from nsr.language.ir import Program, Question, Structure, Term
    from nsr.language.meaning import Bindings
    from nsr.language.sorts import Value
    from nsr.limits import Budget
    from nsr.proofs.steps import Clause

__all__ = ["Cells", "Decided", "KnownCells", "Reader", "cells_of"]

Cells = dict[str, dict[tuple["Value", ...], "Value"]]
"""Values by symbol and arguments, of which some may be missing."""


def cells_of(clauses: Iterable[Clause]) -> Cells | None:
    """What clauses of one say about single cells: `p(a)`, its denial, `f(a) == b`; None if one says something else."""
    cells: Cells = {}
    for clause in clauses:
        if len(clause) != 1:
            return None
        match clause[0].atom:
            case Apply(symbol, args, sort) if sort == BOOL:
                value: Value = clause[0].is_positive
            case Equal(Apply(symbol, args), Literal(value)) if clause[0].is_positive:
                pass
            case _:
                return None
        if not all(isinstance(arg, Literal) for arg in args):
            return None
        cells.setdefault(symbol, {})[tuple(arg.value for arg in args if isinstance(arg, Literal))] = value
    return cells


_OPEN = (NoEntry, ValueError, KeyError)
"""What the evaluator raises at a cell without a value, a type without end, and a variable that stands for no value."""


class KnownCells(Evaluator):
    """An evaluator to whom a relation is not false where its values leave an argument out, but not known."""

    __slots__ = ()

    def entry(self, symbol: str, key: tuple[Value, ...]) -> Value:
        try:
            return self.structure[symbol][key]
        except KeyError:
            raise NoEntry(symbol, key) from None


class Reader(ThreeValued):
    """Truth as far as the cells decide it: what is said is so in every world with these cells.

    `truth` raises BudgetExceeded if it takes more than the budget.
    """

    def __init__(self, program: Program, cells: Structure, budget: Budget) -> None:
        self.evaluator = KnownCells(cells, program, budget)
        self._program = program

    def quantified(self, term: Quantified, env: Bindings) -> bool | None:
        """Open where the cells do not say what it goes over."""
        try:
            return self.over(term, self.evaluator.bindings(term.binders, env))
        except _OPEN:
            return None

    def atom(self, term: Term, env: Bindings) -> bool | None:
        """As the evaluator has it, open where it looks for a cell without a value; definitions are looked into."""
        if isinstance(term, Apply) and term.symbol in self._program.definitions:
            return self._unfolded(term.symbol, term.args, env)
        try:
            return self.evaluator.holds(term, env)
        except _OPEN:
            return None

    def _unfolded(self, symbol: str, args: Sequence[Term], env: Bindings) -> bool | None:
        row = self.row(args, env)
        if row is None:
            return None
        definition = self._program.definitions[symbol]
        return self.truth(definition.body, {p.name: v for p, v in zip(definition.parameters, row, strict=True)})

    def row(self, args: Sequence[Term], env: Bindings) -> tuple[Value, ...] | None:
        """The values of arguments; None if one is undefined, `none` or not known."""
        values: list[Value] = []
        for arg in args:
            try:
                value = self.evaluator.value(arg, env)
            except _OPEN:
                return None
            if value is UNDEFINED or value is None:
                return None
            values.append(value)
        return tuple(values)


class Decided:
    """The relations of a question that facts and rules alone decide, and their rows.

    Those that depend, near or far, on no unknown and on no negation that turns back on itself; worked out once, by the
    reference evaluator.
    """

    def __init__(self, program: Program, question: Question, budget: Budget) -> None:
        self._program = program
        self._question = question
        self._budget = budget
        self._rows: Cells | None = None
        self.order: list[tuple[str, tuple[Value, ...]]] = []

    def under(self, budget: Budget) -> Decided:
        """The same, with what has been worked out, under another budget."""
        other = Decided(self._program, self._question, budget)
        other._rows, other.order = self._rows, list(self.order)
        return other

    @property
    def rows(self) -> Structure:
        """The rows where each of them holds; `order` then has them in the order in which they were found.

        Raises:
            BudgetExceeded: if working them out takes more than the budget.
        """
        if self._rows is None:
            self._rows = self._worked_out()
        return self._rows

    def truth(self, term: Term, env: Bindings) -> bool | None:
        """The truth of a formula that speaks of nothing else, None if it does, or if it has no end."""
        program = self._program
        if (_symbols_of(program, term) & program.symbols.keys()) - self._closed():
            return None
        try:
            return Evaluator(self.rows, program, self._budget).holds(term, env)
        except _OPEN:
            return None

    def _closed(self) -> set[str]:
        known = {f.name for f in self._program.symbols.values() if f.kind in ("param", "define")}
        return known | self.rows.keys()

    def _worked_out(self) -> Cells:
        program, question = self._program, self._question
        rows: Cells = {}
        waiting = {f.name for f in (*program.unknowns(), *program.relations())}
        for component in components_of(program, question):
            if not component.is_stratified or component.uses & (waiting - component.relations):
                continue
            evaluator, order = Evaluator(rows, program, self._budget), list[tuple[str, tuple["Value", ...]]]()
            try:
                found = least_fixed_point(
                    evaluator, evaluator.holds, component.relations, component.facts, component.plans, order
                )
            except (NoEntry, ValueError):
                continue
            self.order += order
            rows |= {name: dict.fromkeys(found[name], True) for name in component.relations}
            waiting -= component.relations
        return rows


def _symbols_of(program: Program, term: Term) -> frozenset[str]:
    uses = uses_of(term, program)
    return uses.growing | uses.fixed
