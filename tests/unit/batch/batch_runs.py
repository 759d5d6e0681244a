"""Runs made by hand, and a scheduler that answers at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nsr.batch.options import Selection
from nsr.batch.scheduler import Recall, Sink
from nsr.batch.sqlite import SqliteStore
from nsr.batch.store import Answered, Called, RoundEnded
from nsr.datasets.protocol import Problem
from nsr.results import Result, Status, Usage

Row = tuple[Problem, Result | None]


def answered(problem: Problem, result: Result, fault: str | None = None) -> Answered:
    """The event of a result."""
    rounds = tuple(r.model_dump_json() for r in result.rounds)
    text = result.model_copy(update={"id": problem.id, "rounds": ()}).to_json()
    return Answered(problem.position, result.status.value, text, rounds, fault, result.usage)


def keep(folder: Path, rows: Iterable[Row], **configuration: Any) -> Path:
    """A run folder with these problems and results."""
    rows = list(rows)
    with SqliteStore(folder) as store:
        store.begin(configuration or {"seed": 0}, "nsr batch by hand")
        store.add_problems(p for p, _ in rows)
        store.select(Selection())
        store.record([answered(p, r) for p, r in rows if r is not None])
        store.end("finished")
        store.export()
    return folder


@dataclass
class Direct:
    """A scheduler that asks a function for each result; `taken` are the problems it was given."""

    answer: Callable[[Problem], Result | tuple[Result, str]]
    taken: list[str] = field(default_factory=list)
    tokens: int = 0

    async def run(self, problems: Iterator[Problem], sink: Sink, recall: Recall) -> None:
        """Answers one after the other."""
        for problem in problems:
            self.taken.append(problem.id)
            if self.tokens:
                sink(Called(problem.id, "{}", self.tokens, 0))
            sink(
                RoundEnded(problem.position, 1, json.dumps({"number": 1, "kind": "formalize", "source": "on the way"}))
            )
            found = self.answer(problem)
            result, fault = found if isinstance(found, tuple) else (found, None)
            sink(answered(problem, result, fault))


def solved(answer: Any = "yes", **fields: Any) -> Result:
    """A result with an answer."""
    return Result(status=Status.SOLVED, answer=answer, **fields)


def abstained(reason: str = "no idea", **fields: Any) -> Result:
    """A result without one."""
    return Result(status=Status.ABSTAINED, reason=reason, **fields)


def used(given: int, written: int) -> Usage:
    """Tokens."""
    return Usage(calls=1, prompt_tokens=given, completion_tokens=written)
