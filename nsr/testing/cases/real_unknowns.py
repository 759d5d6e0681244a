# ruff: noqa: E501 - short programs are read best on one line
"""Real unknowns in absolute values, choices, products, quotients and comparisons inside of other formulas."""

from __future__ import annotations

from nsr.testing.cases.case import Case, Told, case

__all__ = ["REAL_CASES"]


def _values(**values: object) -> Told:
    return Told("solved", {"assignment": values})


_XY = "var x, y: real in -10..10\n"

REAL_CASES: tuple[Case, ...] = (
    case(
        "absolute_value_of_a_sum_of_reals",
        _XY + "constraint: abs(x + y) == 3 and abs(x - y) == 1 and x + y > 0 and x > y\nfind unique",
        _values(x=2, y=1),
    ),
    case(
        "greatest_and_least_of_reals",
        _XY + "constraint: max(x, y, 1) == 2.5 and min(x, y, 7) == -0.5 and x < y\nfind unique",
        _values(x="-0.5", y="2.5"),
    ),
    case(
        "choice_between_reals",
        _XY + "constraint: (if x > 1 then x + y else 3 * y) == 4.5 and x == y\nfind unique",
        # 3 * 1.5 is 4.5 as well, but 1.5 is above 1.
        _values(x="2.25", y="2.25"),
    ),
    case(
        "choice_between_reals_used_twice",
        _XY + "define pay = if x > 2 then 2 * x else x\nconstraint: pay + y == 9 and pay - y == 3\nfind unique",
        _values(x=3, y=3),
    ),
    case(
        "different_reals",
        "var x: real in 0..1\nvar n: 0..1\nconstraint: distinct(x, 2 * x, n)\nconstraint: x == 0 or x == 0.5\nfind unique",
        _values(x="0.5", n=0),
    ),
    case(
        "reals_that_are_not_equal",
        "var x: real in 0..1\nvar n: 0..2\nconstraint: x != n and 2 * x == n and not x == 1\nfind unique",
        _values(x="0.5", n=1),
    ),
    case(
        "alternatives_of_reals_that_are_not_equal",
        "var x, y: real in 0..1\nconstraint: (x != 1 or y != 0.5) implies x + y == 3\nfind unique",
        _values(x=1, y="0.5"),
    ),
    case(
        "reals_divided_and_rounded_down",
        "var x: real in -10..10\nvar n: -9..9\nconstraint: x // 2 == n and x // -3 == -2 and x % 2 == 0.25 and x % -3 == n - 3.75\nfind unique",
        _values(x="4.25", n=2),
    ),
    case(
        "products_of_integers_beside_reals",
        "var x: real in 0..1\nvar m, n: 2..9\nconstraint: x + m * n == 35.5 and m < n and 2 * m * x == 5\nfind unique",
        _values(x="0.5", m=5, n=7),
    ),
    case(
        "integers_beside_reals_in_other_requirements",
        "var x: real in 0..1\nvar m, n: 0..20\nconstraint: m * n == 38 and m < n and abs(m - n) == 17\nconstraint: 3 * m + 2 * x == 7 and 2 * m + n == 23\nfind unique",
        _values(x="0.5", m=2, n=19),
    ),
    case(
        "greatest_real_that_is_not_reached",
        "var x: real < 3\nmaximize x",
        Told("unattained", {"bound": 3}),
    ),
    case(
        "greatest_fraction_that_is_not_reached",
        "var x, y: real > 0\nconstraint: x + 2 * y <= 4.5\nmaximize x - y",
        Told("unattained", {"bound": "4.5"}),
    ),
    case(
        "greatest_integer_beside_reals",
        "var n: 0..9\nvar x: real >= 0\nconstraint: 2 * n + x == 7.5\nmaximize n",
        Told("optimal", {"objective": 3, "assignment": {"n": 3, "x": "1.5"}}),
    ),
    case(
        "best_reals_in_two_ranks",
        "var x, y: real in 0..4\nconstraint: 2 * x + 2 * y <= 11\nmaximize x + y\nmaximize x",
        Told("optimal", {"assignment": {"x": 4, "y": "1.5"}}),
    ),
    case(
        "what_is_fixed_beside_reals",
        "var x, y: real in 0..4\nvar n: 0..3\nconstraint: x + y == 4.5 and n == 2\nquestion a\nconstraint: x <= 0.5\ncompute fixed(x), fixed(n)\nquestion b\ncompute fixed(x), fixed(n)",
        Told("solved", [True, True]),
        Told("solved", [False, True]),
    ),
    case(
        "choices_by_different_numbers",
        "var x, y: 0..3\nconstraint: (if x == 1 then 5 else if y == 2 then 6 else 7) == 6\nconstraint: (if x == 1 then 5 else if x == 2 then 6 else 7) + y == 9",
        # y is 2, so that x is 0 or 3.
        solutions=2,
    ),
    case(
        "answers_that_differ_in_nothing",
        "type N = 1..3\nrel p(N)\nfact p(2)\nvar x: 1..3\nconstraint: x != 2\nfind count p",
        Told("solved", 1),
        solutions=2,
        answers=1,
    ),
)
