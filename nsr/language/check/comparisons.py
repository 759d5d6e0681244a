"""Comparisons and membership: chains, tuples part by part, functions against tables, `in` with everything it takes."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias

from nsr.language import ast, ir
from nsr.language.check import expressions, names, sets, tables
from nsr.language.check.coerce import type_label, unify
from nsr.language.check.context import Context, Scope, Typed, describe_sort
from nsr.language.check.messages import show
from nsr.language.sorts import (
    BOOL,
    BoolSort,
    EnumSort,
    IntSort,
    NumberSort,
    OpenSort,
    RealSort,
    SetSort,
    Sort,
    has_value,
)

Pair: TypeAlias = tuple[Typed, ast.Expr]


def is_ambiguous(ctx: Context, expr: ast.Expr, scope: Scope) -> bool:
    """Whether the sort of `expr` waits for its neighbours: an element of several types, or `none`."""
    match expr:
        case ast.Name(text):
            return len(ctx.elements.get(text, ())) > 1 and text not in scope
        case ast.NoneValue():
            return True
        case ast.Additive(terms):
            return any(is_ambiguous(ctx, t, scope) for t in terms)
        case ast.SetTerm(args, None):
            return not args or any(is_ambiguous(ctx, a, scope) for a in args)
        case ast.Conditional(_, then, otherwise):
            return is_ambiguous(ctx, then, scope) or is_ambiguous(ctx, otherwise, scope)
        case _:
            return False


def common_type(ctx: Context, exprs: tuple[ast.Expr, ...]) -> Sort | None:
    """The one type that has all the named elements, if there is just one."""
    common: dict[str, EnumSort | OpenSort] | None = None
    for expr in exprs:
        if isinstance(expr, ast.Name):
            here = {s.name: s for s in ctx.elements.get(expr.text, ())}
            common = here if common is None else {n: s for n, s in common.items() if n in here}
    return next(iter(common.values())) if common and len(common) == 1 else None


def is_bare(ctx: Context, expr: ast.Expr, scope: Scope) -> bool:
    """Whether `expr` is the name of a function without its arguments."""
    return _function(ctx, expr, scope) is not None


def comparison(ctx: Context, expr: ast.Comparison, scope: Scope, expected: Sort | None) -> Typed | None:
    """A chain: every neighbouring pair holds."""
    origin = ctx.origin(expr)
    if any(isinstance(t, ast.TupleTerm | ast.ListTerm | ast.TableTerm) or is_bare(ctx, t, scope) for t in expr.terms):
        parts = []
        for (left, right), operator in zip(pairwise(expr.terms), expr.operators, strict=True):
            parts.append(_of_collections(ctx, expr, left, operator, right, scope))
        kept = tuple(p for p in parts if p is not None)
        return Typed(joined(kept, origin), BOOL) if len(kept) == len(parts) else None
    items = expressions.values(ctx, expr.terms, scope)
    if items is None:
        return None
    terms = []
    for (first, second), operator in zip(pairwise(items), expr.operators, strict=True):
        term = compare(ctx, first, operator, second, origin)
        if term is None:
            return None
        terms.append(term)
    return Typed(joined(tuple(terms), origin), BOOL)


def joined(terms: tuple[ir.Term, ...], origin: ir.Origin) -> ir.Term:
    return terms[0] if len(terms) == 1 else ir.And(terms, origin=origin)


def compare(ctx: Context, left: Pair, operator: ast.CompareOperator, right: Pair, origin: ir.Origin) -> ir.Term | None:
    """One comparison of two single values."""
    both = unify(ctx, (left, right))
    if both is None:
        return None
    a, b = both
    if isinstance(a.sort, SetSort) and isinstance(b.sort, SetSort):
        return sets.compare(a, operator, b, origin)
    if operator in ("==", "!="):
        _warn_of_never_equal(ctx, (a, left[1]), (b, right[1]))
        equal = ir.Equal(a.term, b.term, origin=origin)
        return equal if operator == "==" else ir.Not(equal, origin=origin)
    if a.sort is None or b.sort is None or left[0].sort is None or right[0].sort is None:
        ctx.error(
            "sort-mismatch",
            (left if left[0].sort is None else right)[1].span,
            "`none` has no place in an order",
            found="`none`",
            help="compare with `==` or `!=`",
        )
        return None
    x, y = a.term, b.term
    if isinstance(a.sort, BoolSort):
        x, y = ir.FromTruth(x, origin=origin), ir.FromTruth(y, origin=origin)
    elif isinstance(a.sort, OpenSort) or (isinstance(a.sort, EnumSort) and not a.sort.is_ordered):
        ctx.error(
            "no-order",
            left[1].span,
            f"the elements of `{a.sort}` have no order",
            found=f"`{a.sort}`",
            labels=type_label(ctx, a.sort.name),
            help=f"write the type with brackets, `type {a.sort} = [...]`, if its elements have an order",
        )
        return None
    match operator:
        case "<":
            return ir.Less(x, y, origin=origin)
        case "<=":
            return ir.LessEqual(x, y, origin=origin)
        case ">":
            return ir.Less(y, x, origin=origin)
        case _:
            return ir.LessEqual(y, x, origin=origin)


def _warn_of_never_equal(ctx: Context, left: Pair, right: Pair) -> None:
    """A literal number outside the range of what it is compared with is nearly always a slip."""
    for (typed, expr), (other, _) in ((left, right), (right, left)):
        literal = typed.term
        if not isinstance(literal, ir.Literal) or isinstance(literal.value, bool) or typed.shift is not None:
            continue
        sort = other.sort
        if (
            isinstance(literal.value, int)
            and isinstance(sort, IntSort | NumberSort | RealSort)
            and isinstance(other.term, ir.Apply)
        ):
            if not has_value(sort, literal.value):
                ctx.warn(
                    "never-equal",
                    expr.span,
                    f"{show(literal.value)} is outside {describe_sort(sort)}, so they are never equal",
                    found=f"not in {describe_sort(sort)}",
                    labels=ctx.declared_here(other.term.symbol),
                )
        elif literal.value is None and isinstance(other.term, ir.Apply) and not other.may_be_none:
            ctx.warn(
                "never-equal",
                expr.span,
                f"`{other.term.symbol}` is not `optional`, so it is never `none`",
                found="never",
                help="write `optional` after its type if it may have no value",
                labels=ctx.declared_here(other.term.symbol),
            )


# Tuples, and functions against tables


def _of_collections(
    ctx: Context, expr: ast.Comparison, left: ast.Expr, operator: ast.CompareOperator, right: ast.Expr, scope: Scope
) -> ir.Term | None:
    origin = ctx.origin(expr)
    term: ir.Term | None
    if not any(isinstance(t, ast.TupleTerm | ast.ListTerm | ast.TableTerm | ast.SetTerm) for t in (left, right)):
        items = expressions.values(ctx, (left, right), scope)
        return None if items is None else compare(ctx, items[0], operator, items[1], origin)
    is_set = sets.looks_like_set(ctx, left, scope) or sets.looks_like_set(ctx, right, scope)
    if operator not in ("==", "!=") and not is_set:
        ctx.error(
            "no-order",
            expr.span,
            "tuples, lists and tables have no order",
            found=f"`{operator}`",
            help="compare part by part",
        )
        return None
    if isinstance(left, ast.TupleTerm) and isinstance(right, ast.TupleTerm):
        term = of_tuples(ctx, left, right, scope, origin)
    elif (function := _function(ctx, left, scope)) is not None:
        term = _of_table(ctx, function, left, right, scope, origin)
    elif (function := _function(ctx, right, scope)) is not None:
        term = _of_table(ctx, function, right, left, scope, origin)
    elif is_set:
        sides = (_as_set(left), _as_set(right))
        items = expressions.values(ctx, sides, scope)
        return None if items is None else compare(ctx, items[0], operator, items[1], origin)
    else:
        collection = left if isinstance(left, ast.TupleTerm | ast.ListTerm | ast.TableTerm) else right
        ctx.error(
            "misplaced-collection",
            collection.span,
            "a tuple is compared with a tuple, a list or table with a function",
            found="nothing to compare with",
            help="write `(a, b) == (c, d)`, or `f == [a, b, c]` with the bare name of a function",
        )
        return None
    if term is None:
        return None
    return term if operator == "==" else ir.Not(term, origin=origin)


def _as_set(expr: ast.Expr) -> ast.Expr:
    """A list compared with a set is read as one."""
    return ast.SetTerm(expr.args, expr.generator, span=expr.span) if isinstance(expr, ast.ListTerm) else expr


def of_tuples(
    ctx: Context, left: ast.TupleTerm, right: ast.TupleTerm, scope: Scope, origin: ir.Origin
) -> ir.Term | None:
    if len(left.args) != len(right.args):
        ctx.error(
            "sort-mismatch",
            right.span,
            f"a tuple of {len(right.args)} cannot be compared with a tuple of {len(left.args)}",
            found=f"{len(right.args)} parts",
            help="compare tuples of one length",
        )
        return None
    parts = []
    for a, b in zip(left.args, right.args, strict=True):
        items = expressions.values(ctx, (a, b), scope)
        parts.append(None if items is None else compare(ctx, items[0], "==", items[1], origin))
    kept = tuple(p for p in parts if p is not None)
    return ir.And(kept, origin=origin) if len(kept) == len(parts) else None


def _function(ctx: Context, expr: ast.Expr, scope: Scope) -> ir.Function | None:
    if isinstance(expr, ast.Name) and expr.text not in scope:
        symbol = ctx.symbol(expr.text)
        if symbol is not None and symbol.arguments:
            return symbol
    return None


def _of_table(
    ctx: Context, function: ir.Function, name: ast.Expr, table: ast.Expr, scope: Scope, origin: ir.Origin
) -> ir.Term | None:
    """A function compared with a list or table of all its values."""
    ctx.used.add(function.name)
    entries = tables.entries(ctx, function, table, scope)
    if entries is None:
        return None
    missing = tables.missing_keys(function.arguments, {key for key, _, _ in entries})
    if missing:
        ctx.error(
            "table-missing-entry",
            table.span,
            f"all values of `{function.name}` are compared, and {tables.show_keys(missing)} has none here",
            found="incomplete",
            labels=ctx.declared_here(function.name),
            help="write a value for each argument, or compare single values: `f(a) == b`",
        )
        return None
    parts = []
    for key, typed, expr in entries:
        args = tuple(ir.Literal(v, s, origin=origin) for v, s in zip(key, function.arguments, strict=True))
        applied = names.apply(ctx, name, function, args)
        parts.append(compare(ctx, (applied, name), "==", (typed, expr), ctx.origin(expr)))
    kept = tuple(p for p in parts if p is not None)
    return ir.And(kept, origin=origin) if len(kept) == len(parts) else None
