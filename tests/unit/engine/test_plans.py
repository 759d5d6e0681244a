"""What is planned for a question is what the engine then asks."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from nsr.engine.checking import parse_program
from nsr.engine.engine import Engine
from nsr.engine.goals import section
from nsr.engine.options import Options
from nsr.engine.plans import plan_of
from nsr.errors import ProgramError
from nsr.reformulations import Construct
from nsr.solvers import CoreJob, Job, Outcome
from nsr.testing.agreement import in_process
from nsr.testing.cases import WRITTEN_CASES

PARTS = 6
OPTIONS = Options(confirm=False, solutions=20)


@pytest.mark.parametrize("part", range(PARTS))
def test_planned_back_ends_are_those_asked(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Job, Outcome]] = []
    real = section.run

    async def recording(job: Job, **options: Any) -> Outcome:
        outcome = await real(job, **options)
        if not isinstance(job, CoreJob):
            asked.append((job, outcome))
        return outcome

    monkeypatch.setattr(section, "run", recording)
    looked_at = 0
    for case in WRITTEN_CASES[part::PARTS]:
        program = parse_program(case.program)
        plans = plan_of(program, OPTIONS)
        assert len(plans) == len(program.questions)
        asked.clear()
        with in_process():
            try:
                asyncio.run(Engine(OPTIONS).arun(program))
            except ProgramError:
                assert any(job.first is None for plan in plans for job in plan.jobs) or asked == [], case.name
                continue
        reached = {r.step.backend for plan in plans for job in plan.jobs for r in job.reaches if r.is_reached}
        first = {job.first for plan in plans for job in plan.jobs}
        for job, outcome in asked:
            assert outcome.backend in reached or not outcome.backend, f"{case.name}: {outcome.backend}, {reached}"
            if job is asked[0][0] and not outcome.notes and not outcome.sizes:
                assert outcome.backend in first, f"{case.name}: {outcome.backend}, planned {first}"
        looked_at += 1
    assert looked_at > 10


def test_needs_lead_to_their_statements() -> None:
    source = (
        "type Pet = {cat, dog}\n"
        "var age(Pet): int in 0..9\n"
        'constraint twice "Twice as old.": age(cat) == 2 * age(dog)\n'
        "constraint: abs(age(cat) - age(dog)) == 3\n"
        "prove: max(age(cat), age(dog)) > 5\n"
    )
    (plan,) = plan_of(parse_program(source))
    (job,) = plan.jobs
    where = {need.feature.construct: need.where for need in job.needs}
    assert [(p.name, p.line) for p in where[Construct.ABSOLUTE]] == [("constraint", 4)]
    assert ("twice", 3) in [(p.name, p.line) for p in where[Construct.LINEAR]]
    assert [(p.name, p.line) for p in where[Construct.EXTREMUM]] == [("the goal", 5)]


def test_what_drops_is_not_needed() -> None:
    source = (
        "var x: int in 0..9\nconstraint far: abs(x - 5) == 3\nquestion a\nfind one\nquestion b\ndrop far\nfind one\n"
    )
    first, second = plan_of(parse_program(source))
    assert Construct.ABSOLUTE in {need.feature.construct for need in first.jobs[0].needs}
    assert Construct.ABSOLUTE not in {need.feature.construct for need in second.jobs[0].needs}


def test_integers_without_bounds_and_reals() -> None:
    (plan,) = plan_of(parse_program("var x: real\nconstraint: x * x == 2\nfind unique\n"))
    (job,) = plan.jobs
    assert job.first == "z3"
    why = {reach.step.backend: reach.why_not() for reach in job.reaches}
    assert "real numbers" in why["cpsat"]
    assert why["z3"] == ""
