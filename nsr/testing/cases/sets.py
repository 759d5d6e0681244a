# ruff: noqa: E501 - short programs are read best on one line
"""Sets, schedules, tours, broken lines, tables."""

from __future__ import annotations

from nsr.testing.cases.case import Case, Told, case

__all__ = ["SET_CASES"]

_CHOIR = """
    type Singer = {rudi, sara, tove, uma}
    param skill(Singer): int = {rudi: 7, sara: 9, tove: 6, uma: 5}
    var choir: set of Singer
"""
_JOBS = """
    type Job = {a, b, c}
    param length(Job): int = {a: 2, b: 1, c: 1}
    var start(Job): 0..3
"""

SET_CASES: tuple[Case, ...] = (
    case("set_of_any_elements", _CHOIR + "find count", Told("solved", 16), solutions=16),
    case("set_of_a_size", _CHOIR + "constraint: len(choir) == 2\nfind count", Told("solved", 6), solutions=6),
    case(
        "set_in_order_of_its_type",
        _CHOIR + "constraint: sum(skill(s) for s in choir) == 18\nfind all choir",
        # 7 + 6 + 5
        Told("solved", [{"assignment": {"choir": ["rudi", "tove", "uma"]}}]),
        solutions=1,
    ),
    case("empty_set", _CHOIR + "constraint: choir == {}\nfind unique", Told("solved", {"assignment": {"choir": []}})),
    case(
        "set_by_a_condition",
        _CHOIR + "constraint: choir == {s for s in Singer if skill(s) > 5}\nfind unique",
        Told("solved", {"assignment": {"choir": ["rudi", "sara", "tove"]}}),
    ),
    case("subset_and_proper_subset", _CHOIR + "constraint: {uma} <= choir and choir < {uma, sara, rudi}", solutions=3),
    case(
        "union_intersection_difference",
        _CHOIR
        + "constraint: (choir | {uma}) == {uma, sara}\nconstraint: (choir & {uma}) == {} and (choir - {uma}) == choir",
        solutions=1,
    ),
    case("member_not_in", _CHOIR + "constraint: rudi in choir and sara not in choir", solutions=4),
    case(
        "quantified_over_an_unknown_set",
        _CHOIR + "constraint: forall s in choir: skill(s) >= 6\nconstraint: exists s in choir: skill(s) == 9",
        solutions=4,
    ),
    case(
        "sets_of_one_element",
        "type T = {a}\nvar s: set of T\nvar own(T): set of T\nconstraint: own(a) != s",
        solutions=2,
    ),
    case("sets_compared", "type T = {a, b}\nvar s, t: set of T\nconstraint: s != t and s <= t", solutions=5),
    case(
        "function_to_sets",
        "type T = {a, b}\ntype P = {p, q}\nvar own(P): set of T\nconstraint: (own(p) & own(q)) == {} and (own(p) | own(q)) == {a, b}",
        solutions=4,
    ),
    case("set_of_numbers", "var s: set of 1..4\nconstraint: sum(n for n in s) == 5 and len(s) == 2", solutions=2),
    case("set_of_values_counts_each_once", "var x, y, z: 1..3\nconstraint: len({x, y, z}) == 1", solutions=3),
    case("set_with_an_undefined_element_is_none", "var x: 0..2\nconstraint: len({6 // x, 1}) == 2", solutions=2),
    case(
        "option_by_a_set",
        "type T = {a, b, c}\nvar x: T\nconstraint: x != b\ncompute {t for t in T if possible(x == t)}\noption A: {a, b}\noption B: {c, a}",
        Told("solved", "B"),
    ),
    case(
        "no_overlap_of_jobs",
        _JOBS + "constraint: no_overlap((start(j), length(j)) for j in Job)\nfind count",
        # a at 0..3 with b, c in the free moments 0..3 outside [a, a + 2): 2, 2, 2; and a at 3 leaves 0, 1, 2: 6.
        Told("solved", 12),
        solutions=12,
    ),
    case("no_overlap_denied", _JOBS + "constraint: not no_overlap((start(j), length(j)) for j in Job)", solutions=52),
    case("no_overlap_of_length_zero_takes_no_time", "var t: 0..2\nconstraint: no_overlap((0, 2), (t, 0))", solutions=3),
    case(
        "no_overlap_of_a_negative_length_takes_no_time",
        "var n: -2..1\nconstraint: no_overlap((0, 3), (1, n))",
        solutions=3,
    ),
    case(
        "cumulative_of_length_zero_takes_no_time",
        "var t: 0..2\nconstraint: cumulative(1, [(0, 2, 1), (t, 0, 1)])",
        solutions=3,
    ),
    case(
        "cumulative_with_a_demand_below_zero_gives_room",
        # At moment 1 the demands are 2 - 1; where the second does not run then, 2.
        "var t: 0..2\nconstraint: cumulative(1, [(1, 1, 2), (t, 2, -1)])",
        solutions=2,
    ),
    case(
        "cumulative_with_a_demand_that_may_be_zero",
        """
        type T = {a, b}
        var x: 1..4
        var start(T): 0..1
        define need = if x == 1 then 0 else if x == 2 then 1 else 2
        constraint: cumulative(2, (start(t), 2, need) for t in T)
        """,
        # With the demands 0 and 1 every start; with 2 both run at moment 1.
        solutions=8,
    ),
    case("no_overlap_with_unknown_lengths", "var n: 1..3\nconstraint: no_overlap((0, n), (2, 1))", solutions=2),
    case(
        "no_overlap_is_false_where_a_start_is_undefined",
        "var x: 0..2\nconstraint: no_overlap((2 // x, 1), (0, 1))",
        solutions=2,
    ),
    case(
        "cumulative_of_jobs",
        _JOBS + "constraint: cumulative(2, (start(j), length(j), 1) for j in Job)",
        # 64 less those where all three run at once: b and c start together in one of a's two moments, 1 + 2 + 2 + 2.
        solutions=57,
    ),
    case(
        "cumulative_by_need",
        _JOBS + "constraint: cumulative(2, (start(j), length(j), 2) for j in Job if j != a)",
        solutions=48,
    ),
    case(
        "cumulative_as_a_condition",
        "var s, t: 0..1\npred tight\nconstraint: tight iff not cumulative(1, [(s, 1, 1), (t, 1, 1)])\nconstraint: tight",
        solutions=2,
    ),
    case(
        "circuit_over_four",
        "type City = {a, b, c, d}\nvar next(City): City distinct\nconstraint: circuit(next)",
        solutions=6,
    ),
    case(
        "circuit_denied",
        "type City = {a, b, c}\nvar next(City): City distinct\nconstraint: not circuit(next)",
        solutions=4,
    ),
    case("circuit_of_one", "type City = {a}\nvar next(City): City\nconstraint: circuit(next)", solutions=1),
    case(
        "shortest_tour",
        """
         type City = {a, b, c, d}
         param far(City, City): int = {a: {b: 1, c: 5, d: 1}, b: {c: 1, d: 5}, c: {d: 1}} symmetric else 0
         var next(City): City distinct
         constraint: circuit(next)
         minimize tour: sum(far(x, next(x)) for x in City)
         find count
         """,
        Told("optimal", 2),
    ),
    case(
        "piecewise_on_and_between_its_points",
        "var x: 0..25, y: int in 0..30\nconstraint: y == piecewise(x, [(0, 0), (10, 20), (20, 30)])",
        # 21 points, whole everywhere.
        solutions=21,
    ),
    case("piecewise_is_undefined_outside", "var x: 0..5\nconstraint: piecewise(x, [(1, 0), (3, 4)]) >= 0", solutions=3),
    case(
        "piecewise_not_equal_holds_outside", "var x: 0..5\nconstraint: piecewise(x, [(1, 0), (3, 4)]) != 2", solutions=5
    ),
    case(
        "table_sparse_by_going_over_its_entries",
        "type P = {a, b, c}\nparam w(P, P): int = {(a, b): 2, (b, c): 3}\nvar pick: P\nconstraint: sum(w(i, j) for (i, j) in w if i == pick) == 3",
        Told("solved"),
        solutions=1,
        each={"pick": "b"},
    ),
    case(
        "table_nested_and_symmetric",
        "type P = {a, b, c}\nparam d(P, P): int = {a: {b: 1, c: 2}, b: {c: 4}} symmetric else 0\nvar x, y: P\nconstraint: d(x, y) == 2",
        solutions=2,
    ),
    case(
        "membership_in_a_table",
        "type P = {a, b}\nparam w(P, P): int = {(a, b): 2}\nvar x, y: P\nconstraint: (x, y) in w",
        solutions=1,
    ),
    case(
        "pairs_of_a_relation_as_arcs",
        """
         type City = {a, b, c}
         rel arc(City, City) = {(a, b), (b, c), (c, a), (a, c)}
         var next(City): City
         constraint: forall x in City: (x, next(x)) in arc
         constraint: circuit(next)
         """,
        solutions=1,
    ),
    case(
        "capacity_that_may_be_negative",
        "var c: -2..2\nvar t: 0..2\nconstraint: cumulative(c, [(0, 2, 1), (t, 1, 1)])",
        # With room for two at any time, with room for one only at the end.
        solutions=4,
    ),
    case(
        "negative_capacity_has_no_room_for_nothing",
        "var c: -2..2\nvar n: 0..1\nconstraint: cumulative(c, [(0, n, 1)])",
        # 0 with n = 0, 1 and 2 with either.
        solutions=5,
    ),
    case(
        "cumulative_with_a_demand_that_may_be_negative",
        "var n: -1..2\nvar t: 0..1\nconstraint: cumulative(1, [(0, 1, 2), (t, 1, n)])",
        # Only what is given back at 0 makes room for two.
        solutions=1,
        each={"n": "-1", "t": "0"},
    ),
    case(
        "none_is_no_stop_of_a_tour",
        "type City = {a, b, c}\nvar next(City): City optional\npred p\nconstraint: circuit(next)\n"
        "constraint: p iff next(a) == none",
        solutions=2,
    ),
    case(
        "colours_beside_a_tour",
        "type City = {a, b, c}\ntype Colour = {red, blue, green}\nvar next(City): City\nvar colour(City): Colour\n"
        "constraint: circuit(next)\nconstraint: forall c in City: next(c) == b or colour(c) != red\n"
        "constraint: forall c in City: colour(c) == blue or colour(c) == red or colour(c) == green and next(c) == a",
        # Of each of the two tours, two colours before b, two before a, one before c.
        solutions=8,
    ),
)
