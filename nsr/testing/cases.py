# ruff: noqa: E501 - short programs are read best on one line
"""Conformance cases as data: a program, and what is known of its solutions without any of our own code.

One part puts every kind of atom into every position of a formula and counts solutions with a Python function beside
it; the other is written by hand, with numbers that can be found on paper. A fixed bug leaves a case named after the
symptom. The parser, the checker, the evaluator and every back end are held to all of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, prod
from textwrap import dedent
from typing import Any

__all__ = ["ATOM_CASES", "CASES", "WRITTEN_CASES", "Case"]


@dataclass(frozen=True, slots=True)
class Case:
    """A program and what holds of it; what is not known is None.

    `solutions` counts the structures in which the requirements of the first question hold, `answers` those that
    differ in what its `find` names. `each` are cells that have that value in every solution of the first question,
    written as in the language. `chosen` has the right option of each `choose`, None if not exactly one is right.
    """

    name: str
    program: str
    solutions: int | None = None
    answers: int | None = None
    each: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[str | None, ...] = ()


# Atoms in positions

_DAYS = ("mon", "tue", "wed")
_VALUES: dict[str, tuple[Any, ...]] = {
    "x": (0, 1, 2, 3),
    "y": (0, 1, 2, 3),
    "day": (1, 2, 3),
    "pet": ("cat", "dog", None),
    "b": (False, True),
}
_DECLARED = {
    "x": "var x: D",
    "y": "var y: D",
    "day": "var day: Day",
    "pet": "var pet: Pet optional",
    "b": "var b: bool",
}
_TYPES = """\
type D = 0..3
type Day = [mon, tue, wed]
type Pet = {cat, dog}
param cost(D): int = [5, 2, 7, 2]
"""
_COST = (5, 2, 7, 2)


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


# Text, unknowns, and when it is true; an undefined atom is false, so the functions say when it is defined.
_ATOMS: tuple[tuple[str, str, Callable[..., bool]], ...] = (
    ("x == y", "x y", lambda x, y: x == y),
    ("x != y", "x y", lambda x, y: x != y),
    ("x < y", "x y", lambda x, y: x < y),
    ("x >= y", "x y", lambda x, y: x >= y),
    ("x < y < 3", "x y", lambda x, y: x < y < 3),
    ("3 > x == y", "x y", lambda x, y: 3 > x == y),
    ("x + 1 == y", "x y", lambda x, y: x + 1 == y),
    ("x - y == -2", "x y", lambda x, y: x - y == -2),
    ("2 * x - y <= 1", "x y", lambda x, y: 2 * x - y <= 1),
    ("abs(x - y) == 1", "x y", lambda x, y: abs(x - y) == 1),
    ("x * y == 2", "x y", lambda x, y: x * y == 2),
    ("x // y == 1", "x y", lambda x, y: y != 0 and x // y == 1),
    ("x // y != 1", "x y", lambda x, y: not (y != 0 and x // y == 1)),
    ("x % y == 1", "x y", lambda x, y: y != 0 and x % y == 1),
    ("(x - 3) // 2 == -y", "x y", lambda x, y: (x - 3) // 2 == -y),
    ("(x - 3) % 2 == y", "x y", lambda x, y: (x - 3) % 2 == y),
    ("x / y == 0.5", "x y", lambda x, y: y != 0 and 2 * x == y),
    ("x / y < 1", "x y", lambda x, y: y != 0 and x < y),
    ("x / 2 + y / 2 == 1.5", "x y", lambda x, y: x + y == 3),
    ("x ** 2 == y + 1", "x y", lambda x, y: x**2 == y + 1),
    ("2 ** x == y + 1", "x y", lambda x, y: 2**x == y + 1),
    ("x ** y == 1", "x y", lambda x, y: x**y == 1),
    ("round(x / 2) == y", "x y", lambda x, y: _half_up(Fraction(x, 2)) == y),
    ("floor(x / 2) == y", "x y", lambda x, y: x // 2 == y),
    ("ceil(x / 2) == y", "x y", lambda x, y: ceil(x / 2) == y),
    ("min(x, y) == 1", "x y", lambda x, y: min(x, y) == 1),
    ("max(x, y, 2) == 2", "x y", lambda x, y: max(x, y, 2) == 2),
    ("cost(x) == cost(y)", "x y", lambda x, y: _COST[x] == _COST[y]),
    ("cost(x + 1) > 2", "x", lambda x: x < 3 and _COST[x + 1] > 2),
    ("cost(x - y) == 2", "x y", lambda x, y: x >= y and _COST[x - y] == 2),
    ("cost(x + 1) != 2", "x", lambda x: not (x < 3 and _COST[x + 1] == 2)),
    ("x in {0, y}", "x y", lambda x, y: x in (0, y)),
    ("x not in {0, y}", "x y", lambda x, y: x not in (0, y)),
    ("x in 1..y", "x y", lambda x, y: 1 <= x <= y),
    ("x / 2 in D", "x", lambda x: x % 2 == 0),
    ("x in {z for z in D if z > y}", "x y", lambda x, y: x > y),
    ("x // y in D", "x y", lambda x, y: y != 0),
    ("(x, y) == (1, 2)", "x y", lambda x, y: (x, y) == (1, 2)),
    ("(x, y) != (1, 2)", "x y", lambda x, y: (x, y) != (1, 2)),
    ("(x, y) in {(1, 2), (3, 3), (0, 1)}", "x y", lambda x, y: (x, y) in ((1, 2), (3, 3), (0, 1))),
    ("distinct(x, y, 2)", "x y", lambda x, y: len({x, y, 2}) == 3),
    ("distinct(x // y, 1)", "x y", lambda x, y: y == 0 or x // y != 1),
    ("distinct(z * x for z in 1..y)", "x y", lambda x, y: x != 0 or y < 2),
    ("day == mon", "day", lambda day: day == 1),
    ("day < wed", "day", lambda day: day < 3),
    ("day + 1 == tue", "day", lambda day: day == 1),
    ("day != mon - 1", "day", lambda day: True),
    ("pos(day) == x", "day x", lambda day, x: day == x),
    ("abs(day - tue) == x", "day x", lambda day, x: abs(day - 2) == x),
    ("day in tue..wed", "day", lambda day: day >= 2),
    ("max(day, tue) == tue", "day", lambda day: day <= 2),
    ("pet == none", "pet", lambda pet: pet is None),
    ("pet != cat", "pet", lambda pet: pet != "cat"),
    ("pet in Pet", "pet", lambda pet: pet is not None),
    ("pet in {cat, dog}", "pet", lambda pet: pet is not None),
    ("b", "b", lambda b: b),
    ("b == (x == y)", "b x y", lambda b, x, y: b == (x == y)),
    ("b != (x < 2)", "b x", lambda b, x: b != (x < 2)),
    ("b + x == 2", "b x", lambda b, x: b + x == 2),
    ("2 * b >= x", "b x", lambda b, x: 2 * b >= x),
    ("(if x > 1 then y else x) == 1", "x y", lambda x, y: (y if x > 1 else x) == 1),
    ("(if y == 0 then 1 else x // y) == 1", "x y", lambda x, y: y == 0 or x // y == 1),
    ("(if b then mon else day) == day", "b day", lambda b, day: not b or day == 1),
    ("exists z in D: x < z and z < y", "x y", lambda x, y: any(x < z < y for z in range(4))),
    ("forall z in D if z < x: z < y", "x y", lambda x, y: all(z < y for z in range(x))),
    ("forall z in 1..x: z != y", "x y", lambda x, y: all(z != y for z in range(1, x + 1))),
    ("exists z in {x, 2}: z > y", "x y", lambda x, y: x > y or y < 2),
    ("exactly 1 z in D: z >= x", "x", lambda x: x == 3),
    ("at_least 2 z in D if z != y: z >= x", "x y", lambda x, y: sum(z >= x for z in range(4) if z != y) >= 2),
    ("at_most x z in D: z > y", "x y", lambda x, y: 3 - y <= x),
    ("exactly 1 of (x == 1, y == 1, x == y)", "x y", lambda x, y: (x == 1) + (y == 1) + (x == y) == 1),
    ("at_least 2 of (x == 1, y == 1, x == y)", "x y", lambda x, y: (x == 1) + (y == 1) + (x == y) >= 2),
    ("at_most 1 of (x // y == 1, x == y)", "x y", lambda x, y: (y != 0 and x // y == 1) + (x == y) <= 1),
    ("count(z for z in D if z <= x) == y", "x y", lambda x, y: x + 1 == y),
    ("count(z // x == 1 for z in D) == y", "x y", lambda x, y: sum(x != 0 and z // x == 1 for z in range(4)) == y),
    ("sum(z for z in D if z < x) == y", "x y", lambda x, y: sum(range(x)) == y),
    ("sum(z // x for z in D) == 6", "x", lambda x: x == 1),
    (
        "sum(z // x for z in D if x != 0) == y",
        "x y",
        lambda x, y: (0 if x == 0 else sum(z // x for z in range(4))) == y,
    ),
    ("sum(z == x for z in 1..3) == y", "x y", lambda x, y: (x >= 1) == y),
    ("prod(z for z in 1..x) == y", "x y", lambda x, y: prod(range(1, x + 1)) == y),
    ("max(z for z in D if z < x) == y", "x y", lambda x, y: x > 0 and x - 1 == y),
    ("min(z for z in D if z > x) != y", "x y", lambda x, y: not (x < 3 and x + 1 == y)),
    ("any(z == x for z in 2..3)", "x", lambda x: x in (2, 3)),
    ("all(z <= x for z in 0..y)", "x y", lambda x, y: y <= x),
    ("len({x, y, 1}) == 2", "x y", lambda x, y: len({x, y, 1}) == 2),
    ("len({cost(z) for z in 0..x}) == y", "x y", lambda x, y: len({_COST[z] for z in range(x + 1)}) == y),
)

# Text around an atom, the unknowns that it brings in, and its truth given that of the atom.
_POSITIONS: tuple[tuple[str, str, str, Callable[[bool, dict[str, Any]], bool]], ...] = (
    ("top", "{}", "", lambda a, e: a),
    ("negated", "not ({})", "", lambda a, e: not a),
    ("under_or", "({}) or y == 3", "y", lambda a, e: a or e["y"] == 3),
    ("condition", "({}) implies y == 1", "y", lambda a, e: not a or e["y"] == 1),
    ("under_iff", "({}) iff y <= 1", "y", lambda a, e: a == (e["y"] <= 1)),
    ("under_xor", "y == 2 xor ({})", "y", lambda a, e: a != (e["y"] == 2)),
    ("in_sum", "count(k for k in 1..2 if ({})) + y == 3", "y", lambda a, e: 2 * a + e["y"] == 3),
    ("in_filter", "forall k in D if ({}): k != y", "y", lambda a, e: not a),
    ("in_choice", "y == (if ({}) then 1 else 2)", "y", lambda a, e: e["y"] == (1 if a else 2)),
    ("under_exists", "exists k in 1..2: k == y and ({})", "y", lambda a, e: a and e["y"] in (1, 2)),
)


def _atom_cases() -> Iterator[Case]:
    for number, (text, used, is_true) in enumerate(_ATOMS):
        for position, around, brought, whole in _POSITIONS:
            names = list(dict.fromkeys(used.split() + brought.split()))
            worlds = [dict(zip(names, w, strict=True)) for w in itertools.product(*(_VALUES[n] for n in names))]
            count = sum(whole(is_true(**{n: w[n] for n in used.split()}), w) for w in worlds)
            declared = "".join(_DECLARED[n] + "\n" for n in names)
            program = f"{_TYPES}{declared}constraint: {around.format(text)}\nfind all\n"
            yield Case(f"atom_{number:02}_{position}", program, solutions=count)


ATOM_CASES = tuple(_atom_cases())


# Written by hand


def _case(name: str, program: str, **known: Any) -> Case:
    return Case(name, dedent(program).strip() + "\n", **known)


_PUZZLE = """
    type Stall = 1..5
    type Goods = {apples, books, cheese, dolls, eggs}
    var stall(Goods): Stall distinct
    constraint apart "Cheese is never next to the books.": abs(stall(cheese) - stall(books)) != 1
    constraint "The dolls come somewhere after the eggs.": stall(eggs) < stall(dolls)
    constraint "The apples are first or last.": stall(apples) in {1, 5}
