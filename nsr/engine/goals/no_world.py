"""A question without a world: the statements that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

from nsr.engine.goals.because import because
from nsr.engine.goals.derived import QUICK_STEPS, derived, found_derivation
from nsr.engine.goals.evidence import confirmed
from nsr.engine.goals.section import Section, result
from nsr.engine.goals.small import has_no_world
from nsr.language import ir
from nsr.results import BY_CASES, Evidence, EvidenceKind, QuestionResult, Status
from nsr.solvers import Claim, CoreJob, Outcome
from nsr.verify import CoreCheck, check_core

__all__ = ["checked_core", "no_world"]


async def no_world(section: Section, outcome: Outcome) -> QuestionResult:
    """The result of a question without a world: a minimal core of statements, confirmed where that can be.

    To `prove` and `ask` the program is inconsistent, to other goals it has no solution.
    """
    is_claim = isinstance(section.question.goal, ir.Prove | ir.Ask)
    status = Status.INCONSISTENT if is_claim else Status.NO_SOLUTION
    found = await section.run(CoreJob(section.program, section.number))
    checked = await checked_core(section, found)
    evidence = _proved(section, outcome.backend) or _by_core(outcome, found, checked)
    evidence = evidence or await confirmed(section, outcome, "there is no solution")
    core, reasons = await because(section, found.core)
    told = "No assignment satisfies all statements." if status is Status.NO_SOLUTION else "There is no world."
    return result(
        status,
        None,
        evidence.model_copy(update={"core": core, "notes": (*evidence.notes, *_notes(evidence, found, core, checked))}),
        told + (" These contradict each other:" if reasons else ""),
        reasons,
        reason=_why_none(section, core, is_minimal=found.claim is Claim.UNSATISFIABLE and found.is_complete),
    )


def _proved(section: Section, backend: str) -> Evidence | None:
    """A derivation; where that would take long, a case distinction in its place."""
    quick = found_derivation(section, None, backend, steps=QUICK_STEPS)
    if quick is not None:
        return quick.evidence
    if has_no_world(section):
        return Evidence(kind=EvidenceKind.CONFIRMED, backend=backend, confirmed_by=BY_CASES)
    return derived(section, None, backend)


async def checked_core(section: Section, found: Outcome) -> CoreCheck | None:
    """What a core has been shown to be; None if there is none, or nothing is to be confirmed."""
    if not section.options.confirm or not found.core:
        return None
    return await check_core(
        section.program,
        section.number,
        found.core,
        found.backend,
        is_minimal=found.is_complete,
        limits=section.limits,
        seed=section.options.seed,
    )


def _by_core(outcome: Outcome, found: Outcome, checked: CoreCheck | None) -> Evidence | None:
    """What has no world in part has none as a whole: a second back end that has seen to the core is enough."""
    if checked is None or checked.refuted_by is None or outcome.agreed or outcome.certificate:
        return None
    second = checked.refuted_by if checked.refuted_by != outcome.backend else found.backend
    return Evidence(kind=EvidenceKind.CONFIRMED, backend=outcome.backend, confirmed_by=second)


def _notes(evidence: Evidence, found: Outcome, core: Sequence[str], checked: CoreCheck | None) -> list[str]:
    """What could not be shown of the statements named: that they are enough, that all of them are needed."""
    used = {label for step in evidence.proof for label in step.labels}
    is_told = evidence.kind is EvidenceKind.CLAIMED or (bool(evidence.proof) and used <= set(core))
    notes = []
    if checked is not None and checked.refuted_by is None and not is_told:
        notes.append(f"that these statements contradict each other rests on {found.backend} alone")
    if found.core and not (found.is_complete if checked is None else checked.is_minimal):
        notes.append("the statements that contradict each other are not shown to be minimal")
    return notes


def _why_none(section: Section, core: Sequence[str], *, is_minimal: bool) -> str:
    """One sentence on why there is no world; an empty core leaves only the declarations and the rules."""
    if core or not is_minimal:
        return "the statements contradict each other"
    if section.program.rules_of(section.question):
        return "the rules allow no world, whatever else is stated: something would hold just because it does not"
    return "the declarations allow no world"
