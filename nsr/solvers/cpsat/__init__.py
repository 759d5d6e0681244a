"""OR-Tools CP-SAT: finite domains, puzzles, counting.

The encoding is the text form of CP-SAT's own protocol buffer. Every auxiliary variable is determined by the cells (all
definitions go both ways), so that one run of CP-SAT's enumeration finds each solution once, and "one solution and no
second" is one run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.language.ir import AllDifferent
from nsr.reformulations import Construct, Feature, Position, features
from nsr.reformulations.protocol import BACKGROUND
from nsr.solvers.cpsat.compile import Compiler
from nsr.solvers.cpsat.search import enumerate_all, exclude_one_by_one, optimize
from nsr.solvers.protocol import BackendSpec, Encoding, Giving, NativeOutcome, Query, Task

if TYPE_CHECKING:
    from nsr.language.ir import Program
    from nsr.limits import Budget

__all__ = ["CpSatBackend"]


class CpSatBackend:
    """Finite domains through CP-SAT, one search thread."""

    spec = BackendSpec(
        name="cpsat",
        title="OR-Tools CP-SAT",
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
        )
        | {
            Feature(construct, Position.TOP)
            for construct in (Construct.ALL_DIFFERENT, Construct.SCHEDULE, Construct.CIRCUIT)
        },
        tasks=frozenset({Task.CHECK, Task.ENUMERATE, Task.OPTIMIZE}),
        evidence=frozenset({Giving.ASSIGNMENT, Giving.REFUTATION}),
        start_cost=1,
    )

    def compile(self, program: Program, budget: Budget) -> Encoding:
        """The program as a CP-SAT protocol buffer in text form."""
        compiler = Compiler(program, budget)
        texts: dict[int, str] = {}
        # Lists of different values come last: how they are written depends on the literals that there are.
        numbered = list(enumerate(program.requirements))
        for place, r in sorted(numbered, key=lambda one: isinstance(one[1].formula, AllDifferent)):
            texts[place] = compiler.group(r.name, r.formula)
        compiler.finish()
        spare = {place for place, r in numbered if compiler.follows_from_tour(r.formula)}
        groups = [(r.name, texts[place]) for place, r in numbered]
        if compiler.rows:
            spare.add(len(groups))
            groups.append((f"{BACKGROUND}rows", "\n".join(compiler.rows)))
        base, cells = compiler.base_text(), tuple(compiler.cells)
        return Encoding("cpsat", base, tuple(groups), cells, spare=frozenset(spare))

    def solve(self, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
        """One run of CP-SAT; several runs where solutions are told apart by some of the cells only."""
        text = [encoding.base]
        for place, (name, part) in enumerate(encoding.groups):
            if place not in encoding.spare if query.groups is None else name in query.groups:
                text.append(part)
        if query.one_of:
            literals = [cell if value else -cell - 1 for cell, value in query.one_of]
            text.append(f"constraints {{ bool_or {{ literals: {literals} }} }}")
        if query.objective is not None:
            return optimize(text, encoding, query, budget)
        whole = query.projection is None or len(query.projection) == len(encoding.cells)
        if whole:
            return enumerate_all("\n".join(text), encoding, query.count, query.seed, budget)
        return exclude_one_by_one(text, encoding, query, budget)
