"""Closed relations: what the facts and rules of a question make of them.

The relations of a world are a stable model (Gelfond and Lifschitz 1988): reading the unknowns, and relations under
`Not`, inside aggregates and comparisons, in the world itself, the facts and rules derive exactly its rows. So a given
structure is checked by one least fixed point, and that decides; the models are found component by component: where no
relation depends on its own negation there is exactly one, otherwise bounds are drawn in by alternating fixed points
(Van Gelder 1989) and what they leave open is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nsr.language.closure import Extensions, Row, least_fixed_point, plans_of
from nsr.language.ir import And, Apply, Quantified
from nsr.language.joins import uses_of
from nsr.language.meaning import Evaluator, NoEntry
from nsr.language.truth import ThreeValued
from nsr.language.values import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nsr.language.closure import Plan
    from nsr.language.ir import Facts, Program, Question, Rule, Structure, Term
    from nsr.language.meaning import Bindings
    from nsr.limits import Budget

__all__ = ["Component", "components_of", "extend", "unstable_relations"]


def unstable_relations(
    program: Program, question: Question, structure: Structure, budget: Budget | None = None
) -> tuple[str, ...]:
    """The relations, in order, of which the facts and rules derive other rows than `structure` gives them.

    Raises as `evaluate` does.
    """
    growing = frozenset(relation.name for relation in program.relations())
    if not growing:
        return ()
    evaluator = Evaluator(structure, program, budget)
    plans = plans_of(program.rules_of(question), growing, program)
    derived = least_fixed_point(evaluator, evaluator.holds, growing, program.facts_of(question), plans)
    return tuple(
        relation.name
        for relation in program.relations()
        if derived[relation.name].keys() != {row for row, value in structure[relation.name].items() if value is True}
    )


@dataclass(frozen=True, slots=True)
class Component:
    """Relations that depend on each other, with their facts and rules.

    `is_stratified`: none depends on the negation, number or value of one of them. `is_known`: nothing that they depend
    on, near or far, is an unknown. `uses`: what their rules speak of, definitions and domains looked into.
    """

    relations: frozenset[str]
    facts: tuple[Facts, ...]
    plans: tuple[Plan, ...]
    is_stratified: bool
    is_known: bool
    uses: frozenset[str]


def components_of(program: Program, question: Question) -> tuple[Component, ...]:
    """The relations of a question, those that others depend on first."""
    names = [relation.name for relation in program.relations()]
    rules = program.rules_of(question)
    direct: dict[str, set[str]] = {name: set() for name in names}
    fixed: dict[str, set[str]] = {name: set() for name in names}
    for rule in rules:
        growing_uses, fixed_uses = _uses_of(rule, program)
        direct[rule.symbol] |= growing_uses | fixed_uses
        fixed[rule.symbol] |= fixed_uses
    reached = {name: _reached(name, direct) for name in names}
    unknowns = {unknown.name for unknown in program.unknowns()}
    found: list[Component] = []
    # A relation and what it reaches are more than what another one of them reaches, unless they depend on each other.
    for name in sorted(names, key=lambda name: len(reached[name] | {name})):
        if any(name in component.relations for component in found):
            continue
        members = frozenset(o for o in names if o == name or (o in reached[name] and name in reached[o]))
        own = [rule for rule in rules if rule.symbol in members]
        found.append(
            Component(
                members,
                tuple(facts for facts in program.facts_of(question) if facts.symbol in members),
                plans_of(own, members, program),
                not any(members & fixed[member] for member in members),
                not (reached[name] & unknowns),
                frozenset().union(*(direct[member] for member in members)),
            )
        )
    return tuple(found)


def _uses_of(rule: Rule, program: Program) -> tuple[frozenset[str], frozenset[str]]:
    """What a rule depends on: calls that only ever derive more, and everything else."""
    in_body = uses_of(Quantified("exists", rule.binders, rule.body), program)
    in_head = [uses_of(arg, program) for arg in rule.args]
    return in_body.growing, in_body.fixed.union(*(symbols for uses in in_head for symbols in uses))


def _reached(name: str, direct: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    stack = [name]
    while stack:
        for other in direct.get(stack.pop(), ()):
            if other not in found:
                found.add(other)
                stack.append(other)
    return found


def extend(
    program: Program, components: tuple[Component, ...], structure: Structure, budget: Budget | None = None
) -> Iterator[Structure]:
    """Every way of giving rows to the relations of the components, so that they are stable, beside what is given.

    Raises as `evaluate` does.
    """
    for number, component in enumerate(components):
        evaluator = Evaluator(structure, program, budget)
        if not component.is_stratified:
            for rows in _guess(component, evaluator):
                yield from extend(program, components[number + 1 :], _with_rows(structure, rows), budget)
            return
        rows = least_fixed_point(evaluator, evaluator.holds, component.relations, component.facts, component.plans)
        structure = _with_rows(structure, rows)
    yield structure


def _with_rows(structure: Structure, rows: Extensions) -> Structure:
    return {**structure, **{name: dict.fromkeys(found, True) for name, found in rows.items()}}


# Models of a component that depends on its own negation


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Rows that are supposed to be in a model, and rows that are not."""

    present: Mapping[str, frozenset[Row]]
    absent: Mapping[str, frozenset[Row]]

    def with_row(self, name: str, row: Row, *, is_present: bool) -> _Bounds:
        """One more supposition."""
        chosen = self.present if is_present else self.absent
        more = {**chosen, name: chosen[name] | {row}}
        return _Bounds(more, self.absent) if is_present else _Bounds(self.present, more)


