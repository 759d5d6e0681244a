"""`nsr formulate` and `nsr export`: programs out, checked, in the notation that is wanted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Nsr = Callable[..., Any]
Write = Callable[[str, str | bytes], Path]
Problem = Callable[[str], str]

GRID = """type Name = {ann, bo}
var age(Name): 1..9
constraint: age(ann) * age(ann) == 49
constraint c1: age(bo) == age(ann) + 1
find unique age
"""
BROKEN = GRID.replace("age(bo)", "age(cy)")
BEST = "var x, y: 0..9\nconstraint: x + y >= 4\nminimize cost: 2 * x + y\n"


def test_the_program_is_shown_and_not_solved(
    nsr: Nsr, problem: Problem, scripted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nsr.engine.engine import Engine

    def no(*_: object, **__: object) -> None:
        raise AssertionError("solved")

    monkeypatch.setattr(Engine, "arun", no)
    ran = nsr("formulate", "-", "--model", scripted, stdin=problem(GRID).encode())
    assert ran.code == 0, ran.err
    assert "constraint c1: age(bo) == age(ann) + 1" in ran.out
    assert ran.out.count("find unique age") == 1


def test_a_program_with_errors_is_shown_with_them(nsr: Nsr, problem: Problem, scripted: str) -> None:
    ran = nsr("formulate", "-", "--model", scripted, "--rounds", "1", stdin=problem(BROKEN).encode())
    assert ran.code == 2
    assert "age(cy)" in ran.out
    assert "error[" in ran.err
    assert "cy" in ran.err
    told = nsr("formulate", "-", "--model", scripted, "--rounds", "1", "--json", stdin=problem(BROKEN).encode())
    assert told.code == 2
    assert [r["number"] for r in told.json["rounds"]] == [1, 2]
    assert told.json["diagnostics"][0]["severity"] == "error"
    assert told.json["text"] is None


def test_no_program_at_all(nsr: Nsr, scripted: str) -> None:
    assert nsr("formulate", "-", "--model", scripted, stdin=b"").code == 3
    ran = nsr("formulate", "-", "--model", scripted, "--rounds", "0", stdin=b"Nothing is marked here.")
    assert ran.code == 3
    assert "abstained" in ran.err


def test_other_notations_and_a_file(nsr: Nsr, problem: Problem, scripted: str, tmp_path: Path) -> None:
    out = tmp_path / "grid.smt2"
    text = problem(GRID).encode()
    ran = nsr("formulate", "-", "--model", scripted, "--format", "smt2", "-o", out, stdin=text)
    assert ran.code == 0, ran.err
    assert ran.out == ""
    assert "(check-sat)" in out.read_text(encoding="utf-8")
    shown = nsr("formulate", "-", "--model", scripted, "--format", "python", stdin=text)
    assert "import z3" in shown.out


def test_the_answer_too(nsr: Nsr, problem: Problem, scripted: str) -> None:
    ran = nsr("formulate", "-", "--model", scripted, "--solve", stdin=problem(BEST).encode())
    assert ran.code == 0, ran.err
    assert "minimize cost" in ran.out
    assert "optimal" in ran.out
    none = problem(GRID.replace("49", "50")).encode()
    told = nsr("formulate", "-", "--model", scripted, "--solve", "--json", stdin=none)
    assert told.code == 4
    assert told.json["result"]["status"] == "no_solution"
    assert told.json["program"]


def test_an_unknown_format(nsr: Nsr, write: Write) -> None:
    for command in ("formulate", "export"):
        ran = nsr(command, write("x.nsr", GRID), "--format", "latin")
        assert ran.code == 2
        assert "smt2" in ran.err


# export


@pytest.mark.parametrize(
    ("to", "words"), [("dsl", "find unique age"), ("smt2", "(check-sat)"), ("python", "import z3")]
)
def test_export(nsr: Nsr, write: Write, tmp_path: Path, to: str, words: str) -> None:
    path = write("grid.nsr", GRID)
    ran = nsr("export", path, "--format", to)
    assert ran.code == 0, ran.err
    assert words in ran.out
    out = tmp_path / "out"
    assert nsr("export", path, "--format", to, "-o", out).code == 0
    assert out.read_text(encoding="utf-8").rstrip("\n") == ran.out.rstrip("\n")


def test_export_of_one_of_several_questions(nsr: Nsr, write: Write) -> None:
    path = write("two.nsr", "var x: 0..9\nquestion a\nprove: x > 3\nquestion b\nprove: x > 4\n")
    assert "|x|) 4" not in nsr("export", path, "--format", "smt2").out
    for name in ("b", "2"):
        assert "(< 4 |x|)" in nsr("export", path, "--format", "smt2", "--question", name).out
    ran = nsr("export", path, "--format", "smt2", "--question", "c")
    assert ran.code == 2
    assert "a, b" in ran.err


def test_what_a_format_cannot_say(nsr: Nsr, write: Write) -> None:
    ran = nsr("export", write("m.nsr", "var x: 0..3\nprove: possible(x == 1)\n"), "--format", "smt2")
    assert ran.code == 2
    assert "SMT-LIB 2 has no way to say this: statements about all worlds" in ran.err
    assert ran.out == ""


def test_export_of_a_program_with_errors(nsr: Nsr, write: Write) -> None:
    ran = nsr("export", write("bad.nsr", BROKEN), "--format", "dsl")
    assert ran.code == 2
    assert "error[" in ran.err


def test_a_file_that_cannot_be_written(nsr: Nsr, write: Write, tmp_path: Path) -> None:
    ran = nsr("export", write("grid.nsr", GRID), "--format", "dsl", "-o", tmp_path / "none" / "x")
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_the_json_of_a_formulation(nsr: Nsr, problem: Problem, scripted: str) -> None:
    ran = nsr("formulate", "-", "--model", scripted, "--json", stdin=problem(BEST).encode())
    assert set(json.loads(ran.out)) == {
        "program", "format", "text", "reason", "diagnostics", "rounds", "usage", "seconds", "result",
    }  # fmt: skip
    assert ran.json["result"] is None
