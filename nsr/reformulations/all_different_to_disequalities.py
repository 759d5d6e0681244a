"""A list of different values inside another formula, or of truth values, becomes pairs of disequalities."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from nsr.language.ir import FALSE, AllDifferent, And, sort_of
from nsr.language.sorts import BoolSort
from nsr.language.traverse import children
from nsr.reformulations.folding import conjunction, equal, negation, remake
from nsr.reformulations.protocol import Construct, Feature, Position, Reformulation, features

if TYPE_CHECKING:
    from nsr.language.ir import Program, Term
    from nsr.limits import Budget

__all__ = ["ALL_DIFFERENT_TO_DISEQUALITIES"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program with lists of different values only as whole requirements, and none of truth values."""

    def inside(term: Term) -> Term:
        budget.spend()
        if isinstance(term, AllDifferent):
            return different(term)
        inner = children(term)
        return remake(term, [inside(child) for child in inner]) if inner else term

    def different(term: AllDifferent) -> Term:
        if _of_truth_values(term) and len(term.args) > 2:
            return FALSE
        budget.spend(len(term.args) ** 2)
        args = [inside(arg) for arg in term.args]
        return conjunction([negation(equal(a, b)) for a, b in combinations(args, 2)])

    def top(term: Term) -> Term:
        match term:
            case AllDifferent(args) if not _of_truth_values(term):
                # Its members can count something that has such a list in it again.
                return remake(term, [inside(arg) for arg in args])
            case And(args):
                return conjunction([top(arg) for arg in args])
            case _:
                return inside(term)

    return replace(program, requirements=tuple([replace(r, formula=top(r.formula)) for r in program.requirements]))


def _of_truth_values(term: AllDifferent) -> bool:
    return bool(term.args) and isinstance(sort_of(term.args[0]), BoolSort)


ALL_DIFFERENT_TO_DISEQUALITIES = Reformulation(
    name="AllDifferentToDisequalities",
    rewrites={Feature(Construct.ALL_DIFFERENT, Position.REIFIED): features(Construct.BOOLEAN, Construct.COMPARISON)},
    cost=2,
    rewrite=rewrite,
)
