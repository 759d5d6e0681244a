"""Brute force: the answer to each goal of a small question, from all its worlds. The oracle of the tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal as Choice
from typing import TypeAlias, assert_never

from nsr.language.closure import Row, matches
from nsr.language.evaluate import Result
from nsr.language.ir import (
    Ask,
    ChoiceOption,
    Choose,
    Compute,
    Find,
    Modal,
    Program,
    Prove,
    Question,
    Requirement,
    Structure,
    Term,
)
from nsr.language.meaning import Bindings, Evaluator
from nsr.language.projection import Projection, project, projection
from nsr.language.recursion import RecursionRoom
from nsr.language.sorts import Element, Value
from nsr.language.traverse import free_variables, subterms
from nsr.language.values import UNDEFINED, Number
from nsr.language.worlds import NotDefined, Worlds, solutions, worlds_of
from nsr.limits import Budget

__all__ = [
    "Answered", "Asked", "Chosen", "Computed", "Found", "NotDefined", "Proved", "Worlds", "answer", "is_right",
    "solutions", "worlds_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to `find`: one structure for each different projection to what is asked for.

    `is_complete` is false when the search stopped because as many were found as the goal asks for. `optimum`: the
    values of the objectives, if there are any. `right`: the labels of the options that equal the first of them, or the
    number of solutions where that is asked for.
    """

    solutions: tuple[Structure, ...]
    projections: tuple[Projection, ...]
    is_complete: bool
    optimum: tuple[Number, ...] = ()
    right: tuple[str, ...] = ()

    @property
    def is_unique(self) -> bool:
        """Whether there is exactly one, all having been looked for."""
        return self.is_complete and len(self.solutions) == 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """The answer to `choose`: the labels of the options that are right; the answer is one only if exactly one is."""

    right: tuple[str, ...]

    @property
    def label(self) -> str | None:
        """The option, if exactly one is right."""
        return self.right[0] if len(self.right) == 1 else None


