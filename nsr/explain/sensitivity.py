"""What the optimum of a linear program says beyond its values, in words: prices, what stays unused, reduced costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from nsr.language import ir
from nsr.results import Evidence, RowPrice, Sensitivity, UnitCost
from nsr.solvers import certificates

__all__ = ["explained", "with_sensitivity"]

MOST_LINES = 20
"""Sentences about rows, and about unknowns; the result object has all."""


def with_sensitivity(
    evidence: Evidence,
    found: certificates.Sensitivity | None,
    program: ir.Program,
    question: ir.Question,
    objectives: Sequence[ir.Objective],
    spelled: Callable[[Any], Any],
) -> Evidence:
    """The evidence with what is known beside the values of the last objective, if anything is."""
    if found is None:
        return evidence
    told = explained(found, program, question, objectives[-1], spelled, has_others=len(objectives) > 1)
    return evidence.model_copy(update={"sensitivity": told})


def explained(
    found: certificates.Sensitivity,
    program: ir.Program,
    question: ir.Question,
    objective: ir.Objective,
    spelled: Callable[[Any], Any],
    *,
    has_others: bool = False,
) -> Sensitivity:
    """Prices and reduced costs as the result object has them, with sentences for people."""
    requirements = {r.name: r for r in program.requirements_of(question)}
    counts: dict[str, int] = {}
    for price in found.prices:
        counts[price.requirement] = counts.get(price.requirement, 0) + 1
    rows = [(_row(price, spelled), price) for price in found.prices]
    costs = [UnitCost(name=c.cell, value=spelled(c.value), cost=spelled(c.cost)) for c in found.reduced_costs]
    goal = f"`{objective.name}`" if objective.has_label else "the objective"
    lines = []
    if has_others:
        lines.append(f"These are the prices for {goal}, the objectives before it being held at their best values.")
    for row, price in sorted(rows, key=lambda pair: -abs(Fraction(pair[1].dual)))[:MOST_LINES]:
        lines.append(_sentence(row, price, _name(row, requirements, counts), goal, spelled))
    for cost, reduced in list(zip(costs, found.reduced_costs, strict=True))[:MOST_LINES]:
        change = _change(reduced.cost, goal, spelled)
        lines.append(f"One more unit of {cost.name} (now {cost.value}) would {change}.")
    if found.is_degenerate:
        lines.append("The optimum is degenerate: other prices are right, too, and each may hold in one direction only.")
    if found.has_alternatives:
        lines.append("There may be other solutions as good as this one.")
    return Sensitivity(
        objective=objective.name,
        prices=tuple([row for row, _ in rows]),
        reduced_costs=tuple(costs),
        is_degenerate=found.is_degenerate,
        has_alternatives=found.has_alternatives,
        words=tuple(lines),
    )


def _row(price: certificates.Price, spelled: Callable[[Any], Any]) -> RowPrice:
    low, high = price.low, price.high
    span = price.span or (None, None)
    return RowPrice(
        requirement=price.requirement,
        number=price.number,
        row=_text(price, spelled),
        price=spelled(price.dual),
        value=spelled(price.value),
        low=None if low is None else spelled(low),
        high=None if high is None else spelled(high),
        slack=spelled(min([abs(Fraction(price.value - end)) for end in (low, high) if end is not None], default=0)),
        is_range_known=price.span is not None,
        stays_from=None if span[0] is None else spelled(span[0]),
        stays_to=None if span[1] is None else spelled(span[1]),
    )


def _text(price: certificates.Price, spelled: Callable[[Any], Any]) -> str:
    """The row as it is written in the language, its beginning if it is long."""
    text = ""
    for name, factor in price.terms:
        size = abs(factor)
        part = (name or "...") if size == 1 else f"{spelled(size)} * {name or '...'}"
        sign = "-" if factor < 0 else "+"
        text += f" {sign} {part}" if text else ("-" if factor < 0 else "") + part
    text += " + ..." if price.is_cut else ""
    if price.low is not None and price.low == price.high:
        return f"{text} == {spelled(price.low)}"
    below = "" if price.low is None else f"{spelled(price.low)} <= "
    if price.high is None:
        return f"{text} >= {spelled(price.low)}"
    return f"{below}{text} <= {spelled(price.high)}"


def _name(row: RowPrice, requirements: Mapping[str, ir.Requirement], counts: Mapping[str, int]) -> str:
    """How a row is spoken of: by its label, its sentence, or as it is written; one of several with its text."""
    requirement = requirements.get(row.requirement)
    if requirement is None:
        return row.row
    if requirement.has_label:
        name = f"`{requirement.name}`"
    elif requirement.citations:
        name = f"“{requirement.citations[0]}”"
    else:
        return row.row
    return f"{name} ({row.row})" if counts[row.requirement] > 1 else name


def _sentence(row: RowPrice, price: certificates.Price, name: str, goal: str, spelled: Callable[[Any], Any]) -> str:
    if price.dual:
        span = _span(row)
        return f"One more unit of {name} (now {row.value}) would {_change(price.dual, goal, spelled)}{span}."
    if price.value in (price.low, price.high):
        return f"{name} is just met, and one more unit of it would change nothing."
    if price.high is not None and (price.low is None or price.high - price.value <= price.value - price.low):
        return f"{row.slack} of {name} stay unused."
    return f"{name} is exceeded by {row.slack}."


def _change(by: int | Fraction, goal: str, spelled: Callable[[Any], Any]) -> str:
    return f"add {spelled(by)} to {goal}" if by > 0 else f"take {spelled(-by)} from {goal}"


def _span(row: RowPrice) -> str:
    if not row.is_range_known or (row.stays_from is None and row.stays_to is None):
        return ""
    if row.stays_from is None:
        return f", as long as it is at most {row.stays_to}"
    if row.stays_to is None:
        return f", as long as it is at least {row.stays_from}"
    return f", as long as it is between {row.stays_from} and {row.stays_to}"
