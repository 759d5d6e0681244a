"""A broken line becomes a choice among its straight pieces."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from nsr.language.ir import Piecewise
from nsr.language.traverse import children
from nsr.reformulations.folding import (
    UNDEFINED,
    both,
    choose,
    less_equal,
    number_literal,
    product,
    remake,
    total,
)
from nsr.reformulations.protocol import Construct, Feature, Position, Reformulation, features
from nsr.reformulations.substitution import with_formulas

if TYPE_CHECKING:
    from nsr.language.ir import Program, Term
    from nsr.limits import Budget

__all__ = ["PIECEWISE_TO_CONDITIONALS"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program with conditionals for broken lines; outside its points a line has no value."""

    def straight(term: Term) -> Term:
        budget.spend()
        inner = children(term)
        if not inner:
            return term
        new = [straight(child) for child in inner]
        if not isinstance(term, Piecewise):
            return remake(term, new)
        budget.spend(len(term.points))
        return _pieces(term, new[0])

    return with_formulas(program, straight)


def _pieces(term: Piecewise, arg: Term) -> Term:
    points = [
        (Fraction(x), Fraction(y))
        for x, y in term.points
        if isinstance(x, int | Fraction) and isinstance(y, int | Fraction)
    ]
    if not points:
        return UNDEFINED
    (first, height), (last, _) = points[0], points[-1]
    result: Term = number_literal(height)
    for (a, b), (c, d) in reversed(list(pairwise(points))):
        slope = (d - b) / (c - a)
        piece = total((product((number_literal(slope), arg)), number_literal(b - slope * a)))
        result = piece if c == last else choose(less_equal(arg, number_literal(c)), piece, result)
    inside = both(less_equal(number_literal(first), arg), less_equal(arg, number_literal(last)))
    return choose(inside, result, UNDEFINED)


PIECEWISE_TO_CONDITIONALS = Reformulation(
    name="PiecewiseToConditionals",
    rewrites={
        Feature(Construct.PIECEWISE, Position.VALUE): features(
            Construct.BOOLEAN,
            Construct.COMPARISON,
            Construct.CONDITIONAL,
            Construct.LINEAR,
            Construct.PARTIAL,
            Construct.RATIONAL,
        )
    },
    cost=1,
    rewrite=rewrite,
)
