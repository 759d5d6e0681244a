"""One cell of a data file as a value of the language."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TypeAlias

from nsr.language.check.context import Context, describe_sort
from nsr.language.check.messages import show, suggestion
from nsr.language.sorts import (
    BoolSort,
    EnumSort,
    IntSort,
    NumberSort,
    OpenSort,
    RealSort,
    SetSort,
    Sort,
    Value,
    has_value,
    number,
)

Cell: TypeAlias = object
"""What stands in a cell: in CSV text, in JSON also a number, a truth value, a list or an object."""

_NUMBER = re.compile(r"[+-]?\d{1,400}(\.\d{1,400})?|[+-]?\d{1,30}(\.\d{1,30})?[eE][+-]?\d{1,2}")

_TRUTH = {"true": True, "false": False, "1": True, "0": False}


class BadCell(Exception):
    """A cell that is no value of its column's type."""

    def __init__(self, message: str, help: str = "correct the file") -> None:
        self.help = help
        super().__init__(message)


def parse_number(text: str) -> int | Fraction | None:
    """The exact number that `text` writes in decimal notation, or None."""
    return number(Fraction(text)) if _NUMBER.fullmatch(text) else None


def cell_value(ctx: Context, cell: Cell, sort: Sort) -> Value:
    """The value of `sort` in a cell.

    Raises:
        BadCell: if there is none.
    """
    match sort:
        case EnumSort() | OpenSort():
            return _element(ctx, cell, sort)
        case SetSort(element):
            if not isinstance(cell, list):
                raise BadCell(f"{_shown(cell)} is no set", "write sets as lists in a JSON file")
            return frozenset(cell_value(ctx, c, element) for c in cell)
        case BoolSort():
            truth = cell if isinstance(cell, bool) else _TRUTH.get(str(cell).lower())
            if truth is None:
                raise BadCell(f"{_shown(cell)} is no truth value", "write `true` or `false`")
            return truth
        case IntSort() | NumberSort() | RealSort():
            value = parse_number(cell) if isinstance(cell, str) else cell
            if isinstance(value, bool) or not isinstance(value, int | Fraction):
                raise BadCell(f"{_shown(cell)} is no number", "write numbers as `12` or `0.5`, without units")
            if not has_value(sort, value):
                help = "write `real` for its type if it may have decimals" if isinstance(value, Fraction) else ""
                raise BadCell(f"{show(value)} is outside {describe_sort(sort)}", help or "correct the file or the type")
            return value


def _element(ctx: Context, cell: Cell, sort: EnumSort | OpenSort) -> Value:
    name = cell if isinstance(cell, str) else str(cell) if isinstance(cell, int) else ""
    element = ctx.element(sort, name)
    if element is None:
        names = sort.elements if isinstance(sort, EnumSort) else sort.constants
        near = ctx.nearest(name, list(names))
        raise BadCell(f"{_shown(cell)} is no element of `{sort}`", suggestion(near, "declare it, or leave the row out"))
    return element


def _shown(cell: Cell) -> str:
    text = str(cell)
    return f"`{text if len(text) <= 40 else text[:37] + '...'}`"
