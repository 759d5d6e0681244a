"""Finds derivations: rows of relations by going back along the rules, everything else by saturation.

What comes out is for the checker to accept; a search that finds nothing says nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nsr.language.ir import And, Apply, Equal, Iff, Implies, Literal, Not, Or, Quantified, Term, Variable, Xor
from nsr.language.joins import uses_of
from nsr.language.meaning import NO_VALUE
from nsr.language.recursion import RecursionRoom
from nsr.language.sorts import BOOL, sort_size, sort_values
from nsr.language.traverse import subterms
from nsr.limits import Budget, BudgetExceeded
from nsr.proofs.chaining import Chains, Need
from nsr.proofs.clauses import TooLarge, clauses_of, denial_clauses, implication_clauses
from nsr.proofs.flat import Vocabulary, variables_of
from nsr.proofs.reading import Decided
from nsr.proofs.saturation import Instance, Replacement, Resolution, Saturation, Simplification
from nsr.proofs.steps import (
    WHOLE,
    ByDeclaration,
    ByDenial,
    ByEnumeration,
    ByEvaluation,
    ByFact,
    ByImplication,
    ByInstance,
    ByPremise,
    ByReplacement,
    ByResolution,
    BySimplification,
    Clause,
    Derivation,
    Reason,
    Signed,
    Step,
    unit,
)
from nsr.proofs.terms import SKOLEM, Captured, call, canonical, literal

if TYPE_CHECKING:
    from nsr.language.ir import Program, Question, Requirement
    from nsr.proofs.flat import Flat
    from nsr.proofs.saturation import Line

__all__ = ["STEPS", "derive", "finished"]

MOST_ROWS = 3_000
"""With more rows of relations that matter the saturation is not tried."""

MOST_CASES = 12
"""Terms of larger sorts are not gone through value by value."""

STEPS = 400_000
"""What a search may take, about half a second; counted, so that a program has the same proof on every machine."""


def derive(
    program: Program,
    question: Question,
    goal: Term | None,
    seconds: float = 4.0,
    *,
    steps: int = STEPS,
    known: Decided | None = None,
) -> Derivation | None:
    """A derivation of a goal, or of a contradiction; None if none was found in so many steps, or in the time.

    `known` has the rows that facts and rules of the question decide, where they have been worked out before.
    """
    until = time.monotonic() + seconds
    budget = Budget(steps=steps, wall_seconds=seconds)
    try:
        with RecursionRoom():
            return _Search(program, question, goal, budget, until, known).derivation()
    except (BudgetExceeded, TooLarge, Captured, *NO_VALUE, RecursionError):
        return None


def finished(goal: Term, steps: Sequence[Step]) -> Derivation:
    """Steps about single cells, with a goal's denial that contradicts them at the end.

    The goal is the conclusion of one of them, or what all of them together make true.
    """
    told = canonical(goal)
    wanted = unit(told.arg, is_positive=False) if isinstance(told, Not) else unit(told)
    shown = next((n for n, step in enumerate(steps) if step.conclusion == wanted), None)
    made = list(steps)
    if shown is None:
        shown, wanted = len(made), unit(told)
        made.append(Step(wanted, ByEvaluation(), tuple(range(len(steps)))))
    place = 0 if shown < len(steps) else WHOLE
    made.append(Step((wanted[0].denied(),), ByDenial(place)))
    made.append(Step((), ByResolution(0, 0), (shown, len(made) - 1)))
    return Derivation(tuple(made))


@dataclass(slots=True)
class _Search:
    program: Program
    question: Question
    goal: Term | None
    budget: Budget
    until: float
    known: Decided | None = None
    given: list[tuple[Clause, Reason | Need]] = field(default_factory=list)

    def derivation(self) -> Derivation | None:
        chains = Chains(self.program, self.question, self.budget, self.known) if self.program.relations() else None
        if chains is not None and self.goal is not None and self._is_decided(self.goal, chains):
            return self._evaluated(self.goal, chains)
        denial = self._denial()
        self._premises(denial)
        self._rules(frozenset() if chains is None else chains.decided)
        self._matters(denial, chains)
        self._cases()
        return self._saturated(chains)

    def _is_decided(self, goal: Term, chains: Chains) -> bool:
        uses = uses_of(goal, self.program)
        names = (uses.growing | uses.fixed) & self.program.symbols.keys()
        return all(n in chains.decided or self.program.symbols[n].kind in ("param", "define") for n in names)

    def _evaluated(self, goal: Term, chains: Chains) -> Derivation | None:
        """What facts and rules make of a goal about nothing else."""
        needs = chains.support(goal, truth=True)
        return None if needs is None else finished(goal, chains.steps(needs))

    # What may be used

    def _take(self, clauses: Iterable[Clause], by: Iterator[Reason]) -> list[Clause]:
        found = list(clauses)
        self.given += zip(found, by, strict=False)
        return found

    def _denial(self) -> list[Clause]:
        if self.goal is None:
            return []
        found = denial_clauses(self.program, self.goal, self.budget)
        return self._take(found, (ByDenial(n) for n in range(len(found))))

    def _premises(self, denial: Sequence[Clause]) -> None:
        stated = self.program.requirements_of(self.question)
        for required in _reachable(self.program, stated, denial) if denial else stated:
            try:
                found = clauses_of(self.program, required.formula, required.name, self.budget)
            except TooLarge:
                self.given.append((unit(canonical(required.formula)), ByPremise(required.name, WHOLE)))
                continue
            self._take(found, (ByPremise(required.name, n) for n in range(len(found))))

    def _rules(self, decided: frozenset[str]) -> None:
        """Facts and rules of relations that are not decided, the rules as implications."""
        for facts in self.program.facts_of(self.question):
            if facts.symbol not in decided:
                rows = [unit(call(self.program, facts.symbol, row)) for row in facts.rows[:MOST_ROWS]]
                self._take(rows, (ByFact(facts.name) for _ in rows))
        for index, rule in enumerate(self.program.rules_of(self.question)):
            if rule.symbol not in decided:
                found = implication_clauses(self.program, rule, index, self.budget)
                self._take(found, (ByImplication(index, n) for n in range(len(found))))

    def _matters(self, denial: Sequence[Clause], chains: Chains | None) -> None:
        """Leave out what can have no part in a contradiction with the denied goal, and take in the rows that can."""
        wanted = {(not s.is_positive, _head(s.atom)) for clause in denial for s in clause} | {(True, "=")}
        if denial:
            kept: list[tuple[Clause, Reason | Need]] = []
            waiting = [g for g in self.given if not isinstance(g[1], ByDenial)]
            while more := [g for g in waiting if any((s.is_positive, _head(s.atom)) in wanted for s in g[0])]:
                kept += more
                waiting = [g for g in waiting if not any((s.is_positive, _head(s.atom)) in wanted for s in g[0])]
                wanted |= {(not s.is_positive, _head(s.atom)) for clause, _ in more for s in clause}
            # What is supposed comes last: what follows without it is told without it.
            self.given = [*kept, *(g for g in self.given if isinstance(g[1], ByDenial))]
        else:
            wanted |= {(True, f.name) for f in self.program.relations()}
        if chains is not None:
            names = {f.name for f in self.program.relations() if (True, f.name) in wanted}
            atoms = chains.atoms_of(names & chains.decided)
            if len(atoms) > MOST_ROWS:
                raise TooLarge
            self.given += [(unit(call(self.program, *atom)), Need(atom, True)) for atom in atoms]

    def _cases(self) -> None:
        """The values of terms of small sorts, and what is declared to differ."""
        terms: dict[Term, None] = {}
        for clause, _ in self.given:
            for signed in clause:
                for part in subterms(signed.atom):
                    if isinstance(part, Apply) and self._has_cases(part):
                        terms[part] = None
        for term in terms:
            values = [literal(value, term.sort) for value in sort_values(term.sort)] if isinstance(term, Apply) else []
            self.given.append((tuple([Signed(Equal(term, value)) for value in values]), ByEnumeration()))
        for function in self.program.unknowns():
            if function.is_distinct and function.distinct_group is None and len(function.arguments) == 1:
                [sort] = function.arguments
                x, y = Variable("x", sort), Variable("y", sort)
                same = Equal(Apply(function.name, (x,), function.value), Apply(function.name, (y,), function.value))
                if not function.is_optional:
                    self.given.append(((Signed(same, False), Signed(Equal(x, y))), ByDeclaration()))

    def _has_cases(self, term: Apply) -> bool:
        declared = self.program.symbols.get(term.symbol)
        if declared is not None and (declared.kind != "var" or declared.is_optional):
            return False
        size = sort_size(term.sort)
        is_formula = declared is None and term.symbol.count(SKOLEM) < 3
        return size is not None and 1 <= size <= MOST_CASES and not is_formula

    # The search and what it found

    def _saturated(self, chains: Chains | None) -> Derivation | None:
        vocabulary = Vocabulary(self.program)
        known = Decided(self.program, self.question, self.budget) if chains is None else chains.known
        saturation = Saturation(vocabulary, lambda atom: known.truth(atom, {}), self.budget, self.until)
        flat = [vocabulary.clause(clause) for clause, _ in self.given]
        found = saturation.run([clause for clause, _ in flat])
        if found is None:
            return None
        return _Written(self, vocabulary, saturation.lines, [names for _, names in flat], chains).derivation(found)


def _reachable(program: Program, required: Sequence[Requirement], denial: Sequence[Clause]) -> list[Requirement]:
    """The requirements that share a predicate with the denied goal, or with others that do; more than `_matters` keeps.

    Only what is made of predicates and connectives can be left out before it is taken apart into clauses.
    """
    spoken = [_predicates(program, r.formula) for r in required]
    reached = {p.symbol for clause in denial for s in clause for p in subterms(s.atom) if isinstance(p, Apply)}
    inside = [names is None for names in spoken]
    for place, names in enumerate(spoken):
        if names is None:
            reached |= {p.symbol for p in subterms(required[place].formula) if isinstance(p, Apply)}
    size = -1
    while size < (size := len(reached)):
        for place, names in enumerate(spoken):
            if not inside[place] and names is not None and not reached.isdisjoint(names):
                inside[place] = True
                reached |= names
    return [r for r, is_inside in zip(required, inside, strict=True) if is_inside]


def _predicates(program: Program, formula: Term) -> set[str] | None:
    """The predicates and relations of a formula that has nothing else in it; None of any other."""
    names: set[str] = set()
    for part in subterms(formula):
        match part:
            case Apply(symbol, _, sort) if sort == BOOL and symbol not in program.definitions:
                names.add(symbol)
            case Literal(_, sort) if sort != BOOL:
                continue
            case Variable() | Not() | And() | Or() | Implies() | Iff() | Xor() | Quantified():
                continue
            case _:
                return None
    return names


def _head(atom: Term) -> str:
    """What an atom can contradict: the same predicate, or whatever equations may turn it into."""
    return atom.symbol if isinstance(atom, Apply) else "=" if isinstance(atom, Equal) else type(atom).__name__


@dataclass(slots=True)
class _Written:
    """Lines of a saturation as steps."""

    search: _Search
    vocabulary: Vocabulary
    lines: Sequence[Line]
    names: Sequence[tuple[str, ...]]
    chains: Chains | None
    steps: list[Step] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    variables: dict[int, list[Variable]] = field(default_factory=dict)

    def derivation(self, last: int) -> Derivation:
        needed: set[int] = set()
        waiting = [last]
        while waiting:
            line = waiting.pop()
            if line not in needed:
                needed.add(line)
                waiting += _parents(self.lines[line])
        self._rows(sorted(needed))
        for line in sorted(needed):
            if line not in self.places:
                step = self._step(line)
                self.places[line] = len(self.steps)
                self.steps.append(step)
        return Derivation(tuple(self.steps))

    def _rows(self, lines: Iterable[int]) -> None:
        """The rows of relations that are used, with what they are derived from."""
        given = {line: self.search.given[line][1] for line in lines if line < len(self.names)}
        needs = [(line, reason) for line, reason in given.items() if isinstance(reason, Need)]
        if not needs or self.chains is None:
            return
        self.steps += self.chains.steps([need for _, need in needs])
        concluded = {step.conclusion: place for place, step in enumerate(self.steps)}
        for line, _ in needs:
            self.variables[line] = []
            self.places[line] = concluded[self.search.given[line][0]]

    def _step(self, line: int) -> Step:
        clause, origin = self.lines[line]
        if origin is None:
            said, by = self.search.given[line]
            assert not isinstance(by, Need)
            self.variables[line] = [Variable(n, s) for n, s in zip(self.names[line], clause.sorts, strict=True)]
            return Step(said, by)
        own = [Variable(f"x{SKOLEM}{n}", sort) for n, sort in enumerate(clause.sorts)]
        if isinstance(origin, Simplification):
            own = self.variables[origin.line]
        self.variables[line] = own
        conclusion = self.vocabulary.clause_of(clause, own)
        uses = tuple([self.places[parent] for parent in _parents(self.lines[line])])
        match origin:
            case Simplification():
                return Step(conclusion, BySimplification(), uses)
            case Instance(parent, values):
                return Step(conclusion, ByInstance(self._values(parent, values, own)), uses)
            case Resolution(first, second, left, right, mine, theirs):
                by = ByResolution(left, right, self._values(first, mine, own), self._values(second, theirs, own))
                return Step(conclusion, by, uses)
            case Replacement(first, second, equation, place, path, is_reversed, mine, theirs):
                one, other = self._values(first, mine, own), self._values(second, theirs, own)
                return Step(conclusion, ByReplacement(equation, place, path, is_reversed, one, other), uses)

    def _values(self, parent: int, values: Sequence[Flat], own: Sequence[Variable]) -> tuple[tuple[str, Term], ...]:
        """What stands for the variables that the parent's clause has."""
        found: dict[int, None] = {}
        for _, atom in self.lines[parent].clause.members:
            variables_of(atom, found)
        variables = self.variables[parent]
        return tuple([(variables[n].name, self.vocabulary.term(values[n], own)) for n in sorted(found)])


def _parents(line: Line) -> tuple[int, ...]:
    match line.origin:
        case None:
            return ()
        case Simplification(parent) | Instance(parent):
            return (parent,)
        case Resolution(first, second) | Replacement(first, second):
            return (first, second)
