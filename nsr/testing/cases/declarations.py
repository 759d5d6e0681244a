# ruff: noqa: E501 - short programs are read best on one line
"""What declarations and tables allow, and what is undefined."""

from __future__ import annotations

from nsr.testing.cases.case import Case, case

__all__ = ["DECLARATION_CASES"]

DECLARATION_CASES: tuple[Case, ...] = (
    case("nothing_at_all", "find one", solutions=1),
    case("one_truth_value", "var b: bool\nfind all", solutions=2),
    case("no_solution", "var b: bool\nconstraint: b and not b", solutions=0),
    case("false_requirement_without_unknowns", "constraint: 1 == 2", solutions=0),
    case("true_requirement_without_unknowns", "constraint: 1 + 1 == 2", solutions=1),
    case(
        "logic_grid",
        """
        type Oven = 1..3
        type Baker = {ines, jo, karl}
        type Bread = {rye, spelt, corn}
        var oven(Baker): Oven distinct
        var baked_in(Bread): Oven distinct
        constraint "Ines uses the oven directly left of the rye bread.": oven(ines) + 1 == baked_in(rye)
        constraint "The spelt loaf is in the third oven.": baked_in(spelt) == 3
        constraint "Jo's oven has a higher number than Karl's.": oven(jo) > oven(karl)
        find unique oven, baked_in
        """,
        solutions=1,
        answers=1,
        each={"oven(ines)": "1", "oven(karl)": "2", "oven(jo)": "3", "baked_in(corn)": "1", "baked_in(rye)": "2"},
    ),
    case(
        "distinct_function",
        "type P = {a, b, c}\nvar seat(P): 1..3 distinct",
        solutions=6,
    ),
    case("distinct_function_into_more", "type P = {a, b}\nvar seat(P): 1..4 distinct", solutions=12),
    case("distinct_function_into_fewer", "type P = {a, b, c}\nvar seat(P): 1..2 distinct", solutions=0),
    case(
        "distinct_leaves_none_apart",
        "type P = {a, b, c}\nvar seat(P): 1..2 distinct optional",
        # All without: 1; one seated: 3 * 2; two seated: 3 pairs * 2 ways; three cannot be.
        solutions=13,
    ),
    case("names_declared_together_differ", "var a, b, c: 1..3 distinct", solutions=6),
    case("names_declared_apart_may_agree", "var a: 1..3 distinct\nvar b: 1..3 distinct", solutions=9),
    case("distinct_over_two_arguments", "type P = {a, b}\nvar f(P, P): 1..4 distinct", solutions=24),
    case("predicate", "type P = {a, b, c}\npred p(P)\nconstraint: exactly 2 x in P: p(x)", solutions=3),
    case(
        "predicate_of_two",
        "type P = {a, b}\npred p(P, P)\nconstraint: forall x, y in P: p(x, y) iff p(y, x)",
        solutions=8,
    ),
    case("proposition", "pred rain, wet\nconstraint: rain implies wet", solutions=3),
    case(
        "membership_in_predicate",
        "type P = {a, b, c}\npred p(P)\nconstraint: a in p and b not in p",
        solutions=2,
    ),
    case(
        "going_over_pairs_of_a_predicate",
        "type P = {a, b}\npred p(P, P)\nconstraint: forall (i, j) in p: i != j\nconstraint: exists (i, j) in p: true",
        solutions=3,
    ),
    case(
        "relation_with_a_table",
        "type P = {a, b, c, d}\nrel woman(P) = {a, c}\nvar boss: P\nconstraint: woman(boss) and boss != a",
        solutions=1,
        each={"boss": "c"},
    ),
    case(
        "relation_of_pairs",
        """
        type P = {a, b, c}
        rel road(P, P) = {(a, b), (b, c)}
        var at(0..2): P
        constraint: forall t in 0..1: road(at(t), at(t + 1))
        """,
        solutions=1,
        each={"at(0)": "a", "at(1)": "b", "at(2)": "c"},
    ),
    case(
        "going_over_a_relation",
        """
        type P = {a, b, c}
        rel road(P, P) = {(a, b), (b, c)}
        var h(P): 1..3
        constraint: forall (i, j) in road: h(i) < h(j)
        """,
        solutions=1,
    ),
    case("constant", "type P = {a, b, c}\nconst k: P\nconstraint: k != a", solutions=2),
    case(
        "table_by_key",
        "type P = {a, b}\nparam n(P): int = {a: 1, b: 2}\nvar x: P\nconstraint: n(x) == 2",
        each={"x": "b"},
        solutions=1,
    ),
    case(
        "table_positional",
        "type P = {a, b}\nparam n(P): int = [1, 2]\nvar x: P\nconstraint: n(x) == 2",
        each={"x": "b"},
        solutions=1,
    ),
    case(
        "table_nested",
        "type P = {a, b}\nparam n(P, P): int = {a: {a: 1, b: 2}, b: {a: 3, b: 4}}\nvar x, y: P\nconstraint: n(x, y) == 3",
        solutions=1,
        each={"x": "b", "y": "a"},
    ),
    case(
        "table_by_tuple_with_else",
        "type P = {a, b}\nparam n(P, P): int = {(a, b): 5} else 0\nvar x, y: P\nconstraint: n(x, y) == 0",
        solutions=3,
    ),
    case(
        "table_nested_lists",
        "type P = {a, b}\nparam n(P, P): int = [[1, 2], [3, 4]]\nvar x, y: P\nconstraint: n(x, y) >= 3",
        solutions=2,
    ),
    case(
        "table_symmetric",
        "type P = {a, b, c}\nparam n(P, P): int = {a: {b: 3, c: 4}, b: {c: 5}} symmetric else 0\nvar x, y: P\nconstraint: n(x, y) == 4",
        solutions=2,
    ),
    case(
        "table_in_place_of_else_by_going_over_entries",
        """
        type P = {a, b, c}
        param n(P, P): int = {(a, b): 2, (b, c): 3}
        var h(P): 0..5
        constraint: forall (i, j) in n: h(j) == h(i) + n(i, j)
        """,
        # h(c) = h(a) + 5, so h(a) = 0.
        solutions=1,
    ),
    case(
        "decimals_are_exact",
        "type P = {a, b, c}\nparam w(P): real = {a: 0.1, b: 0.2, c: 0.3}\nvar x: P\nconstraint: w(x) == w(a) + w(b)",
        solutions=1,
        each={"x": "c"},
    ),
    case(
        "elements_that_are_numbers_go_by_value",
        "type Year = [1990, 1994, 1998]\ntype P = {a, b}\nvar year(P): Year distinct\nconstraint: year(a) == year(b) + 4",
        solutions=2,
    ),
    case(
        "elements_that_are_decimals",
        "type Price = {4.50, 5.25, 6}\nvar p, q: Price\nconstraint: p + q == 10.5",
        # 4.5 + 6 either way, 5.25 + 5.25
        solutions=3,
    ),
    case(
        "a_number_that_is_no_element_as_argument",
        "type Year = [1990, 1994, 1998]\npred won(Year)\nvar y: Year\nconstraint: won(y + 4)\nconstraint: not won(1998)",
        # y = 1990 and won(1994): won(1990) is free.
        solutions=2,
    ),
    case(
        "shifted_element_compared_is_never_undefined",
        "type Day = [mon, tue, wed]\nvar x, y: Day\nconstraint: x != y + 1",
        solutions=7,
    ),
    case(
        "shifted_element_as_argument_may_fall_outside",
        "type Day = [mon, tue, wed]\npred open_(Day)\nvar x: Day\nconstraint: open_(x + 1)",
        # x = mon or tue, and the next day is open: 2 * 4.
        solutions=8,
    ),
    case(
        "not_of_outside_is_true",
        "type Day = [mon, tue, wed]\npred open_(Day)\nvar x: Day\nconstraint: not open_(x + 1)",
        solutions=16,
    ),
    case(
        "undefined_truth_value_equals_neither",
        "type Day = 1..2\npred on(Day)\nvar x: Day\nconstraint: on(x + 1) == false",
        # x = 2 is outside: false. x = 1: on(2) is false, on(1) free.
        solutions=2,
    ),
    case(
        "undefined_truth_value_counts_nothing",
        "type Day = 1..2\npred on(Day)\nconstraint: count(on(d + 1) for d in Day) == 0",
        solutions=2,
    ),
    case(
        "negative_information_at_the_last_day",
        """
        type Day = 1..3
        type P = {ann, bo, cy}
        var worker(Day): P
        constraint: forall d in Day: worker(d) == ann implies worker(d + 1) != bo
        """,
        # Words over {a, b, c} of length 3 without "ab": 27 - 3 - 3.
        solutions=21,
    ),
    case(
        "positive_information_at_the_last_day",
        """
        type Day = 1..3
        type P = {ann, bo, cy}
        var worker(Day): P
        constraint: forall d in Day: worker(d) == ann implies worker(d + 1) == cy
        """,
        # No ann on the last day, and cy after each: 8 without ann, acx 2, xac 2 with x not ann.
        solutions=12,
    ),
    case(
        "none_is_no_argument",
        "type P = {a, b}\nvar friend(P): P optional\npred rich(P)\nconstraint: forall x in P: rich(friend(x))",
        # Both have a friend, and those are rich. Same friend twice (2 ways): the other is free. Different (2 ways): both.
        solutions=6,
    ),
    case(
        "none_has_no_order",
        "type Day = [mon, tue]\nvar d: Day optional\nconstraint: not (d < tue) and not (d >= tue)",
        solutions=1,
        each={"d": "none"},
    ),
    case("none_equals_none", "var x, y: 1..2 optional\nconstraint: x == y", solutions=3),
    case("none_cannot_be_reckoned_with", "var x: 1..2 optional\nconstraint: x + 1 != 2", solutions=2),
)
