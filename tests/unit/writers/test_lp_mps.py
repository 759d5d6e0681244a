"""LP and MPS files, read by tools that know nothing of ours, have the answers that the programs have."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from nsr.engine.checking import parse_program
from nsr.errors import ProgramError
from nsr.results import QuestionResult, Status
from nsr.solvers import Gap
from nsr.testing.agreement import answers_of, options_for
from nsr.testing.cases import WRITTEN_CASES
from nsr.writers import write
from nsr.writers.names import Alphabet, Names
from nsr.writers.rows import decimal

PROGRAMS = {
    "mix": """
type Good = {chair, table}
var made(Good): real >= 0
constraint steel "There are 10 tons of steel.": 2*made(chair) + made(table) <= 10
constraint labour: made(chair) + 3*made(table) <= 15
maximize profit: 3*made(chair) + 4*made(table)
""",
    "thirds": "var x, y: real\nconstraint: x/3 + y/7 == 1/11\nconstraint: x - y <= 1/3\nmaximize x + y/10\n",
    "free": "var x: real\nvar y: int\nconstraint: x + y >= -7\nconstraint: y <= -2 and y >= -100\nminimize 2*x + y\n",
    "switch": """
var x: int in 0..20
var open: bool
constraint: x > 3 implies open
constraint: x <= 15
maximize 2*x - 9*(1 if open else 0)
""",
    "names": """
type Thing = {`e12`, `E12`, st, `a b`, `max: 3 x`, `x <= 3`, `żółw`}
var free(Thing): int in 0..3
constraint max "Ends a line \\\\ or not.": sum(free(t) for t in Thing) <= 11
maximize sum(free(t) for t in Thing)
""",
    "none": "var x: int in 0..3\nconstraint a: x >= 2\nconstraint b: x <= 1\nminimize x\n",
    "nothing": "constraint: 1 < 2\nfind one\n",
    "greatest": "var x, y: int in 0..9\nconstraint: x + y == 9\nminimize max(x, 2*y) + abs(x - 3)\n",
}

READ = """
import json, sys
from scipy.optimize._highspy import _core
out = []
for path in json.loads(sys.stdin.read()):
    highs = _core._Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", 0.0)
    read = highs.readModel(path)
    highs.run()
    out.append([str(read), str(highs.getModelStatus()), highs.getObjectiveValue()])
