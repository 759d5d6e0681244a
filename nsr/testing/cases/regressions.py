"""Bugs that were fixed, each named after its symptom."""

from __future__ import annotations

from nsr.testing.cases.case import Case, Told, case

__all__ = ["REGRESSION_CASES"]

_OPTIONAL = """
    type Day = [mon, tue]
    type D = -1..1
    param cost(D): int = {-1: -2, 0: 1, 1: 3}
    var u(Day): D optional
"""

REGRESSION_CASES: tuple[Case, ...] = (
    # The code of `none` lies just below the least value, where another number may be.
    case("none_is_no_number_of_another_term", _OPTIONAL + "constraint: not distinct(u(mon), cost(-1))", solutions=0),
    case(
        "none_is_different_from_every_number",
        _OPTIONAL + "constraint: u(mon) == none and u(tue) == none\nconstraint: distinct(u(mon), cost(v)) for v in D",
        solutions=1,
    ),
    case(
        "distinct_of_an_optional_value_and_a_table",
        _OPTIONAL + "constraint: forall v in D: distinct(u(mon), cost(v))\nfind count",
        # Of u(mon) only 1 is a cost; u(tue) is free.
        Told("solved", 12),
        solutions=12,
    ),
    case(
        "two_that_are_none_are_not_distinct",
        _OPTIONAL + "constraint: u(mon) == none\nconstraint: distinct(u(mon), u(tue))",
        solutions=3,
    ),
    case(
        "distinct_inside_count", "var x, y: 0..2\nconstraint: count(distinct(x, y, v) for v in 0..2) == 1", solutions=6
    ),
    case(
        "distinct_inside_count_inside_distinct",
        "var x, y: 0..2\nconstraint: distinct(count(distinct(x, v) for v in 0..2), y)",
        # x differs from two of three.
        solutions=6,
    ),
    case(
        "distinct_inside_a_filter_of_a_count",
        "var x, y: 0..2\nconstraint: count(v for v in 0..2 if distinct(v, x, y)) == 0",
        solutions=3,
    ),
    case(
        "proof_of_what_is_certain_without_a_world",
        "var x: 1..2\nconstraint: x == 3\nprove: possible(x == 1)",
        Told("inconsistent"),
    ),
    case(
        "proof_beside_wishes_without_a_world",
        "var x: 1..2\nconstraint: x == 3\nsoft: x == 1\nprove: x == 1",
        Told("inconsistent"),
    ),
    case(
        "absolute_value_equal_to_a_negative_number",
        "var x, y: -2..2\nconstraint: abs(x) == y - 2",
        solutions=1,
        each={"x": "0", "y": "2"},
    ),
)
