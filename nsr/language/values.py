"""What values make of each other: arithmetic, lists, schedules, tours and broken lines, without terms or structures.

The part of the reference semantics that needs no program. `UNDEFINED` comes out where there is no value.
"""

from __future__ import annotations

import itertools
from enum import Enum
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, assert_never
from typing import Literal as Choice

from nsr.language.ir import Divide, FloorDivide, Modulo, Power
from nsr.language.sorts import Value, number
from nsr.limits import BudgetExceeded, LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["UNDEFINED", "Number", "Result", "Running", "Undefined", "power"]

MAX_BITS = 200_000
"""A number that needs more bits than this is not computed: the budget for size is used up."""


class Undefined(Enum):
    """The one value of a term that has no value."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED

Result: TypeAlias = Value | Choice[Undefined.UNDEFINED]
Number: TypeAlias = int | Fraction


def all_different(values: Iterable[Result]) -> bool:
    """All pairs of "not equal": two undefined values differ, two `none` do not."""
    seen: set[Value] = set()
    for value in values:
        if value is UNDEFINED:
            continue
        if value in seen:
            return False
        seen.add(value)
    return True


def extremum(kind: str, numbers: Iterable[Number | Choice[Undefined.UNDEFINED]]) -> Result:
    best: Number | None = None
    for value in numbers:
        if value is UNDEFINED:
            return UNDEFINED
        if best is None or (value < best if kind == "min" else value > best):
            best = value
    return UNDEFINED if best is None else best


def rounded(kind: Choice["floor", "ceil", "round"], value: Number) -> int:
    match kind:
        case "floor":
            return floor(value)
        case "ceil":
            return ceil(value)
        case "round":
            # Halves go away from zero; Python's own `round` takes them to even.
            half = Fraction(1, 2)
            return floor(value + half) if value >= 0 else ceil(value - half)
        case _:
            assert_never(kind)


def arithmetic(term: Divide | FloorDivide | Modulo | Power, left: Number, right: Number) -> Result:
    match term:
        case Divide():
            return UNDEFINED if right == 0 else number(Fraction(left) / Fraction(right))
        case FloorDivide():
            return UNDEFINED if right == 0 else left // right
        case Modulo():
            return UNDEFINED if right == 0 else number(Fraction(left) % Fraction(right))
        case Power():
            return power(left, right)
        case _:
            assert_never(term)


def power(base: Number, exponent: Number) -> Result:
    """`base ** exponent`, exact; undefined for an exponent that is not whole and for 0 to a negative one.

    Raises:
        BudgetExceeded: (size) before a number is computed that would be too large.
    """
    if not isinstance(exponent, int) or (base == 0 and exponent < 0):
        return UNDEFINED
    if exponent == 0 or base == 1:
        return 1
    if base in (0, -1):
        return 0 if base == 0 else 1 - 2 * (exponent % 2)
    guard_size(bits_of(base) * abs(exponent))
    return number(Fraction(base) ** exponent)


def bits_of(value: Number) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def guard_size(bits: int) -> None:
    if bits > MAX_BITS:
        raise BudgetExceeded(LimitKind.SIZE)


class Running(NamedTuple):
    """What a task comes to: it takes `demand` from `start` until before `end`."""

    start: Number
    end: Number
    demand: Number


def no_overlap(tasks: Iterable[Running]) -> bool:
    """No two run at once; a task that ends where it starts, or before, does not run."""
    ordered = sorted((task.start, task.end) for task in tasks if task.start < task.end)
    return all(end <= start for (_, end), (start, _) in itertools.pairwise(ordered))


def is_within(capacity: Number, tasks: Iterable[Running]) -> bool:
    """At every moment the demands of those that run sum up to at most `capacity`; before and after them, to 0."""
    changes: dict[Number, Number] = {}
    for task in tasks:
        if task.start < task.end:
            changes[task.start] = changes.get(task.start, 0) + task.demand
            changes[task.end] = changes.get(task.end, 0) - task.demand
    used: Number = 0
    if used > capacity:
        return False
    for moment in sorted(changes):
        used += changes[moment]
        if used > capacity:
            return False
    return True


def is_circuit(elements: Sequence[Value], successors: Sequence[Result]) -> bool:
    """Following successors from the first element visits each once and ends there; an undefined one leads nowhere."""
    if len(elements) != len(successors):
        return False
    after = dict(zip(elements, successors, strict=True))
    left = set(elements)
    place: Result = elements[0] if elements else None
    while left:
        if place is UNDEFINED or place not in left:
            return False
        left.remove(place)
        place = after[place]
    return not elements or place == elements[0]


def on_broken_line(x: Number, points: Sequence[tuple[Value, Value]]) -> Result:
    """The height at `x` of the line through the points, which ascend; undefined before the first and after the last."""
    known = [(a, b) for a, b in points if isinstance(a, int | Fraction) and isinstance(b, int | Fraction)]
    for a, b in known:
        if x == a:
            return number(b)
    for (a, b), (c, d) in itertools.pairwise(known):
        if a < x < c:
            return number(b + Fraction(d - b) * (x - a) / (c - a))
    return UNDEFINED


def set_of_values(values: Iterable[Result]) -> Result:
    """The set of the values; `none` is no value of a set, as it is no argument."""
    found: set[Value] = set()
    for value in values:
        if value is UNDEFINED or value is None:
            return UNDEFINED
        found.add(value)
    return frozenset(found)


def joined_sets(
    kind: Choice["union", "intersection", "difference"], left: frozenset[Value] | None, right: frozenset[Value] | None
) -> Result:
    if left is None or right is None:
        return UNDEFINED
    match kind:
        case "union":
            return left | right
        case "intersection":
            return left & right
        case "difference":
            return left - right
        case _:
            assert_never(kind)
