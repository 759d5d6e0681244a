"""Everything under `examples/` runs: puzzles against brute force and gold, programs against both back ends, scripts."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import nsr
from nsr.batch.scoring import grids_agree
from nsr.llm.registry import embedded_folder

EXAMPLES = Path(__file__).parent.parent / "examples"
PUZZLES = sorted(p.stem for p in (EXAMPLES / "puzzles").glob("*.txt"))
PROGRAMS = sorted(p.stem for p in (EXAMPLES / "programs").glob("*.nsr"))
needs_weights = pytest.mark.skipif(
    not (embedded_folder() / "model.safetensors").exists(), reason="the embedded weights are not in this checkout"
)


def gold_module() -> ModuleType:
    """The puzzles by hand; a script, so it is loaded from its file."""
    spec = importlib.util.spec_from_file_location("example_gold", EXAMPLES / "puzzles" / "gold.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["example_gold"] = module
    spec.loader.exec_module(module)
    return module


GOLD = gold_module()


def text_of(name: str) -> str:
    return (EXAMPLES / "puzzles" / f"{name}.txt").read_text(encoding="utf-8")


def gold_of(name: str) -> dict[str, Any]:
    grid: dict[str, Any] = json.loads((EXAMPLES / "puzzles" / f"{name}.gold.json").read_text(encoding="utf-8"))
    return grid


# Puzzles


def test_every_puzzle_has_a_twin_by_hand() -> None:
    assert set(GOLD.PUZZLES) == set(PUZZLES)
    assert len(PUZZLES) >= 8


@pytest.mark.parametrize("name", PUZZLES)
def test_puzzle_is_unique_and_irredundant(name: str) -> None:
    assert GOLD.report(name, GOLD.PUZZLES[name]) is None
    assert GOLD.PUZZLES[name].solutions() == [gold_of(name)]


@pytest.mark.parametrize("name", PUZZLES)
def test_twin_has_the_clues_of_the_text(name: str) -> None:
    listed = re.findall(r"^(?:\d+\.|[-*]) .*\.$", text_of(name), re.MULTILINE)
    clues = listed or text_of(name).split("\n\n")[1].split(". ")
    assert len(clues) == len(GOLD.PUZZLES[name].clues)
    words = text_of(name).lower()
    for heading, values in GOLD.PUZZLES[name].categories.items():
        # Places from 1 are counted in the text, not listed.
        assert values[0] == 1 or all(str(v).lower() in words for v in values), heading


@needs_weights
@pytest.mark.parametrize("name", PUZZLES)
def test_puzzle_is_solved_from_its_text(name: str) -> None:
    result = nsr.solve(text_of(name))
    assert result.status is nsr.Status.SOLVED, result.reason
    assert grids_agree(result.answer["table"], gold_of(name))
    assert result.answer["unique"] is True
    assert result.evidence.kind == "confirmed"
    quoted = {sentence for reason in result.explanation.reasons for sentence in reason.sentences}
    assert all(" ".join(sentence.split()) in " ".join(text_of(name).split()) for sentence in quoted)


# Programs


def expectations(source: str) -> dict[str, list[str]]:
    """The header comments, `# answer: ...` and so on; as many answers as there are questions."""
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^# (answer|status|core|solutions|objective|unmet): (.*)$", source, re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


def shape(answer: Any) -> Any:
    """An answer down to its assignments; several in an order that does not depend on the back end."""
    if isinstance(answer, list):
        return sorted((shape(a) for a in answer), key=lambda a: json.dumps(a, sort_keys=True))
    return answer["assignment"] if isinstance(answer, dict) and "assignment" in answer else answer


@pytest.mark.parametrize("backend", ["auto", "cpsat", "z3"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_program_gives_its_answer(name: str, backend: str) -> None:
    source = (EXAMPLES / "programs" / f"{name}.nsr").read_text(encoding="utf-8")
    expected = expectations(source)
    assert expected, "a program says what it answers"
    try:
        result = nsr.run(source, backend=backend)
    except nsr.ProgramError as refused:
        if backend == "auto" or any(d.code != "unsupported" for d in refused.diagnostics):
            raise
        pytest.skip(str(refused.diagnostics[0].message))
    assert result.status == expected.get("status", ["solved"])[0], result.reason
    assert not result.warnings
    if "answer" in expected:
        answers = [json.loads(a) for a in expected["answer"]]
        assert [shape(q.answer) for q in result.questions] == [shape(a) if isinstance(a, list) else a for a in answers]
    if "objective" in expected:
        assert result.answer["objective"] == json.loads(expected["objective"][0])
    if "unmet" in expected:
        assert len(result.answer["unmet"]) == int(expected["unmet"][0])
    if "core" in expected:
        assert set(result.evidence.core) == {label.strip() for label in expected["core"][0].split(",")}
    if "solutions" in expected:
        found = shape(result.answer)
        assert len(found) == int(expected["solutions"][0])
        assert len({json.dumps(a, sort_keys=True) for a in found}) == len(found)


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_is_in_canonical_form(name: str) -> None:
    from nsr.grammars.formatter import format_source

    source = (EXAMPLES / "programs" / f"{name}.nsr").read_text(encoding="utf-8")
    assert format_source(source) == source


# Scripts


def run_script(name: str, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *args], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_run_a_program() -> None:
    said = run_script("run_a_program.py")
    assert "q1: solved" in said
    assert "q2: solved, confirmed\n  {'opening': 'tue', 'survey': 'mon', 'panel': 'wed'}" in said
    assert "q3: no_solution" in said
    assert "early" in said.partition("q3")[2]
    assert "cta" in said.splitlines()[-1]


@needs_weights
def test_solve_a_puzzle() -> None:
    said = run_script("solve_a_puzzle.py")
    assert "Skipper" in said
    assert re.search(r"2 +Dmitri +ketch +salt", said)
    assert "Dmitri is at the second berth." in said


@needs_weights
def test_batch_and_score(tmp_path: Path) -> None:
    said = run_script("batch_and_score.py", str(tmp_path))
    assert f"{len(PUZZLES)} of {len(PUZZLES)} done" in said
    assert f"right {len(PUZZLES)}, wrong 0" in said
    assert len((tmp_path / "run" / "results.jsonl").read_text(encoding="utf-8").splitlines()) == len(PUZZLES)


def test_puzzle_script_checks_itself() -> None:
    assert f"{PUZZLES[0]}: one solution" in run_script("puzzles/gold.py")
