"""A question on its way to an answer, and what all goals have in common: asking, doubting, saying so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import inf
from typing import Any

from nsr.engine.goals.small import small_evidence, small_outcome
from nsr.engine.options import Options
from nsr.explain.grid import assignment
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.evaluate import UNDEFINED, Result, evaluate
from nsr.language.open_types import at_sizes, open_sorts
from nsr.language.sorts import BOOL, INT, REAL, SetSort, Value
from nsr.limits import Budget, LimitKind, Limits, Stopwatch
from nsr.results import Evidence, EvidenceKind, Explanation, QuestionResult, Reason, Status, World
from nsr.solvers import (
    Claim,
    CoreJob,
    Job,
    Outcome,
    SatisfiableJob,
    SolutionsJob,
    run,
    run_together,
    together_of,
)
from nsr.solvers.open_worlds import NO_PROOF
from nsr.verify import confirm_no_other, confirm_no_world, verify, verify_job

__all__ = [
    "Possible",
    "Section",
    "Undecided",
    "agreed_on",
    "combined",
    "confirm_none",
    "confirmed",
    "literal",
    "possible",
    "result",
    "search",
    "stopped",
    "undecided",
]  # fmt: skip


SHARE = 0.25
"""The part of the wall limit in which what a solver found at the last moment may still be checked and told."""


@dataclass(frozen=True, slots=True)
class Section:
    """One question of a program, with what the caller wants and how the text spells names.

    `routing` collects why back ends could not take a job of the question, `agreement` which back ends settled each job
    together, over all sections made from this one; they share the `watch`: the wall limit is for the whole question.
    """

    program: ir.Program
    number: int
    options: Options
    spelling: Spelling
    routing: dict[str, None] = field(default_factory=dict, compare=False)
    agreement: list[tuple[str, ...]] = field(default_factory=list, compare=False)
    watch: Stopwatch = field(default_factory=Stopwatch, compare=False)

    @property
    def question(self) -> ir.Question:
        """The question itself."""
        return self.program.questions[self.number]

    def with_question(self, **changes: Any) -> Section:
        """The same section with other fields of its question."""
        questions = list(self.program.questions)
        questions[self.number] = replace(self.question, **changes)
        return replace(self, program=replace(self.program, questions=tuple(questions)))

    def holding(self, requirements: Sequence[ir.Requirement]) -> Section:
        """The section with these requirements in addition."""
        return self.with_question(requirements=(*self.question.requirements, *requirements))

    @property
    def limits(self) -> Limits:
        """What is left of the caller's limits for the next solve of this question."""
        return self.options.limits.after(self.watch)

    def seconds(self, most: float = inf) -> float:
        """How long work in this process may take, which tells of what is found: a share when the time is over."""
        return min(most, max(self.limits.wall_seconds, SHARE * self.options.limits.wall_seconds))

    def budget(self, *, steps: int = 50_000_000) -> Budget:
        """A budget for work in this process."""
        return Budget(steps=steps, wall_seconds=self.seconds())

    def at_sizes(self, sizes: Mapping[str, int] | None) -> Section:
        """The section with every open type as large as it is in some world."""
        return replace(self, program=at_sizes(self.program, sizes)) if sizes else self

    def value(self, term: ir.Term, structure: ir.Structure, sizes: Mapping[str, int] | None = None) -> Result:
        """The value of a term in a world, in which open types have these sizes."""
        sized = self.sized(term, sizes)
        return evaluate(sized, structure, self.at_sizes(sizes).program, budget=self.budget())

    def sized(self, term: ir.Term, sizes: Mapping[str, int] | None) -> ir.Term:
        """A term about the section with open types of these sizes."""
        goal = self.with_question(goal=ir.Compute((term,))).at_sizes(sizes).question.goal if sizes else None
        return goal.terms[0] if isinstance(goal, ir.Compute) else term

    def spelled(self, value: Result, sort: Any = None) -> Any:
        """A value as the result object has it."""
        assert value is not UNDEFINED
        return self.spelling.value(value, sort)

    def assignment(self, structure: ir.Structure, symbols: Sequence[str] = ()) -> dict[str, Any]:
        """A world as the result object has it."""
        return assignment(self.program, structure, self.spelling, symbols)

    def world(self, structure: ir.Structure, shows: str) -> World:
        """A world as evidence, with what it shows."""
        return World(shows=shows, assignment=self.assignment(structure))

    async def run(self, job: Job) -> Outcome:
        """The outcome of a job under the caller's options; why back ends were left is kept in `routing`.

        Where several back ends are to work on it, each of their outcomes has been verified.
        """
        limits, seed = self.limits, self.options.seed
        how = together_of(self.options.backend)
        if how is None:
            outcome = await run(job, limits=limits, backend=self.options.backend, seed=seed)
        else:
            outcome = await run_together(job, how, limits=limits, check=self._check, seed=seed)
        self.watch.leave_out(outcome.seconds.get("wait", 0.0))
        self.routing.update(dict.fromkeys(outcome.notes))
        if not isinstance(job, CoreJob):
            self.agreement.append(outcome.agreed)
        return outcome

    def _check(self, job: Job, outcome: Outcome) -> None:
        verify_job(job, outcome, self.budget())

    def agreed(self) -> tuple[str, ...]:
        """The back ends that settled every job of the question; cores only explain, and do not count."""
        first, *rest = self.agreement or [()]
        return tuple(name for name in first if all(name in names for names in rest))


