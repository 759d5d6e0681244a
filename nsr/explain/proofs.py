"""Derivations told step by step: what follows, from which sentences.

A derivation has more steps than a person wants: clauses of premises, instances, resolvents with several members. Told
are single atoms, what is used more than once, what is supposed, and the end; the statements that the steps left out
come from are named where they are used. What the checker of programs has added is told by what it stands for.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, assert_never

from nsr.explain.formulas import formula_words
from nsr.explain.rules import side_of, sides_of
from nsr.language import ir
from nsr.language.printer import print_name
from nsr.language.traverse import free_variables, subterms
from nsr.proofs.steps import (
    ByAbsence,
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
    ByRule,
    BySimplification,
    Clause,
    Derivation,
)
from nsr.proofs.terms import SKOLEM
from nsr.results import ProofStep

if TYPE_CHECKING:
    from nsr.language.ir import Program, Question

__all__ = ["proof_steps"]

_SUFFIX = r"[~#.]"
"""What begins the part of a variable's name that makes it unique."""

_LETTERS = ("x", "y", "z", "u", "v", "w")


class _Source(NamedTuple):
    """A statement that a step rests on."""

    keyword: str
    label: str
    sentences: tuple[str, ...]


@dataclass(slots=True)
class _Told:
    """A step as it will be told; `uses` are places in the derivation."""

    text: str
    by: str
    uses: dict[int, None]
    sources: dict[_Source, None] = field(default_factory=dict)
    is_shown: bool = True


def proof_steps(
    program: Program, question: Question, goal: ir.Term | None, derivation: Derivation
) -> tuple[ProofStep, ...]:
    """The steps that a person reads; the last one is the goal, or `false` where it takes a contradiction."""
    told = _Telling(program, question, goal, derivation).told()
    shown = [place for place, step in enumerate(told) if step.is_shown]
    numbers = {place: number for number, place in enumerate(shown, 1)}
    return tuple(
        ProofStep(
            number=numbers[place],
            conclusion=told[place].text,
            by=told[place].by,
            uses=tuple(sorted(numbers[used] for used in told[place].uses)),
            labels=tuple(dict.fromkeys(source.label for source in told[place].sources if source.label)),
            sentences=tuple(dict.fromkeys(s for source in told[place].sources for s in source.sentences)),
        )
        for place in shown
    )


