"""The reference semantics: what programs mean, and the last word on every answer.

Written for clarity; every back end is held to it and every assignment that a solver returns is evaluated by it. Terms
are read in `nsr.language.meaning`, closed relations in `nsr.language.relations`; what follows from looking at all
worlds is in `nsr.language.enumerate`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from nsr.language.meaning import Evaluator, NoEntry
from nsr.language.recursion import RecursionRoom
from nsr.language.relations import unstable_relations
from nsr.language.sorts import BOOL, Value, has_value, sort_values
from nsr.language.values import UNDEFINED, Result, Undefined, power
from nsr.limits import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nsr.language.ir import Bound, Function, Program, Question, Structure, Term
    from nsr.language.meaning import Bindings

__all__ = [
    "UNDEFINED", "NoEntry", "Result", "Undefined", "bindings_of", "check_structure", "evaluate", "holds", "power",
]  # fmt: skip


def evaluate(
    term: Term,
    structure: Structure,
    program: Program,
    bindings: Bindings | None = None,
    budget: Budget | None = None,
) -> Result:
    """The value of `term`, or `UNDEFINED`.

    A formula is never undefined, with one exception: a call of a predicate outside its types, looked at as a value
    (`on(3) == false`), is. Definitions are called by value.

    Raises:
        NoEntry: when the structure or a table has no value that is asked for.
        BudgetExceeded: when the budget runs out, or a number becomes too large.
        InfiniteSort: where all values of an infinite sort are gone through.
        Unbound: at a variable that has no value in `bindings`.
        AcrossWorlds: at a term that speaks of all worlds (`possible`, `certain`, `fixed`).
    """
    with RecursionRoom():
        return Evaluator(structure, program, budget).value(term, bindings or {})


def holds(
    term: Term,
    structure: Structure,
    program: Program,
    bindings: Bindings | None = None,
    budget: Budget | None = None,
) -> bool:
    """Whether a formula is true; raises as `evaluate` does."""
    with RecursionRoom():
        return Evaluator(structure, program, budget).holds(term, bindings or {})


def bindings_of(
    binders: Sequence[Bound],
    structure: Structure,
    program: Program,
    bindings: Bindings | None = None,
    budget: Budget | None = None,
) -> Iterator[Bindings]:
    """Every binding of the variables, the last one fastest; one mapping is yielded again and again.

    Raises as `evaluate` does.
    """
    return Evaluator(structure, program, budget).bindings(binders, bindings or {})


# Whole structures


def check_structure(
    program: Program, question: Question, structure: Structure, budget: Budget | None = None
) -> tuple[str, ...]:
    """The names of the declarations, relations and requirements that `structure` violates; empty if it is a world.

    A declaration is violated where a value is missing, too many or outside its sort, or where `distinct` fails. The
    values of a relation may leave out where it is false; it is violated where the facts and rules make something else
    of it (see `relations`). Relations and requirements are looked at only when every declaration is respected: without
    values there is nothing to evaluate. Whether a world is optimal cannot be seen from one.
    """
    budget = budget or Budget()
    wrong = [f.name for f in program.unknowns() if not _respects(f, structure.get(f.name, {}), budget)]
    wrong += [name for name in _broken_groups(program, structure) if name not in wrong]
    wrong += [f.name for f in program.relations() if not _is_extension(f, structure.get(f.name), budget)]
    if wrong:
        return tuple(wrong)
    unstable = unstable_relations(program, question, structure, budget)
    required = program.requirements_of(question)
    return (*unstable, *(r.name for r in required if not holds(r.formula, structure, program, budget=budget)))


def _is_extension(relation: Function, values: Mapping[tuple[Value, ...], Value] | None, budget: Budget) -> bool:
    """Whether the values are truth values at arguments of the right sorts; not every argument has to be there."""
    if values is None:
        return False
    for key, value in values.items():
        budget.spend()
        if not has_value(BOOL, value) or len(key) != len(relation.arguments):
            return False
        if not all(has_value(sort, part) for sort, part in zip(relation.arguments, key, strict=True)):
            return False
    return True


def _respects(function: Function, values: Mapping[tuple[Value, ...], Value], budget: Budget) -> bool:
    """Whether the values are one for each argument, of the right sort, and different where they have to be."""
    count = 0
    for key in itertools.product(*(sort_values(sort) for sort in function.arguments)):
        budget.spend()
        count += 1
        if key not in values:
            return False
        value = values[key]
        if not has_value(function.value, value) and not (value is None and function.is_optional):
            return False
    if count != len(values):
        return False
    if not function.is_distinct or function.distinct_group is not None:
        return True
    present = [value for value in values.values() if value is not None]
    return len(set(present)) == len(present)


def _broken_groups(program: Program, structure: Structure) -> list[str]:
    """Symbols without arguments that share a value with an earlier one of their `distinct` declaration."""
    seen: set[tuple[int, Value]] = set()
    broken = []
    for function in program.unknowns():
        value = structure.get(function.name, {}).get(())
        if function.distinct_group is None or value is None:
            continue
        if (function.distinct_group, value) in seen:
            broken.append(function.name)
        seen.add((function.distinct_group, value))
    return broken
