"""Runs a file of problems through an engine: sentences of many problems form one batch, solving goes on beside it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nsr.batch.store import RunStore
from nsr.errors import UsageError
from nsr.results import Result, Status

if TYPE_CHECKING:
    from nsr.engine.engine import Engine

__all__ = ["BatchOptions", "Problem", "Progress", "read_problems", "run_batch"]

TEXT_FIELDS = ("text", "puzzle", "problem", "question", "context")
ID_FIELDS = ("id", "idx", "name")


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How to read the input and how much of it to take; `chunk` problems are formalized together."""

    text_field: str | None = None
    id_field: str | None = None
    limit: int | None = None
    chunk: int = 16
    concurrency: int = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the input; `error` says what is wrong with it, if anything."""

    position: int
    identifier: str
    text: str = ""
    error: str | None = None


@dataclass(slots=True)
class Progress:
    """Counts of a running batch."""

    total: int
    resumed: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)

    @property
    def finished(self) -> int:
        """How many results are there, earlier ones of a resumed run included."""
        return sum(self.statuses.values())

    @property
    def per_minute(self) -> float:
        """Problems a minute since this process started on them."""
        return 60 * (self.finished - self.resumed) / max(1e-9, time.monotonic() - self.started)

    @property
    def seconds_left(self) -> float | None:
        """Expected time for the rest; None before the first result."""
        return 60 * (self.total - self.finished) / self.per_minute if self.finished > self.resumed else None


def read_problems(path: Path, options: BatchOptions) -> Iterator[Problem]:
    """The problems of a JSONL file; broken lines come back as problems with an `error`, blank ones are passed over.

    Raises:
        UsageError: if the file is missing.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    with stream:
        for position, line in enumerate(stream, 1):
            if line.strip():
                yield _problem(position, line, options)


def _problem(position: int, line: bytes, options: BatchOptions) -> Problem:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError) as error:
        return Problem(position, f"line-{position}", error=f"line {position} is not JSON in UTF-8: {error}")
    if not isinstance(row, dict):
        return Problem(position, f"line-{position}", error=f"line {position} is not a JSON object")
    id_field = options.id_field or next((f for f in ID_FIELDS if f in row), None)
    if id_field is not None and id_field not in row:
        return Problem(position, f"line-{position}", error=f"line {position} has no field {id_field!r}")
    identifier = str(row[id_field]) if id_field else f"line-{position}"
    text_field = options.text_field or next((f for f in TEXT_FIELDS if isinstance(row.get(f), str)), None)
    if text_field is None or text_field not in row:
        wanted = repr(options.text_field) if options.text_field else " or ".join(map(repr, TEXT_FIELDS))
        return Problem(position, identifier, error=f"line {position} has no field {wanted}; it has: {', '.join(row)}")
    if not isinstance(row[text_field], str):
        return Problem(position, identifier, error=f"field {text_field!r} of line {position} is no text")
    return Problem(position, identifier, row[text_field])


def run_batch(
    engine: Engine, path: Path, folder: Path, options: BatchOptions, report: Callable[[Progress], None] = lambda _: None
) -> Progress:
    """Answers every problem of `path` that `folder` has no result for yet; `report` is called after each.

    Each result is stored as soon as it is there, so an interrupted run loses at most what was in flight.

    Raises:
        UsageError: for a missing file, an identifier that occurs twice, or a folder of another run.
    """
    from nsr.engine.background import blocking

    problems = list(read_problems(path, options))[: options.limit]
    doubled = [i for i, n in Counter(p.identifier for p in problems).items() if n > 1]
    if doubled:
        raise UsageError(f"the identifier {doubled[0]!r} occurs twice in {path}; name another field with --id-field")
    with RunStore(folder) as store:
        store.configure(_configuration(engine, path, options))
        done = store.done()
        progress = Progress(len(problems))
        for problem in problems:
            if problem.position in done:
                progress.statuses[done[problem.position]] += 1
        progress.resumed = progress.finished
        progress.started = time.monotonic()
        report(progress)
        left = [p for p in problems if p.position not in done]
        blocking(_run(engine, left, store, options, progress, report))
        store.export()
    return progress


def _configuration(engine: Engine, path: Path, options: BatchOptions) -> dict[str, Any]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {
        **engine.configuration(),
        "input_sha256": digest,
        "text_field": options.text_field,
        "id_field": options.id_field,
    }


async def _run(
    engine: Engine,
    problems: list[Problem],
    store: RunStore,
    options: BatchOptions,
    progress: Progress,
    report: Callable[[Progress], None],
) -> None:
    """Formalizes chunk after chunk in a thread; at most one chunk waits while the one before is being solved."""
    chunks: asyncio.Queue[list[tuple[Problem, Any]] | None] = asyncio.Queue(maxsize=1)
    gate = asyncio.Semaphore(options.concurrency)

    def keep(problem: Problem, result: Result) -> None:
        store.add(problem.position, problem.identifier, result.model_copy(update={"id": problem.identifier}))
        progress.statuses[result.status.value] += 1
        report(progress)

    async def formalize() -> None:
        try:
            for start in range(0, len(problems), options.chunk):
                chunk = problems[start : start + options.chunk]
                good = [p for p in chunk if p.error is None]
                drafts = await asyncio.to_thread(engine.formalize, [p.text for p in good]) if good else []
                by_position = {p.position: d for p, d in zip(good, drafts, strict=True)}
                await chunks.put([(p, by_position.get(p.position)) for p in chunk])
        finally:
            await chunks.put(None)

    async def answer(problem: Problem, draft: Any) -> None:
        async with gate:
            if problem.error is not None:
                keep(problem, Result(status=Status.ABSTAINED, reason=problem.error))
            else:
                keep(problem, await engine.answer_draft(problem.text, draft))

    producer = asyncio.create_task(formalize())
    try:
        while (chunk := await chunks.get()) is not None:
            async with asyncio.TaskGroup() as group:
                for problem, draft in chunk:
                    group.create_task(answer(problem, draft))
        await producer
    finally:
        producer.cancel()
