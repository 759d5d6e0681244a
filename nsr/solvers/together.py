"""Several back ends for one job: all of them, compared, or as a race that the first sound answer wins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias
from typing import Literal as Choice

from nsr.errors import Disagreement, UsageError, WorkerCrashed
from nsr.language.open_types import open_sorts
from nsr.limits import processors
from nsr.solvers.agreement import check_agreement, is_settled, said
from nsr.solvers.jobs import CoreJob, Job
from nsr.solvers.open_worlds import run_open
from nsr.solvers.protocol import Claim, Gap, Outcome
from nsr.solvers.registry import require_backend
from nsr.solvers.strategies import backends_for, run_on

if TYPE_CHECKING:
    from nsr.limits import Limits

__all__ = ["Check", "Together", "run_together", "together_of"]

Check: TypeAlias = Callable[[Job, Outcome], None]
"""Holds an outcome against the evaluator; raises `UnsoundBackend`."""

MODES = ("all", "race")

Found: TypeAlias = "Outcome | Gap | WorkerCrashed"
"""What comes of a job on one back end."""


@dataclass(frozen=True, slots=True)
class Together:
    """How several back ends work on a job, and which: all that it reaches, or those of them that are named."""

    mode: Choice["all", "race"]
    among: tuple[str, ...] = ()


def together_of(backend: str) -> Together | None:
    """What `all`, `race`, `all:NAME,NAME` and `race:NAME,NAME` ask for; None for one back end, or `auto`.

    Raises:
        UsageError: if there is no back end of a name.
        BackendUnavailable: if one that is named is not installed.
    """
    mode, _, rest = backend.partition(":")
    if mode not in MODES:
        return None
    names = tuple(dict.fromkeys(name.strip() for name in rest.split(",") if name.strip()))
    for name in names:
        require_backend(name)
    if ":" in backend and len(names) < 2:
        raise UsageError(f"`{backend}` names fewer than two back ends; `{mode}` alone takes all")
    return Together("all" if mode == "all" else "race", names)


async def run_together(job: Job, how: Together, *, limits: Limits, check: Check, seed: int = 0) -> Outcome:
    """The outcome of a job from several back ends, each in its own worker.

    With "all", every one of them answers: the fullest outcome is given, and `agreed` names those that settled the job.
    With "race", the first outcome that settles the job and that `check` accepts is given, and the others are killed;
    which one that was is in the notes, and may differ from run to run. Over open types each part of the job is done
    in this way.

    Raises:
        Disagreement: when back ends contradict each other, or a core is none.
        UnsoundBackend: when `check` refuses an outcome.
        Gap: when no back end takes the job.
        NoEntry, WorkerCrashed: as `run` does, the latter when no other back end has an answer.
    """
    part = _all if how.mode == "all" else _race

    async def runner(asked: Job, seconds: float) -> Outcome:
        return await part(asked, how.among, replace(limits, wall_seconds=seconds), check, seed)

    if open_sorts(job.program):
        return await run_open(job, runner, limits)
    return await runner(job, limits.wall_seconds)


def _reached(job: Job, among: Sequence[str]) -> tuple[str, ...]:
    names = backends_for(job)
    kept = tuple(name for name in names if not among or name in among)
    if not kept:
        raise Gap((f"what only {', '.join(names)} can do",))
    return kept


# All


async def _all(job: Job, among: Sequence[str], limits: Limits, check: Check, seed: int) -> Outcome:
    names = _reached(job, among)
    free = asyncio.Semaphore(processors())

    async def one(name: str) -> Found:
        async with free:
            try:
                return await run_on(job, name, limits, seed)
            except (Gap, WorkerCrashed) as failed:
                return failed

    tried = dict(zip(names, await _gathered([one(name) for name in names]), strict=True))
    outcomes = [found for found in tried.values() if isinstance(found, Outcome)]
    if not outcomes:
        raise next(found for found in tried.values() if isinstance(found, Exception))
    for outcome in outcomes:
        check(job, outcome)
    check_agreement(job, outcomes)
    if isinstance(job, CoreJob):
        await _check_cores(job, outcomes, limits, seed)
    notes = [_why_not(name, found) for name, found in tried.items() if isinstance(found, Exception)]
    return _fullest(job, outcomes, notes)


async def _gathered(works: Sequence[Coroutine[Any, Any, Found]]) -> list[Found]:
    """The results of all; if one raises, the others are cancelled, and their workers with them."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        await _cancelled(tasks)


