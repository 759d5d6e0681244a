"""Calls that look at many values: `sum`, `prod`, `count`, `min`, `max`, `any`, `all`, `len`, `distinct`."""

from __future__ import annotations

from itertools import combinations
from typing import Literal as Choice

from nsr.diagnostics import Span
from nsr.language import ast, ir
from nsr.language.check import binders, comparisons, expressions, sets
from nsr.language.check.coerce import as_number, as_truth, unify
from nsr.language.check.context import Context, Handler, Scope, Typed, describe
from nsr.language.sorts import BOOL, INT, BoolSort, EnumSort, SetSort, Sort, is_numeric, sort_size


def distinct(ctx: Context, expr: ast.Distinct, scope: Scope, expected: Sort | None) -> Typed | None:
    """`distinct(a, b, ...)`: all pairs differ; tuples differ when one part does."""
    origin = ctx.origin(expr)
    if expr.generator is not None:
        return _distinct_for(ctx, expr, expr.generator, scope)
    if any(isinstance(a, ast.TupleTerm) for a in expr.args):
        pairs = []
        for a, b in combinations(expr.args, 2):
            pair = ast.Comparison((a, b), ("!=",), span=expr.span)
            pairs.append(expressions.truth(ctx, pair, scope))
        kept = tuple(p for p in pairs if p is not None)
        return Typed(binders.conjunction(kept, origin), BOOL) if len(kept) == len(pairs) else None
    if len(expr.args) == 1 and isinstance(expr.args[0], ast.ListTerm):
        return distinct(ctx, ast.Distinct(expr.args[0].args, expr.args[0].generator, span=expr.span), scope, expected)
    items = expressions.values(ctx, expr.args, scope)
    unified = None if items is None else unify(ctx, items)
    if unified is None:
        return None
    return Typed(ir.AllDifferent(tuple(t.term for t in unified), origin=origin), BOOL)


def _distinct_for(ctx: Context, expr: ast.Distinct, generator: ast.Generator, scope: Scope) -> Typed | None:
    if len(expr.args) != 1:
        _single_element(ctx, expr.span, "distinct")
        return None
    bound = binders.bind_finite(ctx, generator, scope, expr.args, expr)
    element = expressions.value(ctx, expr.args[0], bound.scope)
    if bound.bounds is None or element is None:
        return None
    condition = binders.conjunction(bound.conditions, ctx.origin(generator))
    return Typed(ir.Aggregate("all_different", bound.bounds, condition, element.term, origin=ctx.origin(expr)), BOOL)


def _single_element(ctx: Context, span: Span, name: str) -> None:
    ctx.error(
        "misplaced-generator",
        span,
        f"`{name}` with `for` takes one element before it",
        found="several",
        help=f"write `{name}(e for x in T if φ)`",
    )


# Aggregates


def _generated(
    ctx: Context, call: ast.Call, scope: Scope, *, may_be_open: bool = False
) -> tuple[binders.Binding, Typed | None] | None:
    """The binding and the element of `f(e for ...)`."""
    generator = call.generator
    assert generator is not None
    if len(call.args) != 1:
        _single_element(ctx, call.span, call.function.text)
        return None
    if may_be_open:
        bound = binders.bind(ctx, generator.binders, generator.filter, scope, call.args)
    else:
        bound = binders.bind_finite(ctx, generator, scope, call.args, call)
    return bound, expressions.value(ctx, call.args[0], bound.scope)


def _arguments(call: ast.Call) -> tuple[ast.Expr, ...]:
    """The arguments of a call, those of a single list argument included (`max([a, b])`)."""
    if len(call.args) == 1 and isinstance(call.args[0], ast.ListTerm) and call.args[0].generator is None:
        return call.args[0].args
    return call.args


def _with_inner_generator(call: ast.Call, *, is_idempotent: bool = False) -> ast.Call:
    """`sum([e for x in T])` as `sum(e for x in T)`: a list counts every binding; so may a set where once is as good."""
    if call.generator is None and len(call.args) == 1:
        inner = call.args[0]
        kinds = ast.ListTerm | ast.SetTerm if is_idempotent else ast.ListTerm
        if isinstance(inner, kinds) and inner.generator is not None:
            return ast.Call(call.function, inner.args, inner.generator, span=call.span)
    return call


