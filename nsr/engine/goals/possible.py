"""Formulas in some world: which of them there can be, and how that is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nsr.engine.goals.evidence import agreed_on, confirm_none
from nsr.engine.goals.section import Section, undecided
from nsr.engine.goals.small import small_evidence, small_outcome
from nsr.language import ir
from nsr.results import Evidence, EvidenceKind
from nsr.solvers import Claim, Outcome, SatisfiableJob
from nsr.verify import verify

__all__ = ["Possible", "possible"]


@dataclass(frozen=True, slots=True)
class Possible:
    """Which formulas some world makes true, such worlds, any world at all, and how that is known."""

    outcome: Outcome
    verdicts: tuple[bool, ...]
    worlds: tuple[ir.Structure | None, ...]
    evidence: Evidence

    @property
    def has_world(self) -> bool:
        """Whether there is a world."""
        return self.outcome.claim is Claim.SATISFIABLE

    @property
    def some_world(self) -> ir.Structure:
        """Any world."""
        return next(w for w in (*self.outcome.structures, *self.worlds) if w is not None)

    def sizes_of(self, world: ir.Structure) -> Mapping[str, int] | None:
        """How large the open types are in one of the worlds."""
        found = next((f for f in self.outcome.formulas if f.structure is world), None)
        return self.outcome.sizes if found is None else found.sizes


async def possible(
    section: Section, formulas: Sequence[ir.Term], derived: Callable[[Outcome], Evidence | None] | None = None
) -> Possible:
    """For each formula whether it is true in some world; worlds are evaluated, denials put to a second back end.

    Where `derived` has evidence of another kind for the outcome, no back end is asked.

    Raises:
        Undecided: if one of them stays so.
    """
    job = SatisfiableJob(section.program, section.number, tuple(formulas))
    small = small_outcome(section, job.formulas)
    outcome = small or await section.run(job)
    if small is None:
        verify(section.program, section.number, outcome, section.budget(), job.formulas)
    if outcome.claim is Claim.UNKNOWN or any(f.claim is Claim.UNKNOWN for f in outcome.formulas):
        raise undecided(outcome)
    verdicts = tuple(f.claim is Claim.SATISFIABLE for f in outcome.formulas)
    worlds = tuple(f.structure for f in outcome.formulas)
    evidence = derived(outcome) if derived is not None else None
    if evidence is None:
        evidence = small_evidence(small) if small is not None else await _agreed(section, job, outcome)
    return Possible(outcome, verdicts, worlds, evidence)


async def _agreed(section: Section, job: SatisfiableJob, outcome: Outcome) -> Evidence:
    """What a second back end says to the formulas that have no world; worlds have been checked."""
    agreed = agreed_on(outcome)
    denied = [
        formula
        for formula, found in zip(job.formulas, outcome.formulas, strict=True)
        if found.claim is Claim.UNSATISFIABLE
    ]
    if outcome.claim is Claim.UNSATISFIABLE:
        return agreed or await confirm_none(section, ir.TRUE, outcome.backend, "there is no world")
    if not denied:
        return Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend)
    if agreed is not None:
        return agreed
    any_of_them = denied[0] if len(denied) == 1 else ir.Or(tuple(denied))
    return await confirm_none(section, any_of_them, outcome.backend, "no world is otherwise")
