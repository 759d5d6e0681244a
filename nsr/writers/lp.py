"""The LP format of CPLEX (IBM, "LP file format: algebraic representation"), with what all its readers agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.writers.names import comment
from nsr.writers.rows import NamedColumn, decimal, in_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nsr.language import ir
    from nsr.solvers.milp.text import Number

__all__ = ["to_lp"]

TERMS_A_LINE = 6
"""Lines must not grow long."""

MARK = "\\"


def to_lp(program: ir.Program, question: int = 0) -> str:
    """One question of a program as an LP file: its objective, or any solution of it.

    Raises:
        Gap: for what no linear program says.
        BudgetExceeded: where the text would grow too large.
    """
    named = in_rows(program, question)
    lines = [comment("written by nsr", MARK), *[comment(note, MARK) for note in named.notes]]
    lines += [comment(f"{c.name}: {c.title}", MARK) for c in named.columns if c.title and c.title != c.name]
    lines.append("Maximize" if named.kind == "maximize" else "Minimize")
    lines.append(f" obj: {_sum(named.objective or ((named.columns[0].name, 0),))}")
    lines.append("Subject To")
    for row in named.rows:
        if row.title:
            lines.append(comment(f"{row.name}: {row.title}", MARK))
        lines.append(f" {row.name}: {_sum(row.terms)} {row.sense} {decimal(row.side)}")
    if not named.rows:
        lines.append(f" any: {_sum(((named.columns[0].name, 0),))} <= 0")
    lines += ["Bounds", *_bounds(named.columns)]
    lines += ["General", *[f" {c.name}" for c in named.columns if c.is_whole]] if _has_whole(named.columns) else []
    return "\n".join([*lines, "End", ""])


def _has_whole(columns: Sequence[NamedColumn]) -> bool:
    return any(column.is_whole for column in columns)


def _sum(terms: Sequence[tuple[str, Number]]) -> str:
    parts = []
    for place, (name, value) in enumerate(terms):
        sign = "-" if value < 0 else "+" if place else ""
        size = "" if value in (1, -1) else f"{decimal(value) or 0} ".lstrip("-")
        line = "\n   " if place and place % TERMS_A_LINE == 0 else " " if place else ""
        parts.append(f"{line}{sign} {size}{name}" if sign else f"{size}{name}")
    return "".join(parts)


def _bounds(columns: Sequence[NamedColumn]) -> Iterator[str]:
    for name, _, low, high, _ in columns:
        if low is None and high is None:
            yield f" {name} free"
        elif low is not None and low == high:
            yield f" {name} = {decimal(low)}"
        else:
            least = "-inf" if low is None else decimal(low)
            most = "" if high is None else f" <= {decimal(high)}"
            yield f" {least} <= {name}{most}"
