"""Sets of integers as ascending closed intervals, for the encodings of finite-domain solvers."""

from __future__ import annotations

from typing import TypeAlias

__all__ = ["ALL", "HIGHEST", "LOWEST", "Intervals", "clip", "complement", "divided", "is_inside", "negated", "shifted"]

LOWEST = -(1 << 63)
HIGHEST = (1 << 63) - 1

Intervals: TypeAlias = tuple[tuple[int, int], ...]

ALL: Intervals = ((LOWEST, HIGHEST),)


def complement(domain: Intervals) -> Intervals:
    """All other integers."""
    out = []
    start = LOWEST
    for low, high in domain:
        if start < low:
            out.append((start, low - 1))
        start = high + 1
    if start <= HIGHEST:
        out.append((start, HIGHEST))
    return tuple(out)


def clip(domain: Intervals, low: int, high: int) -> Intervals:
    """Those between two integers."""
    return tuple([(max(a, low), min(b, high)) for a, b in domain if a <= high and b >= low])


def shifted(domain: Intervals, by: int) -> Intervals:
    """Each moved by the same distance; ends at infinity stay."""
    return tuple(
        [(a if a == LOWEST else a + by, b if b == HIGHEST else b + by) for a, b in domain],
    )


def negated(domain: Intervals) -> Intervals:
    """Each with the other sign."""
    return tuple(
        [(LOWEST if b == HIGHEST else -b, HIGHEST if a == LOWEST else -a) for a, b in reversed(domain)],
    )


def divided(domain: Intervals, by: int) -> Intervals:
    """The integers whose multiple by a positive number lies in the domain."""
    out = []
    for a, b in domain:
        low = a if a == LOWEST else -((-a) // by)
        high = b if b == HIGHEST else b // by
        if low <= high:
            out.append((low, high))
    return tuple(out)


def is_inside(domain: Intervals, low: int, high: int) -> bool:
    """Whether all integers from low to high belong to the domain."""
    return any(a <= low and high <= b for a, b in domain)
