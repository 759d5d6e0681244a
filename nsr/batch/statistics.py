"""Intervals and tests for counts of right answers, in exact arithmetic where that is quick."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from random import Random

__all__ = ["bootstrap_difference", "mcnemar", "wilson"]


def wilson(right: int, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927, "Probable inference"); (0, 1) without data."""
    if not n:
        return 0.0, 1.0
    p = right / n
    middle = p + z * z / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)
    return (0.0 if right == 0 else low), (1.0 if right == n else high)


def mcnemar(only_a: int, only_b: int) -> float:
    """The exact two-sided p-value of McNemar's test (1947): how likely a split as uneven is if both are equally good.

    Only the problems that exactly one of the two got right count; without any it is 1.
    """
    n = only_a + only_b
    ways, tail = 1, 1
    for k in range(min(only_a, only_b)):
        ways = ways * (n - k) // (k + 1)
        tail += ways
    return float(min(1.0, 2 * tail / (1 << n)))


def bootstrap_difference(
    only_a: int, only_b: int, n: int, *, seed: int = 0, resamples: int = 10_000, share: float = 0.95
) -> tuple[float, float]:
    """The percentile interval of the difference of two shares, B less A, over resampled pairs (Efron, 1979).

    A resample draws `n` pairs with replacement. Only the numbers of uneven pairs matter, so these are drawn at once
    from their exact distribution (multinomial), which is the same. (-1, 1) without data.
    """
    if not n:
        return -1.0, 1.0
    random = Random(seed)
    uneven = _binomial(n, (only_a + only_b) / n)
    part = cache(lambda drawn: _binomial(drawn, only_b / (only_a + only_b)))
    differences = []
    for _ in range(resamples):
        drawn = uneven(random)
        for_b = part(drawn)(random) if drawn else 0
        differences.append((2 * for_b - drawn) / n)
    differences.sort()
    cut = (1 - share) / 2
    return differences[int(cut * resamples)], differences[min(resamples - 1, math.ceil((1 - cut) * resamples) - 1)]


def _binomial(n: int, p: float) -> Callable[[Random], int]:
    """Draws the number of successes in `n` trials, by looking a uniform number up among the sums of probabilities."""
    if p <= 0 or p >= 1:
        return lambda _: n if p >= 1 else 0
    logs = (math.lgamma(n + 1), math.log(p), math.log1p(-p))
    sums, total = [], 0.0
    for k in range(n + 1):
        total += math.exp(logs[0] - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * logs[1] + (n - k) * logs[2])
        sums.append(total)
    return lambda random: min(n, bisect_left(sums, random.random() * total))
