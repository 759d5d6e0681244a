"""`nsr solve`: texts in, answers or clear reasons out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nsr.results import Result

Nsr = Callable[..., Any]
Write = Callable[[str, str | bytes], Path]
Problem = Callable[[str], str]

PUZZLE = """There are 3 houses, numbered 1 to 3 from left to right.
Each house has a different person and a different pet.
Names: Ann, Bob, Carl
Pets: cat, dog, fish

1. Ann is in the first house.
2. Bob owns the dog.
3. The fish is in the second house.
"""
ONE = """type Name = {ann, bo}
var age(Name): 1..9
constraint: age(ann) * age(ann) == 49
constraint c1: age(bo) == age(ann) + 1
find unique age
"""
TWO = ONE.replace("age(bo) ==", "age(bo) !=").replace("49", "64")
NONE = ONE.replace("49", "50")
BROKEN = ONE.replace("age(bo)", "age(cy)")
NO_CATEGORIES = "var x: int in 1..9\nconstraint: x * x == 49\nfind unique x\n"


# Without any language model


@pytest.mark.parametrize("text", ["", "   \n\t\n"])
def test_an_empty_text(nsr: Nsr, text: str) -> None:
    for ran in (nsr("solve", "-", stdin=text.encode()), nsr("solve", text)):
        assert ran.code == 3
        assert "the text is empty" in ran.out


def test_an_empty_text_as_json(nsr: Nsr) -> None:
    ran = nsr("solve", "-", "--json", stdin=b"")
    assert ran.code == 3
    result = Result.from_json(ran.out)
    assert result.status == "abstained"
    assert result.reason == "the text is empty"
    assert result.answer is None


def test_a_text_that_is_far_too_long(nsr: Nsr) -> None:
    ran = nsr("solve", "-", stdin=b"Ann is left of Bob. " * 20_000)
    assert ran.code == 3
    assert "characters" in ran.out


def test_input_beyond_all_bounds(nsr: Nsr) -> None:
    ran = nsr("solve", "-", stdin=b"x" * 10_000_001)
    assert ran.code == 2
    assert "longer than 10 MB" in ran.err


def test_a_word_is_taken_for_a_file_name(nsr: Nsr) -> None:
    ran = nsr("solve", "puzle.txt")
    assert ran.code == 2
    assert "there is no file 'puzle.txt'" in ran.err


# With a scripted language model


def test_a_solution(nsr: Nsr, scripted: str, problem: Problem) -> None:
    ran = nsr("solve", problem(ONE), "--model", scripted)
    assert ran.code == 0, ran.err
    assert "ann: 7, bo: 8" in ran.out
    found = nsr("solve", problem(ONE), "--model", scripted, "--json").json
    assert found["answer"]["assignment"] == {"age": {"ann": 7, "bo": 8}}


def test_a_program_without_categories(nsr: Nsr, scripted: str, problem: Problem) -> None:
    ran = nsr("solve", problem(NO_CATEGORIES), "--model", scripted)
    assert ran.code == 0, ran.err
    assert "x = 7" in ran.out


def test_trace_and_program(nsr: Nsr, scripted: str, problem: Problem) -> None:
    ran = nsr("solve", problem(ONE), "--model", scripted, "--trace", "--program")
    assert "round 1" in ran.out
    assert "constraint: age(ann) * age(ann) == 49" in ran.out


def test_two_solutions_where_the_one_is_asked_for(nsr: Nsr, scripted: str, problem: Problem) -> None:
    ran = nsr("solve", problem(TWO), "--model", scripted, "--rounds", "1", "--json")
    assert ran.code == 3
    assert ran.json["status"] == "abstained"
    assert "more than one solution" in ran.json["reason"]
    assert len(ran.json["rounds"]) == 2, "it was sent back once"


def test_no_solution(nsr: Nsr, scripted: str, problem: Problem) -> None:
    ran = nsr("solve", problem(NONE), "--model", scripted, "--rounds", "0", "--json")
    assert ran.code in (3, 4)
    assert "contradict" in ran.json["reason"]


def test_a_draft_that_stays_broken(nsr: Nsr, scripted: str, problem: Problem) -> None:
    ran = nsr("solve", problem(BROKEN), "--model", scripted, "--rounds", "2", "--json")
    assert ran.code == 3
    assert "cy" in ran.json["reason"]
    assert len(ran.json["rounds"]) == 3


def test_a_reply_that_is_no_program(nsr: Nsr, scripted: str) -> None:
    ran = nsr("solve", "What is the meaning of life?", "--model", scripted, "--rounds", "0", "--json")
    assert ran.code == 3
    assert ran.json["reason"]


# With the shipped language model


@pytest.mark.usefixtures("weights")
class TestEmbedded:
    def test_a_puzzle(self, nsr: Nsr) -> None:
        ran = nsr("solve", PUZZLE)
        assert ran.code == 0, ran.out
        assert [cell in ran.out for cell in ("Ann", "Bob", "Carl", "cat", "dog", "fish")] == [True] * 6
        assert "confirmed" in ran.out

    def test_a_puzzle_as_json(self, nsr: Nsr, write: Write) -> None:
        ran = nsr("solve", write("p.txt", PUZZLE), "--json")
        assert ran.code == 0
        result = Result.from_json(ran.out)
        rows = [[str(cell) for cell in row] for row in result.answer["table"]["rows"]]
        assert rows == [["1", "Ann", "cat"], ["2", "Carl", "fish"], ["3", "Bob", "dog"]]
        assert result.answer["unique"] is True
        assert result.program is not None
        assert result.usage.calls >= 3

    def test_the_reason_of_each_cell(self, nsr: Nsr) -> None:
        ran = nsr("solve", PUZZLE, "--why")
        assert "Ann is in the first house." in ran.out

    def test_no_puzzle_at_all(self, nsr: Nsr) -> None:
        ran = nsr("solve", "The weather in Lisbon was fine last week, and the trams were on time.", "--json")
        assert ran.code == 3
        assert "no categories" in ran.json["reason"]

    def test_two_solutions(self, nsr: Nsr) -> None:
        ran = nsr("solve", PUZZLE.replace("3. The fish is in the second house.\n", ""), "--json")
        assert ran.code == 3
        assert "more than one solution" in ran.json["reason"]

    def test_no_solution(self, nsr: Nsr) -> None:
        ran = nsr("solve", PUZZLE + "4. Carl is in the first house.\n", "--json")
        assert ran.code in (3, 4)
        assert "first house" in ran.json["reason"]

    def test_the_same_seed_gives_the_same_result(self, nsr: Nsr) -> None:
        first, second = (nsr("solve", PUZZLE, "--json", "--seed", "7").json for _ in range(2))
        assert first["program"] == second["program"]
        assert first["answer"] == second["answer"]
