"""`possible`, `certain` and `fixed` replaced by their truth values, before anything else is made of a goal.

Inside comprehensions each has an instance for every binding of the variables around it. All instances are one job. What
replaces a modal term is the list of the bindings for which it is true, so that the comprehension stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nsr.engine.goals.evidence import combined
from nsr.engine.goals.no_world import no_world
from nsr.engine.goals.possible import possible
from nsr.engine.goals.section import Section, literal
from nsr.language import ir
from nsr.language.evaluate import UNDEFINED, NoEntry, bindings_of, holds
from nsr.language.meaning import Unbound
from nsr.language.sorts import Value
from nsr.language.traverse import children, free_variables, rebuild, subterms
from nsr.limits import Budget, BudgetExceeded, LimitKind
from nsr.results import Evidence, QuestionResult

__all__ = ["Replaced", "modal_terms", "without_modals"]

MOST_INSTANCES = 20_000
"""Instances of modal terms that one question may have."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The section without modal terms, and how their truth values are known."""

    section: Section
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class _Instance:
    modal: ir.Modal
    values: tuple[tuple[str, Value], ...]
    ground: ir.Term


async def without_modals(section: Section) -> Replaced | QuestionResult:
    """The section with every modal term of its goal and options replaced; a result if there is no world."""
    found = _modals_of(section.question)
    if not found:
        return Replaced(section, None)
    budget = section.budget()
    instances = list(dict.fromkeys(i for m in found for i in _instances(section.program, m, budget)))
    asked = [_asked(i) for i in instances if i.modal.kind != "fixed"]
    first = await possible(section, asked)
    if not first.has_world:
        return await no_world(section, first.outcome)
    verdicts = iter(first.verdicts)
    true = {i for i in instances if i.modal.kind != "fixed" and next(verdicts) == (i.modal.kind == "possible")}
    evidence = first.evidence
    same = [i for i in instances if i.modal.kind == "fixed"]
    world = first.some_world
    values = [(i, section.value(i.ground, world, first.sizes_of(world))) for i in same]
    sure = [(i, v) for i, v in values if v is not UNDEFINED]
    if sure:
        doubt = await possible(section, [ir.Not(ir.Equal(i.ground, literal(v, i.ground))) for i, v in sure])
        true |= {i for (i, _), differs in zip(sure, doubt.verdicts, strict=True) if not differs}
        evidence = combined((evidence, doubt.evidence))
    table = _Table(true)
    question = _rewritten(section.question, table.replace_in)
    return Replaced(section.with_question(goal=question.goal, options=question.options), evidence)


def modal_terms(question: ir.Question) -> list[ir.Term]:
    """What the modal terms of a question's goal and options speak of."""
    return [found.modal.arg for found in _modals_of(question)]


def _modals_of(question: ir.Question) -> list[_Found]:
    around = question.goal.binders if isinstance(question.goal, ir.Ask) else ()
    return [found for term in goal_terms(question) for found in _modals(term, around, ())]


def _asked(instance: _Instance) -> ir.Term:
    return ir.Not(instance.ground) if instance.modal.kind == "certain" else instance.ground


class _Table:
    """Modal terms by the bindings for which they are true."""

    def __init__(self, true: set[_Instance]) -> None:
        self._true: dict[ir.Modal, list[_Instance]] = {}
        for instance in true:
            self._true.setdefault(instance.modal, []).append(instance)

    def replace_in(self, term: ir.Term) -> ir.Term:
        """`term` with its modal terms replaced by "the variables have one of these values"."""
        return rebuild(term, lambda t: self._values(t) if isinstance(t, ir.Modal) else t)

    def _values(self, modal: ir.Modal) -> ir.Term:
        true = self._true.get(modal, [])
        if any(not i.values for i in true):
            return ir.TRUE
        sorts = {t.name: t for t in subterms(modal) if isinstance(t, ir.Variable)}
        ordered = sorted(true, key=lambda i: str(i.values))
        return ir.Or(
            tuple(ir.And(tuple(ir.Equal(sorts[n], ir.Literal(v, sorts[n].sort)) for n, v in i.values)) for i in ordered)
        )


# Where they are, and their instances


