"""Claims over open types with a short derivation: no long refutation is waited for, and the core stays minimal."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from nsr.engine.checking import parse_program
from nsr.engine.engine import Engine
from nsr.engine.goals import section as sections
from nsr.engine.goals.because import from_premises
from nsr.engine.goals.section import Section
from nsr.engine.options import Options
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.proofs.search import derive
from nsr.proofs.steps import ByPremise, Step
from nsr.results import EvidenceKind, Status
from nsr.solvers import CoreJob, run

PREMISES = """type Thing may_coincide
const jane, kim: Thing
pred cat(Thing), likes(Thing, Thing), loud(Thing)
premise a: forall x in Thing: cat(x) implies loud(x)
premise b: forall x in Thing: loud(x) implies not likes(jane, x)
premise c: forall x in Thing: cat(x) implies likes(kim, x)
premise d: cat(kim)
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of jobs that a question has put to the solvers."""
    kinds: list[str] = []

    async def noted(job: Any, **how: Any) -> Any:
        kinds.append(type(job).__name__)
        return await run(job, **how)

    monkeypatch.setattr(sections, "run", noted)
    return kinds


@pytest.mark.parametrize(
    ("claim", "status", "core"),
    [
        ("not likes(jane, kim)", Status.ENTAILED, ("a", "b", "d")),
        ("likes(jane, kim)", Status.REFUTED, ("a", "b", "d")),
        ("exists x in Thing: likes(kim, x)", Status.ENTAILED, ("c", "d")),
        ("likes(kim, jane)", Status.UNDETERMINED, ()),
    ],
)
def test_a_core_needs_no_solver_that_refutes(
    asked: list[str], claim: str, status: Status, core: tuple[str, ...]
) -> None:
    with Engine() as engine:
        found = engine.run(f"{PREMISES}prove {claim}\n").questions[0]
    assert found.status is status
    assert found.evidence.core == core
    assert CoreJob.__name__ not in asked
    if core:
        assert (found.evidence.kind, found.evidence.confirmed_by) == (EvidenceKind.CONFIRMED, "derivation")
        assert found.evidence.worlds


def test_premises_without_a_world_are_told_so_although_anything_follows() -> None:
    with Engine() as engine:
        found = engine.run(f"{PREMISES}premise e: not loud(kim)\nprove likes(jane, jane)\n").questions[0]
    assert found.status is Status.INCONSISTENT
    assert found.evidence.core == ("a", "d", "e")


def test_a_derivation_that_takes_more_than_it_must_gives_no_core() -> None:
    section, denied, steps = _derived("not likes(jane, kim)")
    needless = Step((), ByPremise("c"))
    assert asyncio.run(from_premises(section, steps, denied)) == ("a", "b", "d", denied.name)
    assert asyncio.run(from_premises(section, (*steps, needless), denied)) is None
    facts = replace(section.program.questions[0], facts=(ir.Facts("f", "cat", ()),))
    with_facts = replace(section, program=replace(section.program, questions=(facts,)))
    assert asyncio.run(from_premises(with_facts, steps, denied)) is None


def _derived(claim: str) -> tuple[Section, ir.Requirement, tuple[Step, ...]]:
    program = parse_program(f"{PREMISES}prove {claim}\n")
    goal = program.questions[0].goal
    assert isinstance(goal, ir.Prove)
    found = derive(program, program.questions[0], goal.formula)
    assert found is not None
    denied = ir.Requirement("the opposite", "assume", ir.Not(goal.formula))
    return Section(program, 0, Options(), Spelling()), denied, found.steps
