"""Looks for worlds of small programs, and for case distinctions where there is none, cell by cell.

Backtracking with forward checking (Haralick and Elliott, "Increasing tree search efficiency", 1980): a cell with the
fewest values left is next, and a value that a requirement makes impossible is out together with that reason. A way that
failed without the cell it began with is the failure of all ways of that cell, so these are not gone (Prosser, 1993:
backjumping). What comes out is for the evaluator, and for `nsr.proofs.cases`, to accept.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from nsr.language.ir import AllDifferent, And, Quantified
from nsr.language.recursion import RecursionRoom
from nsr.language.sorts import sort_size, sort_values
from nsr.proofs.cases import Broken, Clash, Split
from nsr.proofs.partial import OPEN, Form, NotTaken, Writer
from nsr.proofs.reading import Decided

if TYPE_CHECKING:
    from nsr.language.ir import Function, Program, Question, Structure, Term
    from nsr.language.sorts import Value
    from nsr.limits import Budget
    from nsr.proofs.cases import Cases

__all__ = ["SmallSearch"]

MOST_CELLS = 120
MOST_VALUES = 32
"""Programs with more unknown cells, or more values of one, are left to solvers."""

MOST_TRIED = 12
"""Where the cells of a requirement that are open have more values together, they are not tried one by one."""

Reason: TypeAlias = "tuple[Broken | Clash, frozenset[int]]"
"""Why a value is out, and the cells that this rests on."""


class _Constraint(NamedTuple):
    """What has to be true of some cells, and where it comes from; `apart`: their values have to be different."""

    form: Form
    end: Broken
    apart: tuple[int, ...] = ()


class SmallSearch:
    """The cells and requirements of a question, ready to be searched for several formulas."""

    def __init__(self, program: Program, question: Question, budget: Budget) -> None:
        self.budget = budget
        self._program = program
        self.keys: list[tuple[str, tuple[Value, ...]]] = []
        self.values: list[tuple[Value, ...]] = []
        for function in program.unknowns():
            self._take_cells(function)
        places = {key: place for place, key in enumerate(self.keys)}
        self.rows = Decided(program, question, budget).rows if program.relations() else {}
        if any(function.name not in self.rows for function in program.relations()):
            raise NotTaken
        self._writer = Writer(program, places, self.rows)
        self.groups = self._groups(places)
        self.constraints: list[_Constraint] = []
        for required in program.requirements_of(question):
            self.constraints += self.written(required.formula, required.name)

    def _take_cells(self, function: Function) -> None:
        sizes = [sort_size(sort) for sort in (*function.arguments, function.value)]
        if None in sizes or prod(s or 0 for s in sizes[:-1]) + len(self.keys) > MOST_CELLS:
            raise NotTaken
        if (sizes[-1] or 0) > MOST_VALUES:
            raise NotTaken
        values = (*sort_values(function.value), *((None,) if function.is_optional else ()))
        for key in itertools.product(*(sort_values(sort) for sort in function.arguments)):
            self.keys.append((function.name, key))
            self.values.append(values)

    def _groups(self, places: dict[tuple[str, tuple[Value, ...]], int]) -> list[tuple[int, ...]]:
        """The cells that are declared to have different values."""
        found: dict[object, list[int]] = {}
        for function in self._program.unknowns():
            if function.is_distinct or function.distinct_group is not None:
                name = function.name if function.distinct_group is None else function.distinct_group
                found.setdefault(name, []).extend(p for (owner, _), p in places.items() if owner == function.name)
        return [tuple(cells) for cells in found.values()]

    def written(self, formula: Term, name: str | None) -> list[_Constraint]:
        """The constraints that a formula comes to; `name` is None for one that is asked about."""
        return [
            _Constraint(form, Broken(name, values), self._apart(part, form, env))
            for values, part, env in self._parts(formula, (), {}, is_outside=True)
            if (form := self._writer.truth(part, env)).cells or form.of([]) is not True
        ]

    def _parts(
        self, term: Term, values: tuple[Value, ...], env: dict[str, Value], *, is_outside: bool
    ) -> Iterable[tuple[tuple[Value, ...], Term, dict[str, Value]]]:
        """The parts that all have to hold, with the values of the variables that the whole is for all of."""
        match term:
            case Quantified("forall", binders, body):
                names = [bound.variable.name for bound in binders]
                for inner in self._writer.bindings(binders, env):
                    told = (*values, *(inner[name] for name in names)) if is_outside else values
                    yield from self._parts(body, told, inner, is_outside=is_outside)
            case And(args):
                for arg in args:
                    yield from self._parts(arg, values, env, is_outside=False)
            case _:
                yield values, term, env

    def _apart(self, term: Term, form: Form, env: dict[str, Value]) -> tuple[int, ...]:
        """The cells that are to be different, where that is all that is said."""
        if not isinstance(term, AllDifferent) or len(form.cells) < len(term.args):
            return ()
        cells = [self._writer.value(arg, env).cells for arg in term.args]
        plain = all(len(own) == 1 for own in cells) and form.cells == frozenset().union(*cells)
        return tuple(place for own in cells for place in own) if plain and self._are_calls(term) else ()

    def _are_calls(self, term: AllDifferent) -> bool:
        names = {function.name for function in self._program.unknowns()}
        return all(getattr(arg, "symbol", None) in names for arg in term.args)

    def world(self, formula: Term | None) -> Structure | Cases:
        """A world in which the formula is true, or why there is none.

        Raises:
            BudgetExceeded, NotTaken, NoEntry: where it takes too long, or is not taken.
        """
        run = _Run(self, [*self.constraints, *(self.written(formula, None) if formula is not None else ())])
        with RecursionRoom():
            failed = run.failure()
        if failed is not None:
            return failed[0]
        structure: dict[str, dict[tuple[Value, ...], Value]] = {f.name: {} for f in self._program.unknowns()}
        for (name, key), value in zip(self.keys, run.cells, strict=True):
            structure[name][key] = value
        return {**structure, **self.rows}


@dataclass(slots=True)
class _Run:
    """One search: the values so far, and for each cell the values that are out."""

    search: SmallSearch
    constraints: Sequence[_Constraint]
    cells: list[Any] = field(init=False)
    out: list[dict[Value, Reason]] = field(init=False)
    about: list[list[_Constraint]] = field(init=False)

    def __post_init__(self) -> None:
        count = len(self.search.keys)
        self.cells = [OPEN] * count
        self.out = [{} for _ in range(count)]
        self.about = [[] for _ in range(count)]
        for constraint in self.constraints:
            for place in constraint.form.cells:
                self.about[place].append(constraint)

    def failure(self) -> tuple[Cases, frozenset[int]] | None:
        """Why there is no world; None if there is one, which then stands in the cells."""
        for constraint in self.constraints:
            if constraint.form.of(self.cells) is False:
                return constraint.end, frozenset()
            self._look(constraint, [])
        return self._below()

    def _below(self) -> tuple[Cases, frozenset[int]] | None:
        """The same for the values so far."""
        values, out = self.search.values, self.out
        open_cells = [place for place, value in enumerate(self.cells) if value is OPEN]
        if not open_cells:
            return None
        # Of those with as few values left the one that most is said of.
        place = min(open_cells, key=lambda p: (len(values[p]) - len(out[p]), -len(self.about[p])))
        branches: list[tuple[Value, Cases]] = []
        rests: set[int] = set()
        for value in values[place]:
            if value in out[place]:
                end, used = out[place][value]
                branches.append((value, end))
                rests |= used
                continue
            failed = self._with(place, value)
            if failed is None:
                return None
            if place not in failed[1]:
                return failed
            branches.append((value, failed[0]))
            rests |= failed[1]
        return Split(*self.search.keys[place], tuple(branches)), frozenset(rests - {place})

    def _with(self, place: int, value: Value) -> tuple[Cases, frozenset[int]] | None:
        """Why there is no world with this value more."""
        trail: list[tuple[int, Value]] = []
        self.search.budget.spend(10 + len(self.cells))
        self.cells[place] = value
        self._look_apart(place, self.search.groups, None, trail)
        for constraint in self.about[place]:
            if constraint.apart:
                self._look_apart(place, [constraint.apart], constraint.end, trail)
            else:
                self._look(constraint, trail)
        failed = self._below()
        if failed is not None:
            self.cells[place] = OPEN
            for other, gone in trail:
                del self.out[other][gone]
        return failed

    def _look(self, constraint: _Constraint, trail: list[tuple[int, Value]]) -> None:
        """Take out the values with which a constraint is false, where few are left to try."""
        cells, values = self.cells, self.search.values
        waiting = [place for place in constraint.form.cells if cells[place] is OPEN]
        if len(waiting) > 1 and sum(len(values[p]) - len(self.out[p]) for p in waiting) > MOST_TRIED:
            return
        truth = constraint.form.of
        for place in waiting:
            out = self.out[place]
            self.search.budget.spend(10 * len(values[place]))
            for value in values[place]:
                if value not in out:
                    cells[place] = value
                    if truth(cells) is False:
                        known = (p for p in constraint.form.cells if cells[p] is not OPEN)
                        out[value] = (constraint.end, frozenset(known))
                        trail.append((place, value))
            cells[place] = OPEN

    def _look_apart(
        self, place: int, groups: Iterable[Sequence[int]], end: Broken | None, trail: list[tuple[int, Value]]
    ) -> None:
        """Take the value of a cell out of all others that have to be different; `none` is only by a requirement."""
        value = self.cells[place]
        if value is None and end is None:
            return
        for group in groups:
            if place not in group:
                continue
            for other in group:
                if self.cells[other] is OPEN and value in self.search.values[other] and value not in self.out[other]:
                    why = end or Clash(self.search.keys[place], self.search.keys[other])
                    self.out[other][value] = (why, frozenset((place, other)))
                    trail.append((other, value))
