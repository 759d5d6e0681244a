"""Votes over recorded samples, and the option that a status means."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.recorded.linc import Problem, Sample, majority
from benchmarks.recorded.running import Runner
from benchmarks.recorded.sets import SETS, Case
from nsr.dialects import read
from nsr.results import QuestionResult, Status


def sample(verdict: str | None, repairs: tuple[str, ...] = (), theirs: str = "Error") -> Sample:
    return Sample("answered", verdict, repairs, theirs, 0.0)


def test_of_equal_votes_the_earliest_wins() -> None:
    assert majority(["True", "False", "False", "True"]) == "True"
    assert majority(["Uncertain", "False", "False"]) == "False"
    assert majority([]) is None


def test_mended_samples_vote_only_where_no_clean_one_does() -> None:
    mended = sample("True", ("fol-two-kinds",))
    assert Problem("p", "False", (mended, mended, sample("False"), sample(None))).vote("clean first") == "False"
    assert Problem("p", "False", (mended, mended, sample("False"), sample(None))).vote("all") == "True"
    assert Problem("p", "True", (mended, sample(None))).vote("clean first") == "True"
    assert (
        Problem("p", "True", (sample("True", theirs="Error"), sample("True", theirs="False"))).vote("theirs") == "False"
    )


@pytest.mark.parametrize(
    ("status", "letter"),
    [
        (Status.ENTAILED, "A"),
        (Status.REFUTED, "B"),
        (Status.UNDETERMINED, "C"),
        (Status.INCONSISTENT, None),
        (Status.LIMIT, None),
    ],
)
def test_an_option_only_where_the_program_gives_one(status: Status, letter: str | None) -> None:
    fields: dict[str, Any] = {"label": None, "status": status, "answer": None}
    question = QuestionResult.model_construct(**fields)
    assert SETS["folio"].letter(question, Case("x", "", {}, "A")) == letter


def test_a_refused_program_is_not_executed_and_says_why() -> None:
    ran = Runner(5.0).run(read("Conclusion:\nUncertain", "fol"))
    assert not ran.is_executed
    assert ran.cause == "refused: fol-answer-as-formula"
