"""How an answer is known: what a second back end says to "that is all" and "there is none"."""

from __future__ import annotations

from collections.abc import Sequence

from nsr.engine.goals.section import Section
from nsr.language import ir
from nsr.language.open_types import open_sorts
from nsr.results import Evidence, EvidenceKind
from nsr.solvers import Outcome
from nsr.verify import confirm_no_other, confirm_no_world

__all__ = ["agreed_on", "combined", "confirm_none", "confirmed"]


async def confirmed(section: Section, outcome: Outcome, claim: str) -> Evidence:
    """The evidence for "that is all", after a second back end has been asked, if it has not been already."""
    if (agreed := agreed_on(outcome)) is not None:
        return agreed
    if not section.options.confirm:
        return Evidence(kind=EvidenceKind.CLAIMED, backend=outcome.backend)
    if open_sorts(section.program) and not outcome.structures:
        return await confirm_none(section, ir.TRUE, outcome.backend, claim)
    second = await confirm_no_other(
        section.program,
        section.number,
        outcome,
        limits=section.limits,
        seed=section.options.seed,
        budget=section.budget(),
    )
    if second is None:
        return _alone(outcome.backend, claim)
    return Evidence(kind=EvidenceKind.CONFIRMED, backend=outcome.backend, confirmed_by=second)


def agreed_on(outcome: Outcome) -> Evidence | None:
    """The evidence for an outcome that several back ends have come to, or that exact numbers prove; else None."""
    other = next((name for name in outcome.agreed if name != outcome.backend), outcome.certificate or None)
    if other is None:
        return None
    return Evidence(kind=EvidenceKind.CONFIRMED, backend=outcome.backend, confirmed_by=other)


def _alone(backend: str, claim: str) -> Evidence:
    return Evidence(kind=EvidenceKind.CLAIMED, backend=backend, notes=(f"that {claim} rests on {backend} alone",))


async def confirm_none(section: Section, formula: ir.Term, backend: str, claim: str) -> Evidence:
    """The evidence for "no world makes this true", after a back end other than `backend` has been asked.

    Raises:
        UnsoundBackend: when it finds such a world.
    """
    if not section.options.confirm:
        return Evidence(kind=EvidenceKind.CLAIMED, backend=backend)
    second = await confirm_no_world(
        section.program,
        section.number,
        formula,
        backend,
        claim=claim,
        limits=section.limits,
        seed=section.options.seed,
        budget=section.budget(),
    )
    if second is None:
        return _alone(backend, claim)
    return Evidence(kind=EvidenceKind.CONFIRMED, backend=backend, confirmed_by=second)


_STRENGTH = (EvidenceKind.CHECKED, EvidenceKind.CONFIRMED, EvidenceKind.CLAIMED)


def combined(parts: Sequence[Evidence]) -> Evidence:
    """What is known when an answer rests on all of these: the weakest, with every note once."""
    weakest = max(parts, key=lambda e: _STRENGTH.index(e.kind) if e.kind is not None else len(_STRENGTH))
    notes = tuple(dict.fromkeys(n for e in parts for n in e.notes))
    return weakest.model_copy(update={"notes": notes})
