"""Definitions, binders, connectives, names."""

from __future__ import annotations

from nsr.testing.cases.case import Case, case

__all__ = ["FORMULA_CASES"]

FORMULA_CASES: tuple[Case, ...] = (
    case(
        "conditional_truth_values_as_operands",
        """
        pred p, q, r, s
        constraint: s iff (if p then q else r)
        constraint: (if q then p else s) or r
        """,
        solutions=5,
    ),
    case(
        "functions_nested",
        "type P = {a, b}\nvar f(P): P\nconstraint: forall x in P: f(f(x)) == x",
        solutions=2,
    ),
    case(
        "definition_with_arguments",
        """
        type Day = 1..4
        type P = {a, b}
        var day(P): Day
        define next_to(x: P, y: P) = abs(day(x) - day(y)) == 1
        define late(x: P): bool = day(x) >= 3
        constraint: next_to(a, b) and late(a) and not late(b)
        """,
        solutions=1,
        each={"day(a)": "3", "day(b)": "2"},
    ),
    case(
        "definition_of_a_number_used_in_arithmetic",
        "var x, y: 0..3\ndefine total = x + y\ndefine twice(n: int) = 2 * n\nconstraint: twice(total) == 6",
        solutions=4,
    ),
    case(
        "definition_of_an_element",
        "type D = [a, b, c]\nvar x: D\ndefine next_ : D = x + 1\nconstraint: next_ == c",
        solutions=1,
        each={"x": "b"},
    ),
    case(
        "definition_outside_its_type",
        "type D = [a, b, c]\nvar x: D\ndefine next_(d: D): D = d + 1\nconstraint: next_(next_(x)) == c",
        solutions=1,
        each={"x": "a"},
    ),
    case(
        "bound_that_depends_on_arguments",
        "param cap(1..2): int = [1, 2]\nvar n(i: 1..2): int in 0..cap(i)",
        solutions=6,
    ),
    case("bounds_of_a_number", "var n: int > 0 <= 9\nconstraint: n % 4 == 3", solutions=2),
    case("range_by_a_parameter", "param n: int = 3\ntype R = 1..n + 1\nvar x: R", solutions=4),
    case(
        "order_against_a_list",
        "type P = {a, b, c}\nvar place(P): 1..3\nconstraint: place == [2, 3, 1]",
        solutions=1,
        each={"place(a)": "2", "place(c)": "1"},
    ),
    case(
        "order_of_places_against_a_list",
        "type P = {a, b, c}\nvar at(1..3): P\nconstraint: at != [a, b, c]",
        solutions=26,
    ),
    case(
        "table_against_a_function",
        "type P = {a, b}\nvar n(P): 1..2\nconstraint: n == {b: 1, a: 2}",
        each={"n(a)": "2"},
        solutions=1,
    ),
    case(
        "same_element_in_two_types",
        """
        type Color = {orange, red}
        type Fruit = {orange, plum}
        type P = {a, b}
        var color(P): Color distinct
        var fruit(P): Fruit distinct
        constraint: color(a) == orange and fruit(a) != orange
        """,
        solutions=1,
        each={"color(a)": "orange", "fruit(a)": "plum"},
    ),
    case(
        "same_element_in_two_types_in_a_set",
        "type A = {k, l}\ntype B = {k, m}\nvar x: A\nvar y: B\nconstraint: x in {k} and y not in {k}",
        solutions=1,
    ),
    case(
        "bound_variable_hides_an_element",
        "type P = {a, b}\npred p(P)\nconstraint: forall a in P: p(a)",
        solutions=1,
    ),
    case("type_of_a_variable_from_its_use", "type P = {a, b}\npred p(P)\nconstraint: exists x: p(x)", solutions=3),
    case(
        "generator_after_a_statement", "type P = {a, b}\nvar n(P): 1..3\nconstraint: n(x) >= 2 for x in P", solutions=4
    ),
    case(
        "later_binder_speaks_of_earlier",
        "var x: 0..9\nconstraint: x == count(i for i in 1..3, j in i + 1..4)",
        # 3 + 2 + 1
        solutions=1,
        each={"x": "6"},
    ),
    case(
        "variables_of_one_name",
        "var x: 1..3\nconstraint: (exists z in 1..2: z == x) and (exists z in 2..3: z == x)",
        solutions=1,
    ),
    case("if_then_without_else", "pred p, q\nconstraint: if p then q", solutions=3),
    case("two_formulas_in_one_statement", "var x: 1..5\nconstraint: x > 1, x < 4", solutions=2),
    case("or_and_xor_from_left_to_right", "pred p, q, r\nconstraint: p or q xor r", solutions=4),
    case("implies_groups_to_the_right", "pred p, q, r\nconstraint: p implies q implies r", solutions=7),
    case("at_most_one_of_many", "type P = {a, b, c, d}\npred p(P)\nconstraint: at_most 1 x in P: p(x)", solutions=5),
    case(
        "either_or_with_both_parts",
        "type P = {a, b}\ntype Day = 1..2\nvar day(P): Day distinct\nconstraint: day(a) == 1 xor day(b) == 1",
        solutions=2,
    ),
    case(
        "of_two_one_is_this_and_the_other_that",
        """
        type P = {a, b, c, d}
        var day(P): 1..4 distinct
        constraint: (day(a) == 1 and day(b) == 2) or (day(a) == 2 and day(b) == 1)
        """,
        solutions=4,
    ),
    case(
        "names_in_backquotes",
        "type `Car Make` = {`Ford F-150`, `3rd`}\nvar car: `Car Make`\nconstraint: car != `3rd`",
        solutions=1,
        each={"car": "`Ford F-150`"},
    ),
    case(
        "the_same_conjunction_in_another_order",
        "var p, q, r: bool\nconstraint: ((p and q) iff (q and p)) iff r\nconstraint: p or q",
        solutions=3,
        each={"r": "true"},
    ),
)
