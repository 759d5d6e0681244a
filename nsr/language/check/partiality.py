"""Where a formula steps outside a type, and where it asks a table for an entry that is not there.

Both depend on instances: `f(b + 1)` is outside only at the last `b`, and `if b < 3` may keep that instance out. So the
instances are gone through, with the conditions on the way that data alone decide; where unknowns decide, it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from nsr.diagnostics import Label
from nsr.language import ir
from nsr.language.check import tables
from nsr.language.check.context import Context
from nsr.language.check.messages import show
from nsr.language.check.ranges import number_range
from nsr.language.evaluate import UNDEFINED, NoEntry, bindings_of, evaluate, holds
from nsr.language.sorts import IntSort, OpenSort, Sort, Value, sort_size
from nsr.language.traverse import children, fold, free_variables
from nsr.limits import Budget, BudgetExceeded

_STEPS = 100_000
"""Steps of evaluation spent on one place; what takes more is not looked at."""


class _Guard(NamedTuple):
    """A condition that has to hold, or to fail, before a place is reached; and those before it."""

    before: _Guards
    condition: ir.Term
    holds: bool


_Guards: TypeAlias = "_Guard | None"


class _Place(NamedTuple):
    """A term with the variables bound around it and the conditions on the way to it."""

    term: ir.Term
    bounds: tuple[ir.Bound, ...]
    guards: _Guards


def warn_of_outside(ctx: Context, formula: ir.Term) -> None:
    """Warn of the places in quantified statements that have an instance outside a type."""
    is_data = _data_test(ctx, formula)
    for place in _places(formula, is_data):
        if isinstance(place.term, ir.Restrict | ir.ElementAt) and place.bounds and is_data(place.term):
            found = _first(ctx, place, is_data, lambda value: value is UNDEFINED)
            if found is not None:
                ctx.warn(
                    "outside-type",
                    place.term.origin.span,
                    f"outside `{place.term.sort}` for {_instance(found)}, and what is said there is then false",
                    found="outside for one instance",
                    help="keep that instance out with `if`, or leave it if false is meant",
                )


def incomplete_tables(ctx: Context) -> set[str]:
    """The tables that lack an entry."""
    return {
        name
        for name, table in ctx.tables.items()
        if not table.has_default and tables.missing_keys(ctx.symbols[name].arguments, table.entries, limit=1)
    }


def require_entries(ctx: Context, terms: list[ir.Term]) -> None:
    """Report every incomplete table that is asked for an entry it does not have; one report a table."""
    incomplete = incomplete_tables(ctx)
    if not incomplete:
        return
    for term in terms:
        is_data = _data_test(ctx, term)
        for place in _places(term, is_data):
            if isinstance(place.term, ir.Apply) and place.term.symbol in incomplete:
                missing = _missing_entry(ctx, place, place.term, is_data)
                if missing is not None:
                    incomplete.discard(place.term.symbol)
                    report_missing(ctx, place.term.symbol, missing, place.term.origin)


def report_missing(ctx: Context, symbol: str, key: tables.Key, asked: ir.Origin) -> None:
    """A table has no entry that is asked for."""
    ctx.error(
        "table-missing-entry",
        ctx.places[symbol],
        f"the table of `{symbol}` has no entry for {tables.show_key(key)}",
        found="incomplete",
        labels=(Label(asked.span, "asked for here"),),
        help=f"add the entry, write `else value` after the table, or go over the entries there are: `in {symbol}`",
    )


def _missing_entry(
    ctx: Context, place: _Place, asked: ir.Apply, is_data: Callable[[ir.Term], bool]
) -> tables.Key | None:
    table = ctx.tables[asked.symbol]
    if not all(is_data(arg) for arg in asked.args):
        # Where unknowns decide, every entry that the ranges of the arguments let in is asked for.
        sorts = [_narrowed(ctx, arg, s) for arg, s in zip(asked.args, ctx.symbols[asked.symbol].arguments, strict=True)]
        return next(iter(tables.missing_keys(sorts, table.entries, limit=1)), None)
    found: list[tables.Key] = []

    def is_missing(env: Mapping[str, Value], budget: Budget) -> bool:
        values = [evaluate(arg, {}, ctx.program(), env, budget) for arg in asked.args]
        key = tuple(v for v in values if v is not UNDEFINED)
        if len(key) == len(values) and None not in key and key not in table.entries:
            found.append(key)
            return True
        return False

    _search(ctx, place, is_data, is_missing)
    return found[0] if found else None


def _narrowed(ctx: Context, arg: ir.Term, sort: Sort) -> Sort:
    """The sort of an argument, or the part of it that the term can reach."""
    found = number_range(ctx, arg)
    if isinstance(sort, IntSort) and found.is_whole and found.low is not None and found.high is not None:
        low = int(found.low) if sort.low is None else max(int(found.low), sort.low)
        high = int(found.high) if sort.high is None else min(int(found.high), sort.high)
        return IntSort(low, high)
    return sort


def _first(
    ctx: Context, place: _Place, is_data: Callable[[ir.Term], bool], wanted: Callable[[object], bool]
) -> dict[str, Value] | None:
    """The first instance at which the term of `place` has a value that is wanted."""

    def test(env: Mapping[str, Value], budget: Budget) -> bool:
        return wanted(evaluate(place.term, {}, ctx.program(), env, budget))

    return _search(ctx, place, is_data, test)


def _search(
    ctx: Context,
    place: _Place,
    is_data: Callable[[ir.Term], bool],
    test: Callable[[Mapping[str, Value], Budget], bool],
) -> dict[str, Value] | None:
    guards = [g for g in _chain(place.guards) if is_data(g.condition)]
    needed = set(free_variables(place.term)).union(*(free_variables(g.condition) for g in guards))
    bounds: list[ir.Bound] = []
    for bound in reversed(place.bounds):
        if bound.variable.name in needed:
            listed = _listed(bound)
            if listed is None:
                return None
            bounds.append(listed)
            parts = _domain_terms(bound)
            if not all(is_data(part) for part in parts):
                return None
            needed.update(*(free_variables(part) for part in parts))
    program, budget = ctx.program(), Budget(steps=_STEPS, wall_seconds=0.5)
    try:
        for env in bindings_of(tuple(reversed(bounds)), {}, program, budget=budget):
            reached = all(holds(g.condition, {}, program, env, budget) == g.holds for g in guards)
            if reached and test(env, budget):
                return dict(env)
    except (NoEntry, BudgetExceeded):
        # A guard that asks for a missing entry is reported at its own place.
        return None
    return None


def _listed(bound: ir.Bound) -> ir.Bound | None:
    """The bound over values that can be gone through: of an open type its constants and something else."""
    sort = bound.variable.sort
    if bound.domain is None and isinstance(sort, OpenSort):
        values = tuple(ir.Literal(value, sort) for value in tables.values_of(sort))
        return ir.Bound(bound.variable, ir.Listed(values), origin=bound.origin)
    return None if bound.domain is None and sort_size(sort) is None else bound


def _chain(guards: _Guards) -> Iterator[_Guard]:
    """The guards one by one; the parts of a conjunction that holds, or of a disjunction that fails, by themselves."""
    while guards is not None:
        match guards.condition:
            case ir.And(args) if guards.holds:
                yield from (_Guard(None, arg, True) for arg in args)
            case ir.Or(args) if not guards.holds:
                yield from (_Guard(None, arg, False) for arg in args)
            case _:
                yield guards
        guards = guards.before


def _domain_terms(bound: ir.Bound) -> tuple[ir.Term, ...]:
    match bound.domain:
        case ir.Interval(low, high):
            return (low, high)
        case ir.Listed(values):
            return values
        case None:
            return ()


def _data_test(ctx: Context, root: ir.Term) -> Callable[[ir.Term], bool]:
    """Which terms inside `root` speak of data alone."""
    known: dict[int, bool] = {}

    def step(node: ir.Term, below: tuple[bool, ...]) -> bool:
        # A call of a definition may rest on unknowns.
        is_unknown = isinstance(node, ir.Apply) and node.symbol not in ctx.tables and node.symbol not in ctx.settled
        result = all(below) and not is_unknown
        known[id(node)] = result
        return result

    fold(root, step)
    return lambda term: known[id(term)]


def _places(root: ir.Term, is_data: Callable[[ir.Term], bool]) -> Iterator[_Place]:
    """Every term inside `root`, with what is bound and decided on the way to it."""
    stack = [_Place(root, (), None)]
    while stack:
        place = stack.pop()
        yield place
        term, bounds, guards = place
        inner: list[_Place] = []
        match term:
            case ir.And(args) | ir.Or(args):
                for arg in args:
                    inner.append(_Place(arg, bounds, guards))
                    if is_data(arg):
                        guards = _Guard(guards, arg, isinstance(term, ir.And))
            case ir.Implies(left, right):
                inner = [_Place(left, bounds, guards), _Place(right, bounds, _Guard(guards, left, True))]
            case ir.Conditional(condition, then, otherwise):
                inner = [
                    _Place(condition, bounds, guards),
                    _Place(then, bounds, _Guard(guards, condition, True)),
                    _Place(otherwise, bounds, _Guard(guards, condition, False)),
                ]
            case ir.Quantified(_, binders, body):
                for bound in binders:
                    inner += [_Place(part, bounds, guards) for part in _domain_terms(bound)]
                    bounds = (*bounds, bound)
                inner.append(_Place(body, bounds, guards))
            case ir.Aggregate(_, binders, condition, element) | ir.SetComprehension(binders, condition, element):
                for bound in binders:
                    inner += [_Place(part, bounds, guards) for part in _domain_terms(bound)]
                    bounds = (*bounds, bound)
                inner.append(_Place(condition, bounds, guards))
                inner.append(_Place(element, bounds, _Guard(guards, condition, True)))
            case ir.Task(binders, condition, start, length, demand):
                for bound in binders:
                    inner += [_Place(part, bounds, guards) for part in _domain_terms(bound)]
                    bounds = (*bounds, bound)
                inner.append(_Place(condition, bounds, guards))
                within = _Guard(guards, condition, True)
                inner += [_Place(part, bounds, within) for part in (start, length, demand)]
            case _:
                inner = [_Place(child, bounds, guards) for child in children(term)]
        stack.extend(reversed(inner))


def _instance(found: Mapping[str, Value]) -> str:
    return ", ".join(f"`{name.split('.')[0]}` = {show(value)}" for name, value in found.items())
