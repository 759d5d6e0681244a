"""What a caller can set."""

from __future__ import annotations

from dataclasses import dataclass, field

from nsr.errors import UsageError
from nsr.limits import Limits

__all__ = ["Options"]

MOST_SECONDS = 10_000_000.0
"""Timers of the operating system take no more everywhere."""
MOST_SEED = 2**31 - 1
"""The largest seed that every solver takes."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of an `Engine`.

    `model` is a language model's address:
    `embedded`, `embedded:FOLDER`, `local:FOLDER`, `http://host:port/v1#name`, `recorded:FILE`.
    `manual` is the kind of problem (`deduction`, `puzzles`, `optimization`) for which a general language model gets a
    shorter manual; empty for the whole one. `backend` is `auto`, a back end's name, `all` (every back end answers, and
    they are compared) or `race` (the first sound answer counts), the last two also of some: `all:NAME,NAME`. In the
    folder `reports`, unless it is empty, a program that shows a fault of ours is kept, made as small as can be.
    `rounds` bounds how often a draft of a general language model goes back to it. `confirm` asks a second back end for
    what says "there is no other". Without `assume`, a question that rests on an assumption of the program's (`missing`
    with a formula) is not answered. `find all` stops at `solutions`, `ask` at `bindings`.
    """

    model: str = "embedded"
    backend: str = "auto"
    limits: Limits = field(default_factory=Limits)
    seed: int = 0
    rounds: int = 3
    manual: str = ""
    confirm: bool = True
    assume: bool = True
    solutions: int = 1000
    bindings: int = 10_000
    reports: str = ""

    def __post_init__(self) -> None:
        """Refuses numbers that no stage could work with.

        Raises:
            UsageError: for them.
        """
        for name, seconds in (("time", self.limits.wall_seconds), ("processor time", self.limits.cpu_seconds)):
            if not 0 <= seconds <= MOST_SECONDS:
                raise UsageError(f"the limit of {name} is {seconds:g} s; it goes from 0 to {MOST_SECONDS:,.0f} s")
        if not 0 <= self.seed <= MOST_SEED:
            raise UsageError(f"the seed is {self.seed}; it goes from 0 to {MOST_SEED:,}")
        for name, number, least in (
            ("rounds", self.rounds, 0),
            ("solutions", self.solutions, 1),
            ("bindings", self.bindings, 1),
            ("limits.memory_mib", self.limits.memory_mib, 1),
        ):
            if number < least:
                raise UsageError(f"`{name}` is {number}; it is at least {least}")
