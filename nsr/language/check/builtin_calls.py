"""Calls of the functions built in: `sum`, `count`, `min`, `abs`, `first`, and the others."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from typing import Literal as Choice

from nsr.diagnostics import Span
from nsr.language import ast, ir
from nsr.language.check import binders, comparisons, expressions, inference, names
from nsr.language.check.coerce import as_number, as_truth, literal_number, position, type_label, unify
from nsr.language.check.context import Context, Scope, Typed, describe
from nsr.language.sorts import BOOL, INT, BoolSort, EnumSort, IntSort, NumberSort, Sort, sort_size

_Handler = Callable[[Context, ast.Call, Scope, Sort | None], Typed | None]


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
    if len(expr.args) == 1 and isinstance(expr.args[0], ast.ListTerm) and expr.args[0].generator is None:
        return distinct(ctx, ast.Distinct(expr.args[0].args, span=expr.span), scope, expected)
    items = expressions.values(ctx, expr.args, scope)
    unified = None if items is None else unify(ctx, items)
    if unified is None:
        return None
    return Typed(ir.AllDifferent(tuple(t.term for t in unified), origin=origin), BOOL)


def _distinct_for(ctx: Context, expr: ast.Distinct, generator: ast.Generator, scope: Scope) -> Typed | None:
    if len(expr.args) != 1:
        _single_element(ctx, expr.span, "distinct")
        return None
    bound = binders.bind(ctx, generator.binders, generator.filter, scope, expr.args)
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


def _generated(ctx: Context, call: ast.Call, scope: Scope) -> tuple[binders.Binding, Typed | None] | None:
    """The binding and the element of `f(e for ...)`."""
    assert call.generator is not None
    if len(call.args) != 1:
        _single_element(ctx, call.span, call.function.text)
        return None
    bound = binders.bind(ctx, call.generator.binders, call.generator.filter, scope, call.args)
    return bound, expressions.value(ctx, call.args[0], bound.scope)


def _arguments(call: ast.Call) -> tuple[ast.Expr, ...]:
    """The arguments of a call, those of a single list argument included (`max([a, b])`)."""
    if len(call.args) == 1 and isinstance(call.args[0], ast.ListTerm) and call.args[0].generator is None:
        return call.args[0].args
    return call.args


def _with_inner_generator(call: ast.Call) -> ast.Call:
    """`sum([e for x in T])` as `sum(e for x in T)`: a list counts every binding."""
    if call.generator is None and len(call.args) == 1:
        inner = call.args[0]
        if isinstance(inner, ast.ListTerm) and inner.generator is not None:
            return ast.Call(call.function, inner.args, inner.generator, span=call.span)
    return call


def _total(kind: Choice["sum", "prod"]) -> _Handler:
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
        if any(isinstance(a, ast.SetTerm) for a in call.args):
            inference.refuse(
                ctx, call, f"`{kind}` of a set", f"write `{kind}(e for x in T if φ)`, or a list in brackets"
            )
            return None
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
    generated = _generated(ctx, call, scope)
    if generated is None:
        return None
    bound, element = generated
    if bound.bounds is None or element is None:
        return None
    bound_names = {n.text for b in call.generator.binders for n in b.names}
    made = call.args[0]
    parts = made.args if isinstance(made, ast.TupleTerm) else (made,)
    if all(isinstance(p, ast.Name) and p.text in bound_names for p in parts):
        conditions = bound.conditions
    elif isinstance(element.sort, BoolSort):
        conditions = (*bound.conditions, element.term)
    else:
        ctx.error(
            "count-element",
            made.span,
            "`count` counts bindings, not values",
            found=describe(element),
            help="write `len({e for x in T if φ})` for the number of different values, or put a condition here",
        )
        return None
    condition = binders.conjunction(conditions, origin)
    return Typed(ir.Aggregate("count", bound.bounds, condition, ir.TRUE, origin=origin), INT)


def _quantifier(kind: Choice["forall", "exists"]) -> _Handler:
    def handler(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
        call = _with_inner_generator(call)
        origin = ctx.origin(call)
        if call.generator is not None:
            generated = _generated(ctx, call, scope)
            if generated is None:
                return None
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


def _extremum(kind: Choice["min", "max"]) -> _Handler:
    def handler(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
        call = _with_inner_generator(call)
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
        if not args:
            _needs(ctx, call, "at least one argument", f"write `{kind}(a, b)` or `{kind}(e for x in T)`")
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


# Functions of one number


def _number_argument(ctx: Context, call: ast.Call, scope: Scope) -> ir.Term | None:
    if not _has_one_argument(ctx, call, "one number"):
        return None
    return as_number(ctx, expressions.value(ctx, call.args[0], scope), call.args[0])


def _has_one_argument(ctx: Context, call: ast.Call, what: str) -> bool:
    if len(call.args) == 1 and call.generator is None:
        return True
    _needs(ctx, call, what, f"write `{call.function.text}(...)` with one argument")
    return False


def _needs(ctx: Context, call: ast.Call, what: str, help: str) -> None:
    ctx.error("wrong-arity", call.span, f"`{call.function.text}` needs {what}", found="not so here", help=help)


def _abs(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
    term = _number_argument(ctx, call, scope)
    if term is None:
        return None
    origin = ctx.origin(call)
    known = term.value if isinstance(term, ir.Literal) else None
    if isinstance(known, int | Fraction):
        return literal_number(-known if known < 0 else known, origin)
    return Typed(ir.Absolute(term, origin=origin), INT)


def _round(kind: Choice["floor", "ceil", "round"]) -> _Handler:
    def handler(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
        term = _number_argument(ctx, call, scope)
        return None if term is None else Typed(ir.Rounded(kind, term, origin=ctx.origin(call)), INT)

    return handler


# Types and their order


def _end(is_first: bool) -> _Handler:
    def handler(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
        if not _has_one_argument(ctx, call, "the name of a type"):
            return None
        sort = _type_argument(ctx, call, scope)
        if sort is None:
            return None
        origin = ctx.origin(call)
        match sort:
            case EnumSort(name, elements, is_ordered):
                if not is_ordered:
                    ctx.error(
                        "no-order",
                        call.args[0].span,
                        f"the elements of `{name}` have no order",
                        found=f"`{name}`",
                        labels=type_label(ctx, name),
                        help=f"write the type with brackets, `type {name} = [...]`, if its elements have an order",
                    )
                    return None
                return Typed(ir.Literal(sort.element(0 if is_first else len(elements) - 1), sort, origin=origin), sort)
            case IntSort(low, high):
                bound = low if is_first else high
                return None if bound is None else Typed(ir.Literal(bound, sort, origin=origin), INT)
            case NumberSort(_, numbers):
                return Typed(ir.Literal(numbers[0 if is_first else -1], sort, origin=origin), INT)
            case _:
                return None

    return handler


def _type_argument(ctx: Context, call: ast.Call, scope: Scope) -> Sort | None:
    arg = call.args[0]
    if isinstance(arg, ast.Name) and arg.text not in scope:
        sort = ctx.sort(arg.text)
        if sort is not None and not isinstance(sort, BoolSort) and sort_size(sort) is not None:
            return sort
        if arg.text in ctx.failed_sorts:
            return None
        if ctx.is_open(arg.text):
            names.unknown_name(ctx, arg, scope)
            return None
    _needs(ctx, call, "the name of a type", f"write `{call.function.text}(T)` with an ordered type or a range")
    return None


def _pos(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
    if not _has_one_argument(ctx, call, "an element of an ordered type"):
        return None
    arg = call.args[0]
    typed = expressions.value(ctx, arg, scope, expected)
    if typed is None:
        return None
    origin = ctx.origin(call)
    if typed.shift is not None:
        return Typed(typed.term, INT)
    if isinstance(typed.sort, EnumSort) and typed.sort.is_ordered:
        return Typed(position(typed.term, origin), INT)
    if isinstance(typed.sort, IntSort) and typed.sort.low is not None:
        shift = ir.Literal(1 - typed.sort.low, INT, origin=origin)
        return Typed(ir.Sum((typed.term, shift), origin=origin), INT)
    if isinstance(typed.sort, NumberSort) and len(typed.sort.values) <= _MAX_PLACES:
        return Typed(_place(typed.term, typed.sort, origin), INT)
    ctx.error(
        "sort-mismatch",
        arg.span,
        f"`pos` needs an element of an ordered type, found {describe(typed)}",
        found=describe(typed),
        help="write the type with brackets, `type T = [...]`, if its elements have an order",
    )
    return None


_MAX_PLACES = 100
"""How many elements a type of numbers may have for `pos`: its places are told apart one by one."""


def _place(term: ir.Term, sort: NumberSort, origin: ir.Origin) -> ir.Term:
    """The place of a number in its type, from 1; undefined, like `Restrict` outside its range, where the term is."""
    places = IntSort(1, len(sort.values))
    found: ir.Term = ir.Restrict(ir.Literal(0, INT, origin=origin), places, origin=origin)
    for place in range(len(sort.values), 0, -1):
        is_here = ir.Equal(term, ir.Literal(sort.values[place - 1], sort, origin=origin), origin=origin)
        found = ir.Conditional(is_here, ir.Literal(place, INT, origin=origin), found, origin=origin)
    return found


def _len(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
    if not _has_one_argument(ctx, call, "one set, list or type"):
        return None
    arg = call.args[0]
    origin = ctx.origin(call)
    match arg:
        case ast.ListTerm(args, None):
            return Typed(ir.integer(len(args)), INT)
        case ast.ListTerm(args, ast.Generator() as generator):
            bound = binders.bind(ctx, generator.binders, generator.filter, scope, args)
            if bound.bounds is None or expressions.value(ctx, args[0], bound.scope) is None:
                return None
            condition = binders.conjunction(bound.conditions, origin)
            return Typed(ir.Aggregate("count", bound.bounds, condition, ir.TRUE, origin=origin), INT)
        case ast.SetTerm((), None):
            return Typed(ir.integer(0), INT)
        case ast.SetTerm(args, None):
            binder = ast.Binder((ast.Name("\0v", span=arg.span),), arg, span=arg.span)
            bound = binders.bind(ctx, (binder,), None, scope, args)
            if bound.bounds is None:
                return None
            return Typed(ir.Aggregate("count", bound.bounds, ir.TRUE, ir.TRUE, origin=origin), INT)
        case ast.SetTerm(args, ast.Generator() as generator):
            return _number_of_values(ctx, args[0], generator, scope, origin)
        case ast.Name(text) if text not in scope and ctx.sort(text) is not None:
            sort = ctx.sort(text)
            size = None if sort is None else sort_size(sort)
            return None if size is None else Typed(ir.Literal(size, INT, origin=origin), INT)
        case _:
            inference.refuse(
                ctx, call, "`len` of this", "write `count(x for x in T if φ)` or `len({e for x in T if φ})`"
            )
            return None


def _number_of_values(
    ctx: Context, element: ast.Expr, generator: ast.Generator, scope: Scope, origin: ir.Origin
) -> Typed | None:
    """How many different values: those of the element's sort that some binding gives."""
    bound = binders.bind(ctx, generator.binders, generator.filter, scope, (element,))
    typed = expressions.value(ctx, element, bound.scope)
    if typed is None or bound.bounds is None:
        return None
    sort = typed.sort
    if typed.shift is not None or sort is None or sort_size(sort) is None:
        inference.refuse(
            ctx, element, "counting different values of this", "count values of a function with a finite type"
        )
        return None
    variable = ctx.fresh_variable("value", sort, origin)
    name = ast.Name("\0v", span=element.span)
    same = comparisons.compare(ctx, (Typed(variable, sort), name), "==", (typed, element), origin)
    if same is None:
        return None
    some = binders.quantify("exists", bound, same, origin)
    return Typed(ir.Aggregate("count", (ir.Bound(variable, origin=origin),), some, ir.TRUE, origin=origin), INT)


