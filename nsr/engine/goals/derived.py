"""Answers that a derivation backs: looked for, checked step by step, told in the problem's sentences."""

from __future__ import annotations

from nsr.engine.goals.section import Section
from nsr.explain.proofs import proof_steps
from nsr.language import ir
from nsr.limits import Budget, BudgetExceeded
from nsr.proofs.check import check
from nsr.proofs.search import derive
from nsr.results import Evidence, EvidenceKind

__all__ = ["DERIVATION", "derived"]

DERIVATION = "derivation"
"""What confirms an answer in the place of a second back end."""

SECONDS = 3.0
"""How long a derivation is looked for on a machine that is busy; the search counts its steps."""

CHECK_STEPS = 3_000_000
CHECK_SECONDS = 2.0
"""What the check of a derivation may take."""


def derived(section: Section, goal: ir.Term | None, backend: str) -> Evidence | None:
    """The evidence for a goal that holds in every world, or for a question without a world; None without a derivation.

    One that is found and not accepted is none, and noted.
    """
    if not section.options.confirm:
        return None
    program, question = section.program, section.question
    found = derive(program, question, goal, section.seconds(SECONDS))
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
    steps = proof_steps(program, question, goal, found)
    return Evidence(kind=EvidenceKind.CONFIRMED, backend=backend, confirmed_by=DERIVATION, proof=steps)
