"""Runs a file of problems into a run folder, from wherever an earlier start of it was stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from nsr.batch.options import BatchOptions
from nsr.batch.processes import LocalProcesses
from nsr.batch.progress import Progress
from nsr.batch.provenance import MAY_DIFFER, configuration
from nsr.batch.scheduler import Scheduler
from nsr.batch.store import Answered, Called, Event, RunStore, open_run
from nsr.datasets.protocol import Problem, ReadOptions
from nsr.datasets.registry import AUTO, dataset, recognized
from nsr.errors import OperationalError, UsageError
from nsr.results import Explanation, Result, Status

if TYPE_CHECKING:
    from nsr.engine.engine import Engine

__all__ = ["run_batch"]

FAULTS_IN_A_ROW = 20
"""So many failures with nothing answered between them are no accident of a problem's: the run stops."""


def run_batch(
    engine: Engine,
    path: Path,
    folder: Path,
    options: BatchOptions | None = None,
    report: Callable[[Progress], None] = lambda _: None,
    scheduler: Scheduler | None = None,
) -> Progress:
    """Answers every chosen problem of `path` that `folder` has no result for yet; `report` is called after each.

    Rounds and results are stored as they come, so an interrupted run loses at most what was in flight, and what the
    language model has said is not asked for again. Without a `scheduler`, engine processes on this machine do the work.

    Raises:
        UsageError: for a missing file or one of which nothing can be read, an identifier that occurs twice or that is
            asked for and not there, or a folder of another run.
        OperationalError: if one problem after the other fails for reasons that are not its own.
    """
    from nsr.background import blocking

    options = _with_dataset(options or BatchOptions(), path)
    problems = _readable(path, dataset(options.dataset).read(path, options.reading))
    store = open_run(folder)
    try:
        may_differ = MAY_DIFFER if options.selection.retry else ()
        store.begin(configuration(engine, path, options), options.command, may_differ=may_differ)
        store.add_problems(problems)
        store.select(options.selection)
        retried = store.retry(options.selection.retry) if options.selection.retry else 0
        run = _Run(store, options, report, retried)
        outcome = "interrupted"
        try:
            blocking(run.work(scheduler or LocalProcesses(engine, options)))
            outcome = run.progress.stopped or "finished"
        except Exception as error:
            outcome = f"failed: {error}"
            raise
        finally:
            run.flush()
            store.end(outcome)
            store.export()
    finally:
        store.close()
    return run.progress


def _with_dataset(options: BatchOptions, path: Path) -> BatchOptions:
    """The options with the set that the file looks like, where none is named; named fields are those of JSON lines."""
    if options.dataset != AUTO:
        return options
    return replace(options, dataset="jsonl" if options.reading != ReadOptions() else recognized(path))


def _readable(path: Path, problems: Iterator[Problem]) -> Iterator[Problem]:
    """The same problems, one of which can be read; that none can is told of before there is a folder.

    Raises:
        UsageError: if there are records, and none can be read.
    """
    looked: list[Problem] = []
    for problem in problems:
        looked.append(problem)
        if problem.error is None:
            return chain(looked, problems)
    if looked:
        raise UsageError(f"no record of {path} can be read, the first: {looked[0].error}")
    return iter(())


class _Run:
    """One session: gives out problems within the limits, and stores what comes back."""

    def __init__(
        self, store: RunStore, options: BatchOptions, report: Callable[[Progress], None], retried: int
    ) -> None:
        self._store = store
        self._options = options
        self._report = report
        self._events: list[Event] = []
        self._in_a_row = 0
        counts, spent = store.counts(), store.spent()
        self.progress = Progress(counts.total, retried=retried, faults=counts.faults, statuses=counts.statuses)
        self.progress.resumed = self.progress.finished
        self._add_tokens(spent.prompt_tokens, spent.completion_tokens)
        self._counts_calls = spent.calls > 0

    async def work(self, scheduler: Scheduler) -> None:
        """Has everything answered."""
        self.progress.started = time.monotonic()
        self._report(self.progress)
        self._loop = asyncio.get_running_loop()
        await scheduler.run(self._problems(), self._sink, self._recall)
        self.flush()

    def _problems(self) -> Iterator[Problem]:
        """What is still to be done, until a limit is reached; broken records have their results at once."""
        for problem in self._store.pending():
            if problem.error is not None:
                result = Result(id=problem.id, status=Status.ABSTAINED, reason=problem.error)
                result = result.model_copy(update={"explanation": Explanation(summary=problem.error)})
                self.progress.broken += 1
                self.progress.last_broken = problem.error
                self._sink(Answered(problem.position, result.status.value, result.to_json()))
                continue
            if (limit := self._limit()) is not None:
                self.progress.stopped = limit
                return
            yield problem

    def _limit(self) -> str | None:
        p, o = self.progress, self._options
        tokens = p.prompt_tokens + p.completion_tokens
        if o.max_tokens is not None and tokens >= o.max_tokens:
            return f"stopped at {tokens:,} tokens, the limit is {o.max_tokens:,}"
        if o.max_cost is not None and p.cost >= o.max_cost:
            return f"stopped at a cost of {p.cost:.4f}, the limit is {o.max_cost:g}"
        return None

    def _sink(self, event: Event) -> None:
        """Keeps an event for the next transaction, which comes as soon as the loop has no more of them."""
        if not self._events:
            self._loop.call_soon(self.flush)
        self._events.append(event)
        match event:
            case Called():
                self._counts_calls = True
                self._add_tokens(event.prompt_tokens, event.completion_tokens)
            case Answered():
                self.progress.statuses[event.status] += 1
                self.progress.faults += event.fault is not None
                if not self._counts_calls:
                    self._add_tokens(event.usage.prompt_tokens, event.usage.completion_tokens)
                self._watch(event)

    def _watch(self, event: Answered) -> None:
        """Raises OperationalError when nothing but failures come."""
        self._in_a_row = self._in_a_row + 1 if event.fault is not None else 0
        if event.fault is not None:
            self.progress.last_fault = Result.from_json(event.result).reason or ""
        if self._in_a_row >= FAULTS_IN_A_ROW:
            raise OperationalError(
                f"{self._in_a_row} problems in a row failed, the last with: {self.progress.last_fault}; "
                "mend it, and do them again with --retry fault"
            )

    def _add_tokens(self, given: int, written: int) -> None:
        self.progress.prompt_tokens += given
        self.progress.completion_tokens += written
        self.progress.cost = self._options.cost(self.progress.prompt_tokens, self.progress.completion_tokens)

    def _recall(self, keys: Sequence[str]) -> dict[str, str]:
        self.flush()
        return self._store.recall(keys)

    def flush(self) -> None:
        """Stores what has come since the last time."""
        events, self._events = self._events, []
        if events:
            self._store.record(events)
        if any(isinstance(e, Answered) for e in events):
            self._report(self.progress)