def _refused(construct: str, help: str) -> _Handler:
    def handler(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
        inference.refuse(ctx, call, construct, help)
        return None

    return handler


_SCHEDULING = "say it with comparisons of starts and ends"

BUILTINS: dict[str, _Handler] = {
    "sum": _total("sum"),
    "prod": _total("prod"),
    "count": _count,
    "len": _len,
    "any": _quantifier("exists"),
    "all": _quantifier("forall"),
    "min": _extremum("min"),
    "max": _extremum("max"),
    "abs": _abs,
    "floor": _round("floor"),
    "ceil": _round("ceil"),
    "round": _round("round"),
    "first": _end(True),
    "last": _end(False),
    "pos": _pos,
    "no_overlap": _refused("`no_overlap`", _SCHEDULING),
    "cumulative": _refused("`cumulative`", _SCHEDULING),
    "circuit": _refused("`circuit`", "say it with positions in the tour: a `distinct` function to a range"),
    "piecewise": _refused("`piecewise`", "write `if ... then ... else ...`"),
    "possible": _refused("`possible`", "ask with `choose could` and options"),
    "certain": _refused("`certain`", "ask with `choose must` and options"),
    "fixed": _refused("`fixed`", "ask with `find all` for the term"),
}
"""By name; a declaration of the same name goes before."""
