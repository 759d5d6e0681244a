"""What tells two answers to a `find` apart: the values of what it asks for in a world."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, TypeAlias

from nsr.language.meaning import Evaluator
from nsr.language.recursion import RecursionRoom
from nsr.language.sorts import sort_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.language.closure import Row
    from nsr.language.ir import Find, Program, Structure
    from nsr.language.sorts import Value
    from nsr.language.values import Result
    from nsr.limits import Budget

__all__ = ["Projection", "project", "projection"]

Projection: TypeAlias = "tuple[Result | frozenset[Row], ...]"
"""Values that tell answers apart; a relation is one of them, as the set of its rows."""


def project(program: Program, goal: Find, structure: Structure, budget: Budget | None = None) -> Projection:
    """The values of what a `find` asks for: its terms and symbols, or everything if it names none.

    Everything: the unknowns and the relations, but for those that the checker added. Two structures are one answer if
    these agree.
    """
    return projection(goal, Evaluator(structure, program, budget))


def projection(goal: Find, evaluator: Evaluator) -> Projection:
    """The same in the world of an evaluator."""
    program = evaluator.program
    symbols: Sequence[str] = goal.symbols
    if not goal.symbols and not goal.terms:
        symbols = [s.name for s in (*program.unknowns(), *program.relations()) if not s.is_auxiliary]
    values: list[Result | frozenset[Row]] = []
    for name in symbols:
        table: Mapping[Row, Value] = evaluator.structure[name]
        if program.symbols[name].kind == "rel":
            values.append(_rows(table))
            continue
        sorts = program.symbols[name].arguments
        values.extend(table[args] for args in itertools.product(*(sort_values(s) for s in sorts)))
    with RecursionRoom():
        values.extend(evaluator.value(term, {}) for term in goal.terms)
    return tuple(values)


def _rows(table: Mapping[Row, Value]) -> frozenset[Row]:
    return frozenset(row for row, value in table.items() if value is True)
