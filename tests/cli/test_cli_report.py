"""`nsr report`: a run as one HTML page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Nsr = Callable[..., Any]
Write = Callable[[str, str | bytes], Path]
Problem = Callable[[str], str]

PROGRAM = "type Name = {ann, bo}\nvar age(Name): 1..9\nconstraint: forall n in Name: age(n) == 3\nfind unique age\n"


def batch(nsr: Nsr, write: Write, problem: Problem, scripted: str, folder: Path) -> None:
    rows = ({"id": f"p{n}", "text": problem(PROGRAM), "solution": "no", "size": n} for n in (1, 2))
    path = write("in.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert nsr("batch", path, "--out", folder, "--model", scripted, "--jobs", "1").code == 0


def test_a_page_of_a_batch(nsr: Nsr, scripted: str, write: Write, problem: Problem, tmp_path: Path) -> None:
    batch(nsr, write, problem, scripted, tmp_path / "run")
    ran = nsr("report", tmp_path / "run", "--by", "size", "--title", "Two <problems>")
    assert ran.code == 0, ran.err
    assert "2 problems" in ran.out
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "<title>Two &lt;problems&gt;</title>" in page
    assert "nsr batch" in page, "the command that repeats it"
    assert "grammar_sha256" in page
    assert nsr("report", tmp_path / "run", "--out", tmp_path / "other.html").code == 0
    assert (tmp_path / "other.html").is_file()


def test_no_run(nsr: Nsr, tmp_path: Path) -> None:
    ran = nsr("report", tmp_path / "none")
    assert ran.code == 2
    assert "no run folder" in ran.err
