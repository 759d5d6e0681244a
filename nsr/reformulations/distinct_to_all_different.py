"""`distinct` in a declaration becomes a requirement: all values of the function differ, `none` apart."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from nsr.language.calls import calls_of
from nsr.language.ir import AllDifferent, And, Apply, Equal, Implies, Literal, Not, Requirement
from nsr.reformulations.protocol import BACKGROUND, Construct, Feature, Position, Reformulation, features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Function, Program, Term
    from nsr.limits import Budget

__all__ = ["DISTINCT_TO_ALL_DIFFERENT"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program with the requirements that its declarations imply, in front."""
    added: list[Requirement] = []
    groups: dict[int, list[Function]] = {}
    for function in program.unknowns():
        if function.distinct_group is not None:
            groups.setdefault(function.distinct_group, []).append(function)
        elif function.is_distinct:
            cells = calls_of(function, budget)
            added.append(_requirement(function.name, _differ(cells, function.is_optional, budget)))
    for members in groups.values():
        cells = [cell for function in members for cell in calls_of(function, budget)]
        name = " ".join(function.name for function in members)
        added.append(_requirement(name, _differ(cells, any(f.is_optional for f in members), budget)))
    symbols = {name: replace(f, is_distinct=False, distinct_group=None) for name, f in program.symbols.items()}
    return replace(program, symbols=symbols, requirements=(*added, *program.requirements))


def _requirement(name: str, formula: Term) -> Requirement:
    return Requirement(f"{BACKGROUND}distinct {name}", "constraint", formula)


def _differ(cells: Sequence[Apply], has_none: bool, budget: Budget) -> Term:
    if not has_none:
        return AllDifferent(tuple(cells))
    budget.spend(len(cells) ** 2)
    return And(
        tuple(
            [
                Implies(Not(Equal(a, Literal(None, a.sort))), Not(Equal(a, b)))
                for a, b in itertools.combinations(cells, 2)
            ]
        )
    )


DISTINCT_TO_ALL_DIFFERENT = Reformulation(
    name="DistinctToAllDifferent",
    rewrites={
        Feature(Construct.DISTINCT, Position.DECLARATION): features(
            Construct.ALL_DIFFERENT,
            Construct.BOOLEAN,
            Construct.COMPARISON,
            Construct.ELEMENT,
            Construct.PARTIAL,
            Construct.RATIONAL,
        )
    },
    cost=1,
    rewrite=rewrite,
    exposes=features(Construct.SET),
)
