"""The text form of a mixed-integer linear program: one column or row a line, numbers exact.

A line is JSON. A column is `{"low": .., "high": .., "integer": ..}`, counted from 0 in order; a row is
`[when, low, high, columns, coefficients]`: the sum lies between `low` and `high` (null for no bound) where all literals
of `when` are true. A literal is a column of truth values, or `-column - 1` where it is to be false. A number that is
not whole is written `"7/3"`.
"""

from __future__ import annotations

import json
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

__all__ = ["Column", "Number", "Row", "columns_in", "exact", "rows_in", "size_of", "written_column", "written_row"]

Number: TypeAlias = int | Fraction

PARTS_KEPT = 512
"""Parts of encodings that stay read: one encoding is asked about many times."""


class Column(NamedTuple):
    """An unknown number: where it can lie, and whether it is whole."""

    low: Number | None
    high: Number | None
    is_whole: bool


class Row(NamedTuple):
    """A sum that lies between two numbers where all literals of `when` are true."""

    when: tuple[int, ...]
    low: Number | None
    high: Number | None
    terms: dict[int, Number]


def exact(value: Number) -> Number:
    """A number, an `int` where it is whole."""
    if type(value) is int:
        return value
    return value.numerator if value.denominator == 1 else value


def size_of(value: Number) -> Number:
    """The absolute value."""
    return value if value >= 0 else -value


def _plain(value: Number | None) -> int | str | None:
    return (
        str(value) if isinstance(value, Fraction) and value.denominator != 1 else None if value is None else int(value)
    )


def _number(value: Any) -> Any:
    return exact(Fraction(value)) if isinstance(value, str) else value


@lru_cache(maxsize=PARTS_KEPT)
def written_column(column: Column) -> str:
    """A column as a line."""
    return json.dumps({"low": _plain(column.low), "high": _plain(column.high), "integer": column.is_whole})


def written_row(row: Row) -> str:
    """A row as a line."""
    coefficients = [value if type(value) is int else _plain(value) for value in row.terms.values()]
    return json.dumps([row.when, _plain(row.low), _plain(row.high), list(row.terms), coefficients])


@lru_cache(maxsize=PARTS_KEPT)
def columns_in(text: str) -> tuple[Column, ...]:
    """The columns of a part."""
    return tuple([_column_in(line) for line in text.splitlines() if line.startswith("{")])


@lru_cache(maxsize=PARTS_KEPT)
def _column_in(line: str) -> Column:
    """A column; in most programs many are alike."""
    read = json.loads(line)
    return Column(_number(read["low"]), _number(read["high"]), read["integer"])


@lru_cache(maxsize=PARTS_KEPT)
def rows_in(text: str) -> tuple[Row, ...]:
    """The rows of a part; nobody may change them."""
    out = []
    for line in text.splitlines():
        if line.startswith("["):
            when, low, high, columns, values = json.loads(line)
            terms = dict(zip(columns, map(_number, values), strict=True))
            out.append(Row(tuple(when), _number(low), _number(high), terms))
    return tuple(out)
