"""Derivations from the back ends that give some: asked for in a worker, read as data, believed by nobody yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nsr.limits import Limits
from nsr.proofs.search import finished
from nsr.proofs.steps import ByAbsence, ByFact, ByRule, Step, unit
from nsr.proofs.terms import call
from nsr.reformulations.protocol import ASKED
from nsr.solvers.jobs import program_of_question, value_of
from nsr.solvers.protocol import Giving
from nsr.solvers.registry import availability, backend_names, get_backend
from nsr.workers import Family, request_sync
from nsr.workers.codec import to_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Question, Term
    from nsr.proofs.steps import Derivation, Reason

__all__ = ["derivation", "provers"]


def provers() -> tuple[str, ...]:
    """The back ends that are installed and give derivations."""
    giving = [name for name in backend_names() if Giving.DERIVATION in get_backend(name).spec.evidence]
    return tuple([name for name in giving if availability(name) is None])


def derivation(
    backend: str, program: Program, question: Question, goal: Term, limits: Limits | None = None
) -> Derivation | None:
    """A derivation of a goal about relations that the data decide, found by a back end in a worker; None without one.

    Raises:
        WorkerCrashed: see there.
    """
    limits = limits or Limits(wall_seconds=5.0)
    asked = program_of_question(program, program.questions.index(question))
    plain = to_plain(asked, [(f"{ASKED}0", goal)], asked.facts, asked.rules)
    data = (backend, 0, limits.wall_seconds, ("derive",), plain)
    reply = request_sync(Family(backend, "nsr.solvers.work"), data, limits)
    if reply.get("claim") != "satisfiable":
        return None
    steps = []
    for symbol, row, holds, by, uses in reply["steps"]:
        atom = call(program, symbol, tuple([value_of(value) for value in row]))
        steps.append(Step(unit(atom, is_positive=holds), _reason(by), tuple(uses)))
    return finished(goal, steps)


def _reason(by: Sequence[Any]) -> Reason:
    match by:
        case ["fact", name]:
            return ByFact(name)
        case ["rule", index, names, values]:
            read = [value_of(value) for value in values]
            return ByRule(index, tuple(zip(names, read, strict=True)))
        case _:
            return ByAbsence()
