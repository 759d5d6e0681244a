"""Sets as values: written out, by comprehension, and joined by `|`, `&` and `-`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal as Choice

from nsr.language import ast, ir
from nsr.language.check import binders, expressions
from nsr.language.check.coerce import as_argument, unify
from nsr.language.check.context import Context, Scope, Typed, describe
from nsr.language.check.ranges import number_range
from nsr.language.sorts import REAL, EnumSort, IntSort, NumberSort, OpenSort, SetSort, Sort, is_numeric, number

_NOTHING = IntSort(1, 0)
"""The sort of the elements of `{}` where nothing says which sets are meant."""


def looks_like_set(ctx: Context, expr: ast.Expr, scope: Scope) -> bool:
    """Whether `expr` visibly is a set of values."""
    match expr:
        case ast.SetTerm():
            return True
        case ast.SetOperation(_, left, right):
            return looks_like_set(ctx, left, scope) or looks_like_set(ctx, right, scope)
        case ast.Additive(terms):
            return looks_like_set(ctx, terms[0], scope)
        case ast.Conditional(_, then, otherwise):
            return looks_like_set(ctx, then, scope) or looks_like_set(ctx, otherwise, scope)
        case ast.Name(text) | ast.Call(ast.Name(text)):
            if text in scope:
                variable = scope[text]
                return variable is not None and isinstance(variable.sort, SetSort)
            symbol = ctx.symbol(text)
            is_bare = isinstance(expr, ast.Name) and symbol is not None and bool(symbol.arguments)
            return symbol is not None and isinstance(symbol.value, SetSort) and not is_bare
        case _:
            return False


def written(ctx: Context, expr: ast.SetTerm, scope: Scope, expected: Sort | None) -> Typed | None:
    """`{a, b}`, `{}` or `{e for x in T if φ}`."""
    wanted = expected.element if isinstance(expected, SetSort) else None
    if expr.generator is not None:
        return _comprehension(ctx, expr, expr.generator, scope, wanted)
    origin = ctx.origin(expr)
    if not expr.args:
        sort = SetSort(wanted or _NOTHING)
        return Typed(ir.SetOf((), sort, origin=origin), sort)
    items = expressions.values(ctx, expr.args, scope, wanted)
    unified = None if items is None else unify(ctx, items)
    if unified is None:
        return None
    element = _element_sort(ctx, unified, expr)
    if element is None:
        return None
    terms = [
        as_argument(ctx, typed, arg, element, "an element of the set")
        for typed, arg in zip(unified, expr.args, strict=True)
    ]
    kept = tuple(t for t in terms if t is not None)
    return Typed(ir.SetOf(kept, SetSort(element), origin=origin), SetSort(element)) if len(kept) == len(terms) else None


def _comprehension(
    ctx: Context, expr: ast.SetTerm, generator: ast.Generator, scope: Scope, wanted: Sort | None
) -> Typed | None:
    bound = binders.bind_finite(ctx, generator, scope, expr.args, expr)
    typed = expressions.value(ctx, expr.args[0], bound.scope, wanted)
    if bound.bounds is None or typed is None:
        return None
    element = _element_sort(ctx, [typed], expr)
    term = None if element is None else as_argument(ctx, typed, expr.args[0], element, "an element of the set")
    if element is None or term is None:
        return None
    origin = ctx.origin(expr)
    sort = SetSort(element)
    condition = binders.conjunction(bound.conditions, origin)
    return Typed(ir.SetComprehension(bound.bounds, condition, term, sort, origin=origin), sort)


def _element_sort(ctx: Context, items: Sequence[Typed], expr: ast.Expr) -> Sort | None:
    """The narrowest sort that all elements of a set have."""
    shift = next((t.shift for t in items if t.shift is not None), None)
    sort = shift or next((t.sort for t in items if t.sort is not None), None)
    if sort is None or isinstance(sort, SetSort):
        ctx.error(
            "sort-mismatch",
            expr.span,
            f"{'a set' if sort else '`none`'} cannot be an element of a set",
            found=describe(items[0]),
            help="the elements are numbers, truth values or elements of a type",
        )
        return None
    if not is_numeric(sort):
        return sort
    return number_sort(ctx, [t.term for t in items])


def number_sort(ctx: Context, terms: Sequence[ir.Term]) -> Sort:
    """The narrowest sort that has the values of all these numbers."""
    ranges = [number_range(ctx, t) for t in terms]
    if all(r.is_whole for r in ranges):
        lows = [r.low for r in ranges if r.low is not None]
        highs = [r.high for r in ranges if r.high is not None]
        low = int(min(lows)) if len(lows) == len(ranges) else None
        return IntSort(low, int(max(highs)) if len(highs) == len(ranges) else None)
    sorts = [ir.sort_of(t) for t in terms]
    values = {v for s in sorts if isinstance(s, NumberSort) for v in s.values}
    values |= {number(t.value) for t in terms if isinstance(t, ir.Literal) and isinstance(t.value, int | Fraction)}
    if all(isinstance(s, NumberSort) or isinstance(t, ir.Literal) for s, t in zip(sorts, terms, strict=True)):
        return NumberSort("real", tuple(sorted(values)))
    return REAL


# Operations

_KINDS: dict[str, Choice["union", "intersection", "difference"]] = {
    "|": "union", "&": "intersection", "-": "difference",
}  # fmt: skip


def operation(ctx: Context, left: tuple[Typed, ast.Expr], operator: str, right: tuple[Typed, ast.Expr]) -> Typed | None:
    """Two sets joined; the origin is that of the right one's expression."""
    for typed, expr in (left, right):
        if not isinstance(typed.sort, SetSort):
            ctx.error(
                "sort-mismatch",
                expr.span,
                f"a set is wanted here, found {describe(typed)}",
                found=describe(typed),
                help="put a single element in braces: `s | {x}`",
            )
            return None
    both = unify(ctx, (left, right))
    if both is None:
        return None
    a, b = both
    assert isinstance(a.sort, SetSort)
    assert isinstance(b.sort, SetSort)
    sort = SetSort(_joined(a.sort.element, b.sort.element))
    terms = [_of_sort(t.term, sort) for t in both]
    return Typed(ir.SetOperation(_KINDS[operator], terms[0], terms[1], origin=ctx.origin(right[1])), sort)


