"""`prove`, and `ask` without variables: true in every world, in none, or in some only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nsr.engine.goals.because import Because, because, from_one_atom, from_premises
from nsr.engine.goals.derived import QUICK_STEPS, Derived, found_derivation
from nsr.engine.goals.no_world import checked_core, no_world
from nsr.engine.goals.section import Possible, Section, possible, result
from nsr.engine.goals.settled import decided, settled, with_derivation
from nsr.engine.goals.small import EVALUATOR, few_things, outcome_of, small_evidence
from nsr.errors import UnsoundBackend
from nsr.explain.small_worlds import made_small
from nsr.explain.statements import differences
from nsr.language import ir
from nsr.language.open_types import open_sorts
from nsr.limits import Budget
from nsr.proofs.reading import Decided
from nsr.proofs.steps import ByPremise, Step
from nsr.reformulations.dependence import mentions_of_term
from nsr.results import Evidence, EvidenceKind, QuestionResult, Status
from nsr.solvers import Claim, CoreJob, Outcome
from nsr.solvers.protocol import FormulaOutcome
from nsr.verify import CoreCheck

__all__ = ["prove", "verdict"]

CLAIM = "the opposite of the claim"
"""The name of the requirement that denies what is to be proved; no label has blanks."""


async def prove(section: Section, goal: ir.Prove) -> QuestionResult:
    """Whether the premises entail a claim, its opposite, or neither."""
    return await verdict(section, goal.formula)


async def verdict(section: Section, formula: ir.Term) -> QuestionResult:
    """`entailed`, `refuted`, `undetermined` with two worlds, or `inconsistent` with the sentences that clash."""
    backing = _Backing(section, formula, decided(section))
    found = settled(section, formula, backing.known)
    found = with_derivation(found, backing.evidence(found.outcome) if found is not None else None)
    if found is None:
        found = await _derived_first(section, formula, backing)
    if found is None:
        found = await possible(section, (formula, ir.Not(formula)), backing.evidence)
    if not found.has_world:
        return await no_world(section, found.outcome)
    can_hold, can_fail = found.verdicts
    if can_hold and can_fail:
        return _undetermined(section, formula, found)
    status, answer = (Status.ENTAILED, "true") if can_hold else (Status.REFUTED, "false")
    opposite = ir.Not(formula) if can_hold else formula
    backed, notes = from_one_atom(section, backing.steps), tuple[str, ...]()
    if backed is None:
        backed, notes = await _because(section, opposite, backing.steps)
    core, reasons = backed
    told = "It follows" if can_hold else "Its opposite follows"
    summary = f"{told} from these statements:" if reasons else f"{told} from {_nothing_stated(section, formula)}."
    world = found.worlds[0 if can_hold else 1]
    shows = "a world that the statements allow"
    worlds = () if world is None else (section.world(_small(section, formula, found, world), shows),)
    notes = (*found.evidence.notes, *notes)
    evidence = found.evidence.model_copy(update={"core": core, "worlds": worlds, "notes": notes})
    return result(status, answer, evidence, summary, reasons)


@dataclass(slots=True)
class _Backing:
    """What backs an outcome without a second back end: a derivation of the claim, or of its opposite."""

    section: Section
    formula: ir.Term
    known: Decided
    steps: tuple[Step, ...] = ()
    sought: ir.Term | None = None

    def evidence(self, outcome: Outcome) -> Evidence | None:
        """The evidence; None where nothing is denied, and where no derivation is found."""
        if outcome.claim is Claim.UNSATISFIABLE:
            # What backs that there is no world is asked where the contradiction is told.
            return Evidence(kind=EvidenceKind.CLAIMED, backend=outcome.backend)
        can_hold, can_fail = (f.claim is Claim.SATISFIABLE for f in outcome.formulas)
        if can_hold and can_fail:
            return None
        goal = self.formula if can_hold else ir.Not(self.formula)
        if goal == self.sought:
            return None
        self.sought = goal
        found = found_derivation(self.section, goal, outcome.backend, known=self.known)
        if found is None:
            return None
        self.steps = found.steps
        return found.evidence


SECONDS = 0.3
"""How long a world is made smaller."""


def _small(section: Section, formula: ir.Term, found: Possible, world: ir.Structure) -> ir.Structure:
    """A world like one that was found, with less in it."""
    sized = section.with_question(goal=ir.Prove(formula)).at_sizes(found.sizes_of(world))
    goal = sized.question.goal
    assert isinstance(goal, ir.Prove)
    budget = Budget(steps=300_000, wall_seconds=SECONDS)
    return made_small(sized.program, sized.question, world, goal.formula, budget)


def _undetermined(section: Section, formula: ir.Term, found: Possible) -> QuestionResult:
    one, other = found.worlds
    assert one is not None
    assert other is not None
    true, false = _small(section, formula, found, one), _small(section, formula, found, other)
    worlds = (section.world(true, "the claim is true here"), section.world(false, "the claim is false here"))
    evidence = found.evidence.model_copy(update={"worlds": worlds})
    differing = differences(section.program, true, false, section.spelling)
    summary = "Neither it nor its opposite follows: the statements allow worlds of both kinds"
    return result(
        Status.UNDETERMINED,
        "unknown",
        evidence,
        summary + (f", which differ in {differing}." if differing else "."),
        reason=None,
    )


def _nothing_stated(section: Section, formula: ir.Term) -> str:
    """What something rests on that no single statement makes so."""
    mentioned = mentions_of_term(formula, section.program)
    kinds = {section.program.symbols[name].kind for part in mentioned for name in part}
    return "what facts and rules do not make true, which is false" if "rel" in kinds else "what the declarations say"


async def _because(section: Section, opposite: ir.Term, steps: Sequence[Step]) -> tuple[Because, tuple[str, ...]]:
    """A minimal set of statements that leaves no world to the opposite of what was proved; what is not shown of it."""
    denied = ir.Requirement(CLAIM, "assume", opposite)
    against = section.holding((denied,))
    core = await from_premises(section, steps, denied)
    if core is not None:
        return await because(against, core, denied), ()
    found = await against.run(CoreJob(against.program, against.number))
    checked = await checked_core(against, found)
    return await because(against, found.core, denied), _unshown(found, checked, steps)


def _unshown(found: Outcome, checked: CoreCheck | None, steps: Sequence[Step]) -> tuple[str, ...]:
    """What a second back end and the evaluator could not show of a core: that it is enough, and that all is needed."""
    used = {step.by.name for step in steps if isinstance(step.by, ByPremise)}
    is_enough = bool(steps) and used <= set(found.core)
    notes = []
    if checked is not None and checked.refuted_by is None and not is_enough:
        notes.append(f"that it follows from these statements alone rests on {found.backend} alone")
    if found.core and not (found.is_complete if checked is None else checked.is_minimal):
        notes.append("that all of these statements are needed is not shown")
    return tuple(notes)


async def _derived_first(section: Section, formula: ir.Term, backing: _Backing) -> Possible | None:
    """A claim over open types with worlds of both kinds, or with a short derivation, or whose opposite has one.

    Refutations over worlds of every size are what takes a solver long. What has a world against it is not derived; what
    is derived needs one world only.
    """
    options = section.options
    if options.backend != "auto" or not options.confirm or not open_sorts(section.program):
        return None
    goals = (formula, ir.Not(formula))
    small = few_things(section, goals)
    if small[0] is not None and small[1] is not None:
        outcome = outcome_of([small[0], small[1]])
        return Possible(outcome, (True, True), (small[0].structure, small[1].structure), small_evidence(outcome))
    for goal, told, against in zip(goals, small, small[::-1], strict=True):
        derived = found_derivation(section, goal, EVALUATOR, steps=QUICK_STEPS) if against is None else None
        if derived is not None:
            return await _with_a_world(section, goal is formula, goal, derived, told, backing)
    return None


async def _with_a_world(
    section: Section,
    is_entailed: bool,
    goal: ir.Term,
    derived: Derived,
    told: FormulaOutcome | None,
    backing: _Backing,
) -> Possible:
    """What has a derivation, with a world: the one that is known, or one that a solver finds."""
    evidence, verdicts = derived.evidence, (is_entailed, not is_entailed)
    if told is not None:
        none = FormulaOutcome(Claim.UNSATISFIABLE)
        outcome, world = outcome_of((told, none) if is_entailed else (none, told)), told.structure
    else:
        found = await possible(section, (goal,), lambda _: evidence)
        if not found.has_world:
            return found
        if found.verdicts != (True,):
            raise UnsoundBackend(f"`{found.outcome.backend}` refutes what has a derivation")
        outcome, world = found.outcome, found.worlds[0]
        evidence = evidence.model_copy(update={"backend": outcome.backend})
    backing.steps = derived.steps
    return Possible(outcome, verdicts, (world, None) if is_entailed else (None, world), evidence)