def _guess(component: Component, evaluator: Evaluator) -> Iterator[Extensions]:
    """The models; each is reached by one sequence of guesses only."""
    nothing = {name: frozenset[Row]() for name in component.relations}
    stack = [_Bounds(nothing, nothing)]
    while stack:
        supposed = stack.pop()
        found = _drawn_in(component, evaluator, supposed)
        if found is None:
            continue
        lower, upper = found
        unclear = [(name, row) for name in sorted(upper) for row in upper[name] if row not in lower[name]]
        if unclear:
            name, row = unclear[0]
            stack.append(supposed.with_row(name, row, is_present=False))
            stack.append(supposed.with_row(name, row, is_present=True))
        elif _is_model(component, evaluator, lower):
            yield lower


def _is_model(component: Component, evaluator: Evaluator, rows: Extensions) -> bool:
    within = Evaluator(_with_rows(evaluator.structure, rows), evaluator.program, evaluator.budget)
    derived = least_fixed_point(within, within.holds, component.relations, component.facts, component.plans)
    return all(derived[name].keys() == rows[name].keys() for name in component.relations)


def _drawn_in(component: Component, evaluator: Evaluator, supposed: _Bounds) -> tuple[Extensions, Extensions] | None:
    """Rows that are in every model that is supposed, and rows outside which none has any; None if there is no model."""
    reading = _Between(evaluator, supposed.present, None, supposed.absent)
    size = (-1, -1)
    while True:
        upper = least_fixed_point(evaluator, reading.is_possible, component.relations, component.facts, component.plans)
        lower_reading = _Between(evaluator, reading.present, upper, supposed.absent)
        lower = least_fixed_point(
            evaluator, lower_reading.is_certain, component.relations, component.facts, component.plans
        )
        for name in component.relations:
            must = lower[name].keys() | supposed.present[name]
            if must & supposed.absent[name] or not must <= upper[name].keys():
                return None
        if size == (size := (_size(lower), _size(upper))):
            allowed = {n: {row: None for row in rows if row not in supposed.absent[n]} for n, rows in upper.items()}
            known = {n: {**rows, **dict.fromkeys(supposed.present[n])} for n, rows in lower.items()}
            return known, allowed
        present = {name: frozenset(lower[name]) | supposed.present[name] for name in component.relations}
        reading = _Between(evaluator, present, upper, supposed.absent)


def _size(rows: Extensions) -> int:
    return sum(len(found) for found in rows.values())


class _Between(ThreeValued):
    """The reading of formulas when of some relations only bounds are known: three-valued, after Kleene.

    A row in `present` is there, one in `absent` or outside `upper` is not (`upper` None: any may be). A part that asks
    for such a relation in another way than by calls and connectives is open.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        present: Mapping[str, frozenset[Row]],
        upper: Extensions | None,
        absent: Mapping[str, frozenset[Row]],
    ) -> None:
        self.present = present
        self._evaluator = evaluator
        self._upper = upper
        self._absent = absent

    def is_certain(self, term: Term, env: Bindings) -> bool:
        """Whether the formula holds in every model within the bounds, as far as can be seen."""
        return self.truth(term, env) is True

    def is_possible(self, term: Term, env: Bindings) -> bool:
        """Whether it may hold in one; also where a table lacks an entry that may not be asked for."""
        try:
            return self.truth(term, env) is not False
        except NoEntry:
            if self._speaks_of_open(term):
                return True
            raise

    def quantified(self, term: Quantified, env: Bindings) -> bool | None:
        """Open where the bounds decide what it goes over."""
        if self._speaks_of_open(Quantified("exists", term.binders, And(()))):
            return None
        return self.over(term, self._evaluator.bindings(term.binders, env))

    def atom(self, term: Term, env: Bindings) -> bool | None:
        """By the bounds, or by the evaluator where these do not matter."""
        if isinstance(term, Apply) and term.symbol in self.present:
            return self._row(term.symbol, term.args, env)
        return None if self._speaks_of_open(term) else self._evaluator.holds(term, env)

    def _row(self, symbol: str, args: Iterable[Term], env: Bindings) -> bool | None:
        row: Row = ()
        for arg in args:
            value = self._evaluator.value(arg, env)
            if value is UNDEFINED or value is None:
                return False
            row += (value,)
        if row in self.present[symbol]:
            return True
        if row in self._absent[symbol] or (self._upper is not None and row not in self._upper[symbol]):
            return False
        return None

    def _speaks_of_open(self, term: Term) -> bool:
        return bool(self.present.keys() & set().union(*uses_of(term, self._evaluator.program)))
