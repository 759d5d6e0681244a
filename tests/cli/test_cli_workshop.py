"""`nsr doctor`, `nsr synth`, `nsr train`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nsr as package
from nsr.cli import doctor
from nsr.explain.spelling import folded
from nsr.solvers.registry import availability, backend_names

Nsr = Callable[..., Any]


# doctor


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves out what loads torch."""
    for name in ("_device", "_number_format", "_main_job"):
        monkeypatch.setattr(doctor, name, lambda name=name: doctor.Check(name, "ok", "not looked at"))


@pytest.mark.usefixtures("quick")
def test_doctor_says_what_is_there(nsr: Nsr) -> None:
    ran = nsr("doctor")
    assert ran.code == 0, ran.out
    for line in ("python:", "lark:", "back end cpsat: ortools", "back end z3: z3-solver", "embedded language model:"):
        assert line in ran.out
    assert "answers in a worker process" in ran.out


@pytest.mark.usefixtures("quick")
def test_doctor_as_json(nsr: Nsr) -> None:
    ran = nsr("doctor", "--json")
    assert ran.code == 0
    assert ran.json["ok"] is True
    states = {c["name"]: c["state"] for c in ran.json["checks"]}
    assert states["python"] == states["back end cpsat"] == states["back end z3"] == "ok"


@pytest.mark.usefixtures("quick")
def test_doctor_says_how_to_install_what_is_missing(nsr: Nsr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nsr.solvers.registry.availability", lambda name: f"pip install the-solver-of-{name}")
    monkeypatch.setattr(doctor, "_version", lambda name: None if name == "llguidance" else "1")
    ran = nsr("doctor")
    assert "pip install the-solver-of-z3" in ran.out
    assert doctor.INSTALL_LOCAL in ran.out


def test_doctor_reports_a_broken_back_end_and_goes_on(nsr: Nsr, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> str:
        raise package.OperationalError(f"{name} fell over", "core dumped")

    monkeypatch.setattr(doctor, "_solve_on", broken)
    for name in ("_device", "_number_format"):
        monkeypatch.setattr(doctor, name, lambda name=name: doctor.Check(name, "ok", "not looked at"))
    monkeypatch.setattr(doctor, "_main_job", lambda: doctor.Check("a puzzle from its text", "failed", "no solver"))
    ran = nsr("doctor", "--json")
    assert ran.code == 1
    assert ran.json["ok"] is False
    broken_checks = [c for c in ran.json["checks"] if c["state"] == "failed"]
    back_ends = {f"back end {name}" for name in backend_names() if availability(name) is None}
    assert {c["name"] for c in broken_checks} == {*back_ends, "a puzzle from its text"}
    assert "core dumped" in broken_checks[0]["detail"]


@pytest.mark.usefixtures("weights")
def test_the_doctor_solves_a_puzzle() -> None:
    check = doctor._main_job()
    assert check.state == "ok", check.detail
    assert check.detail == "solved, confirmed"


# synth


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_synth(nsr: Nsr) -> None:
    ran = nsr("synth", "logic_grid", "--n", "3", "--seed", "1", "--size", "3", "--categories", "3")
    assert ran.code == 0, ran.err
    found = rows(ran.out)
    assert [r["id"] for r in found] == [f"logic_grid-train-1-{n}" for n in (1, 2, 3)]
    for row in found:
        assert len(row["solution"]["rows"]) == 3
        assert row["size"] == f"3x{len(row['solution']['header'])}"
        assert all(clue["text"].rstrip(".") in row["text"] for clue in row["clues"])


def test_synth_to_a_file_is_the_same_as_to_the_screen(nsr: Nsr, tmp_path: Path) -> None:
    args = ("synth", "logic_grid", "--n", "2", "--seed", "5", "--size", "3", "--split", "test")
    ran = nsr(*args, "--out", tmp_path / "out.jsonl")
    assert "2 problems" in ran.out
    assert rows((tmp_path / "out.jsonl").read_text(encoding="utf-8")) == rows(nsr(*args).out)


def plain(grid: dict[str, Any]) -> set[frozenset[str]]:
    """The rows of a grid as sets; numbers without their units, words without case and marks."""

    def cell(value: Any) -> str:
        digits = re.sub(r"[^\d.]", "", str(value))
        return digits or folded(str(value))

    return {frozenset(cell(value) for value in row) for row in grid["rows"]}


def test_generated_programs_have_their_solution(nsr: Nsr) -> None:
    with package.Engine(package.Options(confirm=False)) as engine:
        for row in rows(nsr("synth", "logic_grid", "--n", "6", "--seed", "2", "--size", "3").out):
            result = engine.run(row["program"], text=row["text"])
            assert result.status is package.Status.SOLVED, row["text"]
            assert plain(result.answer["table"]) == plain(row["solution"]), row["text"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("logic_gird",), "logic_grid"),
        (("logic_grid", "--split", "held-out"), "--split"),
        (("logic_grid", "--unseen-wordings"), "--split test"),
        (("logic_grid", "--n", "-1"), "--n"),
        (("logic_grid", "--out", "/nonexistent/out.jsonl"), "cannot be written"),
    ],
)
def test_synth_usage(nsr: Nsr, args: tuple[str, ...], said: str) -> None:
    ran = nsr("synth", *args)
    assert ran.code == 2
    assert said in ran.err


# train


def test_train_reports_and_says_how_to_use_the_result(
    nsr: Nsr, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import nsr.training as training

    seen: list[training.TrainingConfig] = []

    def fake(config: training.TrainingConfig, progress: Callable[[training.Progress], None]) -> Path:
        seen.append(config)
        progress(training.Progress(1, 0.5, 2.5, 1000.0))
        progress(training.Progress(2, 1.0, 1.25, 1000.0, 0.5, 0.25))
        return config.out

    monkeypatch.setattr(training, "train", fake)
    ran = nsr("train", "--out", tmp_path / "out", "--minutes", "2", "--seed", "3", "--hidden", "64", "--layers", "2")
    assert ran.code == 0, ran.err
    assert f"--model embedded:{tmp_path / 'out'}" in ran.out
    assert "held-out sentences right 50.0 %, unseen wordings 25.0 %" in ran.err
    [config] = seen
    assert (config.seconds, config.seed, config.shape.hidden, config.shape.heads) == (120, 3, 64, 2)
    assert config.checkpoints == tmp_path / "out" / "checkpoints"


def test_an_earlier_training_is_left_alone(nsr: Nsr, tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "checkpoint.pt").write_bytes(b"kept")
    ran = nsr("train", "--out", tmp_path)
    assert ran.code == 2
    assert "--resume" in ran.err
    assert (tmp_path / "checkpoints" / "checkpoint.pt").read_bytes() == b"kept"


@pytest.mark.parametrize("args", [("--minutes", "1", "--steps", "5"), ("--hidden", "50"), ("--minutes", "0")])
def test_train_usage(nsr: Nsr, tmp_path: Path, args: tuple[str, ...]) -> None:
    ran = nsr("train", "--out", tmp_path / "out", *args)
    assert ran.code == 2
    assert not (tmp_path / "out").exists()