"""


def _choice(mode: str) -> str:
    options = """
        option A: stall(eggs) == 3
        option B: stall(cheese) == 4
        option C: stall(eggs) < stall(cheese)
        option D: stall(apples) == 3
        option E: stall(books) == 2
    """
    head = dedent(_PUZZLE) + "assume: stall(books) == 2\n"
    return head + f"choose {mode}\n" + dedent(options)


WRITTEN_CASES: tuple[Case, ...] = (
    _case("nothing_at_all", "find one", solutions=1),
    _case("one_truth_value", "var b: bool\nfind all", solutions=2),
    _case("no_solution", "var b: bool\nconstraint: b and not b", solutions=0),
    _case("false_requirement_without_unknowns", "constraint: 1 == 2", solutions=0),
    _case("true_requirement_without_unknowns", "constraint: 1 + 1 == 2", solutions=1),
    _case(
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
    _case(
        "distinct_function",
        "type P = {a, b, c}\nvar seat(P): 1..3 distinct",
        solutions=6,
    ),
    _case("distinct_function_into_more", "type P = {a, b}\nvar seat(P): 1..4 distinct", solutions=12),
    _case("distinct_function_into_fewer", "type P = {a, b, c}\nvar seat(P): 1..2 distinct", solutions=0),
    _case(
        "distinct_leaves_none_apart",
        "type P = {a, b, c}\nvar seat(P): 1..2 distinct optional",
        # All without: 1; one seated: 3 * 2; two seated: 3 pairs * 2 ways; three cannot be.
        solutions=13,
    ),
    _case("names_declared_together_differ", "var a, b, c: 1..3 distinct", solutions=6),
    _case("names_declared_apart_may_agree", "var a: 1..3 distinct\nvar b: 1..3 distinct", solutions=9),
    _case("distinct_over_two_arguments", "type P = {a, b}\nvar f(P, P): 1..4 distinct", solutions=24),
    _case("predicate", "type P = {a, b, c}\npred p(P)\nconstraint: exactly 2 x in P: p(x)", solutions=3),
    _case(
        "predicate_of_two",
        "type P = {a, b}\npred p(P, P)\nconstraint: forall x, y in P: p(x, y) iff p(y, x)",
        solutions=8,
    ),
    _case("proposition", "pred rain, wet\nconstraint: rain implies wet", solutions=3),
    _case(
        "membership_in_predicate",
        "type P = {a, b, c}\npred p(P)\nconstraint: a in p and b not in p",
        solutions=2,
    ),
    _case(
        "going_over_pairs_of_a_predicate",
        "type P = {a, b}\npred p(P, P)\nconstraint: forall (i, j) in p: i != j\nconstraint: exists (i, j) in p: true",
        solutions=3,
    ),
    _case(
        "relation_with_a_table",
        "type P = {a, b, c, d}\nrel woman(P) = {a, c}\nvar boss: P\nconstraint: woman(boss) and boss != a",
        solutions=1,
        each={"boss": "c"},
    ),
    _case(
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
    _case(
        "going_over_a_relation",
        """
        type P = {a, b, c}
        rel road(P, P) = {(a, b), (b, c)}
        var h(P): 1..3
        constraint: forall (i, j) in road: h(i) < h(j)
        """,
        solutions=1,
    ),
    _case("constant", "type P = {a, b, c}\nconst k: P\nconstraint: k != a", solutions=2),
    _case(
        "table_by_key",
        "type P = {a, b}\nparam n(P): int = {a: 1, b: 2}\nvar x: P\nconstraint: n(x) == 2",
        each={"x": "b"},
        solutions=1,
    ),
    _case(
        "table_positional",
        "type P = {a, b}\nparam n(P): int = [1, 2]\nvar x: P\nconstraint: n(x) == 2",
        each={"x": "b"},
        solutions=1,
    ),
    _case(
        "table_nested",
        "type P = {a, b}\nparam n(P, P): int = {a: {a: 1, b: 2}, b: {a: 3, b: 4}}\nvar x, y: P\nconstraint: n(x, y) == 3",
        solutions=1,
        each={"x": "b", "y": "a"},
    ),
    _case(
        "table_by_tuple_with_else",
        "type P = {a, b}\nparam n(P, P): int = {(a, b): 5} else 0\nvar x, y: P\nconstraint: n(x, y) == 0",
        solutions=3,
    ),
    _case(
        "table_nested_lists",
        "type P = {a, b}\nparam n(P, P): int = [[1, 2], [3, 4]]\nvar x, y: P\nconstraint: n(x, y) >= 3",
        solutions=2,
    ),
    _case(
        "table_symmetric",
        "type P = {a, b, c}\nparam n(P, P): int = {a: {b: 3, c: 4}, b: {c: 5}} symmetric else 0\nvar x, y: P\nconstraint: n(x, y) == 4",
        solutions=2,
    ),
    _case(
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
    _case(
        "decimals_are_exact",
        "type P = {a, b, c}\nparam w(P): real = {a: 0.1, b: 0.2, c: 0.3}\nvar x: P\nconstraint: w(x) == w(a) + w(b)",
        solutions=1,
        each={"x": "c"},
    ),
    _case(
        "elements_that_are_numbers_go_by_value",
        "type Year = [1990, 1994, 1998]\ntype P = {a, b}\nvar year(P): Year distinct\nconstraint: year(a) == year(b) + 4",
        solutions=2,
    ),
    _case(
        "elements_that_are_decimals",
        "type Price = {4.50, 5.25, 6}\nvar p, q: Price\nconstraint: p + q == 10.5",
        # 4.5 + 6 either way, 5.25 + 5.25
        solutions=3,
    ),
    _case(
        "a_number_that_is_no_element_as_argument",
        "type Year = [1990, 1994, 1998]\npred won(Year)\nvar y: Year\nconstraint: won(y + 4)\nconstraint: not won(1998)",
        # y = 1990 and won(1994): won(1990) is free.
        solutions=2,
    ),
    _case(
        "shifted_element_compared_is_never_undefined",
        "type Day = [mon, tue, wed]\nvar x, y: Day\nconstraint: x != y + 1",
        solutions=7,
    ),
    _case(
        "shifted_element_as_argument_may_fall_outside",
        "type Day = [mon, tue, wed]\npred open_(Day)\nvar x: Day\nconstraint: open_(x + 1)",
        # x = mon or tue, and the next day is open: 2 * 4.
        solutions=8,
    ),
    _case(
        "not_of_outside_is_true",
        "type Day = [mon, tue, wed]\npred open_(Day)\nvar x: Day\nconstraint: not open_(x + 1)",
        solutions=16,
    ),
    _case(
        "undefined_truth_value_equals_neither",
        "type Day = 1..2\npred on(Day)\nvar x: Day\nconstraint: on(x + 1) == false",
        # x = 2 is outside: false. x = 1: on(2) is false, on(1) free.
        solutions=2,
    ),
    _case(
        "undefined_truth_value_counts_nothing",
        "type Day = 1..2\npred on(Day)\nconstraint: count(on(d + 1) for d in Day) == 0",
        solutions=2,
    ),
    _case(
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
    _case(
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
    _case(
        "none_is_no_argument",
        "type P = {a, b}\nvar friend(P): P optional\npred rich(P)\nconstraint: forall x in P: rich(friend(x))",
        # Both have a friend, and those are rich. Same friend twice (2 ways): the other is free. Different (2 ways): both.
        solutions=6,
    ),
    _case(
        "none_has_no_order",
        "type Day = [mon, tue]\nvar d: Day optional\nconstraint: not (d < tue) and not (d >= tue)",
        solutions=1,
        each={"d": "none"},
    ),
    _case("none_equals_none", "var x, y: 1..2 optional\nconstraint: x == y", solutions=3),
    _case("none_cannot_be_reckoned_with", "var x: 1..2 optional\nconstraint: x + 1 != 2", solutions=2),
    _case(
        "functions_nested",
        "type P = {a, b}\nvar f(P): P\nconstraint: forall x in P: f(f(x)) == x",
        solutions=2,
    ),
    _case(
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
    _case(
        "definition_of_a_number_used_in_arithmetic",
        "var x, y: 0..3\ndefine total = x + y\ndefine twice(n: int) = 2 * n\nconstraint: twice(total) == 6",
        solutions=4,
    ),
    _case(
        "definition_of_an_element",
        "type D = [a, b, c]\nvar x: D\ndefine next_ : D = x + 1\nconstraint: next_ == c",
        solutions=1,
        each={"x": "b"},
    ),
    _case(
        "definition_outside_its_type",
        "type D = [a, b, c]\nvar x: D\ndefine next_(d: D): D = d + 1\nconstraint: next_(next_(x)) == c",
        solutions=1,
        each={"x": "a"},
    ),
    _case(
        "bound_that_depends_on_arguments",
        "param cap(1..2): int = [1, 2]\nvar n(i: 1..2): int in 0..cap(i)",
        solutions=6,
    ),
    _case("bounds_of_a_number", "var n: int > 0 <= 9\nconstraint: n % 4 == 3", solutions=2),
    _case("range_by_a_parameter", "param n: int = 3\ntype R = 1..n + 1\nvar x: R", solutions=4),
    _case(
        "order_against_a_list",
        "type P = {a, b, c}\nvar place(P): 1..3\nconstraint: place == [2, 3, 1]",
        solutions=1,
        each={"place(a)": "2", "place(c)": "1"},
    ),
    _case(
        "order_of_places_against_a_list",
        "type P = {a, b, c}\nvar at(1..3): P\nconstraint: at != [a, b, c]",
        solutions=26,
    ),
    _case(
        "table_against_a_function",
        "type P = {a, b}\nvar n(P): 1..2\nconstraint: n == {b: 1, a: 2}",
        each={"n(a)": "2"},
        solutions=1,
    ),
    _case(
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
    _case(
        "same_element_in_two_types_in_a_set",
        "type A = {k, l}\ntype B = {k, m}\nvar x: A\nvar y: B\nconstraint: x in {k} and y not in {k}",
        solutions=1,
    ),
    _case(
        "bound_variable_hides_an_element",
        "type P = {a, b}\npred p(P)\nconstraint: forall a in P: p(a)",
        solutions=1,
    ),
    _case("type_of_a_variable_from_its_use", "type P = {a, b}\npred p(P)\nconstraint: exists x: p(x)", solutions=3),
    _case(
        "generator_after_a_statement", "type P = {a, b}\nvar n(P): 1..3\nconstraint: n(x) >= 2 for x in P", solutions=4
    ),
    _case(
        "later_binder_speaks_of_earlier",
        "var x: 0..9\nconstraint: x == count(i for i in 1..3, j in i + 1..4)",
        # 3 + 2 + 1
        solutions=1,
        each={"x": "6"},
    ),
    _case(
        "variables_of_one_name",
        "var x: 1..3\nconstraint: (exists z in 1..2: z == x) and (exists z in 2..3: z == x)",
        solutions=1,
    ),
    _case("if_then_without_else", "pred p, q\nconstraint: if p then q", solutions=3),
    _case("two_formulas_in_one_statement", "var x: 1..5\nconstraint: x > 1, x < 4", solutions=2),
    _case("or_and_xor_from_left_to_right", "pred p, q, r\nconstraint: p or q xor r", solutions=4),
    _case("implies_groups_to_the_right", "pred p, q, r\nconstraint: p implies q implies r", solutions=7),
    _case("at_most_one_of_many", "type P = {a, b, c, d}\npred p(P)\nconstraint: at_most 1 x in P: p(x)", solutions=5),
    _case(
        "either_or_with_both_parts",
        "type P = {a, b}\ntype Day = 1..2\nvar day(P): Day distinct\nconstraint: day(a) == 1 xor day(b) == 1",
        solutions=2,
    ),
    _case(
        "of_two_one_is_this_and_the_other_that",
        """
        type P = {a, b, c, d}
        var day(P): 1..4 distinct
        constraint: (day(a) == 1 and day(b) == 2) or (day(a) == 2 and day(b) == 1)
        """,
        solutions=4,
    ),
    _case("find_goes_by_the_terms_named", "var x, y: 1..3\nconstraint: x < y\nfind all x", solutions=3, answers=2),
    _case("find_of_a_definition", "var x, y: 1..3\ndefine s = x + y\nfind all s", solutions=9, answers=5),
    _case("find_of_calls", "type P = {a, b}\nvar n(P): 1..3\nfind all n(a)", solutions=9, answers=3),
    _case("find_some", "var x: 1..5\nfind 3", solutions=5, answers=3),
    _case(
        "assume_belongs_to_its_question",
        "var x: 1..4\nquestion q1\nassume: x > 2\nfind all\nquestion q2\nfind all",
        solutions=2,
        answers=2,
    ),
    _case(
        "drop_in_a_question",
        "var x: 1..4\nconstraint low: x < 3\nquestion q1\ndrop low\nfind all\nquestion q2\nfind all",
        solutions=4,
        answers=4,
    ),
    _case("drop_everywhere", "var x: 1..4\nconstraint low: x < 3\ndrop low\nfind all", solutions=4),
    _case("choose_could", _choice("could"), chosen=(None,)),
    _case("choose_must", _choice("must").replace("option E: stall(books) == 2", ""), chosen=("C",)),
    _case("choose_cannot", _choice("cannot").replace("option D: stall(apples) == 3", ""), chosen=(None,)),
    _case("choose_must_except_none_or_several", _choice("must except"), chosen=(None,)),
    _case(
        "choose_in_every_mode",
        """
        type P = {a, b, c}
        var place(P): 1..3 distinct
        constraint: place(a) < place(b)
        question could
        choose could
        option A: place(a) == 3
        option B: place(b) == 2
        option C: place(b) == 1
        question must "Which must be true?"
        choose must
        option A: place(a) == 1
        option B: place(b) != 1
        question cannot
        choose cannot
        option 1: place(a) == 2
        option 2: place(b) == 1
        question could_except
        choose could except
        option A: place(c) == 1
        option B: place(b) == 1
        option C: place(c) == 3
        question must_except
        choose must except
        option A: place(a) != 3
        option B: place(c) != 3
        option C: place(b) != 1
        question cannot_except
        choose cannot except
        option A: place(a) == 3
        option B: place(c) == 2
        option C: place(b) == 1
        """.replace("question could\n", "question `could it be`\n")
        .replace("question must ", "question `must it be` ")
        .replace("question cannot\n", "question `cannot be`\n"),
        chosen=("B", "B", "2", "B", "B", "B"),
    ),
    _case(
        "must_without_worlds_is_nothing",
        "var x: 1..2\nconstraint: x > 2\nchoose must\noption A: x == 1\noption B: x == 2",
        chosen=(None,),
        solutions=0,
    ),
    _case(
        "list_of_an_order_as_option",
        """
        type P = {a, b, c}
        var order(1..3): P distinct
        constraint: order(1) != a
        choose could
        option A: order == [a, b, c]
        option B: order == [b, a, c]
        option C: order == [b, b, c]
        """,
        chosen=("B",),
    ),
    _case(
        "names_in_backquotes",
        "type `Car Make` = {`Ford F-150`, `3rd`}\nvar car: `Car Make`\nconstraint: car != `3rd`",
        solutions=1,
        each={"car": "`Ford F-150`"},
    ),
)

CASES = (*WRITTEN_CASES, *ATOM_CASES)