async def _cancelled(tasks: Iterable[asyncio.Task[Any]]) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _why_not(name: str, failed: Gap | WorkerCrashed) -> str:
    if isinstance(failed, Gap):
        return f"`{name}` does not take {', '.join(failed.missing)}"
    return f"`{name}` crashed: {failed}"


def _fullest(job: Job, outcomes: Sequence[Outcome], notes: Sequence[str]) -> Outcome:
    """The outcome that says most, the cheapest of several; with the names of all that settled the job.

    One with a certificate goes before one without: what it says of prices belongs to its own solution.
    """
    settled = [outcome for outcome in outcomes if is_settled(job, outcome)]
    best = max(
        settled or outcomes,
        key=lambda o: (
            o.claim is not Claim.UNKNOWN,
            o.is_complete,
            bool(o.certificate),
            len(o.structures),
            -len(o.core),
        ),
    )
    told = [f"`{o.backend}` said {said(job, o)}" for o in outcomes if o not in settled] if settled else []
    more = tuple(dict.fromkeys((*notes, *(note for o in outcomes for note in o.notes), *told)))
    return replace(best, notes=more, agreed=tuple(outcome.backend for outcome in settled))


async def _check_cores(job: CoreJob, outcomes: Sequence[Outcome], limits: Limits, seed: int) -> None:
    """Each core alone must leave no solution to another back end, and nothing in it may be left out."""
    for outcome in outcomes:
        other = next((o.backend for o in outcomes if o.backend != outcome.backend), None)
        if other is None or not outcome.core:
            continue
        again = await run_on(replace(job, names=outcome.core), other, limits, seed)
        is_less = again.is_complete and outcome.is_complete and set(again.core) != set(outcome.core)
        if again.claim is Claim.SATISFIABLE or (again.claim is Claim.UNSATISFIABLE and is_less):
            sides = {outcome.backend: f"a minimal core ({', '.join(outcome.core)})", other: said(job, again)}
            raise Disagreement("a core", sides)


# Race


async def _race(job: Job, among: Sequence[str], limits: Limits, check: Check, seed: int) -> Outcome:
    names = _reached(job, among)
    tasks = {asyncio.create_task(run_on(job, name, limits, seed)): name for name in names}
    finished: dict[str, Found] = {}
    try:
        waiting = set(tasks)
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(done, key=lambda task: names.index(tasks[task])):
                try:
                    outcome = task.result()
                except (Gap, WorkerCrashed) as failed:
                    finished[tasks[task]] = failed
                    continue
                finished[tasks[task]] = outcome
                check(job, outcome)
                if is_settled(job, outcome):
                    return _won(outcome, names, finished)
    finally:
        await _cancelled(tasks)
    outcomes = [found for found in finished.values() if isinstance(found, Outcome)]
    if not outcomes:
        raise next(found for found in finished.values() if isinstance(found, Exception))
    return replace(_fullest(job, outcomes, ()), agreed=())


def _won(outcome: Outcome, names: Sequence[str], finished: dict[str, Found]) -> Outcome:
    failed = [_why_not(name, found) for name, found in finished.items() if isinstance(found, Exception)]
    told = f"`{outcome.backend}` answered first of {', '.join(names)}"
    return replace(outcome, notes=(*outcome.notes, *failed, *((told,) if len(names) > 1 else ())))