@dataclass(frozen=True, slots=True)
class _Found:
    """A modal term, the binders around it, and what holds to the left of it."""

    modal: ir.Modal
    binders: tuple[ir.Bound, ...]
    guards: tuple[ir.Term, ...]


def _modals(term: ir.Term, binders: tuple[ir.Bound, ...], guards: tuple[ir.Term, ...]) -> Iterator[_Found]:
    match term:
        case ir.Modal():
            yield _Found(term, binders, guards)
        case ir.And(args):
            for index, arg in enumerate(args):
                yield from _modals(arg, binders, (*guards, *_plain(args[:index])))
        case ir.Implies(left, right):
            yield from _modals(left, binders, guards)
            yield from _modals(right, binders, (*guards, *_plain((left,))))
        case ir.Aggregate(_, inner, condition, element) | ir.SetComprehension(inner, condition, element):
            around = (*binders, *inner)
            yield from _modals(condition, around, guards)
            yield from _modals(element, around, (*guards, *_plain((condition,))))
        case ir.Quantified(_, inner, body):
            yield from _modals(body, (*binders, *inner), guards)
        case _:
            for child in children(term):
                yield from _modals(child, binders, guards)


def _plain(terms: Sequence[ir.Term]) -> tuple[ir.Term, ...]:
    return tuple(t for t in terms if not any(isinstance(s, ir.Modal) for s in subterms(t)))


def _instances(program: ir.Program, found: _Found, budget: Budget) -> Iterator[_Instance]:
    names = sorted(free_variables(found.modal))
    seen = set()
    for binding in bindings_of(_needed(found), {}, program, budget=budget):
        if any(_is_plainly_false(guard, program, binding, budget) for guard in found.guards):
            continue
        values = tuple((name, binding[name]) for name in names)
        if values in seen:
            continue
        seen.add(values)
        if len(seen) > MOST_INSTANCES:
            raise BudgetExceeded(LimitKind.SIZE)
        yield _Instance(found.modal, values, _ground(found.modal.arg, dict(values)))


def _needed(found: _Found) -> tuple[ir.Bound, ...]:
    """The binders around a modal term, all of them if it or its guards speak of any."""
    return found.binders if found.binders and free_variables(found.modal) else ()


def _is_plainly_false(guard: ir.Term, program: ir.Program, binding: Mapping[str, Value], budget: Budget) -> bool:
    """Whether what stands to the left is false whatever the worlds are."""
    try:
        return not holds(guard, {}, program, binding, budget)
    except (NoEntry, Unbound):
        return False


def _ground(term: ir.Term, values: Mapping[str, Value]) -> ir.Term:
    def put(node: ir.Term) -> ir.Term:
        if isinstance(node, ir.Variable) and node.name in values:
            return ir.Literal(values[node.name], node.sort)
        return node

    return rebuild(term, put)


# Goals


def goal_terms(question: ir.Question) -> Iterator[ir.Term]:
    """The terms of a question's goal and options."""
    seen: list[ir.Term] = []

    def look(term: ir.Term) -> ir.Term:
        seen.append(term)
        return term

    _rewritten(question, look)
    yield from seen


def _rewritten(question: ir.Question, fn: Any) -> ir.Question:
    """The question with `fn` applied to every term of its goal and options."""
    goal = question.goal
    match goal:
        case ir.Find():
            changed: ir.Goal = replace(goal, terms=tuple(fn(t) for t in goal.terms))
        case ir.Choose():
            changed = replace(
                goal,
                options=_options(goal.options, fn),
                terms=tuple(fn(t) for t in goal.terms),
                formula=None if goal.formula is None else fn(goal.formula),
            )
        case ir.Prove(formula):
            changed = replace(goal, formula=fn(formula))
        case ir.Ask(_, body):
            changed = replace(goal, body=fn(body))
        case ir.Compute(terms):
            changed = replace(goal, terms=tuple(fn(t) for t in terms))
    return replace(question, goal=changed, options=_options(question.options, fn))


def _options(options: Sequence[ir.ChoiceOption], fn: Any) -> tuple[ir.ChoiceOption, ...]:
    return tuple(replace(o, formula=fn(o.formula)) for o in options)
