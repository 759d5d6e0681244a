"""What an optimal vertex of a linear program says beyond its values: prices of rows, reduced costs, ranges.

All of it is exact, from the basis that the dual values have proved optimal. At a degenerate vertex several sets of
prices are right; the one given is one of them, and it is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from nsr.language.printer import print_name
from nsr.language.sorts import Element
from nsr.reformulations.protocol import ASKED, BACKGROUND
from nsr.solvers.certificates import Price, ReducedCost, Sensitivity
from nsr.solvers.milp.exact import Singular
from nsr.solvers.milp.linear import Lp, Vertex, reduced_by
from nsr.solvers.milp.mathopt import At
from nsr.solvers.milp.text import exact
from nsr.solvers.milp.vectors import Vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.limits import Budget
    from nsr.solvers.milp.problem import Problem
    from nsr.solvers.milp.search import Found
    from nsr.solvers.milp.text import Number
    from nsr.solvers.protocol import Cell, Encoding, Query

__all__ = ["sensitivity_of"]

MOST_RANGES = 100
"""Rows whose ranges are worked out."""

MOST_TERMS = 12
"""Terms of a row that are told."""


def sensitivity_of(
    problem: Problem, found: Found, encoding: Encoding, query: Query, budget: Budget
) -> Sensitivity | None:
    """Prices and reduced costs at the optimum, in the direction of the objective; None without a vertex."""
    if found.lp is None or found.lp.vertex is None or query.objective is None:
        return None
    sign = 1 if query.objective[1] == "minimize" else -1
    look = _Look(*problem.lp({}, {query.objective[0]: sign}), found.lp.vertex, encoding.cells, sign, budget)
    prices = []
    for index, row in enumerate(look.kept):
        name, number = problem.sources[row]
        if name and not name.startswith((BACKGROUND, ASKED)):
            prices.append(look.price(index, name, number))
    return Sensitivity(tuple(prices), look.reduced_costs(), look.is_degenerate(), look.has_alternatives())


@dataclass(slots=True)
class _Look:
    """A vertex as it is read; `kept` are the numbers of the LP's rows in the problem.

    `activities` are the values of the rows, `reduced` the reduced costs, without the denominators of `values` and
    `prices`.
    """

    lp: Lp
    kept: tuple[int, ...]
    vertex: Vertex
    cells: Sequence[Cell]
    sign: int
    budget: Budget
    values: Vector = field(init=False)
    prices: Vector = field(init=False)
    reduced: dict[int, Number] = field(init=False)
    activities: list[Number] = field(init=False)
    ranges: int = 0

    def __post_init__(self) -> None:
        self.values, self.prices = Vector(self.vertex.values), Vector(self.vertex.duals)
        self.reduced = reduced_by(self.lp, self.prices, self.lp.objective)
        numbers = self.values.numbers
        self.activities = [sum([v * numbers[c] for c, v in row.terms.items()]) for row in self.lp.rows]

    def price(self, index: int, name: str, number: int) -> Price:
        """What a row is worth."""
        low, high, terms = self.lp.rows[index]
        value = self.values.value(self.activities[index])
        dual = self.vertex.duals[index]
        told = [(self._name(column), factor) for column, factor in list(terms.items())[:MOST_TERMS]]
        span = self._range(index) if dual else None
        return Price(name, number, tuple(told), len(terms) > MOST_TERMS, low, high, value, dual * self.sign, span)

    def _name(self, column: int) -> str:
        if column >= len(self.cells):
            return ""
        cell = self.cells[column]
        args = ", ".join([print_name(arg.name) if isinstance(arg, Element) else str(arg) for arg in cell.args])
        return f"{print_name(cell.symbol)}({args})" if args else print_name(cell.symbol)

    def _range(self, index: int) -> tuple[Number | None, Number | None] | None:
        """Between which ends of a row its price stays the same, the basis being kept."""
        if self.ranges >= MOST_RANGES or index not in self.vertex.binding:
            return None
        self.ranges += 1
        unit = [int(row == index) for row in self.vertex.binding]
        try:
            step = self.vertex.matrix.solve(unit)
        except Singular:
            return None
        scale = self.values.scale
        least: _Ratio | None = None
        most: _Ratio | None = None
        for value, low, high, slope in self._moving(step):
            up, down = (high, low) if slope > 0 else (low, high)
            if up is not None:
                far = _ratio(up * scale - value, slope)
                most = far if most is None or _is_less(far, most) else most
            if down is not None:
                far = _ratio(down * scale - value, slope)
                least = far if least is None or _is_less(least, far) else least
        side = self.values.value(self.activities[index])
        ends = [None if far is None else far[0] * Fraction(step.scale, far[1] * scale) for far in (least, most)]
        below, above = [None if end is None else exact(side + end) for end in ends]
        return below, above

    def _moving(self, step: Vector) -> list[tuple[Number, Number | None, Number | None, Number]]:
        """Values that are free to move, their ends, and how fast they move; values and slopes without denominators."""
        slopes = dict(zip(self.vertex.basic, step.numbers, strict=True))
        out: list[tuple[Number, Number | None, Number | None, Number]] = []
        for column, slope in slopes.items():
            if slope:
                out.append((self.values.numbers[column], *self.lp.columns[column][:2], slope))
        for row, at in enumerate(self.vertex.basis.rows):
            if at is At.BASIC:
                low, high, terms = self.lp.rows[row]
                self.budget.spend(len(terms))
                moved = sum([factor * slopes[c] for c, factor in terms.items() if c in slopes])
                if moved:
                    out.append((self.activities[row], low, high, moved))
        return out

    def reduced_costs(self) -> tuple[ReducedCost, ...]:
        """What one unit more of each unknown number would change, where that is not nothing."""
        found = []
        for column, cell in enumerate(self.cells):
            cost = self.reduced.get(column)
            if cost and not cell.symbol.startswith(ASKED):
                price = self.prices.value(cost * self.sign)
                found.append(ReducedCost(self._name(column), self.vertex.values[column], price))
        return tuple(found)

    def is_degenerate(self) -> bool:
        """Whether some basic value is at an end: other prices are right, too."""
        values = self.vertex.values
        columns = [(values[c], self.lp.columns[c].low, self.lp.columns[c].high) for c in self.vertex.basic]
        rows = [
            (self.values.value(activity), row.low, row.high)
            for row, at, activity in zip(self.lp.rows, self.vertex.basis.rows, self.activities, strict=True)
            if at is At.BASIC
        ]
        return any(value in (low, high) for value, low, high in (*columns, *rows))

    def has_alternatives(self) -> bool:
        """Whether something that could move costs nothing: there may be other best solutions."""
        for column, at in enumerate(self.vertex.basis.columns):
            own = self.lp.columns[column]
            if at is not At.BASIC and not self.reduced.get(column) and own.low != own.high:
                return True
        return any(
            at is not At.BASIC and not dual and row.low != row.high
            for row, at, dual in zip(self.lp.rows, self.vertex.basis.rows, self.vertex.duals, strict=True)
        )


_Ratio: TypeAlias = tuple["Number", "Number"]
"""A number over a positive one, left as it is: to compare two takes two products, to make fractions far more."""


def _ratio(number: Number, by: Number) -> _Ratio:
    return (number, by) if by > 0 else (-number, -by)


def _is_less(one: _Ratio, other: _Ratio) -> bool:
    return one[0] * other[1] < other[0] * one[1]
