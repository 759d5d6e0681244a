"""Every written case on every back end: held to what was found on paper, to enumeration, and to a file.

To write `matrix.txt` anew after a change that was meant: `NSR_UPDATE_GOLDEN=1 pytest tests/conformance/test_matrix.py`.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from nsr.engine.checking import parse_program
from nsr.results import QuestionResult
from nsr.solvers import backend_names
from nsr.testing.cases import WRITTEN_CASES
from nsr.testing.conformance import NoPlan, results_of, wrong_in

SNAPSHOT = Path(__file__).parent / "matrix.txt"
IS_UPDATE = bool(os.environ.get("NSR_UPDATE_GOLDEN"))
BLOCKS = 8


@cache
def known() -> dict[str, dict[str, str]]:
    """The cells of the file, by case and back end."""
    head, *lines = (line.split(" | ") for line in SNAPSHOT.read_text(encoding="utf-8").splitlines())
    return {name: dict(zip(head[1:], cells, strict=True)) for name, *cells in lines}


def cell(results: tuple[QuestionResult, ...] | NoPlan) -> str:
    if isinstance(results, NoPlan):
        return f"no plan: {results}"
    return ", ".join(result.status.value for result in results)


def written_anew() -> str:
    names = backend_names()
    lines = [
        " | ".join([case.name, *(cell(results_of(parse_program(case.program), name)) for name in names)])
        for case in WRITTEN_CASES
    ]
    return "\n".join([" | ".join(["case", *names]), *lines]) + "\n"


def test_the_file_has_every_case_once() -> None:
    if IS_UPDATE:
        SNAPSHOT.write_text(written_anew(), encoding="utf-8")
    assert list(known()) == [case.name for case in WRITTEN_CASES]
    for name, cells in known().items():
        assert tuple(cells) == backend_names()
        assert not all(told.startswith("no plan") for told in cells.values()), name


@pytest.mark.parametrize("backend", backend_names())
@pytest.mark.parametrize("block", range(BLOCKS))
def test_answers(backend: str, block: int) -> None:
    for case in WRITTEN_CASES[block::BLOCKS]:
        program = parse_program(case.program)
        results = results_of(program, backend)
        assert cell(results) == known()[case.name][backend], case.name
        if not isinstance(results, NoPlan):
            assert wrong_in(case, program, results) == []
