"""Checking outcomes on the original program, independently of the solver that they come from.

Every assignment is evaluated: the declarations, every requirement, and for a formula that is said to be possible, the
formula. What says that there is none (no solution, no second one, a core) cannot be evaluated; a second back end is
asked, and if it has no answer, the claim stays a claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nsr.errors import UnsoundBackend
from nsr.language.enumerate import project
from nsr.language.evaluate import check_structure, holds
from nsr.language.ir import Find
from nsr.limits import Budget
from nsr.solvers import Claim, CoreJob, SolutionsJob, other_backend, run, run_sync

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Structure, Term
    from nsr.limits import Limits
    from nsr.solvers import Outcome

__all__ = ["VerifiedOutcome", "check_core", "confirm_no_other", "confirm_no_other_sync", "verify"]


@dataclass(frozen=True, slots=True)
class VerifiedOutcome:
    """An outcome whose assignments the evaluator accepts, and how many of them there are."""

    outcome: Outcome
    checked: int

    @property
    def structures(self) -> tuple[Structure, ...]:
        """The solutions, each of them checked."""
        return self.outcome.structures


def verify(
    program: Program,
    question: int,
    outcome: Outcome,
    budget: Budget | None = None,
    formulas: Sequence[Term] = (),
) -> VerifiedOutcome:
    """The outcome, every assignment in it having been evaluated on the original program.

    `formulas` are those of a `SatisfiableJob`; each is evaluated in the structure that is said to make it true.

    Raises:
        UnsoundBackend: when an assignment is no solution, two solutions are the same answer, or the outcome
            contradicts itself.
        BudgetExceeded: when the evaluation takes more than the budget.
    """
    budget = budget or Budget()
    section = program.questions[question]
    for structure in outcome.structures:
        _accept(program, question, outcome.backend, structure, budget)
    if outcome.claim is Claim.UNSATISFIABLE and outcome.structures:
        raise UnsoundBackend(f"`{outcome.backend}` says that there is no solution, and gives one")
    if isinstance(section.goal, Find) and len(outcome.structures) > 1:
        answers = {project(program, section.goal, structure, budget) for structure in outcome.structures}
        if len(answers) < len(outcome.structures):
            raise UnsoundBackend(f"`{outcome.backend}` gives the same answer twice")
    checked = len(outcome.structures)
    for number, found in enumerate(outcome.formulas):
        if found.structure is None:
            continue
        checked += 1
        _accept(program, question, outcome.backend, found.structure, budget)
        if formulas and not holds(formulas[number], found.structure, program, budget=budget):
            raise UnsoundBackend(f"`{outcome.backend}` calls formula {number + 1} possible where it is false")
    return VerifiedOutcome(outcome, checked)


def _accept(program: Program, question: int, backend: str, structure: Structure, budget: Budget) -> None:
    violated = check_structure(program, program.questions[question], structure, budget)
    if violated:
        names = ", ".join(violated[:5])
        raise UnsoundBackend(f"an assignment of `{backend}` does not satisfy {names}")


async def confirm_no_other(
    program: Program, question: int, outcome: Outcome, *, limits: Limits | None = None, seed: int = 0
) -> str | None:
    """The name of a second back end that finds the same, and no more; None if none could tell.

    What is confirmed is the outcome's "that is all": no solution at all, no second one, or not more than these.

    Raises:
        UnsoundBackend: when the second back end finds something else.
    """
    second = other_backend(program, outcome.backend)
    if second is None:
        return None
    again = await run(_again(program, question, outcome), limits=limits, backend=second, seed=seed)
    return _agreed(program, question, outcome, again)


def confirm_no_other_sync(
    program: Program, question: int, outcome: Outcome, *, limits: Limits | None = None, seed: int = 0
) -> str | None:
    """`confirm_no_other` for callers without an event loop."""
    second = other_backend(program, outcome.backend)
    if second is None:
        return None
    again = run_sync(_again(program, question, outcome), limits=limits, backend=second, seed=seed)
    return _agreed(program, question, outcome, again)


def _again(program: Program, question: int, outcome: Outcome) -> SolutionsJob:
    """The same question, asking for one solution more than there are said to be."""
    goal = program.questions[question].goal
    symbols, terms = (goal.symbols, goal.terms) if isinstance(goal, Find) else ((), ())
    return SolutionsJob(program, question, len(outcome.structures) + 1, symbols, terms)


def _agreed(program: Program, question: int, outcome: Outcome, again: Outcome) -> str | None:
    verify(program, question, again)
    goal = program.questions[question].goal if isinstance(program.questions[question].goal, Find) else Find()
    assert isinstance(goal, Find)
    first = {project(program, goal, structure) for structure in outcome.structures}
    second = {project(program, goal, structure) for structure in again.structures}
    if second - first:
        # The evaluator has accepted it, so the first back end has overlooked it.
        raise UnsoundBackend(f"`{outcome.backend}` has overlooked a solution that `{again.backend}` finds")
    if not again.is_complete:
        return None
    if first - second:
        raise UnsoundBackend(f"`{again.backend}` has overlooked a solution that `{outcome.backend}` finds")
    return again.backend


async def check_core(
    program: Program, question: int, core: Sequence[str], backend: str, *, limits: Limits | None = None, seed: int = 0
) -> str | None:
    """The name of a second back end that finds the core, alone, to be minimal and without a solution; else None.

    Raises:
        UnsoundBackend: when it finds a solution, or that less is enough.
    """
    second = other_backend(program, backend)
    if second is None or not core:
        return None
    again = await run(CoreJob(program, question, tuple(core)), limits=limits, backend=second, seed=seed)
    if again.claim is Claim.SATISFIABLE:
        raise UnsoundBackend(f"`{second}` finds a solution where `{backend}` gives a core")
    if again.claim is Claim.UNKNOWN or not again.is_complete:
        return None
    if set(again.core) != set(core):
        raise UnsoundBackend(f"the core of `{backend}` is not minimal: `{second}` does with less")
    return second
