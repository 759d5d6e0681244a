"""One question of a program with everything written out: unknowns, ground formulas, and what is asked about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, assert_never

from nsr.language import ir
from nsr.language.evaluate import Result, bindings_of, evaluate
from nsr.language.open_types import open_sorts
from nsr.language.traverse import rebuild, subterms
from nsr.limits import Budget
from nsr.reformulations.graph import reformulate
from nsr.reformulations.protocol import ASKED, BACKGROUND
from nsr.solvers import Gap, objectives_of
from nsr.solvers.held import with_objectives, with_projection
from nsr.solvers.jobs import program_of_question

if TYPE_CHECKING:
    from nsr.language.sorts import Value
    from nsr.reformulations import Feature

__all__ = ["Aim", "Asked", "Ground", "Shown", "asked_of", "budget_for_text", "ground", "statement_text", "with_asked"]

MOST_BINDINGS = 2000
"""Queries with more bindings are not written out."""


def budget_for_text() -> Budget:
    """What writing one question out may take."""
    return Budget(steps=5_000_000, wall_seconds=60.0)


class Asked(NamedTuple):
    """A formula that is asked about: what a person calls it, and the formula."""

    title: str
    formula: ir.Term


class Aim(NamedTuple):
    """An objective: its name, its direction, the unknown that holds it, and what its value is multiplied by."""

    name: str
    kind: str
    symbol: str
    scale: int


class Shown(NamedTuple):
    """A term whose value is wanted: its text, and the unknown (and arguments) that has it.

    Where the data alone decide it, `constant` is its value and there is no unknown. `holder` is the unknown that has
    been added for it, if there is one.
    """

    title: str
    symbol: str = ""
    args: tuple[Value, ...] = ()
    constant: Result = None
    holder: ir.Function | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """A question in the features of some solver, without binders.

    `program` has the requirements that hold; `asked` are formulas that need not hold, each one to be looked for in a
    world of its own; `aims` are objectives; `values` are the terms of `find` and `compute`.
    """

    program: ir.Program
    question: ir.Question
    asked: tuple[Asked, ...] = ()
    aims: tuple[Aim, ...] = ()
    values: tuple[Shown, ...] = ()

    def own(self) -> tuple[ir.Requirement, ...]:
        """The requirements of the source, in order."""
        return tuple(r for r in self.program.requirements if not r.name.startswith(BACKGROUND))

    def background(self) -> tuple[ir.Requirement, ...]:
        """What follows from declarations, and what defines unknowns that have been added."""
        return tuple(r for r in self.program.requirements if r.name.startswith(BACKGROUND))


def statement_text(program: ir.Program, node: ir.Node) -> str:
    """A statement or term as the source writes it, on one line; empty where it was not written."""
    span = node.origin.span
    return " ".join(program.source[span.start : span.end].split())


# What is asked


def asked_of(program: ir.Program, number: int) -> tuple[Asked, ...]:
    """The formulas that the goal of a question asks about; none for a search, an objective, a value.

    Raises:
        Gap: for what cannot be said by formulas that have a world or none.
    """
    question = program.questions[number]
    goal = question.goal
    _refuse_modals(question)
    match goal:
        case ir.Find() | ir.Compute():
            return ()
        case ir.Prove(formula):
            return _both("the claim", formula)
        case ir.Ask(binders, body) if not binders:
            return _both("the query", body)
        case ir.Ask():
            return tuple(_instances(program, goal))
        case ir.Choose(mode=mode, options=options):
            if mode not in ("could", "must", "cannot"):
                raise Gap((f"`choose {mode}`",))
            if mode == "must":
                return tuple([Asked(f"not option {o.label}", ir.Not(o.formula)) for o in options])
            return tuple([Asked(f"option {o.label}", o.formula) for o in options])
        case _:
            assert_never(goal)


def _both(name: str, formula: ir.Term) -> tuple[Asked, ...]:
    return (Asked(name, formula), Asked(f"not {name}", ir.Not(formula)))


def _instances(program: ir.Program, goal: ir.Ask) -> Iterator[Asked]:
    budget = budget_for_text()
    names = [bound.variable.name for bound in goal.binders]
    if open_sorts(program) or any(_depends(bound) for bound in goal.binders):
        raise Gap(("queries with variables over unknown things",))
    found = [dict(b) for b in islice(bindings_of(goal.binders, {}, program, budget=budget), MOST_BINDINGS + 1)]
    if len(found) > MOST_BINDINGS:
        raise Gap((f"queries with more than {MOST_BINDINGS} bindings",))
    sorts = {bound.variable.name: bound.variable.sort for bound in goal.binders}
    for binding in found:
        known = {name: ir.Literal(binding[name], sorts[name]) for name in names}
        body = _with_values(goal.body, known)
        told = ", ".join(f"{name.split('~')[0].split('#')[0]} = {binding[name]}" for name in names)
        yield Asked(told, body)
        yield Asked(f"not ({told})", ir.Not(body))


def _with_values(term: ir.Term, known: Mapping[str, ir.Literal]) -> ir.Term:
    return rebuild(term, lambda t: known.get(t.name, t) if isinstance(t, ir.Variable) else t)


def _depends(bound: ir.Bound) -> bool:
    match bound.domain:
        case None:
            return False
        case ir.Interval(low, high):
            return any(isinstance(part, ir.Apply) for end in (low, high) for part in subterms(end))
        case ir.Listed(values):
            return any(isinstance(part, ir.Apply) for value in values for part in subterms(value))


def _refuse_modals(question: ir.Question) -> None:
    goal = question.goal
    match goal:
        case ir.Find(terms=terms) | ir.Compute(terms):
            looked: Sequence[ir.Term] = terms
        case ir.Prove(formula):
            looked = (formula,)
        case ir.Ask(_, body):
            looked = (body,)
        case ir.Choose(options=options):
            looked = tuple([option.formula for option in options])
        case _:
            assert_never(goal)
    if any(isinstance(part, ir.Modal) for term in looked for part in subterms(term)):
        raise Gap(("statements about all worlds",))


def with_asked(program: ir.Program, number: int, terms: Sequence[ir.Term]) -> ir.Program:
    """The program of one question, with terms that are asked about as requirements of their own names."""
    asked = program_of_question(program, number)
    added = [ir.Requirement(f"{ASKED}{n}", "constraint", term) for n, term in enumerate(terms)]
    return replace(asked, requirements=(*asked.requirements, *added))


# Writing out


def ground(program: ir.Program, number: int, native: frozenset[Feature], budget: Budget) -> Ground:
    """One question of a program in the features of a solver.

    Raises:
        Gap: when a feature is left that the solver does not take, or the goal cannot be written out.
        BudgetExceeded: when it grows too large.
    """
    question = program.questions[number]
    objectives = objectives_of(program, number)
    if objectives:
        if not isinstance(question.goal, ir.Find):
            raise Gap(("other goals beside objectives",))
        typed, held, _ = with_objectives(with_asked(program, number, [o.term for o in objectives]), native, budget)
        aims = [Aim(o.name, o.kind, h.symbol, h.scale) for o, h in zip(objectives, held, strict=True)]
        return Ground(_written_out(typed, native, budget), question, aims=tuple(aims))
    asked = asked_of(program, number)
    if asked:
        typed = _written_out(with_asked(program, number, [a.formula for a in asked]), native, budget)
        formulas = {r.name: r.formula for r in typed.requirements if r.name.startswith(ASKED)}
        kept = tuple([r for r in typed.requirements if not r.name.startswith(ASKED)])
        told = [Asked(a.title, formulas[f"{ASKED}{n}"]) for n, a in enumerate(asked)]
        return Ground(replace(typed, requirements=kept), question, asked=tuple(told))
    terms = question.goal.terms if isinstance(question.goal, ir.Find | ir.Compute) else ()
    typed, _ = with_projection(with_asked(program, number, terms), (), native, budget)
    values = [_shown(program, typed, term, n) for n, term in enumerate(terms)]
    return Ground(_written_out(typed, native, budget), question, values=tuple(values))


def _shown(program: ir.Program, typed: ir.Program, term: ir.Term, number: int) -> Shown:
    title = statement_text(program, term) or f"value {number + 1}"
    name = f"{ASKED}{number}"
    if name in typed.symbols:
        return Shown(title, name, holder=typed.symbols[name])
    if isinstance(term, ir.Apply) and program.symbols[term.symbol].kind in ("var", "pred"):
        return Shown(title, term.symbol, tuple([arg.value for arg in term.args if isinstance(arg, ir.Literal)]))
    return Shown(title, constant=evaluate(term, {}, program))


def _written_out(program: ir.Program, native: frozenset[Feature], budget: Budget) -> ir.Program:
    written, present = reformulate(program, native, budget)
    missing = present - native
    if missing:
        raise Gap(sorted({feature.construct.value for feature in missing}))
    return written
