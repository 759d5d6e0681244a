"""Programs in which only the named things of an open type can matter: it is the enumeration of its constants there.

Rules and queries go over the constants. What is true of them depends on nothing else unless something unknown speaks of
the type, or a formula goes over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from nsr.language.ir import (
    Ask,
    Choose,
    Compute,
    Find,
    Goal,
    Program,
    Prove,
    Question,
    Rule,
    Term,
)
from nsr.language.open_types import at_sizes, is_open, open_sorts
from nsr.language.traverse import binders_of, subterms

__all__ = ["with_named_things_only"]


def with_named_things_only(program: Program) -> Program:
    """The program with its open types as enumerations, if that changes no answer; else the program itself."""
    sorts = open_sorts(program)
    if not sorts or not all(sort.constants for sort in sorts):
        return program
    unknown = (sort for function in program.unknowns() for sort in (*function.arguments, function.value))
    if any(map(is_open, unknown)) or any(map(_goes_over_open, _terms_of(program))):
        return program
    return at_sizes(program, {sort.name: len(sort.constants) for sort in sorts})


def _goes_over_open(term: Term) -> bool:
    return any(
        bound.domain is None and is_open(bound.variable.sort) for part in subterms(term) for bound in binders_of(part)
    )


def _terms_of(program: Program) -> Iterator[Term]:
    yield from (definition.body for definition in program.definitions.values())
    yield from (requirement.formula for requirement in program.requirements)
    yield from (soft.formula for soft in program.softs)
    yield from _terms_of_rules(program.rules)
    for question in program.questions:
        yield from _terms_of_question(question)


def _terms_of_rules(rules: Iterable[Rule]) -> Iterator[Term]:
    for rule in rules:
        yield from (*rule.args, rule.body)


def _terms_of_question(question: Question) -> Iterator[Term]:
    yield from (requirement.formula for requirement in question.requirements)
    yield from (soft.formula for soft in question.softs)
    yield from (objective.term for objective in question.objectives)
    yield from (option.formula for option in question.options)
    yield from _terms_of_rules(question.rules)
    yield from _terms_of_goal(question.goal)


def _terms_of_goal(goal: Goal) -> tuple[Term, ...]:
    match goal:
        case Find(terms=terms) | Compute(terms):
            return terms
        case Prove(formula):
            return (formula,)
        case Ask(body=body):
            return (body,)
        case Choose():
            formulas = tuple(option.formula for option in goal.options)
            return (*goal.terms, *formulas) if goal.formula is None else (*goal.terms, *formulas, goal.formula)
        case _:
            assert_never(goal)
