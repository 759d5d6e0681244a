"""A definition that gives a set, called where its argument may fall outside the type: the atom around it is false."""

from __future__ import annotations

import pytest

from nsr.engine.checking import parse_program
from nsr.language.enumerate import solutions
from nsr.language.ir import Program
from nsr.limits import Budget
from nsr.reformulations.definitions_to_bodies import DEFINITIONS_TO_BODIES
from nsr.reformulations.sets_to_memberships import SETS_TO_MEMBERSHIPS

DECLARED = """
type P = {a, b}
type B = 1..3
var at(P): B
define team(k: B) = {p for p in P if at(p) == k}
"""


def _count(program: Program) -> int:
    return len(list(solutions(program, program.questions[0])))


@pytest.mark.parametrize(
    "formula",
    [
        "team(at(a) + 1) == {}",
        "not team(at(a) + 1) == {}",
        "team(at(a) + 1) <= {b}",
        "not team(at(a) + 1) <= {b}",
        "{a} <= team(at(b) + 1)",
        "len(team(at(a) + 1)) == 0",
        "len(team(at(a) + 1)) != 1",
        "b in team(at(a) + 1)",
        "b not in team(at(a) + 1)",
        "(team(at(a) + 1) | {a}) == {a}",
        "not (team(at(a) + 1) | {a}) == {a}",
        "team(at(a)) == team(at(b) + 1)",
        "count(p for p in team(at(a) + 1)) == 0",
        "forall p in team(at(a) + 1): p == a",
    ],
)
def test_same_worlds_without_sets(formula: str) -> None:
    program = parse_program(f"{DECLARED}constraint: {formula}\nfind one at\n")
    without = SETS_TO_MEMBERSHIPS.rewrite(DEFINITIONS_TO_BODIES.rewrite(program, Budget()), Budget())
    assert _count(without) == _count(program) > 0
