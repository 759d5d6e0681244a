"""Cases on a back end: what it answers, and what is wrong with that.

For back ends of others: `[failures(case, "mine") for case in CASES]` must all be empty.
"""

from __future__ import annotations

from dataclasses import replace

from nsr.engine.checking import parse_program
from nsr.errors import ProgramError, UnsoundBackend
from nsr.language import ir
from nsr.results import QuestionResult, Status
from nsr.testing.agreement import Incomparable, answers_of, disagreement, options_for
from nsr.testing.cases import Case, fits

__all__ = ["NoPlan", "failures", "results_of", "wrong_in", "wrong_number"]

MOST_SOLUTIONS = 60
"""Solutions that `find all` and `find count` are to give."""

FEW_SOLUTIONS = 12
"""Cases with up to so many solutions have them counted."""


class NoPlan(str):
    """No reformulations take a program to the back end: the features that it lacks."""


def results_of(program: ir.Program, backend: str) -> tuple[QuestionResult, ...] | NoPlan:
    """What a back end says to each question, worked off in this process, with no second one to confirm.

    Raises:
        ProgramError: if the program is refused for another reason.
        UnsoundBackend: if the evaluator does not accept what the back end gives.
    """
    try:
        return answers_of(program, options_for(backend, solutions=MOST_SOLUTIONS))
    except ProgramError as error:
        if [d.code for d in error.diagnostics] != ["unsupported"]:
            raise
        return NoPlan(error.diagnostics[0].message.partition(": ")[2])


def failures(case: Case, backend: str) -> list[str]:
    """What a back end gets wrong of a case; nothing if no plan takes the case there."""
    program = parse_program(case.program)
    try:
        results = results_of(program, backend)
        wrong = [] if isinstance(results, NoPlan) else wrong_in(case, program, results)
        return [*wrong, *wrong_number(case, program, backend)]
    except UnsoundBackend as error:
        return [f"{case.name}: {error}"]


def wrong_number(case: Case, program: ir.Program, backend: str) -> list[str]:
    """Whether a back end finds as many solutions as were counted, where these are few."""
    if case.solutions is None or case.solutions > FEW_SOLUTIONS or program.softs or program.missing:
        return []
    first = replace(program.questions[0], goal=ir.Find("count"), objectives=(), softs=(), missing=(), options=())
    results = results_of(replace(program, questions=(first,)), backend)
    if isinstance(results, NoPlan):
        return []
    found = 0 if results[0].status is Status.NO_SOLUTION else results[0].answer
    return [] if found == case.solutions else [f"{case.name}: {found} solutions, on paper {case.solutions}"]


def wrong_in(case: Case, program: ir.Program, results: tuple[QuestionResult, ...]) -> list[str]:
    """Where results differ from what was found on paper, or from the enumeration of all worlds."""
    out = []
    if case.told and len(case.told) != len(results):
        out.append(f"{case.name}: {len(results)} results, there are {len(case.told)} questions")
    for told, result in zip(case.told, results, strict=False):
        if not fits(told, result.status.value, result.answer):
            out.append(f"{case.name}: {result.status.value} {result.answer}, on paper {told.status} {told.answer}")
    for number, result in enumerate(results):
        try:
            told_apart = disagreement(program, number, result, MOST_SOLUTIONS)
        except Incomparable:
            continue
        if told_apart is not None:
            out.append(f"{case.name}: {told_apart}")
    return out
