"""Optima through Z3: its own optimizer, then step by step; every optimum is refuted to be beaten by a plain solver."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from nsr.limits import LimitKind
from nsr.solvers.protocol import Claim, NativeOutcome
from nsr.solvers.z3.contexts import context_of
from nsr.solvers.z3.polynomials import by_quantifiers, is_polynomial
from nsr.solvers.z3.search import code, constant, limit_of, new_solver, set_timeout
from nsr.solvers.z3.write import LINEAR, numeral, real

if TYPE_CHECKING:
    import z3

    from nsr.limits import Budget
    from nsr.solvers.protocol import Code, Encoding, Query

__all__ = ["Problem", "optimize"]

MOST_STEPS = 2000
"""Solutions that are improved one by one."""

SHARE = 0.5
"""The part of the time left that Z3's own optimizer may take before solutions are improved one by one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be optimized."""

    encoding: Encoding
    query: Query
    budget: Budget
    cell: int
    is_least: bool

    def text(self) -> str:
        """Everything that holds, the fixed cells among it."""
        wanted = self.query.groups
        parts = [self.encoding.base]
        parts += [text for name, text in self.encoding.groups if wanted is None or name in wanted]
        for cell, value in self.query.fixed:
            name = self.encoding.cells[cell].variable.split(" ", 1)[1]
            number = numeral(value) if isinstance(value, int) else real(Fraction(*value))
            parts.append(f"(assert (= |{name}| {number}))")
        return "\n".join(parts)

    def solver(self) -> z3.Solver:
        """A plain solver of it."""
        solver = new_solver(self.encoding, self.query.seed)
        solver.from_string(self.text())
        return solver

    def constants(self, context: z3.Context) -> list[z3.ExprRef]:
        """What holds the cells, in order."""
        return [constant(cell, context) for cell in self.encoding.cells]

    def row(self, model: z3.ModelRef, context: z3.Context) -> tuple[Code, ...]:
        """The codes of all cells."""
        return tuple([code(model.eval(cell, model_completion=True)) for cell in self.constants(context)])

    def target(self, context: z3.Context) -> z3.ArithRef:
        """What is to be least or greatest."""
        import z3

        target = constant(self.encoding.cells[self.cell], context)
        assert isinstance(target, z3.ArithRef)
        return target


def optimize(encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
    """The best value of one cell, some others being fixed."""
    assert query.objective is not None
    problem = Problem(encoding, query, budget, query.objective[0], query.objective[1] == "minimize")
    if encoding.base.startswith(LINEAR):
        found = _by_optimizer(problem)
        if found is not None:
            return found
    elif is_polynomial(problem):
        found = by_quantifiers(problem)
        if found is not None:
            return found
    return _step_by_step(problem)


def _by_optimizer(problem: Problem) -> NativeOutcome | None:
    """What Z3's optimizer says; None if it does not know."""
    import z3

    context = context_of(problem.encoding)
    optimizer = z3.Optimize(ctx=context)
    optimizer.from_string(problem.text())
    target = problem.target(context)
    handle = optimizer.minimize(target) if problem.is_least else optimizer.maximize(target)
    set_timeout(optimizer, problem.budget.seconds_left * SHARE)
    found = optimizer.check().r
    if found == z3.Z3_L_FALSE:
        return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True, detail="unsat")
    if found != z3.Z3_L_TRUE:
        return None
    row = problem.row(optimizer.model(), context)
    parts = optimizer.lower_values(handle) if problem.is_least else optimizer.upper_values(handle)
    infinite, best, epsilon = [code(part) for part in parts]
    if _fraction(infinite):
        return NativeOutcome(Claim.SATISFIABLE, (row,), is_complete=True, optimum="unbounded", detail="unbounded")
    if _fraction(epsilon):
        if not _is_refuted(problem, best, is_strict=False):
            return None
        return NativeOutcome(Claim.SATISFIABLE, (row,), True, optimum="unattained", bound=best, detail="epsilon")
    if _fraction(row[problem.cell]) != _fraction(best) or not _is_refuted(problem, best, is_strict=True):
        return None
    return NativeOutcome(Claim.SATISFIABLE, (row,), True, optimum="optimal", bound=best, detail="optimal")


def _fraction(value: Code) -> Fraction:
    return Fraction(value) if isinstance(value, int) else Fraction(*value)


def _is_refuted(problem: Problem, value: Code, *, is_strict: bool) -> bool:
    """Whether a plain solver finds nothing better than a value (or, if not strict, nothing as good)."""
    import z3

    solver = problem.solver()
    target = problem.target(solver.ctx)
    solver.add(_better(target, value, problem, is_strict=is_strict))
    set_timeout(solver, problem.budget.seconds_left)
    return bool(solver.check().r == z3.Z3_L_FALSE)


def _better(target: z3.ArithRef, value: Code, problem: Problem, *, is_strict: bool) -> z3.BoolRef:
    import z3

    if isinstance(value, int):
        bound: z3.ArithRef = z3.IntVal(value, target.ctx)
    else:
        bound = z3.RatVal(value[0], value[1], target.ctx)
    if problem.is_least:
        return target < bound if is_strict else target <= bound
    return target > bound if is_strict else target >= bound


def _step_by_step(problem: Problem) -> NativeOutcome:
    """Better and better solutions until there is none."""
    import z3

    solver = problem.solver()
    target = problem.target(solver.ctx)
    best: tuple[Code, ...] | None = None
    for _ in range(MOST_STEPS):
        if problem.budget.seconds_left <= 0:
            return _stopped(problem, best, LimitKind.WALL, "out of time")
        set_timeout(solver, problem.budget.seconds_left)
        found = solver.check().r
        if found == z3.Z3_L_FALSE and best is None:
            return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True, detail="unsat")
        if found == z3.Z3_L_FALSE and best is not None:
            return NativeOutcome(
                Claim.SATISFIABLE, (best,), True, optimum="optimal", bound=best[problem.cell], detail="optimal"
            )
        if found != z3.Z3_L_TRUE:
            reason = solver.reason_unknown()
            return _stopped(problem, best, limit_of(reason), reason)
        best = problem.row(solver.model(), solver.ctx)
        solver.add(_better(target, best[problem.cell], problem, is_strict=True))
    return _stopped(problem, best, LimitKind.STEPS, "better and better solutions")


def _stopped(problem: Problem, best: tuple[Code, ...] | None, limit: LimitKind | None, reason: str) -> NativeOutcome:
    if best is None:
        return NativeOutcome(Claim.UNKNOWN, limit=limit, detail=reason)
    return NativeOutcome(Claim.SATISFIABLE, (best,), limit=limit, optimum="feasible", detail=reason)
