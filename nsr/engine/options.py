"""What a caller can set."""

from __future__ import annotations

from dataclasses import dataclass, field

from nsr.limits import Limits

__all__ = ["Options"]


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
