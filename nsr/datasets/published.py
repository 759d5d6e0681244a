"""A set in its published format: one function reads a record, everything else is the same for all sets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from nsr.datasets.common import from_common, is_common
from nsr.datasets.fields import Unreadable
from nsr.datasets.protocol import AnswerKind, Problem, ReadOptions, Scorer
from nsr.datasets.records import Record, records
from nsr.datasets.scorers import SCORERS
from nsr.errors import UsageError

__all__ = ["PublishedSet", "scorer_of"]


def scorer_of(kind: AnswerKind) -> Scorer:
    """The scorer of a kind of answer."""
    if kind is AnswerKind.MODEL:
        # Comes with the solvers, which no other scorer needs.
        from nsr.datasets.models import ModelScorer

        return ModelScorer()
    return SCORERS[kind.value]


@dataclass(frozen=True, slots=True)
class PublishedSet:
    """A set: `problems` reads a record (and raises `Unreadable`), `marks` tells its records from those of others.

    A file may also be in the common form, where a record names its set in the field `dataset`; `called` are names
    that it may have there. `checked` looks at a problem with its record and says what is to be doubted.
    """

    name: str
    title: str
    licence: str
    source: str
    kind: AnswerKind
    problems: Callable[[Record], Iterator[Problem]]
    marks: Callable[[Mapping[str, Any]], bool]
    called: tuple[str, ...] = ()
    checked: Callable[[Problem, Mapping[str, Any]], Problem] = lambda problem, _: problem

    @property
    def scorer(self) -> Scorer:
        """The scorer of its kind of answer."""
        return scorer_of(self.kind)

    def recognizes(self, record: Mapping[str, Any]) -> bool:
        """By the name that a record of the common form gives, else by its fields."""
        if is_common(record):
            return record["dataset"] in (self.name, *self.called)
        return self.marks(record)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Problem]:
        """The problems of a file; a record that cannot be read becomes a problem with its error.

        Raises:
            UsageError: if the file cannot be read, or fields are named: this set has its own.
        """
        if options != ReadOptions():
            raise UsageError(f"the data set {self.name!r} has its own fields; to name others, read it as jsonl")
        return self._numbered(path)

    def _numbered(self, path: Path) -> Iterator[Problem]:
        taken: Counter[str] = Counter()
        position = count(1)
        for record in records(path):
            for problem in self._of(record):
                identifier = _new(problem.id, taken)
                yield replace(problem, id=identifier, position=next(position), dataset=self.name)

    def _of(self, record: Record) -> Iterator[Problem]:
        identifier = _identifier(record.place)
        if record.error is not None:
            yield Problem(id=identifier, position=0, error=record.error)
            return
        try:
            # All of a record or nothing: its problems are named together.
            read = list(from_common(record)) if is_common(record.fields) else list(self.problems(record))
            yield from (self.checked(problem, record.fields) for problem in read)
        except Unreadable as error:
            yield Problem(id=identifier, position=0, error=f"{record.place}: {error}")


def _identifier(place: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", place).strip("-")


def _new(identifier: str, taken: Counter[str]) -> str:
    """The identifier, with a number behind it where an earlier problem has it; `taken` counts how often each came."""
    name = identifier
    while name in taken:
        taken[identifier] += 1
        name = f"{identifier}#{taken[identifier]}"
    taken[name] += 1
    return name
