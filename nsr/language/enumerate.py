"""Brute force: all solutions of a small program, and the answer to each goal. The oracle of the tests.

It sets one cell after the other (a symbol at one argument tuple) and gives up a branch when a requirement is false.
A requirement is decided early only if its evaluation asked for no cell that is still open: then no further cell can
change it. There is no other cleverness.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, assert_never

from nsr.language.evaluate import NoEntry, Result, evaluate, holds
from nsr.language.ir import Choose, Find, Function, Program, Question, Requirement, Structure, Term
from nsr.language.sorts import Value, sort_values
from nsr.limits import Budget

__all__ = ["Chosen", "Found", "answer", "project", "solutions"]

Projection: TypeAlias = tuple[Result, ...]


class _Cell(NamedTuple):
    symbol: str
    args: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to `find`: one structure for each different projection to what is asked for.

    `is_complete` is false when the search stopped because as many were found as the goal asks for.
    """

    solutions: tuple[Structure, ...]
    projections: tuple[Projection, ...]
    is_complete: bool

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


def solutions(
    program: Program, question: Question, limit: int | None = None, budget: Budget | None = None
) -> Iterator[Structure]:
    """All structures in which the declarations and the requirements of `question` hold, `limit` at most.

    Raises:
        ValueError: if an unknown has infinitely many possible values.
        BudgetExceeded: when the budget runs out.
    """
    search = _Search(program, question, budget or Budget())
    yield from itertools.islice(search.run(), limit)


class _Search:
    """Depth-first over the cells, in order of declaration."""

    def __init__(self, program: Program, question: Question, budget: Budget) -> None:
        self._program = program
        self._budget = budget
        self._requirements = program.requirements_of(question)
        self._values: dict[str, dict[tuple[Value, ...], Value]] = {}
        self._cells: list[_Cell] = []
        self._choices: list[Sequence[Value]] = []
        self._functions: list[Function] = []
        for function in program.unknowns():
            self._values[function.name] = {}
            choices: Sequence[Value] = sort_values(function.value)
            if function.is_optional:
                choices = (*choices, None)
            for args in itertools.product(*(sort_values(s) for s in function.arguments)):
                self._cells.append(_Cell(function.name, args))
                self._choices.append(choices)
                self._functions.append(function)

    def run(self) -> Iterator[Structure]:
        """Every solution, as a copy of its own."""
        pending = self._still_open(self._requirements)
        if pending is None:
            return
        waiting: list[list[Requirement]] = [pending]
        values = [iter(self._choices[0])] if self._cells else []
        if not self._cells:
            yield {}
            return
        while values:
            depth = len(values) - 1
            cell = self._cells[depth]
            table = self._values[cell.symbol]
            table.pop(cell.args, None)
            try:
                value = next(values[-1])
            except StopIteration:
                values.pop()
                waiting.pop()
                continue
            self._budget.spend()
            if not self._may_take(depth, value):
                continue
            table[cell.args] = value
            still = self._still_open(waiting[-1])
            if still is None:
                continue
            if depth + 1 == len(self._cells):
                yield {name: dict(found) for name, found in self._values.items()}
            else:
                values.append(iter(self._choices[depth + 1]))
                waiting.append(still)

    def _may_take(self, depth: int, value: Value) -> bool:
        """Whether `distinct` lets the cell have the value, given the cells before."""
        function = self._functions[depth]
        if not function.is_distinct or value is None:
            return True
        if function.distinct_group is None:
            return value not in self._values[function.name].values()
        group = (f for f in self._functions if f.distinct_group == function.distinct_group)
        return all(self._values[f.name].get(()) != value for f in group)

    def _still_open(self, requirements: Sequence[Requirement]) -> list[Requirement] | None:
        """Those that wait for an open cell; None if one is false."""
        still = []
        for requirement in requirements:
            try:
                if not holds(requirement.formula, self._values, self._program, budget=self._budget):
                    return None
            except NoEntry as missing:
                if missing.symbol not in self._values:
                    raise
                still.append(requirement)
        return still


def answer(program: Program, question: Question, budget: Budget | None = None) -> Found | Chosen:
    """The answer to the goal of `question`, by going through all solutions."""
    budget = budget or Budget()
    match question.goal:
        case Find() as goal:
            return _find(program, question, goal, budget)
        case Choose() as goal:
            return _choose(program, question, goal, budget)
        case _:
            assert_never(question.goal)


def _find(program: Program, question: Question, goal: Find, budget: Budget) -> Found:
    wanted = {"one": 1, "unique": 2, "some": goal.count}.get(goal.mode)
    found: dict[Projection, Structure] = {}
    for structure in solutions(program, question, budget=budget):
        found.setdefault(project(program, goal, structure, budget), structure)
        if wanted is not None and len(found) == wanted:
            return Found(tuple(found.values()), tuple(found), False)
    return Found(tuple(found.values()), tuple(found), True)


def project(program: Program, goal: Find, structure: Structure, budget: Budget | None = None) -> Projection:
    """The values of what a `find` asks for: its terms and symbols, or all unknowns if it names none.

    Two structures are one answer if these agree.
    """
    symbols: Sequence[str] = goal.symbols
    if not goal.symbols and not goal.terms:
        symbols = [f.name for f in program.unknowns()]
    values: list[Result] = []
    for name in symbols:
        table: Mapping[tuple[Value, ...], Value] = structure[name]
        sorts = program.symbols[name].arguments
        values.extend(table[args] for args in itertools.product(*(sort_values(s) for s in sorts)))
    values.extend(evaluate(term, structure, program, budget=budget) for term in goal.terms)
    return tuple(values)


def _choose(program: Program, question: Question, goal: Choose, budget: Budget) -> Chosen:
    worlds = list(solutions(program, question, budget=budget))

    def is_true(formula: Term) -> list[bool]:
        return [holds(formula, world, program, budget=budget) for world in worlds]

    return Chosen(tuple(o.label for o in goal.options if is_right(goal, is_true(o.formula))))


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
