"""What a caller can set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, get_type_hints

from nsr.diagnostics import nearest
from nsr.errors import UsageError
from nsr.limits import Limits

__all__ = ["Options", "options_from"]

MOST_SECONDS = 10_000_000.0
"""Timers of the operating system take no more everywhere."""
MOST_SEED = 2**31 - 1
"""The largest seed that every solver takes."""

_WORDS = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "`True` or `False`",
    Limits: "an `nsr.Limits`, as `nsr.Limits(wall_seconds=3)`",
}


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
        """Refuses values of another type, and numbers that no stage could work with.

        Raises:
            UsageError: for them.
        """
        _check_types(self)
        _check_types(self.limits, "limits.")
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


def options_from(given: dict[str, Any]) -> Options:
    """The options of keyword arguments.

    Raises:
        UsageError: if there is no option of a name, or a value is wrong.
    """
    names = get_type_hints(Options)
    for name in given:
        if name in names:
            continue
        if name == "timeout" or name in get_type_hints(Limits):
            raise UsageError(f"there is no option `{name}`; limits are given as `limits=nsr.Limits(wall_seconds=3)`")
        near = nearest(name, names)
        told = f"did you mean {' or '.join(f'`{n}`' for n in near)}?" if near else f"there are {', '.join(names)}"
        raise UsageError(f"there is no option `{name}`; {told}")
    return Options(**given)


def _check_types(given: Options | Limits, prefix: str = "") -> None:
    """Refuse fields of another type than they are declared with; a whole number is a number, a truth value is none."""
    for name, wanted in get_type_hints(type(given)).items():
        value = getattr(given, name)
        is_fit = isinstance(value, int | float if wanted is float else wanted)
        if not is_fit or (isinstance(value, bool) and wanted is not bool):
            raise UsageError(f"`{prefix}{name}` is {value!r}; it is to be {_WORDS[wanted]}")
