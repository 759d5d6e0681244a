"""How far the values of a number term can lie: the interval that its parts allow, None for no bound."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil, floor, prod
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, assert_never

from nsr.language.evaluate import evaluate
from nsr.language.ir import (
    Absolute,
    Aggregate,
    Apply,
    Cardinality,
    Conditional,
    Divide,
    ElementAt,
    Extremum,
    FloorDivide,
    FromTruth,
    Literal,
    Modulo,
    Negate,
    Piecewise,
    PositionOf,
    Power,
    Product,
    Program,
    Restrict,
    Rounded,
    Sum,
    Variable,
    sort_of,
)
from nsr.language.sorts import (
    INT,
    BoolSort,
    EnumSort,
    IntSort,
    NumberSort,
    OpenSort,
    RealSort,
    SetSort,
    Sort,
    number,
    sort_size,
)
from nsr.language.traverse import fold, with_children

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Term

__all__ = [
    "ANY",
    "Bounds",
    "bounds_of",
    "bounds_of_sort",
    "intersection",
    "is_whole",
    "negative",
    "quotient",
    "step_of_bounds",
    "times",
    "union",
    "values_of",
]

Number: TypeAlias = int | Fraction


class Bounds(NamedTuple):
    """A closed interval, None for no bound on a side."""

    low: Number | None
    high: Number | None

    @property
    def is_finite(self) -> bool:
        """Whether both ends exist."""
        return self.low is not None and self.high is not None


ANY = Bounds(None, None)
TRUTH = Bounds(0, 1)


def bounds_of_sort(sort: Sort) -> Bounds:
    """The interval of the values of a sort; elements count by their position from 1."""
    match sort:
        case IntSort(low, high):
            return Bounds(low, high)
        case NumberSort(_, values):
            return Bounds(min(values), max(values))
        case EnumSort(_, elements):
            return Bounds(1, len(elements))
        case RealSort(low, high):
            return Bounds(low, high)
        case BoolSort():
            return TRUTH
        case SetSort() | OpenSort():
            return ANY
        case _:
            assert_never(sort)


def bounds_of(term: Term) -> Bounds:
    """An interval that holds every value of the term; `none` and undefined values do not count."""
    return fold(term, step_of_bounds)


def is_whole(term: Term) -> bool:
    """Whether every value of a number term is certainly an integer."""
    return fold(term, _whole_step)


def _whole_step(term: Term, below: Sequence[bool]) -> bool:
    match term:
        case Literal(value):
            return not isinstance(value, Fraction)
        case Apply(_, _, sort) | Variable(_, sort) | Restrict(_, sort):
            if isinstance(sort, RealSort):
                return False
            return not isinstance(sort, NumberSort) or all(isinstance(value, int) for value in sort.values)
        case Sum() | Product() | Negate() | Absolute() | Extremum() | Modulo():
            return all(below)
        case Conditional():
            return all(below[1:])
        case Divide() | Power() | Piecewise():
            return False
        case Aggregate(kind="count" | "all_different"):
            return True
        case Aggregate():
            return below[-1]
        case _:
            return True


def step_of_bounds(term: Term, below: Sequence[Bounds]) -> Bounds:
    """The interval of a term from those of its children."""
    match term:
        case Literal(value):
            if isinstance(value, int | Fraction) and not isinstance(value, bool):
                return Bounds(value, value)
            return bounds_of_sort(term.sort)
        case Variable(_, sort) | Apply(_, _, sort) | ElementAt(_, sort):
            return bounds_of_sort(sort)
        case Restrict(_, sort):
            return intersection(below[0], bounds_of_sort(sort))
        case PositionOf():
            return below[0]
        case FromTruth():
            return TRUTH
        case Sum():
            return _sum(below)
        case Negate():
            return negative(below[0])
        case Product():
            result = Bounds(1, 1)
            for one in below:
                result = times(result, one)
            return result
        case Absolute():
            return absolute(below[0])
        case Extremum(kind):
            return extremum(kind, below)
        case Conditional():
            return union(below[1:])
        case Rounded(kind):
            low, high = below[0]
            return Bounds(None if low is None else floor(low), None if high is None else ceil(high))
        case FloorDivide(_, right) | Divide(_, right):
            return _quotient(below[0], below[1], is_divisor_whole=is_whole(right))
        case Modulo():
            return _remainder(below[1])
        case Aggregate("count"):
            return Bounds(0, None)
        case Aggregate("min" | "max"):
            return below[-1]
        case Aggregate("all_different"):
            return TRUTH
        case Cardinality(arg):
            sort = sort_of(arg)
            return Bounds(0, sort_size(sort.element) if isinstance(sort, SetSort) else None)
        case Piecewise(_, points):
            heights = [y for _, y in points if isinstance(y, int | Fraction)]
            return Bounds(min(heights, default=None), max(heights, default=None))
        case _:
            return ANY


def _minus(value: Number | None) -> Number | None:
    return None if value is None else -value


def negative(a: Bounds) -> Bounds:
    """The interval of the negatives."""
    return Bounds(_minus(a.high), _minus(a.low))


def intersection(a: Bounds, b: Bounds) -> Bounds:
    """What both allow; empty where `low` is greater than `high`."""
    lows = [x for x in (a.low, b.low) if x is not None]
    highs = [x for x in (a.high, b.high) if x is not None]
    return Bounds(max(lows, default=None), min(highs, default=None))


def _sum(parts: Sequence[Bounds]) -> Bounds:
    low: Number | None = 0
    high: Number | None = 0
    for part in parts:
        low = None if low is None or part.low is None else low + part.low
        high = None if high is None or part.high is None else high + part.high
    return Bounds(low, high)


def times(a: Bounds, b: Bounds) -> Bounds:
    """The interval of products."""
    if a.low is not None and a.high is not None and b.low is not None and b.high is not None:
        corners = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
        return Bounds(min(corners), max(corners))
    if (0, 0) in (a, b):
        return Bounds(0, 0)
    # The sides that reach to infinity, by the signs that the other factor can have.
    has_low = _goes_out(a, b, -1) or _goes_out(b, a, -1)
    has_high = _goes_out(a, b, 1) or _goes_out(b, a, 1)
    known = [x * y for x in a for y in b if x is not None and y is not None]
    # A side that is closed ends at a product of ends, or at 0 where one factor can be 0.
    known += [0] if _has_zero(a) or _has_zero(b) else []
    return Bounds(None if has_low else min(known), None if has_high else max(known))


def _has_zero(a: Bounds) -> bool:
    return (a.low is None or a.low <= 0) and (a.high is None or a.high >= 0)


def _goes_out(a: Bounds, b: Bounds, sign: int) -> bool:
    """Whether the open ends of `a` make products with `b` grow without end to the side of the sign."""
    positive = b.high is None or b.high > 0
    negative_too = b.low is None or b.low < 0
    up, down = (positive, negative_too) if sign > 0 else (negative_too, positive)
    return (a.high is None and up) or (a.low is None and down)


def quotient(target: Bounds, by: Bounds) -> Bounds:
    """Where a factor can lie whose product with a number in `by` is in `target`."""
    if _has_zero(by):
        return ANY
    if by.high is not None and by.high < 0:
        target, by = negative(target), negative(by)
    assert by.low is not None
    low, high = target
    near = Fraction(1) / by.low
    far = None if by.high is None else Fraction(1) / by.high
    return Bounds(
        None if low is None else _reached(low, near if low <= 0 else far),
        None if high is None else _reached(high, near if high >= 0 else far),
    )


def _reached(end: Number, factor: Fraction | None) -> Number:
    return 0 if factor is None else Fraction(end * factor)


def absolute(a: Bounds) -> Bounds:
    """The interval of absolute values."""
    low, high = a
    if low is not None and low >= 0:
        return a
    if high is not None and high <= 0:
        return Bounds(-high, _minus(low))
    return Bounds(0, None if low is None or high is None else max(-low, high))


def extremum(kind: str, parts: Sequence[Bounds]) -> Bounds:
    """The interval of the least or greatest of the parts."""
    if not parts:
        return ANY
    lows, highs = [p.low for p in parts], [p.high for p in parts]
    if kind == "min":
        known = [h for h in highs if h is not None]
        return Bounds(None if None in lows else min(x for x in lows if x is not None), min(known, default=None))
    known = [x for x in lows if x is not None]
    return Bounds(max(known, default=None), None if None in highs else max(h for h in highs if h is not None))


def union(parts: Sequence[Bounds]) -> Bounds:
    """The smallest interval around all parts."""
    lows, highs = [p.low for p in parts], [p.high for p in parts]
    return Bounds(
        None if None in lows else min((x for x in lows if x is not None), default=None),
        None if None in highs else max((x for x in highs if x is not None), default=None),
    )


def _quotient(a: Bounds, b: Bounds, *, is_divisor_whole: bool) -> Bounds:
    if b.low is not None and b.low == b.high and b.low != 0:
        low, high = (None if x is None else Fraction(x) / Fraction(b.low) for x in a)
        if b.low < 0:
            low, high = high, low
        return Bounds(None if low is None else floor(low), None if high is None else ceil(high))
    if a.low is None or a.high is None or not is_divisor_whole:
        return ANY
    # A whole divisor is at least 1 away from 0, so a quotient is no further out than the dividend.
    far = max(-a.low, a.high, 0)
    return Bounds(-ceil(far), ceil(far))


def _remainder(b: Bounds) -> Bounds:
    low = 0 if b.low is not None and b.low >= 0 else b.low
    high = 0 if b.high is not None and b.high <= 0 else b.high
    return Bounds(low, high)


MOST_VALUES = 4096
"""Sets of possible values are not followed beyond this size."""


def values_of(term: Term) -> frozenset[Number] | None:
    """Numbers among which every value of the term is, if they can be listed; None if not."""
    return fold(term, _values_step)


def _values_step(term: Term, below: Sequence[frozenset[Number] | None]) -> frozenset[Number] | None:
    match term:
        case Literal(value):
            is_number = isinstance(value, int | Fraction) and not isinstance(value, bool)
            return frozenset((value,)) if is_number and isinstance(value, int | Fraction) else None
        case Apply(_, _, NumberSort(_, values)) | Restrict(_, NumberSort(_, values)):
            return frozenset(values)
        case Apply(_, _, RealSort()) | Variable(_, RealSort()):
            return None
        case Apply(_, _, sort) | Variable(_, sort):
            low, high = bounds_of_sort(sort)
            if low is None or high is None or high - low >= MOST_VALUES:
                return None
            return frozenset(range(int(low), int(high) + 1))
        case PositionOf() | ElementAt() | Restrict():
            return below[0]
        case FromTruth():
            return frozenset((0, 1))
        case Conditional():
            return None if below[1] is None or below[2] is None else below[1] | below[2]
        case Sum() | Product() | Negate() | Absolute() | Extremum() | Rounded() | Divide() | FloorDivide() | Modulo():
            return _combined(term, below)
        case _:
            return None


def _combined(term: Term, below: Sequence[frozenset[Number] | None]) -> frozenset[Number] | None:
    """The values of an operation at all combinations of the values of its parts, two at a time where it is a list."""
    parts = [part for part in below if part is not None]
    if len(parts) < len(below) or not parts:
        return None
    if not isinstance(term, Sum | Product | Extremum) or len(parts) == 1:
        return _applied(term, parts)
    result = parts[0]
    for part in parts[1:]:
        found = _applied(term, (result, part))
        if found is None:
            return None
        result = found
    return result


def _applied(term: Term, parts: Sequence[frozenset[Number]]) -> frozenset[Number] | None:
    if prod(len(part) for part in parts) > 4 * MOST_VALUES:
        return None
    out = set()
    for values in product(*parts):
        known = with_children(term, [Literal(number(value), INT) for value in values])
        value = evaluate(known, {}, _NOTHING)
        if isinstance(value, int | Fraction):
            out.add(value)
    return frozenset(out) if len(out) <= MOST_VALUES else None


_NOTHING = Program(sorts={}, symbols={}, definitions={}, tables={}, requirements=(), questions=())
