"""`nsr datasets`, and `nsr batch` and `nsr score` on a file that is recognized."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Nsr = Callable[..., Any]
Write = Callable[[str, str | bytes], Path]
Problem = Callable[[str], str]


def test_the_list(nsr: Nsr) -> None:
    rows = nsr("datasets", "--json").json
    assert {"zebralogic", "folio", "gsm8k", "nl4opt", "jsonl"} <= {r["name"] for r in rows}
    assert all(r["title"] and r["answers"] for r in rows)
    assert "GSM8K" in nsr("datasets").out


def test_a_file_is_looked_over(nsr: Nsr, write: Write) -> None:
    rows = [("A?", "One. #### 1"), ("A?", "Two. #### 2"), ("B?", "no mark"), ("C?", "#### 5")]
    path = write("test.jsonl", "".join(json.dumps({"question": q, "answer": a}) + "\n" for q, a in rows) + "{\n")
    ran = nsr("datasets", path, "--show", 1)
    assert ran.code == 0, ran.err
    assert "GSM8K (gsm8k), 5 problems" in ran.out
    assert "1 broken, 2 contradictory, 1 unreadable" in ran.out
    assert "... and 3 more" in ran.out
    assert nsr("datasets", path, "--json").json["doubts"] == {"broken": 1, "contradictory": 2, "unreadable": 1}
    unknown, missing = nsr("datasets", path, "--dataset", "gsm"), nsr("datasets", path.parent / "none")
    assert (unknown.code, missing.code) == (2, 2)
    assert "there is no data set 'gsm'" in unknown.err
    assert "cannot be read" in missing.err


def test_a_batch_of_a_set_is_scored_as_the_set_says(
    nsr: Nsr, scripted: str, write: Write, problem: Problem, tmp_path: Path
) -> None:
    asked = [problem(f"var x: 0..9\nconstraint: x == {n}\ncompute x\n") for n in (4, 5)]
    rows = [{"question": asked[0], "answer": "Four.\n#### 4.0"}, {"question": asked[1], "answer": "Six.\n#### 6"}]
    path = write("test.jsonl", "".join(json.dumps(r) + "\n" for r in rows))
    ran = nsr("batch", path, "--out", tmp_path / "run", "--model", scripted, "--json")
    assert ran.code == 0, ran.err
    shown = nsr("score", tmp_path / "run", "--by", "dataset", "--json").json
    assert (shown["right"], shown["wrong"]) == (1, 1)
    assert list(shown["groups"]) == ["gsm8k"]
    unreadable, unknown = (nsr("score", tmp_path / "run", "--scorer", kind) for kind in ("verdict", "beauty"))
    assert (unreadable.code, unknown.code) == (2, 2)
    assert "no problem of the run has a gold answer that can be read" in unreadable.err
    assert "there is no scorer 'beauty'" in unknown.err
