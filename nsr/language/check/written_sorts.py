"""Sorts as they are written: types, ranges, and the sorts of arguments and values."""

from __future__ import annotations

from nsr.language import ast
from nsr.language.check import expressions, tables
from nsr.language.check.bounds import Limit, bounded
from nsr.language.check.coerce import as_number
from nsr.language.check.context import Context, Scope, Typed, describe_sort
from nsr.language.check.messages import suggestion
from nsr.language.sorts import BOOL, INT, REAL, IntSort, OpenSort, RealSort, SetSort, Sort, Value, sort_size


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
            return REAL
    found = ctx.sort(sort.name)
    if found is None and sort.name not in ctx.failed_sorts:
        _unknown_type(ctx, sort)
    return found


def argument_sorts(ctx: Context, signature: ast.Signature, *, allows_real: bool = False) -> tuple[Sort, ...] | None:
    """The sorts of the arguments of a signature; None after reporting."""
    found = [argument_sort(ctx, a.sort) for a in signature.arguments]
    kept = tuple(s for s in found if s is not None)
    if len(kept) < len(found):
        return None
    for sort, argument in zip(kept, signature.arguments, strict=True):
        if isinstance(sort, RealSort) and not allows_real:
            ctx.error(
                "infinite-domain",
                argument.span,
                f"`{signature.name.text}` cannot have a value for every real number",
                found="`real` as an argument",
                help="declare a type of the numbers that occur: `type T = {0.5, 1.25}`",
            )
            return None
    return kept


def finite_arguments(ctx: Context, signature: ast.Signature) -> tuple[Sort, ...] | None:
    """The argument sorts of an unknown, each of them a type or a range with both ends."""
    arguments = argument_sorts(ctx, signature)
    if arguments is None:
        return None
    for sort, argument in zip(arguments, signature.arguments, strict=True):
        if sort_size(sort) is None and not isinstance(sort, OpenSort):
            ctx.error(
                "infinite-domain",
                argument.span,
                f"`{signature.name.text}` would have infinitely many values to find",
                found="infinite",
                help="give the argument bounds: `low..high`, or a declared type",
            )
            return None
    return arguments


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
    ctx: Context,
    signature: ast.Signature,
    arguments: tuple[Sort, ...],
    written: ast.ValueType,
    *,
    may_be_none: bool = False,
) -> Sort | None:
    """The sort of a function's values, bounds included; bounds that depend on arguments become a requirement too."""
    sort = argument_sort(ctx, written.sort)
    limits: list[Limit] = [(limit.operator, limit.value) for limit in written.limits]
    if written.low is not None:
        limits.append((">=", written.low))
    if written.high is not None:
        limits.append(("<=", written.high))
    if sort is None or (written.is_set and not _has_sets(ctx, written, sort)):
        return None
    if not limits:
        return SetSort(sort) if written.is_set else sort
    if written.is_set or not isinstance(sort, IntSort | RealSort):
        ctx.error(
            "sort-mismatch",
            written.span,
            f"{describe_sort(SetSort(sort) if written.is_set else sort)} takes no bounds",
            found="bounds",
            help="bounds belong to `int` and `real`",
        )
        return None
    return bounded(ctx, signature, arguments, limits, sort, may_be_none=may_be_none)


def _has_sets(ctx: Context, written: ast.ValueType, sort: Sort) -> bool:
    """Whether there can be `set of` the sort; reports if not."""
    if sort_size(sort) is not None:
        return True
    help = "write `pred p(T)` for what is in the set" if isinstance(sort, OpenSort) else "give the elements bounds"
    ctx.error(
        "infinite-domain",
        written.span,
        f"{describe_sort(sort)} has no end, and a set has elements of a type that is listed",
        found="infinite",
        help=help,
    )
    return False
