"""Membership: `in` with a type, a range, a set or list, a predicate or a table."""

from __future__ import annotations

from nsr.language import ast, ir
from nsr.language.check import binders, comparisons, expressions, names, sets, tables
from nsr.language.check.coerce import as_argument, as_number, literal_number, type_label
from nsr.language.check.context import Context, Scope, Typed, describe
from nsr.language.check.ranges import number_range, same_sort
from nsr.language.sorts import BOOL, INT, BoolSort, EnumSort, IntSort, NumberSort, RealSort, SetSort, Sort, is_numeric


def member(ctx: Context, expr: ast.Member, scope: Scope, expected: Sort | None) -> Typed | None:
    """`e in D`, `e not in D`."""
    term = membership(ctx, expr.element, expr.domain, scope, ctx.origin(expr))
    if term is None:
        return None
    return Typed(ir.Not(term, origin=ctx.origin(expr)) if expr.is_negated else term, BOOL)


def membership(ctx: Context, element: ast.Expr, domain: ast.Expr, scope: Scope, origin: ir.Origin) -> ir.Term | None:
    """Whether a value, or a tuple of values, is in a set, list, range, type, predicate or table."""
    match domain:
        case ast.SetTerm(_, ast.Generator()) | ast.ListTerm(_, ast.Generator()):
            return _in_comprehension(ctx, element, domain, scope, origin)
        case ast.SetTerm(args) | ast.ListTerm(args) | ast.TupleTerm(args):
            return _in_listed(ctx, element, args, scope, origin)
        case ast.RangeTerm(low, high):
            return _in_range(ctx, element, low, high, scope, origin)
        case _ if sets.looks_like_set(ctx, domain, scope):
            return _in_set(ctx, element, domain, scope, origin)
        case ast.SetOperation(operator, left, right):
            a = membership(ctx, element, left, scope, origin)
            b = membership(ctx, element, right, scope, origin)
            if a is None or b is None:
                return None
            return ir.And((a, b), origin=origin) if operator == "&" else ir.Or((a, b), origin=origin)
        case ast.Name(text) if text not in scope:
            return _in_named(ctx, element, domain, scope, origin)
        case _:
            ctx.error(
                "not-a-collection",
                domain.span,
                "after `in` stands a type, a range, a set or list, a predicate or a table",
                found="no collection",
                help="compare single values with `==`",
            )
            return None


def _in_set(ctx: Context, element: ast.Expr, domain: ast.Expr, scope: Scope, origin: ir.Origin) -> ir.Term | None:
    typed = expressions.value(ctx, domain, scope)
    if typed is None or not isinstance(typed.sort, SetSort):
        return None
    left = expressions.value(ctx, element, scope, typed.sort.element)
    return None if left is None else sets.contains(ctx, (left, element), typed, origin)


def _in_comprehension(
    ctx: Context, element: ast.Expr, domain: ast.SetTerm | ast.ListTerm, scope: Scope, origin: ir.Origin
) -> ir.Term | None:
    assert domain.generator is not None
    bound = binders.bind(ctx, domain.generator.binders, domain.generator.filter, scope, domain.args)
    left = element.args if isinstance(element, ast.TupleTerm) else (element,)
    made = domain.args[0]
    right = made.args if isinstance(made, ast.TupleTerm) else (made,)
    if len(left) != len(right):
        _wrong_width(ctx, element, len(left), len(right))
        return None
    parts = []
    for a, b in zip(left, right, strict=True):
        # The element stands outside the generator and does not see its variables.
        typed_b = expressions.value(ctx, b, bound.scope)
        hint = None if typed_b is None else typed_b.shift or typed_b.sort
        typed_a = expressions.value(ctx, a, scope, hint)
        if typed_a is None or typed_b is None:
            return None
        parts.append(comparisons.compare(ctx, (typed_a, a), "==", (typed_b, b), origin))
    kept = tuple(p for p in parts if p is not None)
    if len(kept) < len(parts) or bound.bounds is None:
        return None
    return binders.quantify("exists", bound, comparisons.joined(kept, origin), origin)


def _in_listed(
    ctx: Context, element: ast.Expr, args: tuple[ast.Expr, ...], scope: Scope, origin: ir.Origin
) -> ir.Term | None:
    if isinstance(element, ast.TupleTerm):
        parts = []
        for arg in args:
            if not isinstance(arg, ast.TupleTerm):
                _wrong_width(ctx, arg, 1, len(element.args))
                return None
            parts.append(comparisons.of_tuples(ctx, element, arg, scope, origin))
        kept = tuple(p for p in parts if p is not None)
        return _any_of(kept, origin) if len(kept) == len(parts) else None
    items = expressions.values(ctx, (element, *args), scope)
    if items is None:
        return None
    terms = [comparisons.compare(ctx, items[0], "==", item, origin) for item in items[1:]]
    kept = tuple(t for t in terms if t is not None)
    return _any_of(kept, origin) if len(kept) == len(terms) else None


def _any_of(terms: tuple[ir.Term, ...], origin: ir.Origin) -> ir.Term:
    return terms[0] if len(terms) == 1 else ir.Or(terms, origin=origin)


def _in_range(
    ctx: Context, element: ast.Expr, low: ast.Expr, high: ast.Expr, scope: Scope, origin: ir.Origin
) -> ir.Term | None:
    items = expressions.values(ctx, (element, low, high), scope)
    if items is None:
        return None
    above = comparisons.compare(ctx, items[1], "<=", items[0], origin)
    below = comparisons.compare(ctx, items[0], "<=", items[2], origin)
    if above is None or below is None:
        return None
    parts = [above, below]
    typed = items[0][0]
    if isinstance(typed.sort, IntSort | NumberSort | RealSort) and not number_range(ctx, typed.term).is_whole:
        parts.insert(0, ir.Equal(ir.Restrict(typed.term, INT, origin=origin), typed.term, origin=origin))
    return ir.And(tuple(parts), origin=origin)


