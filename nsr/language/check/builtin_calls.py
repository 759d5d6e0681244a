"""Calls of the functions built in: `abs`, `floor`, `first`, `pos`, `possible`, and the table of all of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal as Choice

from nsr.language import ast, ir
from nsr.language.check import aggregates, expressions, names, schedules
from nsr.language.check.coerce import as_number, as_truth, literal_number, position, type_label
from nsr.language.check.context import Context, Handler, Scope, Typed, describe
from nsr.language.sorts import BOOL, INT, BoolSort, EnumSort, IntSort, NumberSort, Sort, sort_size

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


def _round(kind: Choice["floor", "ceil", "round"]) -> Handler:
    def handler(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
        term = _number_argument(ctx, call, scope)
        return None if term is None else Typed(ir.Rounded(kind, term, origin=ctx.origin(call)), INT)

    return handler


# Types and their order


def _end(is_first: bool) -> Handler:
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


# Across worlds


def _modal(kind: Choice["possible", "certain", "fixed"]) -> Handler:
    def handler(ctx: Context, call: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
        if not _has_one_argument(ctx, call, "one term" if kind == "fixed" else "one formula"):
            return None
        if not ctx.allows_modal:
            ctx.error(
                "misplaced-modal",
                call.span,
                f"`{kind}` looks across all worlds: it stands in goals and options, and not inside another",
                found=f"`{kind}`",
                help="write `compute` or `choose` with it, or leave the word out to speak of one world",
            )
            return None
        ctx.allows_modal = False
        try:
            typed = expressions.value(ctx, call.args[0], scope, expected)
        finally:
            ctx.allows_modal = True
        term = as_truth(ctx, typed, call.args[0]) if kind != "fixed" or typed is None else typed.term
        return None if term is None else Typed(ir.Modal(kind, term, origin=ctx.origin(call)), BOOL)

    return handler


def builtins() -> dict[str, Handler]:
    """The built-in functions by name; a declaration of the same name goes before."""
    return {**aggregates.AGGREGATES, **_OTHERS, **schedules.SCHEDULES}


_OTHERS: dict[str, Handler] = {
    "abs": _abs,
    "floor": _round("floor"),
    "ceil": _round("ceil"),
    "round": _round("round"),
    "first": _end(True),
    "last": _end(False),
    "pos": _pos,
    "possible": _modal("possible"),
    "certain": _modal("certain"),
    "fixed": _modal("fixed"),
}
