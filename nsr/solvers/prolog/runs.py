"""The instructions that a query becomes, and the outcome that their answer is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from typing import Literal as Choice

from nsr.solvers.protocol import Claim, NativeOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.solvers.protocol import Code, Encoding, Query

__all__ = ["CELLS", "PLACES", "REAL", "Parts", "instructions", "outcome_of", "parts_of"]

PLACES: Final = "places("
CELLS: Final = "cells("

REAL: Final = "Q"
"""What the variables of real numbers begin with; no other cell's does."""


class Parts(NamedTuple):
    """The instructions of a base: the relations, where they hold, the variables of cells and their domains."""

    base: str
    places: tuple[str, ...]
    variables: str
    domains: str


def parts_of(encoding: Encoding) -> Parts:
    """The parts of the base of an encoding."""
    lines = encoding.base.split("\n")
    places = tuple([line for line in lines if line.startswith(PLACES)])
    base = [line for line in lines if not line.startswith((PLACES, CELLS))]
    variables, _, domains = lines[-1].removeprefix(CELLS).removesuffix(")").partition("],[")
    return Parts("\n".join(base), places, f"{variables}]", domains.removesuffix("]"))


def instructions(encoding: Encoding, parts: Parts, query: Query) -> str:
    """What has to be carried out for a query."""
    asked = [_model(encoding, parts, query)]
    if query.tables is None or query.tables:
        asked.extend(parts.places)
    return "\n".join(asked)


def _model(encoding: Encoding, parts: Parts, query: Query) -> str:
    """The instruction that looks for solutions."""
    cells = [cell.variable for cell in encoding.cells]
    is_mixed = any(cell.startswith(REAL) for cell in cells)
    goals = [text for name, text in encoding.groups if text and (query.groups is None or name in query.groups)]
    goals.extend([_is(cells[cell], value) for cell, value in query.fixed])
    if query.one_of:
        goals.append("#\\/".join([f"({cells[cell]}#={value})" for cell, value in query.one_of]))
    question = _mixed(cells, query, goals) if is_mixed else _whole(cells, query, goals)
    # The domains stand before everything else.
    whole = ",\n".join([*filter(None, [parts.domains]), *goals])
    return f"{'mixed' if is_mixed else 'model'}({parts.variables},[{whole}],{question})."


def _is(cell: str, value: Code) -> str:
    if not cell.startswith(REAL):
        return f"{cell}#=({value})"
    above, below = (value, 1) if isinstance(value, int) else value
    return f"{{{cell}=({above}r{below})}}"


def _whole(cells: Sequence[str], query: Query, goals: list[str]) -> str:
    """The question about whole numbers; what it takes is added to the goals."""
    every = _listed(cells)
    if query.objective is not None:
        cell, kind = query.objective
        goals.append(f"L#=({'' if kind == 'minimize' else '-'}{cells[cell]})")
        return f"best(L,{every})"
    first = every if query.projection is None else _listed([cells[place] for place in query.projection])
    return f"find({first},{every},{query.count})"


def _mixed(cells: Sequence[str], query: Query, goals: list[str]) -> str:
    """The question where some numbers are real."""
    if query.objective is not None:
        cell, kind = query.objective
        number = cells[cell]
        if not number.startswith(REAL):
            goals.append(f"nsr_linked({number},N)")
            number = "N"
        goals.append(f"{{L={number if kind == 'minimize' else f'(-{number})'}}}")
        return "best(L)"
    shown = cells if query.projection is None else [cells[place] for place in query.projection]
    whole = [cell for cell in shown if not cell.startswith(REAL)]
    real = [cell for cell in shown if cell.startswith(REAL)]
    return f"find({_listed(whole)},{_listed(real)},{query.count})"


def _listed(names: Sequence[str]) -> str:
    return f"[{','.join(names)}]"


def outcome_of(lines: Sequence[str], encoding: Encoding, query: Query) -> NativeOutcome:
    """What the lines of an answer say."""
    rows = tuple([tuple(map(_code, line.split()[1:])) for line in lines if line.startswith("row")])
    is_complete = "complete" in lines
    tables = {}
    for line in lines:
        if line.startswith("at "):
            place, *places = map(int, line.split()[1:])
            tables[encoding.relations[place]] = tuple(places)
    if not rows:
        return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True)
    if query.objective is not None:
        optimum, bound = _optimum(lines, rows[0], query)
        return NativeOutcome(Claim.SATISFIABLE, rows, is_complete=True, optimum=optimum, bound=bound, tables=tables)
    if not query.projection and query.projection is not None:
        is_complete = True
    return NativeOutcome(Claim.SATISFIABLE, rows, is_complete=is_complete or not encoding.cells, tables=tables)


def _optimum(
    lines: Sequence[str], row: Sequence[Code], query: Query
) -> tuple[Choice["optimal", "unattained", "unbounded"], Code | None]:
    """How the objective stands in the best solution, and its bound."""
    assert query.objective is not None
    cell, kind = query.objective
    told = dict(line.split() for line in lines if line.startswith(("approached", "unbounded")))
    if "unbounded" in told:
        return "unbounded", None
    if "approached" in told:
        bound = _code(told["approached"])
        return "unattained", bound if kind == "minimize" else _opposite(bound)
    return "optimal", row[cell]


def _opposite(code: Code) -> Code:
    return -code if isinstance(code, int) else (-code[0], code[1])


def _code(text: str) -> Code:
    above, _, below = text.partition("/")
    return (int(above), int(below)) if below else int(above)
