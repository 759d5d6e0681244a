"""Expressions: from the syntax tree to typed terms.

`value` gives a term of any sort, `truth` a formula. None means that something inside failed and has been reported.
Comparisons and membership, calls of built-in functions, and binders have files of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_never

from nsr.diagnostics import Fix
from nsr.language import ast, ir
from nsr.language.check import aggregates, arithmetic, binders, comparisons, counting, membership, names, sets
from nsr.language.check.coerce import as_number, as_truth, literal_number, unify
from nsr.language.check.context import Context, Scope, Typed, describe
from nsr.language.sorts import BOOL, INT, SetSort, Sort, is_numeric

__all__ = ["truth", "value"]


def truth(ctx: Context, expr: ast.Expr, scope: Scope) -> ir.Term | None:
    """`expr` as a formula."""
    return as_truth(ctx, value(ctx, expr, scope), expr)


def truths(ctx: Context, exprs: tuple[ast.Expr, ...], scope: Scope) -> tuple[ir.Term, ...] | None:
    """All of them as formulas; None if one failed."""
    found = [truth(ctx, e, scope) for e in exprs]
    kept = tuple(t for t in found if t is not None)
    return kept if len(kept) == len(found) else None


def value(ctx: Context, expr: ast.Expr, scope: Scope, expected: Sort | None = None) -> Typed | None:
    """`expr` as a term; `expected` decides between elements of one name in several types, and nothing else."""
    return _HANDLERS[type(expr)](ctx, expr, scope, expected)


def values(
    ctx: Context, exprs: tuple[ast.Expr, ...], scope: Scope, expected: Sort | None = None
) -> list[tuple[Typed, ast.Expr]] | None:
    """Several terms whose sorts are to agree: the unambiguous ones decide for the others. None if one failed."""
    found: list[Typed | None] = [None] * len(exprs)
    later = []
    for i, expr in enumerate(exprs):
        if expected is None and len(exprs) > 1 and comparisons.is_ambiguous(ctx, expr, scope):
            later.append(i)
        else:
            found[i] = value(ctx, expr, scope, expected)
    if later:
        if expected is None:
            expected = next((t.shift or t.sort for t in found if t is not None and t.sort is not None), None)
        if expected is None and len(later) == len(exprs):
            expected = comparisons.common_type(ctx, exprs)
        elif expected is None and any(t is None for t in found):
            return None
        if expected is None and any(isinstance(exprs[i], ast.Name) for i in later):
            # All of them are elements of several types: the first speaks for the others.
            later = [i for i in later if isinstance(exprs[i], ast.Name)][:1]
        for i in later:
            found[i] = value(ctx, exprs[i], scope, expected)
    kept = [(t, e) for t, e in zip(found, exprs, strict=True) if t is not None]
    return kept if len(kept) == len(exprs) else None


# Literals


def _number(ctx: Context, expr: ast.Number, scope: Scope, expected: Sort | None) -> Typed | None:
    return literal_number(expr.value, ctx.origin(expr))


def _truth_value(ctx: Context, expr: ast.Truth, scope: Scope, expected: Sort | None) -> Typed | None:
    return Typed(ir.Literal(expr.value, BOOL, origin=ctx.origin(expr)), BOOL)


def _none(ctx: Context, expr: ast.NoneValue, scope: Scope, expected: Sort | None) -> Typed | None:
    return Typed(ir.Literal(None, expected or INT, origin=ctx.origin(expr)), None, may_be_none=True)


# Truth


def _not(ctx: Context, expr: ast.Not, scope: Scope, expected: Sort | None) -> Typed | None:
    operand = truth(ctx, expr.operand, scope)
    return None if operand is None else Typed(ir.Not(operand, origin=ctx.origin(expr)), BOOL)


def _and(ctx: Context, expr: ast.And, scope: Scope, expected: Sort | None) -> Typed | None:
    args = truths(ctx, expr.args, scope)
    return None if args is None else Typed(ir.And(args, origin=ctx.origin(expr)), BOOL)


def _or(ctx: Context, expr: ast.Or, scope: Scope, expected: Sort | None) -> Typed | None:
    _warn_of_mixture(ctx, expr, expr.args, ast.Xor)
    args = truths(ctx, expr.args, scope)
    return None if args is None else Typed(ir.Or(args, origin=ctx.origin(expr)), BOOL)


def _warn_of_mixture(ctx: Context, expr: ast.Expr, args: tuple[ast.Expr, ...], other: type[ast.Node]) -> None:
    """`a or b xor c` goes from left to right, which hardly anyone reads it as."""
    for arg in args:
        # Parentheses belong to neither span, so that only an operand without them begins where the whole does.
        if isinstance(arg, other) and arg.span.start == expr.span.start:
            ctx.warn(
                "mixed-or-xor",
                expr.span,
                "`or` and `xor` stand side by side and are read from left to right",
                found="a mixture",
                help="put the part that belongs together in parentheses",
            )


def _binary(ctx: Context, expr: ast.Xor | ast.Implies | ast.Iff, scope: Scope, expected: Sort | None) -> Typed | None:
    if isinstance(expr, ast.Xor):
        _warn_of_mixture(ctx, expr, (expr.left, expr.right), ast.Or)
    left, right = truth(ctx, expr.left, scope), truth(ctx, expr.right, scope)
    if left is None or right is None:
        return None
    origin = ctx.origin(expr)
    match expr:
        case ast.Xor():
            return Typed(ir.Xor(left, right, origin=origin), BOOL)
        case ast.Implies():
            return Typed(ir.Implies(left, right, origin=origin), BOOL)
        case ast.Iff():
            return Typed(ir.Iff(left, right, origin=origin), BOOL)
        case _:
            assert_never(expr)


def _set_operation(ctx: Context, expr: ast.SetOperation, scope: Scope, expected: Sort | None) -> Typed | None:
    parts = (expr.left, expr.right)
    origin = ctx.origin(expr)
    if any(sets.looks_like_set(ctx, part, scope) for part in parts):
        items = values(ctx, parts, scope, expected)
        return None if items is None else sets.operation(ctx, items[0], expr.operator, items[1])
    args = truths(ctx, parts, scope)
    if args is None:
        return None
    return Typed(ir.And(args, origin=origin) if expr.operator == "&" else ir.Or(args, origin=origin), BOOL)


def _quantified(ctx: Context, expr: ast.Quantified, scope: Scope, expected: Sort | None) -> Typed | None:
    if expr.kind == "forall" or expr.kind == "exists":
        bound = binders.bind(ctx, expr.binders, expr.filter, scope, (expr.body,))
        body = truth(ctx, expr.body, bound.scope)
        if bound.bounds is None or body is None:
            return None
        if expr.kind == "exists" and isinstance(expr.body, ast.Implies):
            warn_of_implication(ctx, expr.body)
        return Typed(binders.quantify(expr.kind, bound, body, ctx.origin(expr)), BOOL)
    term = counting.quantified(ctx, expr, scope)
    return None if term is None else Typed(term, BOOL)


def warn_of_implication(ctx: Context, body: ast.Implies) -> None:
    """`exists x in T: φ implies ψ` is nearly always a mistake."""
    ctx.warn(
        "exists-implies",
        body.span,
        "this is true as soon as one thing does not fulfil the condition, which is hardly meant",
        found="`implies` right after `exists`",
        help="write `and`, or close the quantifier in parentheses: `(exists x in T: φ) implies ψ`",
    )


def _some_of(ctx: Context, expr: ast.SomeOf, scope: Scope, expected: Sort | None) -> Typed | None:
    args = truths(ctx, expr.args, scope)
    wanted = None if expr.count is None else as_number(ctx, value(ctx, expr.count, scope), expr.count)
    if args is None or (expr.count is not None and wanted is None):
        return None
    origin = ctx.origin(expr)
    match expr.kind:
        case "forall":
            return Typed(ir.And(args, origin=origin), BOOL)
        case "exists":
            return Typed(ir.Or(args, origin=origin), BOOL)
        case "exactly" | "at_least" | "at_most":
            assert wanted is not None
            count = ir.Sum(tuple(ir.FromTruth(a, origin=a.origin) for a in args), origin=origin)
            return Typed(counting.compared(expr.kind, count, wanted, origin), BOOL)
        case _:
            assert_never(expr.kind)


def _conditional(ctx: Context, expr: ast.Conditional, scope: Scope, expected: Sort | None) -> Typed | None:
    condition = truth(ctx, expr.condition, scope)
    branches = values(ctx, (expr.then, expr.otherwise), scope, expected)
    if condition is None or branches is None:
        return None
    then, otherwise = branches[0][0], branches[1][0]
    is_truth = [t.sort == BOOL for t in (then, otherwise)]
    if isinstance(expr.then, ast.Comparison) and is_truth == [True, False]:
        ctx.error(
            "comparison-in-conditional",
            expr.span,
            "`a == b if φ else c` chooses between `a == b` and `c`",
            found=f"a truth value or {describe(otherwise)}",
            help="write `a == (b if φ else c)`",
            fix=_conditional_fix(ctx, expr, expr.then),
        )
        return None
    unified = unify(ctx, branches)
    if unified is None:
        return None
    a, b = unified
    sort = a.sort if a.sort is not None else b.sort
    term = ir.Conditional(condition, a.term, b.term, origin=ctx.origin(expr))
    if sort is not None and is_numeric(sort) and a.shift is None:
        sort = INT
    return Typed(term, sort, shift=a.shift or b.shift, may_be_none=a.may_be_none or b.may_be_none)


def _conditional_fix(ctx: Context, expr: ast.Conditional, compared: ast.Comparison) -> Fix | None:
    """`a == b if φ else c` with the parentheses that were meant."""
    if len(compared.terms) != 2 or expr.then.span.start > expr.condition.span.start:
        return None
    left, right, condition, otherwise = (
        ctx.source[part.span.start : part.span.end] for part in (*compared.terms, expr.condition, expr.otherwise)
    )
    return Fix(expr.span, f"{left} {compared.operators[0]} ({right} if {condition} else {otherwise})")


# What cannot stand as a value


def _tuple(ctx: Context, expr: ast.TupleTerm, scope: Scope, expected: Sort | None) -> Typed | None:
    ctx.error(
        "misplaced-collection",
        expr.span,
        "a tuple stands only in comparisons, in `in`, and as the key of a table",
        found="a tuple",
        help="compare its parts, or write one argument after the other",
    )
    return None


def _list(ctx: Context, expr: ast.ListTerm, scope: Scope, expected: Sort | None) -> Typed | None:
    if isinstance(expected, SetSort):
        return sets.written(ctx, ast.SetTerm(expr.args, expr.generator, span=expr.span), scope, expected)
    ctx.error(
        "misplaced-collection",
        expr.span,
        "a list stands only in calls, in `in`, and where a function is compared with it",
        found="a list",
        help="write a set, `{a, b}`, or compare with the bare name of a function: `f == [a, b]`",
    )
    return None


def _table(ctx: Context, expr: ast.TableTerm, scope: Scope, expected: Sort | None) -> Typed | None:
    ctx.error(
        "misplaced-collection",
        expr.span,
        "a table stands only in the declaration of a `param`, or is compared with a function",
        found="a table",
        help="declare it: `param f(T): V = {...}`",
    )
    return None


def _range(ctx: Context, expr: ast.RangeTerm, scope: Scope, expected: Sort | None) -> Typed | None:
    ctx.error(
        "misplaced-collection",
        expr.span,
        "a range stands only after `in`, or as a type",
        found="a range",
        help="write `x in low..high`",
    )
    return None


_Handler = Callable[[Context, Any, Scope, Sort | None], Typed | None]

_HANDLERS: dict[type[ast.Node], _Handler] = {
    ast.Name: names.name,
    ast.Number: _number,
    ast.Truth: _truth_value,
    ast.NoneValue: _none,
    ast.Call: names.call,
    ast.Additive: arithmetic.additive,
    ast.Arithmetic: arithmetic.arithmetic,
    ast.Negate: arithmetic.negate,
    ast.Comparison: comparisons.comparison,
    ast.Member: membership.member,
    ast.Not: _not,
    ast.And: _and,
    ast.Or: _or,
    ast.Xor: _binary,
    ast.Implies: _binary,
    ast.Iff: _binary,
    ast.SetOperation: _set_operation,
    ast.Quantified: _quantified,
    ast.SomeOf: _some_of,
    ast.Conditional: _conditional,
    ast.Distinct: aggregates.distinct,
    ast.TupleTerm: _tuple,
    ast.SetTerm: sets.written,
    ast.ListTerm: _list,
    ast.TableTerm: _table,
    ast.RangeTerm: _range,
}
"""One handler for each kind of expression; a test compares the keys with `ast.Expr`."""
