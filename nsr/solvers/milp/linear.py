"""Linear programs, solved exactly: GLOP finds a vertex in floating point, its basis is solved over the rationals.

What is said is proved by exact dual values: a bound on the objective that a solution reaches, or a positive bound on
nothing at all where there is no solution (Farkas). A direction without end proves that there is no bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple
from typing import Literal as Choice

from nsr.solvers.milp.exact import Matrix, Singular
from nsr.solvers.milp.mathopt import At, Basis, Ended, Model, Solver, run
from nsr.solvers.milp.text import Column, Number
from nsr.solvers.milp.vectors import Vector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.limits import Budget

__all__ = ["Line", "Lp", "Solved", "Vertex", "activity", "bound_by", "is_inside", "reduced_by", "solve_lp"]


class Line(NamedTuple):
    """A row: a sum between two numbers."""

    low: Number | None
    high: Number | None
    terms: Mapping[int, Number]


@dataclass(frozen=True, slots=True)
class Lp:
    """Columns (whole or not: all count as real), rows, and what is to be least."""

    columns: Sequence[Column]
    rows: Sequence[Line]
    objective: Mapping[int, Number] = field(default_factory=dict)


class Vertex(NamedTuple):
    """An exact solution at the corner that a basis names, and the dual values of the rows there."""

    basis: Basis
    values: list[Number]
    duals: list[Number]
    matrix: Matrix
    basic: list[int]
    binding: list[int]


@dataclass(frozen=True, slots=True)
class Solved:
    """What is known of an LP; `is_proved` says that exact dual values, or a direction without end, prove it.

    "feasible" comes only without a proof that the values are best; "limit" when the time is over, "unknown" when
    floating point led to no exact solution.
    """

    status: Choice["optimal", "feasible", "infeasible", "unbounded", "limit", "unknown"]
    values: Sequence[Number] = ()
    is_proved: bool = False
    vertex: Vertex | None = None
    detail: str = ""


def is_inside(value: Number, low: Number | None, high: Number | None) -> bool:
    """Whether a value lies between two numbers."""
    return (low is None or value >= low) and (high is None or value <= high)


def activity(terms: Mapping[int, Number], values: Sequence[Number]) -> Number:
    """The value of a sum."""
    columns = list(terms)
    vector = Vector([values[column] for column in columns])
    return vector.value(sum([n * terms[column] for n, column in zip(vector.numbers, columns, strict=True)]))


def bound_by(lp: Lp, duals: Sequence[Number], objective: Mapping[int, Number]) -> Number | None:
    """A number that no solution makes the objective less than, proved by dual values; None if they prove none.

    Every solution has the value `sum(d_j x_j) + sum(y_i a_i x)` with `d = c - y A`; each part is at least what the
    bound on its side makes it (weak duality).
    """
    prices = Vector(duals)
    total: Number = 0
    for (low, high, _), dual in zip(lp.rows, prices.numbers, strict=True):
        if dual:
            side = low if dual > 0 else high
            if side is None:
                return None
            total += dual * side
    for column, value in reduced_by(lp, prices, objective).items():
        if value:
            side = lp.columns[column].low if value > 0 else lp.columns[column].high
            if side is None:
                return None
            total += value * side
    return prices.value(total)


def reduced_by(lp: Lp, prices: Vector, objective: Mapping[int, Number]) -> dict[int, Number]:
    """The reduced costs `c - y A`, times the denominator of the dual values."""
    scale = prices.scale
    reduced = {column: value * scale for column, value in objective.items()}
    for row, dual in zip(lp.rows, prices.numbers, strict=True):
        if dual:
            for column, value in row.terms.items():
                reduced[column] = reduced.get(column, 0) - dual * value
    return reduced


def is_solution(lp: Lp, values: Sequence[Number]) -> bool:
    """Whether values keep all bounds and rows."""
    vector = Vector(values)
    return all(is_inside(v, c.low, c.high) for v, c in zip(values, lp.columns, strict=True)) and all(
        is_inside(vector.dot(terms), low, high) for low, high, terms in lp.rows
    )


MOST_TURNS = 2
"""How often an LP is asked instead of another one."""


def solve_lp(lp: Lp, budget: Budget, seed: int, turns: int = 0) -> Solved:
    """A best solution, or that there is none; `turns` counts the LPs that this one is asked for.

    Raises:
        Refused: if a number is too large for floating point.
    """
    ranges = [*[(c.low, c.high) for c in lp.columns], *[(row.low, row.high) for row in lp.rows]]
    if any(low is not None and high is not None and low > high for low, high in ranges):
        return Solved("infeasible", is_proved=True, detail="bounds cross")
    last = Solved("unknown", detail="no vertex of the linear program could be made exact")
    for is_simplest in (False, True):
        if budget.seconds_left <= 0:
            return Solved("limit", detail="out of time")
        found = run(
            Model(lp.columns, lp.rows, lp.objective), Solver.GLOP, budget.seconds_left, seed, is_simplest=is_simplest
        )
        match found.ended:
            case Ended.OPTIMAL if found.basis is not None:
                solved = _at_vertex(lp, found.basis, budget)
                if solved is not None and solved.status == "optimal":
                    return solved
                last = solved or last
            case Ended.INFEASIBLE | Ended.UNBOUNDED | Ended.EITHER if turns < MOST_TURNS:
                return _without_optimum(lp, found.ended, budget, seed, turns + 1)
            case Ended.LIMIT:
                return Solved("limit", detail=found.detail)
            case _:
                last = replace(last, detail=found.detail) if last.status == "unknown" else last
    return last


def _at_vertex(lp: Lp, basis: Basis, budget: Budget) -> Solved | None:
    """The exact solution that a basis names, if it is one, with the proof that it is best, if it proves that."""
    try:
        vertex = _vertex(lp, basis, budget)
    except Singular:
        return None
    if vertex is None or not is_solution(lp, vertex.values):
        return None
    value = activity(lp.objective, vertex.values)
    is_best = bound_by(lp, vertex.duals, lp.objective) == value
    return Solved("optimal" if is_best else "feasible", vertex.values, is_best, vertex, "vertex")


def _vertex(lp: Lp, basis: Basis, budget: Budget) -> Vertex | None:
    basic = [column for column, at in enumerate(basis.columns) if at is At.BASIC]
    binding = [row for row, at in enumerate(basis.rows) if at is not At.BASIC]
    if len(basic) != len(binding):
        return None
    place = {column: index for index, column in enumerate(basic)}
    values: list[Number] = [0] * len(lp.columns)
    for column, at in enumerate(basis.columns):
        if at is not At.BASIC:
            own = lp.columns[column]
            side = _side(at, own.low, own.high)
            if side is None:
                return None
            values[column] = side
    rows, right = [], []
    for row in binding:
        low, high, terms = lp.rows[row]
        side = _side(basis.rows[row], low, high)
        if side is None:
            return None
        rows.append({place[c]: v for c, v in terms.items() if c in place})
        right.append(side - sum([v * values[c] for c, v in terms.items() if c not in place]))
    matrix = Matrix(rows, budget)
    for column, value in zip(basic, matrix.solve(right).values(), strict=True):
        values[column] = value
    duals: list[Number] = [0] * len(lp.rows)
    costs = [lp.objective.get(column, 0) for column in basic]
    if any(costs):
        for row, dual in zip(binding, matrix.solve_turned(costs).values(), strict=True):
            duals[row] = dual
    return Vertex(basis, values, duals, matrix, basic, binding)


def _side(at: At, low: Number | None, high: Number | None) -> Number | None:
    match at:
        case At.LOW | At.FIXED:
            return low
        case At.HIGH:
            return high
        case At.FREE:
            return 0 if low is None and high is None else low if low is not None else high
        case At.BASIC:
            raise AssertionError("a basic variable is at no bound")


# Without a solution, or without a bound


def _without_optimum(lp: Lp, ended: Ended, budget: Budget, seed: int, turns: int) -> Solved:
    """What GLOP says without a solution, with a proof of it."""
    first = _nearest(lp, budget, seed, turns)
    if first.status != "feasible" or not lp.objective:
        return first
    way = _direction(lp)
    found = solve_lp(way, budget, seed, turns)
    if found.status == "optimal":
        return Solved("unbounded", first.values, is_proved=True, detail="a direction without end")
    return Solved("limit" if found.status == "limit" else "unknown", detail=f"GLOP says {ended.value}")


def _nearest(lp: Lp, budget: Budget, seed: int, turns: int) -> Solved:
    """A solution, or the proof that there is none: the least sum of violations of the rows."""
    size = len(lp.columns)
    columns = [*lp.columns]
    rows = []
    for low, high, terms in lp.rows:
        more = dict(terms)
        if low is not None:
            more[len(columns)] = 1
            columns.append(Column(0, None, False))
        if high is not None:
            more[len(columns)] = -1
            columns.append(Column(0, None, False))
        rows.append(Line(low, high, more))
    elastic = Lp(columns, rows, dict.fromkeys(range(size, len(columns)), 1))
    if not elastic.objective:
        # Nothing but bounds that do not cross.
        return Solved("feasible", [_side(At.FREE, c.low, c.high) or 0 for c in lp.columns])
    found = solve_lp(elastic, budget, seed, turns)
    if found.status != "optimal" or found.vertex is None:
        return Solved("limit" if found.status == "limit" else "unknown", detail=found.detail)
    if activity(elastic.objective, found.values) == 0:
        return Solved("feasible", list(found.values[:size]))
    least = bound_by(lp, found.vertex.duals, {})
    return Solved("infeasible", is_proved=least is not None and least > 0, detail="the rows contradict each other")


def _direction(lp: Lp) -> Lp:
    """The LP of the directions that one can go for ever from any solution, one unit better with each step."""
    columns = [Column(None if c.low is None else 0, None if c.high is None else 0, False) for c in lp.columns]
    rows = [Line(None if low is None else 0, None if high is None else 0, terms) for low, high, terms in lp.rows]
    return Lp(columns, [*rows, Line(-1, -1, lp.objective)])
