"""Relations that depend on unknowns become predicates that hold exactly where a rule says so.

The completion (Clark 1978) of the ground rules has the stable models as its solutions where no atom supports itself
through positive bodies (Fages 1994; Lin and Zhao 2004). Atoms in a circle get levels besides: the step at which they
are derived, so that each is supported from below and has one level only (Janhunen, Niemela and Sevalnev 2009).
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

from nsr.language.ir import FALSE, Apply, Function, Literal, Requirement, integer
from nsr.language.sorts import BOOL, IntSort, sort_size, sort_values
from nsr.limits import BudgetExceeded, LimitKind
from nsr.reformulations.folding import (
    both,
    conjunction,
    disjunction,
    equivalent,
    implication,
    less,
    less_equal,
    negation,
    total,
)
from nsr.reformulations.ground_rules import GroundRules, atom_of, map_positive
from nsr.reformulations.plain_rules import made_plain
from nsr.reformulations.protocol import (
    ATOMS,
    BACKGROUND,
    GROUND,
    Construct,
    Feature,
    Position,
    Reformulation,
    features,
)
from nsr.reformulations.relations_to_tables import RELATIONS_TO_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nsr.language.ir import Program, Term
    from nsr.limits import Budget
    from nsr.reformulations.ground_rules import Atom

__all__ = ["RELATIONS_TO_COMPLETION"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program with predicates for its relations, and requirements for its facts and rules, in front.

    Raises:
        BudgetExceeded: when there are too many atoms or instances of rules.
    """
    relations = program.relations()
    if not relations:
        return program
    rules = GroundRules(program, budget)
    levels: dict[str, Function] = {}
    looping: list[Term] = []
    for group in rules.loops():
        if len(group) == 1:
            _cut(group[0], rules)
        else:
            looping.extend(_supported(group, rules, program, levels))
    added = [
        Requirement(f"{BACKGROUND}rules {f.name}", "constraint", conjunction(_completed(f, rules, budget)))
        for f in relations
    ]
    if looping:
        added.append(Requirement(f"{BACKGROUND}loops", "constraint", conjunction(looping)))
    symbols = {
        name: replace(function, kind="pred") if function.kind == "rel" else function
        for name, function in program.symbols.items()
    }
    return replace(
        program,
        symbols={**symbols, **levels},
        requirements=(*added, *program.requirements),
        facts=(),
        rules=(),
    )


def partly(program: Program, native: frozenset[Feature], budget: Budget) -> Program:
    """The program with plain rules; all of it rewritten where they cannot be made plain.

    Raises as `rewrite` does.
    """
    plain = made_plain(program, budget)
    if plain is not None:
        return plain
    return rewrite(RELATIONS_TO_TABLES.rewrite(program, budget), budget)


def _call(atom: Atom, program_symbol: Function) -> Apply:
    literals = [Literal(value, sort) for value, sort in zip(atom[1], program_symbol.arguments, strict=True)]
    return Apply(atom[0], tuple(literals), BOOL)


def _completed(function: Function, rules: GroundRules, budget: Budget) -> Iterator[Term]:
    """What holds for each atom of a relation: that it is what its bodies are."""
    sizes = [sort_size(sort) for sort in function.arguments]
    if None in sizes or prod(size for size in sizes if size is not None) > budget.steps_left:
        raise BudgetExceeded(LimitKind.SIZE)
    for row in itertools.product(*(sort_values(sort) for sort in function.arguments)):
        budget.spend()
        atom = (function.name, row)
        call = _call(atom, function)
        if atom in rules.bodies:
            yield equivalent(call, disjunction(rules.bodies[atom]))
        else:
            yield conjunction((call,)) if rules.decided.get(atom) else negation(call)


def _cut(atom: Atom, rules: GroundRules) -> None:
    """Take an atom out of its own support."""
    rules.bodies[atom] = [
        map_positive(body, lambda call: FALSE if atom_of(call) == atom else call) for body in rules.bodies[atom]
    ]


def _supported(
    group: Sequence[Atom], rules: GroundRules, program: Program, levels: dict[str, Function]
) -> Iterator[Term]:
    """The levels of atoms that support each other: 0 where they do not hold, else the step that derives them."""
    sort = IntSort(0, len(group))
    level: dict[Atom, Term] = {}
    for atom in group:
        name = f"{BACKGROUND}level {len(levels) + 1}"
        levels[name] = Function(name, "var", (), sort, is_auxiliary=True)
        level[atom] = Apply(name, (), sort)
    for atom in group:
        call = _call(atom, program.symbols[atom[0]])
        own = level[atom]
        yield equivalent(call, less_equal(integer(1), own))
        yield implication(call, _derived(rules.bodies[atom], level, own, 0))
        # Not derived a step earlier: so there is one level only.
        yield implication(less_equal(integer(2), own), negation(_derived(rules.bodies[atom], level, own, 1)))


def _derived(bodies: Sequence[Term], level: dict[Atom, Term], own: Term, earlier: int) -> Term:
    """Some body holds by atoms below the level `own - earlier` alone."""

    def below(call: Apply) -> Term:
        atom = atom_of(call)
        if atom is None or atom not in level:
            return call
        return both(call, less(total((level[atom], integer(earlier))), own))

    return disjunction([map_positive(body, below) for body in bodies])


RELATIONS_TO_COMPLETION = Reformulation(
    name="RelationsToCompletion",
    rewrites={Feature(Construct.RELATION, Position.DECLARATION): GROUND},
    cost=4,
    rewrite=rewrite,
    exposes=ATOMS | features(Construct.BINDER),
    partly=partly,
)
