"""Which facts and rules make an atom of a relation true: a derivation, read off the least fixed point.

Atoms come one after the other in the fixed point, each after those that it is derived from. So a rule accounts for an
atom when its body holds with earlier atoms only, and going back from atom to atom never turns in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from nsr.language.closure import Row, least_fixed_point, matches
from nsr.language.evaluate import NoEntry
from nsr.language.ir import (
    And,
    Apply,
    Conditional,
    Equal,
    Implies,
    Literal,
    Not,
    Or,
    Quantified,
    Rule,
    Variable,
)
from nsr.language.meaning import Evaluator
from nsr.language.relations import components_of
from nsr.language.values import UNDEFINED
from nsr.reformulations.dependence import decided_relations
from nsr.reformulations.substitution import substitute

if TYPE_CHECKING:
    from nsr.language.ir import Bound, Program, Question, Term
    from nsr.language.meaning import Bindings
    from nsr.limits import Budget

__all__ = ["Atom", "Derivations", "Step"]

MOST_STEPS = 60
"""A derivation is followed back over so many atoms."""


class Atom(NamedTuple):
    """A relation at arguments where it holds."""

    symbol: str
    row: Row


class Step(NamedTuple):
    """The name of the fact or rule that an atom comes from."""

    name: str
    atom: Atom


@dataclass(frozen=True, slots=True)
class _Support:
    """Atoms that make a formula true or false; `before` counts only atoms that come earlier than this place."""

    evaluator: Evaluator
    places: dict[Atom, int]
    decided: frozenset[str]

    def of(self, term: Term, env: Bindings, *, truth: bool, before: int) -> list[Atom] | None:
        """Atoms that give the formula this truth value; None if it has the other one."""
        match term:
            case Not(arg):
                return self.of(arg, env, truth=not truth, before=before)
            case And(args) | Or(args):
                parts = (self.of(arg, env, truth=truth, before=before) for arg in args)
                return _all(parts) if isinstance(term, And) is truth else _first(parts)
            case Implies(left, right):
                return self.of(Or((Not(left), right)), env, truth=truth, before=before)
            case Quantified(kind, binders, body):
                inner = self.evaluator.bindings(binders, env)
                parts = (self.of(body, values, truth=truth, before=before) for values in inner)
                return _all(parts) if (kind == "forall") is truth else _first(parts)
            case Conditional(condition, then, otherwise):
                for branch, is_taken in ((then, True), (otherwise, False)):
                    found = self.of(condition, env, truth=is_taken, before=before)
                    rest = None if found is None else self.of(branch, env, truth=truth, before=before)
                    if found is not None and rest is not None:
                        return [*found, *rest]
                return None
            case Apply(symbol, args) if symbol in self.decided or symbol in self.evaluator.program.definitions:
                return self._call(symbol, args, env, truth=truth, before=before)
            case _:
                return [] if self.evaluator.holds(term, env) is truth else None

    def _call(self, symbol: str, args: Sequence[Term], env: Bindings, *, truth: bool, before: int) -> list[Atom] | None:
        row: Row = ()
        for arg in args:
            value = self.evaluator.value(arg, env)
            if value is UNDEFINED or value is None:
                return None if truth else []
            row = (*row, value)
        if symbol in self.evaluator.program.definitions:
            definition = self.evaluator.program.definitions[symbol]
            names = [parameter.name for parameter in definition.parameters]
            return self.of(definition.body, dict(zip(names, row, strict=True)), truth=truth, before=before)
        atom = Atom(symbol, row)
        if not truth:
            return None if atom in self.places else []
        return [atom] if self.places.get(atom, before) < before else None


def _all(parts: Iterable[list[Atom] | None]) -> list[Atom] | None:
    found: list[Atom] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return found


def _first(parts: Iterable[list[Atom] | None]) -> list[Atom] | None:
    return next((part for part in parts if part is not None), None)


class Derivations:
    """The atoms of the relations of a question that the data alone decide, and what each comes from.

    Raises `BudgetExceeded` where it takes more than the budget, here and in every method.
    """

    def __init__(self, program: Program, question: Question, budget: Budget) -> None:
        section = _section(program, question)
        self.decided = decided_relations(section)
        self._program = program
        self._question = question
        order: list[tuple[str, Row]] = []
        structure: dict[str, dict[Row, bool]] = {}
        for component in components_of(program, question):
            if component.relations <= self.decided:
                evaluator = Evaluator(structure, program, budget)
                rows = least_fixed_point(
                    evaluator, evaluator.holds, component.relations, component.facts, component.plans, order
                )
                structure |= {name: dict.fromkeys(found, True) for name, found in rows.items()}
        self._places = {Atom(*atom): place for place, atom in enumerate(order)}
        self._support = _Support(Evaluator(structure, program, budget), self._places, self.decided)

    def atoms_of(self, relations: Iterable[str]) -> list[Atom]:
        """The atoms of some relations."""
        wanted = set(relations)
        return [atom for atom in self._places if atom.symbol in wanted]

    def support(self, formula: Term) -> list[Atom]:
        """Atoms that make a formula without other unknowns true, or false if it is false."""
        try:
            for truth in (True, False):
                found = self._support.of(formula, {}, truth=truth, before=len(self._places))
                if found is not None:
                    return list(dict.fromkeys(found))
        except NoEntry:
            pass
        return []

    def steps(self, atoms: Iterable[Atom]) -> tuple[Step, ...]:
        """The facts and rules that derive the atoms, those first that others rest on; of a long derivation the end."""
        waiting = list(dict.fromkeys(atoms))
        found: dict[Atom, Step] = {}
        while waiting and len(found) < MOST_STEPS:
            atom = waiting.pop(0)
            if atom in found:
                continue
            name, needed = self._origin(atom)
            found[atom] = Step(name, atom)
            waiting += needed
        return tuple(sorted(found.values(), key=lambda step: self._places[step.atom]))

    def _origin(self, atom: Atom) -> tuple[str, list[Atom]]:
        """What an atom comes from, and the atoms that it takes."""
        for fact in self._program.facts_of(self._question):
            if fact.symbol == atom.symbol and atom.row in fact.rows:
                return fact.name, []
        for rule in self._program.rules_of(self._question):
            if rule.symbol == atom.symbol:
                for body, env in self._instances(rule, atom.row):
                    needed = self._support.of(body, env, truth=True, before=self._places[atom])
                    if needed is not None:
                        return rule.name, needed
        return "", []

    def _instances(self, rule: Rule, row: Row) -> Iterator[tuple[Term, Bindings]]:
        """The body of a rule, and bindings with which it holds and the head is the row."""
        sorts = self._program.symbols[rule.symbol].arguments
        values = [Literal(value, sort) for value, sort in zip(row, sorts, strict=True)]
        known: dict[str, Term] = {}
        for arg, value in zip(rule.args, values, strict=True):
            if isinstance(arg, Variable):
                known.setdefault(arg.name, value)
        equal = [Equal(substitute(a, known), v) for a, v in zip(rule.args, values, strict=True)]
        binders, body = _bound_at(rule.binders, known), substitute(rule.body, known)
        told = And((*[e for e in equal if not isinstance(e.left, Literal) or e.left != e.right], body))
        for found in matches(self._support.evaluator, binders, told):
            yield body, dict(zip([b.variable.name for b in binders], found, strict=True))


def _bound_at(binders: Sequence[Bound], known: dict[str, Term]) -> tuple[Bound, ...]:
    """The binders of the other variables, with the known ones in their domains."""
    rest = tuple(bound for bound in binders if bound.variable.name not in known)
    inside = substitute(Quantified("exists", rest, And(())), known)
    assert isinstance(inside, Quantified)
    return inside.binders


def _section(program: Program, question: Question) -> Program:
    return replace(program, facts=program.facts_of(question), rules=program.rules_of(question))
