"""`--backend all` and `race`, in workers, with a back end from another package that cannot be trusted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Nsr = Callable[..., Any]
Write = Callable[[str, str | bytes], Path]

GRID = """type House = 1..3
type Name = {ann, bo, cy}
var house(Name): House distinct
constraint c1 "Ann is in the first house.": house(ann) == 1
constraint c2: house(bo) < house(cy)
find unique house
"""
LIAR = """
import time
from dataclasses import replace
from nsr.solvers.cpsat import CpSatBackend
from nsr.solvers.protocol import Claim, NativeOutcome

class Liar(CpSatBackend):
    spec = replace(CpSatBackend.spec, name="liar", start_cost=40)

    def compile(self, program, budget):
        return replace(super().compile(program, budget), backend="liar")

    def solve(self, encoding, query, budget):
        return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True)

class Sleeper(Liar):
    spec = replace(CpSatBackend.spec, name="sleeper", start_cost=50)

    def solve(self, encoding, query, budget):
        if budget.seconds_left < 1000:
            time.sleep(600)
        return super().solve(encoding, query, budget)
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `nsr` where a package with two more back ends is installed."""
    site = tmp_path / "site"
    info = site / "liar-0.1.dist-info"
    info.mkdir(parents=True)
    (site / "liar.py").write_text(LIAR, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: liar\nVersion: 0.1\n", encoding="utf-8")
    points = "[nsr.backends]\nliar = liar:Liar\nsleeper = liar:Sleeper\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    environment.pop("NSR_REPORTS", None)

    def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from nsr.cli import main; main()", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, env={**environment, **more}, cwd=tmp_path, timeout=250, check=False
        )

    return run


def test_all_agree(nsr: Nsr, write: Write) -> None:
    ran = nsr("run", write("grid.nsr", GRID), "--backend", "all:cpsat,z3")
    assert ran.code == 0, ran.err
    assert "agreed: cpsat, z3" in ran.out
    evidence = nsr("run", write("grid.nsr", GRID), "--backend", "all:z3,cpsat", "--json", "--no-confirm").json[
        "evidence"
    ]
    assert evidence["kind"] == "confirmed"
    assert evidence["agreed"] == ["cpsat", "z3"]


def test_a_disagreement_is_our_fault(plugin: Any, write: Write, tmp_path: Path) -> None:
    path = write("grid.nsr", GRID)
    ran = plugin("run", path, "--backend", "all:cpsat,liar")
    assert ran.returncode == 1
    assert ran.stdout == ""
    for words in ("back ends disagree", "`cpsat`: 1 solution", "`liar`: no solution", "fault-"):
        assert words in ran.stderr
    (kept,) = tmp_path.glob("fault-*.nsr")
    assert str(kept) in ran.stderr
    small = kept.read_text(encoding="utf-8")
    assert len(small.splitlines()) < len(GRID.splitlines())
    assert "c2" not in small
    again = plugin("run", kept, "--backend", "all:cpsat,liar", NSR_REPORTS=str(tmp_path / "elsewhere"))
    assert again.returncode == 1
    assert list((tmp_path / "elsewhere").glob("fault-*.nsr"))
    assert kept.read_text(encoding="utf-8") == small


def test_the_first_of_a_race_stops_the_others(plugin: Any, write: Write) -> None:
    ran = plugin(
        "run", write("grid.nsr", GRID), "--backend", "race:cpsat,sleeper", "--timeout", "100", "--no-confirm", "--json"
    )
    assert ran.returncode == 0, ran.stderr
    # The other one would have slept for longer than the test may take, and then said that there is no solution.
    evidence = json.loads(ran.stdout)["evidence"]
    assert evidence["backend"] == "cpsat"
    assert any("`cpsat` answered first of cpsat, sleeper" in note for note in evidence["notes"])


def test_names_that_are_none(nsr: Nsr, write: Write) -> None:
    for backend in ("all:cpsat,nobody", "race:cpsat", "nobody"):
        ran = nsr("run", write("grid.nsr", GRID), "--backend", backend)
        assert ran.code == 2
        assert "back end" in ran.err
