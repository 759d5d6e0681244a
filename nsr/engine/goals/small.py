"""Small questions without a solver: worlds and case distinctions that are found and checked in this process.

A worker takes some milliseconds for what is over in one here. Every world is evaluated; where there is none, the case
distinction that says so is gone through by a checker that knows nothing of the search. Open types are only tried with
few things, so only worlds are found for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.language import ir
from nsr.language.evaluate import NoEntry, check_structure, holds
from nsr.language.open_types import open_sorts, smallest_size
from nsr.limits import Budget, BudgetExceeded
from nsr.proofs.case_search import SmallSearch
from nsr.proofs.cases import Broken, Clash, Split, check_cases
from nsr.proofs.partial import NotTaken
from nsr.results import BY_CASES, Evidence, EvidenceKind
from nsr.solvers import Claim, Outcome
from nsr.solvers.protocol import FormulaOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.engine.goals.section import Section
    from nsr.proofs.cases import Cases

__all__ = ["EVALUATOR", "few_things", "has_no_world", "outcome_of", "small_evidence", "small_outcome"]

EVALUATOR = "evaluator"
"""What worked out the worlds, in the place of a back end."""

STEPS = 40_000
CHECK_STEPS = 400_000
SECONDS = 1.0
"""What the search, and the evaluation and check of what it finds, may take."""

MOST_MORE = 2
"""Open types are tried with so many things more than they must have."""


def small_outcome(section: Section, formulas: Sequence[ir.Term]) -> Outcome | None:
    """For each formula a world, accepted by the evaluator, or that a checked case distinction leaves none.

    None where a solver has to tell: nothing is small, there is no world at all, an open type would have to be refuted,
    or the caller wants a certain back end or no second opinion.
    """
    if not formulas or not _is_ours(section):
        return None
    if open_sorts(section.program):
        found = [told for told in few_things(section, formulas) if told is not None]
        return outcome_of(found) if len(found) == len(formulas) else None
    try:
        return _closed(section, formulas, Budget(steps=STEPS, wall_seconds=section.seconds(SECONDS)))
    except (BudgetExceeded, NotTaken, NoEntry):
        return None


def _is_ours(section: Section) -> bool:
    """Whether the caller leaves the choice of a back end and wants a second opinion, and no world is better."""
    options, question = section.options, section.question
    is_plain = not question.objectives and not section.program.softs_of(question)
    return is_plain and options.backend == "auto" and options.confirm


def has_no_world(section: Section) -> bool:
    """Whether a case distinction that the checker accepts leaves no world at all."""
    if not _is_ours(section) or open_sorts(section.program):
        return False
    try:
        worlds = _Worlds(section, Budget(steps=STEPS, wall_seconds=section.seconds(SECONDS)))
        return worlds.sought(ir.TRUE) is None and worlds.is_refuted(ir.TRUE)
    except (BudgetExceeded, NotTaken, NoEntry):
        return False


def outcome_of(found: Sequence[FormulaOutcome]) -> Outcome:
    """The outcome of worlds of formulas, of which at least one has a world."""
    first = next(told for told in found if told.structure is not None)
    assert first.structure is not None
    return Outcome(
        Claim.SATISFIABLE, EVALUATOR, structures=(first.structure,), formulas=tuple(found), sizes=first.sizes
    )


def small_evidence(outcome: Outcome) -> Evidence:
    """How such an outcome is known."""
    if any(found.claim is Claim.UNSATISFIABLE for found in outcome.formulas):
        return Evidence(kind=EvidenceKind.CONFIRMED, backend=outcome.backend, confirmed_by=BY_CASES)
    return Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend)


def _closed(section: Section, formulas: Sequence[ir.Term], budget: Budget) -> Outcome | None:
    worlds = _Worlds(section, budget)
    found = []
    for formula in formulas:
        world = worlds.known(formula) or worlds.sought(formula)
        if world is None and not worlds.is_refuted(formula):
            return None
        found.append(FormulaOutcome(Claim.UNSATISFIABLE if world is None else Claim.SATISFIABLE, world))
    if not worlds.found and worlds.sought(ir.TRUE) is None:
        return None
    return Outcome(Claim.SATISFIABLE, EVALUATOR, structures=tuple(worlds.found[:1]), formulas=tuple(found))


def few_things(section: Section, formulas: Sequence[ir.Term]) -> tuple[FormulaOutcome | None, ...]:
    """For each formula about open types a world with few things, accepted by the evaluator, as far as one is found."""
    found: list[FormulaOutcome | None] = [None] * len(formulas)
    if not _is_ours(section):
        return tuple(found)
    budget = Budget(steps=STEPS, wall_seconds=section.seconds(SECONDS))
    asked = section.with_question(goal=ir.Compute(tuple(formulas)))
    try:
        for more in range(MOST_MORE + 1):
            sizes = {sort.name: smallest_size(sort) + more for sort in open_sorts(section.program)}
            _take_worlds(asked.at_sizes(sizes), sizes, found, budget)
            if None not in found:
                break
    except (BudgetExceeded, NotTaken, NoEntry):
        pass
    return tuple(found)


def _take_worlds(sized: Section, sizes: Mapping[str, int], found: list[FormulaOutcome | None], budget: Budget) -> None:
    """Take up worlds of these sizes, for the formulas that have none so far."""
    goal = sized.question.goal
    assert isinstance(goal, ir.Compute)
    worlds = _Worlds(sized, budget)
    for place, formula in enumerate(goal.terms):
        if found[place] is None and (world := worlds.known(formula) or worlds.sought(formula)) is not None:
            found[place] = FormulaOutcome(Claim.SATISFIABLE, world, sizes=sizes)


class _Worlds:
    """Worlds of a question so far, all of them accepted by the evaluator."""

    def __init__(self, section: Section, budget: Budget) -> None:
        self.found: list[ir.Structure] = []
        self._program, self._question = section.program, section.question
        self._search = SmallSearch(section.program, section.question, budget)
        self._cases: Cases | None = None
        self._checking = Budget(steps=CHECK_STEPS, wall_seconds=section.seconds(SECONDS))

    def known(self, formula: ir.Term) -> ir.Structure | None:
        """A world so far that makes the formula true."""
        held = (w for w in self.found if holds(formula, w, self._program, budget=self._checking))
        return next(held, None)

    def sought(self, formula: ir.Term) -> ir.Structure | None:
        """A new one; without one `is_refuted` can tell whether there is none."""
        found = self._search.world(formula)
        if isinstance(found, Split | Broken | Clash):
            self._cases = found
            return None
        if check_structure(self._program, self._question, found, self._checking):
            raise NotTaken
        if not holds(formula, found, self._program, budget=self._checking):
            raise NotTaken
        self.found.append(found)
        return found

    def is_refuted(self, formula: ir.Term) -> bool:
        """Whether the checker accepts the case distinction that was found last."""
        if self._cases is None:
            return False
        return check_cases(self._program, self._question, formula, self._cases, self._checking) is None
