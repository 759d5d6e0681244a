"""Whether the answer to a program is the one that going through all its worlds gives.

`answers_of` runs a program on a back end, all jobs in this process; `disagreement` holds one answer against the
reference enumeration (`nsr.language.enumerate`). Back ends of others are compared in the same way.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, assert_never
from unittest.mock import patch

from nsr.engine.engine import Engine
from nsr.engine.goals.rounded import NOTE
from nsr.engine.options import Options
from nsr.explain.grid import assignment, found_by_default
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.enumerate import (
    Answered,
    Asked,
    Chosen,
    Computed,
    Found,
    NotDefined,
    Proved,
    answer,
    worlds_of,
)
from nsr.language.evaluate import NoEntry, evaluate, holds
from nsr.language.meaning import AcrossWorlds
from nsr.language.open_types import at_sizes, open_sorts, smallest_size
from nsr.language.sorts import InfiniteSort
from nsr.language.values import UNDEFINED
from nsr.limits import Budget, BudgetExceeded, Limits
from nsr.results import QuestionResult, Status
from nsr.solvers import strategies
from nsr.solvers.work import work

__all__ = ["Incomparable", "Oracle", "Right", "answers_of", "disagreement", "in_process", "options_for", "right_answer"]

STEPS = 400_000
"""Steps of enumeration before a program counts as too large to be compared."""

MORE_THINGS = 1
"""Open types are looked at with up to so many things more than they must have."""

SPELLING = Spelling()

NOT_DECIDED = "is not decided"
"""In the reason of a result that says that the engine does not answer such a question."""


class Incomparable(Exception):
    """Nothing can be said about a program; the message says why."""


# Running


@contextmanager
def in_process() -> Iterator[None]:
    """While it lasts, jobs are worked off in this process, limited by their wall seconds only."""

    async def here(family: object, data: Sequence[Any], limits: Limits) -> dict[str, Any]:
        return work(data)

    with patch.object(strategies, "request", here):
        yield


def options_for(backend: str, *, solutions: int = 60, seconds: float = 10.0) -> Options:
    """Options under which one back end answers alone; `find all` stops at `solutions`."""
    return Options(backend=backend, confirm=False, solutions=solutions, limits=Limits(wall_seconds=seconds))


def answers_of(program: ir.Program, options: Options) -> tuple[QuestionResult, ...]:
    """The results of all questions, worked off in this process.

    Raises:
        ProgramError: if no plan reaches the back end, or a table lacks an entry.
        UnsoundBackend: if the evaluator does not accept what the back end gives.
    """
    with in_process():
        return asyncio.run(Engine(options).arun(program)).questions


# Enumeration


@dataclass(frozen=True, slots=True)
class Right:
    """What enumeration says of a question: the answer, and whether there is a world; else why there is no answer."""

    answered: Answered | None
    has_world: bool
    refused: str = ""


class Oracle:
    """What enumeration says of the questions of one program without open types, worked out once for each.

    Raises (when asked):
        Incomparable: if there are too many worlds, or infinitely many.
    """

    def __init__(self, program: ir.Program) -> None:
        self._program = program
        self._known: dict[int, Right | Incomparable] = {}

    def right(self, number: int) -> Right:
        """The right answer to a question."""
        if number not in self._known:
            try:
                self._known[number] = right_answer(self._program, self._program.questions[number])
            except Incomparable as why:
                self._known[number] = why
        known = self._known[number]
        if isinstance(known, Incomparable):
            raise known
        return known


def right_answer(program: ir.Program, question: ir.Question) -> Right:
    """The answer by enumeration, for a program without open types.

    Raises:
        Incomparable: if there are too many worlds, or infinitely many.
    """
    budget = Budget(steps=STEPS)
    try:
        return Right(answer(program, question, budget), bool(worlds_of(program, question, budget).structures))
    except NotDefined:
        return Right(None, True, "undefined")
    except NoEntry as lacking:
        return Right(None, True, f"no entry of {lacking.symbol}")
    except (BudgetExceeded, InfiniteSort) as error:
        raise Incomparable("too many worlds") from error


# Comparing


def disagreement(
    program: ir.Program, number: int, found: QuestionResult, most: int = 60, oracle: Oracle | None = None
) -> str | None:
    """Why the result of a question is not the answer by enumeration; None if it is.

    `most` is how many solutions `find all` was to give. An oracle of the program saves going through its worlds anew
    for each back end.

    Raises:
        Incomparable: if there are too many worlds, or a limit ended the search.
    """
    if found.status in (Status.LIMIT, Status.FEASIBLE) and not _is_cut(program, number, found):
        raise Incomparable("limit")
    if found.status is Status.ABSTAINED and NOT_DECIDED in (found.reason or ""):
        raise Incomparable("not decided")
    if any(gap.requirement is None for gap in (*program.missing, *program.questions[number].missing)):
        raise Incomparable("something is missing")
    if NOTE in found.evidence.notes:
        raise Incomparable("rounded data")
    if open_sorts(program):
        return _open_disagreement(program, number, found)
    question = program.questions[number]
    right = (oracle or Oracle(program)).right(number)
    if right.answered is None:
        is_refused = found.status is Status.ABSTAINED and right.refused == "undefined"
        return None if is_refused else f"{right.refused}, not {found.status.value}"
    if not right.has_world:
        return _of_no_world(question, found)
    return _compared(program, question, right.answered, found, most)


def _is_cut(program: ir.Program, number: int, found: QuestionResult) -> bool:
    """Whether a search ended because as many solutions were found as were asked for."""
    return isinstance(program.questions[number].goal, ir.Find) and "there are more" in (found.reason or "")


def _of_no_world(question: ir.Question, found: QuestionResult) -> str | None:
    wanted = {Status.INCONSISTENT} if isinstance(question.goal, ir.Prove | ir.Ask) else {Status.NO_SOLUTION}
    if isinstance(question.goal, ir.Choose):
        wanted.add(Status.ABSTAINED)
    return None if found.status in wanted else f"no world, not {found.status.value}"


def _compared(
    program: ir.Program, question: ir.Question, right: Answered, found: QuestionResult, most: int
) -> str | None:
    match right:
        case Proved(verdict):
            return _differs("verdict", found.status.value, verdict)
        case Asked() if isinstance(question.goal, ir.Ask) and not question.goal.binders:
            told = {"yes": "entailed", "no": "refuted", "unknown": "undetermined"}
            return _differs("verdict", found.status.value, told[right.verdict])
        case Asked():
            return _of_bindings(question, right, found)
        case Computed():
            return _of_values(program, question, right, found)
        case Chosen(labels):
            return _of_options(labels, found)
        case Found():
            return _of_solutions(program, question, right, found, most)
    assert_never(right)


def _differs(what: str, found: object, right: object) -> str | None:
    return None if found == right else f"{what}: {found!r}, right is {right!r}"


def _of_bindings(question: ir.Question, right: Asked, found: QuestionResult) -> str | None:
    assert isinstance(question.goal, ir.Ask)
    sorts = [bound.variable.sort for bound in question.goal.binders]

    def spelled(row: Sequence[Any]) -> str:
        return repr(tuple(SPELLING.value(v, s) for v, s in zip(row, sorts, strict=True)))

    told = sorted(repr(tuple(binding.values())) for binding in found.answer or ())
    note = next((n for n in found.evidence.notes if "some worlds only" in n), "")
    unknown = len(note.split(";")) if note else 0
    return _differs("bindings", told, sorted(map(spelled, right.true))) or _differs(
        "bindings of some worlds", unknown, len(right.unknown)
    )


def _of_values(program: ir.Program, question: ir.Question, right: Computed, found: QuestionResult) -> str | None:
    assert isinstance(question.goal, ir.Compute)
    if right.values is None:
        if found.status is Status.ABSTAINED and _can_be_undefined(program, question):
            return None
        return _differs("status", found.status.value, "undetermined")
    if question.options:
        return _of_options(right.right, found)
    told = [SPELLING.value(v, ir.sort_of(t)) for v, t in zip(right.values, question.goal.terms, strict=True)]
    return _differs("values", found.answer, told[0] if len(told) == 1 else told)


def _can_be_undefined(program: ir.Program, question: ir.Question) -> bool:
    assert isinstance(question.goal, ir.Compute)
    worlds = worlds_of(program, question, Budget(steps=STEPS)).structures
    return any(evaluate(t, w, program) is UNDEFINED for t in question.goal.terms for w in worlds)


def _of_options(labels: Sequence[str], found: QuestionResult) -> str | None:
    holding = sorted(r.label for r in found.explanation.reasons if r.holds)
    answered = labels[0] if len(labels) == 1 else None
    return _differs("right options", holding, sorted(labels)) or _differs("option", found.answer, answered)


def _of_solutions(
    program: ir.Program, question: ir.Question, right: Found, found: QuestionResult, most: int
) -> str | None:
    goal = question.goal
    assert isinstance(goal, ir.Find)
    if question.options and (right.optimum or goal.mode == "count"):
        return _of_options(right.right, found)
    if wrong := _of_optimum(right, found):
        return wrong
    if goal.mode in ("all", "count") and len(right.solutions) > most:
        return None if "there are more" in " ".join(found.evidence.notes) else "more solutions than were to be given"
    match goal.mode:
        case "count":
            return _differs("count", found.answer, len(right.solutions))
        case "all":
            return _of_all(program, question, goal, right, found)
        case "unique":
            wanted = {Status.SOLVED, Status.OPTIMAL} if right.is_unique else {Status.UNDETERMINED}
            return None if found.status in wanted else f"unique: {found.status.value}, {len(right.solutions)} solutions"
        case "some":
            return _differs("solutions", len(found.answer), len(right.solutions))
        case "one":
            is_given = isinstance(found.answer, dict) and "assignment" in found.answer
            return None if is_given else f"there is a solution, not {found.status.value}"
    assert_never(goal.mode)


def _of_optimum(right: Found, found: QuestionResult) -> str | None:
    told = found.answer[0] if isinstance(found.answer, list) and found.answer else found.answer
    if not right.optimum or not isinstance(told, dict):
        return None
    values = [SPELLING.value(v) for v in right.optimum]
    return _differs("optimum", told.get("objective"), values[0] if len(values) == 1 else values)


def _of_all(
    program: ir.Program, question: ir.Question, goal: ir.Find, right: Found, found: QuestionResult
) -> str | None:
    given = found.answer or []
    if goal.terms:
        return _differs("number of solutions", len(given), len(right.solutions))
    named = goal.symbols or found_by_default(program, question)
    known = [assignment(program, solution, SPELLING, named) for solution in right.solutions]
    return _differs("solutions", sorted(map(_ordered, (a["assignment"] for a in given))), sorted(map(_ordered, known)))


def _ordered(value: Any) -> str:
    """A value as text, the keys of tables in order."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_ordered(value[key])}" for key in sorted(value, key=str)) + "}"
    return repr(value)


