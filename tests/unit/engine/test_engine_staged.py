"""Texts through the staged formalizer with a scripted language model: what the engine makes of its answers."""

from __future__ import annotations

import json
import re

import pytest

from nsr.engine.engine import Engine
from nsr.engine.options import Options
from nsr.llm.protocol import Request
from nsr.results import EvidenceKind, Result, Status
from nsr.testing.llm import ScriptedLLM

TEXT = """Three friends live in 3 houses, numbered 1 to 3 from left to right.
Names: Ann, Bo, Cy
Pets: cat, dog, emu

1. Ann is directly left of the dog.
2. Bo is in the third house.
3. The emu is in the first house.
4. Cy is not in the first house.
"""

ANSWERS = {
    "directly left": "P1 + 1 == P2",
    "third house": "P1 == P2",
    "is in the first house": "P1 == P2",
    "is not in": "P1 != P2",
}


def scripted(answers: dict[str, str], others: dict[str, str] | None = None) -> ScriptedLLM:
    """Answers a sentence by the first of the given phrases that it has; `others` are further, less likely readings."""

    def answer(request: Request) -> list[str]:
        plain = re.sub(r"[PN]\d+", "", str(request.prompt))
        found = [next((a for k, a in table.items() if k in plain), None) for table in (answers, others or {})]
        return [a for a in found if a is not None] or ["skip"]

    return ScriptedLLM(answer)


def _solve(text: str, llm: ScriptedLLM) -> Result:
    with Engine(Options(), llm) as engine:
        return engine.solve(text)


def test_a_puzzle_is_solved_checked_and_confirmed() -> None:
    llm = scripted(ANSWERS)
    result = _solve(TEXT, llm)
    assert result.status is Status.SOLVED
    assert result.evidence.kind is EvidenceKind.CONFIRMED
    assert result.answer["unique"] is True
    assert result.answer["table"]["rows"] == [[1, "Ann", "emu"], [2, "Cy", "dog"], [3, "Bo", "cat"]]
    assert len(llm.requests) == 4
    assert "Ann is directly left of the dog." in result.explain()
    assert json.loads(result.to_json())["schema"] == "1"


def test_a_clue_without_a_statement_is_noted() -> None:
    result = _solve(TEXT + "5. Ann is fond of music.\n", scripted(ANSWERS))
    assert result.status is Status.SOLVED
    assert result.evidence.notes == ("nothing is stated for “Ann is fond of music.”",)
    assert result.questions[0].evidence == result.evidence


def test_a_wrong_reading_is_repaired_and_counted_as_a_round() -> None:
    result = _solve(TEXT, scripted({**ANSWERS, "third house": "P1 != P2"}, {"third house": "P1 == P2"}))
    assert result.status is Status.SOLVED
    assert len(result.rounds) > 1
    assert [row[1] for row in result.answer["table"]["rows"]] == ["Ann", "Cy", "Bo"]


def test_a_tag_that_the_sentence_does_not_have_is_no_reading() -> None:
    result = _solve(TEXT, scripted({**ANSWERS, "third house": "P1 == P9"}))
    assert result.status is Status.ABSTAINED


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("What a lovely day it is today.", "no categories"),
        ("x" * 200_000, "characters"),
        (TEXT.replace("2. Bo is in the third house.\n", ""), "more than one solution"),
        (TEXT + "5. Bo is not in the third house.\n", "contradict"),
    ],
)
def test_what_cannot_be_answered_is_an_abstention_that_says_why(text: str, told: str) -> None:
    result = _solve(text, scripted({"is not in": "P1 != P2", **ANSWERS}))
    assert result.status is Status.ABSTAINED
    assert told in str(result.reason)


def test_cell_reasons_name_the_sentences_that_force_a_cell() -> None:
    with Engine(Options(), scripted(ANSWERS)) as engine:
        result = engine.with_cell_reasons(engine.solve(TEXT), TEXT)
    by_cell = {r.label.partition(" of ")[2]: r.sentences for r in result.explanation.reasons}
    assert by_cell["Bo = 3"] == ("Bo is in the third house.",)
    assert set(by_cell["dog = 2"]) >= {"Ann is directly left of the dog."}
