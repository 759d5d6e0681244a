"""All reformulations, the order that follows from their declarations, and the steps that a back end needs."""

from __future__ import annotations

from functools import cache
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, NamedTuple

from nsr.reformulations.all_different_to_disequalities import ALL_DIFFERENT_TO_DISEQUALITIES
from nsr.reformulations.binders_to_instances import BINDERS_TO_INSTANCES
from nsr.reformulations.bounds_from_requirements import BOUNDS_FROM_REQUIREMENTS
from nsr.reformulations.circuit_to_order import CIRCUIT_TO_ORDER
from nsr.reformulations.definitions_to_bodies import DEFINITIONS_TO_BODIES
from nsr.reformulations.distinct_to_all_different import DISTINCT_TO_ALL_DIFFERENT
from nsr.reformulations.divisors_to_cases import DIVISORS_TO_CASES
from nsr.reformulations.enumerations_to_integers import ENUMERATIONS_TO_INTEGERS
from nsr.reformulations.features import features_of
from nsr.reformulations.nested_applications_to_conditionals import NESTED_APPLICATIONS_TO_CONDITIONALS
from nsr.reformulations.partial_to_guarded import PARTIAL_TO_GUARDED
from nsr.reformulations.piecewise_to_conditionals import PIECEWISE_TO_CONDITIONALS
from nsr.reformulations.rationals_to_integers import RATIONALS_TO_INTEGERS
from nsr.reformulations.relations_to_completion import RELATIONS_TO_COMPLETION
from nsr.reformulations.relations_to_tables import RELATIONS_TO_TABLES
from nsr.reformulations.schedules_to_comparisons import SCHEDULES_TO_COMPARISONS
from nsr.reformulations.sets_to_memberships import SETS_TO_MEMBERSHIPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nsr.language.ir import Program
    from nsr.limits import Budget
    from nsr.reformulations.protocol import Feature, Reformulation

__all__ = ["REFORMULATIONS", "Path", "Reformulated", "in_order", "path_to", "reformulate"]

REFORMULATIONS: tuple[Reformulation, ...] = (
    ALL_DIFFERENT_TO_DISEQUALITIES,
    BINDERS_TO_INSTANCES,
    BOUNDS_FROM_REQUIREMENTS,
    CIRCUIT_TO_ORDER,
    DEFINITIONS_TO_BODIES,
    DISTINCT_TO_ALL_DIFFERENT,
    DIVISORS_TO_CASES,
    ENUMERATIONS_TO_INTEGERS,
    NESTED_APPLICATIONS_TO_CONDITIONALS,
    PARTIAL_TO_GUARDED,
    PIECEWISE_TO_CONDITIONALS,
    RATIONALS_TO_INTEGERS,
    RELATIONS_TO_COMPLETION,
    RELATIONS_TO_TABLES,
    SCHEDULES_TO_COMPARISONS,
    SETS_TO_MEMBERSHIPS,
)


@cache
def in_order() -> tuple[Reformulation, ...]:
    """All reformulations, each after those whose results it can rewrite.

    Raises:
        graphlib.CycleError: if the declarations contradict each other.
    """
    after: dict[str, set[str]] = {r.name: set() for r in REFORMULATIONS}
    for earlier in REFORMULATIONS:
        results = earlier.exposes.union(*earlier.rewrites.values())
        for later in REFORMULATIONS:
            if later is not earlier and results & later.rewrites.keys():
                after[later.name].add(earlier.name)
    names = TopologicalSorter({name: sorted(before) for name, before in sorted(after.items())}).static_order()
    by_name = {r.name: r for r in REFORMULATIONS}
    return tuple(by_name[name] for name in names)


class Path(NamedTuple):
    """The steps from a program to a back end, in order, and the features that stay unreachable."""

    steps: tuple[Reformulation, ...]
    missing: frozenset[Feature]

    @property
    def cost(self) -> int:
        """What the steps cost together."""
        return sum(step.cost for step in self.steps)


def path_to(features: Iterable[Feature], native: frozenset[Feature]) -> Path:
    """The steps that bring `features` down to `native`; a step is taken only for a feature that is there."""
    present = set(features)
    steps = []
    for step in in_order():
        wanted = [feature for feature in step.rewrites if feature in present and feature not in native]
        if wanted:
            steps.append(step)
            for feature in wanted:
                present.remove(feature)
                present |= step.rewrites[feature]
    return Path(tuple(steps), frozenset(present - native))


class Reformulated(NamedTuple):
    """A program on the way to a back end, and the features in it."""

    program: Program
    features: frozenset[Feature]


def reformulate(
    program: Program, native: frozenset[Feature], budget: Budget, present: frozenset[Feature] | None = None
) -> Reformulated:
    """The program in the features of a back end, as far as reformulations lead; `present` are its own, if known.

    What a rewriting may bring in is looked for again after each step, so a step whose feature has not come up, or has
    been decided by the data, is not taken. What a step has rewritten does not come back: no later one brings it in.

    Raises:
        BudgetExceeded: when the program grows too large.
        NoEntry: when a table is asked for an entry that it does not have.
    """
    present = features_of(program) if present is None else present
    gone: set[Feature] = set()
    for step in in_order():
        wanted = [feature for feature in step.rewrites if feature in present and feature not in native]
        if wanted:
            program = step.rewrite(program, budget)
            if step.is_certain:
                gone.update(wanted)
            present = features_of(program) - gone
            if not step.is_certain and not present.isdisjoint(wanted):
                break
        elif step.partly is not None and not present.isdisjoint(step.rewrites):
            program = step.partly(program, native, budget)
            present = features_of(program) - gone
    return Reformulated(program, present)
