"""A question on its way to an answer: what is asked, with what is left of the limits, and results from their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import inf
from typing import Any

from nsr.engine.options import Options
from nsr.explain.grid import assignment
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.evaluate import UNDEFINED, Result, evaluate
from nsr.language.open_types import at_sizes
from nsr.language.sorts import BOOL, INT, REAL, SetSort, Value
from nsr.limits import Budget, LimitKind, Limits, Stopwatch
from nsr.results import Evidence, Explanation, QuestionResult, Reason, Status, World
from nsr.solvers import (
    Claim,
    CoreJob,
    Job,
    Outcome,
    SolutionsJob,
    run,
    run_together,
    together_of,
)
from nsr.solvers.protocol import Obstacle
from nsr.verify import verify_job

__all__ = ["Section", "Undecided", "literal", "result", "search", "stopped", "undecided"]

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
        return replace(self, program=self.program.with_question(self.number, replace(self.question, **changes)))

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

    def __init__(
        self,
        limit: LimitKind | None,
        backend: str | None = None,
        detail: str = "",
        obstacle: Obstacle | None = None,
    ) -> None:
        self.limit = limit
        self.backend = backend
        self.detail = detail
        self.obstacle = obstacle
        super().__init__(detail)


def undecided(outcome: Outcome) -> Undecided:
    """What is raised for an outcome that decides nothing: the limit that struck, or the solver's own words."""
    stops = [f.limit for f in outcome.formulas if f.claim is Claim.UNKNOWN and f.limit is not None]
    limit = outcome.limit or (stops[0] if stops else None)
    return Undecided(limit, outcome.backend, outcome.detail, outcome.obstacle)


def stopped(by: Undecided) -> QuestionResult:
    """The result of a question that a limit ended, that a solver gave up, or whose values cannot be written down."""
    evidence = Evidence(backend=by.backend)
    if by.obstacle is Obstacle.NO_PROOF:
        told = by.detail + (" in the time there was" if by.limit is LimitKind.WALL else "")
        return result(Status.LIMIT, None, evidence, told, reason=told)
    if by.limit is not None:
        told = f"stopped by the {by.limit.value} limit before there was an answer"
        return result(Status.LIMIT, None, evidence, told, reason=told)
    if by.obstacle is Obstacle.IRRATIONAL:
        told = f"a value is irrational ({by.detail}), and answers are exact fractions"
        return result(Status.ABSTAINED, None, evidence, told, reason=told)
    told = f"the solver could not tell: {by.detail}" if by.detail else "the solver could not tell"
    return result(Status.LIMIT, None, evidence, told, reason=told)


def search(section: Section, count: int) -> SolutionsJob:
    """A search for solutions that differ in what the question's `find` names."""
    goal = section.question.goal
    if isinstance(goal, ir.Find):
        return SolutionsJob(section.program, section.number, count, goal.symbols, goal.terms)
    return SolutionsJob(section.program, section.number, count)
