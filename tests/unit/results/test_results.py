"""The result object: its fields, its JSON, its exit codes, its renderings."""

from __future__ import annotations

import json
from typing import Any

import pydantic
import pytest

from nsr.errors import UsageError
from nsr.results import (
    SCHEMA_VERSION,
    Evidence,
    EvidenceKind,
    Explanation,
    QuestionResult,
    Reason,
    Result,
    Round,
    Status,
    Usage,
    exit_code,
    worst_status,
)

GRID = {
    "assignment": {"house": {"Ann": 1, "Bo": 2}},
    "unique": True,
    "table": {"header": ["House", "Name"], "rows": [[1, "Ann"], [2, "Bo <i>"]]},
}


def solved(**changes: object) -> Result:
    """A result with one question, as `run` makes them."""
    explanation = Explanation(
        summary="The only solution.",
        reasons=(
            Reason(label="c1", sentences=("Ann is first.",), formula="house(ann) == 1", holds=True),
            Reason(label="c2", formula="house(bo) == 2", holds=None),
        ),
    )
    evidence = Evidence(kind=EvidenceKind.CONFIRMED, backend="cpsat", confirmed_by="z3", notes=("twice looked at",))
    question = QuestionResult(status=Status.SOLVED, answer=GRID, evidence=evidence, explanation=explanation)
    fields: dict[str, object] = {
        "status": Status.SOLVED,
        "answer": GRID,
        "questions": (question,),
        "evidence": evidence,
        "explanation": explanation,
        "program": "find unique house\n",
        "rounds": (Round(number=1, kind="formalize", source="find one\n", outcome="one solution", seconds=0.5),),
        "usage": Usage(calls=1, prompt_tokens=10, completion_tokens=5, forced_tokens=2),
        "seconds": {"answer": 0.25},
        "versions": {"nsr": "0"},
    }
    return Result.model_validate({**fields, **changes})


def test_json_is_the_object_of_the_manual() -> None:
    written = json.loads(solved().to_json())
    assert list(written) == [
        "schema", "id", "status", "answer", "questions", "reason", "assumptions", "warnings", "diagnostics", "evidence",
        "explanation", "program", "rounds", "usage", "seconds", "versions",
    ]  # fmt: skip
    assert written["schema"] == SCHEMA_VERSION
    assert written["status"] == "solved"
    assert written["answer"] == GRID
    assert written["questions"][0]["evidence"]["kind"] == "confirmed"


def test_json_comes_back_as_it_was() -> None:
    result = solved()
    assert Result.from_json(result.to_json()) == result
    assert Result.from_json(result.to_json(indent=2)) == result


def test_results_are_frozen() -> None:
    with pytest.raises(pydantic.ValidationError):
        solved().status = Status.LIMIT  # type: ignore[misc]


def test_status_outside_the_closed_list_is_refused() -> None:
    with pytest.raises(UsageError, match="this is no result: `status`: Input should be 'solved'"):
        Result.from_json('{"status": "maybe"}')


@pytest.mark.parametrize("text", ["{", "", "[]", b"\xff", None])
def test_what_is_no_result_is_refused(text: Any) -> None:
    with pytest.raises(UsageError, match="this is no result: "):
        Result.from_json(text)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("solved", 0), ("optimal", 0), ("entailed", 0), ("refuted", 0), ("undetermined", 0), ("abstained", 3),
        ("no_solution", 4), ("inconsistent", 4), ("unbounded", 4), ("unattained", 4), ("limit", 5), ("feasible", 5),
    ],
)  # fmt: skip
def test_exit_codes(status: str, code: int) -> None:
    assert exit_code(Status(status)) == code
    assert solved(status=status).is_answered is (code == 0)


def test_exit_codes_cover_every_status() -> None:
    assert {exit_code(s) for s in Status} == {0, 3, 4, 5}


def test_the_worst_status_stands_above_all() -> None:
    assert worst_status([Status.SOLVED, Status.NO_SOLUTION, Status.UNDETERMINED]) is Status.NO_SOLUTION
    assert worst_status([Status.ABSTAINED, Status.LIMIT]) is Status.ABSTAINED
    assert worst_status([Status.SOLVED]) is Status.SOLVED
    with pytest.raises(ValueError, match="empty"):
        worst_status([])


def test_usage_adds_up() -> None:
    total = Usage(calls=1, prompt_tokens=2).plus(Usage(calls=3, completion_tokens=4, forced_tokens=5))
    assert total == Usage(calls=4, prompt_tokens=2, completion_tokens=4, forced_tokens=5)


def test_explanation_as_text() -> None:
    said = solved().explain()
    assert said.splitlines()[0] == "The only solution."
    assert "c1 holds: “Ann is first.”" in said
    assert "house(ann) == 1" in said
    assert "c2 says: house(bo) == 2" in said
    assert "note: twice looked at" in said


def test_explanation_of_a_result_without_questions_is_its_reason() -> None:
    assert Result(status=Status.ABSTAINED, reason="the text is empty").explain() == "the text is empty"


def test_html_has_the_grid_and_escapes_what_it_is_given() -> None:
    html = solved()._repr_html_()
    assert "<th>House</th><th>Name</th>" in html
    assert "Bo &lt;i&gt;" in html
    assert "<i>" not in html
    assert "find unique house" in html
    assert "<pre>7</pre>" in solved(answer=7)._repr_html_()