def _in_named(ctx: Context, element: ast.Expr, domain: ast.Name, scope: Scope, origin: ir.Origin) -> ir.Term | None:
    sort = ctx.sort(domain.text)
    if sort is not None:
        return _in_type(ctx, element, sort, scope, origin)
    symbol = ctx.symbol(domain.text)
    if symbol is None:
        if domain.text not in ctx.failed and domain.text not in ctx.failed_sorts:
            names.unknown_name(ctx, domain, scope)
        return None
    args = element.args if isinstance(element, ast.TupleTerm) else (element,)
    if not symbol.arguments:
        ctx.error(
            "not-a-collection",
            domain.span,
            f"`{domain.text}` is a single value, not a collection",
            found="a single value",
            labels=ctx.declared_here(domain.text),
        )
        return None
    if len(args) != len(symbol.arguments):
        _wrong_width(ctx, element, len(args), len(symbol.arguments))
        return None
    checked = []
    for i, (arg, wanted) in enumerate(zip(args, symbol.arguments, strict=True), 1):
        typed = expressions.value(ctx, arg, scope, wanted)
        where = f"part {i} of what is in `{symbol.name}`"
        checked.append(as_argument(ctx, typed, arg, wanted, where, ctx.declared_here(symbol.name)))
    kept = tuple(a for a in checked if a is not None)
    return in_symbol(ctx, domain, symbol, kept, origin) if len(kept) == len(checked) else None


def in_symbol(
    ctx: Context, domain: ast.Name, symbol: ir.Function, args: tuple[ir.Term, ...], origin: ir.Origin
) -> ir.Term | None:
    """Whether checked arguments are in a predicate, or are a key of a table."""
    ctx.used.add(symbol.name)
    if isinstance(symbol.value, BoolSort):
        return ir.Apply(symbol.name, args, BOOL, origin=origin)
    table = ctx.tables.get(symbol.name)
    if table is None:
        ctx.error(
            "not-a-collection",
            domain.span,
            f"`{domain.text}` is a function without a table, not a collection",
            found="a function",
            labels=ctx.declared_here(domain.text),
        )
        return None
    if not tables.missing_keys(symbol.arguments, table.entries, limit=1):
        return ir.And(tuple(ir.Equal(a, a, origin=origin) for a in args), origin=origin)
    return ir.Apply(_keys(ctx, symbol, table), args, BOOL, origin=origin)


def _keys(ctx: Context, symbol: ir.Function, table: ir.Table) -> str:
    """The name of a table that says of each argument tuple whether `table` has an entry for it."""
    if symbol.name not in ctx.key_tables:
        name = ctx.auxiliary_name(f"{symbol.name} entries", symbol)
        ctx.key_tables[symbol.name] = name
        ctx.symbols[name] = ir.Function(name, "param", symbol.arguments, BOOL, is_auxiliary=True, origin=symbol.origin)
        ctx.tables[name] = ir.Table(dict.fromkeys(table.entries, True), False, True)
    return ctx.key_tables[symbol.name]


def _in_type(ctx: Context, element: ast.Expr, sort: Sort, scope: Scope, origin: ir.Origin) -> ir.Term | None:
    typed = expressions.value(ctx, element, scope, sort)
    if typed is None:
        return None
    match sort:
        case IntSort() | NumberSort():
            is_number = typed.sort is not None and typed.shift is None and is_numeric(typed.sort)
            number = as_number(ctx, typed, element) if is_number else None
            if number is None:
                _not_in_type(ctx, typed, element, sort)
                return None
            return _in_number_sort(ctx, number, sort, origin)
        case _:
            if typed.shift is not None and same_sort(typed.shift, sort):
                assert isinstance(sort, EnumSort)
                high = literal_number(len(sort.elements), origin).term
                low = ir.LessEqual(ir.integer(1), typed.term, origin=origin)
                return ir.And((low, ir.LessEqual(typed.term, high, origin=origin)), origin=origin)
            if typed.sort is None or not same_sort(typed.sort, sort):
                _not_in_type(ctx, typed, element, sort)
                return None
            if not typed.may_be_none:
                return ir.Equal(typed.term, typed.term, origin=origin)
            given = ir.Restrict(typed.term, sort, origin=origin)
            return ir.Equal(given, typed.term, origin=origin)


def _in_number_sort(ctx: Context, number: ir.Term, sort: IntSort | NumberSort, origin: ir.Origin) -> ir.Term:
    has_ends = isinstance(sort, IntSort) and sort.low is not None and sort.high is not None
    if has_ends and number_range(ctx, number).is_whole:
        assert isinstance(sort, IntSort)
        above = ir.LessEqual(ir.Literal(sort.low, INT, origin=origin), number, origin=origin)
        below = ir.LessEqual(number, ir.Literal(sort.high, INT, origin=origin), origin=origin)
        return ir.And((above, below), origin=origin)
    return ir.Equal(ir.Restrict(number, sort, origin=origin), number, origin=origin)


def _not_in_type(ctx: Context, typed: Typed, element: ast.Expr, sort: Sort) -> None:
    ctx.error(
        "sort-mismatch",
        element.span,
        f"{describe(typed)} is never in `{sort}`",
        found=describe(typed),
        labels=type_label(ctx, str(sort)),
    )


def _wrong_width(ctx: Context, expr: ast.Expr, found: int, wanted: int) -> None:
    ctx.error(
        "wrong-arity",
        expr.span,
        f"{names.count_of(wanted, 'part')} wanted here, found {found}",
        found=names.count_of(found, "part"),
    )
