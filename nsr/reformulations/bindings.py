"""The values that bound variables take, one binding after the other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import ceil, floor, prod
from typing import TYPE_CHECKING, assert_never

from nsr.language.ir import TRUE, Interval, Listed, Literal
from nsr.language.sorts import INT, sort_size, sort_values
from nsr.limits import BudgetExceeded, LimitKind
from nsr.reformulations.bounds import bounds_of
from nsr.reformulations.folding import both, disjunction, equal, is_undefined, less_equal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nsr.language.ir import Bound, Term, Variable
    from nsr.limits import Budget
    from nsr.reformulations.true_rows import TrueRows

__all__ = ["Bindings"]


class Bindings(ABC):
    """Goes through the domains of binders, as far as the data say what they are."""

    def __init__(self, rows: TrueRows, budget: Budget) -> None:
        self.rows = rows
        self.budget = budget

    @abstractmethod
    def ground(self, term: Term, env: Mapping[str, Literal]) -> Term:
        """The term with values in the place of its free variables."""

    def bound(
        self, binders: Sequence[Bound], rows: Sequence[tuple[Literal, ...]], env: Mapping[str, Literal]
    ) -> Iterator[tuple[Mapping[str, Literal], Term]]:
        """A binding for each row of values."""
        names = [bound.variable.name for bound in binders]
        spend = self.budget.spend
        for row in rows:
            spend(len(names))
            inner = dict(env)
            inner.update(zip(names, row, strict=True))
            yield inner, TRUE

    def bindings(
        self, binders: Sequence[Bound], env: Mapping[str, Literal], filtered: Term | None
    ) -> Iterator[tuple[Mapping[str, Literal], Term]]:
        """Every binding with the condition under which it belongs to the domain, the last variable fastest.

        Where a table decides that `filtered` is false, the binding may be left out.
        """
        if not binders:
            yield env, TRUE
            return
        rows = None if filtered is None else self.rows.matching(binders, filtered, env)
        if rows is not None:
            yield from self.bound(binders, rows, env)
            return
        self._check_size(binders)
        first, rest = binders[0], binders[1:]
        for value, condition in self._domain(first, env):
            self.budget.spend()
            inner = {**env, first.variable.name: value}
            if not rest:
                yield inner, condition
                continue
            for innermost, further in self.bindings(rest, inner, filtered):
                yield innermost, further if condition is TRUE else both(condition, further)

    def _check_size(self, binders: Sequence[Bound]) -> None:
        sizes = [sort_size(bound.variable.sort) for bound in binders if bound.domain is None]
        if prod(size for size in sizes if size is not None) > self.budget.steps_left:
            raise BudgetExceeded(LimitKind.SIZE)

    def _domain(self, bound: Bound, env: Mapping[str, Literal]) -> Iterator[tuple[Literal, Term]]:
        match bound.domain:
            case None:
                for literal in self.rows.values(bound.variable.sort):
                    yield literal, TRUE
            case Interval(low, high):
                yield from self._interval(bound.variable, self.ground(low, env), self.ground(high, env))
            case Listed(values):
                yield from self._listed(bound.variable, [self.ground(value, env) for value in values])
            case _:
                assert_never(bound.domain)

    def _interval(self, variable: Variable, low: Term, high: Term) -> Iterator[tuple[Literal, Term]]:
        if is_undefined(low) or is_undefined(high):
            return
        first, last = bounds_of(low).low, bounds_of(high).high
        if first is None or last is None:
            raise BudgetExceeded(LimitKind.SIZE)
        if floor(last) - ceil(first) > self.budget.steps_left:
            raise BudgetExceeded(LimitKind.SIZE)
        for value in range(ceil(first), floor(last) + 1):
            literal = Literal(value, variable.sort)
            yield literal, both(less_equal(low, literal), less_equal(literal, high))

    def _listed(self, variable: Variable, members: Sequence[Term]) -> Iterator[tuple[Literal, Term]]:
        if all(isinstance(member, Literal) for member in members):
            for value in dict.fromkeys(member.value for member in members if isinstance(member, Literal)):
                if value is not None:
                    yield Literal(value, variable.sort), TRUE
            return
        # Whatever the members are, the values are among those of the sort.
        size = sort_size(variable.sort)
        if size is None:
            yield from self._values_between(members)
            return
        for value in sort_values(variable.sort):
            literal = Literal(value, variable.sort)
            yield literal, disjunction([equal(member, literal) for member in members])

    def _values_between(self, members: Sequence[Term]) -> Iterator[tuple[Literal, Term]]:
        intervals = [bounds_of(member) for member in members if not is_undefined(member)]
        if not intervals:
            return
        if any(interval.low is None or interval.high is None for interval in intervals):
            raise BudgetExceeded(LimitKind.SIZE)
        low = min(ceil(interval.low) for interval in intervals if interval.low is not None)
        high = max(floor(interval.high) for interval in intervals if interval.high is not None)
        for value in range(low, high + 1):
            self.budget.spend(len(members))
            literal = Literal(value, INT)
            yield literal, disjunction([equal(member, literal) for member in members])
