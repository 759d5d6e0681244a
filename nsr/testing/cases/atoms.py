"""Every kind of atom in every position of a formula, its solutions counted by a Python function beside it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import ceil, floor, prod
from typing import Any

from nsr.testing.cases.case import Case

__all__ = ["ATOM_CASES"]

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
    ("abs(x - y) < 2", "x y", lambda x, y: abs(x - y) < 2),
    ("abs(x - y) <= 2", "x y", lambda x, y: abs(x - y) <= 2),
    ("2 <= abs(x - y)", "x y", lambda x, y: abs(x - y) >= 2),
    ("2 < abs(x - y)", "x y", lambda x, y: abs(x - y) > 2),
    ("abs(x - y) == 0", "x y", lambda x, y: x == y),
    ("abs(x - 2) < y", "x y", lambda x, y: abs(x - 2) < y),
    ("abs(x - y) < 1", "x y", lambda x, y: x == y),
    ("abs(x - 2) <= 1", "x", lambda x: x >= 1),
    ("min(x, y) < 2", "x y", lambda x, y: x < 2 or y < 2),
    ("round((x - 3) / 2) == -y", "x y", lambda x, y: (4 - x) // 2 == y),
    ("(x + y) * (x - y) == 3", "x y", lambda x, y: (x + y) * (x - y) == 3),
    ("(x - x + 3) // 2 == y", "x y", lambda x, y: y == 1),
    ("distinct(2 * x, 2 * y + 1)", "x y", lambda x, y: True),
    ("(x + y < 9) iff x == 1", "x y", lambda x, y: x == 1),
    ("(if x == y then 1 else if y == 3 then x else 2) == 1", "x y", lambda x, y: x == y or (x, y) == (1, 3)),
    (
        "(if x == 0 then 1 else if x == 1 then 2 else 0.5) == y / 2",
        "x y",
        lambda x, y: (2 if x == 0 else 4 if x == 1 else 1) == y,
    ),
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
