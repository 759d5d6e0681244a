"""OR-Tools MathOpt: linear programs by GLOP, mixed-integer ones by HiGHS and SCIP, answers in exact numbers.

The encoding is rows of exact numbers; rows under literals stay as they are until it is known what holds. Floating point
finds, rational arithmetic decides: a vertex of an LP is solved again over the rationals and proved best by its dual
values, whole numbers are rounded and the rest is solved around them. What cannot be made exact is a `Gap`, and the next
back end is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.reformulations import Construct, Feature, Position, features
from nsr.solvers.milp.compile import Compiler
from nsr.solvers.milp.mathopt import Refused
from nsr.solvers.milp.tasks import optimize, solutions
from nsr.solvers.protocol import BackendSpec, Encoding, Gap, Giving, NativeOutcome, Query, Task

if TYPE_CHECKING:
    from nsr.language.ir import Program
    from nsr.limits import Budget

__all__ = ["MilpBackend"]


class MilpBackend:
    """Linear and mixed-integer optimization through MathOpt."""

    spec = BackendSpec(
        name="milp",
        title="OR-Tools MathOpt (GLOP, HiGHS, SCIP)",
        requires=("ortools>=9.15,<10",),
        native=features(
            Construct.BOOLEAN,
            Construct.COMPARISON,
            Construct.LINEAR,
            Construct.PRODUCT,
            Construct.ABSOLUTE,
            Construct.EXTREMUM,
            Construct.CONDITIONAL,
            Construct.FLOOR_DIVIDE,
            Construct.ROUNDED,
            Construct.RATIONAL,
            Construct.UNBOUNDED,
            Construct.REAL,
        )
        | {Feature(Construct.ALL_DIFFERENT, Position.TOP)},
        tasks=frozenset({Task.CHECK, Task.ENUMERATE, Task.OPTIMIZE}),
        evidence=frozenset({Giving.ASSIGNMENT, Giving.REFUTATION, Giving.CERTIFICATE, Giving.DUALS}),
        start_cost=15,
        # Of products only those with a factor of few values; whether they are, shows while compiling.
        dear=((Feature(Construct.PRODUCT, Position.VALUE), 25),),
    )

    def compile(self, program: Program, budget: Budget) -> Encoding:
        """The program as rows of a mixed-integer linear program."""
        compiler = Compiler(program, budget)
        groups = [(r.name, compiler.group(r.formula)) for r in program.requirements]
        return Encoding("milp", compiler.base_text(), tuple(groups), tuple(compiler.cells))

    def solve(self, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
        """One solution after the other, or a best one.

        Raises:
            Gap: when floating point leads to no exact solution.
        """
        try:
            if query.objective is not None:
                return optimize(encoding, query, budget)
            return solutions(encoding, query, budget)
        except Refused as refused:
            raise Gap((f"what floating point cannot settle ({refused})",)) from None
