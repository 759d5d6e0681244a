"""`choose`: which options fit the mode; exactly one has to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nsr.engine.goals.evidence import combined, confirmed
from nsr.engine.goals.no_world import no_world
from nsr.engine.goals.possible import possible
from nsr.engine.goals.section import Section, result, undecided
from nsr.explain.statements import formula_text
from nsr.language import ir
from nsr.results import Evidence, EvidenceKind, QuestionResult, Reason, Status
from nsr.solvers import Claim, SolutionsJob
from nsr.verify import verify

__all__ = ["choose", "one_right"]

OPTION = "the option"
"""The name of the requirement that an option is put in as; no label has blanks."""


async def choose(section: Section, goal: ir.Choose) -> QuestionResult:
    """The label of the one option that fits, or the reason why there is not exactly one."""
    match goal.mode:
        case "could" | "must" | "cannot":
            return await _by_truth(section, goal)
        case "forces":
            return await _forces(section, goal)
        case "equivalent":
            return await _equivalent(section, goal)
        case "determines":
            return await _determines(section, goal)


def one_right(
    section: Section, options: Sequence[ir.ChoiceOption], right: Sequence[str], fits: str, evidence: Evidence
) -> QuestionResult:
    """The result of a choice, given the labels of the options that are right."""
    reasons = tuple(
        Reason(
            label=o.label,
            sentences=o.citations,
            formula=formula_text(section.program, o.formula),
            holds=o.label in right,
        )
        for o in options
    )
    if len(right) == 1:
        return result(Status.SOLVED, right[0], evidence, f"{right[0]} is the one option that {fits}.", reasons)
    told = f"several options fit: {', '.join(right)}; each {fits}" if right else f"there is no option that {fits}"
    return result(Status.ABSTAINED, None, evidence, told, reasons, reason=told)


async def _by_truth(section: Section, goal: ir.Choose) -> QuestionResult:
    is_must = goal.mode == "must"
    asked = [ir.Not(o.formula) if is_must else o.formula for o in goal.options]
    found = await possible(section, asked)
    if not found.has_world:
        return await no_world(section, found.outcome)
    # An option is right when it (for "must": its denial) has a world, or when it has none.
    wanted = goal.is_except if is_must else (goal.mode == "could") != goal.is_except
    right = [o.label for o, has_world in zip(goal.options, found.verdicts, strict=True) if has_world == wanted]
    mode = goal.mode + (" except" if goal.is_except else "")
    return one_right(section, goal.options, right, f"fits “{mode}”", found.evidence)


async def _forces(section: Section, goal: ir.Choose) -> QuestionResult:
    assert goal.formula is not None
    asked = [ir.And((o.formula, goal.formula)) for o in goal.options]
    asked += [ir.And((o.formula, ir.Not(goal.formula))) for o in goal.options]
    found = await possible(section, asked)
    if not found.has_world:
        return await no_world(section, found.outcome)
    holds, fails = found.verdicts[: len(goal.options)], found.verdicts[len(goal.options) :]
    right = [o.label for o, h, f in zip(goal.options, holds, fails, strict=True) if h and not f]
    return one_right(section, goal.options, right, "can be true and forces what is asked", found.evidence)


async def _equivalent(section: Section, goal: ir.Choose) -> QuestionResult:
    replaced = [r for r in section.program.requirements_of(section.question) if r.name in goal.labels]
    before = ir.And(tuple(r.formula for r in replaced))
    without = section.with_question(drops=(*section.question.drops, *goal.labels))
    asked = [before]
    for option in goal.options:
        asked += [ir.And((before, ir.Not(option.formula))), ir.And((option.formula, ir.Not(before)))]
    found = await possible(without, asked)
    if not found.has_world or not found.verdicts[0]:
        return await no_world(section, replace(found.outcome, structures=(), formulas=(), claim=Claim.UNSATISFIABLE))
    differs = found.verdicts[1:]
    right = [
        o.label for o, i in zip(goal.options, range(0, len(differs), 2), strict=True) if not any(differs[i : i + 2])
    ]
    return one_right(section, goal.options, right, f"has the same effect as {', '.join(goal.labels)}", found.evidence)


async def _determines(section: Section, goal: ir.Choose) -> QuestionResult:
    right = []
    evidences = []
    for option in goal.options:
        held = section.holding((ir.Requirement(OPTION, "assume", option.formula),))
        outcome = await held.run(SolutionsJob(held.program, held.number, 2, goal.symbols, goal.terms))
        verify(held.program, held.number, outcome, held.budget())
        if len(outcome.structures) < 2 and not outcome.is_complete and outcome.claim is not Claim.UNSATISFIABLE:
            raise undecided(outcome)
        if len(outcome.structures) == 1:
            right.append(option.label)
        if len(outcome.structures) < 2:
            as_find = held.with_question(goal=ir.Find("unique", terms=goal.terms, symbols=goal.symbols))
            evidences.append(await confirmed(as_find, outcome, "there is no other world"))
        else:
            evidences.append(Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend))
    return one_right(section, goal.options, right, "leaves exactly one world", combined(evidences))
