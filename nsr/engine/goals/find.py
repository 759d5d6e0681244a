"""`find`: one solution, several, all, their number, or the only one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from nsr.engine.goals.compute import chosen_by_value
from nsr.engine.goals.evidence import confirmed
from nsr.engine.goals.no_world import no_world
from nsr.engine.goals.section import Section, result, search, undecided
from nsr.explain.grid import found_by_default, grid_table, values_asked
from nsr.explain.statements import differences, statement_reasons
from nsr.language import ir
from nsr.results import Evidence, EvidenceKind, QuestionResult, Reason, Status
from nsr.solvers import Claim, Outcome
from nsr.verify import verify

__all__ = ["find"]


async def find(section: Section, goal: ir.Find) -> QuestionResult:
    """The answer to a search."""
    most = section.options.solutions + 1
    wanted = {"one": 1, "unique": 2, "some": goal.count, "all": most, "count": most}[goal.mode]
    outcome = await section.run(search(section, wanted))
    verify(section.program, section.number, outcome, section.budget())
    found = outcome.structures
    if not found:
        if outcome.claim is not Claim.UNSATISFIABLE:
            raise undecided(outcome)
        return await no_world(section, outcome)
    named = goal.symbols or (() if goal.terms else found_by_default(section.program, section.question))
    answers = [_solution(section, s, named, goal.terms) for s in found]
    sized = section.at_sizes(outcome.sizes)
    reasons = statement_reasons(sized.program, sized.question, found[0], section.budget())
    match goal.mode:
        case "unique":
            return await _unique(section, outcome, answers, reasons)
        case "one" | "some" if len(found) >= wanted:
            answer: Any = answers[0] if goal.mode == "one" else answers[: goal.count]
            evidence = Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend)
            return result(Status.SOLVED, answer, evidence, "An assignment that satisfies every statement.", reasons)
        case "one" | "some" | "all" | "count":
            return await _all(section, goal, outcome, answers, reasons)
        case _:
            assert_never(goal.mode)


async def _unique(
    section: Section, outcome: Outcome, answers: Sequence[dict[str, Any]], reasons: Sequence[Reason]
) -> QuestionResult:
    if len(answers) > 1:
        differing = differences(section.program, outcome.structures[0], outcome.structures[1], section.spelling)
        summary = f"More than one solution; two of them differ in {differing}."
        both = [{**a, "unique": False} for a in answers[:2]]
        evidence = Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend)
        return result(Status.UNDETERMINED, both, evidence, summary, reason="more than one solution")
    if not outcome.is_complete:
        note = "whether there is another solution is not known"
        evidence = Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend, notes=(note,))
        told = f"{_stop(outcome)}there may be another solution"
        return result(Status.LIMIT, {**answers[0], "unique": None}, evidence, "", reasons, reason=told)
    evidence = await confirmed(section, outcome, "there is no other solution")
    return result(Status.SOLVED, {**answers[0], "unique": True}, evidence, "The only solution.", reasons)


async def _all(
    section: Section,
    goal: ir.Find,
    outcome: Outcome,
    answers: Sequence[dict[str, Any]],
    reasons: Sequence[Reason],
) -> QuestionResult:
    """The result for all solutions that were found; of `find N` there are fewer than were asked for."""
    most = goal.count if goal.mode == "some" else section.options.solutions
    is_count = goal.mode == "count"
    is_cut = len(answers) > most
    if is_cut or not outcome.is_complete:
        kept = list(answers[:most])
        why = "there are more" if is_cut else f"{_stop(outcome)}there may be more"
        told = f"at least {_solutions(len(kept))}; {why}"
        evidence = Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend, notes=(told,))
        if is_count or not is_cut:
            return result(Status.LIMIT, None if is_count else kept, evidence, told, reason=told)
        return result(Status.SOLVED, kept, evidence, told, reasons)
    evidence = await confirmed(section, outcome, f"there are only {len(answers)} solutions")
    told = f"{_solutions(len(answers))}{', no more' if goal.mode == 'some' else ''}."
    if is_count and section.question.options:
        return await chosen_by_value(section, len(answers), outcome.structures[0], evidence, outcome.sizes)
    if is_count:
        return result(Status.SOLVED, len(answers), evidence, told)
    return result(Status.SOLVED, list(answers), evidence, told, reasons)


def _solutions(number: int) -> str:
    return f"{number:,} solution{'s' if number != 1 else ''}"


def _stop(outcome: Outcome) -> str:
    return f"stopped by the {outcome.limit.value} limit, " if outcome.limit is not None else ""


def _solution(
    section: Section, structure: ir.Structure, symbols: Sequence[str], terms: Sequence[ir.Term]
) -> dict[str, Any]:
    asked = values_asked(section.program, structure, section.spelling, symbols, terms)
    answer: dict[str, Any] = {"assignment": asked, "unique": None}
    if (table := grid_table(section.program, structure, section.spelling)) is not None:
        answer["table"] = table
    return answer
