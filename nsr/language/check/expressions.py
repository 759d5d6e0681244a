"""Expressions: from the syntax tree to typed terms.

`value` gives a term of any sort, `truth` a formula. None means that something inside failed and has been reported.
Comparisons and membership, calls of built-in functions, and binders have files of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, assert_never

from nsr.diagnostics import Fix
from nsr.language import ast, ir
from nsr.language.check import binders, builtin_calls, comparisons, inference, membership, names
from nsr.language.check.coerce import as_number, as_truth, literal_number, type_label, unify
from nsr.language.check.context import Context, Scope, Typed, describe
from nsr.language.check.ranges import number_range
from nsr.language.evaluate import UNDEFINED, power
from nsr.language.sorts import BOOL, INT, EnumSort, IntSort, Sort, number
from nsr.limits import BudgetExceeded

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


# Arithmetic


def _additive(ctx: Context, expr: ast.Additive, scope: Scope, expected: Sort | None) -> Typed | None:
    items = values(ctx, expr.terms, scope, expected if isinstance(expected, EnumSort) else None)
    if items is None:
        return None
    shift: EnumSort | None = None
    places = 0
    numbers = []
    for i, (typed, part) in enumerate(items):
        sign = 1 if i == 0 or expr.operators[i - 1] == "+" else -1
        base = typed.shift or (typed.sort if isinstance(typed.sort, EnumSort) else None)
        if base is not None:
            if shift is not None and shift.name != base.name:
                _mixed_positions(ctx, part, shift, base)
                return None
            shift, places = base, places + sign
        term = as_number(ctx, typed, part)
        if term is None:
            return None
        numbers.append(term if sign > 0 else negated(ctx, term, part))
    origin = ctx.origin(expr)
    # One element more than is taken away is a shifted element; a difference of elements is a plain number.
    kept_shift = shift if places == 1 else None
    known = [n.value for n in numbers if isinstance(n, ir.Literal) and isinstance(n.value, int | Fraction)]
    if len(known) == len(numbers):
        return Typed(ir.Literal(number(sum(known)), INT, origin=origin), INT, shift=kept_shift)
    return Typed(ir.Sum(tuple(numbers), origin=origin), INT, shift=kept_shift)


def _mixed_positions(ctx: Context, expr: ast.Expr, left: EnumSort, right: EnumSort) -> None:
    ctx.error(
        "sort-mismatch",
        expr.span,
        f"positions of `{left}` and of `{right}` cannot be reckoned with each other",
        found=f"`{right}`",
        labels=(*type_label(ctx, left.name), *type_label(ctx, right.name)),
        help="write `pos(...)` around each if their numbers are meant",
    )


def negated(ctx: Context, term: ir.Term, expr: ast.Expr) -> ir.Term:
    """Minus the term."""
    origin = ctx.origin(expr)
    if isinstance(term, ir.Literal) and isinstance(term.value, int | Fraction):
        return ir.Literal(-term.value, INT, origin=origin)
    return ir.Negate(term, origin=origin)


def _negate(ctx: Context, expr: ast.Negate, scope: Scope, expected: Sort | None) -> Typed | None:
    operand = as_number(ctx, value(ctx, expr.operand, scope), expr.operand)
    return None if operand is None else Typed(negated(ctx, operand, expr), INT)


def _arithmetic(ctx: Context, expr: ast.Arithmetic, scope: Scope, expected: Sort | None) -> Typed | None:
    left = as_number(ctx, value(ctx, expr.left, scope), expr.left)
    right = as_number(ctx, value(ctx, expr.right, scope), expr.right)
    if left is None or right is None:
        return None
    origin = ctx.origin(expr)
    if isinstance(left, ir.Literal) and isinstance(right, ir.Literal):
        try:
            folded = _folded(ctx, expr, left, right)
        except BudgetExceeded:
            ctx.error(
                "too-large",
                expr.span,
                "this number is too large to be written down",
                found="too large",
                help="use smaller numbers, or other units",
            )
            return None
        if folded is not None:
            return folded
    match expr.operator:
        case "*":
            parts = (*left.args, right) if isinstance(left, ir.Product) else (left, right)
            return Typed(ir.Product(parts, origin=origin), INT)
        case "/":
            return Typed(ir.Divide(left, right, origin=origin), INT)
        case "//":
            return Typed(ir.FloorDivide(left, right, origin=origin), INT)
        case "%":
            return Typed(ir.Modulo(left, right, origin=origin), INT)
        case "**":
            if not number_range(ctx, right).is_whole:
                inference.refuse(
                    ctx,
                    expr.right,
                    "an exponent that may be no whole number",
                    "write a whole exponent; a root is said with a product, `x * x == 2`",
                )
                return None
            return Typed(ir.Power(left, right, origin=origin), INT)
        case _:
            assert_never(expr.operator)


def _folded(ctx: Context, expr: ast.Arithmetic, left: ir.Literal, right: ir.Literal) -> Typed | None:
    """The value of an operation on two known numbers; None where it has none and must stay as written.

    Raises:
        BudgetExceeded: for a power that is too large.
    """
    a, b = left.value, right.value
    if not isinstance(a, int | Fraction) or not isinstance(b, int | Fraction):
        return None
    origin = ctx.origin(expr)
    match expr.operator:
        case "*":
            return Typed(ir.Literal(number(a * b), INT, origin=origin), INT)
        case "/" if b != 0:
            return literal_number(Fraction(a) / Fraction(b), origin)
        case "//" if b != 0:
            return literal_number(a // b, origin)
        case "%" if b != 0:
            return literal_number(a % b, origin)
        case "**":
            result = power(a, b)
            return None if result is UNDEFINED else Typed(ir.Literal(result, INT, origin=origin), INT)
        case _:
            return None


# Truth


def _not(ctx: Context, expr: ast.Not, scope: Scope, expected: Sort | None) -> Typed | None:
    operand = truth(ctx, expr.operand, scope)
    return None if operand is None else Typed(ir.Not(operand, origin=ctx.origin(expr)), BOOL)


def _and(ctx: Context, expr: ast.And, scope: Scope, expected: Sort | None) -> Typed | None:
    args = truths(ctx, expr.args, scope)
    return None if args is None else Typed(ir.And(args, origin=ctx.origin(expr)), BOOL)


def _or(ctx: Context, expr: ast.Or, scope: Scope, expected: Sort | None) -> Typed | None:
    args = truths(ctx, expr.args, scope)
    return None if args is None else Typed(ir.Or(args, origin=ctx.origin(expr)), BOOL)


def _binary(ctx: Context, expr: ast.Xor | ast.Implies | ast.Iff, scope: Scope, expected: Sort | None) -> Typed | None:
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
    if comparisons.is_set(ctx, expr.left, scope) or comparisons.is_set(ctx, expr.right, scope):
        inference.refuse(ctx, expr, "a set as a value", "say it with `in`: `x in (s | t)`, or with quantifiers")
        return None
    args = truths(ctx, (expr.left, expr.right), scope)
    if args is None:
        return None
    origin = ctx.origin(expr)
    return Typed(ir.And(args, origin=origin) if expr.operator == "&" else ir.Or(args, origin=origin), BOOL)


def _quantified(ctx: Context, expr: ast.Quantified, scope: Scope, expected: Sort | None) -> Typed | None:
    bound = binders.bind(ctx, expr.binders, expr.filter, scope, (expr.body,))
    body = truth(ctx, expr.body, bound.scope)
    wanted = None if expr.count is None else as_number(ctx, value(ctx, expr.count, scope), expr.count)
    if bound.bounds is None or body is None or (expr.count is not None and wanted is None):
        return None
    origin = ctx.origin(expr)
    if expr.kind == "exists" and isinstance(expr.body, ast.Implies):
        ctx.warn(
            "exists-implies",
            expr.body.span,
            "this is true as soon as one thing does not fulfil the condition, which is hardly meant",
            found="`implies` right after `exists`",
            help="write `and`, or close the quantifier in parentheses: `(exists x in T: φ) implies ψ`",
        )
    match expr.kind:
        case "forall" | "exists":
            return Typed(binders.quantify(expr.kind, bound, body, origin), BOOL)
        case "exactly" | "at_least" | "at_most":
            assert wanted is not None
            condition = binders.conjunction((*bound.conditions, body), origin)
            count = ir.Aggregate("count", bound.bounds, condition, ir.TRUE, origin=origin)
            return Typed(_counted(expr.kind, count, wanted, origin), BOOL)
        case _:
            assert_never(expr.kind)


def _counted(kind: str, count: ir.Term, wanted: ir.Term, origin: ir.Origin) -> ir.Term:
    match kind:
        case "exactly":
            return ir.Equal(count, wanted, origin=origin)
        case "at_least":
            return ir.LessEqual(wanted, count, origin=origin)
        case _:
            return ir.LessEqual(count, wanted, origin=origin)


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
            return Typed(_counted(expr.kind, count, wanted, origin), BOOL)
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
    if isinstance(a.sort, IntSort) and sort is not None:
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


def _collection(ctx: Context, expr: ast.SetTerm | ast.ListTerm, scope: Scope, expected: Sort | None) -> Typed | None:
    inference.refuse(ctx, expr, "a set or list as a value", "say it with `in`, `len({...})`, or quantifiers")
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
    ast.Additive: _additive,
    ast.Arithmetic: _arithmetic,
    ast.Negate: _negate,
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
    ast.Distinct: builtin_calls.distinct,
    ast.TupleTerm: _tuple,
    ast.SetTerm: _collection,
    ast.ListTerm: _collection,
    ast.TableTerm: _table,
    ast.RangeTerm: _range,
}
"""One handler for each kind of expression; a test compares the keys with `ast.Expr`."""
