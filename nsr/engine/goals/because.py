"""Cores in statements of the program: facts and rules in the place of what they make true.

What facts and rules alone decide is taken apart into atoms. A second core says which of these atoms it takes, and a
derivation which facts and rules they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from nsr.engine.goals.section import Section
from nsr.engine.goals.small import small_outcome
from nsr.explain.rules import rules_for, side_of, step_reasons
from nsr.explain.statements import core_reasons
from nsr.language import ir
from nsr.language.open_types import open_sorts, smallest_size
from nsr.language.sorts import BOOL
from nsr.limits import Budget, BudgetExceeded
from nsr.proofs.chaining import Atom, Chains, Need
from nsr.proofs.steps import (
    ByAbsence,
    ByDenial,
    ByFact,
    ByInstance,
    ByPremise,
    ByResolution,
    ByRule,
    BySimplification,
    Step,
)
from nsr.reformulations.dependence import mentions_of_rule, mentions_of_term
from nsr.results import Reason
from nsr.solvers import Claim, CoreJob, SatisfiableJob
from nsr.solvers.protocol import Gap
from nsr.verify import verify

__all__ = ["Because", "because", "from_one_atom", "from_premises"]

MOST_ATOMS = 400
"""A core is looked for among so many atoms at most."""

STEPS = 1_000_000
SECONDS = 3.0
"""What the derivation may take."""


class Because(NamedTuple):
    """The labels of the statements that something follows from, and the statements as reasons."""

    core: tuple[str, ...]
    reasons: tuple[Reason, ...]


async def because(section: Section, core: Sequence[str], denied: ir.Requirement | None = None) -> Because:
    """The statements behind a core; `denied` is the requirement, in the section too, that denies what was proved."""
    program, question = section.program, section.question
    required = {r.name: r for r in program.requirements_of(question)}
    sides = {r.name: found[0] for r in required.values() if (found := side_of(program, r)) is not None}
    named = [name for name in core if name not in sides and (denied is None or name != denied.name)]
    reasons = core_reasons(program, question, named)
    try:
        derived = await _derived(section, [required[n] for n in core if n in required], denied)
    except (BudgetExceeded, Gap):
        derived = None
    if derived is None:
        derived = rules_for(program, question, [sides[name] for name in core if name in sides])
    reasons = (*derived, *reasons)
    return Because(tuple(reason.label for reason in reasons), reasons)


def from_one_atom(section: Section, steps: Sequence[Step]) -> Because | None:
    """The facts and rules of a derivation that takes one row of a relation and nothing else; None of any other.

    One row is a minimal core by itself, so that no solver has to look for one.
    """
    program, question = section.program, section.question
    sides = {r.name for r in program.requirements_of(question) if side_of(program, r) is not None}
    used: set[int] = set()
    for step in steps:
        match step.by:
            case ByFact() | ByRule() | ByAbsence() | ByDenial():
                continue
            case ByPremise(name) if name in sides:
                continue
            case ByResolution() | ByInstance() | BySimplification():
                used.update(use for use in step.uses if isinstance(steps[use].by, ByFact | ByRule | ByAbsence))
            case _:
                return None
    reasons = step_reasons(program, question, steps)
    if len(used) != 1 or not reasons:
        return None
    return Because(tuple(reason.label for reason in reasons), reasons)


async def from_premises(section: Section, steps: Sequence[Step], denied: ir.Requirement) -> tuple[str, ...] | None:
    """The requirements that a derivation rests on, if that is all, and if without any one of them there is a world.

    So they are a minimal core: the derivation shows that they clash, and worlds that the evaluator accepts, that each
    of them is needed. None where one of these is not so, or not known.
    """
    program, question = section.program, section.question
    required = {r.name: r for r in program.requirements_of(question)}
    used = {step.by.name for step in steps if isinstance(step.by, ByPremise)}
    names = [name for name in required if name in used]
    if not names or section.options.backend != "auto" or program.facts_of(question) or program.rules_of(question):
        return None
    bare = section.with_question(drops=(*question.drops, *required))
    formulas = [
        ir.And((*[required[name].formula for name in names if name != left_out], denied.formula)) for left_out in names
    ]
    outcome = small_outcome(bare, formulas)
    if outcome is None:
        try:
            outcome = await bare.run(SatisfiableJob(bare.program, bare.number, tuple(formulas)))
        except Gap:
            return None
        verify(bare.program, bare.number, outcome, bare.budget(), formulas)
    is_minimal = all(told.claim is Claim.SATISFIABLE for told in outcome.formulas)
    return (*names, denied.name) if is_minimal else None


async def _derived(
    section: Section, core: Sequence[ir.Requirement], denied: ir.Requirement | None
) -> tuple[Reason, ...] | None:
    """The facts and rules behind a core; None if they are not found this way."""
    program, question = section.program, section.question
    if not program.facts_of(question) and not program.rules_of(question):
        return ()
    formulas = [r.formula for r in (*core, *((denied,) if denied is not None and denied not in core else ()))]
    sizes = {sort.name: smallest_size(sort) for sort in open_sorts(program)}
    smallest = section.at_sizes(sizes)
    budget = Budget(steps=STEPS, wall_seconds=section.seconds(SECONDS))
    derivations = Chains(smallest.program, smallest.question, budget)
    symbols = _symbols(program, formulas)
    relations = symbols & {f.name for f in program.relations()}
    if not relations:
        return ()
    if len(formulas) == 1 and all(_is_decided(program, name, derivations.decided) for name in symbols):
        formula = section.sized(formulas[0], sizes)
        found = (derivations.support(formula, truth=truth) for truth in (True, False))
        support = next((needs for needs in found if needs is not None), [])
        return step_reasons(program, question, derivations.steps(support))
    needed = await _needed(section, [r.name for r in core], denied, derivations)
    if needed is None:
        return None
    undecided = {f.name for f in program.relations()} - derivations.decided
    others = rules_for(program, question, sorted(symbols & undecided), undecided)
    return (*step_reasons(program, question, derivations.steps([Need(atom, True) for atom in needed])), *others)


def _symbols(program: ir.Program, formulas: Iterable[ir.Term]) -> set[str]:
    return {name for f in formulas for part in mentions_of_term(f, program) for name in part}


def _is_decided(program: ir.Program, name: str, decided: frozenset[str]) -> bool:
    return name in decided or program.symbols[name].kind in ("param", "define")


async def _needed(
    section: Section, core: Sequence[str], denied: ir.Requirement | None, derivations: Chains
) -> list[Atom] | None:
    """The atoms of decided relations that a core takes; None if there are too many to look at, or others decide."""
    program, decided = section.program, derivations.decided
    rules = [rule for rule in program.rules_of(section.question) if rule.symbol not in decided]
    formulas = [r.formula for r in program.requirements_of(section.question) if r.name in core]
    formulas += [denied.formula] if denied is not None else []
    mentioned = _symbols(program, formulas)
    mentioned |= {name for rule in rules for part in mentions_of_rule(rule, program) for name in part}
    atoms = derivations.atoms_of(mentioned & decided)
    if len(atoms) > MOST_ATOMS:
        return None
    opened = {name: replace(program.symbols[name], kind="pred") for name in mentioned & decided}
    named = {f"atom {place}": atom for place, atom in enumerate(atoms)}
    given = [ir.Requirement(name, "fact", _call(program, atom)) for name, atom in named.items()]
    bare = replace(section, program=replace(program, symbols={**program.symbols, **opened}, facts=(), rules=()))
    facts = tuple(f for f in program.facts_of(section.question) if f.symbol not in decided)
    asked = bare.with_question(rules=tuple(rules), facts=facts).holding([*given, *([denied] if denied else [])])
    names = (*core, *((denied.name,) if denied else ()), *named)
    found = await asked.run(CoreJob(asked.program, asked.number, names))
    if found.claim is not Claim.UNSATISFIABLE:
        return None
    return [named[name] for name in found.core if name in named]


def _call(program: ir.Program, atom: Atom) -> ir.Term:
    sorts = program.symbols[atom.symbol].arguments
    return ir.Apply(atom.symbol, tuple(map(ir.Literal, atom.row, sorts)), BOOL)
