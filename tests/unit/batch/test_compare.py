"""Two runs pair by pair."""

from __future__ import annotations

from pathlib import Path

import pytest
from batch_runs import abstained, keep, solved

from nsr.batch.compare import Change, compare_runs
from nsr.batch.statistics import mcnemar
from nsr.datasets.protocol import Problem
from nsr.errors import UsageError
from nsr.results import Result

ANSWERS = {"r": solved("yes"), "w": solved("no"), "a": abstained("gave up"), "-": None}


def run(folder: Path, verdicts: str, *, gold: object = "yes", **configuration: object) -> Path:
    """A run whose n-th problem is right, wrong, abstained or not there."""
    rows: list[tuple[Problem, Result | None]] = [
        (Problem(id=f"p{n}", position=n, gold=gold), ANSWERS[v]) for n, v in enumerate(verdicts, 1)
    ]
    return keep(folder, rows, **configuration)


def test_pairs_table_and_changes(tmp_path: Path) -> None:
    a = run(tmp_path / "a", "rrrrwwa-", seed=0, model="x")
    b = run(tmp_path / "b", "rrwarwar", seed=1, model="x")
    found = compare_runs(a, b)
    values = found.to_json()
    assert (values["n"], values["common"], values["only_in_a"], values["only_in_b"]) == (7, 7, 0, 1)
    assert {k: values[k] for k in ("both", "only_a", "only_b", "neither")} == {
        "both": 2, "only_a": 2, "only_b": 1, "neither": 2,
    }  # fmt: skip
    assert values["difference"] == -1 / 7
    assert values["p"] == mcnemar(2, 1) == 1.0
    assert values["interval"][0] <= -1 / 7 <= values["interval"][1]
    assert found.changes == [
        Change("p3", "right", "wrong", "the answer differs from the gold answer"),
        Change("p4", "right", "abstained", "gave up"),
        Change("p5", "wrong", "right", "the answer differs from the gold answer"),
    ]
    assert values["settings"] == {"seed": {"a": 0, "b": 1}}
    assert values["agreeing"] == 4


def test_a_comparison_turned_round(tmp_path: Path) -> None:
    a, b = run(tmp_path / "a", "rrrrrwaw" * 5), run(tmp_path / "b", "rwwwarrr" * 5)
    there, back = compare_runs(a, b).to_json(), compare_runs(b, a).to_json()
    assert there["p"] == back["p"]
    assert there["difference"] == -back["difference"]
    assert (there["only_a"], there["only_b"]) == (back["only_b"], back["only_a"])
    assert there["a"] == back["b"]


def test_a_run_against_itself(tmp_path: Path) -> None:
    a = run(tmp_path / "a", "rwar")
    found = compare_runs(a, a)
    assert (found.changes, found.agreeing, found.to_json()["p"]) == ([], 4, 1.0)
    assert found.to_json()["interval"] == [0.0, 0.0]


def test_without_gold_answers_the_answers_are_compared(tmp_path: Path) -> None:
    a, b = run(tmp_path / "a", "rwa", gold=None), run(tmp_path / "b", "rra", gold=None)
    found = compare_runs(a, b)
    assert (found.n, found.common, found.agreeing) == (0, 3, 2)
    assert [(c.id, c.a, c.b) for c in found.changes] == [("p2", "solved", "solved")]
    assert found.to_json()["difference"] is None


def test_nothing_in_common(tmp_path: Path) -> None:
    a = run(tmp_path / "a", "r")
    b = keep(tmp_path / "b", [(Problem(id="other", position=1), solved())])
    with pytest.raises(UsageError, match="no problem in common"):
        compare_runs(a, b)
