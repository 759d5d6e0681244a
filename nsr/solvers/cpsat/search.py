"""Runs of CP-SAT on an encoding: one solution, all of them, several that differ in some cells, the best one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from nsr.limits import LimitKind
from nsr.solvers._domains import complement
from nsr.solvers.cpsat.readings import Reading, reading_of
from nsr.solvers.protocol import Claim, Gap, NativeOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nsr.limits import Budget
    from nsr.solvers.protocol import Code, Encoding, Query

__all__ = ["enumerate_all", "exclude_one_by_one", "optimize"]

PARAMETERS: Final = "num_workers: 1 symmetry_level: 0"
"""One search thread, for the same result every time. Probing stays on: without it grids of 6 by 6 take twice as long
(`design/workers.md` has the numbers). `max_presolve_iterations: 0` must not be set: CP-SAT 9.15 then finds a second
solution where there is none."""


class _Run(NamedTuple):
    """What CP-SAT says, the first or last solutions, and its bound on the objective as it stands in the text."""

    status: str
    rows: list[tuple[int, ...]]
    bound: int


def _run(text: str, encoding: Encoding, count: int, parameters: str, seed: int, budget: Budget) -> _Run:
    """One run; it ends after `count` solutions, or, where `count` is 0, by itself, and then the last one is kept."""
    from ortools.sat.python import cp_model_helper as cmh

    places = range(len(encoding.cells))
    left_out = {place: _reading(encoding, place) for place in places if not encoding.cells[place].variable.isdigit()}

    def row(value: Callable[[int], int]) -> tuple[int, ...]:
        # The cells are the first variables, but those that are read from others.
        codes = [value(place) for place in places]
        for place, reading in left_out.items():
            codes[place] = reading.code(value)
        return tuple(codes)

    class Collector(cmh.SolutionCallback):  # type: ignore[misc, name-defined, unused-ignore]
        """Keeps solutions."""

        def __init__(self) -> None:
            super().__init__()
            self.rows: list[tuple[int, ...]] = []

        def OnSolutionCallback(self) -> None:
            self.rows.append(row(self.SolutionIntegerValue))
            if len(self.rows) == count:
                self.StopSearch()

    model = cmh.CpModelProto()
    if not model.parse_text_format(text):
        raise AssertionError("the encoding is not a CP-SAT protocol buffer")
    chosen = cmh.SatParameters()
    chosen.parse_text_format(
        f"{PARAMETERS} random_seed: {seed} max_time_in_seconds: {max(budget.seconds_left, 0.001)} {parameters}"
    )
    solver: Any = cmh.SolveWrapper()
    solver.set_parameters(chosen)
    collector = Collector()
    if count > 1:
        # To look at each solution takes its time: of one, or of the best, the response has the values.
        solver.add_solution_callback(collector)
    response = solver.solve(model)
    status = response.status.name
    if status not in ("OPTIMAL", "FEASIBLE", "INFEASIBLE", "UNKNOWN"):
        raise Gap((f"CP-SAT does not accept the encoding: {status} {response.solution_info}",))
    if count <= 1 and status in ("OPTIMAL", "FEASIBLE"):
        collector.rows.append(row(list(response.solution).__getitem__))
    return _Run(status, collector.rows, response.inner_objective_lower_bound)


def _reading(encoding: Encoding, cell: int) -> Reading:
    return reading_of(encoding.cells[cell].variable)


def enumerate_all(text: str, encoding: Encoding, count: int, seed: int, budget: Budget) -> NativeOutcome:
    """The first `count` solutions."""
    run = _run(text, encoding, count, "enumerate_all_solutions: true" if count > 1 else "", seed, budget)
    rows = tuple(run.rows[:count])
    match run.status:
        case "OPTIMAL":
            # Only when the search has ended by itself; a single solution is asked for without enumeration.
            is_complete = len(rows) < count or not encoding.cells
            return NativeOutcome(Claim.SATISFIABLE, rows, is_complete=is_complete, detail=run.status)
        case "FEASIBLE":
            limit = None if len(rows) >= count else LimitKind.WALL
            return NativeOutcome(Claim.SATISFIABLE, rows, limit=limit, detail=run.status)
        case "INFEASIBLE":
            return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True, detail=run.status)
        case _:
            return NativeOutcome(Claim.UNKNOWN, limit=LimitKind.WALL, detail=run.status)


def optimize(text: list[str], encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
    """The best value of one cell, some others being fixed."""
    assert query.objective is not None
    cell, kind = query.objective
    sign = 1 if kind == "minimize" else -1
    aim = _reading(encoding, cell)
    fixed = [(_reading(encoding, other), value) for other, value in query.fixed]
    extra = [reading.within(((value, value),)) for reading, value in fixed if isinstance(value, int)]
    coefficients = [sign * coefficient for _, coefficient in aim.terms]
    extra.append(f"objective {{ vars: {[variable for variable, _ in aim.terms]} coeffs: {coefficients} }}")
    if query.hint:
        known = [(_reading(encoding, place), code) for place, code in enumerate(query.hint)]
        hints = dict([hint for reading, code in known if isinstance(code, int) for hint in reading.hints(code)])
        extra.append(f"solution_hint {{ vars: {list(hints)} values: {list(hints.values())} }}")
    run = _run("\n".join([*text, *extra]), encoding, 0, "", query.seed, budget)
    match run.status:
        case "OPTIMAL":
            best = run.rows[-1][cell]
            return NativeOutcome(
                Claim.SATISFIABLE, (run.rows[-1],), is_complete=True, optimum="optimal", bound=best, detail=run.status
            )
        case "INFEASIBLE":
            return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True, detail=run.status)
        case "FEASIBLE":
            return NativeOutcome(
                Claim.SATISFIABLE,
                (run.rows[-1],),
                limit=LimitKind.WALL,
                optimum="feasible",
                bound=sign * run.bound + aim.constant,
                detail=run.status,
            )
        case _:
            return NativeOutcome(Claim.UNKNOWN, limit=LimitKind.WALL, detail=run.status)


def exclude_one_by_one(text: list[str], encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
    """Solutions that differ on some cells: after each one, its values there are excluded."""
    assert query.projection is not None
    rows: list[tuple[Code, ...]] = []
    blocked: list[str] = []
    variables = _variable_count(encoding.base)
    while len(rows) < query.count:
        found = enumerate_all("\n".join([*text, *blocked]), encoding, 1, query.seed, budget)
        if found.claim is not Claim.SATISFIABLE:
            is_complete = found.claim is Claim.UNSATISFIABLE
            claim = Claim.SATISFIABLE if rows else found.claim
            return NativeOutcome(claim, tuple(rows), is_complete, found.limit, detail=found.detail)
        row = found.rows[0]
        rows.append(row)
        if not query.projection:
            return NativeOutcome(Claim.SATISFIABLE, tuple(rows), is_complete=True)
        blocked.append(_other_than(row, query.projection, encoding, variables))
        variables += len(query.projection)
    return NativeOutcome(Claim.SATISFIABLE, tuple(rows))


def _variable_count(base: str) -> int:
    return base.count("variables {")


def _other_than(row: Sequence[Code], projection: Sequence[int], encoding: Encoding, first: int) -> str:
    """A clause of new literals, each of which makes one cell differ."""
    lines = []
    for offset, cell in enumerate(projection):
        value = row[cell]
        assert isinstance(value, int)
        lines.append("variables { domain: [0, 1] }")
        lines.append(_reading(encoding, cell).within(complement(((value, value),)), (first + offset,)))
    literals = ", ".join(str(first + offset) for offset in range(len(projection)))
    lines.append(f"constraints {{ bool_or {{ literals: [{literals}] }} }}")
    return "\n".join(lines)
