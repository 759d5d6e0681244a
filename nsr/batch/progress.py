"""Counts of a running batch, and the line that tells of them."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Progress"]


@dataclass(slots=True)
class Progress:
    """Counts of a running batch; `resumed` results were there before, `retried` were begun anew.

    `stopped` says which limit ended it before all was done, if one did. `broken` counts the records that could not be
    read; `last_fault` and `last_broken` are the reasons of the last ones.
    """

    total: int
    resumed: int = 0
    retried: int = 0
    faults: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    stopped: str | None = None
    broken: int = 0
    last_fault: str = ""
    last_broken: str = ""
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

    def line(self) -> str:
        """All of it in one line for people."""
        counts = ", ".join(f"{n} {s}" for s, n in sorted(self.statuses.items()))
        parts = [f"{self.finished}/{self.total} ({counts or 'none yet'})", f"{self.per_minute:.0f} a minute"]
        if self.faults:
            parts.append(f"{self.faults} faults")
        if self.prompt_tokens or self.completion_tokens:
            parts.append(f"{self.prompt_tokens + self.completion_tokens:,} tokens")
        if self.cost:
            parts.append(f"cost {self.cost:.2f}")
        if (left := self.seconds_left) is not None and self.finished < self.total:
            parts.append(f"{_duration(left)} left")
        return ", ".join(parts)

    def to_json(self) -> dict[str, object]:
        """What `nsr batch --json` prints."""
        return {
            "total": self.total,
            "resumed": self.resumed,
            "retried": self.retried,
            "statuses": dict(self.statuses),
            "faults": self.faults,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cost": self.cost,
            "stopped": self.stopped,
        }


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
