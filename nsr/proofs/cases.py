"""Case distinctions as data, and their check: no assignment of the unknowns satisfies a question and a formula.

A distinction goes through all values of one unknown cell after the other; every way ends at something that is false
whatever the cells not yet looked at are. The checker trusts nothing in it: it counts the values of each cell itself,
and reads what is said to be false with the reference evaluator, three-valued where cells are missing. How the
distinction was found is no matter to it (`nsr.proofs.case_search` is one way).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, assert_never

from nsr.language.ir import AllDifferent, Quantified
from nsr.language.recursion import RecursionRoom
from nsr.language.sorts import has_value, sort_values
from nsr.language.values import UNDEFINED, all_different
from nsr.proofs.reading import Decided, KnownCells, Reader

if TYPE_CHECKING:
    from nsr.language.ir import Function, Program, Question, Structure, Term
    from nsr.language.meaning import Bindings
    from nsr.language.sorts import Value
    from nsr.limits import Budget
    from nsr.proofs.reading import Cells

__all__ = ["Broken", "Cases", "Clash", "Split", "check_cases", "count_of"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A requirement of this name is false, or the formula where there is none.

    `values` stand for the variables that it is for all of, from the outside.
    """

    name: str | None
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """Two cells with the same value, of a `distinct` symbol or of two that are declared to differ."""

    one: tuple[str, tuple[Value, ...]]
    other: tuple[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Split:
    """A cell with each of its values, and what becomes of that."""

    symbol: str
    key: tuple[Value, ...]
    branches: tuple[tuple[Value, Cases], ...]


Cases: TypeAlias = Split | Broken | Clash


def count_of(cases: Cases) -> int:
    """How many ways there are."""
    return sum(count_of(below) for _, below in cases.branches) if isinstance(cases, Split) else 1


def check_cases(program: Program, question: Question, formula: Term | None, cases: Cases, budget: Budget) -> str | None:
    """None if the distinction leaves no world in which the formula is true, and no world at all without one; else why.

    Raises:
        BudgetExceeded: if it takes more than the budget.
    """
    checker = _Checker(program, question, formula, budget)
    with RecursionRoom():
        return checker.wrong_in(cases)


class _Known(KnownCells):
    """The cells so far, and beside them the rows that facts and rules alone decide."""

    __slots__ = ("rows",)

    def __init__(self, cells: Structure, rows: Structure, program: Program, budget: Budget) -> None:
        super().__init__(cells, program, budget)
        self.rows = rows

    def entry(self, symbol: str, key: tuple[Value, ...]) -> Value:
        return key in self.rows[symbol] if symbol in self.rows else super().entry(symbol, key)


class _Partial(Reader):
    """A reader that sees two equal values among several as soon as they are there."""

    def __init__(self, cells: Structure, rows: Structure, program: Program, budget: Budget) -> None:
        super().__init__(program, cells, budget)
        self.evaluator = _Known(cells, rows, program, budget)

    def truth(self, term: Term, env: Bindings) -> bool | None:
        if isinstance(term, AllDifferent):
            rows = [self.row((arg,), env) for arg in term.args]
            if not all_different(value for row in rows if row is not None for value in row):
                return False
        return super().truth(term, env)


class _Checker:
    """The values of the cells so far, and what can be said with them."""

    def __init__(self, program: Program, question: Question, formula: Term | None, budget: Budget) -> None:
        self._program = program
        self._formula = formula
        self._budget = budget
        self._required = {r.name: r.formula for r in program.requirements_of(question)}
        self._unknowns = {f.name: f for f in program.unknowns()}
        self._cells: Cells = {name: {} for name in self._unknowns}
        rows = Decided(program, question, budget).rows if program.relations() else {}
        self._reader = _Partial(self._cells, rows, program, budget)

    def wrong_in(self, cases: Cases) -> str | None:
        """What is wrong with a distinction below the values so far."""
        self._budget.spend(5)
        match cases:
            case Split(symbol, key, branches):
                return self._wrong_in_split(symbol, key, branches)
            case Broken(name, values):
                return self._wrong_in_end(name, values)
            case Clash(one, other):
                return None if self._do_clash(one, other) else f"{one[0]} and {other[0]} do not clash"
            case _:
                assert_never(cases)

    def _wrong_in_split(
        self, symbol: str, key: tuple[Value, ...], branches: tuple[tuple[Value, Cases], ...]
    ) -> str | None:
        function = self._unknowns.get(symbol)
        if function is None or not _is_cell(function, key):
            return f"`{symbol}` is no unknown, or has no such argument"
        if key in self._cells[symbol]:
            return f"`{symbol}` has its value already"
        values = [*sort_values(function.value), *([None] if function.is_optional else [])]
        if [value for value, _ in branches] != values:
            return f"these are not the values of `{symbol}`"
        # The values are our own: a truth value and a number may be equal.
        for value, (_, below) in zip(values, branches, strict=True):
            self._cells[symbol][key] = value
            wrong = self.wrong_in(below)
            if wrong is not None:
                return wrong
        del self._cells[symbol][key]
        return None

    def _wrong_in_end(self, name: str | None, values: tuple[Value, ...]) -> str | None:
        term = self._formula if name is None else self._required.get(name)
        if term is None:
            return f"there is no requirement `{name}`"
        env: dict[str, Value] = {}
        waiting = list(values)
        while waiting:
            if not isinstance(term, Quantified) or term.kind != "forall" or len(term.binders) > len(waiting):
                return f"`{name}` is not for all of these"
            for bound in term.binders:
                value = waiting.pop(0)
                if value not in self._reader.evaluator.domain(bound, env):
                    return f"`{name}` is not for all of these"
                env[bound.variable.name] = value
            term = term.body
        return None if self._reader.truth(term, env) is False else f"`{name}` is not false"

    def _do_clash(self, one: tuple[str, tuple[Value, ...]], other: tuple[str, tuple[Value, ...]]) -> bool:
        if one == other or one[0] not in self._unknowns or other[0] not in self._unknowns:
            return False
        first, second = self._unknowns[one[0]], self._unknowns[other[0]]
        group = first.distinct_group
        is_declared = first == second and first.is_distinct if group is None else second.distinct_group == group
        values = [self._cells[name].get(key, UNDEFINED) for name, key in (one, other)]
        return is_declared and values[0] == values[1] and values[0] is not UNDEFINED and values[0] is not None


def _is_cell(function: Function, key: tuple[Value, ...]) -> bool:
    sorts = function.arguments
    return len(key) == len(sorts) and all(has_value(s, v) for s, v in zip(sorts, key, strict=True))
