"""General language models: what is wrong with a draft goes back, within the rounds; no draft is believed blindly."""

from __future__ import annotations

import pytest

import nsr
from nsr.engine.engine import Engine
from nsr.engine.options import Options
from nsr.errors import UsageError
from nsr.formalizers.whole import manual
from nsr.llm.protocol import Completion, Generation
from nsr.results import Result, Status
from nsr.testing.llm import Answer, ScriptedLLM

TEXT = "Ann, Bo and Cy sit on chairs 1 to 3. Ann sits directly left of Bo. Cy is not on the third chair."

HEAD = """type Chair = 1..3
type Person = {ann, bo, cy}
var chair(Person): Chair distinct
"""
RIGHT = (
    HEAD
    + """constraint c1 "Ann sits directly left of Bo.": chair(ann) + 1 == chair(bo)
constraint c2 "Cy is not on the third chair.": chair(cy) != 3
find unique chair
"""
)
SYNTAX = RIGHT.replace("chair(ann) + 1 ==", "chair(ann) + 1 == ==")
UNKNOWN_NAME = RIGHT.replace("chair(cy) != 3", "chair(cyd) != 3")
REVERSED = RIGHT.replace("chair(ann) + 1 == chair(bo)", "chair(ann) == chair(bo) + 1")
LOOSE = RIGHT.replace('constraint c2 "Cy is not on the third chair.": chair(cy) != 3\n', "")
CONTRARY = RIGHT.replace("chair(cy) != 3", "chair(cy) != 3 and chair(ann) == 1")


def _solve(*answers: Answer, rounds: int = 3) -> tuple[Result, ScriptedLLM]:
    llm = ScriptedLLM(answers)
    options = Options(model="scripted", rounds=rounds)
    with Engine(options, llm) as engine:
        return engine.solve(TEXT), llm


def test_a_right_draft_is_answered_in_one_round() -> None:
    result, llm = _solve(RIGHT)
    assert result.status is Status.SOLVED
    assert result.answer["assignment"]["chair"] == {"Ann": 2, "Bo": 3, "Cy": 1}
    assert len(llm.requests) == len(result.rounds) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (SYNTAX, "=="),
        (UNKNOWN_NAME, "cyd"),
        (REVERSED, "other way round"),
        (LOOSE, "more than one solution"),
        (CONTRARY, "contradict"),
        ("I am sorry, I cannot do that.", ""),
        ("", "no program"),
    ],
)
def test_what_is_wrong_goes_back_and_the_next_draft_is_answered(wrong: str, told: str) -> None:
    result, llm = _solve(wrong, RIGHT)
    assert result.status is Status.SOLVED
    assert len(result.rounds) == len(llm.requests) == 2
    assert told in str(llm.requests[1].prompt[-1])
    assert result.usage.calls == 2


def test_that_a_reply_was_cut_off_is_told_to_the_language_model_and_in_the_round() -> None:
    cut = Generation((Completion(RIGHT[:-20], None, 100, 40, 10, "length"),))
    result, llm = _solve(cut, RIGHT)
    assert result.status is Status.SOLVED
    assert "cut off after 40 tokens" in result.rounds[0].findings[0]
    assert "cut off after 40 tokens" in str(llm.requests[1].prompt[-1])
    assert result.usage.forced_tokens == 10
    assert result.seconds["language_model"] > 0
    assert "cut off" in str(_solve(cut, rounds=0)[0].reason)


@pytest.mark.parametrize("wrong", [SYNTAX, UNKNOWN_NAME, LOOSE])
def test_when_the_rounds_are_used_up_it_abstains(wrong: str) -> None:
    result, llm = _solve(*[wrong] * 3, rounds=2)
    assert result.status is Status.ABSTAINED
    assert len(llm.requests) == 3
    assert result.reason is not None
    assert result.program == wrong.strip() or result.program == wrong


def test_the_errors_of_the_last_draft_are_in_the_result() -> None:
    result, _ = _solve(SYNTAX, UNKNOWN_NAME, rounds=1)
    assert [d["severity"] for d in result.diagnostics] == ["error"]
    [told] = result.diagnostics
    assert result.program is not None
    assert result.program[told["span"]["start"] : told["span"]["end"]] == "cyd"
    assert _solve(LOOSE, rounds=0)[0].diagnostics == ()


def test_a_doubt_that_stays_is_shown_with_the_answer() -> None:
    result, _ = _solve(REVERSED, REVERSED, rounds=1)
    assert result.status is Status.SOLVED
    assert any("direction" in w["code"] for w in result.warnings)


def test_a_shorter_manual_is_sent_where_one_is_named() -> None:
    prompts = {}
    for name in ("", "puzzles"):
        llm = ScriptedLLM([RIGHT])
        options = Options(model="scripted", manual=name)
        with Engine(options, llm) as engine:
            assert engine.solve(TEXT).status is Status.SOLVED
        prompts[name] = llm.requests[0].prompt[0].content
    assert prompts["puzzles"] == manual("puzzles")
    assert len(prompts["puzzles"]) < len(prompts[""])


@pytest.mark.parametrize(("model", "name"), [("recorded:none.jsonl", "poems"), ("embedded", "puzzles")])
def test_a_manual_that_is_not_there_is_refused(model: str, name: str) -> None:
    with pytest.raises(UsageError, match="manual"), Engine(Options(model=model, manual=name)) as engine:
        engine.solve(TEXT)


def test_runs_with_different_manuals_have_different_configurations() -> None:
    assert (
        Engine(Options(model="local:x", manual="puzzles")).configuration()
        != Engine(Options(model="local:x")).configuration()
    )


def test_calls_with_different_options_share_a_language_model(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = []

    def load(address: str) -> ScriptedLLM:
        loaded.append(address)
        return ScriptedLLM([RIGHT] * 3)

    monkeypatch.setattr("nsr.llm.load", load)
    for seed in range(3):
        assert nsr.solve(TEXT, model="scripted:shared", seed=seed).status is Status.SOLVED
    assert loaded == ["scripted:shared"]
