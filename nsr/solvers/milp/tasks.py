"""What a mixed-integer program is asked: solutions that differ in some cells, and a best one."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from nsr.limits import BudgetExceeded, LimitKind
from nsr.solvers.certificates import DUAL_CERTIFICATE, FARKAS_CERTIFICATE, RAY_CERTIFICATE
from nsr.solvers.milp.problem import Problem, number_of, problem_of
from nsr.solvers.milp.search import Found, best
from nsr.solvers.milp.sensitivity import sensitivity_of
from nsr.solvers.milp.text import Column, Number, Row, exact
from nsr.solvers.protocol import Claim, NativeOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.limits import Budget
    from nsr.solvers.protocol import Code, Encoding, Query

__all__ = ["optimize", "solutions"]


def optimize(encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
    """The best value of one cell, some others being fixed."""
    assert query.objective is not None
    cell, kind = query.objective
    sign = 1 if kind == "minimize" else -1
    problem = problem_of(encoding, query)
    hint = None if query.hint is None else {i: number_of(code) for i, code in enumerate(query.hint)}
    found = best(problem, {cell: sign}, budget, query.seed, hint)
    if found.status in ("infeasible", "limit", "unknown"):
        return _without(found)
    row = _row(found.values, encoding)
    if found.status == "unbounded":
        certificate = RAY_CERTIFICATE if found.is_proved else ""
        return NativeOutcome(
            Claim.SATISFIABLE, (row,), True, optimum="unbounded", detail=found.detail, certificate=certificate
        )
    bound = None if found.bound is None else _code(found.bound * sign)
    if found.status == "feasible":
        return NativeOutcome(
            Claim.SATISFIABLE, (row,), limit=LimitKind.WALL, optimum="feasible", bound=bound, detail=found.detail
        )
    return NativeOutcome(
        Claim.SATISFIABLE,
        (row,),
        is_complete=True,
        optimum="optimal",
        bound=bound,
        detail=found.detail,
        certificate=DUAL_CERTIFICATE if found.is_proved else "",
        sensitivity=sensitivity_of(problem, found, encoding, query, budget) if found.is_proved else None,
    )


def _without(found: Found) -> NativeOutcome:
    """The outcome where there is no solution to show."""
    if found.status == "infeasible":
        certificate = FARKAS_CERTIFICATE if found.is_proved else ""
        return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True, detail=found.detail, certificate=certificate)
    limit = LimitKind.WALL if found.status == "limit" else None
    return NativeOutcome(Claim.UNKNOWN, limit=limit, detail=found.detail)


def _code(value: Number) -> Code:
    return value if isinstance(value, int) else (value.numerator, value.denominator)


def _row(values: Sequence[Number], encoding: Encoding) -> tuple[Code, ...]:
    """The codes of all cells: they are the first columns."""
    return tuple([_code(value) for value in values[: len(encoding.cells)]])


# Several solutions


def solutions(encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
    """Up to `count` solutions that differ on the projection; after each one, what it has there is excluded."""
    problem = problem_of(encoding, query)
    cells = range(len(encoding.cells)) if query.projection is None else query.projection
    reals = [cell for cell in cells if not problem.columns[cell].is_whole]
    whole = [cell for cell in cells if problem.columns[cell].is_whole]
    if reals:
        # With reals, what differs elsewhere can be a solution that differs there.
        whole = [index for index, column in enumerate(problem.columns) if column.is_whole]
    rows: list[tuple[Code, ...]] = []
    seen: set[tuple[Code, ...]] = set()

    def keep(values: Sequence[Number]) -> None:
        row = _row(values, encoding)
        key = tuple([row[cell] for cell in cells])
        if key not in seen:
            seen.add(key)
            rows.append(row)

    while True:
        found = best(problem, {}, budget, query.seed)
        if found.status != "optimal":
            if not rows:
                return _without(found)
            is_complete = found.status == "infeasible"
            limit = None if is_complete else LimitKind.WALL
            return NativeOutcome(Claim.SATISFIABLE, tuple(rows), is_complete, limit, detail=found.detail)
        keep(found.values)
        if len(rows) < query.count and reals:
            for values in _moved(problem, found.values, reals, query.count - len(rows), budget, query.seed):
                keep(values)
        if len(rows) >= query.count:
            return NativeOutcome(Claim.SATISFIABLE, tuple(rows[: query.count]), is_complete=not cells, detail="found")
        open_ones = set(problem.open_columns())
        problem = _other_than(problem, found.values, [column for column in whole if column in open_ones])


def _moved(
    problem: Problem, values: Sequence[Number], reals: Sequence[int], count: int, budget: Budget, seed: int
) -> list[Sequence[Number]]:
    """Up to `count` other solutions with the same whole numbers: from here towards one in which some real differs."""
    fixed = problem.with_fixed({i: values[i] for i, c in enumerate(problem.columns) if c.is_whole})
    for cell in reals:
        for sign in (1, -1):
            found = best(fixed, {cell: sign}, budget, seed)
            if found.status in ("limit", "unknown"):
                raise BudgetExceeded(LimitKind.WALL)
            other = found.values
            if found.status == "unbounded":
                other = best(_beyond(fixed, cell, values[cell] - sign, sign), {}, budget, seed).values
            if other and other[cell] != values[cell]:
                # All points between two solutions of a linear program are solutions.
                return [_between(values, other, number, count) for number in range(1, count + 1)]
    return []


def _beyond(problem: Problem, cell: int, value: Number, sign: int) -> Problem:
    """The problem in which a cell is at most (or at least) a value."""
    row = Row((), None, value, {cell: 1}) if sign > 0 else Row((), value, None, {cell: 1})
    return problem.with_rows([row])


def _between(start: Sequence[Number], end: Sequence[Number], number: int, count: int) -> list[Number]:
    part = Fraction(number, count)
    return [exact(a + part * (b - a)) for a, b in zip(start, end, strict=True)]


def _other_than(problem: Problem, values: Sequence[Number], columns: Sequence[int]) -> Problem:
    """The problem in which one of these whole columns has another value."""
    total: dict[int, Number] = {}
    low: Number = 1
    more: list[Column] = []
    rows: list[Row] = []
    for column in columns:
        own, value = problem.columns[column], values[column]
        if (own.low, own.high) == (0, 1):
            total[column] = -1 if value else 1
            low -= 1 if value else 0
            continue
        for sign in (1, -1):
            end = own.high if sign > 0 else own.low
            if end is not None and sign * (end - value) < 1:
                continue
            literal = len(problem.columns) + len(more)
            more.append(Column(0, 1, True))
            total[literal] = 1
            edge = value + sign
            rows.append(Row((literal,), edge if sign > 0 else None, None if sign > 0 else edge, {column: 1}))
    rows.append(Row((), low, None, total))
    return problem.with_rows(rows, more)
