"""A mixed-integer linear program as it is written: columns, rows, and literals that stand for rows; no terms."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from math import ceil, floor, lcm
from typing import TYPE_CHECKING, TypeAlias

from nsr.reformulations import Construct
from nsr.solvers.literals import Agreement, Truth, agreement, alternatives, opposite
from nsr.solvers.milp.sums import Linear, combined, of_truth, on_integers
from nsr.solvers.milp.text import Column, Number, Row, exact, written_column, written_row
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nsr.limits import Budget

__all__ = ["MOST_VALUES", "Model"]

MOST_VALUES = 512
"""Columns with up to so many values get a truth value for each of them where single values matter."""

Key: TypeAlias = tuple[object, ...]


class Model:
    """Writes rows; `out` is the part that is being written, `base` the part that always holds.

    A literal is defined only as far as it is used: with a `sign` of 1 what it stands for holds where it is true, with
    -1 it does not hold where the literal is false, with 0 both.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.columns: list[Column] = []
        self._intervals: dict[int, tuple[tuple[int, int], ...]] = {}
        self.base: list[str] = []
        self.out: list[str] = []
        self._known: dict[Key, int] = {}
        self._sides: dict[tuple[int, int], None] = {}
        self._values: dict[int, dict[int, int]] = {}
        self._owners: dict[int, int] = {}

    def base_text(self) -> str:
        """Columns and definitions."""
        return "\n".join([*map(written_column, self.columns), *self.base])

    # Columns and rows

    def column(self, low: Number | None, high: Number | None, *, is_whole: bool) -> int:
        """A new column."""
        self.budget.spend()
        self.columns.append(Column(low, high, is_whole))
        return len(self.columns) - 1

    def is_whole(self, linear: Linear) -> bool:
        """Whether all columns are whole; the coefficients need not be."""
        return all(self.columns[column].is_whole for column in linear.terms)

    def bounds(self, linear: Linear) -> tuple[Number | None, Number | None]:
        """The least and greatest value that the columns allow."""
        low: Number | None = linear.constant
        high: Number | None = linear.constant
        for column, value in linear.terms.items():
            below, above = self.columns[column].low, self.columns[column].high
            if value < 0:
                below, above = above, below
            low = None if low is None or below is None else low + value * below
            high = None if high is None or above is None else high + value * above
        return low, high

    def row(self, to: list[str], when: Iterable[int], low: Number | None, high: Number | None, linear: Linear) -> None:
        """Append that a sum lies between two numbers where all of `when` hold."""
        low = None if low is None else low - linear.constant
        high = None if high is None else high - linear.constant
        terms = linear.terms
        self.budget.spend(len(terms) + 1)
        literals = tuple(when)
        if not terms:
            if (low is not None and low > 0) or (high is not None and high < 0):
                self.clause(to, (), literals)
            return
        if self.is_whole(linear):
            terms, low, high = on_integers(terms, low, high)
        if (low is not None and high is not None) and low > high:
            self.clause(to, (), literals)
        elif low is not None or high is not None:
            to.append(written_row(Row(literals, low, high, terms)))

    def clause(self, to: list[str], literals: Iterable[Truth], when: Iterable[int] = ()) -> None:
        """Append that one of the literals holds where all of `when` do."""
        kept = alternatives(chain(literals, map(opposite, when)))
        if kept is None:
            return
        total = combined([of_truth(literal) for literal in kept])
        low = 1 - total.constant
        # Without a literal it is a row that nothing satisfies.
        to.append(written_row(Row((), low, None, total.terms)))
        self.budget.spend(len(kept) + 1)

    # Literals

    def _needs(self, literal: int, sign: int) -> tuple[bool, bool]:
        """Which sides of a definition have to be written, now that it is used with a sign."""
        out = []
        for side in (1, -1):
            is_new = sign in (side, 0) and (literal, side) not in self._sides
            if is_new:
                self._sides[literal, side] = None
            out.append(is_new)
        return out[0], out[1]

    def _named(self, key: Key) -> int:
        if key not in self._known:
            self._known[key] = self.column(0, 1, is_whole=True)
        return self._known[key]

    def disjunction(self, literals: Sequence[Truth], sign: int) -> Truth:
        """A literal for one of these holding."""
        kept = alternatives(literals)
        if kept is None:
            return True
        if len(kept) < 2:
            return next(iter(kept), False)
        new = self._named(("or", *sorted(kept)))
        if_true, if_false = self._needs(new, sign)
        if if_true:
            self.clause(self.base, kept, (new,))
        if if_false:
            for literal in kept:
                self.clause(self.base, (new,), (literal,))
        return new

    def conjunction(self, literals: Sequence[Truth], sign: int) -> Truth:
        """A literal for all of these holding."""
        return opposite(self.disjunction([opposite(literal) for literal in literals], -sign))

    def same(self, left: Truth, right: Truth, sign: int) -> Truth:
        """A literal for two literals agreeing."""
        wanted = agreement(left, right)
        if not isinstance(wanted, Agreement):
            return wanted
        a, b, is_flipped = wanted
        new = self._named(("same", a, b))
        if_true, if_false = self._needs(new, -sign if is_flipped else sign)
        if if_true:
            self.clause(self.base, (-a - 1, b), (new,))
            self.clause(self.base, (a, -b - 1), (new,))
        if if_false:
            self.clause(self.base, (new, a, b))
            self.clause(self.base, (new, -a - 1, -b - 1))
        return -new - 1 if is_flipped else new

    def values(self, column: int) -> dict[int, int] | None:
        """A literal for each value of a whole column, exactly one of them true; None if these are too many."""
        if column not in self._values:
            low, high, is_whole = self.columns[column]
            if low is None or high is None or not is_whole:
                return None
            intervals = self._intervals.get(column, ((int(low), int(high)),))
            count = sum(b - a + 1 for a, b in intervals)
            if count > MOST_VALUES or count < 1:
                return None
            if (low, high) == (0, 1) and count == 2:
                self._values[column] = {0: -column - 1, 1: column}
            else:
                named = {v: self.column(0, 1, is_whole=True) for a, b in intervals for v in range(a, b + 1)}
                self._values[column] = named
                self.row(self.base, (), 1, 1, combined([of_truth(one) for one in named.values()]))
                number = combined([of_truth(one).scaled(value) for value, one in named.items()])
                self.row(self.base, (), 0, 0, number.minus(Linear({column: 1})))
            self._owners.update(dict.fromkeys(self._values[column].values(), column))
        return self._values[column]

    def are_exclusive(self, literals: Sequence[Truth]) -> bool:
        """Whether these stand for different values of one column."""
        owners = {None if isinstance(one, bool) else self._owners.get(one) for one in literals}
        return len(owners) == 1 and None not in owners and len(set(literals)) == len(literals)

    def between(self, low: Number | None, high: Number | None, linear: Linear, sign: int) -> Truth:
        """A literal for a sum lying between two numbers."""
        least, most = self.bounds(linear)
        if (low is None or (least is not None and least >= low)) and (
            high is None or (most is not None and most <= high)
        ):
            return True
        if (low is not None and most is not None and most < low) or (
            high is not None and least is not None and least > high
        ):
            return False
        low = None if low is None else low - linear.constant
        high = None if high is None else high - linear.constant
        if not self.is_whole(linear):
            return self._of_reals(low, high, linear.terms, sign)
        terms, low, high = on_integers(dict(sorted(linear.terms.items())), low, high)
        if next(iter(terms.values())) < 0:
            terms = {column: -value for column, value in terms.items()}
            low, high = None if high is None else -high, None if low is None else -low
        return self._of_integers(low, high, terms, sign)

    def _of_reals(self, low: Number | None, high: Number | None, terms: dict[int, Number], sign: int) -> Truth:
        new = self._named(("row", tuple(terms.items()), low, high))
        if_true, if_false = self._needs(new, sign)
        if if_true:
            self.row(self.base, (new,), low, high, Linear(terms))
        if if_false:
            # Its contrary is a strict inequality.
            raise Gap((Construct.STRICT.value,))
        return new

    def _of_integers(self, low: int | None, high: int | None, terms: dict[int, Number], sign: int) -> Truth:
        if low is not None and high is not None:
            if low > high:
                return False
            if low == high and len(terms) == 1:
                ((column, _),) = terms.items()
                named = self.values(column)
                if named is not None:
                    return named.get(low, False)
        elif low is not None:
            return opposite(self._of_integers(None, low - 1, terms, -sign))
        if len(terms) == 1 and (low, high) == (None, 0):
            ((column, _),) = terms.items()
            if self.columns[column][:2] == (0, 1):
                return -column - 1
        new = self._named(("row", tuple(terms.items()), low, high))
        if_true, if_false = self._needs(new, sign)
        if if_true:
            self.row(self.base, (new,), low, high, Linear(terms))
        if if_false and high is not None:
            if low is None:
                self.row(self.base, (-new - 1,), high + 1, None, Linear(terms))
            else:
                below = self.between(None, low - 1, Linear(terms), 1)
                above = self.between(high + 1, None, Linear(terms), 1)
                self.clause(self.base, (new, below, above))
        return new

    # Numbers

    def like(self, linear: Linear, low: Number | None, high: Number | None) -> Linear:
        """A new column for a number on the same grid as a sum, between two numbers."""
        if not self.is_whole(linear):
            return Linear({self.column(low, high, is_whole=False): 1})
        step = Fraction(1, lcm(linear.constant.denominator, *[value.denominator for value in linear.terms.values()]))
        below = None if low is None else ceil(low / step)
        above = None if high is None else floor(high / step)
        return Linear({self.column(below, above, is_whole=True): exact(step)})

    def times_truth(self, literal: int, linear: Linear) -> Linear:
        """The number where a literal is true, else 0."""
        low, high = self.bounds(linear)
        new = self.like(linear, None if low is None else min(low, 0), None if high is None else max(high, 0))
        self.row(self.base, (literal,), 0, 0, new.minus(linear))
        self.row(self.base, (-literal - 1,), 0, 0, new)
        return new
