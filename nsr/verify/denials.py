"""What cannot be evaluated: that no world makes a formula true, and that a core of requirements is one.

Of a core, the half that can be is: where one of its requirements is left out there is a world, and the evaluator
accepts it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nsr.errors import UnsoundBackend
from nsr.language import ir
from nsr.language.open_types import open_sorts
from nsr.limits import Budget, BudgetExceeded, Limits, Stopwatch
from nsr.solvers import Claim, Gap, SatisfiableJob, run
from nsr.verify.outcomes import verify
from nsr.verify.small_models import confirm_at_all_sizes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.solvers import Outcome

__all__ = ["CoreCheck", "check_core", "confirm_no_world"]

MOST_NEEDED = 12
"""Of larger cores it is not looked for worlds of all but one requirement."""

SECONDS = 5.0
"""How long these worlds are looked for, and how long they are evaluated."""


@dataclass(frozen=True, slots=True)
class CoreCheck:
    """What has been shown of a core, beside the word of the back end that gave it.

    `refuted_by` is a second back end that finds no world of it. `is_minimal` says that for each of its requirements
    there is a world of the others, which the evaluator accepts.
    """

    refuted_by: str | None
    is_minimal: bool


async def confirm_no_world(
    program: ir.Program,
    question: int,
    formula: ir.Term,
    backend: str,
    *,
    claim: str = "there is no world",
    limits: Limits | None = None,
    seed: int = 0,
    budget: Budget | None = None,
) -> str | None:
    """The name of a back end other than `backend` that finds no world for a formula either; None if none can tell.

    Raises:
        UnsoundBackend: when it finds one, and the evaluator accepts it.
    """
    if open_sorts(program):
        return await confirm_at_all_sizes(program, question, formula, backend, limits=limits, seed=seed)
    job = SatisfiableJob(program, question, (formula,))
    try:
        again = await run(job, limits=limits, seed=seed, without=backend)
    except Gap:
        return None
    verify(program, question, again, budget, job.formulas)
    if any(found.claim is Claim.SATISFIABLE for found in again.formulas):
        raise UnsoundBackend(f"`{backend}` claims that {claim}, and `{again.backend}` finds one")
    is_open = again.claim is Claim.UNKNOWN or any(found.claim is Claim.UNKNOWN for found in again.formulas)
    return None if is_open else again.backend


async def check_core(
    program: ir.Program,
    question: int,
    core: Sequence[str],
    backend: str,
    *,
    is_minimal: bool = True,
    limits: Limits | None = None,
    seed: int = 0,
) -> CoreCheck:
    """What can be shown of a core, of which `backend` says that it has no world, and that it is minimal or not.

    Raises:
        UnsoundBackend: when the core has a world, or one that is said to be minimal does with less.
    """
    limits = limits or Limits()
    watch = Stopwatch()
    required = {r.name: r.formula for r in program.requirements_of(program.questions[question])}
    formulas = [required[name] for name in core]
    alone = _only(program, question, frozenset(core))
    refuted_by = await confirm_no_world(
        alone, question, ir.TRUE, backend, claim="a core has no world", limits=limits, seed=seed
    )
    if len(formulas) > MOST_NEEDED:
        return CoreCheck(refuted_by, is_minimal=False)
    rests = [_all([*formulas[:place], *formulas[place + 1 :]]) for place in range(len(formulas))]
    bare = _only(program, question, frozenset())
    left = limits.after(watch)
    found = await _worlds(bare, question, rests, replace(left, wall_seconds=min(left.wall_seconds, SECONDS)), seed)
    claims = [] if found is None else [f.claim for f in found.formulas]
    if found is not None and is_minimal and (found.claim is Claim.UNSATISFIABLE or Claim.UNSATISFIABLE in claims):
        raise UnsoundBackend(f"the core of `{backend}` is not minimal: `{found.backend}` does with less")
    return CoreCheck(refuted_by, all(c is Claim.SATISFIABLE for c in claims) and len(claims) == len(rests))


async def _worlds(
    program: ir.Program, question: int, formulas: Sequence[ir.Term], limits: Limits, seed: int
) -> Outcome | None:
    """Worlds of the formulas that the evaluator accepts; None if there is no telling."""
    job = SatisfiableJob(program, question, tuple(formulas))
    try:
        found = await run(job, limits=limits, seed=seed)
        verify(program, question, found, Budget(wall_seconds=SECONDS), job.formulas)
    except (Gap, BudgetExceeded):
        return None
    return found


def _only(program: ir.Program, question: int, names: frozenset[str]) -> ir.Program:
    """The program in which no requirement but these holds."""
    asked = program.questions[question]
    fewer = replace(asked, requirements=tuple(r for r in asked.requirements if r.name in names))
    kept = tuple(r for r in program.requirements if r.name in names)
    return replace(program, requirements=kept).with_question(question, fewer)


def _all(formulas: Sequence[ir.Term]) -> ir.Term:
    return formulas[0] if len(formulas) == 1 else ir.And(tuple(formulas)) if formulas else ir.TRUE
