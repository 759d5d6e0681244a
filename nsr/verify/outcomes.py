"""Checking outcomes on the original program, independently of the solver that they come from.

Every assignment is evaluated: the declarations, every requirement, and for a formula that is said to be possible, the
formula. What says that there is none (no solution, no second one) cannot be evaluated; a second back end is asked, and
if it has no answer, the claim stays a claim.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from nsr.errors import UnsoundBackend
from nsr.language.evaluate import check_structure, evaluate, holds
from nsr.language.ir import Find, Requirement
from nsr.language.open_types import at_sizes
from nsr.language.projection import project
from nsr.limits import Budget, BudgetExceeded
from nsr.solvers import (
    AskJob,
    Claim,
    CoreJob,
    Gap,
    OptimizeJob,
    SatisfiableJob,
    SolutionsJob,
    objectives_of,
    run,
)
from nsr.solvers.jobs import RefuteJob

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.language.ir import Bound, Program, Structure, Term
    from nsr.limits import Limits
    from nsr.solvers import Job, Outcome

__all__ = [
    "VerifiedOutcome",
    "confirm_no_other",
    "verify",
    "verify_bindings",
    "verify_job",
]


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

    `formulas` are those of a `SatisfiableJob`; each is evaluated in the structure that is said to make it true. Values
    of objectives are computed anew, and a binding is tried in the worlds that are given for it.

    Raises:
        UnsoundBackend: when an assignment is no solution, two solutions are the same answer, a value is not the one
            computed, or the outcome contradicts itself.
        BudgetExceeded: when the evaluation takes more than the budget.
    """
    budget = budget or Budget()
    backend = outcome.backend
    sized = _at_sizes(program, outcome.sizes)
    for structure in outcome.structures:
        _accept(sized, question, backend, structure, budget)
    if outcome.claim is Claim.UNSATISFIABLE and outcome.structures:
        raise UnsoundBackend(f"`{backend}` says that there is no solution, and gives one")
    _differ(sized, question, outcome, budget)
    _has_values(sized, question, outcome, budget)
    checked = len(outcome.structures)
    for number, found in enumerate(outcome.formulas):
        if found.structure is None:
            continue
        checked += 1
        if not formulas:
            _accept(_at_sizes(program, found.sizes), question, backend, found.structure, budget)
            continue
        asked = _at_sizes(_with_formula(program, question, formulas[number]), found.sizes)
        violated = check_structure(asked, asked.questions[question], found.structure, budget)
        if violated == (FORMULA,):
            raise UnsoundBackend(f"`{backend}` calls formula {number + 1} possible where it is false")
        _refuse(backend, violated)
    return VerifiedOutcome(outcome, checked)


def verify_job(job: Job, outcome: Outcome, budget: Budget | None = None) -> None:
    """Check an outcome as its job asks for it: worlds, values of objectives, formulas, bindings.

    Cores and refutations have nothing in them that could be evaluated.

    Raises:
        UnsoundBackend, BudgetExceeded: as `verify` does.
    """
    match job:
        case CoreJob() | RefuteJob():
            return
        case SatisfiableJob(program, question, formulas):
            verify(program, question, outcome, budget, formulas)
        case AskJob(program, question, binders, body):
            verify(program, question, outcome, budget)
            verify_bindings(program, question, binders, body, outcome, budget)
        case SolutionsJob(program, question) | OptimizeJob(program, question):
            verify(program, question, outcome, budget)
        case _:
            assert_never(job)


FORMULA = "the formula"
"""The name of the requirement that a formula of a job is put in as; no label has blanks."""


def _with_formula(program: Program, question: int, formula: Term) -> Program:
    """The program in which a formula is one more requirement of a question."""
    asked = program.questions[question]
    more = replace(asked, requirements=(*asked.requirements, Requirement(FORMULA, "assume", formula)))
    return program.with_question(question, more)


def _at_sizes(program: Program, sizes: Mapping[str, int] | None) -> Program:
    return at_sizes(program, sizes) if sizes else program


