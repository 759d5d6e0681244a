"""What a set of problems is to the rest of `nsr`: records in, and who says whether an answer is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from nsr.results import Result

__all__ = ["AnswerKind", "Dataset", "Doubt", "Judgement", "Option", "Problem", "ReadOptions", "Scorer", "Verdict"]


class Option(NamedTuple):
    """One of the answers to choose from, as the set labels and words it."""

    label: str
    text: str


class Doubt(NamedTuple):
    """What speaks against a gold answer: `kind` is a word to count by, `detail` a sentence."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem of a set.

    `position` is its place in the file, from 1; results keep that order. `gold` is any JSON value that the scorer of
    the set understands, None where it is not known; `meta` what one may group by (size, depth, source). `recorded`
    holds outputs of language models that come with the set, by their names. `error` says what is wrong with the
    record, if anything: it is then not answered. `doubts` are those of its reader about the gold answer.
    """

    id: str
    position: int
    context: str = ""
    question: str = ""
    options: tuple[Option, ...] = ()
    gold: Any = None
    dataset: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)
    recorded: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def text(self) -> str:
        """All that is asked as one text: context, question, options, with an empty line between them.

        Options that the set does not label, so that the label is the wording, have a dash before them.
        """
        options = "\n".join(f"- {o.text}" if o.label == o.text else f"{o.label}) {o.text}" for o in self.options)
        return "\n\n".join(part for part in (self.context, self.question, options) if part)

    def to_json(self) -> dict[str, Any]:
        """The record as JSON values; empty fields are left out."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        fields["options"] = [list(o) for o in self.options]
        fields["doubts"] = [list(d) for d in self.doubts]
        return {k: v for k, v in fields.items() if k in ("id", "position") or v not in (None, "", [], (), {})}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Problem:
        """Reads what `to_json` wrote."""
        options = tuple(Option(*o) for o in data.get("options", ()))
        doubts = tuple(Doubt(*d) for d in data.get("doubts", ()))
        return cls(**{**data, "options": options, "doubts": doubts})


class Verdict(StrEnum):
    """What an answer is worth; `ABSTAINED` is no answer, whatever the reason."""

    RIGHT = "right"
    WRONG = "wrong"
    ABSTAINED = "abstained"


class Judgement(NamedTuple):
    """A verdict with its reason, empty for a right answer.

    `parts` says how many of an answer's parts are right, of how many (cells of a grid, names of an assignment).
    """

    verdict: Verdict
    detail: str = ""
    parts: tuple[int, int] | None = None


class Scorer(Protocol):
    """Holds results against gold answers."""

    @property
    def name(self) -> str:
        """What the scorer is called in reports."""
        ...

    def score(self, problem: Problem, result: Result) -> Judgement:
        """What the result is worth; only called for problems with a gold answer."""
        ...


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Which fields of a record hold what, where the caller knows better than the reader."""

    text_field: str | None = None
    id_field: str | None = None
    gold_field: str | None = None


class AnswerKind(StrEnum):
    """What the gold answers of a set are."""

    ANY = "any"
    GRID = "grid"
    ASSIGNMENT = "assignment"
    OPTION = "option"
    VERDICT = "verdict"
    NUMBER = "number"
    OPTIMUM = "optimum"
    MODEL = "model"
    WORDS = "words"


class Dataset(Protocol):
    """A published format: its name, a title, how its files are read and its answers scored."""

    @property
    def name(self) -> str:
        """What `--dataset` calls it."""
        ...

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    @property
    def licence(self) -> str:
        """Under which licence its problems are published, as far as they name one."""
        ...

    @property
    def source(self) -> str:
        """Where they are published."""
        ...

    @property
    def kind(self) -> AnswerKind:
        """What its gold answers are."""
        ...

    def recognizes(self, record: Mapping[str, Any]) -> bool:
        """Whether the first record of a file looks like one of this set."""
        ...

    @property
    def scorer(self) -> Scorer:
        """Who says whether an answer is right."""
        ...

    def read(self, path: Path, options: ReadOptions) -> Iterator[Problem]:
        """The problems of a file, one after the other; broken records have an `error`.

        Raises:
            UsageError: if the file cannot be read.
        """
        ...
