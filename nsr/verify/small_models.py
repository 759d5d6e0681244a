"""Open types for which a few things are enough: if there is a world at all, there is one that is so small.

Formulas of the form "there are ..., such that for all ..." (Bernays and Schönfinkel 1928, with equality Ramsey 1930)
keep their truth when only the things with a name and the things said to exist are left. Formulas in which predicates
speak of one thing at a time, and nothing is said to be the same, cannot tell things of one kind apart (Löwenheim
1915), so one of each kind is enough. Both are in Börger, Grädel, Gurevich, "The Classical Decision Problem" (1997).
Symbols whose values are of finite types may take part: they are predicates, one for each value.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod

from nsr.errors import UnsoundBackend
from nsr.language import ir
from nsr.language.open_types import at_sizes, is_open, open_sorts, smallest_size
from nsr.language.sorts import OpenSort, SetSort, sort_size
from nsr.language.traverse import binders_of, children, subterms
from nsr.limits import Limits
from nsr.solvers import Claim, Gap, SatisfiableJob, run
from nsr.verify.outcomes import verify

__all__ = ["confirm_at_all_sizes", "enough_things"]

MOST_THINGS = 16
"""More things than these are not tried."""

MOST_SIZES = 40
"""More choices of sizes than these are not tried."""

MOST_STEPS = 100_000
"""Larger formulas are not looked at: what stands under `iff` is seen twice."""

DENIED = "the opposite"
"""The name of the requirement that is to have no world; no label has blanks."""


class _Outside(Exception):
    """A formula of another form."""


def enough_things(program: ir.Program, question: int, formula: ir.Term) -> dict[str, int] | None:
    """For each open type how many things are enough to make a formula true, if any number is; None if it is not known.

    A world with at most so many things exists if there is a world at all.
    """
    asked = program.questions[question]
    if any(_is_outside(function) for function in (*program.unknowns(), *program.relations())):
        return None
    if any(_goes_over_open(part) for rule in program.rules_of(asked) for part in subterms(rule.body)):
        return None
    formulas = [*(r.formula for r in program.requirements_of(asked)), formula]
    named = {s.name: len(s.constants) + _unknown_things(program, s) for s in open_sorts(program)}
    for more in (_existing, _kinds):
        try:
            found = more(program, formulas)
        except (_Outside, RecursionError):
            continue
        return {
            sort.name: max(smallest_size(sort), named[sort.name] + found.get(sort.name, 0))
            for sort in open_sorts(program)
        }
    return None


def _is_outside(function: ir.Function) -> bool:
    """Whether a symbol makes things out of others, or its values are sets of things."""
    if any(isinstance(sort, SetSort) and is_open(sort) for sort in (*function.arguments, function.value)):
        return True
    return isinstance(function.value, OpenSort) and bool(function.arguments)


def _unknown_things(program: ir.Program, sort: OpenSort) -> int:
    return sum(function.value == sort for function in program.unknowns())


def _goes_over_open(term: ir.Term) -> bool:
    return any(bound.domain is None and is_open(bound.variable.sort) for bound in binders_of(term))


# There are ..., such that for all ...


def _existing(program: ir.Program, formulas: list[ir.Term]) -> dict[str, int]:
    """How many things of each type the formulas say to exist.

    Raises:
        _Outside: if something is said to exist for each thing of an open type.
    """
    counter = _Existing(program)
    for formula in formulas:
        counter.visit(formula, is_positive=True, copies=1, is_below=False)
    return counter.found


@dataclass(slots=True)
class _Existing:
    program: ir.Program
    found: dict[str, int] = field(default_factory=dict)
    steps: int = 0

    def visit(self, term: ir.Term, *, is_positive: bool, copies: int | None, is_below: bool) -> None:
        """Count below a formula: it stands for `copies` instances; `is_below` a binder over all things of a type."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _Outside

        def below(part: ir.Term, *, positive: bool = is_positive) -> None:
            self.visit(part, is_positive=positive, copies=copies, is_below=is_below)

        match term:
            case ir.Not(arg):
                below(arg, positive=not is_positive)
            case ir.And(args) | ir.Or(args):
                for arg in args:
                    below(arg)
            case ir.Implies(left, right):
                below(left, positive=not is_positive)
                below(right)
            case ir.Iff(left, right) | ir.Xor(left, right):
                for part in (left, right):
                    below(part)
                    below(part, positive=not is_positive)
            case ir.Conditional(condition, then, otherwise):
                below(condition)
                below(condition, positive=not is_positive)
                below(then)
                below(otherwise)
            case ir.Quantified():
                self._quantified(term, is_positive=is_positive, copies=copies, is_below=is_below)
            case ir.Apply(symbol) if symbol in self.program.definitions:
                self._plain(term)
                below(self.program.definitions[symbol].body)
            case _:
                self._plain(term)

    def _quantified(self, term: ir.Quantified, *, is_positive: bool, copies: int | None, is_below: bool) -> None:
        is_exists = (term.kind == "exists") is is_positive
        for bound in term.binders:
            sort = bound.variable.sort
            if not isinstance(sort, OpenSort) or bound.domain is not None:
                size = _width(bound)
                copies = None if copies is None or size is None else copies * size
            elif not is_exists:
                is_below = True
            elif is_below or copies is None:
                raise _Outside
            else:
                self.found[sort.name] = self.found.get(sort.name, 0) + copies
        self.visit(term.body, is_positive=is_positive, copies=copies, is_below=is_below)

    def _plain(self, term: ir.Term) -> None:
        """A part in which nothing may go over an open type."""
        for part in _parts(self.program, term):
            if _goes_over_open(part) or (isinstance(part, ir.SetOf) and is_open(part.sort)):
                raise _Outside


