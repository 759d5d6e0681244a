"""`nsr explain-plan`: who takes a program, through what, and why not the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Nsr = Callable[..., Any]
Write = Callable[[str, str | bytes], Path]

GRID = """type House = 1..2
type Name = {ann, bo}
var house(Name): House distinct
constraint c1 "Ann is in the first house.": house(ann) == 1
find unique house
"""
REAL = "var x: real\nconstraint: x * x == 2\nfind unique\n"
OPEN = """type Thing
const a: Thing
pred p(Thing)
premise: forall x in Thing: p(x)
question q1
prove: p(a)
question q2
prove: exists x in Thing: not p(x)
"""


def test_a_tree_for_people(nsr: Nsr, write: Write) -> None:
    ran = nsr("explain-plan", write("grid.nsr", GRID))
    assert ran.code == 0, ran.err
    for words in ("find unique", "up to 2 solutions", "c1 (line 4)", "cpsat answers", "DistinctToAllDifferent"):
        assert words in ran.out
    assert "confirms" in ran.out


def test_json(nsr: Nsr, write: Write) -> None:
    ran = nsr("explain-plan", write("grid.nsr", GRID), "--json")
    (question,) = ran.json["questions"]
    (job,) = question["jobs"]
    assert job["tasks"] == ["enumerate"]
    reached = [b for b in job["backends"] if b["is_reached"]]
    assert job["answers"] == reached[0]["name"]
    assert job["confirms"] == reached[1]["name"]
    assert [b["cost"] for b in reached] == sorted(b["cost"] for b in reached)
    assert {"construct": "distinct functions", "position": "declaration"}.items() <= job["needs"][1].items()


def test_why_not(nsr: Nsr, write: Write) -> None:
    ran = nsr("explain-plan", write("real.nsr", REAL), "--json")
    assert ran.code == 0
    (job,) = ran.json["questions"][0]["jobs"]
    cpsat = next(b for b in job["backends"] if b["name"] == "cpsat")
    assert not cpsat["is_reached"]
    assert "`cpsat` does not take real numbers" in cpsat["why_not"]
    assert {"construct": "real numbers", "position": "declaration"} in cpsat["missing"]


def test_questions_and_open_types(nsr: Nsr, write: Write) -> None:
    ran = nsr("explain-plan", write("open.nsr", OPEN))
    assert ran.code == 0, ran.err
    assert "question q1: prove" in ran.out
    assert "worlds of any size" in ran.out
    assert "cannot be asked for that something holds in no world" in " ".join(ran.out.replace("│", " ").split())


def test_missing_software_is_said(nsr: Nsr, write: Write, monkeypatch: Any) -> None:
    from nsr.solvers import routing

    told = "The back end `cpsat` needs `ortools>=9.15`: pip install 'ortools>=9.15'"
    monkeypatch.setattr(routing, "availability", lambda name: told if name == "cpsat" else None)
    ran = nsr("explain-plan", write("grid.nsr", GRID), "--json")
    why = {b["name"]: b["why_not"] for b in ran.json["questions"][0]["jobs"][0]["backends"]}
    assert why["cpsat"] == told
    assert why["z3"] is None


def test_errors_of_the_program(nsr: Nsr, write: Write) -> None:
    ran = nsr("explain-plan", write("bad.nsr", "find x\n"))
    assert ran.code == 2
    assert "error[" in ran.err


def test_what_no_back_end_takes(nsr: Nsr, write: Write) -> None:
    ran = nsr("explain-plan", write("none.nsr", "var f(int): int\nconstraint: f(3) == 4\nfind one\n"))
    assert ran.code in (2, 3)
