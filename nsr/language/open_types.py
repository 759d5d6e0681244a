"""Open types at a chosen size: the program in which they are enumerations of their constants and anonymous things.

A world has finitely many things here; what holds in worlds of every size is for others to find out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from nsr.language.ir import (
    TRUE,
    Aggregate,
    Apply,
    Ask,
    Bound,
    Choose,
    Compute,
    Definition,
    ElementAt,
    Find,
    Literal,
    Prove,
    Quantified,
    Restrict,
    SetComprehension,
    SetOf,
    Task,
    Variable,
)
from nsr.language.sorts import EnumSort, OpenSort, SetSort, Sort
from nsr.language.traverse import rebuild

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nsr.language.ir import Function, Goal, Program, Question, Rule, Term

__all__ = ["at_sizes", "is_open", "open_sorts", "smallest_size"]


def open_sorts(program: Program) -> tuple[OpenSort, ...]:
    """The open types of a program, in order of declaration."""
    return tuple(sort for sort in program.sorts.values() if isinstance(sort, OpenSort))


def is_open(sort: Sort) -> bool:
    """Whether values are things of an open type, or sets of such things."""
    return isinstance(sort.element if isinstance(sort, SetSort) else sort, OpenSort)


def smallest_size(sort: OpenSort) -> int:
    """How many things there are at least."""
    return max(1, len(sort.constants))


def at_sizes(program: Program, sizes: Mapping[str, int]) -> Program:
    """The program with every open type an enumeration of as many things as `sizes` says for its name.

    The constants come first, then `Thing#1`, `Thing#2` and so on, which no text names.

    Raises:
        ValueError: if a size is missing, or smaller than `smallest_size`.
    """
    chosen = {sort.name: _enumeration(sort, sizes) for sort in open_sorts(program)}
    return _AtSizes(program, chosen).program() if chosen else program


def _enumeration(sort: OpenSort, sizes: Mapping[str, int]) -> EnumSort:
    size = sizes.get(sort.name)
    if size is None or size < smallest_size(sort):
        raise ValueError(f"`{sort.name}` needs a size of at least {smallest_size(sort)}, not {size}")
    unnamed = size - len(sort.constants)
    return EnumSort(sort.name, (*sort.constants, *(f"{sort.name}#{i}" for i in range(1, unnamed + 1))))


class _AtSizes:
    """The rewriting of all parts of a program."""

    def __init__(self, program: Program, chosen: Mapping[str, EnumSort]) -> None:
        self._program = program
        self._chosen = chosen

    def program(self) -> Program:
        old = self._program
        return replace(
            old,
            sorts={name: self.sort(sort) for name, sort in old.sorts.items()},
            symbols={name: self.function(function) for name, function in old.symbols.items()},
            definitions={name: self.definition(definition) for name, definition in old.definitions.items()},
            requirements=tuple(replace(r, formula=self.term(r.formula)) for r in old.requirements),
            rules=tuple(self.rule(rule) for rule in old.rules),
            softs=tuple(replace(s, formula=self.term(s.formula)) for s in old.softs),
            questions=tuple(self.question(question) for question in old.questions),
        )

    def sort(self, sort: Sort) -> Sort:
        if isinstance(sort, OpenSort):
            return self._chosen[sort.name]
        if isinstance(sort, SetSort):
            return SetSort(self.sort(sort.element))
        return sort

    def function(self, function: Function) -> Function:
        arguments = tuple(self.sort(sort) for sort in function.arguments)
        return replace(function, arguments=arguments, value=self.sort(function.value))

    def definition(self, definition: Definition) -> Definition:
        return replace(
            definition,
            parameters=tuple(self.variable(p) for p in definition.parameters),
            body=self.term(definition.body),
        )

    def variable(self, variable: Variable) -> Variable:
        return replace(variable, sort=self.sort(variable.sort))

    def term(self, term: Term) -> Term:
        return rebuild(term, self._node)

    def terms(self, terms: Iterable[Term]) -> tuple[Term, ...]:
        return tuple(self.term(term) for term in terms)

    def _node(self, node: Term) -> Term:
        match node:
            case Variable(sort=sort) | Literal(sort=sort) | Apply(sort=sort) | ElementAt(sort=sort):
                new = self.sort(sort)
                return node if new is sort else replace(node, sort=new)
            case Restrict(sort=sort):
                return replace(node, sort=self.sort(sort))
            case SetOf(sort=sort):
                return replace(node, sort=SetSort(self.sort(sort.element)))
            case SetComprehension(binders=binders, sort=sort):
                return replace(node, binders=self._binders(binders), sort=SetSort(self.sort(sort.element)))
            case Quantified(binders=binders) | Aggregate(binders=binders) | Task(binders=binders):
                return replace(node, binders=self._binders(binders))
            case _:
                return node

    def _binders(self, binders: Iterable[Bound]) -> tuple[Bound, ...]:
        """Binders whose domains are rewritten already."""
        return tuple(replace(bound, variable=self.variable(bound.variable)) for bound in binders)

    def bounds(self, binders: tuple[Bound, ...]) -> tuple[Bound, ...]:
        """Binders that stand in no term."""
        inside = self.term(Quantified("exists", binders, TRUE))
        assert isinstance(inside, Quantified)
        return inside.binders

    def rule(self, rule: Rule) -> Rule:
        return replace(rule, args=self.terms(rule.args), binders=self.bounds(rule.binders), body=self.term(rule.body))

    def question(self, question: Question) -> Question:
        return replace(
            question,
            goal=self.goal(question.goal),
            requirements=tuple(replace(r, formula=self.term(r.formula)) for r in question.requirements),
            objectives=tuple(replace(o, term=self.term(o.term)) for o in question.objectives),
            softs=tuple(replace(s, formula=self.term(s.formula)) for s in question.softs),
            rules=tuple(self.rule(rule) for rule in question.rules),
            options=tuple(replace(o, formula=self.term(o.formula)) for o in question.options),
        )

    def goal(self, goal: Goal) -> Goal:
        match goal:
            case Find():
                return replace(goal, terms=self.terms(goal.terms))
            case Compute():
                return replace(goal, terms=self.terms(goal.terms))
            case Prove():
                return replace(goal, formula=self.term(goal.formula))
            case Ask():
                return replace(goal, binders=self.bounds(goal.binders), body=self.term(goal.body))
            case Choose():
                return replace(
                    goal,
                    options=tuple(replace(o, formula=self.term(o.formula)) for o in goal.options),
                    terms=self.terms(goal.terms),
                    formula=None if goal.formula is None else self.term(goal.formula),
                )
            case _:
                assert_never(goal)
