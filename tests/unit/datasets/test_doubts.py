"""Doubts about gold answers: planted errors are found, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sets import GRID, SAMPLES, lines, write

from nsr.datasets.lint import Examiner
from nsr.datasets.protocol import ReadOptions
from nsr.datasets.registry import dataset


def doubts(name: str, path: Path) -> list[tuple[str, str]]:
    examiner, found = Examiner(), dataset(name)
    for problem in found.read(path, ReadOptions()):
        examiner.look(problem, found)
    return [(f.id, f.doubt.kind) for f in examiner.findings]


def look(tmp_path: Path, name: str, *rows: Any) -> list[tuple[str, str]]:
    path = tmp_path / "planted.jsonl"
    path.write_text(lines(*rows))
    return doubts(name, path)


def first_row(name: str) -> Any:
    return json.loads(next(s for s in SAMPLES if s.dataset == name).content)


@pytest.mark.parametrize(
    ("solution", "kind"),
    [
        ({"header": ["House", "Name"], "rows": [["1", "Ute"]]}, "malformed"),
        ({"header": ["House", "Name"], "rows": [["1", "Ute"], ["2", "Ute"]]}, "malformed"),
        ({"header": ["House", "Name"], "rows": [["1", "Ute"], ["2"]]}, "unreadable"),
        ({"header": ["House", "Name"], "rows": [["___", "___"], ["___", "___"]]}, "hidden"),
        (None, "missing"),
    ],
)
def test_grids(tmp_path: Path, solution: Any, kind: str) -> None:
    good = {"id": "lgp-1", "size": "2*1", "puzzle": "P.", "solution": GRID}
    bad = {"id": "lgp-2", "size": "2*1", "puzzle": "Q.", "solution": solution}
    assert set(look(tmp_path, "zebralogic", good, bad)) == {("lgp-2", kind)}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"solution": [False, True]}, "wrong"),
        ({"statements": "(('lying', 1), ('lying', 0))"}, "wrong"),
        ({"statements": "(('lying', 5), ('lying', 0))"}, "malformed"),
        ({"statements": [["maybe", 1], ["lying", 0]]}, "malformed"),
        ({"solution": [True]}, "broken"),
    ],
)
def test_roles_are_checked_against_the_formal_statements(tmp_path: Path, change: Any, kind: str) -> None:
    row = first_row("knights_knaves")
    [(_, found)] = look(tmp_path, "knights_knaves", row, {**row, "quiz": "Another one.", "index": 8, **change})
    assert found == kind


def test_answers_that_are_no_option_or_no_number(tmp_path: Path) -> None:
    row = {"premises": ["A."], "conclusion": "B.", "label": "Perhaps"}
    assert look(tmp_path, "folio", row) == [("line-1", "unreadable")]
    assert look(tmp_path, "mamo", {"id": 1, "Question": "Q?", "Answer": "a lot"}) == [("1", "unreadable")]
    assert look(tmp_path, "gsm8k", {"question": "Q?", "answer": "no mark"}) == [("line-1", "unreadable")]
    game = {"id": "g", "passage": "P.", "questions": [{"question": "Q?", "options": ["v", "v"], "answer": "F"}]}
    assert look(tmp_path, "arlsat", game) == [("g_1", "unreadable")]
    game["questions"][0]["answer"] = "A"  # type: ignore[index]
    assert look(tmp_path, "arlsat", game) == [("g_1", "malformed")]
    story = {"story": ["S."], "questions": [{"q_id": 1, "question": "Q?", "candidate_answers": ["x"], "answer": [4]}]}
    assert [k for _, k in look(tmp_path, "spartqa", story)] == ["no-option"]
    story["questions"][0]["answer"] = []  # type: ignore[index]
    assert look(tmp_path, "spartqa", story) == [], "none of them is an answer, too"
    two = {"input": "A set of three objects.", "target_scores": {"x": 1, "y": 1}}
    assert [k for _, k in look(tmp_path, "logicaldeduction", two)] == ["unreadable"]
    closed = {
        "id": "p",
        "dataset": "prontoqa",
        "question": "Q?",
        "options": ["A) True", "B) False"],
        "answer": "Unknown",
    }
    assert look(tmp_path, "prontoqa", closed) == [("p", "no-option")]


def test_two_records_that_deny_each_other(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "Question": "How much is it?", "Answer": "8"},
        {"id": "b", "Question": "how much  is it?", "Answer": "9"},
        {"id": "c", "Question": "How much is it?", "Answer": "8"},
        {"id": "d", "Question": "How many?", "Answer": "9"},
    ]
    assert look(tmp_path, "mamo", *rows) == [(i, "contradictory") for i in ("a", "b", "c")]
    assert look(tmp_path, "mamo", rows[0], rows[2]) == []


def test_marks_for_no_optimum_are_no_doubts(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(
        lines(
            *({"id": n, "Question": f"Q{n}?", "Answer": a} for n, a in enumerate(["Infeasible", "No Best Solution", 3]))
        )
    )
    examiner, found = Examiner(), dataset("mamo")
    for problem in found.read(path, ReadOptions()):
        examiner.look(problem, found)
    assert examiner.findings == []
    assert examiner.to_json()["no_optimum"] == {"infeasible": 1, "no optimum": 1}
    assert examiner.total == 3


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{s.dataset}-{s.file}")
def test_the_samples_are_beyond_doubt(tmp_path: Path, sample: Any) -> None:
    assert doubts(sample.dataset, write(tmp_path, sample)) == []


def test_scores_count_doubtful_gold_answers_apart(tmp_path: Path) -> None:
    from nsr.batch.scoring import score_run
    from nsr.batch.sqlite import SqliteStore
    from nsr.batch.store import Answered
    from nsr.results import Result, Status

    path = tmp_path / "in.jsonl"
    asked = [("a", "Q?", "8"), ("b", "Q?", "9"), ("c", "R?", "a lot"), ("d", "S?", "5"), ("e", "T?", "Infeasible")]
    path.write_text(lines(*({"id": i, "Question": q, "Answer": a} for i, q, a in asked)))
    with SqliteStore(tmp_path / "run") as store:
        store.begin({}, "")
        store.add_problems(dataset("mamo").read(path, ReadOptions()))
        for position, (status, answer) in enumerate(
            [(Status.OPTIMAL, {"objective": 8})] * 2
            + [(Status.OPTIMAL, {"objective": 1}), (Status.OPTIMAL, {"objective": 5}), (Status.NO_SOLUTION, None)],
            1,
        ):
            store.record([Answered(position, status.value, Result(status=status, answer=answer).to_json())])
    score = score_run(tmp_path / "run")
    assert dict(score.all.counts) == {"right": 3, "wrong": 1}, "what cannot be read is in no tally"
    assert dict(score.in_doubt.counts) == {"right": 1, "wrong": 1}
    assert dict(score.beyond_doubt.counts) == {"right": 2}
    assert score.gold.by_kind() == {"contradictory": 2, "unreadable": 1}
    assert score.to_json()["gold"]["no_optimum"] == {"infeasible": 1}
    assert dict(score_run(tmp_path / "run", scorer="words").all.counts)["right"] == 2