def _accept(program: Program, question: int, backend: str, structure: Structure, budget: Budget) -> None:
    _refuse(backend, check_structure(program, program.questions[question], structure, budget))


def _refuse(backend: str, violated: Sequence[str]) -> None:
    if violated:
        names = ", ".join(violated[:5])
        raise UnsoundBackend(f"an assignment of `{backend}` does not satisfy {names}")


def _differ(program: Program, question: int, outcome: Outcome, budget: Budget) -> None:
    """Solutions of a search differ in what it asks for."""
    goal = program.questions[question].goal
    if isinstance(goal, Find) and len(outcome.structures) > 1:
        answers = {project(program, goal, structure, budget) for structure in outcome.structures}
        if len(answers) < len(outcome.structures):
            raise UnsoundBackend(f"`{outcome.backend}` gives the same answer twice")


def _has_values(program: Program, question: int, outcome: Outcome, budget: Budget) -> None:
    """The objectives have the values that are claimed, and none that is better than its bound."""
    if not outcome.objectives or not outcome.structures:
        return
    structure = outcome.structures[0]
    objectives = objectives_of(program, question)
    for objective, found in zip(objectives, outcome.objectives, strict=False):
        value = evaluate(objective.term, structure, program, budget=budget)
        if found.value is not None and value != found.value:
            told = f"`{outcome.backend}` gives {found.value} as the value of `{objective.name}`, which is {value}"
            raise UnsoundBackend(told)
        if found.value is None or found.bound is None:
            continue
        if found.value < found.bound if objective.kind == "minimize" else found.value > found.bound:
            raise UnsoundBackend(f"`{outcome.backend}` gives a value of `{objective.name}` beyond its bound")


def verify_bindings(
    program: Program,
    question: int,
    binders: Sequence[Bound],
    body: Term,
    outcome: Outcome,
    budget: Budget | None = None,
) -> None:
    """Try the bindings of an `AskJob` in the worlds given for them.

    Raises:
        UnsoundBackend: when one of these is no world, or the body has not the truth value claimed there.
        BudgetExceeded: when the evaluation takes more than the budget.
    """
    budget = budget or Budget()
    sized = _at_sizes(program, outcome.sizes)
    names = [bound.variable.name for bound in binders]
    seen: set[int] = set()
    for found in outcome.bindings:
        values = dict(zip(names, found.values, strict=True))
        for world, truth in ((found.witness, True), (found.counterexample, False)):
            if world is None:
                continue
            if id(world) not in seen:
                seen.add(id(world))
                _accept(sized, question, outcome.backend, world, budget)
            if holds(body, world, sized, values, budget) is not truth:
                raise UnsoundBackend(f"`{outcome.backend}` gives a world in which an answer is not as it says")


async def confirm_no_other(
    program: Program,
    question: int,
    outcome: Outcome,
    *,
    limits: Limits | None = None,
    seed: int = 0,
    budget: Budget | None = None,
) -> str | None:
    """The name of a second back end that finds the same, and no more; None if none could tell.

    What is confirmed is the outcome's "that is all": no solution at all, no second one, or not more than these.

    Raises:
        UnsoundBackend: when the second back end finds something else.
    """
    job = _again(program, question, outcome)
    try:
        again = await run(job, limits=limits, seed=seed, without=outcome.backend)
        return _agreed(program, question, outcome, again, budget)
    except (Gap, BudgetExceeded):
        return None


def _again(program: Program, question: int, outcome: Outcome) -> SolutionsJob:
    """The same question, asking for one solution more than there are said to be."""
    goal = program.questions[question].goal
    symbols, terms = (goal.symbols, goal.terms) if isinstance(goal, Find) else ((), ())
    return SolutionsJob(program, question, len(outcome.structures) + 1, symbols, terms)


def _agreed(program: Program, question: int, outcome: Outcome, again: Outcome, budget: Budget | None) -> str | None:
    verify(program, question, again, budget)
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
