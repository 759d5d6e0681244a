"""Every written case on every back end: held to what was found on paper, to enumeration, and to a file.

To write `matrix.txt` anew after a change that was meant: `NSR_UPDATE_GOLDEN=1 pytest tests/conformance/test_matrix.py`.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from nsr.engine.checking import parse_program
from nsr.errors import ProgramError
from nsr.language import ir
from nsr.results import QuestionResult
from nsr.solvers import backend_names
from nsr.testing.agreement import Incomparable, answers_of, disagreement, options_for
from nsr.testing.cases import WRITTEN_CASES, Case, fits

SNAPSHOT = Path(__file__).parent / "matrix.txt"
IS_UPDATE = bool(os.environ.get("NSR_UPDATE_GOLDEN"))
BLOCKS = 8
MOST = 60


def answered(program: ir.Program, backend: str) -> tuple[QuestionResult, ...] | str:
    """The results of a program on a back end, or what keeps it away."""
    try:
        return answers_of(program, options_for(backend, solutions=MOST))
    except ProgramError as error:
        (refused,) = error.diagnostics
        if refused.code != "unsupported":
            raise
        return "no plan: " + refused.message.partition(": ")[2]


@cache
def known() -> dict[str, dict[str, str]]:
    """The cells of the file, by case and back end."""
    head, *lines = (line.split(" | ") for line in SNAPSHOT.read_text(encoding="utf-8").splitlines())
    return {name: dict(zip(head[1:], cells, strict=True)) for name, *cells in lines}


def cell(results: tuple[QuestionResult, ...] | str) -> str:
    return results if isinstance(results, str) else ", ".join(result.status.value for result in results)


def written_anew() -> str:
    names = backend_names()
    lines = [
        " | ".join([case.name, *(cell(answered(parse_program(case.program), name)) for name in names)])
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
        results = answered(program, backend)
        assert cell(results) == known()[case.name][backend], case.name
        if isinstance(results, tuple):
            as_found_on_paper(case, results)
            as_by_enumeration(case, program, results)


def as_found_on_paper(case: Case, results: tuple[QuestionResult, ...]) -> None:
    assert len(case.told) in (0, len(results)), case.name
    for told, result in zip(case.told, results, strict=False):
        assert fits(told, result.status.value, result.answer), (case.name, told, result.status, result.answer)


def as_by_enumeration(case: Case, program: ir.Program, results: tuple[QuestionResult, ...]) -> None:
    for number, result in enumerate(results):
        try:
            assert disagreement(program, number, result, MOST) is None, case.name
        except Incomparable:
            continue
