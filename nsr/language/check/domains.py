"""What a bound variable runs over: a type, a range, a list, a set, a relation, or the entries of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from nsr.language import ast, ir
from nsr.language.check import expressions, inference, membership, names, sets
from nsr.language.check.coerce import as_number, unify
from nsr.language.check.context import Context, Scope, Typed, describe
from nsr.language.check.messages import suggestion
from nsr.language.check.ranges import number_range
from nsr.language.check.variables import constants_of
from nsr.language.sorts import (
    BOOL,
    INT,
    Element,
    EnumSort,
    IntSort,
    OpenSort,
    SetSort,
    Sort,
    Value,
    is_numeric,
    sort_size,
)


class Domain(NamedTuple):
    """The sort of a variable, its values if they are not all of the sort, and what else has to hold of it."""

    sort: Sort
    values: ir.Interval | ir.Listed | None = None
    test: Callable[[ir.Variable], ir.Term | None] | None = None


def of(ctx: Context, binder: ast.Binder, scope: Scope, uses: tuple[ast.Expr, ...]) -> Domain | None:
    """The domain of a binder without parentheses; None after reporting."""
    found = _of(ctx, binder, scope, uses)
    if found is None or (found.values != ir.Listed(()) and sort_size(found.sort) != 0):
        return found
    # Nothing tells the sort of an empty set but the places that its elements would fill.
    fitting = [s for name in binder.names for s in inference.sorts_of(ctx, name.text, scope, uses)]
    return Domain(fitting[0] if fitting else INT, ir.Listed((), origin=ctx.origin(binder)))


def _of(ctx: Context, binder: ast.Binder, scope: Scope, uses: tuple[ast.Expr, ...]) -> Domain | None:
    match binder.domain:
        case None:
            sort = inference.infer(ctx, binder, scope, uses)
            return None if sort is None else Domain(sort)
        case ast.Name(text) if text not in scope and (ctx.sort(text) is not None or text in ctx.failed_sorts):
            sort = ctx.sort(text)
            return None if sort is None else Domain(sort)
        case ast.Name(text) if text not in scope and _is_collection(ctx, text):
            return _of_symbol(ctx, binder.domain)
        case ast.RangeTerm(low, high):
            return _of_range(ctx, binder.domain, low, high, scope)
        case ast.SetTerm(args, None) | ast.ListTerm(args, None) | ast.TupleTerm(args):
            return _listed_domain(ctx, binder.domain, args, scope)
        case ast.ListTerm(args, generator):
            return _of_set(ctx, ast.SetTerm(args, generator, span=binder.domain.span), scope)
        case ast.Name(text) if text not in scope and ctx.symbol(text) is None:
            if text not in ctx.failed:
                _report_unknown(ctx, binder.domain)
            return None
        case _:
            return _of_set(ctx, binder.domain, scope)


def _is_collection(ctx: Context, text: str) -> bool:
    symbol = ctx.symbol(text)
    return symbol is not None and bool(symbol.arguments)


def _of_symbol(ctx: Context, domain: ast.Name) -> Domain | None:
    """Going over a predicate, a relation or the entries of a table, of one argument."""
    symbol = ctx.symbol(domain.text)
    assert symbol is not None
    if len(symbol.arguments) != 1:
        arity = len(symbol.arguments)
        ctx.error(
            "wrong-arity",
            domain.span,
            f"`{domain.text}` has {names.count_of(arity, 'argument')}, and one variable goes over it",
            found="one variable",
            labels=ctx.declared_here(domain.text),
            help=f"write `({', '.join('xyzuvw'[:arity])}) in {domain.text}`",
        )
        return None
    found = _columns(ctx, domain, symbol)
    if found is None:
        return None
    table = ctx.tables.get(symbol.name)
    if table is not None and found[0].values is not None and symbol.value != BOOL:
        ctx.used.add(symbol.name)
        return found[0]
    origin = ctx.origin(domain)
    return found[0]._replace(test=lambda v: membership.in_symbol(ctx, domain, symbol, (v,), origin))


def _columns(ctx: Context, domain: ast.Name, symbol: ir.Function) -> list[Domain] | None:
    """What the arguments of a predicate, a relation or a table run over."""
    table = ctx.tables.get(symbol.name)
    origin = ctx.origin(domain)
    found = []
    for i, sort in enumerate(symbol.arguments):
        size = sort_size(sort)
        if table is not None:
            keys = {key[i]: None for key, value in table.entries.items() if value is not False}
            is_sparse = size is None or 2 * len(keys) <= size or len(symbol.arguments) == 1
            found.append(Domain(sort, _literals(tuple(keys), sort, origin) if is_sparse else None))
        elif isinstance(sort, OpenSort) and symbol.kind == "rel":
            # A closed relation holds of nothing that is not named.
            found.append(Domain(sort, ir.Listed(constants_of(ctx, sort), origin=origin)))
        elif size is None and not isinstance(sort, OpenSort):
            _report_infinite(ctx, domain, f"`{domain.text}` has infinitely many arguments")
            return None
        else:
            found.append(Domain(sort))
    return found


def _literals(values: Sequence[Value], sort: Sort, origin: ir.Origin) -> ir.Listed:
    return ir.Listed(tuple(ir.Literal(v, sort, origin=origin) for v in values), origin=origin)


def _of_set(ctx: Context, domain: ast.Expr, scope: Scope) -> Domain | None:
    """Going over a set: over the type of its elements, with a test."""
    typed = expressions.value(ctx, domain, scope)
    if typed is None:
        return None
    if not isinstance(typed.sort, SetSort):
        ctx.error(
            "not-a-collection",
            domain.span,
            f"variables run over a type, a range, a set, a relation or a table, not over {describe(typed)}",
            found=describe(typed),
            help="go over a type and say the rest with a filter: `for x in T if φ`",
        )
        return None
    element, origin = typed.sort.element, ctx.origin(domain)
    if sort_size(element) is None:
        _report_infinite(ctx, domain, "the elements of this set are of a type without end")
        return None
    name = ast.Name("x", span=domain.span)
    return Domain(element, None, lambda v: sets.contains(ctx, (Typed(v, element), name), typed, origin))


def _report_infinite(ctx: Context, domain: ast.Expr, message: str) -> None:
    ctx.error(
        "infinite-domain",
        domain.span,
        f"{message}, so going over it has no end",
        found="infinite",
        help="give the type bounds: `low..high`",
    )


def _report_unknown(ctx: Context, domain: ast.Name) -> None:
    if domain.text in ctx.elements:
        ctx.error(
            "not-a-collection",
            domain.span,
            f"`{domain.text}` is an element, not a type",
            found="an element",
            expected=(str(ctx.elements[domain.text][0]),),
        )
        return
    near = ctx.nearest(domain.text, list(ctx.sorts))
    ctx.error(
        "unknown-type",
        domain.span,
        f"there is no type `{domain.text}`",
        found="not declared",
        help=suggestion(near, "declare it with `type`"),
        expected=near,
    )


def _of_range(ctx: Context, domain: ast.RangeTerm, low: ast.Expr, high: ast.Expr, scope: Scope) -> Domain | None:
    items = expressions.values(ctx, (low, high), scope)
    if items is None:
        return None
    origin = ctx.origin(domain)
    ends = [typed.shift or typed.sort for typed, _ in items]
    if any(isinstance(end, EnumSort) for end in ends):
        return _element_range(ctx, domain, items, scope)
    a, b = as_number(ctx, items[0][0], low), as_number(ctx, items[1][0], high)
    if a is None or b is None:
        return None
    x, y = number_range(ctx, a), number_range(ctx, b)
    for (_, expr), found in zip(items, (x, y), strict=True):
        if not found.is_whole:
            ctx.error("sort-mismatch", expr.span, "the end of a range is a whole number", found="may be a fraction")
            return None
    sort = IntSort(None if x.low is None else int(x.low), None if y.high is None else int(y.high))
    if isinstance(a, ir.Literal) and isinstance(b, ir.Literal):
        return Domain(sort)
    return Domain(sort, ir.Interval(a, b, origin=origin))


def _element_range(
    ctx: Context, domain: ast.RangeTerm, items: Sequence[tuple[Typed, ast.Expr]], scope: Scope
) -> Domain | None:
    both = unify(ctx, items)
    if both is None:
        return None
    sort = both[0].sort
    terms = [t.term for t in both]
    if not isinstance(sort, EnumSort) or not sort.is_ordered:
        names_of = describe(both[0])
        ctx.error(
            "no-order", domain.span, f"{names_of} has no place in an order", found=names_of, help="go over a type"
        )
        return None
    if not all(isinstance(t, ir.Literal) and isinstance(t.value, Element) for t in terms):
        origin = ctx.origin(domain)
        name = ast.Name("\0x", span=domain.span)
        outer = dict(scope)
        return Domain(sort, None, lambda v: membership.membership(ctx, name, domain, {**outer, name.text: v}, origin))
    positions = []
    for term in terms:
        position = as_number(ctx, Typed(term, sort), domain)
        assert isinstance(position, ir.Literal)
        assert isinstance(position.value, int)
        positions.append(position.value)
    origin = ctx.origin(domain)
    inside = range(positions[0] - 1, positions[1])
    return Domain(sort, _literals([sort.element(i) for i in inside], sort, origin))


def _listed_domain(ctx: Context, domain: ast.Expr, args: tuple[ast.Expr, ...], scope: Scope) -> Domain | None:
    origin = ctx.origin(domain)
    if not args:
        return Domain(INT, ir.Listed((), origin=origin))
    items = expressions.values(ctx, args, scope)
    both = None if items is None else unify(ctx, items)
    if items is None or both is None:
        return None
    sort = both[0].sort
    shift = both[0].shift
    if sort is None:
        return Domain(INT, ir.Listed((), origin=origin))
    if shift is not None:
        # A position that is no element of the type is left out.
        listed = tuple(ir.ElementAt(t.term, shift, origin=t.term.origin) for t in both)
        return Domain(shift, ir.Listed(listed, origin=origin))
    terms = tuple(t.term for t in both)
    if is_numeric(sort):
        sort = sets.number_sort(ctx, terms)
    return Domain(sort, ir.Listed(terms, origin=origin))


def of_tuple(ctx: Context, binder: ast.Binder, scope: Scope) -> list[Domain] | None:
    """The domains of the variables of `(i, j) in arc`; None after reporting."""
    domain = binder.domain
    match domain:
        case ast.Name(text) if text not in scope:
            symbol = ctx.symbol(text)
            if symbol is None:
                if text not in ctx.failed:
                    _report_unknown(ctx, domain)
                return None
            if len(symbol.arguments) != len(binder.names):
                arity = names.count_of(len(symbol.arguments), "argument")
                ctx.error(
                    "wrong-arity",
                    binder.span,
                    f"`{text}` has {arity}, found {names.count_of(len(binder.names), 'variable')}",
                    labels=ctx.declared_here(text),
                )
                return None
            return _columns(ctx, domain, symbol)
        case ast.SetTerm(args, None) | ast.ListTerm(args, None) | ast.TupleTerm(args) if all(
            isinstance(a, ast.TupleTerm) and len(a.args) == len(binder.names) for a in args
        ):
            columns = [tuple(a.args[i] for a in args if isinstance(a, ast.TupleTerm)) for i in range(len(binder.names))]
            found = [_listed_domain(ctx, domain, column, scope) for column in columns]
            kept = [f for f in found if f is not None]
            return kept if len(kept) == len(found) else None
        case _:
            assert domain is not None
            ctx.error(
                "not-a-collection",
                domain.span,
                "several variables in parentheses run over a predicate, a table or a list of such tuples",
                found="no such collection",
            )
            return None
