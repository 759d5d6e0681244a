"""Why rows of decided relations hold: the steps behind them, read off the least fixed point.

Rows come one after the other in the fixed point, each after those that it is derived from. So a rule accounts for a row
when its body holds with earlier rows only, and going back from row to row never turns in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nsr.language.closure import Row, matches
from nsr.language.ir import And, Apply, Conditional, Equal, Implies, Literal, Not, Or, Quantified, Variable
from nsr.language.meaning import NO_VALUE, Evaluator
from nsr.language.values import UNDEFINED
from nsr.proofs.looking import Atom, Need, Recorder
from nsr.proofs.reading import Decided
from nsr.proofs.steps import ByAbsence, ByFact, ByRule, Reason, Step, unit
from nsr.proofs.terms import call, substituted

if TYPE_CHECKING:
    from nsr.language.ir import Bound, Program, Question, Rule, Term
    from nsr.language.meaning import Bindings
    from nsr.limits import Budget

__all__ = ["Atom", "Chains", "Need"]

MOST_STEPS = 2_000
"""A derivation is followed back over so many rows."""


@dataclass(frozen=True, slots=True)
class _Support:
    """What makes a formula true or false; `before` counts only rows that come earlier than this place."""

    evaluator: Evaluator
    places: dict[Atom, int]

    def of(self, term: Term, env: Bindings, *, truth: bool, before: int) -> list[Need] | None:
        """What gives the formula this truth value; None if it has the other one."""
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
            case Apply(symbol, args) if symbol in self.evaluator.program.definitions:
                row = self._row(args, env)
                if row is None:
                    return None if truth else []
                definition = self.evaluator.program.definitions[symbol]
                names = [parameter.name for parameter in definition.parameters]
                return self.of(definition.body, dict(zip(names, row, strict=True)), truth=truth, before=before)
            case _:
                return self._looked_at(term, env, truth=truth, before=before)

    def _looked_at(self, term: Term, env: Bindings, *, truth: bool, before: int) -> list[Need] | None:
        """The cells of relations that the reading of an atom looks at."""
        recorder = Recorder(self.evaluator)
        if recorder.holds(term, env) is not truth:
            return None
        needs = list(recorder.seen)
        return needs if all(self.places.get(n.atom, -1) < before for n in needs if n.holds) else None

    def _row(self, args: Sequence[Term], env: Bindings) -> Row | None:
        row: Row = ()
        for arg in args:
            value = self.evaluator.value(arg, env)
            if value is UNDEFINED or value is None:
                return None
            row = (*row, value)
        return row


def _all(parts: Iterable[list[Need] | None]) -> list[Need] | None:
    found: list[Need] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return found


def _first(parts: Iterable[list[Need] | None]) -> list[Need] | None:
    return next((part for part in parts if part is not None), None)


@dataclass(slots=True)
class _Steps:
    """Steps so far, and where each atom is concluded."""

    steps: list[Step] = field(default_factory=list)
    places: dict[Need, int] = field(default_factory=dict)


class Chains:
    """The rows of the relations of a question that facts and rules alone decide, and what each comes from.

    `known` has them where they have been worked out before.

    Raises `BudgetExceeded` where it takes more than the budget, here and in every method.
    """

    def __init__(self, program: Program, question: Question, budget: Budget, known: Decided | None = None) -> None:
        self._program = program
        self._question = question
        self._rules = program.rules_of(question)
        self.known = Decided(program, question, budget) if known is None else known.under(budget)
        self.decided = frozenset(self.known.rows)
        self.places = {Atom(*atom): place for place, atom in enumerate(self.known.order)}
        self._support = _Support(Evaluator(self.known.rows, program, budget), self.places)

    def atoms_of(self, relations: Iterable[str]) -> list[Atom]:
        """The atoms of some relations."""
        wanted = set(relations)
        return [atom for atom in self.places if atom.symbol in wanted]

    def support(self, formula: Term, *, truth: bool) -> list[Need] | None:
        """What gives a formula about nothing else this truth value; None if it has the other, or has none."""
        try:
            found = self._support.of(formula, {}, truth=truth, before=len(self.places))
        except NO_VALUE:
            return None
        return None if found is None else list(dict.fromkeys(found))

    def steps(self, needs: Iterable[Need]) -> tuple[Step, ...]:
        """Steps that conclude them, those first that others rest on; of a very long derivation the end."""
        waiting = list(dict.fromkeys(needs))
        origins: dict[Need, tuple[Reason, list[Need]]] = {}
        while waiting and len(origins) < MOST_STEPS:
            need = waiting.pop()
            if need not in origins:
                found = self._origin(need.atom) if need.holds else (ByAbsence(), [])
                if found is not None:
                    origins[need] = found
                    waiting += found[1]
        made = _Steps()
        for need in sorted(origins, key=lambda need: self.places.get(need.atom, -1)):
            self._conclude(need, origins, made)
        return tuple(made.steps)

    def _conclude(self, need: Need, origins: dict[Need, tuple[Reason, list[Need]]], made: _Steps) -> None:
        reason, needed = origins[need]
        if all(part in made.places for part in needed):
            atom = call(self._program, *need.atom)
            uses = tuple(dict.fromkeys(made.places[part] for part in needed))
            made.places[need] = len(made.steps)
            made.steps.append(Step(unit(atom, is_positive=need.holds), reason, uses))

    def _origin(self, atom: Atom) -> tuple[Reason, list[Need]] | None:
        """What an atom comes from, and what it takes."""
        for fact in self._program.facts_of(self._question):
            if fact.symbol == atom.symbol and atom.row in fact.rows:
                return ByFact(fact.name), []
        for index, rule in enumerate(self._rules):
            if rule.symbol == atom.symbol:
                for binding in self._instances(rule, atom.row):
                    needed = self._support.of(rule.body, binding, truth=True, before=self.places[atom])
                    if needed is not None:
                        return ByRule(index, tuple(binding.items())), list(dict.fromkeys(needed))
        return None

    def _instances(self, rule: Rule, row: Row) -> Iterator[Bindings]:
        """Values of the rule's variables with which its body holds and its head is the row."""
        sorts = self._program.symbols[rule.symbol].arguments
        values = [Literal(value, sort) for value, sort in zip(row, sorts, strict=True)]
        known: dict[str, Literal] = {}
        for arg, value in zip(rule.args, values, strict=True):
            if isinstance(arg, Variable):
                known.setdefault(arg.name, value)
        equal = [Equal(substituted(a, known), v) for a, v in zip(rule.args, values, strict=True)]
        rest = _bound_at([bound for bound in rule.binders if bound.variable.name not in known], known)
        body = substituted(rule.body, known)
        told = And((*[e for e in equal if e.left != e.right], body))
        given = {name: value.value for name, value in known.items()}
        for found in matches(self._support.evaluator, rest, told):
            yield {**given, **dict(zip([b.variable.name for b in rest], found, strict=True))}


def _bound_at(binders: Sequence[Bound], known: dict[str, Literal]) -> tuple[Bound, ...]:
    """The binders with the known variables in their domains."""
    inside = substituted(Quantified("exists", tuple(binders), And(())), known)
    assert isinstance(inside, Quantified)
    return inside.binders
