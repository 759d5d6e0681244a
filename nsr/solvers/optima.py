"""Objectives of a question: which there are, the program of the best worlds, and what would be better."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nsr.language.ir import (
    And,
    Equal,
    FromTruth,
    Less,
    Literal,
    Negate,
    Not,
    Objective,
    Or,
    Product,
    Requirement,
    Sum,
    Term,
)
from nsr.language.sorts import INT, REAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Soft
    from nsr.solvers.protocol import Number

__all__ = ["at_optimum", "better_than", "objectives_of"]

WISHES = "wishes"
"""The name of the objective that wishes make up where there is no other."""


def objectives_of(program: Program, question: int) -> tuple[Objective, ...]:
    """The objectives of a question in the order written, the cost of its wishes in the first.

    Without an objective, wishes are one of their own.
    """
    asked = program.questions[question]
    softs = program.softs_of(asked)
    if not softs:
        return asked.objectives
    cost = Sum(tuple([_cost(soft) for soft in softs]))
    if not asked.objectives:
        return (Objective(WISHES, "minimize", cost),)
    first, *rest = asked.objectives
    term = Sum((first.term, cost if first.kind == "minimize" else Negate(cost)))
    return (replace(first, term=term), *rest)


def _cost(soft: Soft) -> Term:
    return Product((Literal(soft.weight, REAL), FromTruth(Not(soft.formula))))


def at_optimum(program: Program, question: int, values: Sequence[Number]) -> Program:
    """The program whose worlds are the best ones: each of the first objectives has the value given for it.

    The question keeps neither objectives nor wishes.
    """
    objectives = objectives_of(program, question)
    fixed = [
        Requirement(f"{objective.name} at its best", "assume", Equal(objective.term, _literal(value)))
        for objective, value in zip(objectives, values, strict=False)
    ]
    asked = program.questions[question]
    dropped = (*asked.drops, *[soft.name for soft in (*program.softs, *asked.softs)])
    changed = replace(
        asked,
        requirements=(*asked.requirements, *fixed),
        objectives=(),
        softs=(),
        drops=tuple(dict.fromkeys(dropped)),
    )
    return program.with_question(question, changed)


def better_than(program: Program, question: int, values: Sequence[Number]) -> Term:
    """The formula that is true where the objectives are better than these values, the first ones first."""
    cases: list[Term] = []
    same: list[Term] = []
    for objective, value in zip(objectives_of(program, question), values, strict=False):
        term, best = objective.term, _literal(value)
        better = Less(term, best) if objective.kind == "minimize" else Less(best, term)
        cases.append(And((*same, better)) if same else better)
        same.append(Equal(term, best))
    return cases[0] if len(cases) == 1 else Or(tuple(cases))


def _literal(value: Number) -> Literal:
    return Literal(value, INT if isinstance(value, int) else REAL)
