"""`ask`: the bindings of the free variables, each true in all worlds, in some, or in none."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from nsr.engine.goals.evidence import agreed_on, confirm_none
from nsr.engine.goals.no_world import no_world
from nsr.engine.goals.prove import verdict
from nsr.engine.goals.section import Section, result, undecided
from nsr.errors import UnsoundBackend
from nsr.language import ir
from nsr.language.evaluate import bindings_of, holds
from nsr.language.sorts import Value
from nsr.language.traverse import rebuild
from nsr.limits import BudgetExceeded
from nsr.results import Evidence, EvidenceKind, QuestionResult, Status
from nsr.solvers import AskJob, Claim, Outcome
from nsr.verify import verify, verify_bindings

__all__ = ["ask"]

MOST_CHECKED = 2_000_000
"""Steps of evaluation that the check of all bindings in one world may take."""


async def ask(section: Section, goal: ir.Ask) -> QuestionResult:
    """The bindings for which the body holds in every world; those of some worlds only are in the notes."""
    if not goal.binders:
        return await verdict(section, goal.body)
    job = AskJob(section.program, section.number, goal.binders, goal.body, section.options.bindings)
    outcome = await section.run(job)
    verify(section.program, section.number, outcome, section.budget())
    verify_bindings(section.program, section.number, goal.binders, goal.body, outcome, section.budget())
    if outcome.claim is Claim.UNSATISFIABLE:
        return await no_world(section, outcome)
    if outcome.claim is Claim.UNKNOWN or any(b.is_possible is None or b.is_certain is None for b in outcome.bindings):
        raise undecided(outcome)
    certain = [b.values for b in outcome.bindings if b.is_certain]
    unsure = [b.values for b in outcome.bindings if b.is_possible and not b.is_certain]
    evidence = await _evidence(section, goal, outcome, certain, unsure)
    answer = [_told(section, goal, values) for values in certain]
    notes = list(evidence.notes)
    if unsure:
        notes.append("true in some worlds only: " + "; ".join(_line(section, goal, v) for v in unsure))
    is_cut = len(outcome.bindings) >= job.limit
    if is_cut:
        notes.append(f"only the first {job.limit:,} bindings were looked at")
    evidence = evidence.model_copy(update={"notes": tuple(notes)})
    if not answer:
        summary = "There is no answer" + (
            f" that is true in every world; {len(unsure):,} in some only." if unsure else "."
        )
        status, reason = (Status.LIMIT, notes[-1]) if is_cut else (Status.SOLVED, None)
        return result(status, answer, evidence, summary, reason=reason)
    many = "1 answer" if len(answer) == 1 else f"{len(answer):,} answers"
    summary = f"{many}, true in every world" + (f"; {len(unsure):,} more in some worlds only." if unsure else ".")
    if is_cut:
        return result(Status.LIMIT, answer, evidence, summary, reason=notes[-1])
    return result(Status.SOLVED, answer, evidence, summary)


def _told(section: Section, goal: ir.Ask, values: Sequence[Value]) -> dict[str, Any]:
    return {
        shown_name(b.variable): section.spelled(v, b.variable.sort) for b, v in zip(goal.binders, values, strict=True)
    }


def _line(section: Section, goal: ir.Ask, values: Sequence[Value]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in _told(section, goal, values).items())


def shown_name(variable: ir.Variable) -> str:
    """A variable's name as it was written, without what made it unique."""
    return re.split(r"[~#.]", variable.name, maxsplit=1)[0]


async def _evidence(
    section: Section,
    goal: ir.Ask,
    outcome: Outcome,
    certain: Sequence[Sequence[Value]],
    unsure: Sequence[Sequence[Value]],
) -> Evidence:
    """How it is known that the certain ones hold everywhere and that nothing else holds anywhere."""
    _check_in_a_world(section, goal, outcome, certain, unsure)
    bindings = outcome.bindings
    if all(b.witness is None and b.counterexample is None for b in bindings) and not section.program.unknowns():
        return Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend)
    if (agreed := agreed_on(outcome)) is not None:
        return agreed
    fails = [ir.Not(_instance(goal, values)) for values in certain]
    known = [_is_binding(goal, values) for values in (*certain, *unsure)]
    other = ir.Quantified("exists", goal.binders, ir.And((goal.body, ir.Not(ir.Or(tuple(known))))))
    return await confirm_none(section, ir.Or((*fails, other)), outcome.backend, "there are no other answers")


def _check_in_a_world(
    section: Section,
    goal: ir.Ask,
    outcome: Outcome,
    certain: Sequence[Sequence[Value]],
    unsure: Sequence[Sequence[Value]],
) -> None:
    """Hold the answers against the first world given: certain ones hold there, and only listed ones do."""
    if not outcome.structures or outcome.sizes:
        return
    world = outcome.structures[0]
    names = [b.variable.name for b in goal.binders]
    budget = section.budget(steps=MOST_CHECKED)
    for values in certain:
        if not holds(goal.body, world, section.program, dict(zip(names, values, strict=True)), budget):
            raise UnsoundBackend(f"`{outcome.backend}` calls an answer certain that fails in one of its worlds")
    listed = {tuple(values) for values in itertools.chain(certain, unsure)}
    try:
        for binding in bindings_of(goal.binders, world, section.program, budget=budget):
            found = tuple(binding[name] for name in names)
            if found not in listed and holds(goal.body, world, section.program, binding, budget):
                raise UnsoundBackend(f"`{outcome.backend}` has overlooked an answer")
    except BudgetExceeded:
        return


def _instance(goal: ir.Ask, values: Sequence[Value]) -> ir.Term:
    """The body with the variables replaced by values."""
    known = {b.variable.name: ir.Literal(v, b.variable.sort) for b, v in zip(goal.binders, values, strict=True)}
    return rebuild(goal.body, lambda t: known.get(t.name, t) if isinstance(t, ir.Variable) else t)


def _is_binding(goal: ir.Ask, values: Sequence[Value]) -> ir.Term:
    return ir.And(
        tuple(ir.Equal(b.variable, ir.Literal(v, b.variable.sort)) for b, v in zip(goal.binders, values, strict=True))
    )