# Open types


def _open_disagreement(program: ir.Program, number: int, found: QuestionResult) -> str | None:
    """What small worlds show: a formula that holds in one of them is not refuted, and so on."""
    goal = program.questions[number].goal
    is_ground = isinstance(goal, ir.Prove) or (isinstance(goal, ir.Ask) and not goal.binders)
    if not is_ground and not (isinstance(goal, ir.Choose) and goal.mode in ("could", "must", "cannot")):
        raise Incomparable("open types")
    seen = _truths_in_small_worlds(program, number)
    if isinstance(goal, ir.Choose):
        return _open_options(goal, seen, found)
    (truths,) = seen
    wrong = {
        Status.ENTAILED: False in truths,
        Status.REFUTED: True in truths,
        Status.INCONSISTENT: bool(truths),
        Status.NO_SOLUTION: bool(truths),
    }.get(found.status, False)
    return f"{found.status.value}, but small worlds have it {sorted(truths)}" if wrong else None


def _open_options(goal: ir.Choose, seen: Sequence[set[bool]], found: QuestionResult) -> str | None:
    if found.status is Status.NO_SOLUTION:
        return "no solution, but there are small worlds" if any(seen) else None
    for option, truths in zip(goal.options, seen, strict=True):
        is_right = any(r.label == option.label and r.holds for r in found.explanation.reasons)
        # What a world shows: true somewhere settles "could" and "cannot", false somewhere settles "must".
        if (goal.mode == "must" and False in truths) or (goal.mode != "must" and True in truths):
            wanted = (goal.mode == "could") != goal.is_except
            if is_right != wanted:
                return f"option {option.label} is {is_right}, a small world shows the opposite"
    return None


