"""Sorts as they are written: ranges, the sorts of arguments and values, and bounds that the data give."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import ceil, floor

from nsr.language import ast, ir
from nsr.language.check import expressions, tables
from nsr.language.check.coerce import as_number
from nsr.language.check.context import Context, Scope, Typed, describe_sort
from nsr.language.check.messages import suggestion
from nsr.language.evaluate import NoEntry, evaluate
from nsr.language.sorts import (
    BOOL,
    INT,
    IntSort,
    Sort,
    Value,
    sort_size,
    sort_values,
)
from nsr.language.traverse import free_variables
from nsr.limits import Budget, BudgetExceeded

_MAX_BOUND_CASES = 10_000
"""Most argument tuples for which a bound that depends on them is computed to find a range for all."""


def declare_range(ctx: Context, index: int, name: ast.Name, body: ast.RangeTerm) -> None:
    ctx.statement = index
    sort = _range(ctx, body, name.text)
    if sort is None:
        ctx.failed_sorts.add(name.text)
    else:
        ctx.sorts[name.text] = sort


def _range(ctx: Context, body: ast.RangeTerm, name: str | None) -> IntSort | None:
    low, high = _whole(ctx, body.low), _whole(ctx, body.high)
    if low is None or high is None:
        return None
    if low > high:
        ctx.error(
            "empty-range",
            body.span,
            f"there is no number from {low} to {high}",
            found="empty",
            help="write the smaller end first",
        )
        return None
    return IntSort(low, high, name)


def _whole(ctx: Context, expr: ast.Expr) -> int | None:
    """The value of the end of a range, which must be known."""
    value = _constant(ctx, expr, {})
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        ctx.error("sort-mismatch", expr.span, "the end of a range is a whole number", found="no whole number")
        return None
    return value


def _constant(ctx: Context, expr: ast.Expr, scope: Scope) -> Value:
    term = as_number(ctx, expressions.value(ctx, expr, scope), expr)
    if term is None:
        return None
    try:
        return tables.constant(ctx, Typed(term, INT), expr)
    except tables.NotConstant:
        return None


def argument_sort(ctx: Context, sort: ast.SortName | ast.RangeTerm) -> Sort | None:
    """The sort of an argument, or of a value without its bounds; None after reporting."""
    if isinstance(sort, ast.RangeTerm):
        return _range(ctx, sort, None)
    match sort.name:
        case "int" if sort.is_builtin:
            return INT
        case "bool" if sort.is_builtin:
            return BOOL
        case "real" if sort.is_builtin:
            ctx.unsupported(sort.span, "`real` here", "write `int`, a range or a declared type")
            return None
    found = ctx.sort(sort.name)
    if found is None and sort.name not in ctx.failed_sorts:
        _unknown_type(ctx, sort)
    return found


def _unknown_type(ctx: Context, sort: ast.SortName) -> None:
    near = ctx.nearest(sort.name, list(ctx.sort_places))
    names = tuple(list(ctx.sort_places)[:8])
    ctx.error(
        "unknown-type",
        sort.span,
        f"there is no type `{sort.name}`",
        found="not declared",
        help=suggestion(near, "declare it with `type`"),
        expected=near or (*names, "int", "bool"),
    )


def value_sort(
    ctx: Context, signature: ast.Signature, arguments: tuple[Sort, ...], written: ast.ValueType, kind: str
) -> Sort | None:
    """The sort of a function's values, bounds included; bounds that depend on arguments become a requirement too."""
    if written.is_set:
        ctx.unsupported(written.span, "a set as a value", "write `pred p(T)`: what is in the set")
        return None
    sort: Sort | None
    if isinstance(written.sort, ast.SortName) and written.sort.is_builtin and written.sort.name == "real":
        if kind == "unknown":
            ctx.unsupported(
                written.span, "an unknown `real` number", "write `int` with bounds, in a unit that makes values whole"
            )
            return None
        sort = INT
        ctx.fractional.add(signature.name.text)
    else:
        sort = argument_sort(ctx, written.sort)
    limits: list[tuple[str, ast.Expr]] = [(limit.operator, limit.value) for limit in written.limits]
    if written.low is not None:
        limits.append((">=", written.low))
    if written.high is not None:
        limits.append(("<=", written.high))
    if sort is None or not limits:
        return sort
    if not isinstance(sort, IntSort):
        ctx.error(
            "sort-mismatch",
            written.span,
            f"{describe_sort(sort)} takes no bounds",
            found="bounds",
            help="bounds belong to `int` and `real`",
        )
        return None
    return _bounded(ctx, signature, arguments, limits, sort)


