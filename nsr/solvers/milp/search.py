"""Solutions of mixed-integer programs: found in floating point, made exact, held against every row."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING
from typing import Literal as Choice

from nsr.solvers.milp.linear import Solved, activity, solve_lp
from nsr.solvers.milp.mathopt import Ended, Refused, Run, Solver, run
from nsr.solvers.milp.problem import Problem, model_of
from nsr.solvers.milp.text import Column, Number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.limits import Budget

__all__ = ["Found", "best"]

CLOSE = 1e-4
"""A value of a whole column this near to a whole number is meant to be that number."""

TOLERANCE = 1e-6
"""How far, relative to its size, a solver's bound may be beyond the value of the solution that it calls best."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a problem: as `Solved`, with the bound on the objective where a limit struck.

    `lp` is the exact linear program where no whole number had to be found; `rows` are the rows that it has.
    """

    status: Choice["optimal", "feasible", "infeasible", "unbounded", "limit", "unknown"]
    values: Sequence[Number] = ()
    bound: Number | None = None
    is_proved: bool = False
    detail: str = ""
    lp: Solved | None = None
    rows: tuple[int, ...] = ()


def best(
    problem: Problem,
    objective: Mapping[int, Number],
    budget: Budget,
    seed: int,
    hint: Mapping[int, Number] | None = None,
) -> Found:
    """A solution that makes a sum least (any solution if it is empty).

    Raises:
        Refused: if floating point leads to no exact solution.
    """
    if not problem.open_columns():
        return _linear(problem, objective, budget, seed)
    last = "no solution could be made exact"
    for solver in (Solver.HIGHS, Solver.SCIP):
        if budget.seconds_left <= 0:
            return Found("limit", detail="out of time")
        model = model_of(problem, objective, budget)
        model.hint = hint
        if model.indicators and solver is Solver.HIGHS:
            continue
        try:
            done = run(model, solver, budget.seconds_left, seed)
        except Refused as refused:
            last = str(refused)
            continue
        found = _read(problem, objective, done, budget, seed)
        if found is not None:
            return found
        last = f"{solver.name} says {done.ended.value}, and its solution is none in exact numbers"
    raise Refused(last)


def _linear(problem: Problem, objective: Mapping[int, Number], budget: Budget, seed: int) -> Found:
    lp, rows = problem.lp({}, objective)
    solved = solve_lp(lp, budget, seed)
    if solved.status == "unknown" or (solved.status == "feasible" and objective):
        raise Refused(solved.detail)
    status = "optimal" if solved.status == "feasible" else solved.status
    bound = activity(objective, solved.values) if status == "optimal" else None
    return Found(status, solved.values, bound, solved.is_proved, solved.detail, solved, rows)


def _read(problem: Problem, objective: Mapping[int, Number], done: Run, budget: Budget, seed: int) -> Found | None:
    """A run in exact numbers; None if its solution is none."""
    match done.ended:
        case Ended.INFEASIBLE:
            return Found("infeasible", detail=done.detail)
        case Ended.UNBOUNDED | Ended.EITHER:
            return _without_bound(problem, objective, budget, seed)
        case Ended.LIMIT if done.values is None:
            return Found("limit", detail=done.detail)
        case Ended.FAILED:
            return None
        case _:
            pass
    assert done.values is not None
    values = _exact(problem, objective, done.values, budget, seed)
    if values is None:
        return None
    value = activity(objective, values)
    if done.ended is Ended.LIMIT:
        return Found("feasible", values, _bound(problem, objective, done.bound, value), detail=done.detail)
    if done.bound is not None and float(value) - done.bound > TOLERANCE * max(1.0, abs(done.bound)):
        # What was rounded away had made it look better.
        return None
    return Found("optimal", values, value, detail=done.detail)


def _exact(
    problem: Problem, objective: Mapping[int, Number], values: Sequence[float], budget: Budget, seed: int
) -> Sequence[Number] | None:
    """The solution with the whole numbers that values are near to, best among those."""
    whole: dict[int, Number] = {}
    for index, column in enumerate(problem.columns):
        if column.is_whole:
            whole[index] = round(values[index])
            if abs(values[index] - whole[index]) > CLOSE:
                return None
    if len(whole) < len(problem.columns):
        lp, _ = problem.lp(whole, objective)
        solved = solve_lp(lp, budget, seed)
        if solved.status not in ("optimal", "feasible") or not solved.values:
            return None
        exact = list(solved.values)
    else:
        exact = [whole[index] for index in range(len(problem.columns))]
    return exact if problem.accepts(exact) else None


def _bound(problem: Problem, objective: Mapping[int, Number], bound: float | None, value: Number) -> Number | None:
    """What no solution is better than, by a solver's word: a bound in floating point, moved to the safe side."""
    if bound is None:
        return None
    safe = Fraction(bound - TOLERANCE * max(1.0, abs(bound)))
    is_whole = all(problem.columns[c].is_whole and v.denominator == 1 for c, v in objective.items())
    if is_whole:
        return min(ceil(safe), value)
    return min(Fraction(floor(safe * 10**6), 10**6), value)


def _without_bound(problem: Problem, objective: Mapping[int, Number], budget: Budget, seed: int) -> Found | None:
    """What there is where a solver says that there is no solution or no bound."""
    if not objective:
        return None
    first = best(problem, {}, budget, seed)
    if first.status != "optimal":
        return first
    # The literals stay as they are: they have bounds, and a direction that never ends moves no such column.
    whole = {i: first.values[i] for i, c in enumerate(problem.columns) if c.low is not None and c.high is not None}
    lp, _ = problem.lp(whole, objective)
    relaxed = [Column(c.low, c.high, False) for c in lp.columns]
    solved = solve_lp(type(lp)(relaxed, lp.rows, objective), budget, seed)
    if solved.status != "unbounded":
        return Found("limit" if solved.status == "limit" else "unknown", detail=solved.detail)
    # A direction of rational numbers, times their denominators, keeps whole numbers whole.
    return Found("unbounded", first.values, is_proved=True, detail="a direction without end")
