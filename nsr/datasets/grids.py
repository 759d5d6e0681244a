"""Grids (`{"header", "rows"}`) compared by what they say: columns by values, then by headings; rows in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any, TypeGuard

from nsr.explain.spelling import folded
from nsr.formalizers.quantities import read_quantity

__all__ = ["MAX_SIDE", "grids_agree", "is_grid", "right_cells"]

MAX_SIDE = 100
"""Rows or columns; what has more is no puzzle."""

_Column = tuple[str, tuple[str, ...]]


def is_grid(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value is a grid: a heading, and rows that are as long as it, at least one of each."""
    if not isinstance(value, Mapping):
        return False
    header, rows = value.get("header"), value.get("rows")
    if not (isinstance(header, list) and isinstance(rows, list) and 0 < len(header) <= MAX_SIDE >= len(rows) > 0):
        return False
    return all(isinstance(row, list) and len(row) == len(header) for row in rows)


def grids_agree(ours: Mapping[str, Any], gold: Mapping[str, Any]) -> bool:
    """Whether two grids have the same rows, in any order; columns match by values, then by headings."""
    left, right = _columns(ours), _columns(gold)
    if len(left) != len(right):
        return False
    matched = [body for _, body in _in_order_of(left, right)]
    return sorted(zip(*matched, strict=True)) == sorted(zip(*(body for _, body in right), strict=True))


def right_cells(ours: Mapping[str, Any], gold: Mapping[str, Any]) -> tuple[int, bool]:
    """How many cells of the gold grid are right, those of its first column apart, and whether all of it is.

    The first column names the rows. A column or a row that ours lacks has no right cells.
    """
    left, right = _columns(ours), _columns(gold)
    matched = [body for _, body in _in_order_of(left, right)] if len(left) >= len(right) else []
    if not matched:
        matched = [_like(heading, left) for heading, _ in right]
    rows = {row[0]: row for row in zip(*matched, strict=True)}
    count = 0
    for row in zip(*(body for _, body in right), strict=True):
        said = rows.get(row[0])
        count += sum(a == b for a, b in zip(said[1:], row[1:], strict=True)) if said else 0
    return count, grids_agree(ours, gold)


def _like(heading: str, columns: list[_Column]) -> tuple[str, ...]:
    """The column of a heading; one without anything in it where there is none."""
    found = next((body for name, body in columns if folded(name) == folded(heading)), None)
    return found if found is not None else ("",) * len(columns[0][1])


def _columns(grid: Mapping[str, Any]) -> list[_Column]:
    return [
        (str(heading), tuple(_cell_key(row[i]) for row in grid["rows"])) for i, heading in enumerate(grid["header"])
    ]


def _cell_key(cell: Any) -> str:
    """What two cells share if they are the same: the quantity (`$225` and 225), else the words."""
    quantity = read_quantity(str(cell))
    return str(quantity.number) if quantity is not None else folded(str(cell))


def _in_order_of(left: Iterable[_Column], right: Iterable[_Column]) -> list[_Column]:
    """`left` in the order of `right`: by the set of values, and by the most similar heading where sets recur."""
    rest = list(left)
    out = []
    for heading, body in right:
        same = [c for c in rest if sorted(c[1]) == sorted(body)] or rest
        best = max(same, key=lambda c: SequenceMatcher(None, folded(c[0]), folded(heading)).ratio())
        rest.remove(best)
        out.append(best)
    return out
