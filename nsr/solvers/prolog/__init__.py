"""SWI-Prolog: relations that the data decide as tabled clauses, finite domains by CLP(FD).

An encoding is text of generated names and numbers, an instruction a line; `runtime.pl` carries them out. Relations come
first, then what tells where they hold (`places`), then the cells and their domains (`cells`); a group is a list of
CLP(FD) goals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from nsr.limits import BudgetExceeded
from nsr.reformulations import Construct, Feature, Position, features
from nsr.solvers.prolog.constraints import Constraints
from nsr.solvers.prolog.host import host
from nsr.solvers.prolog.proofs import reasons
from nsr.solvers.prolog.rules import Relations, worked_out
from nsr.solvers.protocol import BackendSpec, Claim, Encoding, Gap, Giving, NativeOutcome, Query, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program
    from nsr.limits import Budget

__all__ = ["PrologBackend"]

_PLACES: Final = "places("
_CELLS: Final = "cells("


class PrologBackend:
    """Tabled rules and finite domains through SWI-Prolog."""

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
        )
        | {Feature(construct, Position.TOP) for construct in (Construct.ALL_DIFFERENT, Construct.CIRCUIT)},
        tasks=frozenset({Task.CHECK, Task.ENUMERATE, Task.OPTIMIZE}),
        evidence=frozenset({Giving.ASSIGNMENT, Giving.REFUTATION}),
        start_cost=6,
        # CLP(FD) is the last to be asked for constraints that a search has to be good at.
        dear=tuple([(feature, 15) for feature in features(Construct.COMPARISON, Construct.WIDE)]),
    )

    def compile(self, program: Program, budget: Budget) -> Encoding:
        """The rules as clauses, the requirements as CLP(FD) goals.

        Raises:
            Gap: for what has no Prolog form.
            BudgetExceeded: when there are too many facts or cells.
        """
        try:
            relations = Relations(program, budget)
        except Gap:
            # Rules that speak of sets and schedules are worked out before.
            relations = Relations(worked_out(program, budget), budget)
        constraints = Constraints(program, relations.goals(), budget)
        groups = [(r.name, constraints.group(r.formula)) for r in program.requirements]
        variables = ",".join([cell.variable for cell in constraints.cells])
        cells = f"{_CELLS}[{variables}],[{','.join(constraints.domains)}])"
        names = tuple([function.name for function in relations.functions])
        base = "\n".join([*relations.lines, cells])
        return Encoding("prolog", base, tuple(groups), tuple(constraints.cells), relations=names)

    def solve(self, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
        """One run of Prolog; the relations are worked out once for queries in a row."""
        parts = _parts(encoding)
        asked = [_model(encoding, parts, query)]
        if query.are_tables_wanted:
            asked.extend(parts.places)
        try:
            return _outcome(host().run(parts.base, "\n".join(asked), budget.seconds_left), encoding, query)
        except BudgetExceeded as exceeded:
            return NativeOutcome(Claim.UNKNOWN, limit=exceeded.kind, detail="SWI-Prolog gives up")

    def derive(self, program: Program, budget: Budget) -> dict[str, Any]:
        """Why the formula that a program asks about holds, by the rules that Prolog finds to apply."""
        return reasons(program, budget)


class _Parts(NamedTuple):
    """The instructions of a base."""

    base: str
    places: tuple[str, ...]
    cells: str


def _parts(encoding: Encoding) -> _Parts:
    lines = encoding.base.split("\n")
    places = tuple([line for line in lines if line.startswith(_PLACES)])
    base = [line for line in lines if not line.startswith((_PLACES, _CELLS))]
    return _Parts("\n".join(base), places, lines[-1].removeprefix(_CELLS).removesuffix(")"))


def _model(encoding: Encoding, parts: _Parts, query: Query) -> str:
    """The instruction that looks for solutions."""
    cells = [cell.variable for cell in encoding.cells]
    goals = [text for name, text in encoding.groups if text and (query.groups is None or name in query.groups)]
    goals.extend(f"{cells[cell]}#=({value})" for cell, value in query.fixed)
    if query.one_of:
        goals.append("#\\/".join([f"({cells[cell]}#={value})" for cell, value in query.one_of]))
    every = _listed(cells)
    if query.objective is not None:
        cell, kind = query.objective
        goals.append(f"L#=({'' if kind == 'minimize' else '-'}{cells[cell]})")
        question = f"best(L,{every})"
    else:
        first = every if query.projection is None else _listed([cells[place] for place in query.projection])
        question = f"find({first},{every},{query.count})"
    # The domains stand before everything else.
    variables, _, domains = parts.cells.partition("],[")
    whole = ",\n".join([*filter(None, [domains.removesuffix("]")]), *goals])
    return f"model({variables}],[{whole}],{question})."


def _listed(names: Sequence[str]) -> str:
    return f"[{','.join(names)}]"


def _outcome(lines: Sequence[str], encoding: Encoding, query: Query) -> NativeOutcome:
    rows = tuple([tuple(map(int, line.split()[1:])) for line in lines if line.startswith("row")])
    is_complete = "complete" in lines
    tables = {}
    for line in lines:
        if line.startswith("at "):
            place, *places = map(int, line.split()[1:])
            tables[encoding.relations[place]] = tuple(places)
    if not rows:
        return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True)
    if query.objective is not None:
        best = rows[0][query.objective[0]]
        return NativeOutcome(Claim.SATISFIABLE, rows, is_complete=True, optimum="optimal", bound=best, tables=tables)
    if not query.projection and query.projection is not None:
        is_complete = True
    return NativeOutcome(Claim.SATISFIABLE, rows, is_complete=is_complete or not encoding.cells, tables=tables)
