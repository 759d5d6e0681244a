"""Whether outcomes of one job from several back ends contradict each other, and what each of them said.

Only what contradicts counts: a limit, an "unknown", a solution less where a search stopped are no disagreement.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, assert_never

from nsr.errors import Disagreement
from nsr.language.ir import Find
from nsr.language.projection import project
from nsr.solvers.jobs import AskJob, CoreJob, Job, OptimizeJob, RefuteJob, SatisfiableJob, SolutionsJob
from nsr.solvers.optima import objectives_of
from nsr.solvers.protocol import BindingOutcome, Claim, ObjectiveOutcome, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.solvers.protocol import Number

__all__ = ["check_agreement", "is_settled", "said"]


def check_agreement(job: Job, outcomes: Sequence[Outcome]) -> None:
    """Compare the outcomes of one job; the assignments in them have been verified before.

    Raises:
        Disagreement: when two of them cannot both be right.
    """
    for one, other in combinations(outcomes, 2):
        if _contradict(job, one, other):
            raise Disagreement(_about(job), {o.backend: said(job, o) for o in outcomes})


def is_settled(job: Job, outcome: Outcome) -> bool:
    """Whether an outcome leaves nothing of its job open."""
    if outcome.claim is Claim.UNKNOWN:
        return False
    if outcome.claim is Claim.UNSATISFIABLE:
        return outcome.is_complete or not isinstance(job, CoreJob)
    match job:
        case SolutionsJob(limit=limit):
            return outcome.is_complete or len(outcome.structures) >= limit
        case CoreJob():
            return True
        case SatisfiableJob() | RefuteJob():
            return all(formula.claim is not Claim.UNKNOWN for formula in outcome.formulas)
        case OptimizeJob():
            found = [objective.status for objective in outcome.objectives]
            return bool(found) and (found[-1] == "optimal" or not {"unbounded", "unattained"}.isdisjoint(found))
        case AskJob():
            return all(None not in (b.is_possible, b.is_certain) for b in outcome.bindings)
        case _:
            assert_never(job)


def _contradict(job: Job, one: Outcome, other: Outcome) -> bool:
    if {one.claim, other.claim} == {Claim.SATISFIABLE, Claim.UNSATISFIABLE}:
        return True
    match job:
        case SolutionsJob():
            return _overlooks(job, one, other) or _overlooks(job, other, one)
        case CoreJob():
            # Where the declarations alone allow no world, every minimal core is empty.
            is_sure = one.claim is Claim.UNSATISFIABLE and one.is_complete and other.is_complete
            return is_sure and bool(one.core) is not bool(other.core)
        case SatisfiableJob() | RefuteJob():
            pairs = zip(one.formulas, other.formulas, strict=False)
            return any({a.claim, b.claim} == {Claim.SATISFIABLE, Claim.UNSATISFIABLE} for a, b in pairs)
        case OptimizeJob():
            return _optima_contradict(job, one, other)
        case AskJob():
            return _bindings_contradict(one, other)
        case _:
            assert_never(job)


# Solutions


def _overlooks(job: SolutionsJob, one: Outcome, other: Outcome) -> bool:
    """Whether the first says that its solutions are all there are, and the second has another."""
    if not one.is_complete or one.claim is Claim.UNKNOWN or len(one.structures) >= job.limit:
        return False
    goal = Find("all", terms=job.terms, symbols=job.symbols)
    known = {project(job.program, goal, structure) for structure in one.structures}
    return any(project(job.program, goal, structure) not in known for structure in other.structures)


# Optima


def _optima_contradict(job: OptimizeJob, one: Outcome, other: Outcome) -> bool:
    objectives = objectives_of(job.program, job.question)
    for objective, a, b in zip(objectives, one.objectives, other.objectives, strict=False):
        sign = 1 if objective.kind == "maximize" else -1
        if _goes_beyond(a, b, sign) or _goes_beyond(b, a, sign):
            return True
        if not a.status == b.status == "optimal":
            # What comes later is about other worlds.
            return False
    return False


def _goes_beyond(found: ObjectiveOutcome, denied: ObjectiveOutcome, sign: int) -> bool:
    """Whether the first has a value, or values as near to one as one likes, that the second says there is none of."""
    most = _most(denied)
    if most is None:
        return False
    if found.status == "unbounded":
        return True
    reached = found.bound if found.status == "unattained" else found.value
    if reached is None:
        return False
    if found.status != "unattained" and denied.status == "unattained":
        return sign * reached >= sign * most
    return sign * reached > sign * most


def _most(outcome: ObjectiveOutcome) -> Number | None:
    """What no value is better than, if that is said."""
    match outcome.status:
        case "optimal":
            return outcome.value
        case "unattained" | "feasible":
            return outcome.bound
        case "unbounded" | "unknown":
            return None
        case _:
            assert_never(outcome.status)


# Bindings


def _bindings_contradict(one: Outcome, other: Outcome) -> bool:
    first = {binding.values: binding for binding in one.bindings}
    second = {binding.values: binding for binding in other.bindings}
    for values in {**first, **second}:
        a, b = _truths(first.get(values), one), _truths(second.get(values), other)
        if any({x, y} == {True, False} for x, y in zip(a, b, strict=True)):
            return True
    return False


def _truths(binding: BindingOutcome | None, outcome: Outcome) -> tuple[bool | None, bool | None]:
    """Whether a binding is possible and whether it is certain; one that a complete list leaves out is neither."""
    if binding is not None:
        return binding.is_possible, binding.is_certain
    return (False, False) if outcome.is_complete else (None, None)


# Words


def _about(job: Job) -> str:
    match job:
        case SolutionsJob():
            return "the solutions"
        case CoreJob():
            return "whether the statements can hold together"
        case SatisfiableJob() | RefuteJob():
            return "which formulas hold in some world"
        case OptimizeJob():
            return "the best value"
        case AskJob():
            return "the answers"
        case _:
            assert_never(job)


def said(job: Job, outcome: Outcome) -> str:
    """What a back end said to a job, in a few words."""
    if outcome.claim is Claim.UNKNOWN:
        return f"nothing (the {outcome.limit.value} limit)" if outcome.limit is not None else "nothing"
    if outcome.claim is Claim.UNSATISFIABLE:
        core = f" ({', '.join(outcome.core)})" if outcome.core else ""
        return f"no solution{core}"
    match job:
        case SolutionsJob():
            count = len(outcome.structures)
            many = "1 solution" if count == 1 else f"{count} solutions"
            return many + (" and no other" if outcome.is_complete and count < job.limit else "")
        case CoreJob():
            return "a solution"
        case SatisfiableJob() | RefuteJob():
            words = {True: "possible", False: "impossible", None: "unknown"}
            return ", ".join(f"{n} {words[v]}" for n, v in enumerate(outcome.verdicts, 1)) or "a world"
        case OptimizeJob():
            return ", ".join(map(_value_said, outcome.objectives))
        case AskJob():
            sure = sum(binding.is_certain is True for binding in outcome.bindings)
            return f"{sure} certain of {len(outcome.bindings)} answers"
        case _:
            assert_never(job)


def _value_said(found: ObjectiveOutcome) -> str:
    value = found.bound if found.status == "unattained" else found.value
    return found.status if value is None else f"{found.status} {value}"
