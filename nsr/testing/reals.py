"""What back ends say of programs whose worlds cannot be gone through: each one's word against the others'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from nsr.errors import ProgramError, UnsoundBackend
from nsr.language import ir
from nsr.language.evaluate import check_structure
from nsr.solvers import Claim, OptimizeJob, Outcome, SolutionsJob, objectives_of
from nsr.solvers.jobs import decode_reply, encode_job
from nsr.solvers.work import work

__all__ = ["Said", "disagree", "said"]


class Said(NamedTuple):
    """What a back end says: "solutions", "optimum", "none", or "open" where it has no answer; and the details of it."""

    kind: str
    details: tuple[object, ...] = ()


def said(program: ir.Program, backend: str, seconds: float) -> Said:
    """What a back end says of the search or the objective of a program, worked off in this process.

    Raises:
        UnsoundBackend: when the evaluator refuses a solution.
    """
    goal = program.questions[0].goal
    assert isinstance(goal, ir.Find)
    job: OptimizeJob | SolutionsJob = OptimizeJob(program)
    if not objectives_of(program, 0):
        job = SolutionsJob(program, 0, goal.count or 1, goal.symbols, goal.terms)
    reply = work(encode_job(job, backend, seconds, 0))
    if reply.get("gap"):
        return Said("open", tuple(reply["gap"]))
    outcome = decode_reply(job, backend, reply)
    for structure in outcome.structures:
        if wrong := check_structure(program, program.questions[0], structure):
            raise UnsoundBackend(f"`{backend}` gives a solution that is none: {wrong[0]}")
    return _told(outcome, is_search=isinstance(job, SolutionsJob))


def _told(outcome: Outcome, *, is_search: bool) -> Said:
    if outcome.limit is not None or outcome.claim is Claim.UNKNOWN:
        return Said("open", (str(outcome.limit), outcome.detail))
    if outcome.claim is Claim.UNSATISFIABLE:
        return Said("none")
    if is_search:
        return Said("solutions", (len(outcome.structures),))
    details: list[object] = []
    for objective in outcome.objectives:
        known = {"optimal": objective.value, "unattained": objective.bound}
        details += [objective.status, known.get(objective.status)]
    return Said("optimum", tuple(details))


def disagree(program: ir.Program, backends: Iterable[str], seconds: float) -> tuple[dict[str, Said], bool]:
    """What each back end says, and whether two that answer say different things."""
    found: dict[str, Said] = {}
    for backend in backends:
        try:
            found[backend] = said(program, backend, seconds)
        except (UnsoundBackend, ProgramError, AssertionError) as failure:
            found[backend] = Said("wrong", (str(failure),))
    answers = {one for one in found.values() if one.kind != "open"}
    return found, len(answers) > 1 or any(one.kind == "wrong" for one in answers)
