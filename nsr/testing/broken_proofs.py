"""Derivations with one step broken, and a judge of what is broken that shares nothing with the checker.

The judge looks for a counterexample: symbols are given random meanings over three things, and a step is broken if what
it rests on, as it says itself, is true there and its conclusion is false. A change that keeps a step right (a premise
swapped for one that does as well) is none.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from nsr.language import ir
from nsr.language.sorts import BOOL, Element, EnumSort, OpenSort, Sort, Value
from nsr.language.traverse import children, free_variables, rebuild, subterms
from nsr.proofs.steps import (
    ByDenial,
    ByFact,
    ByInstance,
    ByPremise,
    ByReplacement,
    ByResolution,
    ByRule,
    Clause,
    Derivation,
    Signed,
    Step,
    Substitution,
)

__all__ = ["KINDS", "Mutant", "mutants"]

KINDS = ("conclusion", "flipped", "premise", "binding", "rule", "dropped", "substitution", "place")
"""What is changed: a name in the conclusion, a sign in it, a step that is used, the binding of a rule, the rule or
requirement, a used step left out, a term put for a variable, the place of a member."""

THINGS = 3
TRIES = 300
MOST_VARIABLES = 4


class Mutant(NamedTuple):
    """A derivation whose step at `place` is broken."""

    kind: str
    place: int
    derivation: Derivation


def mutants(
    program: ir.Program, question: ir.Question, goal: ir.Term | None, derivation: Derivation, choices: random.Random
) -> Iterator[Mutant]:
    """One broken derivation of each kind, as far as a random change of that kind breaks a step."""
    for kind in KINDS:
        places = list(range(len(derivation.steps)))
        choices.shuffle(places)
        for place in places:
            changed = _changed(kind, program, question, derivation, place, choices)
            if changed is None or changed == derivation.steps[place]:
                continue
            if _Judge(program, question, goal, derivation, choices).is_broken(changed):
                steps = (*derivation.steps[:place], changed, *derivation.steps[place + 1 :])
                yield Mutant(kind, place, Derivation(steps))
                break


# Changes


def _changed(
    kind: str,
    program: ir.Program,
    question: ir.Question,
    derivation: Derivation,
    place: int,
    choices: random.Random,
) -> Step | None:
    step = derivation.steps[place]
    match kind, step.by:
        case "conclusion", _ if step.conclusion:
            at = choices.randrange(len(step.conclusion))
            atom = _renamed(program, step.conclusion[at].atom, choices)
            return _with_member(step, at, replace(step.conclusion[at], atom=atom))
        case "flipped", _ if step.conclusion:
            at = choices.randrange(len(step.conclusion))
            return _with_member(step, at, step.conclusion[at].denied())
        case "premise", _ if step.uses and place > 1:
            at = choices.randrange(len(step.uses))
            other = choices.randrange(place)
            return replace(step, uses=(*step.uses[:at], other, *step.uses[at + 1 :]))
        case "binding", ByRule(index, binding) if binding:
            at = choices.randrange(len(binding))
            value = _other_value(program, binding[at][1], choices)
            changed = (*binding[:at], (binding[at][0], value), *binding[at + 1 :])
            return replace(step, by=ByRule(index, changed))
        case "rule", ByRule(_, binding):
            return replace(step, by=ByRule(choices.randrange(len(program.rules_of(question))), binding))
        case "rule", ByPremise(_, clause):
            names = [r.name for r in program.requirements_of(question)]
            return replace(step, by=ByPremise(choices.choice(names), clause))
        case "dropped", ByRule() if step.uses:
            at = choices.randrange(len(step.uses))
            return replace(step, uses=(*step.uses[:at], *step.uses[at + 1 :]))
        case "substitution", ByInstance(values) if values:
            return replace(step, by=ByInstance(_other_values(program, values, choices)))
        case "substitution", ByResolution() if step.by.left_values or step.by.right_values:
            if step.by.left_values and (choices.random() < 0.5 or not step.by.right_values):
                by = replace(step.by, left_values=_other_values(program, step.by.left_values, choices))
            else:
                by = replace(step.by, right_values=_other_values(program, step.by.right_values, choices))
            return replace(step, by=by)
        case "place", ByResolution():
            widths = [len(derivation.steps[used].conclusion) for used in step.uses]
            by = replace(step.by, left=choices.randrange(widths[0]), right=choices.randrange(widths[1]))
            return replace(step, by=by)
        case _:
            return None


def _with_member(step: Step, at: int, member: Signed) -> Step:
    return replace(step, conclusion=(*step.conclusion[:at], member, *step.conclusion[at + 1 :]))


def _renamed(program: ir.Program, atom: ir.Term, choices: random.Random) -> ir.Term:
    """The atom with one value, or its predicate, changed for another of its sort."""
    literals = [part for part in subterms(atom) if isinstance(part, ir.Literal)]
    if isinstance(atom, ir.Apply) and atom.symbol in program.symbols and (not literals or choices.random() < 0.3):
        own = program.symbols[atom.symbol]
        alike = [f.name for f in program.symbols.values() if (f.arguments, f.value) == (own.arguments, own.value)]
        return replace(atom, symbol=choices.choice(alike))
    if not literals:
        return atom
    old = choices.choice(literals)
    new = replace(old, value=_other_value(program, old.value, choices))
    return rebuild(atom, lambda node: new if node == old else node)


def _other_value(program: ir.Program, value: Value, choices: random.Random) -> Value:
    match value:
        case bool():
            return not value
        case int():
            return value + choices.choice((-1, 1))
        case Element(sort, _, _):
            names = _names_of(program.sorts[sort])
            index = choices.randrange(len(names))
            return Element(sort, names[index], index)
        case _:
            return value


def _names_of(sort: Sort) -> tuple[str, ...]:
    return sort.elements if isinstance(sort, EnumSort) else sort.constants if isinstance(sort, OpenSort) else ()


def _other_values(program: ir.Program, values: Substitution, choices: random.Random) -> Substitution:
    at = choices.randrange(len(values))
    name, term = values[at]
    if isinstance(term, ir.Literal):
        new: ir.Term = replace(term, value=_other_value(program, term.value, choices))
    else:
        sort = ir.sort_of(term)
        names = _names_of(sort)
        new = ir.Literal(Element(str(sort), names[0], 0), sort) if names else term
    return (*values[:at], (name, new), *values[at + 1 :])


# The judge


@dataclass(slots=True)
class _Meaning:
    """A random meaning of everything: of each symbol at each tuple of things, made up when it is asked for."""

    choices: random.Random
    known: dict[object, int] = field(default_factory=dict)

    def number(self, key: object, among: int) -> int:
        if key not in self.known:
            self.known[key] = self.choices.randrange(among)
        return self.known[key]

    def truth(self, term: ir.Term, env: Mapping[str, int]) -> bool:
        match term:
            case ir.Literal(bool() as value):
                return value
            case ir.Not(arg):
                return not self.truth(arg, env)
            case ir.And(args):
                return all(self.truth(arg, env) for arg in args)
            case ir.Or(args):
                return any(self.truth(arg, env) for arg in args)
            case ir.Implies(left, right):
                return not self.truth(left, env) or self.truth(right, env)
            case ir.Iff(left, right):
                return self.truth(left, env) == self.truth(right, env)
            case ir.Xor(left, right):
                return self.truth(left, env) != self.truth(right, env)
            case ir.Quantified(kind, binders, body) if all(b.domain is None for b in binders):
                names = [b.variable.name for b in binders]
                found = [
                    self.truth(body, {**env, **dict(zip(names, things, strict=True))})
                    for things in itertools.product(range(THINGS), repeat=len(names))
                ]
                return all(found) if kind == "forall" else any(found)
            case ir.Equal(left, right):
                return self.thing(left, env) == self.thing(right, env)
            case ir.Apply(symbol, args):
                return bool(self.number((symbol, *(self.thing(arg, env) for arg in args)), 2))
            case _:
                return bool(self.number(_key(term, env), 2))

    def thing(self, term: ir.Term, env: Mapping[str, int]) -> int:
        match term:
            case ir.Variable(name) if name in env:
                return env[name]
            case ir.Literal(value):
                return self.number(("value", value), THINGS)
            case _ if children(term):
                head = term.symbol if isinstance(term, ir.Apply) else type(term).__name__
                return self.number((head, *(self.thing(part, env) for part in children(term))), THINGS)
            case _:
                return self.number(_key(term, env), THINGS)

    def clause(self, clause: Clause) -> bool:
        names = sorted({name for s in clause for name in free_variables(s.atom)})
        return all(
            any(self.truth(s.atom, dict(zip(names, things, strict=True))) is s.is_positive for s in clause)
            for things in itertools.product(range(THINGS), repeat=len(names))
        )


def _key(term: ir.Term, env: Mapping[str, int]) -> object:
    return (repr(term), tuple(sorted((n, env[n]) for n in free_variables(term) if n in env)))


@dataclass(slots=True)
class _Judge:
    program: ir.Program
    question: ir.Question
    goal: ir.Term | None
    derivation: Derivation
    choices: random.Random

    def is_broken(self, step: Step) -> bool:
        """Whether a counterexample to the step, as it says itself that it follows, is found."""
        used = [self.derivation.steps[place].conclusion for place in step.uses]
        match step.by:
            case ByFact(name):
                return not any(step.conclusion == (Signed(atom),) for atom in self._rows(name))
            case ByPremise(name):
                formulas = [r.formula for r in self.program.requirements_of(self.question) if r.name == name]
                return not _is_made_up(step.conclusion) and self._fails(formulas, [], step.conclusion)
            case ByDenial():
                formulas = [] if self.goal is None else [ir.Not(self.goal)]
                return not _is_made_up(step.conclusion) and self._fails(formulas, [], step.conclusion)
            case ByRule(index, binding):
                return self._fails([self._instance(index, dict(binding))], used, step.conclusion)
            case ByInstance(values) if len(used) == 1:
                return self._fails([], [_put(used[0], values)], step.conclusion)
            case ByResolution(left, right, one, other) if len(used) == 2:
                first, second = _put(used[0], one), _put(used[1], other)
                if max(left - len(first), right - len(second)) >= 0 or first[left] != second[right].denied():
                    return True
                return self._fails([], [first, second], step.conclusion)
            case ByReplacement(equation_values=one, values=other) if len(used) == 2:
                return self._fails([], [_put(used[0], one), _put(used[1], other)], step.conclusion)
            case _:
                return False

    def _rows(self, name: str) -> Iterator[ir.Term]:
        for facts in self.program.facts_of(self.question):
            if facts.name == name:
                sorts = self.program.symbols[facts.symbol].arguments
                for row in facts.rows:
                    args = tuple(_literal(value, sort) for value, sort in zip(row, sorts, strict=True))
                    yield ir.Apply(facts.symbol, args, BOOL)

    def _instance(self, index: int, binding: Mapping[str, Value]) -> ir.Term:
        rule = self.program.rules_of(self.question)[index]
        sorts = {b.variable.name: b.variable.sort for b in rule.binders}
        terms = {name: _literal(value, sorts[name]) for name, value in binding.items() if name in sorts}

        def put(term: ir.Term) -> ir.Term:
            return rebuild(term, lambda t: terms.get(t.name, t) if isinstance(t, ir.Variable) else t)

        return ir.Implies(put(rule.body), ir.Apply(rule.symbol, tuple(map(put, rule.args)), BOOL))

    def _fails(self, formulas: Sequence[ir.Term], clauses: Iterable[Clause], conclusion: Clause) -> bool:
        clauses = list(clauses)
        if any(len({n for s in c for n in free_variables(s.atom)}) > MOST_VARIABLES for c in (*clauses, conclusion)):
            return False
        for _ in range(TRIES):
            meaning = _Meaning(self.choices)
            if meaning.clause(conclusion):
                continue
            if all(meaning.clause(c) for c in clauses) and all(meaning.truth(f, {}) for f in formulas):
                return True
        return False


def _literal(value: Value, sort: Sort) -> ir.Literal:
    return ir.integer(value) if isinstance(value, int) and not isinstance(value, bool) else ir.Literal(value, sort)


def _put(clause: Clause, values: Substitution) -> Clause:
    env = dict(values)

    def put(term: ir.Term) -> ir.Term:
        return rebuild(term, lambda t: env.get(t.name, t) if isinstance(t, ir.Variable) else t)

    return tuple(Signed(put(s.atom), s.is_positive) for s in clause)


def _is_made_up(clause: Clause) -> bool:
    """Whether a Skolem function stands in it, whose meaning is not free."""
    return any(isinstance(p, ir.Apply) and p.symbol.startswith("`") for s in clause for p in subterms(s.atom))