def _total(kind: Choice["sum", "prod"]) -> Handler:
    def handler(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
        call = _with_inner_generator(call)
        origin = ctx.origin(call)
        if call.generator is not None:
            generated = _generated(ctx, call, scope)
            if generated is None:
                return None
            bound, element = generated
            term = as_number(ctx, element, call.args[0])
            if bound.bounds is None or term is None:
                return None
            condition = binders.conjunction(bound.conditions, origin)
            return Typed(ir.Aggregate(kind, bound.bounds, condition, term, origin=origin), INT)
        if len(call.args) == 1 and sets.looks_like_set(ctx, call.args[0], scope):
            return _of_set(ctx, kind, call.args[0], scope)
        args = _arguments(call)
        typed = [expressions.value(ctx, a, scope) for a in args]
        for t, a in zip(typed, args, strict=True):
            if t is not None and isinstance(t.sort, BoolSort):
                ctx.error(
                    "truth-in-sum",
                    a.span,
                    f"a truth value is among the arguments of `{kind}`",
                    found="a truth value",
                    help=f"write `{kind}(e for x in T if φ)`; a filter follows `if`, not a comma",
                )
                return None
        terms = [as_number(ctx, t, a) for t, a in zip(typed, args, strict=True)]
        kept = tuple(t for t in terms if t is not None)
        if len(kept) != len(terms):
            return None
        return Typed(ir.Sum(kept, origin=origin) if kind == "sum" else ir.Product(kept, origin=origin), INT)

    return handler


def _of_set(ctx: Context, kind: Choice["sum", "prod", "min", "max"], expr: ast.Expr, scope: Scope) -> Typed | None:
    """The sum, product, least or greatest of the values in a set, each of them once."""
    typed = expressions.value(ctx, expr, scope)
    if typed is None or not isinstance(typed.sort, SetSort):
        return None
    element, origin = typed.sort.element, ctx.origin(expr)
    if sort_size(element) is None:
        ctx.error(
            "infinite-domain",
            expr.span,
            "the elements of this set are of a type without end",
            found="infinite",
            help=f"write `{kind}(e for x in T)`, which goes over bindings",
        )
        return None
    variable = ctx.fresh_variable("value", element, origin)
    of_element = Typed(variable, element)
    term = as_number(ctx, of_element, expr)
    condition = sets.contains(ctx, (of_element, expr), typed, origin)
    if term is None or condition is None:
        return None
    found = ir.Aggregate(kind, (ir.Bound(variable, origin=origin),), condition, term, origin=origin)
    return Typed(found, INT, shift=_order_of(of_element) if kind in ("min", "max") else None)


def _count(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
    call = _with_inner_generator(call)
    origin = ctx.origin(call)
    if call.generator is None:
        ctx.error(
            "count-needs-for",
            call.span,
            "`count` counts bindings and needs `for`",
            found="no `for`",
            help="write `count(x for x in T if φ)`, `exactly n of (φ, ...)`, or `len({...})` for different values",
        )
        return None
    generator, made = call.generator, call.args[0]
    if len(call.args) != 1:
        _single_element(ctx, call.span, "count")
        return None
    bound = binders.bind_finite(ctx, generator, scope, call.args, call)
    bound_names = {n.text for b in generator.binders for n in b.names}
    parts = made.args if isinstance(made, ast.TupleTerm) else (made,)
    conditions = bound.conditions
    if not all(isinstance(p, ast.Name) and p.text in bound_names for p in parts):
        counted = _counted(ctx, made, bound.scope)
        if counted is None:
            return None
        conditions = (*conditions, counted)
    if bound.bounds is None:
        return None
    condition = binders.conjunction(conditions, origin)
    return Typed(ir.Aggregate("count", bound.bounds, condition, ir.TRUE, origin=origin), INT)


def _counted(ctx: Context, made: ast.Expr, scope: Scope) -> ir.Term | None:
    """What stands before `for` as a condition."""
    element = expressions.value(ctx, made, scope)
    if element is None or isinstance(element.sort, BoolSort):
        return None if element is None else element.term
    ctx.error(
        "count-element",
        made.span,
        "`count` counts bindings, not values",
        found=describe(element),
        help="write `len({e for x in T if φ})` for the number of different values, or put a condition here",
    )
    return None


def _quantifier(kind: Choice["forall", "exists"]) -> Handler:
    def handler(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
        call = _with_inner_generator(call, is_idempotent=True)
        origin = ctx.origin(call)
        if call.generator is not None:
            generated = _generated(ctx, call, scope, may_be_open=True)
            if generated is None:
                return None
            if kind == "exists" and isinstance(call.args[0], ast.Implies):
                expressions.warn_of_implication(ctx, call.args[0])
            bound, element = generated
            body = as_truth(ctx, element, call.args[0])
            if bound.bounds is None or body is None:
                return None
            return Typed(binders.quantify(kind, bound, body, origin), BOOL)
        args = expressions.truths(ctx, _arguments(call), scope)
        if args is None:
            return None
        return Typed(ir.And(args, origin=origin) if kind == "forall" else ir.Or(args, origin=origin), BOOL)

    return handler


def _extremum(kind: Choice["min", "max"]) -> Handler:
    def handler(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
        call = _with_inner_generator(call, is_idempotent=True)
        origin = ctx.origin(call)
        if call.generator is not None:
            generated = _generated(ctx, call, scope)
            if generated is None:
                return None
            bound, element = generated
            term = as_number(ctx, element, call.args[0])
            if bound.bounds is None or term is None or element is None:
                return None
            condition = binders.conjunction(bound.conditions, origin)
            return Typed(
                ir.Aggregate(kind, bound.bounds, condition, term, origin=origin), INT, shift=_order_of(element)
            )
        args = _arguments(call)
        if len(args) == 1 and isinstance(args[0], ast.SetTerm) and args[0].generator is None:
            args = args[0].args
        elif len(args) == 1 and sets.looks_like_set(ctx, args[0], scope):
            return _of_set(ctx, kind, args[0], scope)
        if not args:
            ctx.error(
                "wrong-arity",
                call.span,
                f"`{kind}` needs at least one argument",
                found="none",
                help=f"write `{kind}(a, b)` or `{kind}(e for x in T)`",
            )
            return None
        items = expressions.values(ctx, args, scope, expected if isinstance(expected, EnumSort) else None)
        unified = None if items is None else unify(ctx, items)
        if unified is None:
            return None
        terms = [as_number(ctx, t, a) for t, a in zip(unified, args, strict=True)]
        kept = tuple(t for t in terms if t is not None)
        if len(kept) != len(terms):
            return None
        return Typed(ir.Extremum(kind, kept, origin=origin), INT, shift=_order_of(unified[0]))

    return handler


def _order_of(typed: Typed) -> EnumSort | None:
    return typed.shift or (typed.sort if isinstance(typed.sort, EnumSort) else None)


# Sizes


def _len(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
    if len(call.args) != 1 or call.generator is not None:
        ctx.error(
            "wrong-arity",
            call.span,
            "`len` needs one set, list or type",
            found="not so here",
            help="write `len(s)`, or `count(x for x in T if φ)`",
        )
        return None
    arg = call.args[0]
    origin = ctx.origin(call)
    match arg:
        case ast.ListTerm(args, None):
            return Typed(ir.integer(len(args)), INT)
        case ast.ListTerm(args, ast.Generator() as generator):
            bound = binders.bind_finite(ctx, generator, scope, args, arg)
            if bound.bounds is None or expressions.value(ctx, args[0], bound.scope) is None:
                return None
            condition = binders.conjunction(bound.conditions, origin)
            return Typed(ir.Aggregate("count", bound.bounds, condition, ir.TRUE, origin=origin), INT)
        case ast.SetTerm(args, ast.Generator() as generator):
            return _number_of_values(ctx, arg, generator, scope, origin)
        case ast.Name(text) if text not in scope and ctx.sort(text) is not None:
            return _size_of_type(ctx, arg, text)
        case _:
            return _size_of_set(ctx, arg, scope, origin)


def _size_of_type(ctx: Context, arg: ast.Name, text: str) -> Typed | None:
    sort = ctx.sort(text)
    size = None if sort is None else sort_size(sort)
    if size is None:
        ctx.error(
            "infinite-domain",
            arg.span,
            f"nothing says how many there are of `{text}`",
            found="infinite",
            help="list its elements if they are all",
        )
        return None
    return Typed(ir.Literal(size, INT, origin=ctx.origin(arg)), INT)


def _size_of_set(ctx: Context, arg: ast.Expr, scope: Scope, origin: ir.Origin) -> Typed | None:
    typed = expressions.value(ctx, arg, scope)
    if typed is None:
        return None
    if not isinstance(typed.sort, SetSort):
        ctx.error(
            "sort-mismatch",
            arg.span,
            f"`len` needs a set, a list or a type, found {describe(typed)}",
            found=describe(typed),
            help="write `count(x for x in T if φ)`",
        )
        return None
    if isinstance(typed.term, ir.SetOf) and not typed.term.args:
        return Typed(ir.integer(0), INT)
    return Typed(ir.Cardinality(typed.term, origin=origin), INT)


def _number_of_values(
    ctx: Context, arg: ast.SetTerm, generator: ast.Generator, scope: Scope, origin: ir.Origin
) -> Typed | None:
    """How many different values: those of the element's sort that some binding gives."""
    element = arg.args[0]
    bound = binders.bind_finite(ctx, generator, scope, arg.args, arg)
    typed = expressions.value(ctx, element, bound.scope)
    if typed is None or bound.bounds is None:
        return None
    sort = typed.sort
    if typed.shift is not None or typed.may_be_none or sort is None or is_numeric(sort) or isinstance(sort, SetSort):
        return _size_of_set(ctx, arg, scope, origin)
    if sort_size(sort) is None:
        return _size_of_set(ctx, arg, scope, origin)
    variable = ctx.fresh_variable("value", sort, origin)
    name = ast.Name("\0v", span=element.span)
    same = comparisons.compare(ctx, (Typed(variable, sort), name), "==", (typed, element), origin)
    if same is None:
        return None
    some = binders.quantify("exists", bound, same, origin)
    return Typed(ir.Aggregate("count", (ir.Bound(variable, origin=origin),), some, ir.TRUE, origin=origin), INT)


AGGREGATES: dict[str, Handler] = {
    "sum": _total("sum"),
    "prod": _total("prod"),
    "count": _count,
    "len": _len,
    "any": _quantifier("exists"),
    "all": _quantifier("forall"),
    "min": _extremum("min"),
    "max": _extremum("max"),
}
"""By name."""
