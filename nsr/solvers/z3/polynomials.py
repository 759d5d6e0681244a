"""Optima over products of reals: "there is a solution, and none is better" as one quantified formula.

Z3 decides such formulas by cylindrical algebraic cells (Jovanović and de Moura 2012; Bjørner and Janota 2015).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.solvers.protocol import Claim, NativeOutcome
from nsr.solvers.z3.search import code, set_timeout

if TYPE_CHECKING:
    import z3

    from nsr.solvers.protocol import Code
    from nsr.solvers.z3.optimize import Problem

__all__ = ["by_quantifiers", "is_polynomial"]

SHARE = 0.3
"""The part of the time left that each of the quantified formulas may take."""


def is_polynomial(problem: Problem) -> bool:
    """Whether all unknowns are reals or truth values, and nothing is rounded."""
    if any(cell.variable.startswith("Int ") for cell in problem.encoding.cells):
        return False
    text = problem.text()
    return not any(operator in text for operator in ("(to_int ", "(div ", "(mod "))


def by_quantifiers(problem: Problem) -> NativeOutcome | None:
    """The optimum, or that there is none; None if that is not found out.

    Raises:
        Irrational: when the best solution has values that are no fractions.
    """
    import z3

    solver = problem.solver()
    context = solver.ctx
    cells = problem.constants(context)
    target = problem.target(context)
    holds = z3.And(*solver.assertions(), z3.BoolVal(True, context))
    others = [z3.FreshConst(cell.sort(), "other") for cell in cells]
    pairs = list(zip(cells, others, strict=True))
    other_holds, other = z3.substitute(holds, *pairs), z3.substitute(target, *pairs)
    assert isinstance(other, z3.ArithRef)

    def none_better(value: z3.ArithRef) -> z3.BoolRef:
        worse = value <= other if problem.is_least else value >= other
        return z3.ForAll(others, z3.Implies(other_holds, worse))

    model = _model(problem, z3.And(holds, none_better(target)), context)
    if model is None:
        return None
    if not isinstance(model, bool):
        row = tuple([code(model.eval(cell, model_completion=True)) for cell in cells])
        return NativeOutcome(
            Claim.SATISFIABLE, (row,), True, optimum="optimal", bound=row[problem.cell], detail="optimal"
        )
    found = _model(problem, holds, context)
    if found is None:
        return None
    if isinstance(found, bool):
        return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True, detail="unsat")
    row = tuple([code(found.eval(cell, model_completion=True)) for cell in cells])
    edge, beyond = z3.FreshConst(target.sort(), "edge"), z3.FreshConst(target.sort(), "beyond")
    nearer = z3.And(other_holds, other < beyond if problem.is_least else other > beyond)
    past = beyond > edge if problem.is_least else beyond < edge
    reached = z3.ForAll([beyond], z3.Implies(past, z3.Exists(others, nearer)))
    limit = _model(problem, z3.And(none_better(edge), reached), context)
    if limit is None:
        return None
    if isinstance(limit, bool):
        return NativeOutcome(Claim.SATISFIABLE, (row,), True, optimum="unbounded", detail="unbounded")
    bound: Code = code(limit.eval(edge, model_completion=True))
    return NativeOutcome(Claim.SATISFIABLE, (row,), True, optimum="unattained", bound=bound, detail="unattained")


def _model(problem: Problem, formula: z3.BoolRef, context: z3.Context) -> z3.ModelRef | bool | None:
    """A model, False if there is none, None if that is not known."""
    import z3

    solver = z3.Solver(ctx=context)
    set_timeout(solver, problem.budget.seconds_left * SHARE)
    solver.add(formula)
    found = solver.check().r
    if found == z3.Z3_L_TRUE:
        return solver.model()
    return False if found == z3.Z3_L_FALSE else None
