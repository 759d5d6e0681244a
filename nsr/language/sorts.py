"""Sorts and values of the typed program.

Values are plain data: `int` and `Fraction` are numbers (an integral `Fraction` never occurs: see `number`), `bool` is a
truth value, `Element` an element of an enumeration, `None` the extra value `none` of an `optional` function.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

__all__ = [
    "BOOL", "INT", "BoolSort", "Element", "EnumSort", "IntSort", "NumberSort", "Sort", "Value", "has_value",
    "is_numeric", "number", "sort_size", "sort_values",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an enumeration: the type's name, its own name, its index from 0."""

    sort: str
    name: str
    index: int

    def __str__(self) -> str:
        return self.name


Value: TypeAlias = int | Fraction | bool | Element | None


def number(value: Fraction | int) -> int | Fraction:
    """The one representation of a rational: an `int` when it is integral."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


@dataclass(frozen=True, slots=True)
class BoolSort:
    """Truth values."""

    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True)
class IntSort:
    """Integers between `low` and `high`, both included, None for no bound; `name` if it is a declared range type."""

    low: int | None = None
    high: int | None = None
    name: str | None = None

    def __str__(self) -> str:
        if self.name:
            return self.name
        if self.low is None and self.high is None:
            return "int"
        return f"{'' if self.low is None else self.low}..{'' if self.high is None else self.high}"


@dataclass(frozen=True, slots=True)
class NumberSort:
    """A declared type whose elements are all numbers (`[1990, 1994.5]`): its values are numbers and go by value."""

    name: str
    values: tuple[int | Fraction, ...]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class EnumSort:
    """A declared type with named elements; ordered ones have positions from 1 and `<`."""

    name: str
    elements: tuple[str, ...]
    is_ordered: bool = False

    def __str__(self) -> str:
        return self.name

    def element(self, index: int) -> Element:
        """The element at `index` (from 0)."""
        return Element(self.name, self.elements[index], index)


Sort: TypeAlias = BoolSort | IntSort | NumberSort | EnumSort

BOOL = BoolSort()
INT = IntSort()


def is_numeric(sort: Sort) -> bool:
    """Whether values of the sort are numbers."""
    return isinstance(sort, IntSort | NumberSort)


def sort_size(sort: Sort) -> int | None:
    """How many values the sort has; None if there are infinitely many."""
    match sort:
        case BoolSort():
            return 2
        case IntSort(low, high):
            return None if low is None or high is None else max(0, high - low + 1)
        case NumberSort(_, values):
            return len(values)
        case EnumSort(_, elements):
            return len(elements)


def sort_values(sort: Sort) -> tuple[Value, ...] | range:
    """All values of a finite sort, in order.

    Raises:
        ValueError: if the sort is infinite.
    """
    match sort:
        case BoolSort():
            return (False, True)
        case IntSort(low, high):
            if low is None or high is None:
                raise ValueError(f"{sort} has infinitely many values")
            return range(low, high + 1)
        case NumberSort(_, values):
            return values
        case EnumSort(_, elements):
            return tuple(sort.element(i) for i in range(len(elements)))


def has_value(sort: Sort, value: Value) -> bool:
    """Whether `value` belongs to `sort`; `none` belongs to no sort."""
    match sort:
        case BoolSort():
            return isinstance(value, bool)
        case IntSort(low, high):
            if isinstance(value, bool) or not isinstance(value, int):
                return False
            return (low is None or low <= value) and (high is None or value <= high)
        case NumberSort(_, values):
            return not isinstance(value, bool) and value in values
        case EnumSort(name):
            return isinstance(value, Element) and value.sort == name
