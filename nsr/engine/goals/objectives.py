"""Objectives: the best worlds, whether they are the best, and which wishes stay unmet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from nsr.engine.goals.evidence import agreed_on, confirm_none
from nsr.engine.goals.no_world import no_world
from nsr.engine.goals.section import Section, result, undecided
from nsr.engine.goals.undefined import first_undefined
from nsr.errors import UnsoundBackend
from nsr.explain.grid import grid_table, values_asked
from nsr.explain.sensitivity import with_sensitivity
from nsr.explain.statements import formula_text, statement_reasons, wish_reasons
from nsr.language import ir
from nsr.language.evaluate import holds
from nsr.limits import LimitKind
from nsr.results import Evidence, EvidenceKind, QuestionResult, Reason, Status
from nsr.solvers import Claim, OptimizeJob, Outcome, at_optimum, better_than, objectives_of
from nsr.solvers.protocol import Number, ObjectiveOutcome
from nsr.verify import verify

__all__ = ["Optimum", "best_worlds"]


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best worlds: the section in which all worlds are such, one of them, the objectives' values there."""

    before: Section
    section: Section
    structure: ir.Structure
    values: tuple[Number, ...]
    evidence: Evidence

    def answer(self) -> QuestionResult:
        """The result of a question that asks for nothing beside its objectives."""
        answer = _answer(self.before, self.structure, self.values)
        summary = "No assignment is better." if self.evidence.kind is not None else ""
        return result(Status.OPTIMAL, answer, self.evidence, summary, _reasons(self.before, self.structure))

    def extended(self, answered: QuestionResult) -> QuestionResult:
        """The result of a search among the best worlds, with the objectives' values in each solution."""
        if not isinstance(self.before.question.goal, ir.Find) or answered.status is not Status.SOLVED:
            return answered
        told = [self.before.spelled(v) for v in self.values]
        objective = {"objective": told[0] if len(told) == 1 else told}
        answer = answered.answer
        if isinstance(answer, dict):
            answer = {**objective, **answer}
        elif isinstance(answer, list):
            answer = [{**objective, **a} for a in answer]
        return answered.model_copy(update={"status": Status.OPTIMAL, "answer": answer})


async def best_worlds(section: Section) -> Optimum | QuestionResult | None:
    """The best worlds of a question with objectives or wishes, or why there are none; None without objectives."""
    objectives = objectives_of(section.program, section.number)
    if not objectives:
        return None
    refused = await first_undefined(section, [(o.term, _name(section, o)) for o in objectives])
    if refused is not None:
        return refused
    outcome = await section.run(OptimizeJob(section.program, section.number))
    verify(section.program, section.number, outcome, section.budget())
    if outcome.claim is Claim.UNSATISFIABLE:
        return await no_world(section, outcome)
    for objective, found in zip(objectives, outcome.objectives, strict=False):
        if found.status != "optimal":
            return _not_best(section, objective, found, outcome)
    if not outcome.structures or len(outcome.objectives) < len(objectives):
        raise undecided(outcome)
    values = tuple(o.value for o in outcome.objectives if o.value is not None)
    evidence = agreed_on(outcome) or await confirm_none(
        section, better_than(section.program, section.number, values), outcome.backend, "nothing is better"
    )
    evidence = with_sensitivity(
        evidence, outcome.sensitivity, section.program, section.question, objectives, section.spelled
    )
    best = replace(section, program=at_optimum(section.program, section.number, values))
    return Optimum(section, best, outcome.structures[0], values, evidence)


def _not_best(section: Section, objective: ir.Objective, found: ObjectiveOutcome, outcome: Outcome) -> QuestionResult:
    name = _name(section, objective)
    evidence = agreed_on(outcome) or Evidence(kind=EvidenceKind.CLAIMED, backend=outcome.backend)
    bound = None if found.bound is None else section.spelled(found.bound)
    match found.status:
        case "unbounded":
            told = f"{name} has no bound"
            return result(Status.UNBOUNDED, None, evidence, told, reason=told)
        case "unattained":
            told = f"{name} comes as near as one likes to {bound} and never reaches it"
            return result(Status.UNATTAINED, {"bound": bound}, evidence, told, reason=told)
        case "feasible" if outcome.structures:
            structure = outcome.structures[0]
            values = _values(section, structure)
            answer = {**_answer(section, structure, values), "bound": bound}
            limit = (outcome.limit or LimitKind.WALL).value
            told = f"stopped by the {limit} limit with a solution in hand" + _gap(bound, found)
            checked = Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend)
            return result(Status.FEASIBLE, answer, checked, told, _reasons(section, structure), reason=told)
        case _:
            raise undecided(outcome)


def _gap(bound: Any, found: ObjectiveOutcome) -> str:
    if bound is None or found.value is None or found.bound is None:
        return ""
    if found.value == 0:
        return f"; none is better than {bound}"
    gap = abs(Fraction(found.value) - found.bound) / abs(Fraction(found.value))
    return f"; none is better than {bound}, a gap of {float(gap):.2%}"


def _name(section: Section, objective: ir.Objective) -> str:
    if objective.has_label:
        return f"the objective `{objective.name}`"
    text = formula_text(section.program, objective.term)
    return f"the objective {text}" if text else "the objective"


def _values(section: Section, structure: ir.Structure) -> tuple[Number, ...]:
    """The objectives' values in a best structure, where each of them has one."""
    found = []
    for objective in objectives_of(section.program, section.number):
        value = section.value(objective.term, structure)
        if not isinstance(value, int | Fraction):
            raise UnsoundBackend(f"{_name(section, objective)} has no value in the structure that is said to be best")
        found.append(value)
    return tuple(found)


def _answer(section: Section, structure: ir.Structure, values: tuple[Number, ...]) -> dict[str, Any]:
    told = [section.spelled(v) for v in values]
    goal = section.question.goal
    symbols, terms = (goal.symbols, goal.terms) if isinstance(goal, ir.Find) else ((), ())
    answer: dict[str, Any] = {
        "objective": told[0] if len(told) == 1 else told,
        "assignment": values_asked(section.program, structure, section.spelling, symbols, terms),
    }
    softs = section.program.softs_of(section.question)
    if softs:
        budget = section.budget()
        answer["unmet"] = [
            s.citations[0] if s.citations else s.name
            for s in softs
            if not holds(s.formula, structure, section.program, budget=budget)
        ]
    if (table := grid_table(section.program, structure, section.spelling)) is not None:
        answer["table"] = table
    return answer


def _reasons(section: Section, structure: ir.Structure) -> tuple[Reason, ...]:
    budget = section.budget()
    return (
        *statement_reasons(section.program, section.question, structure, budget),
        *wish_reasons(section.program, section.question, structure, budget),
    )
