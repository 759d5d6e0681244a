"""Tasks on a machine or with a shared resource, and tours, as CP-SAT's own constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.language.ir import Cumulative, NoOverlap
from nsr.language.sorts import sort_values
from nsr.reformulations.bounds import bounds_of
from nsr.reformulations.coding import encode
from nsr.solvers._domains import HIGHEST
from nsr.solvers.cpsat.text import Linear
from nsr.solvers.literals import Truth, opposite
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Circuit, Task, Term
    from nsr.solvers.cpsat.compile import Compiler

__all__ = ["require_circuit", "require_schedule"]

_ONE = Linear({}, 1)
_ZERO = Linear({}, 0)


def require_schedule(compiler: Compiler, term: NoOverlap | Cumulative, enforced: Sequence[int]) -> None:
    """Require a schedule where all of `enforced` hold."""
    intervals = []
    demands = []
    for task in term.tasks:
        interval = _interval(compiler, task, enforced)
        if interval is not None:
            intervals.append(interval)
            demands.append(task.demand)
    compiler.budget.spend(len(intervals))
    if isinstance(term, NoOverlap):
        if len(intervals) > 1:
            compiler.out.append(f"constraints {{ no_overlap {{ intervals: {intervals} }} }}")
        return
    capacity = compiler.linear(term.capacity)
    if compiler.bounds(capacity)[0] < 0:
        compiler.require_linear(capacity, ((0, HIGHEST),), tuple(enforced))
        capacity = compiler.greatest([capacity, _ZERO])
    texts = [compiler.expression(_demand(compiler, demand), "demands") for demand in demands]
    whole = compiler.expression(compiler.affine(capacity), "capacity")
    if intervals:
        compiler.out.append(f"constraints {{ cumulative {{ {whole} intervals: {intervals} {' '.join(texts)} }} }}")


def _demand(compiler: Compiler, term: Term) -> Linear:
    demand = compiler.linear(term)
    lowest, highest = compiler.bounds(demand)
    if lowest >= 0:
        return compiler.affine(demand)
    # A sum over literals has wider bounds than the choice that it stands for.
    least = bounds_of(term).low
    if least is None or least < 0:
        raise Gap(("tasks that may need less than nothing",))
    new = compiler.variable(((0, highest),))
    compiler.write_linear(compiler.base, {**demand.terms, new: -1}, ((-demand.constant, -demand.constant),), ())
    return Linear({new: 1}, 0)


def _interval(compiler: Compiler, task: Task, enforced: Sequence[int]) -> int | None:
    """The interval of a task; None if it never runs. CP-SAT lets no other task run where an empty interval lies."""
    start, length = compiler.linear(task.start), compiler.linear(task.length)
    conditions: list[Truth] = [*enforced, compiler.literal(task.condition)]
    if compiler.bounds(length)[0] < 1:
        conditions.append(compiler.linear_literal(length, ((1, HIGHEST),)))
        if False not in conditions:
            length = compiler.greatest([length, _ONE])
    presence = compiler.conjunction(conditions)
    return None if presence is False else compiler.interval(start, length, presence)


def require_circuit(compiler: Compiler, tour: Circuit, enforced: Sequence[int]) -> None:
    """Require a tour: the successors as arcs."""
    if enforced:
        raise Gap(("tours that only have to be under a condition",))
    codes = [int(encode(value, tour.sort)) for value in sort_values(tour.sort)]
    tails, heads, literals = [], [], []
    successors = [compiler.linear(arg) for arg in tour.args]
    for tail, successor in enumerate(successors):
        compiler.budget.spend(len(codes))
        for head, code in enumerate(codes):
            literal = compiler.linear_literal(successor, ((code, code),))
            if literal is False or (head == tail and len(codes) > 1):
                continue
            tails.append(tail)
            heads.append(head)
            literals.append(compiler.as_literal(literal))
        if len(codes) > 1:
            loop = compiler.linear_literal(successor, ((codes[tail], codes[tail]),))
            compiler.write_clause(compiler.out, [opposite(loop)])
    variables = [one.alone for one in successors if one.alone is not None]
    if len(variables) == len(codes) and all(compiler.named_values(v, len(codes)) for v in variables):
        compiler.tours.append(frozenset(variables))
    compiler.out.append(f"constraints {{ circuit {{ tails: {tails} heads: {heads} literals: {literals} }} }}")
