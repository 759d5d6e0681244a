"""Answer-set programming through clingo: finite domains, and relations with their rules as they are.

Rules stay rules: gringo finds their instances, and clasp's answer sets are the stable models. Unknowns are chosen, one
atom for each value; requirements are integrity constraints over their ground form. The text is made of names of our
own and numbers only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.reformulations import Construct, Feature, Position, features
from nsr.solvers.asp.compile import Compiler
from nsr.solvers.asp.search import run
from nsr.solvers.protocol import BackendSpec, Encoding, Giving, NativeOutcome, Query, Task

if TYPE_CHECKING:
    from nsr.language.ir import Program
    from nsr.limits import Budget

__all__ = ["AspBackend"]


class AspBackend:
    """Answer sets through clingo, one thread."""

    spec = BackendSpec(
        name="asp",
        title="clingo",
        requires=("clingo>=5.8,<6",),
        native=features(
            Construct.BOOLEAN,
            Construct.COMPARISON,
            Construct.LINEAR,
            Construct.PRODUCT,
            Construct.ABSOLUTE,
            Construct.EXTREMUM,
            Construct.CONDITIONAL,
            Construct.FLOOR_DIVIDE,
            Construct.DECIDED_RELATION,
            Construct.RELATION,
        )
        | {Feature(Construct.ALL_DIFFERENT, Position.TOP)},
        tasks=frozenset({Task.CHECK, Task.ENUMERATE, Task.OPTIMIZE, Task.CORE, Task.CONSEQUENCES}),
        evidence=frozenset({Giving.ASSIGNMENT, Giving.REFUTATION}),
        start_cost=3,
    )

    def compile(self, program: Program, budget: Budget) -> Encoding:
        """The program as an ASP text; each constraint of the requirement of index i holds under `e(i)`."""
        compiler = Compiler(program, budget)
        groups = [(r.name, compiler.group(r.formula, f"e({i})")) for i, r in enumerate(program.requirements)]
        cells = tuple(compiler.cells.cells)
        return Encoding("asp", compiler.base_text(), tuple(groups), cells, tuple(compiler.cells.relations))

    def solve(self, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
        """One run of clingo."""
        return run(encoding, query, budget)