def literal(value: Value, term: ir.Term) -> ir.Literal | ir.SetOf:
    """A value as a term to compare `term` with."""
    sort = ir.sort_of(term)
    match value:
        case frozenset():
            assert isinstance(sort, SetSort)
            return ir.SetOf(tuple(ir.Literal(v, sort.element) for v in sorted(value, key=str)), sort)
        case bool():
            return ir.Literal(value, BOOL)
        case int():
            return ir.Literal(value, INT)
        case Fraction():
            return ir.Literal(value, REAL)
        case _:
            return ir.Literal(value, sort)


# Results


def result(
    status: Status,
    answer: Any,
    evidence: Evidence,
    summary: str,
    reasons: Sequence[Reason] = (),
    *,
    reason: str | None = None,
) -> QuestionResult:
    """A question's result from its parts."""
    explanation = Explanation(summary=summary, reasons=tuple(reasons))
    return QuestionResult(status=status, answer=answer, evidence=evidence, explanation=explanation, reason=reason)


class Undecided(Exception):
    """A solver ended without a word on what was asked; a signal between stages, never shown to callers."""

    def __init__(self, limit: LimitKind | None, backend: str | None = None, detail: str = "") -> None:
        self.limit = limit
        self.backend = backend
        self.detail = detail
        super().__init__(detail)


def undecided(outcome: Outcome) -> Undecided:
    """What is raised for an outcome that decides nothing: the limit that struck, or the solver's own words."""
    stops = [f.limit for f in outcome.formulas if f.claim is Claim.UNKNOWN and f.limit is not None]
    limit = outcome.limit or (stops[0] if stops else None)
    return Undecided(limit, outcome.backend, outcome.detail)


IRRATIONAL = "irrational value"
"""How a back end's own words begin where a value is no fraction."""


def stopped(by: Undecided) -> QuestionResult:
    """The result of a question that a limit ended, that a solver gave up, or whose values cannot be written down."""
    evidence = Evidence(backend=by.backend)
    if by.detail.startswith(NO_PROOF):
        told = by.detail + (" in the time there was" if by.limit is LimitKind.WALL else "")
        return result(Status.LIMIT, None, evidence, told, reason=told)
    if by.limit is not None:
        told = f"stopped by the {by.limit.value} limit before there was an answer"
        return result(Status.LIMIT, None, evidence, told, reason=told)
    if by.detail.startswith(IRRATIONAL):
        told = f"a value is irrational ({by.detail.removeprefix(IRRATIONAL).strip()}), and answers are exact fractions"
        return result(Status.ABSTAINED, None, evidence, told, reason=told)
    told = f"the solver could not tell: {by.detail}" if by.detail else "the solver could not tell"
    return result(Status.LIMIT, None, evidence, told, reason=told)


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


# Formulas in some world


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


def search(section: Section, count: int) -> SolutionsJob:
    """A search for solutions that differ in what the question's `find` names."""
    goal = section.question.goal
    if isinstance(goal, ir.Find):
        return SolutionsJob(section.program, section.number, count, goal.symbols, goal.terms)
    return SolutionsJob(section.program, section.number, count)