def _parts(program: ir.Program, term: ir.Term) -> Iterator[ir.Term]:
    """The parts of an atom; of a definition that it is, its arguments only."""
    if isinstance(term, ir.Apply) and term.symbol in program.definitions:
        for arg in term.args:
            yield from _parts_within(program, arg)
    else:
        yield from _parts_within(program, term)


def _parts_within(program: ir.Program, term: ir.Term) -> Iterator[ir.Term]:
    """The parts of a term and of the definitions that it calls."""
    seen: set[str] = set()
    waiting = [term]
    while waiting:
        for part in subterms(waiting.pop()):
            yield part
            if isinstance(part, ir.Apply) and part.symbol in program.definitions and part.symbol not in seen:
                seen.add(part.symbol)
                waiting.append(program.definitions[part.symbol].body)


def _width(bound: ir.Bound) -> int | None:
    match bound.domain:
        case None:
            return sort_size(bound.variable.sort)
        case ir.Listed(values):
            return len(values)
        case ir.Interval(ir.Literal(int() as low), ir.Literal(int() as high)):
            return max(0, high - low + 1)
        case _:
            return None


# One thing at a time


def _kinds(program: ir.Program, formulas: list[ir.Term]) -> dict[str, int]:
    """How many kinds of things of each type the unknowns can tell apart.

    Raises:
        _Outside: if the formulas compare or count things, or a symbol speaks of two of them.
    """
    for formula in formulas:
        for part in _parts_within(program, formula):
            if isinstance(part, ir.Quantified | ir.Apply | ir.Variable | ir.Literal):
                continue
            if _goes_over_open(part) or any(is_open(ir.sort_of(child)) for child in children(part)):
                raise _Outside
    kinds = {sort.name: 1 for sort in open_sorts(program)}
    for function in program.unknowns():
        things = [sort for sort in function.arguments if isinstance(sort, OpenSort)]
        if not things:
            continue
        sizes = [sort_size(sort) for sort in function.arguments if not isinstance(sort, OpenSort)]
        values = sort_size(function.value)
        if len(things) > 1 or function.is_distinct or values is None or None in sizes:
            raise _Outside
        cells = prod(size for size in sizes if size is not None)
        if cells > MOST_THINGS:
            raise _Outside
        kinds[things[0].name] *= (values + function.is_optional) ** cells
    return kinds


# Asking


async def confirm_at_all_sizes(
    program: ir.Program, question: int, formula: ir.Term, backend: str, *, limits: Limits | None = None, seed: int = 0
) -> str | None:
    """The name of a second back end that finds no world for a formula at any size that matters; None if none can tell.

    Raises:
        UnsoundBackend: when it finds one.
    """
    enough = enough_things(program, question, formula)
    limits = limits or Limits()
    if enough is None:
        return None
    until = time.monotonic() + limits.wall_seconds
    asked = program.questions[question]
    more = replace(asked, requirements=(*asked.requirements, ir.Requirement(DENIED, "assume", formula)))
    whole = program.with_question(question, more)
    second = None
    for sizes in _sizes(program, enough):
        job = SatisfiableJob(at_sizes(whole, sizes), question)
        left = until - time.monotonic()
        if left <= 0:
            return None
        try:
            found = await run(job, limits=replace(limits, wall_seconds=left), seed=seed, without=backend)
        except Gap:
            return None
        verify(job.program, question, found)
        if found.claim is Claim.SATISFIABLE:
            raise UnsoundBackend(
                f"`{backend}` says that there is no world, and `{found.backend}` finds one of size {sizes}"
            )
        if found.claim is not Claim.UNSATISFIABLE:
            return None
        second = found.backend
    return second


def _sizes(program: ir.Program, enough: Mapping[str, int]) -> list[dict[str, int]]:
    """All choices of sizes up to those that are enough; none if there are too many."""
    ranges = [range(smallest_size(sort), enough[sort.name] + 1) for sort in open_sorts(program)]
    if max(enough.values(), default=0) > MOST_THINGS or prod(map(len, ranges)) > MOST_SIZES:
        return []
    return [dict(zip(enough, chosen, strict=True)) for chosen in product(*ranges)]
