"""Z3: integers with and without bounds, reals, products, exact fractions, cores, optima.

The encoding is SMT-LIB 2 over integers, reals and truth values without quantifiers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.limits import LimitKind
from nsr.reformulations import Construct, Feature, Position, features
from nsr.solvers.protocol import BackendSpec, Claim, Encoding, Giving, NativeOutcome, Obstacle, Query, Task
from nsr.solvers.z3.contexts import get_ready
from nsr.solvers.z3.open import compile_open
from nsr.solvers.z3.optimize import optimize
from nsr.solvers.z3.search import Irrational, new_solver, search, words
from nsr.solvers.z3.write import ASSERT, Writer

if TYPE_CHECKING:
    from nsr.language.ir import Program
    from nsr.limits import Budget

__all__ = ["Z3Backend"]


class Z3Backend:
    """Quantifier-free arithmetic through Z3."""

    spec = BackendSpec(
        name="z3",
        title="Z3",
        requires=("z3-solver>=4.15",),
        native=features(
            Construct.BOOLEAN,
            Construct.COMPARISON,
            Construct.ALL_DIFFERENT,
            Construct.LINEAR,
            Construct.PRODUCT,
            Construct.ABSOLUTE,
            Construct.EXTREMUM,
            Construct.CONDITIONAL,
            Construct.FLOOR_DIVIDE,
            Construct.QUOTIENT,
            Construct.ROUNDED,
            Construct.RATIONAL,
            Construct.WIDE,
            Construct.UNBOUNDED,
            Construct.REAL,
            Construct.STRICT,
        ),
        tasks=frozenset({Task.CHECK, Task.ENUMERATE, Task.CORE, Task.OPTIMIZE, Task.REFUTE}),
        evidence=frozenset({Giving.ASSIGNMENT, Giving.REFUTATION}),
        start_cost=10,
        dear=((Feature(Construct.REAL, Position.DECLARATION), 25),),
    )

    def compile(self, program: Program, budget: Budget) -> Encoding:
        """The program as SMT-LIB 2."""
        writer = Writer(program, budget)
        groups = [(r.name, f"{ASSERT}{writer.formula(r.formula)})") for r in program.requirements]
        return Encoding("z3", writer.base_text(), tuple(groups), tuple(writer.cells))

    def compile_open(self, program: Program, budget: Budget) -> Encoding:
        """A program with open types, with quantifiers."""
        return compile_open(program, budget)

    def get_ready(self) -> None:
        """Make what takes long to make and is the same for all jobs."""
        get_ready()

    def solve(self, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
        """One incremental run: each solution found is excluded before the next is looked for."""
        import z3

        try:
            if query.objective is not None:
                return optimize(encoding, query, budget)
            return search(new_solver(encoding, query.seed), encoding, query, budget)
        except Irrational as value:
            return NativeOutcome(Claim.UNKNOWN, detail=str(value), obstacle=Obstacle.IRRATIONAL)
        except z3.Z3Exception as failure:
            said = words(failure)
            if "memory" in said or "memout" in said:
                return NativeOutcome(Claim.UNKNOWN, limit=LimitKind.MEMORY, detail=said)
            raise
