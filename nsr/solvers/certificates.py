"""Exact proofs of what a solver claims, by name, and what the optimum of a linear program says beyond its values."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "DUAL_CERTIFICATE",
    "FARKAS_CERTIFICATE",
    "RAY_CERTIFICATE",
    "Price",
    "ReducedCost",
    "Sensitivity",
    "sensitivity_from",
    "to_plain",
]

DUAL_CERTIFICATE = "dual certificate"
"""Exact dual values prove that nothing is better (weak duality)."""

FARKAS_CERTIFICATE = "Farkas certificate"
"""Exact multipliers of the rows add up to a contradiction (Farkas' lemma)."""

RAY_CERTIFICATE = "ray certificate"
"""An exact direction leads from a solution to better and better ones without end."""


class Price(NamedTuple):
    """What one more unit on the side of a row that binds would add to the objective (`dual`; 0 if none binds).

    `requirement` and `number` say which row it is, `terms` how it begins (names of cells, "" for auxiliary numbers);
    `is_cut` says that there are more. Its sum `value` lies between `low` and `high`; the price is right while the side
    stays within `span`, if that is known.
    """

    requirement: str
    number: int
    terms: tuple[tuple[str, int | Fraction], ...]
    is_cut: bool
    low: int | Fraction | None
    high: int | Fraction | None
    value: int | Fraction
    dual: int | Fraction
    span: tuple[int | Fraction | None, int | Fraction | None] | None = None


class ReducedCost(NamedTuple):
    """What one more unit of an unknown number, which is at one of its bounds, would add to the objective."""

    cell: str
    value: int | Fraction
    cost: int | Fraction


class Sensitivity(NamedTuple):
    """Dual values at the optimum of a linear program, exact.

    `is_degenerate`: other dual values are right, too, and a price may hold in one direction only. `has_alternatives`:
    other solutions may be as good.
    """

    prices: tuple[Price, ...]
    reduced_costs: tuple[ReducedCost, ...]
    is_degenerate: bool
    has_alternatives: bool


def to_plain(found: Sensitivity) -> list[Any]:
    """Plain data: a number that is not whole as a pair."""
    prices = [
        [
            p.requirement,
            p.number,
            [[name, _pair(v)] for name, v in p.terms],
            p.is_cut,
            *map(_pair, p[4:8]),
            _ends(p.span),
        ]
        for p in found.prices
    ]
    costs = [[cost.cell, _pair(cost.value), _pair(cost.cost)] for cost in found.reduced_costs]
    return [prices, costs, found.is_degenerate, found.has_alternatives]


def sensitivity_from(plain: Sequence[Any]) -> Sensitivity:
    """What `to_plain` wrote."""
    prices, costs, is_degenerate, has_alternatives = plain
    return Sensitivity(
        tuple([_price(*price) for price in prices]),
        tuple([ReducedCost(cell, _number(value), _number(cost)) for cell, value, cost in costs]),
        bool(is_degenerate),
        bool(has_alternatives),
    )


def _price(name: str, row: int, terms: Sequence[Any], is_cut: bool, *rest: Any) -> Price:
    low, high, value, dual = map(_number, rest[:4])
    return Price(name, row, tuple([(t, _number(v)) for t, v in terms]), is_cut, low, high, value, dual, _span(rest[4]))


def _pair(value: int | Fraction | None) -> int | list[int] | None:
    return [value.numerator, value.denominator] if isinstance(value, Fraction) else value


def _ends(span: tuple[int | Fraction | None, int | Fraction | None] | None) -> list[Any] | None:
    return None if span is None else [_pair(end) for end in span]


def _span(plain: Sequence[Any] | None) -> tuple[Any, Any] | None:
    return None if plain is None else (_number(plain[0]), _number(plain[1]))


def _number(plain: int | Sequence[int] | None) -> Any:
    return plain if plain is None or isinstance(plain, int) else Fraction(*plain)
