"""Two programs as the same model: names, order and notation do not count, every change of meaning does."""

from __future__ import annotations

import pytest

import nsr
from nsr.datasets.models import ModelScorer, compare
from nsr.datasets.protocol import Problem, Verdict
from nsr.datasets.scorers import UnreadableGold
from nsr.results import Result, Status

GOLD = """var x0_jam: int in 0..
var x1_honey: int in 0..
constraint: x0_jam + x1_honey <= 10
constraint: x0_jam >= (2 / 5) * (x0_jam + x1_honey)
maximize 2 * x0_jam + 3 * x1_honey
"""
SAME = {
    "other names and order": """var h: int in 0..
var j: int in 0..
constraint: 3 * j >= 2 * h
constraint: h <= 10 - j
maximize 3 * h + 2 * j
""",
    "a function": """type Kind = {jam, honey}
param price(Kind): int = {jam: 2, honey: 3}
var jars(Kind): int in 0..10
constraint: sum(jars(k) for k in Kind) <= 10
constraint: jars(jam) >= 0.4 * sum(jars(k) for k in Kind)
maximize sum(price(k) * jars(k) for k in Kind)
""",
    "down for up": """var honey: int in 0..
var jam: int in 0..
constraint: jam + honey <= 10
constraint: jam >= 0.4 * (jam + honey)
minimize -2 * jam - 3 * honey
""",
}
CHANGES = [
    ("<= 10", "<= 11"),
    ("<= 10", "< 10"),
    (">= (2 / 5)", ">= (1 / 2)"),
    ("2 * x0_jam + 3", "2 * x0_jam + 4"),
    ("maximize", "minimize"),
    ("x0_jam: int in 0..", "x0_jam: int in 0..6"),
    ("x0_jam: int in 0..", "x0_jam: int in 5.."),
]


@pytest.mark.parametrize("name", SAME)
def test_the_same_model(name: str) -> None:
    assert compare(nsr.parse(SAME[name]), nsr.parse(GOLD)).verdict is True


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_another_model(old: str, new: str) -> None:
    changed = GOLD.replace(old, new)
    assert changed != GOLD
    found = compare(nsr.parse(changed), nsr.parse(GOLD))
    assert found.verdict is False
    assert found.detail


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (GOLD + "var helping: int in 0..\n", "3 unknowns, 2 in the gold model"),
        (GOLD.replace("maximize 2 * x0_jam + 3 * x1_honey", "find one"), "one objective"),
        ("type K = 1..9\nvar f(K): int in 0..\nmaximize -f(1)\n", "9 unknowns"),
        ("var b: bool\nvar x: int in 0..1\nmaximize x\n", "no numbers"),
    ],
)
def test_what_cannot_be_matched_says_why(source: str, why: str) -> None:
    found = compare(nsr.parse(source), nsr.parse(GOLD))
    assert found.verdict is None
    assert why in found.detail


def test_integers_are_no_real_numbers() -> None:
    assert compare(nsr.parse(GOLD.replace(": int", ": real")), nsr.parse(GOLD)).verdict is False


def scored(source: str, gold: object = None) -> Verdict:
    model = {"int": GOLD, "real": GOLD.replace(": int", ": real")} if gold is None else gold
    problem = Problem(id="a", position=1, gold={"model": model})
    return ModelScorer().score(problem, nsr.run(source).model_copy(update={"program": source})).verdict


def test_answers_are_scored_by_their_programs_and_else_by_their_optimum() -> None:
    assert scored(SAME["a function"]) is Verdict.RIGHT
    assert scored(GOLD.replace(": int", ": real")) is Verdict.RIGHT, "the formulation leaves open what the unknowns are"
    assert scored(GOLD.replace("<= 10", "<= 11")) is Verdict.WRONG
    helped = GOLD.replace("maximize", "var t: int in 0..\nconstraint: t == x0_jam\nmaximize")
    assert scored(helped) is Verdict.RIGHT, "the optimum is the same"
    assert scored(helped.replace("<= 10", "<= 20")) is Verdict.WRONG
    abstained = Result(status=Status.ABSTAINED, reason="no draft")
    problem = Problem(id="a", position=1, gold={"model": {"int": GOLD, "real": GOLD}})
    assert ModelScorer().score(problem, abstained).verdict is Verdict.ABSTAINED
    with pytest.raises(UnreadableGold):
        scored(GOLD, {"int": "var"})