@dataclass(frozen=True, slots=True)
class Proved:
    """The answer to `prove`, with a world where the formula holds and one where it does not, as far as there are."""

    verdict: Choice["entailed", "refuted", "undetermined", "inconsistent"]
    witness: Structure | None
    counterexample: Structure | None


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer to `ask`: the bindings that hold in all worlds, and those that hold in some only, in order."""

    true: tuple[Row, ...]
    unknown: tuple[Row, ...]
    is_inconsistent: bool = False

    @property
    def verdict(self) -> Choice["yes", "no", "unknown", "inconsistent"]:
        """Of a query without variables, whose only binding is the empty one; else whether there are any."""
        if self.is_inconsistent:
            return "inconsistent"
        return "yes" if self.true else "unknown" if self.unknown else "no"


@dataclass(frozen=True, slots=True)
class Computed:
    """The answer to `compute`: the values if all worlds agree; else two worlds that differ, or neither without a world.

    `right`: the labels of the options that are equal to the value in every world.
    """

    values: tuple[Value, ...] | None
    differing: tuple[Structure, Structure] | None = None
    right: tuple[str, ...] = ()


Answered: TypeAlias = Found | Chosen | Proved | Asked | Computed


def answer(program: Program, question: Question, budget: Budget | None = None) -> Answered:
    """The answer to the goal of `question`, by going through all worlds.

    Raises:
        InfiniteSort: if an unknown has infinitely many possible values.
        NotDefined: if an objective, or what is to be computed, has no value in some world.
        NoEntry: if a table has no value that is asked for.
        BudgetExceeded: when the budget runs out.
    """
    budget = budget or Budget()
    match question.goal:
        case Find() as goal:
            return _find(program, question, goal, budget)
        case Choose() as goal:
            return _choose(program, question, goal, budget)
        case Prove(formula):
            return _prove(_Across(program, question, budget), formula)
        case Ask() as goal:
            return _ask(_Across(program, question, budget), goal)
        case Compute() as goal:
            return _compute(_Across(program, question, budget), goal)
        case _:
            assert_never(question.goal)


# What holds across worlds


class _Across:
    """The worlds of a question, and the evaluation of its goal in each of them."""

    def __init__(self, program: Program, question: Question, budget: Budget) -> None:
        self.program = program
        self.question = question
        self.budget = budget
        self.found = worlds_of(program, question, budget)
        self.worlds = self.found.structures
        self._known: dict[tuple[int, Row], bool] = {}

    def within(self, world: Structure) -> Evaluator:
        """The evaluation in one world, in which terms that speak of all worlds have their truth."""
        return _WithModals(self, world)

    def holds(self, formula: Term, world: Structure) -> bool:
        with RecursionRoom():
            return self.within(world).holds(formula, {})

    def value(self, term: Term, world: Structure) -> Result:
        with RecursionRoom():
            return self.within(world).value(term, {})

    def truths(self, formula: Term) -> list[bool]:
        """The truth of a formula in each world."""
        return [self.holds(formula, world) for world in self.worlds]

    def truth_of(self, term: Modal, env: Bindings) -> bool:
        """The truth of `possible`, `certain` or `fixed` for some bindings, looked up once for each."""
        key = (id(term), tuple(env[name] for name in sorted(free_variables(term))))
        if key not in self._known:
            self._known[key] = self._look_up(term, env)
        return self._known[key]

    def _look_up(self, term: Modal, env: Bindings) -> bool:
        plain = (Evaluator(world, self.program, self.budget) for world in self.worlds)
        match term.kind:
            case "possible":
                return any(world.holds(term.arg, env) for world in plain)
            case "certain":
                return bool(self.worlds) and all(world.holds(term.arg, env) for world in plain)
            case "fixed":
                values = {world.value(term.arg, env) for world in plain}
                return len(values) == 1 and UNDEFINED not in values
            case _:
                assert_never(term.kind)


class _WithModals(Evaluator):
    __slots__ = ("_across",)

    def __init__(self, across: _Across, world: Structure) -> None:
        super().__init__(world, across.program, across.budget)
        self._across = across

    def across_worlds(self, term: Modal, env: Bindings) -> bool:
        return self._across.truth_of(term, env)


# Goals


def _find(program: Program, question: Question, goal: Find, budget: Budget) -> Found:
    wanted = {"one": 1, "unique": 2, "some": goal.count}.get(goal.mode)
    found: dict[Projection, Structure] = {}
    worlds: Iterable[Structure]
    across: _Across | None = None
    if _is_about_all(program, question, goal):
        across = _Across(program, question, budget)
        worlds = across.worlds
    else:
        worlds = solutions(program, question, budget=budget)
    optimum = across.found.optimum if across else ()
    right = _equal_options(across, optimum[0]) if across and optimum and goal.mode != "count" else ()
    for world in worlds:
        evaluator = across.within(world) if across else Evaluator(world, program, budget)
        found.setdefault(projection(goal, evaluator), world)
        if wanted is not None and len(found) == wanted:
            return Found(tuple(found.values()), tuple(found), False, optimum, right)
    if across and goal.mode == "count":
        right = _equal_options(across, len(found)) if found else ()
    return Found(tuple(found.values()), tuple(found), True, optimum, right)


def _is_about_all(program: Program, question: Question, goal: Find) -> bool:
    """Whether one world cannot be told to be an answer without the others."""
    if question.objectives or question.options or program.softs_of(question):
        return True
    return any(isinstance(part, Modal) for term in goal.terms for part in subterms(term))


def _prove(across: _Across, formula: Term) -> Proved:
    truths = across.truths(formula)
    witness = next((w for w, truth in zip(across.worlds, truths, strict=True) if truth), None)
    counterexample = next((w for w, truth in zip(across.worlds, truths, strict=True) if not truth), None)
    if witness is None and counterexample is None:
        return Proved("inconsistent", None, None)
    if counterexample is None:
        return Proved("entailed", witness, None)
    return Proved("undetermined" if witness is not None else "refuted", witness, counterexample)


def _ask(across: _Across, goal: Ask) -> Asked:
    if not across.worlds:
        return Asked((), (), True)
    found = [set(matches(across.within(world), goal.binders, goal.body)) for world in across.worlds]
    certain, possible = set.intersection(*found), set.union(*found)
    return Asked(_in_order(certain), _in_order(possible - certain))


def _in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows sorted by the order of the sorts, column after column."""
    return tuple(sorted(rows, key=lambda row: [_rank(value) for value in row]))


