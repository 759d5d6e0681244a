"""Answers that a derivation backs: looked for, checked step by step, told in the problem's sentences."""

from __future__ import annotations

from typing import NamedTuple

from nsr.engine.goals.section import Section
from nsr.explain.proofs import proof_steps
from nsr.language import ir
from nsr.limits import Budget, BudgetExceeded
from nsr.proofs.check import check
from nsr.proofs.search import STEPS, derive
from nsr.proofs.steps import Step
from nsr.results import Evidence, EvidenceKind

__all__ = ["DERIVATION", "Derived", "derived", "found_derivation"]

DERIVATION = "derivation"
"""What confirms an answer in the place of a second back end."""

SECONDS = 3.0
"""How long a derivation is looked for on a machine that is busy; the search counts its steps."""

CHECK_STEPS = 3_000_000
CHECK_SECONDS = 2.0
"""What the check of a derivation may take."""


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


def found_derivation(section: Section, goal: ir.Term | None, backend: str, *, steps: int = STEPS) -> Derived | None:
    """Like `derived`, with the steps of the derivation; the search for it takes so many."""
    if not section.options.confirm:
        return None
    program, question = section.program, section.question
    found = derive(program, question, goal, section.seconds(SECONDS), steps=steps)
    if found is None:
        return None
    try:
        wrong = check(
            program, question, goal, found, Budget(steps=CHECK_STEPS, wall_seconds=section.seconds(CHECK_SECONDS))
        )
    except BudgetExceeded:
        return None
    if wrong is not None:
        section.routing[f"a derivation was found and refused: step {wrong.step + 1}: {wrong.why}"] = None
        return None
    told = proof_steps(program, question, goal, found)
    evidence = Evidence(kind=EvidenceKind.CONFIRMED, backend=backend, confirmed_by=DERIVATION, proof=told)
    return Derived(evidence, found.steps)
