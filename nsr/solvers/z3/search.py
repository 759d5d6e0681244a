"""Runs of Z3 on an encoding without quantifiers."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from nsr.limits import LimitKind
from nsr.solvers.protocol import Claim, NativeOutcome
from nsr.solvers.z3.contexts import context_of
from nsr.solvers.z3.write import ASSERT, LINEAR, QUANTIFIERS, THINGS_ONLY

if TYPE_CHECKING:
    from collections.abc import Sequence

    import z3

    from nsr.limits import Budget
    from nsr.solvers.protocol import Cell, Code, Encoding, Query

__all__ = ["Irrational", "code", "constant", "limit_of", "new_solver", "search", "set_timeout", "words"]


class Irrational(Exception):
    """A value that is no fraction."""


def new_solver(encoding: Encoding, seed: int) -> z3.Solver:
    """A solver in the context of the encoding."""
    import z3

    context = context_of(encoding)
    if encoding.base.startswith(QUANTIFIERS):
        # Its tactics are for numbers; without them they come down to the plain solver, and take half the time.
        is_plain = encoding.base.startswith(THINGS_ONLY)
        return z3.SimpleSolver(ctx=context) if is_plain else z3.Solver(ctx=context)
    if not encoding.base.startswith(LINEAR) and any(cell.variable.startswith("Real ") for cell in encoding.cells):
        # Its tactics for polynomials of reals are complete, the plain solver's are not.
        return z3.Solver(ctx=context)
    solver = z3.SimpleSolver(ctx=context)
    solver.set("random_seed", seed)
    if encoding.base.startswith(LINEAR):
        # The older simplex takes two thirds of the time on grids, and a third in the worst case.
        solver.set("smt.arith.solver", 2)
    return solver


def set_timeout(solver: z3.Solver | z3.Optimize, seconds: float) -> None:
    """Z3 keeps a thread for its timer, which a process that is about to fork must not have: none without a limit."""
    if isfinite(seconds):
        solver.set("timeout", max(1, int(seconds * 1000)))


def words(failure: Exception) -> str:
    """What an exception of Z3 says."""
    value = getattr(failure, "value", failure)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def search(solver: z3.Solver, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
    """Up to `count` solutions that differ on the projection."""
    import z3

    wanted = [(name, text) for name, text in encoding.groups if query.groups is None or name in query.groups]
    lines = [encoding.base]
    guards = []
    for index, (_, text) in enumerate(wanted):
        if query.is_core_wanted:
            guard = f"|requirement {index}|"
            guards.append(z3.Bool(guard.strip("|"), solver.ctx))
            lines.append(f"(declare-const {guard} Bool)\n(assert (=> {guard} {text[len(ASSERT) :]})")
        else:
            lines.append(text)
    solver.from_string("\n".join(lines))
    cells = [constant(cell, solver.ctx) for cell in encoding.cells]
    if query.one_of:
        solver.add(z3.Or([cells[cell] == z3.BoolVal(bool(value), solver.ctx) for cell, value in query.one_of]))
    projection = range(len(cells)) if query.projection is None else query.projection
    rows: list[tuple[Code, ...]] = []
    while len(rows) < query.count:
        if budget.seconds_left <= 0:
            claim = Claim.SATISFIABLE if rows else Claim.UNKNOWN
            return NativeOutcome(claim, tuple(rows), limit=LimitKind.WALL, detail="out of time")
        set_timeout(solver, budget.seconds_left)
        found = solver.check(*guards).r
        if found == z3.Z3_L_TRUE:
            model = solver.model()
            values = [model.eval(cell, model_completion=True) for cell in cells]
            rows.append(tuple([code(value) for value in values]))
            if not projection:
                return NativeOutcome(Claim.SATISFIABLE, tuple(rows), is_complete=True)
            if len(rows) < query.count:
                solver.add(z3.Or([cells[i] != values[i] for i in projection]))
        elif found == z3.Z3_L_FALSE:
            claim = Claim.SATISFIABLE if rows else Claim.UNSATISFIABLE
            core = _core(solver, wanted) if guards else None
            return NativeOutcome(claim, tuple(rows), is_complete=True, core=core, detail="unsat")
        else:
            reason = solver.reason_unknown()
            claim = Claim.SATISFIABLE if rows else Claim.UNKNOWN
            return NativeOutcome(claim, tuple(rows), limit=limit_of(reason), detail=reason)
    return NativeOutcome(Claim.SATISFIABLE, tuple(rows))


def _core(solver: z3.Solver, wanted: Sequence[tuple[str, str]]) -> frozenset[str]:
    indices = [int(str(guard).removeprefix("requirement ")) for guard in solver.unsat_core()]
    return frozenset(wanted[index][0] for index in indices)


def limit_of(reason: str) -> LimitKind | None:
    """Which limit a reason for "unknown" speaks of."""
    if "timeout" in reason or "canceled" in reason:
        return LimitKind.WALL
    if "mem" in reason:
        return LimitKind.MEMORY
    return LimitKind.STEPS if "resource" in reason else None


def constant(cell: Cell, context: z3.Context) -> z3.ExprRef:
    """The constant that holds a cell."""
    import z3

    kind, name = cell.variable.split(" ", 1)
    return {"Bool": z3.Bool, "Int": z3.Int, "Real": z3.Real}[kind](name, context)


def code(value: z3.ExprRef) -> Code:
    """The code of a value in a model.

    Raises:
        Irrational: when it is no fraction.
    """
    import z3

    if z3.is_bool(value):
        return int(z3.is_true(value))
    if isinstance(value, z3.IntNumRef):
        return int(value.as_long())
    if isinstance(value, z3.RatNumRef):
        return value.numerator_as_long(), value.denominator_as_long()
    raise Irrational(str(value))
