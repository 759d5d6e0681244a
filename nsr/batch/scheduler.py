"""Where problems are answered: here in processes, elsewhere on many machines. All of them meet this protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeAlias

from nsr.batch.store import Event
from nsr.datasets.protocol import Problem

__all__ = ["Recall", "Scheduler", "Sink"]

Sink: TypeAlias = Callable[[Event], None]
"""Takes what has happened; an exception from it ends the run."""

Recall: TypeAlias = Callable[[Sequence[str]], dict[str, str]]
"""What the language model said to requests earlier, by their keys, where it is known."""


class Scheduler(Protocol):
    """Answers problems, in any order, and says so."""

    async def run(self, problems: Iterator[Problem], sink: Sink, recall: Recall) -> None:
        """Take problems from the iterator as there is room, until it ends, and see each through to its `Answered`.

        Every problem taken has exactly one `Answered`, also when what worked on it died. When this is cancelled, all
        work ends.

        Raises:
            OperationalError: if nothing can be answered any more.
            UsageError: if an option makes no sense to those who do the work.
        """
        ...