def _bounded(
    ctx: Context,
    signature: ast.Signature,
    arguments: tuple[Sort, ...],
    limits: list[tuple[str, ast.Expr]],
    sort: IntSort,
) -> IntSort | None:
    low, high = sort.low, sort.high
    scope: dict[str, ir.Variable | None] = {}
    bounds = []
    for argument, argument_sort_ in zip(signature.arguments, arguments, strict=True):
        name = argument.name.text if argument.name is not None else "x"
        variable = ctx.fresh_variable(name, argument_sort_, ctx.origin(argument))
        bounds.append(ir.Bound(variable, origin=ctx.origin(argument)))
        if argument.name is not None:
            scope[argument.name.text] = variable
    names = {b.variable.name for b in bounds}
    for operator, expr in limits:
        typed = expressions.value(ctx, expr, scope)
        term = as_number(ctx, typed, expr)
        if term is None:
            return None
        varies = bool(names & free_variables(term))
        found = _ends(ctx, term, expr, bounds if varies else [])
        if found is None:
            return None
        least, most = found
        if operator in (">=", ">"):
            end = floor(least) + 1 if operator == ">" else ceil(least)
            low = end if low is None else max(low, end)
        else:
            end = ceil(most) - 1 if operator == "<" else floor(most)
            high = end if high is None else min(high, end)
        if varies:
            _require_bound(ctx, signature, bounds, operator, term, expr)
    if low is not None and high is not None and low > high:
        ctx.error(
            "empty-range",
            signature.span,
            f"`{signature.name.text}` has no possible value: there is no whole number from {low} to {high}",
            found="empty",
        )
        return None
    return IntSort(low, high)


def _ends(
    ctx: Context, term: ir.Term, expr: ast.Expr, bounds: list[ir.Bound]
) -> tuple[int | Fraction, int | Fraction] | None:
    """Least and greatest value of a bound over all arguments."""
    sorts = [b.variable.sort for b in bounds]
    total = 1
    for sort in sorts:
        total *= sort_size(sort) or 0
    if total > _MAX_BOUND_CASES:
        ctx.unsupported(
            expr.span, f"a bound with more than {_MAX_BOUND_CASES:,} cases", "write a bound for all, and a constraint"
        )
        return None
    budget = Budget(steps=1_000_000, wall_seconds=2.0)
    found: list[int | Fraction] = []
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


def _require_bound(
    ctx: Context, signature: ast.Signature, bounds: list[ir.Bound], operator: str, term: ir.Term, expr: ast.Expr
) -> None:
    """The bound of each argument tuple, as a requirement of its own."""
    name = signature.name.text
    origin = ctx.origin(expr)
    applied = ir.Apply(name, tuple(b.variable for b in bounds), INT, origin=origin)
    strict = operator in (">", "<")
    left, right = (term, applied) if operator in (">=", ">") else (applied, term)
    body: ir.Term = ir.Less(left, right, origin=origin) if strict else ir.LessEqual(left, right, origin=origin)
    formula = ir.Quantified("forall", tuple(bounds), body, origin=origin)
    ctx.extra.append(ir.Requirement(ctx.requirement_name(f"{name}.bound"), "constraint", formula, origin=origin))
