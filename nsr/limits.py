"""Budgets: what a solve may use, and the record of which budget ended it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from enum import Enum

__all__ = ["Budget", "BudgetExceeded", "LimitKind", "Limits", "Stopwatch", "processors"]


class LimitKind(Enum):
    """Which budget ended a stage before it was done."""

    WALL = "wall"
    CPU = "cpu"
    MEMORY = "memory"
    SIZE = "size"
    STEPS = "steps"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may use: all its solves together the wall time, each of them processor time and memory.

    Memory counts above the worker's own baseline. The start of a worker does not count.
    """

    wall_seconds: float = 30.0
    cpu_seconds: float = 60.0
    memory_mib: int = 2048

    def after(self, watch: Stopwatch) -> Limits:
        """What is left of them for the next piece of work; no wall time at all when it is over."""
        return replace(self, wall_seconds=max(0.0, self.wall_seconds - watch.seconds))


class Stopwatch:
    """How long several pieces of work have taken together; what shall not count can be left out."""

    __slots__ = ("_start",)

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """The time since the start, without what was left out."""
        return time.monotonic() - self._start

    def leave_out(self, seconds: float) -> None:
        """Time that is not to count, as for the start of a worker."""
        self._start += seconds


class BudgetExceeded(Exception):
    """A `Budget` ran out; `kind` says which. A signal between stages, never shown to callers."""

    def __init__(self, kind: LimitKind) -> None:
        self.kind = kind
        super().__init__(kind.value)


class Budget:
    """Counts steps of in-process work (evaluation, grounding) and stops it at a step or wall limit."""

    __slots__ = ("_deadline", "_next_look", "_steps", "steps_limit")

    def __init__(self, *, steps: int = 50_000_000, wall_seconds: float = 60.0) -> None:
        self.steps_limit = steps
        self._steps = 0
        self._deadline = time.monotonic() + wall_seconds
        self._next_look = 10_000

    @property
    def steps_left(self) -> int:
        """How many steps may still be spent."""
        return self.steps_limit - self._steps

    @property
    def seconds_left(self) -> float:
        """How much time is left; negative when it is over."""
        return self._deadline - time.monotonic()

    def spend(self, steps: int = 1) -> None:
        """Count `steps`.

        Raises:
            BudgetExceeded: when the steps or the time are used up.
        """
        self._steps += steps
        if self._steps > self.steps_limit:
            raise BudgetExceeded(LimitKind.STEPS)
        if self._steps >= self._next_look:
            self._next_look = self._steps + 10_000
            if time.monotonic() > self._deadline:
                raise BudgetExceeded(LimitKind.WALL)


def processors() -> int:
    """How many processors this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:
        return max(1, os.cpu_count() or 1)
