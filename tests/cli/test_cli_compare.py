"""`nsr compare`: two runs over the same problems."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nsr.batch.options import Selection
from nsr.batch.sqlite import SqliteStore
from nsr.batch.store import Answered
from nsr.datasets.protocol import Problem
from nsr.results import Result, Status

Nsr = Callable[..., Any]


def run(folder: Path, answers: str, gold: str | None = "y") -> Path:
    """A run with an answer of one letter to each problem; `-` is none."""
    with SqliteStore(folder) as store:
        store.begin({"seed": len(folder.name)}, "nsr batch")
        store.add_problems(Problem(id=f"p{n}", position=n, gold=gold) for n, _ in enumerate(answers, 1))
        store.select(Selection())
        for n, letter in enumerate(answers, 1):
            status = Status.ABSTAINED if letter == "-" else Status.SOLVED
            result = Result(id=f"p{n}", status=status, answer=None if letter == "-" else letter, reason="[why]")
            store.record([Answered(n, status.value, result.to_json())])
    return folder


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """Two runs: both right three times, A once more, B twice more."""
    return run(tmp_path / "a", "yyyyn-"), run(tmp_path / "other", "yyynyy")


def test_for_people(nsr: Nsr, runs: tuple[Path, Path]) -> None:
    ran = nsr("compare", *runs)
    assert ran.code == 0, ran.err
    assert "both right 3, only A 1, only B 2, neither 0" in ran.out
    assert "B less A: +16.7 points" in ran.out
    assert "p = 1" in ran.out
    assert "p4: right → wrong" in ran.out
    assert "seed: A 1, B 5" in ran.out


def test_as_json(nsr: Nsr, runs: tuple[Path, Path]) -> None:
    ran = nsr("compare", *runs, "--json", "--seed", "3")
    assert ran.json["difference"] == pytest.approx(1 / 6)
    assert [c["id"] for c in ran.json["changes"]] == ["p4", "p5", "p6"]
    assert ran.json["interval"][0] < 1 / 6 < ran.json["interval"][1]
    assert nsr("compare", *runs, "--json", "--seed", "3").json == ran.json


def test_other_gold_answers(nsr: Nsr, runs: tuple[Path, Path], tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps({"id": f"p{n}", "solution": "n"}) + "\n" for n in range(1, 7)))
    ran = nsr("compare", *runs, "--gold", gold, "--json")
    assert {k: ran.json[k] for k in ("both", "only_a", "only_b", "neither")} == {
        "both": 0, "only_a": 1, "only_b": 1, "neither": 4,
    }  # fmt: skip


def test_without_gold_answers(nsr: Nsr, tmp_path: Path) -> None:
    ran = nsr("compare", run(tmp_path / "a", "yn", None), run(tmp_path / "b", "yy", None), "--show", "0")
    assert "only the answers themselves" in ran.out
    assert "1 with the same answer" in ran.out
    assert "... and 1 more" in ran.out


def test_no_run(nsr: Nsr, runs: tuple[Path, Path], tmp_path: Path) -> None:
    ran = nsr("compare", runs[0], tmp_path / "none")
    assert ran.code == 2
    assert "no run folder" in ran.err
