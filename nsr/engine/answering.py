"""From a typed program to answers: solve, verify, explain, one question after the other."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, assert_never

from nsr.diagnostics import Diagnostic, Source, Span, render, to_json
from nsr.engine.checking import Folder, parse_program, place_of_goal
from nsr.engine.goals.ask import ask
from nsr.engine.goals.cells import cell_reasons, is_about_cells
from nsr.engine.goals.choose import choose
from nsr.engine.goals.compute import chosen_by_value, compute
from nsr.engine.goals.evidence import combined
from nsr.engine.goals.find import find
from nsr.engine.goals.modals import without_modals
from nsr.engine.goals.objectives import Optimum, best_worlds
from nsr.engine.goals.prove import prove
from nsr.engine.goals.rounded import NOTE, relaxed
from nsr.engine.goals.section import Section, Undecided, result, search, stopped
from nsr.engine.options import Options
from nsr.engine.refine import Refined, RefineOptions, Solutions, refine
from nsr.errors import ProgramError
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.evaluate import NoEntry
from nsr.language.named_things import with_named_things_only
from nsr.language.open_types import open_sorts
from nsr.limits import BudgetExceeded
from nsr.results import Evidence, Explanation, QuestionResult, Result, Round, Status, Usage, worst_status
from nsr.solvers import CoreJob, together_of
from nsr.solvers.protocol import Gap, Task
from nsr.solvers.registry import package_versions, require_backend
from nsr.verify import verify

if TYPE_CHECKING:
    from nsr.formalizers.staged import StagedDraft

__all__ = [
    "SolverJudge",
    "abstained",
    "answer_program",
    "answer_questions",
    "cell_reasons",
    "is_about_cells",
    "refined",
    "versions",
    "with_unstated",
]


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


async def refined(draft: StagedDraft, options: Options, on_round: Callable[[Round], None] | None = None) -> Refined:
    """How the refinement loop ends on a draft, with solvers as its judge."""
    wanted = RefineOptions(wall_seconds=options.limits.wall_seconds)
    return await refine(draft, SolverJudge(options), wanted, on_round)


async def answer_program(
    program: ir.Program | str,
    options: Options,
    *,
    text: str = "",
    spelling: Spelling | None = None,
    root: Folder | None = None,
) -> Result:
    """The answer to a program; `text` is the problem it formalizes, `spelling` for who knows more than the text tells.

    Raises:
        ProgramError: if a source has errors, or no back end takes the program.
        UnsoundBackend: if a back end's answer does not stand up to the evaluator.
    """
    started = time.perf_counter()
    typed = program if isinstance(program, ir.Program) else parse_program(program, root=root)
    checked = time.perf_counter()
    place = Source(program if isinstance(program, str) else program.source)
    try:
        questions = await answer_questions(typed, options, spelling or Spelling(text))
    except (Gap, NoEntry) as error:
        raise ProgramError(refused := [_refusal(error, typed)], render(refused, place)) from error
    first = questions[0]
    return Result(
        status=worst_status(q.status for q in questions),
        answer=first.answer,
        questions=questions,
        reason=next((q.reason for q in questions if q.reason), None),
        assumptions=tuple(dict.fromkeys(a for q in questions for a in q.assumptions)),
        warnings=tuple(to_json(w, place) for w in typed.warnings),
        evidence=first.evidence,
        explanation=first.explanation,
        program=place.text,
        seconds={"check": checked - started, "answer": time.perf_counter() - checked},
        versions=versions(),
    )


def abstained(
    reason: str,
    source: str | None,
    rounds: Sequence[Round],
    usage: Usage,
    seconds: dict[str, float],
    errors: Sequence[dict[str, Any]] = (),
) -> Result:
    """A result without an answer, with its reason and all that led to it."""
    return Result(
        status=Status.ABSTAINED,
        reason=reason,
        explanation=Explanation(summary=reason),
        diagnostics=tuple(errors),
        program=source,
        rounds=tuple(rounds),
        usage=usage,
        seconds=seconds,
        versions=versions(),
    )


def versions() -> dict[str, str]:
    """Versions of nsr, Python and the solvers' packages."""
    return dict(_found_versions())


@cache
def _found_versions() -> dict[str, str]:
    from nsr import __version__

    return {"nsr": __version__, "python": platform.python_version(), **package_versions()}


def _refusal(error: Gap | NoEntry, program: ir.Program) -> Diagnostic:
    """What no back end takes, and a table's missing entry, as errors of the program."""
    place = place_of_goal(program) if len(program.questions) == 1 else Span(0, len(program.source))
    if isinstance(error, Gap):
        return Diagnostic("unsupported", str(error), place, notes=error.tried)
    return Diagnostic(
        "no-entry",
        str(error),
        place,
        help="add the entry, give the table an `else`, or go over the entries there are",
    )


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


def with_unstated(result: Result, clues: Sequence[str]) -> Result:
    """The result with a note on each clue for which its program says nothing."""
    if not clues or not result.questions:
        return result
    first = _with_notes(result.questions[0], tuple([f"nothing is stated for “{clue}”" for clue in clues]))
    return result.model_copy(update={"questions": (first, *result.questions[1:]), "evidence": first.evidence})


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
