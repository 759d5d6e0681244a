"""From a typed program to answers: solve, verify, explain, one question after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from nsr.engine.goals.ask import ask
from nsr.engine.goals.cells import cell_reasons, is_about_cells
from nsr.engine.goals.choose import choose
from nsr.engine.goals.compute import chosen_by_value, compute
from nsr.engine.goals.find import find
from nsr.engine.goals.modals import without_modals
from nsr.engine.goals.objectives import Optimum, best_worlds
from nsr.engine.goals.prove import prove
from nsr.engine.goals.rounded import NOTE, relaxed
from nsr.engine.goals.section import Section, Undecided, combined, result, search, stopped
from nsr.engine.options import Options
from nsr.engine.refine import Solutions
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.named_things import with_named_things_only
from nsr.language.open_types import open_sorts
from nsr.limits import BudgetExceeded
from nsr.results import Evidence, QuestionResult, Status
from nsr.solvers import CoreJob, together_of
from nsr.solvers.protocol import Task
from nsr.solvers.registry import require_backend
from nsr.verify import verify

__all__ = ["SolverJudge", "answer_questions", "cell_reasons", "is_about_cells"]


@dataclass(frozen=True, slots=True)
class SolverJudge:
    """What the refinement loop asks of the solvers, through workers."""

    options: Options

    async def solutions(self, program: ir.Program) -> Solutions:
        """At most two solutions, each accepted by the reference evaluator."""
        section = Section(program, 0, self.options, Spelling())
        outcome = await section.run(search(section, 2))
        try:
            verify(program, 0, outcome, section.budget())
        except BudgetExceeded as error:
            return Solutions((), error.kind)
        return Solutions(outcome.structures, outcome.limit)

    async def core(self, program: ir.Program) -> tuple[str, ...]:
        """A minimal set of requirements that contradict each other."""
        section = Section(program, 0, self.options, Spelling())
        return (await section.run(CoreJob(program, 0))).core


async def answer_questions(program: ir.Program, options: Options, spelling: Spelling) -> tuple[QuestionResult, ...]:
    """The outcome of every question, in order.

    Raises:
        UnsoundBackend: if a back end's answer does not stand up to the evaluator.
    """
    program = with_named_things_only(program)
    # Each question's time begins when its turn comes.
    numbers = range(len(program.questions))
    return tuple([await _question(Section(program, number, options, spelling)) for number in numbers])


async def _question(section: Section) -> QuestionResult:
    """A question's result under its label, after what the text leaves out has been looked at."""
    label = section.question.label
    gaps = (*section.program.missing, *section.question.missing)
    unanswered = [n for g in gaps if g.requirement is None or not section.options.assume for n in g.notes]
    if unanswered:
        told = "; ".join(unanswered)
        refused = result(Status.ABSTAINED, None, Evidence(), told, reason=told)
        return refused.model_copy(update={"label": label})
    assumptions = tuple(n for g in gaps for n in g.notes)
    try:
        answered = await _answer(section)
        if answered.status in (Status.NO_SOLUTION, Status.INCONSISTENT):
            answered = await _rounded(section) or answered
    except Undecided as undecided:
        answered = stopped(undecided)
    except BudgetExceeded as exceeded:
        answered = stopped(Undecided(exceeded.kind))
    answered = _with_who_proved(section, _with_notes(answered, tuple(section.routing)))
    if agreed := section.agreed():
        evidence = answered.evidence.model_copy(update={"agreed": agreed})
        answered = answered.model_copy(update={"evidence": evidence})
    return answered.model_copy(update={"label": label, "assumptions": assumptions})


def _with_who_proved(section: Section, answered: QuestionResult) -> QuestionResult:
    """A note where a back end was asked for that looks at finite worlds only, and open types may be of any size."""
    asked = section.options.backend
    if asked == "auto" or together_of(asked) is not None or not open_sorts(section.program):
        return answered
    if Task.REFUTE in require_backend(asked).spec.tasks:
        return answered
    note = f"`{asked}` looks for finite worlds only; what holds in worlds of every size was asked of another back end"
    return _with_notes(answered, (note,))


def _with_notes(answered: QuestionResult, more: tuple[str, ...]) -> QuestionResult:
    """The result with further notes on how it is known."""
    notes = tuple(dict.fromkeys((*answered.evidence.notes, *more)))
    return answered.model_copy(update={"evidence": answered.evidence.model_copy(update={"notes": notes})})


async def _rounded(section: Section) -> QuestionResult | None:
    """The answer with the data taken as rounded, if there is one that way."""
    program = relaxed(section.program, section.number)
    if program is None:
        return None
    answered = await _answer(replace(section, program=program))
    if answered.status in (Status.NO_SOLUTION, Status.INCONSISTENT, Status.LIMIT):
        return None
    return _with_notes(answered, (NOTE,))


async def _answer(section: Section) -> QuestionResult:
    """The objectives first, then what holds across worlds, then the goal itself."""
    best = await best_worlds(section)
    if isinstance(best, QuestionResult):
        return best
    evidence: list[Evidence] = []
    if isinstance(best, Optimum):
        is_count = isinstance(section.question.goal, ir.Find) and section.question.goal.mode == "count"
        if isinstance(section.question.goal, ir.Find) and section.question.options and not is_count:
            return await chosen_by_value(best.section, best.values[0], best.structure, best.evidence)
        if isinstance(section.question.goal, ir.Find) and section.question.goal.mode == "one":
            return best.answer()
        if isinstance(section.question.goal, ir.Choose) and section.question.goal.mode == "equivalent":
            told = "whether wishes keep the worlds the same is not decided"
            return result(Status.ABSTAINED, None, Evidence(), told, reason=told)
        section = best.section
        evidence.append(best.evidence)
    replaced = await without_modals(section)
    if isinstance(replaced, QuestionResult):
        return replaced
    if replaced.evidence is not None:
        evidence.append(replaced.evidence)
    answered = await _goal(replaced.section)
    if evidence and answered.evidence.kind is not None:
        answered = answered.model_copy(update={"evidence": _joined(answered.evidence, evidence)})
    return best.extended(answered) if isinstance(best, Optimum) else answered


def _joined(last: Evidence, before: Sequence[Evidence]) -> Evidence:
    weakest = combined((last, *before))
    return weakest.model_copy(update={"core": last.core, "worlds": last.worlds})


async def _goal(section: Section) -> QuestionResult:
    goal = section.question.goal
    match goal:
        case ir.Find():
            return await find(section, goal)
        case ir.Choose():
            return await choose(section, goal)
        case ir.Prove():
            return await prove(section, goal)
        case ir.Ask():
            return await ask(section, goal)
        case ir.Compute():
            return await compute(section, goal)
        case _:
            assert_never(goal)
