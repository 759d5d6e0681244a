"""A question without a world: the statements that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

from nsr.engine.goals.because import because
from nsr.engine.goals.derived import derived
from nsr.engine.goals.section import Section, confirmed, result
from nsr.language import ir
from nsr.results import QuestionResult, Status
from nsr.solvers import Claim, CoreJob, Outcome
from nsr.verify import check_core

__all__ = ["no_world"]


async def no_world(section: Section, outcome: Outcome) -> QuestionResult:
    """The result of a question without a world: a minimal core of statements, confirmed where that can be.

    To `prove` and `ask` the program is inconsistent, to other goals it has no solution.
    """
    is_claim = isinstance(section.question.goal, ir.Prove | ir.Ask)
    status = Status.INCONSISTENT if is_claim else Status.NO_SOLUTION
    found = await section.run(CoreJob(section.program, section.number))
    proved = derived(section, None, outcome.backend)
    evidence = proved or await confirmed(section, outcome, "there is no solution")
    if section.options.confirm and found.core:
        await check_core(
            section.program,
            section.number,
            found.core,
            found.backend,
            limits=section.limits,
            seed=section.options.seed,
        )
    core, reasons = await because(section, found.core)
    told = "No assignment satisfies all statements." if status is Status.NO_SOLUTION else "There is no world."
    return result(
        status,
        None,
        evidence.model_copy(update={"core": core}),
        told + (" These contradict each other:" if reasons else ""),
        reasons,
        reason=_why_none(section, core, is_minimal=found.claim is Claim.UNSATISFIABLE and found.is_complete),
    )


def _why_none(section: Section, core: Sequence[str], *, is_minimal: bool) -> str:
    """One sentence on why there is no world; an empty core leaves only the declarations and the rules."""
    if core or not is_minimal:
        return "the statements contradict each other"
    if section.program.rules_of(section.question):
        return "the rules allow no world, whatever else is stated: something would hold just because it does not"
    return "the declarations allow no world"
