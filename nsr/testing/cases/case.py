"""What a case is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any, NamedTuple

__all__ = ["Case", "Told", "case", "fits"]


class Told(NamedTuple):
    """What a program's result says to one question: the status, and the answer as the result object has it.

    Of tables only the keys that are given are compared; None says nothing of the answer.
    """

    status: str
    answer: Any = None


@dataclass(frozen=True, slots=True)
class Case:
    """A program and what holds of it; what is not known is None.

    `solutions` counts the structures in which the requirements of the first question hold, `answers` those that
    differ in what its `find` names. `each` are cells that have that value in every solution of the first question,
    written as in the language. `chosen` has the right option of each `choose`, None if not exactly one is right.
    `told` is what `nsr.run` says to each question.
    """

    name: str
    program: str
    solutions: int | None = None
    answers: int | None = None
    each: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[str | None, ...] = ()
    told: tuple[Told, ...] = ()


def case(name: str, program: str, *told: Told, **known: Any) -> Case:
    """A case from a program that may be indented."""
    return Case(name, dedent(program).strip() + "\n", told=told, **known)


def fits(told: Told, status: str, answer: Any) -> bool:
    """Whether a result's status and answer are what a case says."""
    return status == told.status and (told.answer is None or _is_like(told.answer, answer))


def _is_like(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            key in found and _is_like(value, found[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and all(map(_is_like, wanted, found))
    return bool(wanted == found) and isinstance(wanted, bool) is isinstance(found, bool)
