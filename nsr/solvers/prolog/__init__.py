"""SWI-Prolog: relations that the data decide as tabled clauses, finite domains by CLP(FD), real numbers by CLP(Q).

An encoding is text of generated names and numbers, an instruction a line; `runtime.pl` carries them out. Relations come
first, then what tells where they hold (`places`), then the cells and their domains (`cells`); a group is a list of
CLP(FD) goals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nsr.limits import BudgetExceeded
from nsr.reformulations import Construct, Feature, Position, features
from nsr.solvers.prolog.constraints import Constraints
from nsr.solvers.prolog.host import Residue, host
from nsr.solvers.prolog.proofs import reasons
from nsr.solvers.prolog.reals import MixedConstraints, has_reals
from nsr.solvers.prolog.rules import Relations, worked_out
from nsr.solvers.prolog.runs import CELLS, instructions, outcome_of, parts_of
from nsr.solvers.protocol import BackendSpec, Claim, Encoding, Gap, Giving, NativeOutcome, Query, Task

if TYPE_CHECKING:
    from nsr.language.ir import Program
    from nsr.limits import Budget

__all__ = ["PrologBackend"]


class PrologBackend:
    """Tabled rules, finite domains and linear constraints of real numbers through SWI-Prolog."""

    spec = BackendSpec(
        name="prolog",
        title="SWI-Prolog",
        requires=("pyswip>=0.3.3",),
        programs=("swipl",),
        native=features(
            Construct.DECIDED_RELATION,
            Construct.ANY_RULE,
            Construct.BOOLEAN,
            Construct.COMPARISON,
            Construct.LINEAR,
            Construct.PRODUCT,
            Construct.ABSOLUTE,
            Construct.EXTREMUM,
            Construct.CONDITIONAL,
            Construct.FLOOR_DIVIDE,
            Construct.WIDE,
            Construct.REAL,
            Construct.STRICT,
        )
        | {Feature(construct, Position.TOP) for construct in (Construct.ALL_DIFFERENT, Construct.CIRCUIT)},
        tasks=frozenset({Task.CHECK, Task.ENUMERATE, Task.OPTIMIZE}),
        evidence=frozenset({Giving.ASSIGNMENT, Giving.REFUTATION, Giving.DERIVATION}),
        start_cost=6,
        # CLP(FD) is the last to be asked for constraints that a search has to be good at, CLP(Q) for real numbers.
        dear=(
            *[(feature, 15) for feature in features(Construct.COMPARISON, Construct.WIDE)],
            *[(feature, 60) for feature in features(Construct.REAL)],
        ),
    )

    def compile(self, program: Program, budget: Budget) -> Encoding:
        """The rules as clauses, the requirements as goals of CLP(FD) and CLP(Q).

        Raises:
            Gap: for what has no Prolog form.
            BudgetExceeded: when there are too many facts or cells.
        """
        try:
            relations = Relations(program, budget)
        except Gap:
            # Rules that speak of sets and schedules are worked out before.
            relations = Relations(worked_out(program, budget), budget)
        kind = MixedConstraints if has_reals(program) else Constraints
        constraints = kind(program, relations.goals(), budget)
        groups = [(r.name, constraints.group(r.formula)) for r in program.requirements]
        variables = ",".join([cell.variable for cell in constraints.cells])
        cells = f"{CELLS}[{variables}],[{','.join(filter(None, constraints.domains))}])"
        names = tuple([function.name for function in relations.functions])
        base = "\n".join([*relations.lines, cells])
        return Encoding("prolog", base, tuple(groups), tuple(constraints.cells), relations=names)

    def solve(self, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
        """One run of Prolog; the relations are worked out once for queries in a row."""
        parts = parts_of(encoding)
        try:
            lines = host().run(parts.base, instructions(encoding, parts, query), budget.seconds_left)
            return outcome_of(lines, encoding, query)
        except BudgetExceeded as exceeded:
            return NativeOutcome(Claim.UNKNOWN, limit=exceeded.kind, detail="SWI-Prolog gives up")
        except Residue:
            return NativeOutcome(Claim.UNKNOWN, detail="CLP(Q) leaves constraints undecided")

    def derive(self, program: Program, budget: Budget) -> dict[str, Any]:
        """Why the formula that a program asks about holds, by the rules that Prolog finds to apply."""
        return reasons(program, budget)
