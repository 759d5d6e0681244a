"""The wall limit is for the whole question: each of its solves gets what those before have left."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

import nsr
from nsr import limits
from nsr.engine.checking import parse_program
from nsr.engine.goals.section import Section
from nsr.limits import LimitKind, Limits, Stopwatch
from nsr.results import EvidenceKind
from nsr.solvers import Claim, Job, Outcome, SolutionsJob, run, run_sync, strategies
from nsr.workers import request

CLASH = "var x: 1..2\nconstraint a: x == 1\nconstraint b: x == 2\nfind one"
WITHOUT_DERIVATION = "var x, y: 0..99\nconstraint a: 2 * x == 2 * y + 1\nfind one"


class Hours:
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Hours:
    hours = Hours()
    monkeypatch.setattr(limits, "time", hours)
    return hours


@pytest.fixture
def given(clock: Hours, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The wall seconds of each solve; every one takes 12 seconds, and 3 more until a worker is there."""
    seconds: list[float] = []

    async def slow(family: Any, data: Any, allowed: Limits) -> dict[str, Any]:
        seconds.append(allowed.wall_seconds)
        reply = await request(family, data, replace(allowed, wall_seconds=30.0))
        clock.now += 15
        return {**reply, "waited": 3.0}

    monkeypatch.setattr(strategies, "request", slow)
    return seconds


def test_what_is_left_out_does_not_count(clock: Hours) -> None:
    watch = Stopwatch()
    clock.now += 5
    watch.leave_out(2)
    assert watch.seconds == 3
    assert Limits(10, 60, 100).after(watch) == Limits(7, 60, 100)
    clock.now += 20
    assert Limits(10, 60, 100).after(watch) == Limits(0, 60, 100)


def test_solves_of_a_question_share_its_time(given: list[float]) -> None:
    found = nsr.run(WITHOUT_DERIVATION, limits=Limits(wall_seconds=30))
    assert found.status.value == "no_solution"
    assert given == [30.0, 18.0, 6.0]


def test_the_answer_stands_where_no_time_is_left_to_confirm_it(given: list[float]) -> None:
    found = nsr.run(WITHOUT_DERIVATION, limits=Limits(wall_seconds=12))
    assert given == [12.0]
    assert found.status.value == "no_solution"
    assert found.evidence.kind is EvidenceKind.CLAIMED


def test_every_question_has_its_own_time(given: list[float]) -> None:
    nsr.run("var x: 1..2\nquestion a\nfind one\nquestion b\nfind one", limits=Limits(wall_seconds=20), confirm=False)
    assert given == [20.0, 20.0]


def test_some_solutions_are_not_said_to_be_all_when_time_ended_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Section.run

    async def stopped(self: Section, job: Job) -> Outcome:
        return replace(await asked(self, job), is_complete=False, limit=LimitKind.WALL)

    whole = nsr.run("var x: 1..3\nfind 5")
    assert (whole.status.value, whole.explanation.summary) == ("solved", "3 solutions, no more.")
    assert whole.evidence.kind is EvidenceKind.CONFIRMED
    monkeypatch.setattr(Section, "run", stopped)
    part = nsr.run("var x: 1..3\nfind 5")
    assert (part.status.value, len(part.answer)) == ("limit", 3)
    assert part.reason == "at least 3 solutions; stopped by the wall limit, there may be more"
    assert nsr.run("var x: 1..3\nfind 2").status.value == "solved"


@pytest.mark.parametrize("is_sync", [True, False])
def test_no_worker_is_asked_without_time(is_sync: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategies, "request", None)
    job: Job = SolutionsJob(parse_program(CLASH))
    none = Limits(wall_seconds=0)
    outcome: Outcome = run_sync(job, limits=none) if is_sync else asyncio.run(run(job, limits=none))
    assert (outcome.claim, outcome.limit) == (Claim.UNKNOWN, LimitKind.WALL)
