"""Sorts and values of the typed program.

Values are plain data: `int` and `Fraction` are numbers (an integral `Fraction` never occurs: see `number`), `bool` is a
truth value, `Element` an element of an enumeration, `None` the extra value `none` of an `optional` function, a
`frozenset` of values a set.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

__all__ = [
    "BOOL", "INT", "REAL", "BoolSort", "Element", "EnumSort", "IntSort", "NumberSort", "OpenSort", "RealSort",
    "SetSort", "Sort", "Value", "has_value", "is_numeric", "number", "sort_size", "sort_values",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an enumeration: the type's name, its own name, its index from 0."""

    sort: str
    name: str
    index: int

    def __hash__(self) -> int:
        # Tables are looked up by elements all the time; names of other types rarely are the same.
        return hash(self.name)

    def __str__(self) -> str:
        return self.name


@lru_cache(maxsize=1 << 16)
def element(sort: str, name: str, index: int) -> Element:
    """An element, mostly the very same object for the same arguments, so that looking it up is quick."""
    return Element(sort, name, index)


Value: TypeAlias = "int | Fraction | bool | Element | frozenset[Value] | None"


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
        return element(self.name, self.elements[index], index)


@dataclass(frozen=True, slots=True)
class RealSort:
    """Numbers between `low` and `high`, None for no bound; an open bound is not itself included."""

    low: int | Fraction | None = None
    high: int | Fraction | None = None
    is_low_open: bool = False
    is_high_open: bool = False
    name: str | None = None

    def __str__(self) -> str:
        return self.name or "real"


@dataclass(frozen=True, slots=True)
class SetSort:
    """Sets of values of a finite sort."""

    element: Sort

    def __str__(self) -> str:
        return f"set of {self.element}"


@dataclass(frozen=True, slots=True)
class OpenSort:
    """A declared type without a list: its constants, if any, and any number of other things, at least one in all.

    No structure has values of it: `open_types.at_sizes` gives the program in which it is an enumeration of some size.
    """

    name: str
    constants: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


Sort: TypeAlias = BoolSort | IntSort | RealSort | NumberSort | EnumSort | SetSort | OpenSort

BOOL = BoolSort()
INT = IntSort()
REAL = RealSort()


def is_numeric(sort: Sort) -> bool:
    """Whether values of the sort are numbers."""
    return isinstance(sort, IntSort | RealSort | NumberSort)


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
        case SetSort(element):
            size = sort_size(element)
            return None if size is None else 1 << size
        case RealSort() | OpenSort():
            return None


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
        case SetSort(element):
            return _subsets(tuple(sort_values(element)))
        case RealSort() | OpenSort():
            raise ValueError(f"{sort} has infinitely many values")


MAX_SUBSETS = 1 << 20
"""More subsets than this are not listed."""


def _subsets(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """All subsets, the empty one first, in the order of their bits."""
    if 1 << len(values) > MAX_SUBSETS:
        raise ValueError(f"a type of {len(values)} values has too many subsets")
    return tuple(frozenset(v for i, v in enumerate(values) if bits >> i & 1) for bits in range(1 << len(values)))


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
        case EnumSort(name) | OpenSort(name):
            return isinstance(value, Element) and value.sort == name
        case RealSort(low, high, is_low_open, is_high_open):
            if isinstance(value, bool) or not isinstance(value, int | Fraction):
                return False
            return (low is None or low < value or (low == value and not is_low_open)) and (
                high is None or value < high or (high == value and not is_high_open)
            )
        case SetSort(element):
            return isinstance(value, frozenset) and all(has_value(element, v) for v in value)
