"""The answer of the reference enumeration, in the shapes that the engine's results have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from nsr.explain.grid import assignment
from nsr.explain.spelling import Spelling
from nsr.language.enumerate import Asked, Chosen, Computed, Found, Proved, answer
from nsr.language.ir import Ask, Compute, Find, Program, Question, sort_of
from nsr.language.open_types import at_sizes, open_sorts, smallest_size
from nsr.limits import Budget

__all__ = ["enumerated"]

STEPS = 3_000_000
WALL_SECONDS = 5.0

_VERDICTS = {"entailed": "true", "yes": "true", "refuted": "false", "no": "false"}
_PLAIN = Spelling()


def enumerated(program: Program) -> Any:
    """The answer to the first question; None where there is no world, or not exactly one right option.

    An open type has one thing more than it has constants.

    Raises:
        BudgetExceeded: if the program is too large for enumeration.
        InfiniteSort: if an unknown has infinitely many possible values.
    """
    program = at_sizes(program, {sort.name: smallest_size(sort) + 1 for sort in open_sorts(program)})
    question = program.questions[0]
    found = answer(program, question, Budget(steps=STEPS, wall_seconds=WALL_SECONDS))
    match found:
        case Chosen():
            return found.label
        case Proved():
            return _verdict(found.verdict)
        case Asked():
            return _asked(question, found)
        case Computed():
            return _one(found.right) if question.options else _values(question, found)
        case Found():
            return _one(found.right) if question.options else _found(program, question, found)
        case _:
            assert_never(found)


def _one(labels: Sequence[str]) -> str | None:
    return labels[0] if len(labels) == 1 else None


def _verdict(verdict: str) -> str | None:
    return None if verdict == "inconsistent" else _VERDICTS.get(verdict, "unknown")


def _asked(question: Question, found: Asked) -> Any:
    assert isinstance(question.goal, Ask)
    if not question.goal.binders:
        return _verdict(found.verdict)
    sorts = [b.variable.sort for b in question.goal.binders]
    names = [b.variable.name for b in question.goal.binders]
    return [{n: _PLAIN.value(v, s) for n, v, s in zip(names, row, sorts, strict=True)} for row in found.true]


def _values(question: Question, found: Computed) -> Any:
    assert isinstance(question.goal, Compute)
    if found.values is None:
        return None
    told = [_PLAIN.value(v, sort_of(t)) for v, t in zip(found.values, question.goal.terms, strict=True)]
    return told[0] if len(told) == 1 else told


def _found(program: Program, question: Question, found: Found) -> Any:
    assert isinstance(question.goal, Find)
    if question.goal.mode == "count":
        return len(found.solutions)
    return assignment(program, found.solutions[0], _PLAIN, question.goal.symbols) if found.solutions else None
