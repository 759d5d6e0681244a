"""The sets of recorded programs: in which dialect they are, and which option an answer means.

A set is one entry. Nothing here looks at a gold answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nsr.dialects import Reading, read
from nsr.results import QuestionResult, Status

__all__ = ["MODELS", "SETS", "Case", "RecordedSet", "cases_of", "file_of"]

MODELS = ("gpt-3.5-turbo", "text-davinci-003")


@dataclass(frozen=True, slots=True)
class Case:
    """A recorded program with its problem (`context`, `question`, `options`, ...) and the gold option."""

    id: str
    raw: str
    problem: Mapping[str, Any]
    gold: str


@dataclass(frozen=True, slots=True)
class RecordedSet:
    """`dialect` reads the programs, `letter` gives the option an answer means (None: no answer).

    `theirs` is Logic-LM's accuracy on the same programs by model, without self-refinement, programs that do not run
    counted as wrong.
    """

    dialect: str
    letter: Callable[[QuestionResult, Case], str | None]
    theirs: Mapping[str, float]
    reading: Callable[[Case, str, bool], Reading] | None = None

    def read(self, case: Case, strict: bool) -> Reading:
        """The program of a case; `reading` is for dialects that look at the problem as well."""
        if self.reading is not None:
            return self.reading(case, self.dialect, strict)
        return read(case.raw, self.dialect, strict=strict)


def by_status(**letters: str) -> Callable[[QuestionResult, Case], str | None]:
    """The option by status: `by_status(entailed="A", refuted="B")`."""
    options = {Status(name): letter for name, letter in letters.items()}
    return lambda question, case: options.get(question.status)


SETS = {
    "folio": RecordedSet(
        "logiclm-fol",
        by_status(entailed="A", refuted="B", undetermined="C"),
        {"gpt-3.5-turbo": 39.2, "text-davinci-003": 41.2},
    ),
}


def file_of(name: str) -> str:
    """The data set of a set: what stands before `+` in its name; the rest tells how its programs are taken."""
    return name.partition("+")[0]


def cases_of(data: Path, name: str, model: str) -> Iterator[Case]:
    """The recorded programs of one set and language model, in the order of the file.

    Raises:
        FileNotFoundError: if the data folder does not have them.
    """
    file = file_of(name)
    problems = {row["id"]: row for row in _rows(data / f"{file}.jsonl")}
    for row in _rows(data / "recorded" / f"{file}.{model}.jsonl"):
        problem = problems[row["id"]]
        yield Case(row["id"], row["raw_logic_programs"][0], problem, problem["answer"])


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]
