"""Intervals and tests against published numbers, scipy, and plain resampling."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nsr.batch.statistics import bootstrap_difference, mcnemar, wilson


def test_wilson_intervals() -> None:
    # Newcombe (1998), table I: 81 of 263, and the limits at the ends.
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 20)[0] == 0.0
    assert round(wilson(20, 20)[0], 4) == 0.8389


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_wilson_and_mcnemar_agree_with_scipy(a: int, b: int) -> None:
    from scipy.stats import binomtest

    if a + b == 0:
        assert mcnemar(a, b) == 1.0
        return
    assert mcnemar(a, b) == pytest.approx(binomtest(a, a + b, 0.5).pvalue)
    found = binomtest(a, a + b).proportion_ci(method="wilson")
    assert wilson(a, a + b) == pytest.approx((found.low, found.high))


def test_mcnemar_of_thousands() -> None:
    assert 0 < mcnemar(4800, 5200) < 0.001
    assert mcnemar(5000, 5000) == 1.0


@pytest.mark.parametrize(("only_a", "only_b", "n"), [(3, 9, 40), (0, 5, 100), (20, 20, 50), (0, 0, 10), (7, 0, 7)])
def test_the_bootstrap_is_that_of_resampled_pairs(only_a: int, only_b: int, n: int) -> None:
    pairs = [-1] * only_a + [1] * only_b + [0] * (n - only_a - only_b)
    random = Random(1)
    plain = sorted(sum(random.choices(pairs, k=n)) / n for _ in range(4000))
    low, high = bootstrap_difference(only_a, only_b, n, seed=2)
    assert low == pytest.approx(plain[100], abs=2.5 / n)
    assert high == pytest.approx(plain[-101], abs=2.5 / n)


def test_the_bootstrap_repeats_itself_and_needs_data() -> None:
    assert bootstrap_difference(30, 50, 1000, seed=3) == bootstrap_difference(30, 50, 1000, seed=3)
    assert bootstrap_difference(0, 0, 0) == (-1.0, 1.0)
    low, high = bootstrap_difference(100, 300, 10_000, resamples=2000)
    assert 0.015 < low < 0.02 < high < 0.025
