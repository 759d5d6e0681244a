"""Answers that a derivation backs: looked for, checked step by step, told in the problem's sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from nsr.engine.goals.section import Section
from nsr.errors import WorkerCrashed
from nsr.explain.proofs import proof_steps
from nsr.language import ir
from nsr.limits import Budget, BudgetExceeded
from nsr.proofs.check import check
from nsr.proofs.reading import Decided
from nsr.proofs.search import STEPS, derive
from nsr.proofs.steps import Derivation, Step
from nsr.results import Evidence, EvidenceKind

__all__ = ["DERIVATION", "QUICK_STEPS", "Derived", "derived", "found_derivation"]

DERIVATION = "derivation"
"""What confirms an answer in the place of a second back end."""

QUICK_STEPS = 40_000
"""What a derivation may take that is looked for before anything else."""

SECONDS = 3.0
"""How long a derivation is looked for on a machine that is busy; the search counts its steps."""

PROVER_SECONDS = 10.0
"""How long a back end that gives derivations may look for one."""

CHECK_STEPS = 3_000_000
CHECK_SECONDS = 5.0
"""What the check of a derivation may take."""

MOST_TOLD = 2_000
"""Longer derivations are not told step by step."""


class Derived(NamedTuple):
    """A derivation that the checker accepts, and what it is as evidence."""

    evidence: Evidence
    steps: tuple[Step, ...]


def derived(section: Section, goal: ir.Term | None, backend: str) -> Evidence | None:
    """The evidence for a goal that holds in every world, or for a question without a world; None without a derivation.

    One that is found and not accepted is none, and noted.
    """
    found = found_derivation(section, goal, backend)
    return None if found is None else found.evidence


def found_derivation(
    section: Section, goal: ir.Term | None, backend: str, *, steps: int = STEPS, known: Decided | None = None
) -> Derived | None:
    """Like `derived`, with the steps of the derivation; the search for it takes so many, and starts from `known`."""
    if not section.options.confirm:
        return None
    program, question = section.program, section.question
    refused: list[str] = []
    for found in _derivations(section, goal, steps, known):
        if found is None:
            continue
        why = _refusal(section, goal, found)
        if why is None:
            told = () if len(found.steps) > MOST_TOLD else proof_steps(program, question, goal, found)
            notes = () if told else (f"the proof has {len(found.steps)} steps, each of them checked, and is not told",)
            evidence = Evidence(
                kind=EvidenceKind.CONFIRMED, backend=backend, confirmed_by=DERIVATION, proof=told, notes=notes
            )
            return Derived(evidence, found.steps)
        refused.append(why)
    section.routing.update(dict.fromkeys(why for why in refused if why))
    return None


def _derivations(
    section: Section, goal: ir.Term | None, steps: int, known: Decided | None
) -> Iterator[Derivation | None]:
    """Derivations from the search and, where it has had all its steps, from the back ends that give some."""
    yield derive(section.program, section.question, goal, section.seconds(SECONDS), steps=steps, known=known)
    if steps >= STEPS:
        yield from _asked(section, goal)


def _asked(section: Section, goal: ir.Term | None) -> Iterator[Derivation | None]:
    """What back ends find where the search gives up: long chains of rules, with nothing unknown."""
    program = section.program
    if goal is None or program.unknowns() or not program.relations():
        return
    from nsr.solvers.deriving import derivation, provers

    limits = replace(section.limits, wall_seconds=section.seconds(PROVER_SECONDS))
    for backend in provers():
        try:
            yield derivation(backend, program, section.question, goal, limits)
        except WorkerCrashed as crashed:
            section.routing[f"`{backend}` crashed on the way to a derivation: {crashed}"] = None


def _refusal(section: Section, goal: ir.Term | None, found: Derivation) -> str | None:
    """Why a derivation is not accepted, empty where its check takes too long; None if it is."""
    budget = Budget(steps=CHECK_STEPS, wall_seconds=section.seconds(CHECK_SECONDS))
    try:
        wrong = check(section.program, section.question, goal, found, budget)
    except BudgetExceeded:
        return ""
    return None if wrong is None else f"a derivation was found and refused: step {wrong.step + 1}: {wrong.why}"
