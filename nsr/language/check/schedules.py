"""Calls over many values at once: `no_overlap`, `cumulative`, `circuit`, `piecewise`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from nsr.language import ast, ir
from nsr.language.check import binders, expressions, tables
from nsr.language.check.coerce import as_number
from nsr.language.check.context import Context, Handler, Scope, Typed
from nsr.language.check.ranges import same_sort
from nsr.language.sorts import BOOL, INT, IntSort, Sort, Value, sort_size, sort_values

_MAX_CIRCUIT = 10_000
"""Most elements that a circuit goes through."""


def _no_overlap(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
    tasks = _tasks(ctx, call, call.args, scope, ("start", "length"))
    return None if tasks is None else Typed(ir.NoOverlap(tasks, origin=ctx.origin(call)), BOOL)


def _cumulative(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
    if len(call.args) < 2:
        _report_shape(ctx, call, "`cumulative(capacity, (start, length, need) for j in Job)`")
        return None
    capacity = as_number(ctx, expressions.value(ctx, call.args[0], scope), call.args[0])
    tasks = _tasks(ctx, call, call.args[1:], scope, ("start", "length", "need"))
    if capacity is None or tasks is None:
        return None
    return Typed(ir.Cumulative(capacity, tasks, origin=ctx.origin(call)), BOOL)


def _tasks(
    ctx: Context, call: ast.Call, args: Sequence[ast.Expr], scope: Scope, parts: tuple[str, ...]
) -> tuple[ir.Task, ...] | None:
    """The tasks of a call, each written as a tuple of `parts`."""
    generator = call.generator
    only = args[0] if len(args) == 1 else None
    if generator is None and isinstance(only, ast.ListTerm | ast.SetTerm):
        args, generator = only.args, only.generator
    inner = scope
    bounds: tuple[ir.Bound, ...] = ()
    condition: ir.Term = ir.TRUE
    if generator is not None:
        bound = binders.bind_finite(ctx, generator, scope, tuple(args), call)
        if bound.bounds is None:
            return None
        inner, bounds = bound.scope, bound.bounds
        condition = binders.conjunction(bound.conditions, ctx.origin(generator))
    found = []
    for arg in args:
        if not isinstance(arg, ast.TupleTerm) or len(arg.args) != len(parts):
            example = f"({', '.join(parts)})"
            _report_shape(ctx, call, f"`{call.function.text}(... {example} for j in Job)`: a task is `{example}`")
            return None
        numbers = [as_number(ctx, expressions.value(ctx, part, inner), part) for part in arg.args]
        kept = [n for n in numbers if n is not None]
        if len(kept) < len(numbers):
            return None
        demand = kept[2] if len(kept) > 2 else ir.integer(1)
        found.append(ir.Task(bounds, condition, kept[0], kept[1], demand, origin=ctx.origin(arg)))
    return tuple(found)


def _report_shape(ctx: Context, call: ast.Call, shape: str) -> None:
    ctx.error(
        "wrong-arity",
        call.span,
        f"`{call.function.text}` is not written like this",
        found="not so here",
        help=f"write {shape}",
    )


def _circuit(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
    name = call.args[0] if len(call.args) == 1 and call.generator is None else None
    symbol = ctx.symbol(name.text) if isinstance(name, ast.Name) and name.text not in scope else None
    if isinstance(name, ast.Name) and name.text in ctx.failed:
        return None
    if symbol is None or len(symbol.arguments) != 1:
        _report_shape(ctx, call, "`circuit(next)` with the name of a function from a type to itself")
        return None
    sort = symbol.arguments[0]
    ctx.used.add(symbol.name)
    size = sort_size(sort)
    if not _is_onto_itself(sort, symbol.value) or size is None or size > _MAX_CIRCUIT:
        ctx.error(
            "sort-mismatch",
            call.args[0].span,
            f"`{symbol.name}` goes from `{sort}` to `{symbol.value}`; a circuit goes from a listed type to itself",
            found=f"`{symbol.value}`",
            labels=ctx.declared_here(symbol.name),
            help="declare it as `var next(T): T`",
        )
        return None
    origin = ctx.origin(call)
    args: list[ir.Term] = []
    for value in sort_values(sort):
        applied: ir.Term = ir.Apply(symbol.name, (ir.Literal(value, sort, origin=origin),), symbol.value, origin=origin)
        args.append(ir.Restrict(applied, sort, origin=origin) if symbol.is_optional else applied)
    return Typed(ir.Circuit(tuple(args), sort, origin=origin), BOOL)


def _is_onto_itself(sort: Sort, value: Sort) -> bool:
    if isinstance(sort, IntSort) and isinstance(value, IntSort):
        return (sort.low, sort.high) == (value.low, value.high)
    return same_sort(sort, value)


def _piecewise(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
    points = call.args[1] if len(call.args) == 2 and call.generator is None else None
    listed = points.args if isinstance(points, ast.ListTerm) and points.generator is None else ()
    if not listed or not all(isinstance(p, ast.TupleTerm) and len(p.args) == 2 for p in listed):
        _report_shape(ctx, call, "`piecewise(x, [(0, 0), (10, 25)])`: a number, and the corners of the line")
        return None
    arg = as_number(ctx, expressions.value(ctx, call.args[0], scope), call.args[0])
    found = [_point(ctx, p) for p in listed if isinstance(p, ast.TupleTerm)]
    corners = tuple(p for p in found if p is not None)
    if arg is None or len(corners) < len(found):
        return None
    for corner, before, expr in zip(corners[1:], corners, listed[1:], strict=False):
        if corner[0] <= before[0]:
            ctx.error(
                "points-not-ascending",
                expr.span,
                "the corners of a line stand in ascending order",
                found="not ascending",
                help="sort them by their first part; two with the same first part are no line",
            )
            return None
    values: tuple[tuple[Value, Value], ...] = corners
    return Typed(ir.Piecewise(arg, values, origin=ctx.origin(call)), INT)


def _point(ctx: Context, expr: ast.TupleTerm) -> tuple[int | Fraction, int | Fraction] | None:
    found = []
    for part in expr.args:
        term = as_number(ctx, expressions.value(ctx, part, {}), part)
        if term is None:
            return None
        try:
            value = tables.constant(ctx, Typed(term, INT), part)
        except tables.NotConstant:
            return None
        if isinstance(value, int | Fraction):
            found.append(value)
    return (found[0], found[1]) if len(found) == len(expr.args) else None


SCHEDULES: dict[str, Handler] = {
    "no_overlap": _no_overlap,
    "cumulative": _cumulative,
    "circuit": _circuit,
    "piecewise": _piecewise,
}
"""By name."""
