"""Scores: grids compared by what they say, verdicts apart, intervals as published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from batch_runs import abstained, keep, solved

from nsr.batch.scoring import grids_agree, score_run
from nsr.datasets.protocol import Problem
from nsr.errors import UsageError
from nsr.results import Evidence, EvidenceKind, Round


def grid(header: list[str], *rows: list[Any]) -> dict[str, Any]:
    return {"header": header, "rows": [list(r) for r in rows]}


OURS = grid(["House", "Name", "Favorite pet"], [1, "Ann", "guinea pig"], [2, "Bo", "cat"])


@pytest.mark.parametrize(
    ("gold", "agrees"),
    [
        (OURS, True),
        (grid(["House", "Pet", "Name"], ["1", "Guinea-Pig", "ann"], ["2", "Cat", "bo"]), True),
        (grid(["House", "Name", "Pet"], ["2", "Bo", "cat"], ["1", "Ann", "guinea pig"]), True),
        (grid(["Name", "House", "Pet"], ["Bo", "2", "cat"], ["Ann", "1", "guinea pig"]), True),
        (grid(["House", "Name", "Pet"], ["1", "Ann", "cat"], ["2", "Bo", "guinea pig"]), False),
        (grid(["House", "Name"], ["1", "Ann"], ["2", "Bo"]), False),
        (grid(["House", "Name", "Pet"], ["1", "Ann", "guinea pig"]), False),
        (grid(["House", "Name", "Pet"], ["1", "Ann", "guinea pig"], ["2", "Bo", "dog"]), False),
    ],
)
def test_grids(gold: dict[str, Any], agrees: bool) -> None:
    assert grids_agree(OURS, gold) is agrees


def test_the_name_of_a_base_that_has_other_marks_does_not_count() -> None:
    first = grid(["Name", "Year"], ["Ann", 1990], ["Bo", 1994])
    second = grid(["Year", "Name"], [1990, "Ann"], [1994, "Bo"])
    swapped = grid(["Year", "Name"], [1994, "Ann"], [1990, "Bo"])
    assert grids_agree(first, second)
    assert not grids_agree(first, swapped)


def test_columns_with_the_same_values_are_told_apart_by_their_headings() -> None:
    ours = grid(["House", "Animal", "Pet"], [1, "dog", "cat"], [2, "cat", "dog"])
    assert grids_agree(ours, grid(["House", "Pet", "Animal"], [1, "cat", "dog"], [2, "dog", "cat"]))
    assert not grids_agree(ours, grid(["House", "Pet", "Animal"], [1, "dog", "cat"], [2, "cat", "dog"]))


@pytest.fixture
def run(tmp_path: Path) -> tuple[Path, Path]:
    rounds = tuple(
        Round(number=n, kind="formalize", source="", outcome=o) for n, o in ((1, "no solution"), (2, "one solution"))
    )
    claimed, checked = (Evidence(kind=k) for k in (EvidenceKind.CLAIMED, EvidenceKind.CHECKED))
    results = {
        "a": solved({"table": OURS}, rounds=rounds[1:], evidence=checked),
        "b": solved({"table": OURS}, rounds=rounds, evidence=claimed),
        "c": abstained("two readings are nearly as likely"),
        "d": solved("Zoë", evidence=checked),
    }
    keep(tmp_path / "run", ((Problem(id=i, position=n), r) for n, (i, r) in enumerate(results.items(), 1)))
    wrong = grid(["House", "Name", "Pet"], ["1", "Bo", "cat"], ["2", "Ann", "guinea pig"])
    gold = [("a", OURS, "2x2"), ("b", wrong, "2x2"), ("c", OURS, "2x3"), ("d", "zoe", "2x3"), ("e", OURS, "2x3")]
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps({"id": i, "solution": g, "size": s}) + "\n" for i, g, s in gold))
    return tmp_path / "run", path


def test_verdicts(run: tuple[Path, Path]) -> None:
    score = score_run(*run, by="size")
    assert dict(score.all.counts) == {"right": 2, "wrong": 1, "abstained": 1, "missing": 1}
    assert score.groups["2x3"].n == 2
    assert score.groups["2x2"].counts["wrong"] == 1
    assert dict(score.first_try.counts) == {"right": 2, "abstained": 2, "missing": 1}, "without repair no answer to b"
    assert dict(score.after_repair.counts) == {"wrong": 1}
    assert {k: dict(t.counts) for k, t in score.by_evidence.items()} == {
        "checked": {"right": 2},
        "claimed": {"wrong": 1},
    }
    assert score.claimed == 1
    assert [(i, v) for i, v, _ in score.not_right] == [("b", "wrong"), ("c", "abstained"), ("e", "missing")]
    assert score.not_right[1][2] == "two readings are nearly as likely"


def test_score_as_json(run: tuple[Path, Path]) -> None:
    written = score_run(*run).to_json()
    assert written["n"] == 4
    assert written["accuracy"] == 0.5
    assert written["coverage"] == 0.75
    assert written["precision"] == 2 / 3
    assert written["interval"][0] < 0.5 < written["interval"][1]
    json.dumps(written)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{\n", "line 1 .* is not JSON"),
        ('{"id": "a"}\n', "no field 'solution'"),
        ('{"solution": 1}\n', "no field 'id'"),
    ],
)
def test_a_gold_file_that_cannot_be_read(run: tuple[Path, Path], content: str, said: str) -> None:
    run[1].write_text(content)
    with pytest.raises(UsageError, match=said):
        score_run(*run)


def test_a_missing_gold_file(run: tuple[Path, Path]) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        score_run(run[0], run[0] / "none.jsonl")


def gold_in_the_input(folder: Path, names: str, answer: str = "yes") -> Path:
    problems = (Problem(id=name, position=n, gold="yes", meta={"size": n % 2}) for n, name in enumerate(names, 1))
    return keep(folder, [(p, solved(answer)) for p in problems])


def test_gold_answers_of_the_input_and_shards(tmp_path: Path) -> None:
    first = gold_in_the_input(tmp_path / "1", "abc")
    second = gold_in_the_input(tmp_path / "2", "de", "no")
    score = score_run([first, second], by="size")
    assert dict(score.all.counts) == {"right": 3, "wrong": 2}
    assert dict(score.groups["1"].counts) == {"right": 2, "wrong": 1}
    with pytest.raises(UsageError, match="in two of the runs"):
        score_run([first, first])
    with pytest.raises(UsageError, match=r"a field 'depth'.*size"):
        score_run(first, by="depth")


def test_no_gold_answers_at_all(tmp_path: Path) -> None:
    keep(tmp_path / "run", [(Problem(id="a", position=1), solved())])
    with pytest.raises(UsageError, match="--gold"):
        score_run(tmp_path / "run")
