"""Free MPS, the oldest format of linear programs that every solver reads (OBJSENSE as CPLEX and HiGHS have it)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.writers.names import comment
from nsr.writers.rows import Named, NamedColumn, decimal, in_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nsr.language import ir

__all__ = ["to_mps"]

_SENSES = {"<=": "L", ">=": "G", "=": "E"}


def to_mps(program: ir.Program, question: int = 0) -> str:
    """One question of a program as an MPS file: its objective, or any solution of it.

    Raises:
        Gap: for what no linear program says.
        BudgetExceeded: where the text would grow too large.
    """
    named = in_rows(program, question)
    lines = [comment("written by nsr", "*"), *[comment(note, "*") for note in named.notes]]
    lines += [comment(f"{c.name}: {c.title}", "*") for c in named.columns if c.title and c.title != c.name]
    lines += [comment(f"{row.name}: {row.title}", "*") for row in named.rows if row.title]
    lines += ["NAME nsr", "OBJSENSE", "    MAX" if named.kind == "maximize" else "    MIN", "ROWS", " N obj"]
    lines += [f" {_SENSES[row.sense]} {row.name}" for row in named.rows]
    lines += ["COLUMNS", *_columns(named), "RHS"]
    lines += [f" rhs {row.name} {decimal(row.side)}" for row in named.rows if row.side]
    lines += ["BOUNDS", *[line for column in named.columns for line in _bounds(column)], "ENDATA", ""]
    return "\n".join(lines)


def _columns(named: Named) -> Iterator[str]:
    entries: dict[str, list[str]] = {column.name: [] for column in named.columns}
    for name, value in named.objective:
        entries[name].append(f" {name} obj {decimal(value)}")
    for row in named.rows:
        for name, value in row.terms:
            if value:
                entries[name].append(f" {name} {row.name} {decimal(value)}")
    for is_whole in (False, True):
        own = [column for column in named.columns if column.is_whole is is_whole]
        if own and is_whole:
            yield " marker 'MARKER' 'INTORG'"
        for column in own:
            yield from entries[column.name] or [f" {column.name} obj 0"]
        if own and is_whole:
            yield " marker 'MARKER' 'INTEND'"


def _bounds(column: NamedColumn) -> Iterator[str]:
    name, low, high = column.name, column.low, column.high
    if low is None and high is None:
        yield f" FR bounds {name}"
    elif low is not None and low == high:
        yield f" FX bounds {name} {decimal(low)}"
    else:
        # Said even where it is the rule: readers differ about whole columns.
        yield f" MI bounds {name}" if low is None else f" LO bounds {name} {decimal(low)}"
        yield f" PL bounds {name}" if high is None else f" UP bounds {name} {decimal(high)}"
