"""All worlds of a small question, by brute force: assignments of the unknowns, then the stable models for each.

It sets one cell after the other (a symbol at one argument tuple) and gives up a branch when a requirement is false.
A requirement is decided early only if its evaluation asked for no cell that is still open: then no further cell can
change it. There is no other cleverness.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from nsr.language.evaluate import NoEntry, evaluate, holds
from nsr.language.ir import Function, Objective, Program, Question, Requirement, Soft, Structure
from nsr.language.relations import components_of, extend
from nsr.language.sorts import Value, number, sort_values
from nsr.language.values import UNDEFINED, Number
from nsr.limits import Budget

__all__ = ["NotDefined", "Worlds", "solutions", "worlds_of"]


class NotDefined(ValueError):
    """An objective or a `compute` has no value in some world, where LANGUAGE wants one; `name` is the statement's."""

    def __init__(self, name: str, structure: Structure) -> None:
        self.name = name
        self.structure = structure
        super().__init__(f"`{name}` is not defined in every world")


class _Cell(NamedTuple):
    symbol: str
    args: tuple[Value, ...]


def solutions(
    program: Program, question: Question, limit: int | None = None, budget: Budget | None = None
) -> Iterator[Structure]:
    """All structures in which declarations, relations and requirements of `question` hold, `limit` at most.

    Objectives and wishes are not looked at: see `worlds_of`. Relations are given where they hold only.

    Raises:
        InfiniteSort: if an unknown has infinitely many possible values.
        BudgetExceeded: when the budget runs out.
    """
    yield from itertools.islice(_all_solutions(program, question, budget or Budget()), limit)


def _all_solutions(program: Program, question: Question, budget: Budget) -> Iterator[Structure]:
    components = components_of(program, question)
    known = tuple(component for component in components if component.is_known)
    others = tuple(component for component in components if not component.is_known)
    for given in extend(program, known, {}, budget):
        for assignment, waiting in _Search(program, question, given, budget).run():
            for structure in extend(program, others, assignment, budget):
                if all(holds(r.formula, structure, program, budget=budget) for r in waiting):
                    yield structure


# Optimal worlds


@dataclass(frozen=True, slots=True)
class Worlds:
    """The worlds of a question; with objectives the optimal ones, and their values in the order of rank."""

    structures: tuple[Structure, ...]
    optimum: tuple[Number, ...] = ()


def worlds_of(program: Program, question: Question, budget: Budget | None = None) -> Worlds:
    """The worlds of a question, wishes and objectives looked at.

    Raises:
        InfiniteSort: if an unknown has infinitely many possible values.
        NotDefined: if an objective has no value in some solution.
        BudgetExceeded: when the budget runs out.
    """
    budget = budget or Budget()
    found = solutions(program, question, budget=budget)
    softs = program.softs_of(question)
    if not question.objectives and not softs:
        return Worlds(tuple(found))
    best: tuple[Number, ...] | None = None
    kept: list[Structure] = []
    for structure in found:
        costs = costs_of(program, question, structure, budget)
        if best is None or costs < best:
            best, kept = costs, []
        if costs == best:
            kept.append(structure)
    kinds = [objective.kind for objective in question.objectives] or ["minimize"]
    signs = [-1 if kind == "maximize" else 1 for kind in kinds]
    return Worlds(tuple(kept), tuple(sign * cost for sign, cost in zip(signs, best or (), strict=False)))


def costs_of(
    program: Program, question: Question, structure: Structure, budget: Budget | None = None
) -> tuple[Number, ...]:
    """What the objectives come to, in order of rank, each to be made small (maximized ones with the sign turned).

    The wishes that are false add their weights to the first, or are the only one.
    """
    softs = program.softs_of(question)
    costs = [_cost(program, objective, structure, budget) for objective in question.objectives]
    if softs:
        penalty = _penalty(program, softs, structure, budget)
        costs[:1] = [number(costs[0] + penalty) if costs else penalty]
    return tuple(costs)


def _cost(program: Program, objective: Objective, structure: Structure, budget: Budget | None) -> Number:
    value = evaluate(objective.term, structure, program, budget=budget)
    if value is UNDEFINED or isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise NotDefined(objective.name, structure)
    return -value if objective.kind == "maximize" else value


def _penalty(program: Program, softs: Iterable[Soft], structure: Structure, budget: Budget | None) -> Number:
    broken = (soft.weight for soft in softs if not holds(soft.formula, structure, program, budget=budget))
    return number(sum((Fraction(weight) for weight in broken if isinstance(weight, int | Fraction)), Fraction(0)))


class _Search:
    """Depth-first over the cells, in order of declaration, beside relations that are `given`."""

    def __init__(self, program: Program, question: Question, given: Structure, budget: Budget) -> None:
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
        self._structure = {**given, **self._values}
        self._open = {*self._values, *(relation.name for relation in program.relations())}

    def run(self) -> Iterator[tuple[Structure, list[Requirement]]]:
        """Every assignment, as a copy of its own, with the requirements that wait for relations."""
        pending = self._still_open(self._requirements)
        if pending is None:
            return
        if not self._cells:
            yield self._copy(), pending
            return
        waiting: list[list[Requirement]] = [pending]
        values = [iter(self._choices[0])]
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
                yield self._copy(), still
            else:
                values.append(iter(self._choices[depth + 1]))
                waiting.append(still)

    def _copy(self) -> Structure:
        return {name: dict(found) for name, found in self._structure.items()}

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
                if not holds(requirement.formula, self._structure, self._program, budget=self._budget):
                    return None
            except NoEntry as missing:
                if missing.symbol not in self._open:
                    raise
                still.append(requirement)
        return still