def _joined(left: Sort, right: Sort) -> Sort:
    """A sort that has the values of both."""
    if left == right or right == _NOTHING:
        return left
    if left == _NOTHING:
        return right
    if isinstance(left, EnumSort | OpenSort) or not is_numeric(left):
        return left
    if isinstance(left, IntSort) and isinstance(right, IntSort):
        low = None if left.low is None or right.low is None else min(left.low, right.low)
        return IntSort(low, None if left.high is None or right.high is None else max(left.high, right.high))
    if isinstance(left, NumberSort) and isinstance(right, NumberSort):
        return NumberSort("real", tuple(sorted({*left.values, *right.values})))
    return REAL


def _of_sort(term: ir.Term, sort: SetSort) -> ir.Term:
    """The empty set takes the sort of what it is joined or compared with."""
    if isinstance(term, ir.SetOf) and not term.args:
        return ir.SetOf((), sort, origin=term.origin)
    return term


def compare(left: Typed, operator: ast.CompareOperator, right: Typed, origin: ir.Origin) -> ir.Term:
    """Two sets compared: equal, or one part of the other."""
    assert isinstance(left.sort, SetSort)
    assert isinstance(right.sort, SetSort)
    a, b = _of_sort(left.term, right.sort), _of_sort(right.term, left.sort)
    match operator:
        case "==" | "!=":
            equal = ir.Equal(a, b, origin=origin)
            return equal if operator == "==" else ir.Not(equal, origin=origin)
        case "<" | "<=":
            return _part(a, b, origin, is_strict=operator == "<")
        case _:
            return _part(b, a, origin, is_strict=operator == ">")


def _part(left: ir.Term, right: ir.Term, origin: ir.Origin, *, is_strict: bool) -> ir.Term:
    part = ir.Subset(left, right, origin=origin)
    if not is_strict:
        return part
    return ir.And((part, ir.Not(ir.Equal(left, right, origin=origin), origin=origin)), origin=origin)


def contains(ctx: Context, element: tuple[Typed, ast.Expr], of: Typed, origin: ir.Origin) -> ir.Term | None:
    """Whether a value is in a set."""
    typed, expr = element
    assert isinstance(of.sort, SetSort)
    wanted = of.sort.element
    if wanted == _NOTHING or typed.sort is None:
        # Nothing is in the empty set, and `none` is in no set.
        return ir.Member(typed.term, of.term, origin=origin)
    if is_numeric(wanted) and typed.shift is None and is_numeric(typed.sort):
        return ir.Member(typed.term, of.term, origin=origin)
    term = as_argument(ctx, typed, expr, wanted, "what is in the set")
    return None if term is None else ir.Member(term, of.term, origin=origin)
