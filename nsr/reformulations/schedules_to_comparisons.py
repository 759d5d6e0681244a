"""Tasks that share a resource become comparisons of starts and ends.

Of two tasks that may not overlap one ends before the other starts. What runs at once is most when a task starts, so a
resource is checked at each start (time-task decomposition: Schutt et al., "Why cumulative decomposition is not as bad
as it sounds", CP 2009); where demands can be negative it is checked at each end too.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from nsr.language.ir import Cumulative, Equal, NoOverlap, Task, integer
from nsr.language.traverse import children
from nsr.reformulations.bounds import bounds_of
from nsr.reformulations.folding import (
    choose,
    conjunction,
    disjunction,
    equal,
    implication,
    less,
    less_equal,
    remake,
    total,
)
from nsr.reformulations.protocol import Construct, Feature, Position, Reformulation, features
from nsr.reformulations.substitution import with_formulas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Term
    from nsr.limits import Budget

__all__ = ["SCHEDULES_TO_COMPARISONS"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program without schedules; binders have been written out."""

    def compared(term: Term) -> Term:
        budget.spend()
        inner = children(term)
        if not inner:
            return term
        new = [compared(child) for child in inner]
        match term:
            case Task():
                return Task((), new[0], new[1], new[2], new[3], origin=term.origin)
            case NoOverlap():
                budget.spend(len(new) ** 2)
                return _no_overlap([one for one in new if isinstance(one, Task)])
            case Cumulative():
                budget.spend(len(new) ** 2)
                return _cumulative(new[0], [one for one in new if isinstance(one, Task)])
            case _:
                return remake(term, new)

    return with_formulas(program, compared)


def _defined(tasks: Sequence[Task]) -> list[Term]:
    """Every task that takes part has all its numbers."""
    out: list[Term] = []
    for task in tasks:
        numbers = conjunction([equal(part, part) for part in (task.start, task.length, task.demand)])
        out.append(implication(task.condition, numbers))
    return out


def _end(task: Task) -> Term:
    return total((task.start, task.length))


def _runs(task: Task) -> Term:
    return conjunction((task.condition, less(integer(0), task.length)))


def _no_overlap(tasks: Sequence[Task]) -> Term:
    apart = []
    for a, b in combinations(tasks, 2):
        either = disjunction((less_equal(_end(a), b.start), less_equal(_end(b), a.start)))
        apart.append(implication(conjunction((_runs(a), _runs(b))), either))
    return conjunction((*_defined(tasks), *apart))


def _cumulative(capacity: Term, tasks: Sequence[Task]) -> Term:
    low = [bounds_of(task.demand).low for task in tasks]
    moments = [(task, task.start) for task in tasks]
    if any(bound is None or bound < 0 for bound in low):
        moments += [(task, _end(task)) for task in tasks]
    within = []
    for task, moment in moments:
        used = []
        for other in tasks:
            is_running = conjunction((_runs(other), less_equal(other.start, moment), less(moment, _end(other))))
            used.append(choose(is_running, other.demand, integer(0)))
        within.append(implication(_runs(task), less_equal(total(used), capacity)))
    return conjunction((Equal(capacity, capacity), *_defined(tasks), less_equal(integer(0), capacity), *within))


_COMPARISONS = features(
    Construct.BOOLEAN,
    Construct.COMPARISON,
    Construct.CONDITIONAL,
    Construct.LINEAR,
    Construct.PARTIAL,
)

SCHEDULES_TO_COMPARISONS = Reformulation(
    name="SchedulesToComparisons",
    rewrites={
        Feature(Construct.SCHEDULE, Position.TOP): _COMPARISONS,
        Feature(Construct.SCHEDULE, Position.REIFIED): _COMPARISONS,
    },
    cost=3,
    rewrite=rewrite,
)
