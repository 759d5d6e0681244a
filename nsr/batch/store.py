"""What keeps a run: problems in, rounds and results as they come, everything out again.

`RunStore` is all that the rest of `nsr` knows of it; `nsr.batch.sqlite` is the one that there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias

from nsr.batch.options import Selection
from nsr.datasets.protocol import Problem
from nsr.results import Result, Usage

__all__ = ["Answered", "Called", "Counts", "Event", "Kept", "RoundEnded", "RunStore", "Session", "open_run"]


@dataclass(frozen=True, slots=True)
class RoundEnded:
    """A round of a problem has ended: the JSON of its record."""

    position: int
    number: int
    round: str


@dataclass(frozen=True, slots=True)
class Called:
    """The language model has answered a request: the request's key, and the JSON of what was said."""

    key: str
    generation: str
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A problem is done: the JSON of the result without its rounds, and of each round.

    `fault` names what failed where it was not the problem's own doing (`crash`, `unsound`, `language_model`, ...).
    """

    position: int
    status: str
    result: str
    rounds: tuple[str, ...] = ()
    fault: str | None = None
    usage: Usage = field(default_factory=Usage)


Event: TypeAlias = RoundEnded | Called | Answered


class Kept(NamedTuple):
    """A problem with its result, None before there is one; `attempts` counts how often it was begun with."""

    problem: Problem
    result: Result | None
    fault: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Session:
    """One start of a run: when, by which command, made of what, and how it ended (None: it was killed, or goes on)."""

    number: int
    started: str
    command: str
    configuration: dict[str, Any]
    ended: str | None = None
    outcome: str | None = None


@dataclass(slots=True)
class Counts:
    """What a selection of problems amounts to: how many there are, and the results by status."""

    total: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    faults: int = 0


class RunStore(Protocol):
    """Everything of one run. What a method has stored is there after a kill at any moment."""

    def begin(self, configuration: dict[str, Any], command: str, *, may_differ: Sequence[str] = ()) -> int:
        """Start a session, and return its number.

        Raises:
            UsageError: if the run is made of something else, or another process is at work on it.
        """
        ...

    def end(self, outcome: str) -> None:
        """End the session that `begin` started."""
        ...

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Store problems that are not there yet.

        Raises:
            UsageError: for an identifier that occurs twice.
        """
        ...

    def select(self, selection: Selection) -> None:
        """Choose the problems that `counts` and `pending` speak of.

        Raises:
            UsageError: for an identifier that no problem has.
        """
        ...

    def retry(self, statuses: Sequence[str]) -> int:
        """Begin anew with the chosen problems of these statuses; how many there are. Earlier results are kept apart."""
        ...

    def counts(self) -> Counts:
        """The chosen problems and their results."""
        ...

    def pending(self) -> Iterator[Problem]:
        """The chosen problems without a result, in their order; more may be recorded meanwhile."""
        ...

    def record(self, events: Sequence[Event]) -> None:
        """Store what has happened, all of it or nothing. A result for a problem that has one is an error."""
        ...

    def recall(self, keys: Sequence[str]) -> dict[str, str]:
        """What the language model said to these requests, where it is known."""
        ...

    def spent(self) -> Usage:
        """What the language model was given and wrote, in all sessions."""
        ...

    def sessions(self) -> list[Session]:
        """All starts of the run, in order."""
        ...

    def kept(self) -> Iterator[Kept]:
        """All problems with their results, in order."""
        ...

    def get(self, identifier: str) -> Kept | None:
        """One of them."""
        ...

    def export(self) -> Path:
        """Write all results to a file beside the store, one JSON object a line; its path."""
        ...

    def close(self) -> None:
        """Let go of everything; further use is an error."""
        ...


def open_run(folder: Path, *, must_exist: bool = False) -> RunStore:
    """The run in a folder.

    Raises:
        UsageError: if there is none and there must be, or the folder cannot be used.
    """
    from nsr.batch.sqlite import SqliteStore

    return SqliteStore(folder, must_exist=must_exist)
