"""Sums of columns with exact coefficients, and literals: columns of truth values or their opposites."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, gcd, lcm
from typing import TYPE_CHECKING

from nsr.solvers.milp.text import Number, exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.solvers.literals import Truth

__all__ = ["Linear", "combined", "of_truth", "on_integers"]


class Linear:
    """A sum of columns with coefficients, and a constant."""

    __slots__ = ("constant", "terms")

    def __init__(self, terms: dict[int, Number], constant: Number = 0) -> None:
        self.terms = terms
        self.constant = constant

    def scaled(self, by: Number) -> Linear:
        """Every part multiplied."""
        if by == 0:
            return Linear({})
        if by == 1:
            return self
        return Linear({column: exact(value * by) for column, value in self.terms.items()}, exact(self.constant * by))

    def minus(self, other: Linear) -> Linear:
        """The difference."""
        return combined((self, other.scaled(-1)))


def combined(parts: Sequence[Linear]) -> Linear:
    """The sum; columns that cancel out are dropped."""
    terms = dict(parts[0].terms) if parts else {}
    constant = sum([part.constant for part in parts])
    for part in parts[1:]:
        for column, value in part.terms.items():
            terms[column] = terms.get(column, 0) + value
    kept = {c: value if type(value) is int else exact(value) for c, value in terms.items() if value}
    return Linear(kept, exact(constant))


def of_truth(literal: Truth) -> Linear:
    """A literal as a number, 1 or 0."""
    if isinstance(literal, bool):
        return Linear({}, int(literal))
    return Linear({literal: 1}) if literal >= 0 else Linear({-literal - 1: -1}, 1)


def on_integers(
    terms: dict[int, Number], low: Number | None, high: Number | None
) -> tuple[dict[int, Number], int | None, int | None]:
    """A row over whole columns with coprime whole coefficients and the closest whole bounds."""
    scale = Fraction(lcm(*[value.denominator for value in terms.values()]))
    scale /= gcd(*[int(value * scale) for value in terms.values()])
    whole: dict[int, Number] = {column: int(value * scale) for column, value in terms.items()}
    return whole, None if low is None else ceil(low * scale), None if high is None else floor(high * scale)