class _Telling:
    def __init__(self, program: Program, question: Question, goal: ir.Term | None, derivation: Derivation) -> None:
        self._program = program
        self._goal = goal
        self._steps = derivation.steps
        self._required = {r.name: r for r in program.requirements_of(question)}
        self._facts = {f.name: f for f in program.facts_of(question)}
        self._rules = program.rules_of(question)
        self._sides = sides_of(program, question)
        self._written_out = {r.name for r in self._required.values() if side_of(program, r) is not None}
        self._things: dict[str, str] = {}
        used = [place for step in self._steps for place in step.uses]
        self._often = {place for place in used if used.count(place) > 1} if len(used) < 4000 else set(used)

    def told(self) -> list[_Told]:
        """Every step, those that are not shown gone into those that use them."""
        steps = [self._told(place) for place in range(len(self._steps))]
        self._end(steps)
        for place, step in enumerate(steps):
            uses: dict[int, None] = {}
            for used in step.uses:
                if steps[used].is_shown:
                    uses[used] = None
                else:
                    uses |= steps[used].uses
                    step.sources = {**steps[used].sources, **step.sources}
            step.uses = uses
            self._same(place, steps)
        for step in steps:
            if step.by == "logic" and len({source.keyword for source in step.sources}) == 1:
                step.by = next(iter(step.sources)).keyword
        return steps

    def _same(self, place: int, steps: list[_Told]) -> None:
        """Show no step that says what one that it uses has said."""
        step = steps[place]
        twin = next((used for used in step.uses if steps[used].text == step.text), None)
        if step.is_shown and twin is not None and place != len(steps) - 1:
            step.is_shown = False
            step.uses, step.sources = {twin: None}, {}

    def _end(self, steps: list[_Told]) -> None:
        """Where all that is supposed is the opposite of the step before the end, that step is the end."""
        last = self._steps[-1]
        denials = [place for place, step in enumerate(self._steps) if isinstance(step.by, ByDenial)]
        if len(denials) != 1 or denials[0] not in last.uses or len(last.uses) != 2 or denials[0] in self._often:
            return
        [denied] = self._steps[denials[0]].conclusion or (None,)
        if denied is None or len(self._steps[denials[0]].conclusion) != 1:
            return
        [shown] = [used for used in last.uses if used != denials[0]]
        if len(self._steps[shown].conclusion) == 1 and not free_variables(denied.atom):
            steps[denials[0]].is_shown = steps[-1].is_shown = False
            steps[shown].is_shown = True
            steps[shown].text = self._clause((denied.denied(),))

    # One step

    def _told(self, place: int) -> _Told:
        step = self._steps[place]
        sources = dict.fromkeys(self._sources(place))
        by = self._by(place)
        told = _Told(self._clause(step.conclusion), by, dict.fromkeys(step.uses), sources)
        is_last = place == len(self._steps) - 1
        is_atom = len(step.conclusion) == 1
        told.is_shown = is_last or isinstance(step.by, ByDenial) or (is_atom and not self._is_general(step.conclusion))
        if not told.is_shown and step.uses and place in self._often and len(step.conclusion) > 1:
            told.is_shown = True
        if is_atom and self._is_hidden(step.conclusion[0].atom):
            told.is_shown = False
        return told

    def _is_general(self, clause: Clause) -> bool:
        """Whether a step says something of all things that a statement says as it stands."""
        return bool(clause) and any(free_variables(signed.atom) for signed in clause)

    def _is_hidden(self, atom: ir.Term) -> bool:
        """Whether an atom is about a relation that stands in no source."""
        if not isinstance(atom, ir.Apply) or atom.symbol not in self._program.symbols:
            return False
        return self._program.symbols[atom.symbol].is_auxiliary and atom.symbol not in self._sides

    def _sources(self, place: int) -> list[_Source]:
        match self._steps[place].by:
            case ByFact(name):
                return [_Source("fact", name, self._facts[name].citations)]
            case ByRule(index) | ByImplication(index):
                rule = self._rules[index]
                symbol = self._program.symbols.get(rule.name)
                is_added = symbol is not None and symbol.is_auxiliary
                return [_Source(rule.keyword, "" if is_added else rule.name, rule.citations)]
            case ByPremise(name) if name not in self._written_out:
                required = self._required[name]
                return [_Source(required.keyword, name, required.citations)]
            case _:
                return []

    def _by(self, place: int) -> str:
        match self._steps[place].by:
            case ByFact() | ByRule() | ByImplication() | ByPremise():
                sources = self._sources(place)
                return sources[0].keyword if sources else "logic"
            case ByDenial():
                return "supposed"
            case ByAbsence():
                return "absence"
            case ByEnumeration():
                return "cases"
            case ByDeclaration():
                return "distinct"
            case ByEvaluation():
                return "computed"
            case BySimplification() | ByInstance() | ByResolution() | ByReplacement():
                return "logic"
            case by:
                assert_never(by)

    # Words

    def _clause(self, clause: Clause) -> str:
        """A clause as a formula: what is denied in it stands before `implies`."""
        names = self._names(clause)

        def words(atom: ir.Term) -> str:
            return self._atom(atom, names, is_positive=True)

        denied = [words(s.atom) for s in clause if not s.is_positive]
        held = [words(s.atom) for s in clause if s.is_positive]
        if len(clause) == 1:
            text = self._atom(clause[0].atom, names, is_positive=clause[0].is_positive)
        elif denied and held:
            text = f"{' and '.join(denied)} implies {' or '.join(held)}"
        elif held:
            text = " or ".join(held)
        else:
            text = f"not ({' and '.join(denied)})" if denied else "false"
        bound = {v.name: v.sort for s in clause for v in _free_of(s.atom)}
        told = ", ".join(f"{names[name]} in {sort}" for name, sort in bound.items())
        return f"forall {told}: {text}" if told else text

    def _atom(self, atom: ir.Term, names: dict[str, str], *, is_positive: bool) -> str:
        side = self._sides.get(atom.symbol) if isinstance(atom, ir.Apply) else None
        if side is not None and isinstance(atom, ir.Apply):
            told: ir.Term = ir.Apply(side.relation, atom.args, atom.sort)
            told = told if side.is_positive else ir.Not(told)
            text = formula_words(told, lambda name: self._name(name, names))
            return text if is_positive else f"not known: {text}"
        return formula_words(atom if is_positive else ir.Not(atom), lambda name: self._name(name, names))

    def _name(self, name: str, names: dict[str, str]) -> str:
        if name in names:
            return names[name]
        if not name.startswith(SKOLEM):
            return print_name(name.split(SKOLEM)[0])
        if name not in self._things:
            origin, *_, last = parts = [part for part in name.split(SKOLEM) if part]
            origin = "the opposite" if name.startswith(f"{SKOLEM}goal{SKOLEM}{SKOLEM}") else origin
            thing = f"{re.split(_SUFFIX, last)[0]} of {origin}" if len(parts) == 3 else f"a part of {origin}"
            tried = (thing if n == 1 else f"{thing} {n}" for n in itertools.count(1))
            taken = set(self._things.values())
            self._things[name] = next(t for t in tried if t not in taken)
        return print_name(self._things[name])

    def _names(self, clause: Clause) -> dict[str, str]:
        """Short names for the variables, unlike all that the program has named."""
        free = dict.fromkeys(v.name for signed in clause for v in _free_of(signed.atom))
        taken = set(self._program.symbols)
        letters = (letter + tail for tail in ("", "1", "2", "3", "4") for letter in _LETTERS)
        letters = (letter for letter in letters if letter not in taken)
        return dict(zip(free, letters, strict=False))


def _free_of(atom: ir.Term) -> Sequence[ir.Variable]:
    free = free_variables(atom)
    return [part for part in subterms(atom) if isinstance(part, ir.Variable) and part.name in free] if free else ()
