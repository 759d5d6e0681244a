"""Integers without bounds get the bounds that the requirements imply.

Intervals are carried through the terms of what holds, up and down, until they no longer move: a requirement is looked
at again when the interval of one of its unknowns has become smaller (Benhamou et al., "Revising hull and box
consistency", ICLP 1999). Of alternatives the hull is taken. Where an unknown stays without a bound, its declaration
stays as it is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from functools import partial
from math import ceil, floor
from typing import TYPE_CHECKING, TypeAlias

from nsr.language.calls import calls_of
from nsr.language.ir import (
    Absolute,
    And,
    Apply,
    Conditional,
    Divide,
    Equal,
    Extremum,
    FloorDivide,
    Implies,
    Less,
    LessEqual,
    Literal,
    Negate,
    Not,
    Or,
    Product,
    Restrict,
    Sum,
    sort_of,
)
from nsr.language.sorts import IntSort, is_numeric
from nsr.language.traverse import fold, rebuild, subterms
from nsr.reformulations.bounds import (
    ANY,
    Bounds,
    bounds_of_sort,
    intersection,
    is_whole,
    negative,
    quotient,
    step_of_bounds,
    times,
    union,
)
from nsr.reformulations.protocol import ASKED, Construct, Feature, Position, Reformulation, features

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nsr.language.ir import Function, Program, Term
    from nsr.limits import Budget

__all__ = ["BOUNDS_FROM_REQUIREMENTS", "is_unbounded"]

Key: TypeAlias = tuple[object, ...]

MOST_MOVES = 3
"""A bound that exists is improved this often: some would move for ever."""

STEPS_A_NODE = 50
"""How often, on the average, a node may be looked at before the search ends with what is known by then."""


def rewrite(program: Program, budget: Budget) -> Program:
    """The program with bounds in the declarations of integers that had none, as far as they follow."""
    # The code of `none` depends on the bounds that are declared.
    lacking = [f for f in program.unknowns() if is_unbounded(f) and not f.is_optional]
    known = _Intervals(program, budget).settled()
    sorts: dict[str, IntSort] = {}
    for function in lacking:
        hull = union([known.get(_key(call), bounds_of_sort(call.sort)) for call in calls_of(function, budget)])
        low, high = hull
        sorts[function.name] = IntSort(None if low is None else int(low), None if high is None else int(high))

    def bounded(term: Term) -> Term:
        return replace(term, sort=sorts[term.symbol]) if isinstance(term, Apply) and term.symbol in sorts else term

    symbols = {name: replace(f, value=sorts[name]) if name in sorts else f for name, f in program.symbols.items()}
    requirements = [replace(r, formula=rebuild(r.formula, bounded)) for r in program.requirements]
    return replace(program, symbols=symbols, requirements=tuple(requirements))


def is_unbounded(function: Function) -> bool:
    """Whether the values are integers without a least or without a greatest one."""
    sort = function.value
    return isinstance(sort, IntSort) and (sort.low is None or sort.high is None)


def _key(call: Apply) -> Key:
    """The unknown that a call with literal arguments means."""
    return (call.symbol, *[arg.value for arg in call.args if isinstance(arg, Literal)])


class _Impossible(Exception):
    """What is required cannot hold."""


class _Intervals:
    """The intervals of integer unknowns, and what holds of them."""

    def __init__(self, program: Program, budget: Budget) -> None:
        self._budget = budget
        integers = {f.name for f in program.unknowns() if isinstance(f.value, IntSort) and not f.is_optional}
        self._known: dict[Key, Bounds] = {}
        self._changes: list[tuple[Key, Bounds]] = []
        self._moves: dict[Key, int] = {}
        self._formulas: list[tuple[Term, int]] = []
        self._uses: dict[Key, list[int]] = {}
        for requirement in program.requirements:
            # What is only asked about need not hold.
            if not requirement.name.startswith(ASKED):
                for part in _parts(requirement.formula):
                    self._add(part, integers)

    def _add(self, formula: Term, integers: set[str]) -> None:
        keys: dict[Key, Bounds] = {}
        size = 0
        for part in subterms(formula):
            size += 1
            if isinstance(part, Apply) and part.symbol in integers:
                keys[_key(part)] = bounds_of_sort(part.sort)
        self._budget.spend(size)
        if keys:
            for key in keys:
                self._uses.setdefault(key, []).append(len(self._formulas))
            self._known.update(keys)
            self._formulas.append((formula, size))

    def settled(self) -> Mapping[Key, Bounds]:
        """The intervals when all are bounded or nothing moves; of what cannot hold together any will do."""
        queue = deque(sorted(range(len(self._formulas)), key=lambda number: self._formulas[number][1]))
        lacking = {key for key, interval in self._known.items() if not interval.is_finite}
        waiting = set(queue)
        steps = STEPS_A_NODE * sum(size for _, size in self._formulas)
        while queue and lacking and steps > 0:
            number = queue.popleft()
            waiting.discard(number)
            formula, size = self._formulas[number]
            steps -= size
            self._budget.spend(size)
            self._changes.clear()
            try:
                self._require(formula)
            except _Impossible:
                return dict.fromkeys(self._known, Bounds(0, 0))
            for key, before in self._changes:
                if self._known[key].is_finite:
                    lacking.discard(key)
                if self._is_news(key, before):
                    again = [n for n in self._uses[key] if n != number and n not in waiting]
                    waiting.update(again)
                    queue.extend(again)
        return self._known

    def _is_news(self, key: Key, before: Bounds) -> bool:
        now = self._known[key]
        if (before.low is None) != (now.low is None) or (before.high is None) != (now.high is None):
            return True
        self._moves[key] = self._moves.get(key, 0) + 1
        return self._moves[key] <= MOST_MOVES

    # What holds

    def _require(self, formula: Term) -> None:
        match formula:
            case Literal(value):
                if value is not True:
                    raise _Impossible
            case And(args):
                for arg in args:
                    self._require(arg)
            case Or(args):
                self._require_one([partial(self._require, arg) for arg in args])
            case Implies(left, right):
                self._require_one([lambda: self._deny(left), lambda: self._require(right)])
            case Conditional(condition, then, otherwise):
                self._require_one(
                    [
                        lambda: self._require(And((condition, then))),
                        lambda: self._require(And((Not(condition), otherwise))),
                    ]
                )
            case Not(arg):
                self._deny(arg)
            case Equal(left, right) if is_numeric(sort_of(left)):
                common = intersection(self._interval(left), self._interval(right))
                self._narrow(left, common)
                self._narrow(right, common)
            case Less(left, right) | LessEqual(left, right) if is_numeric(sort_of(left)):
                self._order(left, right, is_strict=isinstance(formula, Less))
            case _:
                pass

    def _deny(self, formula: Term) -> None:
        match formula:
            case Literal(value):
                if value is True:
                    raise _Impossible
            case Not(arg):
                self._require(arg)
            case Or(args):
                for arg in args:
                    self._deny(arg)
            case And(args):
                self._require_one([partial(self._deny, arg) for arg in args])
            case Implies(left, right):
                self._require(left)
                self._deny(right)
            case Less(left, right) | LessEqual(left, right) if is_numeric(sort_of(left)):
                self._order(right, left, is_strict=isinstance(formula, LessEqual))
            case _:
                pass

    def _require_one(self, alternatives: Sequence[Callable[[], None]]) -> None:
        """The hull of what follows from each alternative that is possible."""
        found: dict[Key, list[Bounds]] = {}
        possible = 0
        for require in alternatives:
            start = len(self._changes)
            try:
                require()
            except _Impossible:
                self._undo(start)
                continue
            possible += 1
            for key in {key for key, _ in self._changes[start:]}:
                found.setdefault(key, []).append(self._known[key])
            self._undo(start)
        if not possible:
            raise _Impossible
        for key, intervals in found.items():
            if len(intervals) == possible:
                self._tighten(key, union(intervals))

    def _undo(self, start: int) -> None:
        for key, before in reversed(self._changes[start:]):
            self._known[key] = before
        del self._changes[start:]

    def _order(self, left: Term, right: Term, *, is_strict: bool) -> None:
        gap = 1 if is_strict and is_whole(left) and is_whole(right) else 0
        high, low = self._interval(right).high, self._interval(left).low
        self._narrow(left, Bounds(None, None if high is None else high - gap))
        self._narrow(right, Bounds(None if low is None else low + gap, None))

    # Intervals of terms

    def _interval(self, term: Term) -> Bounds:
        return fold(term, self._step)

    def _step(self, term: Term, below: Sequence[Bounds]) -> Bounds:
        if isinstance(term, Apply):
            known = self._known.get(_key(term))
            if known is not None:
                return known
        return step_of_bounds(term, below)

    def _narrow(self, term: Term, target: Bounds) -> None:
        """The value of the term is in an interval."""
        if target == ANY:
            return
        match term:
            case Literal():
                if _is_empty(intersection(self._interval(term), target)):
                    raise _Impossible
            case Apply():
                if _key(term) in self._known:
                    self._tighten(_key(term), target)
            case Restrict(arg):
                self._narrow(arg, target)
            case Negate(arg):
                self._narrow(arg, negative(target))
            case Absolute(arg):
                if target.high is not None:
                    self._narrow(arg, Bounds(-target.high, target.high))
            case Extremum(kind, args):
                side = Bounds(target.low, None) if kind == "min" else Bounds(None, target.high)
                for arg in args:
                    self._narrow(arg, side)
            case Sum(args):
                self._narrow_sum(args, target)
            case Product(args):
                self._narrow_product(args, target)
            case Divide(left, Literal(value)) if isinstance(value, int) and value:
                self._narrow(left, times(target, Bounds(value, value)))
            case FloorDivide(left, Literal(value)) if isinstance(value, int) and value > 0:
                low, high = target
                low = None if low is None else ceil(low) * value
                self._narrow(left, Bounds(low, None if high is None else floor(high) * value + value - 1))
            case Conditional(_, then, otherwise):
                self._narrow_choice(then, otherwise, target)
            case _:
                pass

    def _narrow_choice(self, then: Term, otherwise: Term, target: Bounds) -> None:
        fits = [one for one in (then, otherwise) if not _is_empty(intersection(self._interval(one), target))]
        if not fits:
            raise _Impossible
        if len(fits) == 1:
            self._narrow(fits[0], target)

    def _narrow_sum(self, args: Sequence[Term], target: Bounds) -> None:
        parts = [self._interval(arg) for arg in args]
        least = sum(part.low for part in parts if part.low is not None)
        most = sum(part.high for part in parts if part.high is not None)
        open_below = sum(1 for part in parts if part.low is None)
        open_above = sum(1 for part in parts if part.high is None)
        for arg, part in zip(args, parts, strict=True):
            low = high = None
            if target.high is not None and open_below == (part.low is None):
                high = target.high - (least - (part.low or 0))
            if target.low is not None and open_above == (part.high is None):
                low = target.low - (most - (part.high or 0))
            self._narrow(arg, Bounds(low, high))

    def _narrow_product(self, args: Sequence[Term], target: Bounds) -> None:
        parts = [self._interval(arg) for arg in args]
        for place, arg in enumerate(args):
            others = Bounds(1, 1)
            for part in (*parts[:place], *parts[place + 1 :]):
                others = times(others, part)
            self._narrow(arg, quotient(target, others))

    def _tighten(self, key: Key, target: Bounds) -> None:
        before = self._known[key]
        low = target.low if target.low is None else ceil(target.low)
        high = target.high if target.high is None else floor(target.high)
        now = intersection(before, Bounds(low, high))
        if _is_empty(now):
            raise _Impossible
        if now != before:
            self._changes.append((key, before))
            self._known[key] = now


def _parts(formula: Term) -> Sequence[Term]:
    return formula.args if isinstance(formula, And) else (formula,)


def _is_empty(interval: Bounds) -> bool:
    return interval.low is not None and interval.high is not None and interval.low > interval.high


BOUNDS_FROM_REQUIREMENTS = Reformulation(
    name="BoundsFromRequirements",
    rewrites={Feature(Construct.UNBOUNDED, Position.DECLARATION): frozenset()},
    cost=0,
    rewrite=rewrite,
    # Intervals are those of values, not of codes; a divisor needs bounds for its cases.
    exposes=features(Construct.QUOTIENT, Construct.ELEMENT, Construct.RATIONAL),
    is_certain=False,
)
