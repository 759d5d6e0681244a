"""Worlds with as little in them as can be, for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.language.evaluate import check_structure, holds
from nsr.language.sorts import BOOL
from nsr.limits import Budget, BudgetExceeded
from nsr.reformulations.dependence import mentions_of_term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Question, Structure, Term

__all__ = ["made_small"]

MOST_CELLS = 300
"""Worlds with more true cells are left as they are."""


def made_small(program: Program, question: Question, world: Structure, formula: Term, budget: Budget) -> Structure:
    """A world in which the formula is as true, or as false, and less holds; the world itself if nothing can go.

    One atom of an unknown after the other is made false, as long as the evaluator accepts the result. When the budget
    runs out, what has been reached.
    """
    names = [f.name for f in program.unknowns() if f.value == BOOL]
    cells = [(name, key) for name in names for key, value in world.get(name, {}).items() if value is True]
    if len(cells) > MOST_CELLS or question.objectives:
        return world
    try:
        truth = holds(formula, world, program, budget=budget)
        about = _about(program, question, names)
        for name, key in cells:
            tried = {**world, name: {**world[name], key: False}}
            # What speaks of the atom itself is looked at first: most atoms stay for its sake.
            if not all(holds(required, tried, program, budget=budget) for required in about[name]):
                continue
            if holds(formula, tried, program, budget=budget) is not truth:
                continue
            if not check_structure(program, question, tried, budget):
                world = tried
    except BudgetExceeded:
        pass
    return world


def _about(program: Program, question: Question, names: Sequence[str]) -> dict[str, list[Term]]:
    """The requirements of a question that speak of each of the predicates."""
    formulas = [required.formula for required in program.requirements_of(question)]
    spoken = [(formula, frozenset().union(*mentions_of_term(formula, program))) for formula in formulas]
    return {name: [formula for formula, symbols in spoken if name in symbols] for name in names}
