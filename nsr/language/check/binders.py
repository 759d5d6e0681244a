"""Binders: what bound variables run over, and the quantifiers made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal as Choice

from nsr.language import ast, ir
from nsr.language.check import domains, expressions, membership
from nsr.language.check.context import Context, Scope
from nsr.language.sorts import OpenSort


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
        domain = domains.of(ctx, binder, inner, uses)
        is_failed |= domain is None
        for name in binder.names:
            warn_of_hiding(ctx, name)
            if domain is None:
                inner[name.text] = None
                continue
            bounds.append(_bound(ctx, name, domain, inner))
            if domain.test is not None:
                condition = domain.test(bounds[-1].variable)
                is_failed |= condition is None
                conditions += () if condition is None else (condition,)
    if filter is not None:
        condition = expressions.truth(ctx, filter, inner)
        is_failed |= condition is None
        if condition is not None:
            conditions.append(condition)
    return Binding(inner, None if is_failed else tuple(bounds), tuple(conditions))


def bind_finite(
    ctx: Context, generator: ast.Generator, scope: Scope, body: tuple[ast.Expr, ...], whole: ast.Expr
) -> Binding:
    """Bind the names of a generator whose bindings are counted, added up or collected: none is of an open type."""
    bound = bind(ctx, generator.binders, generator.filter, scope, body)
    sort = open_type(bound)
    if sort is None:
        return bound
    ctx.error(
        "infinite-domain",
        whole.span,
        f"`{sort}` is open, there may be more of it than is named, so that this has no one value",
        found="an open type",
        help=f"list its elements, `type {sort} = {{...}}`, or say it with `forall`, `exists`, `exactly n`",
    )
    return Binding(bound.scope, None, bound.conditions)


def open_type(bound: Binding) -> OpenSort | None:
    """The open type that a variable runs over, if one does."""
    for bind_ in bound.bounds or ():
        if bind_.domain is None and isinstance(bind_.variable.sort, OpenSort):
            return bind_.variable.sort
    return None


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


def _bound(ctx: Context, name: ast.Name, domain: domains.Domain, inner: dict[str, ir.Variable | None]) -> ir.Bound:
    variable = ctx.fresh_variable(name.text, domain.sort, ctx.origin(name))
    inner[name.text] = variable
    return ir.Bound(variable, domain.values, origin=ctx.origin(name))


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
    found = domains.of_tuple(ctx, binder, inner)
    if found is None:
        for name in binder.names:
            inner[name.text] = None
        return False
    scope_before = dict(inner)
    new = [_bound(ctx, name, domain, inner) for name, domain in zip(binder.names, found, strict=True)]
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
