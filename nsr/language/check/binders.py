"""Binders: what bound variables run over, and the quantifiers made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal as Choice

from nsr.language import ast, ir
from nsr.language.check import expressions, inference, membership, names
from nsr.language.check.coerce import as_number, unify
from nsr.language.check.context import Context, Scope, Typed
from nsr.language.check.messages import suggestion
from nsr.language.check.ranges import number_range
from nsr.language.sorts import INT, EnumSort, IntSort, NumberSort, Sort, sort_size


@dataclass(frozen=True, slots=True)
class Binding:
    """The scope inside, the bound variables, and what has to hold of them; `bounds` None if a domain failed."""

    scope: Scope
    bounds: tuple[ir.Bound, ...] | None
    conditions: tuple[ir.Term, ...]


def bind(
    ctx: Context, binders: Sequence[ast.Binder], filter: ast.Expr | None, scope: Scope, body: tuple[ast.Expr, ...]
) -> Binding:
    """Bind all names of `binders`; `body` is what they are used in, to infer a domain that is left out."""
    inner = dict(scope)
    bounds: list[ir.Bound] = []
    conditions: list[ir.Term] = []
    is_failed = False
    uses = body if filter is None else (*body, filter)
    for binder in binders:
        if binder.is_tuple:
            is_failed |= not _bind_tuple(ctx, binder, inner, bounds, conditions)
            continue
        domain = _domain(ctx, binder, inner, uses)
        is_failed |= domain is None
        for name in binder.names:
            warn_of_hiding(ctx, name)
            if domain is None:
                inner[name.text] = None
            else:
                bounds.append(_bound(ctx, name, domain, inner))
    if filter is not None:
        condition = expressions.truth(ctx, filter, inner)
        is_failed |= condition is None
        if condition is not None:
            conditions.append(condition)
    return Binding(inner, None if is_failed else tuple(bounds), tuple(conditions))


def quantify(kind: Choice["forall", "exists"], bound: Binding, body: ir.Term, origin: ir.Origin) -> ir.Term:
    """The quantified formula; conditions of the binding become part of the body."""
    assert bound.bounds is not None
    if bound.conditions:
        if kind == "forall":
            body = ir.Implies(conjunction(bound.conditions, origin), body, origin=origin)
        else:
            body = conjunction((*bound.conditions, body), origin)
    return ir.Quantified(kind, bound.bounds, body, origin=origin)


def conjunction(terms: tuple[ir.Term, ...], origin: ir.Origin) -> ir.Term:
    """All of them hold; of one it is that one, of none it is true."""
    match terms:
        case ():
            return ir.TRUE
        case (term,):
            return term
        case _:
            return ir.And(terms, origin=origin)


_Domain = tuple[Sort, ir.Interval | ir.Listed | None]


def _bound(ctx: Context, name: ast.Name, domain: _Domain, inner: dict[str, ir.Variable | None]) -> ir.Bound:
    sort, values = domain
    variable = ctx.fresh_variable(name.text, sort, ctx.origin(name))
    inner[name.text] = variable
    return ir.Bound(variable, values, origin=ctx.origin(name))


def warn_of_hiding(ctx: Context, name: ast.Name) -> None:
    """Warn of a variable that takes the name of an element or of a symbol."""
    text = name.text
    if text in ctx.elements:
        what = f"the element of `{ctx.elements[text][0]}`"
    elif text in ctx.symbols:
        what = "the declared symbol"
    else:
        return
    ctx.warn(
        "hidden-name",
        name.span,
        f"the bound variable `{text}` hides {what} of that name",
        found="hides it",
        help="give the variable another name",
    )


def _domain(ctx: Context, binder: ast.Binder, scope: Scope, uses: tuple[ast.Expr, ...]) -> _Domain | None:
    match binder.domain:
        case None:
            sort = inference.infer(ctx, binder, scope, uses)
            return None if sort is None else (sort, None)
        case ast.Name(text) if text not in scope and (ctx.sort(text) is not None or text in ctx.failed_sorts):
            return _type_domain(ctx, binder.domain)
        case ast.Name(text) if text not in scope:
            return _symbol_domain(ctx, binder, binder.domain, scope)
        case ast.RangeTerm(low, high):
            return _range_domain(ctx, binder.domain, low, high, scope)
        case ast.SetTerm(args, None) | ast.ListTerm(args, None) | ast.TupleTerm(args):
            return _listed_domain(ctx, binder.domain, args, scope)
        case _:
            inference.refuse(
                ctx,
                binder.domain,
                "going over this",
                "go over a type and say the rest with a filter: `for x in T if φ`",
            )
            return None


def _type_domain(ctx: Context, domain: ast.Name) -> _Domain | None:
    sort = ctx.sort(domain.text)
    if sort is None:
        return None
    if sort_size(sort) is None:
        ctx.error(
            "infinite-domain",
            domain.span,
            f"`{domain.text}` has infinitely many values, so going over it has no end",
            found="infinite",
            help="give it bounds: `type T = low..high`",
        )
        return None
    return sort, None


def _symbol_domain(ctx: Context, binder: ast.Binder, domain: ast.Name, scope: Scope) -> _Domain | None:
    """Going over a predicate or table of one argument is said with `if`, unless its values are few and known."""
    symbol = ctx.symbol(domain.text)
    if symbol is None:
        if domain.text not in ctx.failed:
            _unknown_domain(ctx, domain, scope)
        return None
    if len(symbol.arguments) == 1:
        ctx.used.add(symbol.name)
        table = ctx.tables.get(symbol.name)
        sort = symbol.arguments[0]
        origin = ctx.origin(domain)
        if table is not None and not table.has_default:
            keys = (k for k, v in table.entries.items() if v is not False)
            return sort, ir.Listed(tuple(ir.Literal(k[0], sort, origin=origin) for k in keys), origin=origin)
    inference.refuse(
        ctx,
        domain,
        f"going over `{domain.text}`",
        f"go over its type with a filter: `for x in T if {domain.text}(x)`",
    )
    return None


def _unknown_domain(ctx: Context, domain: ast.Name, scope: Scope) -> None:
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


def _range_domain(ctx: Context, domain: ast.RangeTerm, low: ast.Expr, high: ast.Expr, scope: Scope) -> _Domain | None:
    items = expressions.values(ctx, (low, high), scope)
    if items is None:
        return None
    origin = ctx.origin(domain)
    ends = [typed.shift or typed.sort for typed, _ in items]
    if any(isinstance(end, EnumSort) for end in ends):
        return _element_range(ctx, domain, items)
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
        return sort, None
    return sort, ir.Interval(a, b, origin=origin)


def _element_range(ctx: Context, domain: ast.RangeTerm, items: Sequence[tuple[Typed, ast.Expr]]) -> _Domain | None:
    both = unify(ctx, items)
    if both is None:
        return None
    sort = both[0].sort
    terms = [t.term for t in both]
    if (
        not isinstance(sort, EnumSort)
        or not sort.is_ordered
        or not all(isinstance(t, ir.Literal) and t.value is not None for t in terms)
    ):
        inference.refuse(
            ctx, domain, "a range between elements that are not named", "write `for x in T if a <= x <= b`"
        )
        return None
    positions = []
    for term in terms:
        position = as_number(ctx, Typed(term, sort), domain)
        assert isinstance(position, ir.Literal)
        assert isinstance(position.value, int)
        positions.append(position.value)
    origin = ctx.origin(domain)
    inside = range(positions[0] - 1, positions[1])
    return sort, ir.Listed(tuple(ir.Literal(sort.element(i), sort, origin=origin) for i in inside), origin=origin)


def _listed_domain(ctx: Context, domain: ast.Expr, args: tuple[ast.Expr, ...], scope: Scope) -> _Domain | None:
    origin = ctx.origin(domain)
    if not args:
        return INT, ir.Listed((), origin=origin)
    items = expressions.values(ctx, args, scope)
    both = None if items is None else unify(ctx, items)
    if items is None or both is None:
        return None
    sort = both[0].sort
    if both[0].shift is not None or sort is None:
        inference.refuse(ctx, domain, "going over shifted elements or `none`", "go over the type with a filter")
        return None
    terms = tuple(t.term for t in both)
    if isinstance(sort, IntSort | NumberSort):
        sort = _number_sort(ctx, terms)
    return sort, ir.Listed(terms, origin=origin)


def _number_sort(ctx: Context, terms: tuple[ir.Term, ...]) -> Sort:
    ranges = [number_range(ctx, t) for t in terms]
    lows = [r.low for r in ranges if r.low is not None]
    highs = [r.high for r in ranges if r.high is not None]
    if all(r.is_whole for r in ranges) and len(lows) == len(highs) == len(ranges):
        return IntSort(int(min(lows)), int(max(highs)))
    return INT


def _bind_tuple(
    ctx: Context,
    binder: ast.Binder,
    inner: dict[str, ir.Variable | None],
    bounds: list[ir.Bound],
    conditions: list[ir.Term],
) -> bool:
    """`(i, j) in arc`: every variable over its own sort, and the tuple in the collection."""
    for name in binder.names:
        warn_of_hiding(ctx, name)
    assert binder.domain is not None
    origin = ctx.origin(binder)
    domains = _tuple_domains(ctx, binder, inner)
    if domains is None:
        for name in binder.names:
            inner[name.text] = None
        return False
    scope_before = dict(inner)
    new = [_bound(ctx, name, domain, inner) for name, domain in zip(binder.names, domains, strict=True)]
    bounds.extend(new)
    if isinstance(binder.domain, ast.Name):
        symbol = ctx.symbol(binder.domain.text)
        assert symbol is not None
        condition = membership.in_symbol(ctx, binder.domain, symbol, tuple(b.variable for b in new), origin)
    else:
        # The listed tuples are looked at outside: the new variables hide nothing in them.
        names = {f"\0{i}": b.variable for i, b in enumerate(new)}
        element = ast.TupleTerm(tuple(ast.Name(n, span=binder.span) for n in names), span=binder.span)
        condition = membership.membership(ctx, element, binder.domain, {**scope_before, **names}, origin)
    if condition is None:
        return False
    conditions.append(condition)
    return True


def _tuple_domains(ctx: Context, binder: ast.Binder, scope: Scope) -> list[_Domain] | None:
    domain = binder.domain
    match domain:
        case ast.Name(text) if text not in scope:
            symbol = ctx.symbol(text)
            if symbol is None:
                if text not in ctx.failed:
                    _unknown_domain(ctx, domain, scope)
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
            return [(sort, None) for sort in symbol.arguments]
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
