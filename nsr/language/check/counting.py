"""`exactly n x in T: φ` and its kin, over open types too, where nothing can be counted."""

from __future__ import annotations

from nsr.language import ast, ir
from nsr.language.check import binders, expressions
from nsr.language.check.coerce import as_number
from nsr.language.check.context import Context, Scope

_MAX_THINGS = 8
"""Most things of an open type that are told apart by name."""


def quantified(ctx: Context, expr: ast.Quantified, scope: Scope) -> ir.Term | None:
    """How many bindings fulfil a formula, compared with a number."""
    assert expr.kind in ("exactly", "at_least", "at_most")
    assert expr.count is not None
    bound = binders.bind(ctx, expr.binders, expr.filter, scope, (expr.body,))
    body = expressions.truth(ctx, expr.body, bound.scope)
    wanted = as_number(ctx, expressions.value(ctx, expr.count, scope), expr.count)
    if bound.bounds is None or body is None or wanted is None:
        return None
    if binders.open_type(bound) is not None:
        return _of_open_type(ctx, expr, scope, wanted)
    origin = ctx.origin(expr)
    condition = binders.conjunction((*bound.conditions, body), origin)
    count = ir.Aggregate("count", bound.bounds, condition, ir.TRUE, origin=origin)
    return compared(expr.kind, count, wanted, origin)


def compared(kind: str, count: ir.Term, wanted: ir.Term, origin: ir.Origin) -> ir.Term:
    """A number of things compared as the quantifier says."""
    match kind:
        case "exactly":
            return ir.Equal(count, wanted, origin=origin)
        case "at_least":
            return ir.LessEqual(wanted, count, origin=origin)
        case _:
            return ir.LessEqual(count, wanted, origin=origin)


def _of_open_type(ctx: Context, expr: ast.Quantified, scope: Scope, wanted: ir.Term) -> ir.Term | None:
    number = wanted.value if isinstance(wanted, ir.Literal) else None
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= _MAX_THINGS:
        assert expr.count is not None
        ctx.error(
            "infinite-domain",
            expr.count.span,
            f"things of an open type are told apart up to {_MAX_THINGS}, and their number is written out",
            found="another number",
            help=f"write a number from 0 to {_MAX_THINGS}, or list the elements of the type",
        )
        return None
    origin = ctx.origin(expr)
    parts: list[ir.Term | None] = []
    if expr.kind != "at_most":
        parts.append(_at_least(ctx, expr, scope, number))
    if expr.kind != "at_least":
        more = _at_least(ctx, expr, scope, number + 1)
        parts.append(None if more is None else ir.Not(more, origin=origin))
    kept = tuple(p for p in parts if p is not None)
    return binders.conjunction(kept, origin) if len(kept) == len(parts) else None


def _at_least(ctx: Context, expr: ast.Quantified, scope: Scope, count: int) -> ir.Term | None:
    """There are `count` different bindings."""
    origin = ctx.origin(expr)
    bounds: list[ir.Bound] = []
    conditions: list[ir.Term] = []
    copies: list[tuple[ir.Variable, ...]] = []
    for _ in range(count):
        bound = binders.bind(ctx, expr.binders, expr.filter, scope, (expr.body,))
        body = expressions.truth(ctx, expr.body, bound.scope)
        if bound.bounds is None or body is None:
            return None
        variables = tuple(b.variable for b in bound.bounds)
        for earlier in copies:
            same = tuple(ir.Equal(a, b, origin=origin) for a, b in zip(earlier, variables, strict=True))
            conditions.append(ir.Not(binders.conjunction(same, origin), origin=origin))
        copies.append(variables)
        bounds.extend(bound.bounds)
        conditions.extend((*bound.conditions, body))
    if not bounds:
        return ir.TRUE
    return ir.Quantified("exists", tuple(bounds), binders.conjunction(tuple(conditions), origin), origin=origin)
