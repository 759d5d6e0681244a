"""The comparison itself: right results pass, and results that are changed in any part do not."""

from __future__ import annotations

from typing import Any

import pytest

from nsr.engine.checking import parse_program
from nsr.results import QuestionResult, Reason, Status
from nsr.testing.agreement import Incomparable, answers_of, disagreement, options_for
from nsr.testing.cases import Told, case, fits
from nsr.testing.conformance import failures

RACE = "type P = {a, b, c}\nvar place(P): 1..3 distinct\nconstraint: place(a) < place(b)\n"


def told(goal: str) -> tuple[Any, QuestionResult]:
    program = parse_program(RACE + goal + "\n")
    (result,) = answers_of(program, options_for("cpsat"))
    return program, result


@pytest.mark.parametrize(
    ("goal", "changes"),
    [
        ("prove: place(b) > 1", {"status": Status.REFUTED}),
        ("prove: place(c) == 1", {"status": Status.ENTAILED}),
        ("ask place(b) != 1", {"status": Status.UNDETERMINED}),
        ("ask place(X) != 1", {"answer": [{"X": "a"}]}),
        ("ask place(X) != 1", {"answer": []}),
        ("compute sum(place(p) for p in P)", {"answer": 5}),
        ("compute place(a)", {"status": Status.SOLVED, "answer": 1}),
        ("choose could\noption A: place(a) == 3\noption B: place(b) == 3", {"answer": "A"}),
        ("find count", {"answer": 4}),
        ("find unique", {"status": Status.SOLVED}),
        ("find 2", {"answer": []}),
        ("find one", {"status": Status.NO_SOLUTION, "answer": None}),
        ("maximize place(a)", {"answer": {"objective": 3, "assignment": {}}}),
        ("minimize place(a)\nfind count", {"answer": 5}),
        ("constraint: place(b) == 1\nprove: place(a) == 1", {"status": Status.NO_SOLUTION}),
    ],
)
def test_a_changed_result_is_told(goal: str, changes: dict[str, Any]) -> None:
    program, result = told(goal)
    assert disagreement(program, 0, result) is None
    assert disagreement(program, 0, result.model_copy(update=changes)) is not None


def test_a_missing_or_changed_solution_is_told() -> None:
    program, result = told("find all")
    assert disagreement(program, 0, result) is None
    assert disagreement(program, 0, result.model_copy(update={"answer": result.answer[1:]})) is not None
    other = {"assignment": {"place": {"a": 3, "b": 1, "c": 2}}}
    assert disagreement(program, 0, result.model_copy(update={"answer": [*result.answer[1:], other]})) is not None


def test_a_changed_option_is_told() -> None:
    program, result = told("choose could\noption A: place(a) == 3\noption B: place(b) == 3")
    both = [reason.model_copy(update={"holds": True}) for reason in result.explanation.reasons]
    wrong = result.model_copy(update={"explanation": result.explanation.model_copy(update={"reasons": tuple(both)})})
    assert all(isinstance(reason, Reason) for reason in both)
    assert disagreement(program, 0, wrong) is not None


def test_limits_are_not_compared() -> None:
    program, result = told("prove: place(b) > 1")
    with pytest.raises(Incomparable):
        disagreement(program, 0, result.model_copy(update={"status": Status.LIMIT}))


def test_open_types_are_held_to_small_worlds() -> None:
    source = "type T\nconst a: T\npred p(T)\npremise: p(a)\nprove: forall x in T: p(x)\n"
    program = parse_program(source)
    (result,) = answers_of(program, options_for("auto"))
    assert result.status is Status.UNDETERMINED
    assert disagreement(program, 0, result) is None
    for status in (Status.ENTAILED, Status.REFUTED, Status.INCONSISTENT):
        assert disagreement(program, 0, result.model_copy(update={"status": status})) is not None


def test_failures_of_a_case_name_it() -> None:
    wrong = case("wrong_on_paper", "var x: 1..2\nconstraint: x > 1\ncompute x", Told("solved", 1))
    (failure,) = failures(wrong, "z3")
    assert "wrong_on_paper" in failure
    assert failures(case("right", wrong.program, Told("solved", 2)), "z3") == []
    assert failures(case("counted", wrong.program, solutions=1), "z3") == []
    assert len(failures(case("counted_wrongly", wrong.program, solutions=2), "z3")) == 1
    assert failures(case("no_plan", "var x: real\nprove: x < 1", Told("entailed")), "cpsat") == []


def test_answers_are_compared_as_far_as_given() -> None:
    answer = {"objective": 1, "assignment": {"x": 1, "y": [1, 2]}}
    assert fits(Told("optimal", {"objective": 1}), "optimal", answer)
    assert fits(Told("optimal", {"assignment": {"y": [1, 2]}}), "optimal", answer)
    assert not fits(Told("optimal", {"assignment": {"y": [1]}}), "optimal", answer)
    assert not fits(Told("optimal", {"objective": True}), "optimal", answer)
    assert not fits(Told("solved"), "optimal", answer)


def test_statements_about_all_worlds_of_open_types_are_not_compared() -> None:
    program = parse_program("type Thing\nprove certain(true)\n")
    (result,) = answers_of(program, options_for("auto"))
    assert result.status is Status.ENTAILED
    with pytest.raises(Incomparable, match="all worlds"):
        disagreement(program, 0, result)
