"""Values as integers: how elements, `none` and fractions are written for back ends that only know whole numbers.

An element is its index from 0; a number of a type with fractions is multiplied by the least common denominator; `none`
is one less than the least value. All of it depends on the declared sort alone, so it can be undone without a record.
Reals, sets and open types have no such codes: a back end knows them, or a reformulation has replaced them.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, assert_never

from nsr.language.sorts import BoolSort, Element, EnumSort, IntSort, NumberSort, OpenSort, RealSort, SetSort, number

if TYPE_CHECKING:
    from nsr.language.ir import Function
    from nsr.language.sorts import Sort, Value

__all__ = ["codes_of", "decode", "encode", "none_code", "scale_of"]


def scale_of(sort: Sort) -> int:
    """What the numbers of the sort are multiplied by."""
    if not isinstance(sort, NumberSort):
        return 1
    return lcm(*(value.denominator for value in sort.values))


def none_code(sort: Sort) -> int | None:
    """The code of `none` beside the values of the sort; None where the sort has no least value, or no codes."""
    match sort:
        case EnumSort():
            return -1
        case BoolSort():
            return -1
        case IntSort(low):
            return None if low is None else low - 1
        case NumberSort(_, values):
            return int(min(values) * scale_of(sort)) - 1
        case RealSort() | SetSort() | OpenSort():
            return None
        case _:
            assert_never(sort)


def codes_of(function: Function) -> tuple[tuple[int | None, int | None], ...]:
    """The codes that a value of the function can have, as ascending closed intervals, None for no bound.

    Raises:
        ValueError: if values of the sort are not written as integers.
    """
    sort = function.value
    match sort:
        case BoolSort():
            intervals: list[tuple[int | None, int | None]] = [(0, 1)]
        case EnumSort(_, elements):
            intervals = [(0, len(elements) - 1)]
        case IntSort(low, high):
            intervals = [(low, high)]
        case NumberSort(_, values):
            scale = scale_of(sort)
            intervals = [(code, code) for code in sorted({int(value * scale) for value in values})]
        case RealSort() | SetSort() | OpenSort():
            raise ValueError(f"values of {sort} are not written as integers")
        case _:
            assert_never(sort)
    if function.is_optional:
        extra = none_code(sort)
        assert extra is not None
        intervals.insert(0, (extra, extra))
    return _merged(intervals)


def _merged(intervals: list[tuple[int | None, int | None]]) -> tuple[tuple[int | None, int | None], ...]:
    out: list[tuple[int | None, int | None]] = []
    for low, high in intervals:
        if out and low is not None and out[-1][1] is not None and out[-1][1] + 1 >= low:
            out[-1] = (out[-1][0], high)
        else:
            out.append((low, high))
    return tuple(out)


def encode(value: Value, sort: Sort) -> int | Fraction:
    """The code of a value; a number that is none of the sort's may come out as a fraction."""
    match value:
        case None:
            code = none_code(sort)
            assert code is not None
            return code
        case bool():
            return int(value)
        case Element():
            return value.index
        case frozenset():
            raise ValueError("a set is not written as an integer")
        case _:
            return number(value * scale_of(sort))


def decode(code: int, function: Function) -> Value:
    """The value of the function that a code stands for."""
    sort = function.value
    if function.is_optional and code == none_code(sort):
        return None
    match sort:
        case BoolSort():
            return code != 0
        case EnumSort():
            return sort.element(code)
        case IntSort():
            return code
        case NumberSort():
            return number(Fraction(code, scale_of(sort)))
        case RealSort() | SetSort() | OpenSort():
            raise ValueError(f"values of {sort} are not written as integers")
        case _:
            assert_never(sort)
