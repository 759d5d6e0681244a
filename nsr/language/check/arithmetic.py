"""Arithmetic: sums and differences, of positions and sets too, products, quotients and powers."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from nsr.language import ast, ir
from nsr.language.check import expressions, inference, sets
from nsr.language.check.coerce import as_number, literal_number, type_label
from nsr.language.check.context import Context, Scope, Typed
from nsr.language.check.ranges import number_range
from nsr.language.evaluate import UNDEFINED, power
from nsr.language.sorts import INT, EnumSort, SetSort, Sort, number
from nsr.limits import BudgetExceeded


def additive(ctx: Context, expr: ast.Additive, scope: Scope, expected: Sort | None) -> Typed | None:
    """Numbers added and taken away, positions shifted, or the difference of sets."""
    items = expressions.values(ctx, expr.terms, scope, expected if isinstance(expected, EnumSort | SetSort) else None)
    if items is None:
        return None
    if isinstance(items[0][0].sort, SetSort):
        return _difference(ctx, expr, items)
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


def _difference(ctx: Context, expr: ast.Additive, items: list[tuple[Typed, ast.Expr]]) -> Typed | None:
    """`s - t - ...` of sets."""
    found: Typed | None = items[0][0]
    for operator, item in zip(expr.operators, items[1:], strict=True):
        if operator == "+":
            ctx.error("sort-mismatch", expr.span, "sets are not added up", found="`+`", help="write `s | t` for both")
            return None
        found = None if found is None else sets.operation(ctx, (found, items[0][1]), "-", item)
    return found


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


def negate(ctx: Context, expr: ast.Negate, scope: Scope, expected: Sort | None) -> Typed | None:
    """A number with a minus sign."""
    operand = as_number(ctx, expressions.value(ctx, expr.operand, scope), expr.operand)
    return None if operand is None else Typed(negated(ctx, operand, expr), INT)


def arithmetic(ctx: Context, expr: ast.Arithmetic, scope: Scope, expected: Sort | None) -> Typed | None:
    """Two numbers joined; known ones are reckoned at once."""
    left = as_number(ctx, expressions.value(ctx, expr.left, scope), expr.left)
    right = as_number(ctx, expressions.value(ctx, expr.right, scope), expr.right)
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