def _rank(value: Value) -> tuple[Number, ...]:
    if isinstance(value, Element):
        return (value.index,)
    if isinstance(value, frozenset):
        return (len(value), *sorted(part for member in value for part in _rank(member)))
    return () if value is None else (value,)


def _compute(across: _Across, goal: Compute) -> Computed:
    first: tuple[Value, ...] | None = None
    for world in across.worlds:
        values: list[Value] = []
        for term in goal.terms:
            value = across.value(term, world)
            if value is UNDEFINED:
                raise NotDefined(goal.name or "compute", world)
            values.append(value)
        if first is None:
            first = tuple(values)
        elif tuple(values) != first:
            return Computed(None, (across.worlds[0], world))
    if first is None or len(first) != 1:
        return Computed(first)
    return Computed(first, None, _equal_options(across, first[0]))


def _equal_options(across: _Across, value: Value) -> tuple[str, ...]:
    """The labels of the question's options that have the value in every world."""

    def is_equal(option: ChoiceOption) -> bool:
        return all(across.value(option.formula, world) == value for world in across.worlds)

    return tuple(option.label for option in across.question.options if is_equal(option))


# Choices


def _choose(program: Program, question: Question, goal: Choose, budget: Budget) -> Chosen:
    across = _Across(program, question, budget)
    return Chosen(tuple(option.label for option in goal.options if _is_right_option(across, goal, option)))


def _is_right_option(across: _Across, goal: Choose, option: ChoiceOption) -> bool:
    match goal.mode:
        case "could" | "must" | "cannot":
            return is_right(goal, across.truths(option.formula))
        case "equivalent":
            there = _everything(across.program, across.worlds)
            other = worlds_of(across.program, _in_place(across.question, goal, option), across.budget)
            return _everything(across.program, other.structures) == there
        case "determines":
            wanted = Find("all", terms=goal.terms, symbols=goal.symbols)
            kept = (world for world in across.worlds if across.holds(option.formula, world))
            return len({projection(wanted, across.within(world)) for world in kept}) == 1
        case "forces":
            assert goal.formula is not None
            kept = (world for world in across.worlds if across.holds(option.formula, world))
            forced = [across.holds(goal.formula, world) for world in kept]
            return bool(forced) and all(forced)
        case _:
            assert_never(goal.mode)


def is_right(goal: Choose, truth: Sequence[bool]) -> bool:
    """Whether an option is right, given its truth in each world (LANGUAGE section 6)."""
    somewhere, everywhere = any(truth), all(truth) and bool(truth)
    match goal.mode, goal.is_except:
        case ("could", False) | ("cannot", True):
            return somewhere
        case ("cannot", False) | ("could", True):
            return not somewhere
        case "must", False:
            return everywhere
        case "must", True:
            return not all(truth)
        case _:
            raise AssertionError(goal.mode)


def _in_place(question: Question, goal: Choose, option: ChoiceOption) -> Question:
    """The question with an option as a requirement in place of the ones that the goal names."""
    instead = Requirement(f"option {option.label}", "constraint", option.formula)
    return replace(question, drops=(*question.drops, *goal.labels), requirements=(*question.requirements, instead))


def _everything(program: Program, worlds: Iterable[Structure]) -> set[Projection]:
    return {project(program, Find("all"), world) for world in worlds}
