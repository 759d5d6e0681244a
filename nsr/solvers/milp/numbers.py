"""Numbers that are no sums: products, the greatest of several, branches, rounding, and lists of different values."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import ceil, floor, lcm
from typing import TYPE_CHECKING

from nsr.reformulations import Construct
from nsr.solvers.literals import Truth, opposite
from nsr.solvers.milp.model import MOST_VALUES, Model
from nsr.solvers.milp.sums import Linear, combined, of_truth
from nsr.solvers.milp.text import Number, exact
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nsr.language.ir import Term
    from nsr.limits import Budget

__all__ = ["Numbers"]


class Numbers(Model):
    """Writes what ties new columns to the numbers that they hold."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self._held: dict[int, tuple[Term, Linear]] = {}

    def once(self, term: Term, made: Callable[[Term], Linear]) -> Linear:
        """The number of a term, made the first time it is asked for."""
        # By identity: comparing deep terms by content would recurse.
        if id(term) not in self._held:
            self._held[id(term)] = (term, made(term))
        return self._held[id(term)][1]

    def step(self, linear: Linear) -> Number:
        """A number that every value of a sum of whole columns is a multiple of."""
        return exact(
            Fraction(1, lcm(linear.constant.denominator, *[value.denominator for value in linear.terms.values()]))
        )

    def total(self, parts: Sequence[Linear]) -> Linear:
        """The sum."""
        self.budget.spend(len(parts))
        return combined(parts)

    def product(self, factors: Sequence[Linear]) -> Linear:
        """The product: of known numbers and at most one unknown, or of unknowns with few values."""
        result = Linear({}, 1)
        for factor in factors:
            if not factor.terms:
                result = result.scaled(factor.constant)
            elif not result.terms:
                result = factor.scaled(result.constant)
            else:
                result = self._times(result, factor)
        return result

    def _times(self, left: Linear, right: Linear) -> Linear:
        """The product of two sums, one of which is a single column with few values."""
        for one, other in ((left, right), (right, left)):
            values = self.values(next(iter(one.terms))) if len(one.terms) == 1 else None
            if values is None:
                continue
            ((_, coefficient),) = one.terms.items()
            parts = [other.scaled(one.constant)]
            for value, literal in values.items():
                if value:
                    parts.append(self.times_truth(literal, other).scaled(value * coefficient))
            return self.total(parts)
        if self.is_whole(left):
            new = self.like(left, *self.bounds(left))
            if self.values(next(iter(new.terms))) is not None:
                self.row(self.base, (), 0, 0, new.minus(left))
                return self._times(new, right)
        raise Gap((Construct.PRODUCT.value,))

    def greatest(self, parts: Sequence[Linear]) -> Linear:
        """The greatest of several numbers."""
        bounds = [self.bounds(part) for part in parts]
        lows = [low for low, _ in bounds if low is not None]
        highs = [high for _, high in bounds if high is not None]
        high = max(highs) if len(highs) == len(parts) else None
        low = max(lows, default=None)
        # What is never the greatest is left out.
        kept = [p for p, (_, most) in zip(parts, bounds, strict=True) if low is None or most is None or most >= low]
        if len(kept) == 1:
            return kept[0]
        new = self.like(_all_of(kept), low, high)
        is_it = [self.column(0, 1, is_whole=True) for _ in kept]
        self.row(self.base, (), 1, 1, combined([of_truth(one) for one in is_it]))
        for part, one in zip(kept, is_it, strict=True):
            self.row(self.base, (), 0, None, new.minus(part))
            self.row(self.base, (one,), None, 0, new.minus(part))
        return new

    def first_of(self, branches: Sequence[tuple[Truth, Linear]], otherwise: Linear) -> Linear:
        """The number of the first branch whose literal is true."""
        cases: list[tuple[Truth, Linear]] = []
        for condition, value in branches:
            if condition is False:
                continue
            if condition is True:
                otherwise = value
                break
            cases.append((condition, value))
        if not cases:
            return otherwise
        chosen = self._choices(cases)
        if all(not value.terms for _, value in cases) and not otherwise.terms:
            last = otherwise.constant
            parts = [of_truth(one).scaled(value.constant - last) for one, (_, value) in zip(chosen, cases, strict=True)]
            return combined([otherwise, *parts])
        bounds = [self.bounds(value) for value in (*[value for _, value in cases], otherwise)]
        lows = [low for low, _ in bounds if low is not None]
        highs = [high for _, high in bounds if high is not None]
        new = self.like(
            _all_of([*[value for _, value in cases], otherwise]),
            min(lows) if len(lows) == len(bounds) else None,
            max(highs) if len(highs) == len(bounds) else None,
        )
        for one, (_, value) in zip(chosen, cases, strict=True):
            if not isinstance(one, bool):
                self.row(self.base, (one,), 0, 0, new.minus(value))
        none = [opposite(one) for one, _ in cases]
        self.row(self.base, [one for one in none if not isinstance(one, bool)], 0, 0, new.minus(otherwise))
        return new

    def _choices(self, cases: Sequence[tuple[Truth, Linear]]) -> list[Truth]:
        """For each case a literal for its being the first whose condition holds."""
        conditions = [condition for condition, _ in cases]
        if len(cases) == 1 or self.are_exclusive(conditions):
            return conditions
        passed: list[Truth] = []
        chosen: list[Truth] = []
        for condition in conditions:
            chosen.append(self.conjunction([*passed, condition], 0))
            passed.append(opposite(condition))
        return chosen

    # Rounding

    def rounded_down(self, linear: Linear) -> Linear:
        """The greatest whole number that is not greater.

        Raises:
            Gap: of a real number.
        """
        if not linear.terms:
            return Linear({}, floor(linear.constant))
        if not self.is_whole(linear):
            raise Gap((f"{Construct.ROUNDED.value} of {Construct.REAL.value}",))
        step = self.step(linear)
        if step == 1:
            return linear
        low, high = self.bounds(linear)
        new = self.column(None if low is None else floor(low), None if high is None else floor(high), is_whole=True)
        self.row(self.base, (), 0, 1 - step, linear.minus(Linear({new: 1})))
        return Linear({new: 1})

    def nearest(self, linear: Linear) -> Linear:
        """The nearest whole number, halves away from zero."""
        half = Linear({}, Fraction(1, 2))
        up = self.rounded_down(combined((linear, half)))
        low, high = self.bounds(linear)
        if low is not None and low >= 0:
            return up
        down = self.rounded_down(combined((linear.scaled(-1), half))).scaled(-1)
        if high is not None and high <= 0:
            return down
        return self.first_of([(self.between(0, None, linear, 0), up)], down)

    # Lists of different values

    def require_different(self, linears: Sequence[Linear], when: tuple[int, ...]) -> None:
        """Require that numbers differ pairwise where all of `when` hold."""
        places = [self._places(linear) for linear in linears]
        known = [place for place in places if place is not None]
        if len(known) < len(linears):
            self.budget.spend(len(linears) ** 2)
            for left, right in combinations(linears, 2):
                self.clause(self.out, [opposite(self.between(0, 0, left.minus(right), -1))], when)
            return
        for value in sorted({value for place in known for value in place}):
            here = [place[value] for place in known if value in place]
            if len(here) > 1:
                self.row(self.out, when, None, 1, combined([of_truth(literal) for literal in here]))

    def _places(self, linear: Linear) -> dict[Number, Truth] | None:
        """A literal for each value of a number; None if these are too many."""
        if not linear.terms:
            return {linear.constant: True}
        if len(linear.terms) > 1:
            low, high = self.bounds(linear)
            step = self.step(linear)
            if not self.is_whole(linear) or low is None or high is None or (high - low) / step > MOST_VALUES:
                return None
            new = self.like(linear, low, high)
            self.row(self.base, (), 0, 0, new.minus(linear))
            linear = new
        ((column, coefficient),) = linear.terms.items()
        values = self.values(column)
        if values is None:
            return None
        return {exact(value * coefficient + linear.constant): literal for value, literal in values.items()}

    def split(self, column: int, intervals: Sequence[tuple[Number | None, Number | None]]) -> None:
        """Require that a whole column lies in one of several intervals."""
        known = tuple([(ceil(low), floor(high)) for low, high in intervals if low is not None and high is not None])
        if len(known) == len(intervals):
            self._intervals[column] = known
            if self.values(column) is not None:
                return
        inside = [self.column(0, 1, is_whole=True) for _ in intervals]
        self.row(self.base, (), 1, 1, combined([of_truth(one) for one in inside]))
        for one, (low, high) in zip(inside, intervals, strict=True):
            self.row(self.base, (one,), low, high, Linear({column: 1}))


def _all_of(parts: Sequence[Linear]) -> Linear:
    """A sum whose columns and grid are those of all parts; no two cancel out."""
    terms: dict[int, Number] = {}
    for part in parts:
        for column, value in part.terms.items():
            terms[column] = Fraction(1, lcm(value.denominator, terms.get(column, 1).denominator))
    return Linear(terms, Fraction(1, lcm(*[part.constant.denominator for part in parts])))
