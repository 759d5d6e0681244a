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
    # Where such a relation holds cannot be told by places among all argument tuples.
    case(
        "relation_over_all_integers_beside_an_unknown",
        "rel p(int)\nfact p(3), p(-5)\nvar x: 0..5\nconstraint: p(3) and x == 2\nfind unique",
        Told("limit"),
    ),
    # A predicate for the part of a body let the relation found itself.
    case(
        "no_relation_founds_itself_through_forall",
        """
        type Pet = {fish}
        rel inside(Pet), outside(Pet)
        rule inside(X) if not outside(X)
        rule outside(X) if forall v in 0..0: outside(fish) unless inside(X)
        find all
        """,
        solutions=1,
    ),
    case(
        "recursion_through_forall_with_a_negation_beside",
        """
        type N = 1..4
        rel edge(N, N), good(N), bad(N)
        fact edge(1, 2), edge(2, 3), edge(3, 3)
        rule good(X) if forall y in N: edge(X, y) implies good(y)
        rule bad(X) if not good(X), not bad(4)
        find count
        """,
        Told("solved", 1),
        solutions=1,
    ),
    case(
        "recursion_through_forall_in_a_circle_with_a_beginning",
        """
        type N = 1..5
        rel edge(N, N), base(N), good(N)
        fact edge(1, 2), edge(2, 1), edge(3, 1), edge(3, 4), edge(4, 4), base(1)
        rule good(X) if base(X)
        rule good(X) if forall y in N: edge(X, y) implies good(y)
        ask good(X)
        """,
        Told("solved", [{"X": 1}, {"X": 2}, {"X": 5}]),
        solutions=1,
    ),
    case(
        "recursion_through_forall_over_unknowns",
        """
        type N = 1..3
        rel edge(N, N), good(N)
        pred open(N)
        fact edge(1, 2), edge(2, 1)
        rule good(X) if forall y in N: edge(X, y) implies (good(y) or open(y))
        rule good(X) if open(X), not good(3)
        constraint: exists x in N: open(x)
        find count
        """,
        Told("solved", 7),
    ),
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
    # Lists of different truth values are no lists of different numbers.
    case(
        "distinct_over_two_truth_values",
        "type T = [a, b]\nvar p(T): bool\nvar n: 0..2\n"
        "constraint: distinct(p(x) and p(b) for x in T)\nconstraint: n == count(x for x in T if p(x))",
        # Only `not p(a) and p(b)` tells the two apart.
        solutions=1,
        each={"n": "1"},
    ),
    case(
        "distinct_over_more_formulas_than_truth_values",
        "type T = [a, b]\nvar p(T): bool\nconstraint: distinct(p(x) != p(y) for x in T, y in T)",
        solutions=0,
    ),
    case(
        "distinct_over_truth_values_inside_a_formula",
        "type T = [a, b, c]\nvar p(T): bool\nvar q: bool\n"
        "constraint: q iff distinct(p(x) for x in T if x != c)\nconstraint: not distinct(p(x) for x in T)",
        solutions=8,
    ),
    case(
        "function_to_truth_values_with_distinct_values",
        "type T = [a, b]\ntype S = [c, d, e]\nvar p(T): bool distinct\nvar q(S): bool",
        solutions=16,
    ),
    case("truth_values_do_not_suffice", "type T = [a, b, c]\nvar p(T): bool distinct", solutions=0),
    case(
        "distinct_over_the_truth_values_of_partial_formulas",
        "var x: 0..2\nvar y: 0..1\nconstraint: distinct(y == 0, 2 // x == 1)",
        # Undefined at x = 0: the comparison is false there, as at x = 1.
        solutions=3,
    ),
    # The elements of a circuit are those of its type, whatever its successors are written as.
    case(
        "circuit_over_numbers_of_what_may_be_none",
        "type City = 1..3\nvar next(City): City optional\nconstraint: circuit(next)",
        solutions=2,
    ),
    case(
        "circuit_over_names_of_what_may_be_none",
        "type City = {a, b, c}\nvar next(City): City optional\nconstraint: circuit(next)",
        solutions=2,
    ),
    case(
        "circuit_over_a_range",
        "type City = 3..5\nvar next(City): City\nconstraint: circuit(next) and next(3) == 4",
        solutions=1,
        each={"next(5)": "3"},
    ),
    case(
        "circuit_over_listed_numbers",
        "type Year = [1990, 1994, 1998]\nvar next(Year): Year\nconstraint: circuit(next)",
        solutions=2,
    ),
    case(
        "circuit_of_a_definition",
        """
        type City = 1..3
        var step: 0..2
        define next(c: City): City = (c + step) % 3 + 1
        constraint: circuit(next)
        """,
        solutions=2,
    ),
    # Of a product with a factor 0 nothing is left, but whether it has a value.
    case(
        "a_factor_0_beside_what_may_be_none",
        """
        type P = 1..3
        param w(P): int = {1: 2} else 0
        var x(P): 0..2 optional
        constraint: sum(w(p) * x(p) for p in P) == 2
        """,
        solutions=9,
    ),
    case(
        "a_factor_0_beside_what_has_a_value",
        """
        type P = 1..3
        param w(P): int = {1: 2} else 0
        var x(P): 0..2
        constraint: sum(w(p) * x(p) for p in P) == 2
        """,
        solutions=9,
    ),
)
