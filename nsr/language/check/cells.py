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

_ANY_SIZE = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
"""What is written as a number, of any size."""

_TRUTH = {"true": True, "false": False, "1": True, "0": False}


class BadCell(Exception):
    """A cell that is no value of its column's type."""

    def __init__(self, message: str, help: str = "correct the file") -> None:
        self.help = help
        super().__init__(message)


def parse_number(text: str) -> int | Fraction | None:
    """The exact number that `text` writes in decimal notation, or None."""
    return number(Fraction(text)) if _NUMBER.fullmatch(text) else None


def is_truth(cell: Cell) -> bool:
    """Whether a cell has a truth value."""
    return isinstance(cell, bool) or str(cell).lower() in _TRUTH


def listed_value(cell: Cell) -> str | int | Fraction:
    """The element of a type that a cell names: a number if it can be read as one.

    Raises:
        BadCell: if there is none.
    """
    value = parse_number(cell) if isinstance(cell, str) else cell
    if value is None and isinstance(cell, str) and cell and not _ANY_SIZE.fullmatch(cell):
        return cell
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise _no_number(cell, "is no name and no number", "correct the file")
    return value


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
            if not is_truth(cell):
                raise BadCell(f"{_shown(cell)} is no truth value", "write `true` or `false`")
            return cell if isinstance(cell, bool) else _TRUTH[str(cell).lower()]
        case IntSort() | NumberSort() | RealSort():
            value = parse_number(cell) if isinstance(cell, str) else cell
            if isinstance(value, bool) or not isinstance(value, int | Fraction):
                raise _no_number(cell, "is no number", "write numbers as `12` or `0.5`, without units")
            if isinstance(sort, IntSort) and isinstance(value, Fraction):
                raise BadCell(f"{show(value)} is no whole number", "write `real` for its type if it may have decimals")
            if not has_value(sort, value):
                bounds = "its bounds" if isinstance(sort, RealSort) and sort.name is None else describe_sort(sort)
                raise BadCell(f"{show(value)} is outside {bounds}", "correct the file or the type")
            return value


def _no_number(cell: Cell, otherwise: str, help: str) -> BadCell:
    """What is said of a cell without a number that is read: it may have one that is too large."""
    if isinstance(cell, str) and _ANY_SIZE.fullmatch(cell):
        return BadCell(f"{_shown(cell)} is too large", "numbers have up to 400 digits, and exponents up to 99")
    return BadCell(f"{_shown(cell)} {otherwise}", help)


def _element(ctx: Context, cell: Cell, sort: EnumSort | OpenSort) -> Value:
    name = cell if isinstance(cell, str) else str(cell) if isinstance(cell, int) else ""
    element = ctx.element(sort, name)
    if element is None:
        names = sort.elements if isinstance(sort, EnumSort) else sort.constants
        near = ctx.nearest(name, list(names))
        raise BadCell(f"{_shown(cell)} is no element of `{sort}`", suggestion(near, "declare it, or leave the row out"))
    return element


def _shown(cell: Cell) -> str:
    if cell == "":
        return "an empty cell"
    text = "null" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)
    return f"`{text if len(text) <= 40 else text[:37] + '...'}`"
