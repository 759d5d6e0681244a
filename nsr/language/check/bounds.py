"""Bounds of numbers, as far as data give them: the range of a function, and a requirement where arguments decide."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, prod
from typing import TypeAlias

from nsr.language import ast, ir
from nsr.language.check import expressions
from nsr.language.check.coerce import as_number
from nsr.language.check.context import Context
from nsr.language.evaluate import NoEntry, evaluate
from nsr.language.sorts import IntSort, RealSort, Sort, sort_size, sort_values
from nsr.language.traverse import free_variables
from nsr.limits import Budget, BudgetExceeded

_MAX_CASES = 10_000
"""Most argument tuples for which a bound that depends on them is computed to find a range for all."""

Limit: TypeAlias = tuple[str, ast.Expr]
"""One of `>=`, `>`, `<=`, `<`, and what stands after it."""

_Number: TypeAlias = int | Fraction


def bounded(
    ctx: Context,
    signature: ast.Signature,
    arguments: tuple[Sort, ...],
    limits: Sequence[Limit],
    sort: IntSort | RealSort,
    *,
    may_be_none: bool,
) -> IntSort | RealSort | None:
    """The sort within its limits, None after reporting; what varies with the arguments is required of each."""
    bounds, scope = _bound_arguments(ctx, signature, arguments)
    names = {b.variable.name for b in bounds}
    for operator, expr in limits:
        term = as_number(ctx, expressions.value(ctx, expr, scope), expr)
        if term is None:
            return None
        varies = bool(names & free_variables(term))
        found = _ends(ctx, term, expr, bounds if varies else [])
        if found is None:
            return None
        sort = _limited(sort, operator, *found)
        if varies:
            _require(ctx, signature, bounds, operator, term, expr, sort, may_be_none=may_be_none)
    if _is_empty(sort):
        kind = "whole number" if isinstance(sort, IntSort) else "number"
        ctx.error(
            "empty-range",
            signature.span,
            f"`{signature.name.text}` has no possible value: there is no {kind} from {sort.low} to {sort.high}",
            found="empty",
        )
        return None
    return sort


def _bound_arguments(
    ctx: Context, signature: ast.Signature, arguments: tuple[Sort, ...]
) -> tuple[list[ir.Bound], dict[str, ir.Variable | None]]:
    scope: dict[str, ir.Variable | None] = {}
    bounds = []
    for argument, sort in zip(signature.arguments, arguments, strict=True):
        name = argument.name.text if argument.name is not None else "x"
        variable = ctx.fresh_variable(name, sort, ctx.origin(argument))
        bounds.append(ir.Bound(variable, origin=ctx.origin(argument)))
        if argument.name is not None:
            scope[argument.name.text] = variable
    return bounds, scope


def _limited(sort: IntSort | RealSort, operator: str, least: _Number, most: _Number) -> IntSort | RealSort:
    """The sort with one more limit, which lies from `least` to `most`."""
    is_strict = operator in (">", "<")
    if isinstance(sort, IntSort):
        if operator in (">=", ">"):
            low = floor(least) + 1 if is_strict else ceil(least)
            return IntSort(low if sort.low is None else max(low, sort.low), sort.high)
        high = ceil(most) - 1 if is_strict else floor(most)
        return IntSort(sort.low, high if sort.high is None else min(high, sort.high))
    if operator in (">=", ">"):
        if sort.low is not None and (sort.low > least or (sort.low == least and sort.is_low_open)):
            return sort
        return RealSort(least, sort.high, is_strict, sort.is_high_open)
    if sort.high is not None and (sort.high < most or (sort.high == most and sort.is_high_open)):
        return sort
    return RealSort(sort.low, most, sort.is_low_open, is_strict)


def _is_empty(sort: IntSort | RealSort) -> bool:
    if sort.low is None or sort.high is None:
        return False
    is_open = isinstance(sort, RealSort) and (sort.is_low_open or sort.is_high_open)
    return sort.low > sort.high or (sort.low == sort.high and is_open)


def _ends(ctx: Context, term: ir.Term, expr: ast.Expr, bounds: Sequence[ir.Bound]) -> tuple[_Number, _Number] | None:
    """Least and greatest value of a bound over all arguments."""
    sorts = [b.variable.sort for b in bounds]
    sizes = [sort_size(sort) for sort in sorts]
    cases = prod(size for size in sizes if size is not None)
    if None in sizes or cases > _MAX_CASES:
        ctx.error(
            "too-large",
            expr.span,
            f"a bound depends on at most {_MAX_CASES:,} arguments",
            found="too many cases",
            help="write a bound for all, and a constraint",
        )
        return None
    budget = Budget(steps=1_000_000, wall_seconds=2.0)
    found: list[_Number] = []
    for values in itertools.product(*(sort_values(s) for s in sorts)):
        bindings = {b.variable.name: v for b, v in zip(bounds, values, strict=True)}
        try:
            value = evaluate(term, {}, ctx.program(), bindings, budget)
        except (NoEntry, BudgetExceeded):
            value = None
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            ctx.error(
                "not-constant",
                expr.span,
                "a bound is a number that the data give",
                found="not known",
                help="write a number or a `param`; a bound that depends on unknowns is a `constraint`",
            )
            return None
        found.append(value)
    return min(found), max(found)


def _require(
    ctx: Context,
    signature: ast.Signature,
    bounds: Sequence[ir.Bound],
    operator: str,
    term: ir.Term,
    expr: ast.Expr,
    sort: Sort,
    *,
    may_be_none: bool,
) -> None:
    """The bound of each argument tuple, as a requirement of its own; `none` keeps to every bound."""
    name = signature.name.text
    origin = ctx.origin(expr)
    applied = ir.Apply(name, tuple(b.variable for b in bounds), sort, origin=origin)
    strict = operator in (">", "<")
    left, right = (term, applied) if operator in (">=", ">") else (applied, term)
    body: ir.Term = ir.Less(left, right, origin=origin) if strict else ir.LessEqual(left, right, origin=origin)
    if may_be_none:
        nothing = ir.Equal(applied, ir.Literal(None, sort, origin=origin), origin=origin)
        body = ir.Or((nothing, body), origin=origin)
    formula = ir.Quantified("forall", tuple(bounds), body, origin=origin)
    ctx.extra.append(ir.Requirement(ctx.requirement_name(f"{name}.bound"), "constraint", formula, origin=origin))
