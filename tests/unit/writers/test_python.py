"""Stand-alone scripts: run by another Python, they come to the answers that programs have here."""

from __future__ import annotations

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from written_cases import CASES, expected, text_of, worlds

from nsr.engine.checking import parse_program
from nsr.solvers import Gap
from nsr.writers import write

PARTS = 4
RUNNER = """
import contextlib, io, runpy, sys
for path in sys.argv[1:]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        runpy.run_path(path)
    print("=====", path)
    print(said.getvalue(), end="")
"""


def ran(folder: Path, scripts: dict[str, str]) -> dict[str, list[str]]:
    """What scripts print, all run by one Python that sees nothing of this project."""
    paths = {}
    for number, (name, text) in enumerate(scripts.items()):
        path = folder / f"script_{number}.py"
        path.write_text(text, encoding="utf-8")
        paths[str(path)] = name
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", RUNNER, *paths],
        capture_output=True, text=True, cwd=folder, timeout=250, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    out: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if line.startswith("===== "):
            current = out.setdefault(paths[line.removeprefix("===== ")], [])
        else:
            current.append(line)
    return out


def solutions(lines: list[str]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in lines:
        if re.fullmatch(r"solution \d+", line):
            found.append({})
        elif found and " = " in line:
            cell, _, value = line.partition(" = ")
            found[-1][cell] = value
    return found


def differs(kind: str, wanted: Any, lines: list[str]) -> bool:
    match kind:
        case "none":
            return "no solution" not in lines
        case "count":
            return len(solutions(lines)) != wanted
        case "some":
            return len(solutions(lines)) != 1
        case "optimum":
            told = [Fraction(line.split(" = ")[1]) for line in lines if line.startswith("objective")]
            return told != [Fraction(str(value)) for value in (wanted if isinstance(wanted, list) else [wanted])]
        case "verdicts":
            return [line.endswith(": possible") for line in lines] != list(wanted)
    raise AssertionError(kind)


@pytest.mark.parametrize("part", range(PARTS))
def test_scripts_answer_as_programs(part: int, tmp_path: Path) -> None:
    scripts, wanted, programs = {}, {}, {}
    for case in CASES[part::PARTS]:
        program = parse_program(case.program)
        what = expected(case, program)
        if what is not None and (text := text_of(case, "python")) is not None:
            scripts[case.name], wanted[case.name], programs[case.name] = text, what, program
    assert len(scripts) > 20
    checked = 0
    for name, lines in ran(tmp_path, scripts).items():
        assert not differs(*wanted[name], lines), f"{name}: {wanted[name]}\n" + "\n".join(lines) + scripts[name]
        known = worlds(programs[name])
        for solution in solutions(lines) if known is not None else ():
            assert any(world.items() <= solution.items() for world in known or ()), f"{name}: {solution}"
            checked += 1
    assert checked > 10


HOSTILE = """type Thing = {`a"b`, `c'd`, `e\\\\`, `{cell}`, `__import__('os')`}
var solver(Thing): 1..5 distinct
var cell, word, `print`, z3, `class`, `x); import os  #`: 0..1
constraint "A \\"quoted\\" sentence.": solver(`a"b`) == 3 and cell == 1
find unique solver, cell
"""


def test_names_reach_the_script_as_text_only(tmp_path: Path) -> None:
    program = parse_program(HOSTILE.replace("distinct\nvar", "\nvar"))
    text = write(program, 0, to="python")
    compile(text, "script", "exec")
    (lines,) = ran(tmp_path, {"hostile": text}).values()
    assert 'solver(a"b) = 3' in lines
    assert "cell = 1" in lines
    imports = [line for line in text.splitlines() if line.startswith(("import", "from"))]
    assert imports == ["from fractions import Fraction", "import z3"]


def test_values_that_all_solutions_share(tmp_path: Path) -> None:
    source = "type P = {a, b}\nvar f(P): 1..2 distinct\nvar g: P optional\nconstraint: f(a) == 1\n"
    source += "constraint: g == none\ncompute f(a) + 2 * f(b), f(b), g\n"
    (lines,) = ran(tmp_path, {"x": write(parse_program(source), 0, to="python")}).values()
    assert lines == ["f(a) + 2 * f(b) = 5", "f(b) = 2", "g = none"]


def test_answers_of_a_query(tmp_path: Path) -> None:
    source = "type P = {a, b, c}\nvar f(P): 1..3 distinct\nconstraint: f(a) < f(b)\nask f(X) != 1\n"
    (lines,) = ran(tmp_path, {"x": write(parse_program(source), 0, to="python")}).values()
    assert "X = a: possible" in lines
    assert "X = b: possible" in lines
    assert "not (X = b): impossible" in lines


def test_deep_and_long_formulas(tmp_path: Path) -> None:
    deep = "x == 1"
    for _ in range(40):
        deep = f"(not ({deep}) or x == 2)"
    long = " + ".join(["x"] * 3000)
    source = f"var x: 0..3\nconstraint: {deep}\nconstraint: {long} >= 3000\nfind one\n"
    (lines,) = ran(tmp_path, {"x": write(parse_program(source), 0, to="python")}).values()
    assert solutions(lines)


@pytest.mark.parametrize(
    "source",
    [
        "type T\nconst a: T\npred p(T)\nprove: forall x in T: p(x)\n",
        "var x: 0..3\ncompute count(n for n in 0..3 if possible(x == n))\n",
        "var x: 0..3\nchoose forces x > 1\noption A: x == 2\noption B: x == 1\n",
    ],
)
def test_what_cannot_be_said_is_refused(source: str) -> None:
    with pytest.raises(Gap):
        write(parse_program(source), 0, to="python")
