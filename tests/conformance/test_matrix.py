"""Every written case on every back end: held to what was found on paper, to enumeration, and to a file.

To write `matrix.txt` and `docs/matrix.md` anew after a change that was meant:
`NSR_UPDATE_GOLDEN=1 pytest tests/conformance/test_matrix.py`, or `python -m nsr.testing.matrix`.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from nsr.engine.checking import parse_program
from nsr.reformulations import Construct, Feature
from nsr.solvers import backend_names, get_backend
from nsr.testing import matrix
from nsr.testing.cases import WRITTEN_CASES
from nsr.testing.conformance import NoPlan, results_of, wrong_in

ROOT = Path(__file__).parents[2]
SNAPSHOT, PAGE = ROOT / matrix.SNAPSHOT, ROOT / matrix.PAGE
IS_UPDATE = bool(os.environ.get("NSR_UPDATE_GOLDEN"))
BLOCKS = 8


@cache
def known() -> dict[str, dict[str, str]]:
    """The cells of the file, by case and back end."""
    return matrix.read(SNAPSHOT.read_text(encoding="utf-8"))


def test_the_file_has_every_case_once() -> None:
    if IS_UPDATE:
        SNAPSHOT.write_text(matrix.measured(), encoding="utf-8")
    assert list(known()) == [case.name for case in WRITTEN_CASES]
    for name, cells in known().items():
        assert tuple(cells) == backend_names()
        assert not all(told.startswith("no plan") for told in cells.values()), name


def test_the_page_is_made_from_the_file() -> None:
    page = matrix.page(SNAPSHOT.read_text(encoding="utf-8"))
    if IS_UPDATE:
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def test_the_page_follows_the_declarations(monkeypatch: pytest.MonkeyPatch) -> None:
    text = SNAPSHOT.read_text(encoding="utf-8")
    before = matrix.page(text)
    backend = get_backend("z3")
    fewer = backend.spec.native - {Feature(Construct.REAL, f.position) for f in backend.spec.native}
    monkeypatch.setattr(type(backend), "spec", type(backend).spec.__class__(**{
        **{name: getattr(backend.spec, name) for name in backend.spec.__dataclass_fields__}, "native": fewer
    }))  # fmt: skip
    after = matrix.page(text)
    changed = [line for line in before.splitlines() if line not in after.splitlines()]
    assert any(line.startswith("| real numbers |") for line in changed)


@pytest.mark.parametrize("backend", backend_names())
@pytest.mark.parametrize("block", range(BLOCKS))
def test_answers(backend: str, block: int) -> None:
    for case in WRITTEN_CASES[block::BLOCKS]:
        program = parse_program(case.program)
        results = results_of(program, backend)
        assert matrix.cell(results) == known()[case.name][backend], case.name
        if not isinstance(results, NoPlan):
            assert wrong_in(case, program, results) == []
