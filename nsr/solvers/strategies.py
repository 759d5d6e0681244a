"""The way in for everybody who wants a job done: routing, a worker, the outcome."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nsr.background import blocking
from nsr.language.evaluate import NoEntry
from nsr.language.open_types import open_sorts
from nsr.limits import LimitKind, Limits, Stopwatch
from nsr.reformulations import Construct
from nsr.solvers.jobs import (
    AskJob,
    CoreJob,
    Job,
    OptimizeJob,
    RefuteJob,
    SatisfiableJob,
    SolutionsJob,
    decode_reply,
    encode_job,
    features_of_job,
    tasks_of_job,
)
from nsr.solvers.open_worlds import run_open
from nsr.solvers.protocol import Gap, Obstacle, Outcome, Task
from nsr.solvers.registry import availability, backend_names, get_backend
from nsr.solvers.routing import route
from nsr.workers import Family, request
from nsr.workers import start as start_server

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "AskJob",
    "CoreJob",
    "Job",
    "OptimizeJob",
    "SatisfiableJob",
    "SolutionsJob",
    "backends_for",
    "features_of_job",
    "run",
    "run_on",
    "run_sync",
    "warm",
]

OVER = {"claim": "unknown", "limit": LimitKind.WALL.value, "detail": "no time was left"}
"""The reply to a job for which there is no time: no worker is asked."""

LONG = 100_000
"""Characters of source from which on a program is prepared beside the event loop: it can take a second."""


async def run(
    job: Job, *, limits: Limits | None = None, backend: str = "auto", seed: int = 0, without: str | None = None
) -> Outcome:
    """The outcome of a job, worked off in a worker process under hard limits; cancelling it kills the process.

    A back end named by `without` is not asked: what it has said is to be looked at by another. The same job, seed and
    versions give the same outcome, as long as no limit strikes.

    Raises:
        Gap: when no back end can take the program.
        NoEntry: when a table is asked for an entry that it does not have.
        BackendUnavailable, WorkerCrashed: see there.
    """
    limits = limits or Limits()
    if open_sorts(job.program):

        async def runner(part: Job, seconds: float) -> Outcome:
            return await _run(part, replace(limits, wall_seconds=seconds), backend, seed, without)

        return await run_open(job, runner, limits)
    return await _run(job, limits, backend, seed, without)


async def _run(job: Job, limits: Limits, backend: str, seed: int, without: str | None) -> Outcome:
    rest: Sequence[str] = _backends(job, backend, without)
    notes: list[str] = []
    watch = Stopwatch()
    while True:
        name, *rest = rest
        reply = await _reply(job, name, limits.after(watch), seed)
        watch.leave_out(reply.get("waited", 0.0))
        if not _is_refused(reply) or not rest:
            break
        notes.append(_refusal(name, reply))
        rest = _likelier_first(rest, reply)
    return _outcome(job, name, reply, notes)


async def run_on(job: Job, name: str, limits: Limits, seed: int = 0) -> Outcome:
    """The outcome of a job on one back end, without open types and without another one in its place; see `run`."""
    reply = await _reply(job, name, limits, seed)
    return _outcome(job, name, reply, [_refusal(name, reply)] if _is_refused(reply) else [])


async def _reply(job: Job, name: str, limits: Limits, seed: int) -> Mapping[str, Any]:
    if limits.wall_seconds <= 0:
        return OVER
    if len(job.program.source) > LONG:
        data = await asyncio.to_thread(encode_job, job, name, limits.wall_seconds, seed)
    else:
        data = encode_job(job, name, limits.wall_seconds, seed)
    return await request(_family(name), data, limits)


def run_sync(
    job: Job, *, limits: Limits | None = None, backend: str = "auto", seed: int = 0, without: str | None = None
) -> Outcome:
    """`run` for callers without an event loop; the calling thread waits."""
    return blocking(run(job, limits=limits, backend=backend, seed=seed, without=without))


def _backends(job: Job, backend: str, without: str | None) -> tuple[str, ...]:
    names = tuple(name for name in backends_for(job, backend) if name != without)
    if not names:
        raise Gap(("a second back end",))
    return names


def backends_for(job: Job, backend: str = "auto") -> tuple[str, ...]:
    """The back ends that a job reaches, cheapest first.

    Raises:
        Gap: when there is none.
        BackendUnavailable, UsageError: as `route` does.
    """
    if not isinstance(job, RefuteJob):
        return route(features_of_job(job), backend, tasks_of_job(job)).names()
    names = [name for name in backend_names() if Task.REFUTE in get_backend(name).spec.tasks and not availability(name)]
    if not names:
        raise Gap(("open types of any size",))
    return tuple(names)


def _is_refused(reply: Mapping[str, Any]) -> bool:
    """Whether the program turned out not to fit a back end, as when sums outgrow it or bounds cannot be found."""
    is_outgrown = reply.get("obstacle") == Obstacle.PREPARING.name and reply.get("limit") == LimitKind.SIZE.value
    return bool(reply.get("gap")) or is_outgrown


def _likelier_first(names: Sequence[str], reply: Mapping[str, Any]) -> list[str]:
    """Those first that take what has just been found missing as it is: to others the same step would be in vain."""
    told = [word.partition(" (")[0] for word in reply.get("gap") or ()]
    missing = {construct for construct in Construct if construct.value in told}

    def lacks_one(name: str) -> bool:
        return not missing <= {feature.construct for feature in get_backend(name).spec.native}

    return sorted(names, key=lacks_one)


def _refusal(name: str, reply: Mapping[str, Any]) -> str:
    return f"`{name}` does not take {', '.join(reply.get('gap') or ('a program of this size',))}"


def warm(backend: str = "cpsat") -> None:
    """Start the worker of a back end without waiting for it, so that the first job finds it ready."""
    start_server(_family(backend))


def _family(backend: str) -> Family:
    return Family(backend, "nsr.solvers.work")


def _outcome(job: Job, name: str, reply: Mapping[str, Any], notes: Sequence[str]) -> Outcome:
    if reply.get("gap"):
        raise Gap(reply["gap"], notes)
    if reply.get("no_entry"):
        symbol, args = reply["no_entry"]
        raise NoEntry(symbol, tuple(args))
    outcome = decode_reply(job, name, reply)
    return replace(outcome, notes=tuple(notes)) if notes else outcome