def _truths_in_small_worlds(program: ir.Program, number: int) -> list[set[bool]]:
    """The truth values that the formulas of a goal have in worlds with few things."""
    sorts = open_sorts(program)
    seen: list[set[bool]] = []
    budget = Budget(steps=STEPS)
    for extra in itertools.product(range(MORE_THINGS + 1), repeat=len(sorts)):
        sizes = {s.name: smallest_size(s) + more for s, more in zip(sorts, extra, strict=True)}
        sized = at_sizes(program, sizes)
        formulas = _formulas(sized.questions[number].goal)
        seen = seen or [set() for _ in formulas]
        try:
            for world in worlds_of(sized, sized.questions[number], budget).structures:
                for formula, truths in zip(formulas, seen, strict=True):
                    truths.add(holds(formula, world, sized, budget=budget))
        except (BudgetExceeded, InfiniteSort, NotDefined) as error:
            raise Incomparable("open types: too many worlds") from error
        except AcrossWorlds as error:
            raise Incomparable("open types: statements about all worlds") from error
    return seen


def _formulas(goal: ir.Goal) -> list[ir.Term]:
    match goal:
        case ir.Prove(formula):
            return [formula]
        case ir.Ask(body=body):
            return [body]
        case ir.Choose(options=options):
            return [option.formula for option in options]
        case _:
            raise Incomparable("open types")