print(json.dumps(out))
"""


def read_by_highs(paths: list[Path]) -> list[list[object]]:
    """What HiGHS, in a process of its own, makes of files: how reading went, the status, the value."""
    done = subprocess.run(
        [sys.executable, "-c", READ],
        input=json.dumps([str(path) for path in paths]),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: list[list[object]] = json.loads(done.stdout.splitlines()[-1])
    return found


def read_by_ortools(text: str) -> tuple[str, float]:
    from ortools.linear_solver.python import model_builder

    model = model_builder.Model()
    assert model.import_from_mps_string(text)
    solver = model_builder.Solver("SCIP")
    status = solver.solve(model)
    return status.name, solver.objective_value if status.name == "OPTIMAL" else 0.0


@functools.cache
def result_of(source: str) -> QuestionResult | None:
    """The first result of a program, by Z3 alone; None where it does not take the program or stops at a limit."""
    try:
        found = answers_of(parse_program(source), options_for("z3"))[0]
    except ProgramError:
        return None
    return None if found.status in (Status.LIMIT, Status.FEASIBLE, Status.ABSTAINED) else found


def wanted(source: str) -> tuple[Status, float | None] | None:
    """The status, and the value of the objective in the units of the file."""
    found = result_of(source)
    if found is None:
        return None
    value = found.answer.get("objective") if isinstance(found.answer, dict) else None
    if isinstance(value, list):
        return None
    return found.status, None if value is None else float(Fraction(str(value)))


def units(text: str) -> int:
    """How many times the program's objective the file's is."""
    told = re.search(r"the objective is (\d+) times", text)
    return int(told.group(1)) if told else 1


def agrees(told: tuple[Status, float | None], status: str, value: float, scale: int) -> bool:
    if told[0] in (Status.NO_SOLUTION, Status.INCONSISTENT):
        return "nfeasible" in status or "INFEASIBLE" in status
    if told[0] is Status.UNBOUNDED:
        return "nbounded" in status or status in ("UNBOUNDED", "INFEASIBLE_OR_UNBOUNDED", "ABNORMAL")
    if not ("Optimal" in status or status == "OPTIMAL"):
        return "kModelEmpty" in status
    return told[1] is None or abs(value / scale - told[1]) <= 1e-6 * max(1.0, abs(told[1]))


def written(sources: dict[str, str], folder: Path) -> list[tuple[str, Path, str]]:
    out = []
    for name, source in sources.items():
        for to in ("lp", "mps"):
            try:
                text = write(parse_program(source), 0, to=to)
            except Gap:
                continue
            path = folder / f"{name}.{to}"
            path.write_text(text, encoding="utf-8")
            out.append((name, path, text))
    return out


def compare(sources: dict[str, str], folder: Path) -> int:
    """Hold all files to what the programs mean; how many there were."""
    files = written(sources, folder)
    for (name, path, text), (read, status, value) in zip(
        files, read_by_highs([path for _, path, _ in files]), strict=True
    ):
        told = wanted(sources[name])
        assert "kError" not in str(read), f"{path.name}: {read}\n{text}"
        if told is None or told[0] not in _COMPARED:
            continue
        assert isinstance(value, float | int)
        assert agrees(told, str(status), value, units(text)), f"{path.name}: {status} {value}, {told}\n{text}"
        if path.suffix == ".mps":
            assert agrees(told, *read_by_ortools(text), units(text)), f"{path.name}\n{text}"
    return len(files)


_COMPARED = {Status.OPTIMAL, Status.SOLVED, Status.NO_SOLUTION, Status.INCONSISTENT, Status.UNBOUNDED}


def test_files_have_the_answers_of_their_programs(tmp_path: Path) -> None:
    assert compare(PROGRAMS, tmp_path) == 2 * len(PROGRAMS)


def test_cases_have_the_answers_of_their_programs(tmp_path: Path) -> None:
    found = {
        case.name: case.program for case in WRITTEN_CASES if "imize" in case.program and "question" not in case.program
    }
    assert compare(found, tmp_path) > 25


@pytest.mark.slow
def test_all_cases_have_the_answers_of_their_programs(tmp_path: Path) -> None:
    found = {
        case.name: case.program
        for case in WRITTEN_CASES
        if "question" not in case.program and "drop" not in case.program
    }
    assert compare(found, tmp_path) > 300


def test_statements_and_names_are_told() -> None:
    text = write(parse_program(PROGRAMS["mix"]), 0, to="lp")
    assert "\\ steel: There are 10 tons of steel. | 2*made(chair) + made(table) <= 10" in text
    assert " steel: 2 made_chair + made_table <= 10" in text
    assert " obj: 3 made_chair + 4 made_table" in text


def test_no_name_can_change_a_file() -> None:
    for to, mark in (("lp", "\\"), ("mps", "*")):
        lines = write(parse_program(PROGRAMS["names"]), 0, to=to).splitlines()
        names = {word for line in lines if not line.startswith(mark) for word in line.split()}
        assert all(re.fullmatch(r"[A-Za-z0-9_.:'<>=+-]+", name) for name in names)


@pytest.mark.parametrize(
    ("source", "lacking"),
    [
        ("var x: int in 0..3\nminimize x\nmaximize x + 1\n", "several objectives"),
        ("var x: int in 0..3\nprove: x < 9\n", "more than one world"),
        ("var x, y: real\nconstraint: x * y == 2\nfind one\n", "products"),
        ("var x: real\nconstraint: x < 2\nfind one\n", "strict"),
        ("var b: bool\nvar x: real\nconstraint: b implies x <= 2\nfind one\n", "without bounds"),
    ],
)
def test_what_no_file_says_is_named(source: str, lacking: str) -> None:
    for to in ("lp", "mps"):
        with pytest.raises(Gap, match=lacking):
            write(parse_program(source), 0, to=to)


def test_decimals() -> None:
    told = {1: "1", -20: "-20", Fraction(1, 2): "0.5", Fraction(-7, 40): "-0.175", Fraction(10, 4): "2.5"}
    assert {value: decimal(value) for value in told} == told
    assert decimal(Fraction(1, 3)) is None
    assert decimal(10**20) is None


def test_names_are_unique_and_safe() -> None:
    names = Names(Alphabet(reserved=frozenset({"end"}), is_case_blind=True))
    found = [names.of(n, part) for n, part in enumerate(["a b", "a_b", "A B", "END", "1st", "-3", "", "żółw", "a_b_2"])]
    assert len({name.lower() for name in found}) == len(found)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in found)
    assert "end" not in {name.lower() for name in found}
    assert names.of(0, "a b") == found[0]
