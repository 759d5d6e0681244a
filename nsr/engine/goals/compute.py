"""`compute`: the value that all worlds agree on, and options that are compared by value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nsr.engine.goals.choose import one_right
from nsr.engine.goals.evidence import combined
from nsr.engine.goals.no_world import no_world
from nsr.engine.goals.possible import possible
from nsr.engine.goals.section import Section, literal, result
from nsr.engine.goals.undefined import can_be_undefined
from nsr.explain.statements import differences, formula_text, world_text
from nsr.language import ir
from nsr.language.evaluate import UNDEFINED, Result
from nsr.language.traverse import subterms
from nsr.results import Evidence, EvidenceKind, QuestionResult, Status
from nsr.results.text import word

__all__ = ["chosen_by_value", "compute"]

ASKED_BACK = "is something whole, positive or missing?"


async def compute(section: Section, goal: ir.Compute) -> QuestionResult:
    """The value of each term, if it is defined and the same in all worlds; with options, the label of that value."""
    doubtful = [t for t in goal.terms if can_be_undefined(section.program, t)]
    found = await possible(section, [ir.Not(ir.Equal(t, t)) for t in doubtful])
    if not found.has_world:
        return await no_world(section, found.outcome)
    for term, is_undefined, world in zip(doubtful, found.verdicts, found.worlds, strict=True):
        if is_undefined and world is not None:
            return _undefined(section, term, world, found.outcome.backend)
    world = found.some_world
    sizes = found.sizes_of(world)
    asked = [(t, section.value(t, world, sizes)) for t in goal.terms]
    unsure = [(t, v) for t, v in asked if v is not UNDEFINED and depends_on_unknowns(section.program, t)]
    evidence = found.evidence
    if unsure:
        doubt = await possible(section, [ir.Not(ir.Equal(t, literal(v, t))) for t, v in unsure])
        evidence = combined((evidence, doubt.evidence))
        for (term, _), is_other, other in zip(unsure, doubt.verdicts, doubt.worlds, strict=True):
            if is_other and other is not None:
                values = (section.value(term, world, sizes), section.value(term, other, doubt.sizes_of(other)))
                return _differing(section, term, (world, other), values, evidence)
    if section.question.options:
        return await chosen_by_value(section, asked[0][1], world, evidence, sizes)
    told = [section.spelled(v, ir.sort_of(t)) for t, v in asked]
    return result(Status.SOLVED, told[0] if len(told) == 1 else told, evidence, "The same in every world.")


async def chosen_by_value(
    section: Section,
    value: Result,
    world: ir.Structure,
    evidence: Evidence,
    sizes: Mapping[str, int] | None = None,
) -> QuestionResult:
    """The option whose value is the one found; numbers are compared exactly, sets by their elements.

    An option that speaks of unknowns has to have that value in every world.
    """
    options = section.question.options
    fitting = [o for o in options if section.value(o.formula, world, sizes) == value]
    unsure = [o for o in fitting if depends_on_unknowns(section.program, o.formula)]
    if unsure and value is not UNDEFINED:
        known = [literal(value, o.formula) for o in unsure]
        doubt = await possible(section, [ir.Not(ir.Equal(o.formula, v)) for o, v in zip(unsure, known, strict=True)])
        evidence = combined((evidence, doubt.evidence))
        changing = [o for o, is_other in zip(unsure, doubt.verdicts, strict=True) if is_other]
        fitting = [o for o in fitting if o not in changing]
    shown = word(section.spelled(value))
    return one_right(section, options, [o.label for o in fitting], f"has the value {shown}", evidence)


def depends_on_unknowns(program: ir.Program, term: ir.Term) -> bool:
    """Whether a term speaks of unknowns or relations, itself or through definitions."""
    seen: set[str] = set()
    open_terms = [term]
    while open_terms:
        for node in subterms(open_terms.pop()):
            if not isinstance(node, ir.Apply):
                continue
            if program.symbols[node.symbol].kind in ("var", "pred", "rel"):
                return True
            if node.symbol in program.definitions and node.symbol not in seen:
                seen.add(node.symbol)
                open_terms.append(program.definitions[node.symbol].body)
    return False


def _undefined(section: Section, term: ir.Term, world: ir.Structure, backend: str) -> QuestionResult:
    name = formula_text(section.program, term) or "the value"
    told = f"{name} has no value where {world_text(section.program, world, section.spelling)}"
    worlds = (section.world(world, f"{name} has no value here"),)
    evidence = Evidence(kind=EvidenceKind.CHECKED, backend=backend, worlds=worlds)
    return result(Status.ABSTAINED, None, evidence, told, reason=told)


def _differing(
    section: Section,
    term: ir.Term,
    found: tuple[ir.Structure, ir.Structure],
    values: tuple[Result, Result],
    evidence: Evidence,
) -> QuestionResult:
    """Two worlds with different values, and the question back."""
    name = formula_text(section.program, term) or "the value"
    sort = ir.sort_of(term)
    told = [_told(section, value, sort) for value in values]
    left, right = found
    worlds = tuple(section.world(w, f"{name} is {t} here") for w, t in zip((left, right), told, strict=True))
    evidence = Evidence(kind=EvidenceKind.CHECKED, backend=evidence.backend, worlds=worlds)
    differing = differences(section.program, left, right, section.spelling)
    reason = f"{name} is not the same in all worlds: {told[0]} or {told[1]}; {ASKED_BACK}"
    summary = f"Two worlds differ in {differing}." if differing else ""
    return result(Status.UNDETERMINED, None, evidence, summary, reason=reason)


def _told(section: Section, value: Result, sort: Any) -> str:
    return "without a value" if value is UNDEFINED else word(section.spelled(value, sort))
