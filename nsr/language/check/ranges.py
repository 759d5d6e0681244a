"""What is known of a number from the shape of its term: its ends, and whether it is whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from nsr.language import ir
from nsr.language.check.context import Context
from nsr.language.sorts import (
    EnumSort,
    IntSort,
    NumberSort,
    OpenSort,
    RealSort,
    SetSort,
    Sort,
    sort_size,
)


class Range(NamedTuple):
    """What is known of a number without looking at any value: ends (None for no end) and whether it is whole."""

    low: int | Fraction | None
    high: int | Fraction | None
    is_whole: bool


_MAX_END_BITS = 256

_ANY_NUMBER = Range(None, None, False)
_ANY_INTEGER = Range(None, None, True)


def same_sort(left: Sort, right: Sort) -> bool:
    """Whether two sorts are one; types by name, since comparing their elements would cost time."""
    if left is right:
        return True
    match left, right:
        case EnumSort(a), EnumSort(b):
            return a == b
        case (NumberSort(a), NumberSort(b)) | (OpenSort(a), OpenSort(b)):
            return a == b
        case SetSort(a), SetSort(b):
            return same_sort(a, b)
        case _:
            return type(left) is type(right) and left == right


def number_range(ctx: Context, term: ir.Term) -> Range:
    """Ends of a numeric term as far as its shape tells them."""
    match term:
        case ir.Literal(value) if isinstance(value, int | Fraction):
            return Range(value, value, isinstance(value, int))
        case ir.Variable(_, sort) | ir.Restrict(_, sort) | ir.Apply(_, _, sort):
            return sort_range(sort)
        case ir.PositionOf(arg):
            sort = ir.sort_of(arg)
            return Range(1, len(sort.elements), True) if isinstance(sort, EnumSort) else _ANY_INTEGER
        case ir.FromTruth():
            return Range(0, 1, True)
        case ir.Negate(arg):
            low, high, is_whole = number_range(ctx, arg)
            return Range(None if high is None else -high, None if low is None else -low, is_whole)
        case ir.Absolute(arg):
            low, high, is_whole = number_range(ctx, arg)
            return Range(0, None if low is None or high is None else max(-low, high), is_whole)
        case ir.Sum(args):
            parts = [number_range(ctx, arg) for arg in args]
            lows = [p.low for p in parts if p.low is not None]
            highs = [p.high for p in parts if p.high is not None]
            return Range(
                sum(lows) if len(lows) == len(parts) else None,
                sum(highs) if len(highs) == len(parts) else None,
                all(p.is_whole for p in parts),
            )
        case ir.Product(args):
            return _product_range([number_range(ctx, arg) for arg in args])
        case ir.Conditional(_, then, otherwise):
            return _either(number_range(ctx, then), number_range(ctx, otherwise))
        case ir.Extremum(_, args):
            found = number_range(ctx, args[0])
            for arg in args[1:]:
                found = _either(found, number_range(ctx, arg))
            return found
        case ir.Aggregate("count"):
            return Range(0, None, True)
        case ir.Aggregate("min" | "max", _, _, element):
            return number_range(ctx, element)
        case ir.Aggregate("sum" | "prod", _, _, element):
            return Range(None, None, number_range(ctx, element).is_whole)
        case ir.Modulo(left, right):
            return _modulo_range(number_range(ctx, left), number_range(ctx, right))
        case ir.Power(left, right):
            exponent = number_range(ctx, right)
            is_natural = exponent.is_whole and exponent.low is not None and exponent.low >= 0
            return Range(None, None, is_natural and number_range(ctx, left).is_whole)
        case ir.FloorDivide() | ir.Rounded():
            return _ANY_INTEGER
        case ir.Cardinality(arg):
            found_sort = ir.sort_of(arg)
            size = sort_size(found_sort.element) if isinstance(found_sort, SetSort) else None
            return Range(0, size, True)
        case ir.Piecewise(_, points):
            heights = [v for _, v in points if isinstance(v, int | Fraction)]
            return Range(min(heights), max(heights), False)
        case _:
            return _ANY_NUMBER


def sort_range(sort: Sort) -> Range:
    """Ends of the numbers of a sort."""
    match sort:
        case IntSort(low, high):
            return Range(low, high, True)
        case NumberSort(_, values):
            return Range(min(values), max(values), all(isinstance(v, int) for v in values)) if values else _ANY_NUMBER
        case RealSort(low, high):
            return Range(low, high, False)
        case _:
            return _ANY_NUMBER


def _either(left: Range, right: Range) -> Range:
    return Range(
        None if left.low is None or right.low is None else min(left.low, right.low),
        None if left.high is None or right.high is None else max(left.high, right.high),
        left.is_whole and right.is_whole,
    )


def _product_range(parts: Sequence[Range]) -> Range:
    is_whole = all(p.is_whole for p in parts)
    low: int | Fraction = 1
    high: int | Fraction = 1
    for part in parts:
        # Ends that grow without measure (a power of a power) tell nothing and cost much.
        if part.low is None or part.high is None or max(low, high).numerator.bit_length() > _MAX_END_BITS:
            return Range(None, None, is_whole)
        ends = [low * part.low, low * part.high, high * part.low, high * part.high]
        low, high = min(ends), max(ends)
    return Range(low, high, is_whole)


def _modulo_range(left: Range, right: Range) -> Range:
    is_whole = left.is_whole and right.is_whole
    if is_whole and right.low is not None and right.low > 0 and right.high is not None:
        return Range(0, right.high - 1, True)
    return Range(None, None, is_whole)
