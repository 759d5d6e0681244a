"""The answer of the reference enumeration, in the shapes that the engine's results have."""

from __future__ import annotations

from typing import Any

from nsr.explain.grid import assignment
from nsr.explain.spelling import Spelling
from nsr.language.enumerate import Chosen, Found, answer
from nsr.language.ir import Find, Program
from nsr.limits import Budget

__all__ = ["enumerated"]

STEPS = 3_000_000


def enumerated(program: Program) -> Any:
    """The answer to the first question.

    Raises:
        BudgetExceeded: if the program is too large for enumeration.
        ValueError: if an unknown has infinitely many possible values.
    """
    question = program.questions[0]
    found = answer(program, question, Budget(steps=STEPS, wall_seconds=10.0))
    match found:
        case Chosen():
            return found.label
        case Found():
            assert isinstance(question.goal, Find)
            if question.goal.mode == "count":
                return len(found.solutions)
            return assignment(program, found.solutions[0], Spelling(), question.goal.symbols)
        case _:
            raise NotImplementedError(type(found).__name__)
