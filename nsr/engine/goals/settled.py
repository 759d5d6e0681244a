"""Claims that need no solver: worlds worked out from facts and rules.

Where nothing but facts and rules is stated, what is unknown is the predicates that a `two_sided` relation leaves open.
With all of them false there is the world in which least holds; others have one atom more, or all of them. A claim that
is true in one world and false in another is undetermined; any other has a derivation, or is left to a solver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nsr.engine.goals.possible import Possible
from nsr.engine.goals.section import Section
from nsr.engine.goals.small import EVALUATOR
from nsr.explain.rules import Side, side_of
from nsr.language import ir
from nsr.language.calls import calls_of
from nsr.language.evaluate import NoEntry, check_structure, holds
from nsr.language.open_types import open_sorts
from nsr.language.sorts import BOOL, Value, sort_size
from nsr.limits import Budget, BudgetExceeded
from nsr.proofs.reading import Decided
from nsr.reformulations.dependence import mentions_of_term
from nsr.results import Evidence, EvidenceKind
from nsr.solvers import Claim, Outcome
from nsr.solvers.protocol import FormulaOutcome

__all__ = ["decided", "settled", "with_derivation"]

MOST_CELLS = 2_000
"""With more cells of predicates a solver is asked."""

STEPS = 300_000
SECONDS = 1.0
"""What all of it may take, small as it is, and once more what facts and rules decide."""


def decided(section: Section) -> Decided:
    """What facts and rules decide, to be worked out when it is asked for."""
    return Decided(section.program, section.question, Budget(steps=STEPS, wall_seconds=section.seconds(SECONDS)))


def settled(section: Section, formula: ir.Term, known: Decided | None = None) -> Possible | None:
    """Worlds in which a formula is true and false, as far as there are such; None where that takes a solver.

    A formula without a counter-world is not proved by that: see `with_derivation`. `known` takes up the rows that
    facts and rules decide, for others to use.
    """
    options = section.options
    if options.backend != "auto" or not options.confirm or open_sorts(section.program):
        return None
    budget = Budget(steps=STEPS, wall_seconds=section.seconds(SECONDS))
    try:
        worlds = _worlds(section.program, section.question, formula, budget, known or decided(section))
    except (BudgetExceeded, NoEntry):
        return None
    if not worlds:
        return None
    found = tuple([next((world for world, truth in worlds if truth is wanted), None) for wanted in (True, False)])
    verdicts = tuple(world is not None for world in found)
    outcomes = tuple(FormulaOutcome(Claim.SATISFIABLE if w is not None else Claim.UNKNOWN, w) for w in found)
    outcome = Outcome(Claim.SATISFIABLE, EVALUATOR, structures=(worlds[0][0],), formulas=outcomes)
    return Possible(outcome, verdicts, found, Evidence(kind=EvidenceKind.CHECKED, backend=EVALUATOR))


def with_derivation(found: Possible | None, evidence: Evidence | None) -> Possible | None:
    """What was found, where it is enough: worlds of both kinds, or a derivation that there are none of one kind."""
    if found is None or all(found.verdicts):
        return found
    if evidence is None:
        return None
    none = FormulaOutcome(Claim.UNSATISFIABLE)
    formulas = tuple(told if told.structure is not None else none for told in found.outcome.formulas)
    outcome = Outcome(Claim.SATISFIABLE, EVALUATOR, structures=found.outcome.structures, formulas=formulas)
    return Possible(outcome, found.verdicts, found.worlds, evidence)


def _worlds(
    program: ir.Program, question: ir.Question, formula: ir.Term, budget: Budget, known: Decided
) -> list[tuple[ir.Structure, bool]]:
    """At most two worlds that the evaluator accepts, the least one first, and whether the formula is true in each.

    There is none where more is stated than facts and rules, or where they contradict each other.

    Raises:
        BudgetExceeded, NoEntry: as the evaluator does.
    """
    sides = [side_of(program, requirement) for requirement in program.requirements_of(question)]
    if None in sides or not _are_small_predicates(program.unknowns()):
        return []
    rows = known.rows
    if any(function.name not in rows for function in program.relations()):
        return []
    told = [(side, rows[name]) for name, side in filter(None, sides) if name in rows]
    least = {**rows, **_filled(program, told, False, budget)}
    if check_structure(program, question, least, budget):
        return []
    truth = holds(formula, least, program, budget=budget)
    most = _filled(program, told, True, budget)
    for other in (*_with_one_more(program, formula, least, most), {**rows, **most}):
        is_other = holds(formula, other, program, budget=budget) is not truth
        if is_other and not check_structure(program, question, other, budget):
            return [(least, truth), (other, not truth)]
    return [(least, truth)]


def _with_one_more(
    program: ir.Program, formula: ir.Term, least: ir.Structure, most: ir.Structure
) -> Iterator[ir.Structure]:
    """The least world with one more atom that the formula may speak of."""
    spoken = frozenset().union(*mentions_of_term(formula, program))
    for name in sorted(most.keys() & spoken):
        for key, value in most[name].items():
            if value is True and least[name][key] is False:
                yield {**least, name: {**least[name], key: True}}


def _are_small_predicates(unknowns: Sequence[ir.Function]) -> bool:
    cells = 0
    for function in unknowns:
        if function.value != BOOL or function.is_optional:
            return False
        count = 1
        for sort in function.arguments:
            count *= sort_size(sort) or MOST_CELLS + 1
        cells += count
    return cells <= MOST_CELLS


def _filled(
    program: ir.Program,
    known: Sequence[tuple[Side, Mapping[tuple[Value, ...], Value]]],
    filler: bool,
    budget: Budget,
) -> dict[str, dict[tuple[Value, ...], Value]]:
    """Every predicate with what is known of it, and the same value everywhere else."""
    out: dict[str, dict[tuple[Value, ...], Value]] = {}
    for function in program.unknowns():
        cells = calls_of(function, budget)
        out[function.name] = {tuple([a.value for a in c.args if isinstance(a, ir.Literal)]): filler for c in cells}
    for side, rows in known:
        if side.relation in out:
            out[side.relation].update(dict.fromkeys(rows, side.is_positive))
    return out
