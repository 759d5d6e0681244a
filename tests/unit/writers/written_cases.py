"""Programs written out, run elsewhere, and held to the answers that they have here."""

from __future__ import annotations

import functools
from typing import Any

from nsr.engine.checking import parse_program
from nsr.errors import ProgramError
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.enumerate import worlds_of
from nsr.limits import Budget, BudgetExceeded
from nsr.results import QuestionResult, Status
from nsr.solvers import Gap, objectives_of
from nsr.testing.agreement import answers_of, options_for
from nsr.testing.cases import WRITTEN_CASES, Case
from nsr.writers import write

SPELLING = Spelling()
MOST = 60


@functools.cache
def result_of(source: str) -> QuestionResult | None:
    """The first result of a program, by Z3 alone; None where it does not take the program or stops at a limit."""
    try:
        found = answers_of(parse_program(source), options_for("z3", solutions=MOST))[0]
    except ProgramError:
        return None
    return None if found.status in (Status.LIMIT, Status.FEASIBLE, Status.ABSTAINED) else found


def text_of(case: Case, to: str) -> str | None:
    """A case in a notation; None where that cannot be."""
    try:
        return write(parse_program(case.program), 0, to=to)
    except Gap:
        return None


def is_written_alike(case: Case) -> bool:
    """Whether what is written out has to have the answer of the program."""
    program = parse_program(case.program)
    notes = result_of(case.program)
    return not program.missing and not any("rounded" in n for n in (notes.evidence.notes if notes else ()))


def expected(program: ir.Program, result: QuestionResult) -> tuple[str, Any] | None:
    """What a run of the text has to come to: a kind, and what of it can be compared."""
    if result.status in (Status.NO_SOLUTION, Status.INCONSISTENT):
        return "none", None
    goal = program.questions[0].goal
    if objectives_of(program, 0):
        first = result.answer[0] if isinstance(result.answer, list) and result.answer else result.answer
        is_told = result.status is Status.OPTIMAL and isinstance(first, dict) and "objective" in first
        return ("optimum", first["objective"]) if is_told else None
    match goal:
        case ir.Find(mode="all" | "count" as mode) if not program.questions[0].options:
            count = result.answer if mode == "count" else len(result.answer or ())
            return ("count", count) if count and count < MOST else None
        case ir.Find(mode="unique"):
            return "count", 1 if result.status is Status.SOLVED else 2
        case ir.Find(mode="one"):
            return "some", None
        case ir.Prove() | ir.Ask(binders=()):
            told = {Status.ENTAILED: (True, False), Status.REFUTED: (False, True), Status.UNDETERMINED: (True, True)}
            return "verdicts", told[result.status]
        case _:
            return None


def worlds(program: ir.Program) -> list[dict[str, str]] | None:
    """All worlds of the first question as printed cells of the unknowns; None if there are too many."""
    try:
        found = worlds_of(program, program.questions[0], Budget(steps=300_000)).structures
    except (BudgetExceeded, ValueError):
        return None
    return [cells_of(program, world) for world in found]


def cells_of(program: ir.Program, world: ir.Structure) -> dict[str, str]:
    """The cells of functions into finite sorts, as scripts print them."""
    out = {}
    for function in program.unknowns():
        if function.is_auxiliary:
            continue
        for args, value in world[function.name].items():
            place = f"({', '.join(map(str, args))})" if args else ""
            if isinstance(value, frozenset):
                continue
            told = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
            out[f"{function.name}{place}"] = "none" if value is None else told
    return out


CASES = [case for case in WRITTEN_CASES if "include" not in case.program]
