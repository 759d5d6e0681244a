"""The text form of CP-SAT's protocol buffer: linear expressions, domains, literals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from nsr.solvers._domains import Intervals
    from nsr.solvers.literals import Truth

__all__ = ["LARGEST", "Linear", "expression", "flat", "of_terms", "of_truth"]

LARGEST: Final = 1 << 60
"""No variable or sum may reach this, so that CP-SAT's own 64-bit arithmetic cannot overflow."""


def flat(domain: Intervals) -> str:
    """A domain as text."""
    return ", ".join([f"{low}, {high}" for low, high in domain])


class Linear:
    """A sum of variables with coefficients and a constant."""

    __slots__ = ("constant", "terms")

    def __init__(self, terms: dict[int, int], constant: int) -> None:
        self.terms = terms
        self.constant = constant

    @property
    def alone(self) -> int | None:
        """The variable, if it is nothing but one."""
        return next(iter(self.terms)) if not self.constant and list(self.terms.values()) == [1] else None

    def scaled(self, by: int) -> Linear:
        """Every part multiplied."""
        if by == 0:
            return Linear({}, 0)
        return Linear({v: c * by for v, c in self.terms.items()}, self.constant * by)

    def plus(self, other: Linear) -> Linear:
        """The sum."""
        return self.minus(other.scaled(-1)) if other.terms else Linear(self.terms, self.constant + other.constant)

    def minus(self, other: Linear) -> Linear:
        """The difference; variables that cancel out are dropped."""
        terms = dict(self.terms)
        for v, c in other.terms.items():
            terms[v] = terms.get(v, 0) - c
        return of_terms(terms, self.constant - other.constant)


def of_terms(terms: dict[int, int], constant: int) -> Linear:
    """A sum in which variables may have cancelled out."""
    return Linear({v: c for v, c in terms.items() if c} if 0 in terms.values() else terms, constant)


def of_truth(literal: Truth) -> Linear:
    """A literal as a number, 1 or 0."""
    if isinstance(literal, bool):
        return Linear({}, int(literal))
    return Linear({literal: 1}, 0) if literal >= 0 else Linear({-literal - 1: -1}, 1)


def expression(linear: Linear, field: str = "exprs") -> str:
    """An expression as text."""
    if not linear.terms:
        return f"{field} {{ offset: {linear.constant} }}"
    offset = f" offset: {linear.constant}" if linear.constant else ""
    return f"{field} {{ vars: {list(linear.terms)} coeffs: {list(linear.terms.values())}{offset} }}"
