"""Questions about programs with open types: refuted over worlds of every size, made true in finite ones.

Worlds are looked for a moment longer; then the two take turns, each with more time than before, until everything is
known or the time is over. A world of some size is no proof that there is none of another, so only a refutation says "in
no world".
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from nsr.errors import UnsoundBackend
from nsr.language.ir import Apply, ChoiceOption, Choose, Interval, Listed, Literal, Not, Question, integer
from nsr.language.open_types import at_sizes, open_sorts, smallest_size
from nsr.language.sorts import Element, OpenSort, sort_size, sort_values
from nsr.limits import LimitKind, Limits
from nsr.reformulations.substitution import substitute
from nsr.solvers.jobs import AskJob, CoreJob, Job, OptimizeJob, RefuteJob, SatisfiableJob, SolutionsJob
from nsr.solvers.protocol import BindingOutcome, Claim, FormulaOutcome, Gap, Obstacle, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.language.ir import Bound, Program, Structure, Term
    from nsr.language.sorts import Value

__all__ = ["Runner", "run_open"]

Runner: TypeAlias = Callable[[Job, float], Awaitable[Outcome]]
"""Runs a job without open types, or a `RefuteJob`, within some seconds."""

FIRST_SECONDS = 2.0
"""What the first refutation may take; each further one may take three times as long."""

HEAD_START = 0.06
"""So long at most the smallest worlds are looked for before a refutation begins: often they make it needless."""

MOST_ROUNDS = 8
"""So often the two take turns at most."""

MOST_THINGS = 6
"""A type is tried with up to so many things more than it must have."""

MOST_BINDINGS = 2000
"""Queries with more bindings are not asked about over open types."""


@dataclass(slots=True)
class _Search:
    """What is known so far about a list of formulas."""

    program: Program
    question: int
    formulas: tuple[Term, ...]
    run: Runner
    seconds_left: float
    found: list[FormulaOutcome | None] = field(default_factory=list)
    has_world: bool | None = None
    world: Structure | None = None
    sizes: Mapping[str, int] | None = None
    refuter: str = ""
    builder: str = ""
    can_refute: bool = True
    has_given_up: bool = False
    is_too_large: bool = False
    most_things: int = 0

    async def part(self, job: Job, seconds: float) -> Outcome:
        """The outcome of a part; the start of a worker does not count."""
        start = time.monotonic()
        try:
            return await self.run(job, seconds)
        finally:
            self.seconds_left -= min(time.monotonic() - start, seconds)

    @property
    def is_done(self) -> bool:
        return self.has_world is not None and None not in self.found

    @property
    def is_over(self) -> bool:
        return self.is_done or self.has_world is False or self.seconds_left <= 0

    @property
    def can_go_on_refuting(self) -> bool:
        return self.can_refute and not self.has_given_up

    def open_formulas(self) -> list[int]:
        """The places of formulas about which nothing is known."""
        return [place for place, found in enumerate(self.found) if found is None]

    async def refute(self, seconds: float) -> None:
        """Look for what holds in no world at all."""
        places = self.open_formulas()
        formulas = tuple([self.formulas[place] for place in places])
        job = RefuteJob(self.program, self.question, formulas, has_world=self.has_world is True)
        try:
            outcome = await self.part(job, seconds)
        except Gap:
            self.can_refute = False
            return
        self.refuter = outcome.backend
        if outcome.claim is Claim.UNSATISFIABLE:
            self._refuse(self.has_world is True)
            self.has_world = False
        for place, told in zip(places, outcome.formulas, strict=False):
            if told.claim is Claim.UNSATISFIABLE:
                self._refuse(self.found[place] is not None)
                self.found[place] = FormulaOutcome(Claim.UNSATISFIABLE)
        # Without a limit that struck, more time is of no use.
        stops = [outcome.limit, *(told.limit for told in outcome.formulas if told.claim is Claim.UNKNOWN)]
        self.has_given_up = outcome.limit is None and not any(stops)

    async def build(self, extra: int, seconds: float) -> bool:
        """Look for worlds with so many things more than there must be; whether all of them were gone through."""
        sizes = sizes_of(self.program, extra)
        places = self.open_formulas()
        finite, formulas = _at_sizes(self.program, [self.formulas[p] for p in places], sizes)
        outcome = await self.part(SatisfiableJob(finite, self.question, formulas), seconds)
        self.builder = outcome.backend
        if outcome.claim is Claim.SATISFIABLE and self.world is None:
            self._refuse(self.has_world is False)
            self.has_world = True
            self.world, self.sizes = outcome.structures[0], sizes
        limits = {outcome.limit, *(told.limit for told in outcome.formulas)} - {None}
        is_through = not limits
        self.is_too_large = LimitKind.SIZE in limits
        if is_through:
            self.most_things = max(self.most_things, *sizes.values())
        for place, told in zip(places, outcome.formulas, strict=False):
            if told.claim is Claim.SATISFIABLE:
                self._refuse(self.found[place] is not None)
                self.found[place] = told._replace(sizes=sizes)
        return is_through

    def _refuse(self, is_contradicted: bool) -> None:
        if is_contradicted:
            raise UnsoundBackend(f"`{self.refuter}` refutes what has a world that `{self.builder}` finds")

    @property
    def backend(self) -> str:
        """Whose word the outcome rests on."""
        is_refuted = self.has_world is False or any(f and f.claim is Claim.UNSATISFIABLE for f in self.found)
        return (self.refuter if is_refuted or not self.builder else self.builder) or self.refuter

    def progress(self) -> str:
        """How far the search has come."""
        wanted = "world" if self.has_world is None or not self.formulas else "counterexample"
        things = "1 thing" if self.most_things == 1 else f"{self.most_things} things"
        beside = f" and no {wanted} with up to {things}" if self.most_things else f", and no {wanted} is known"
        why = "" if self.can_refute else ": no back end takes it over worlds of every size"
        return f"there is no proof{beside}{why}"

    def outcome(self) -> Outcome:
        """What is known in the end."""
        limit = None if self.is_done else LimitKind.WALL if self.seconds_left <= 0 else LimitKind.SIZE
        unknown = FormulaOutcome(Claim.UNKNOWN, limit=limit)
        claims = {True: Claim.SATISFIABLE, False: Claim.UNSATISFIABLE, None: Claim.UNKNOWN}
        return Outcome(
            claim=claims[self.has_world],
            backend=self.backend,
            structures=() if self.world is None else (self.world,),
            is_complete=self.is_done,
            limit=limit if self.has_world is None else None,
            formulas=tuple([found or unknown for found in self.found]),
            detail="" if self.is_done else self.progress(),
            obstacle=None if self.is_done else Obstacle.NO_PROOF,
            sizes=self.sizes,
        )


async def run_open(job: Job, run: Runner, limits: Limits) -> Outcome:
    """The outcome of a job about a program with open types.

    Raises:
        Gap: for optimization, and where a query has too many bindings.
    """
    seconds = limits.wall_seconds
    match job:
        case SatisfiableJob(program, question, formulas):
            return (await _decide(program, question, formulas, run, seconds)).outcome()
        case SolutionsJob():
            return await _solutions(job, run, seconds)
        case CoreJob(program, question, names):
            return await run(RefuteJob(program, question, is_core_wanted=True, names=names), seconds)
        case AskJob():
            return await _ask(job, run, seconds)
        case OptimizeJob():
            raise Gap(("objectives over open types",))
        case RefuteJob():
            return await run(job, seconds)
    assert_never(job)


async def _decide(program: Program, question: int, formulas: tuple[Term, ...], run: Runner, total: float) -> _Search:
    """Refutations, each longer than the last, and between them finite worlds of all sizes not yet gone through."""
    search = _Search(program, question, formulas, run, total, [None] * len(formulas))
    seconds = min(FIRST_SECONDS, total / 8)
    sizes = list(range(MOST_THINGS + 1))
    for number in range(MOST_ROUNDS):
        if number == 0:
            await _both(search, sizes, min(seconds, search.seconds_left))
        elif search.can_go_on_refuting:
            await search.refute(min(seconds, search.seconds_left))
        share = seconds if search.can_go_on_refuting else search.seconds_left
        while sizes and not search.is_over and not search.is_too_large:
            if not await search.build(sizes[0], min(share, search.seconds_left)):
                break
            sizes.pop(0)
        if search.is_over or not search.can_go_on_refuting:
            break
        seconds *= 3
    if search.has_world is False:
        search.found = [FormulaOutcome(Claim.UNSATISFIABLE) for _ in formulas]
    return search


async def _both(search: _Search, sizes: list[int], seconds: float) -> None:
    """The smallest worlds, and a little later a refutation too, until one of them makes the other needless."""
    start, left = time.monotonic(), search.seconds_left
    has_begun = asyncio.Event()
    building = asyncio.create_task(_grow(search, sizes, seconds, has_begun))
    waiting = {building, asyncio.create_task(_refute_after(search, seconds, has_begun))}
    try:
        while waiting and not search.is_over:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {building}:
                task.result()
        if building.done() and not search.is_over:
            building.result()
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        search.seconds_left = left - min(time.monotonic() - start, seconds)


async def _refute_after(search: _Search, seconds: float, has_begun: asyncio.Event) -> None:
    """A refutation of what the smallest worlds have left open."""
    with suppress(TimeoutError):
        async with asyncio.timeout(HEAD_START):
            await has_begun.wait()
    if not search.is_over:
        await search.refute(seconds)


async def _grow(search: _Search, sizes: list[int], seconds: float, has_begun: asyncio.Event) -> None:
    """Look for worlds of one size after the other; those that are gone through are taken from the list."""
    until = time.monotonic() + seconds
    share = seconds
    while sizes and share > 0 and not search.is_over and not search.is_too_large:
        is_through = await search.build(sizes[0], share)
        if not has_begun.is_set():
            has_begun.set()
            # The refutation is sent off before the next worlds are prepared.
            await asyncio.sleep(0)
        if not is_through:
            break
        sizes.pop(0)
        share = until - time.monotonic()


async def _solutions(job: SolutionsJob, run: Runner, total: float) -> Outcome:
    """Solutions in the smallest worlds there are; that there is none at all must be refuted."""
    search = await _decide(job.program, job.question, (), run, total)
    if search.has_world is not True or search.sizes is None:
        return search.outcome()
    finite, terms = _at_sizes(job.program, job.terms, search.sizes)
    outcome = await run(
        SolutionsJob(finite, job.question, job.limit, job.symbols, terms), max(0.1, search.seconds_left)
    )
    # Worlds of other sizes have solutions of their own.
    return replace(outcome, sizes=search.sizes, is_complete=False)


async def _ask(job: AskJob, run: Runner, total: float) -> Outcome:
    """Each binding of the things that have a name, as a formula and its denial."""
    rows: list[tuple[Term, ...]] = [()]
    for bound in job.binders:
        domain = _named_values(job.program, bound)
        rows = [(*row, value) for row in rows for value in domain]
        if len(rows) > MOST_BINDINGS:
            raise Gap(("queries with very many bindings over open types",))
    names = [b.variable.name for b in job.binders]
    bodies = [substitute(job.body, dict(zip(names, row, strict=True))) for row in rows]
    search = await _decide(
        job.program, job.question, tuple([f for body in bodies for f in (body, Not(body))]), run, total
    )
    outcome = search.outcome()
    known = {Claim.SATISFIABLE: True, Claim.UNSATISFIABLE: False, Claim.UNKNOWN: None}
    bindings = []
    for place, row in enumerate(rows):
        yes, no = outcome.formulas[2 * place : 2 * place + 2]
        is_possible, fails = known[yes.claim], known[no.claim]
        if is_possible is False:
            continue
        values = tuple([_value(value) for value in row])
        is_certain = None if fails is None else not fails
        bindings.append(BindingOutcome(values, is_possible, is_certain, yes.structure, no.structure))
    return replace(outcome, bindings=tuple(bindings), formulas=())


def _named_values(program: Program, bound: Bound) -> Sequence[Term]:
    """What a variable of a query goes over: of an open type what has a name."""
    sort = bound.variable.sort
    match bound.domain:
        case Listed(values):
            return values
        case Interval(Literal(low), Literal(high)) if isinstance(low, int) and isinstance(high, int):
            if high - low < MOST_BINDINGS:
                return [integer(value) for value in range(low, high + 1)]
        case None if isinstance(sort, OpenSort):
            unknown = [Apply(f.name, (), sort) for f in program.unknowns() if f.value == sort and not f.arguments]
            constants = [Literal(Element(sort.name, name, i), sort) for i, name in enumerate(sort.constants)]
            return [*constants, *unknown]
        case None if (sort_size(sort) or MOST_BINDINGS + 1) <= MOST_BINDINGS:
            return [Literal(value, sort) for value in sort_values(sort)]
        case _:
            pass
    raise Gap(("queries with very many bindings over open types",))


def _value(term: Term) -> Value:
    """The value of a binding; a thing whose name may be another's too is given by its name, without an index."""
    if isinstance(term, Literal):
        return term.value
    assert isinstance(term, Apply)
    return Element(str(term.sort), term.symbol, -1)


def sizes_of(program: Program, extra: int) -> dict[str, int]:
    """The sizes of the open types with so many things more than there must be."""
    return {sort.name: smallest_size(sort) + extra for sort in open_sorts(program)}


def _at_sizes(program: Program, formulas: Sequence[Term], sizes: Mapping[str, int]) -> tuple[Program, tuple[Term, ...]]:
    """The program at these sizes, and formulas about it."""
    options = tuple([ChoiceOption(str(place), formula) for place, formula in enumerate(formulas)])
    carrier = Question(Choose("could", False, options))
    finite = at_sizes(replace(program, questions=(*program.questions, carrier)), sizes)
    *questions, carried = finite.questions
    assert isinstance(carried.goal, Choose)
    finite = replace(finite, questions=tuple(questions))
    return finite, tuple([option.formula for option in carried.goal.options])
