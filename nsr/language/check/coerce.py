"""From the sort that a term has to the sort that its place wants.

Where a value may fall outside, the step is written into the term (`Restrict`, `ElementAt`), so that being undefined
is visible there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from nsr.diagnostics import Fix, Label
from nsr.language import ast, ir
from nsr.language.check.context import Context, Typed, describe, describe_sort
from nsr.language.check.messages import show
from nsr.language.check.ranges import Range, number_range, same_sort
from nsr.language.printer import print_name
from nsr.language.sorts import (
    BOOL,
    INT,
    BoolSort,
    Element,
    EnumSort,
    IntSort,
    NumberSort,
    OpenSort,
    RealSort,
    SetSort,
    Sort,
    has_value,
    is_numeric,
    number,
    sort_size,
)


def is_within(ctx: Context, term: ir.Term, sort: Sort) -> bool:
    """Whether every value of a numeric term certainly belongs to `sort`."""
    if isinstance(term, ir.Literal):
        return has_value(sort, term.value)
    match sort:
        case IntSort(low, high):
            found = number_range(ctx, term)
            return (
                found.is_whole
                and (low is None or (found.low is not None and low <= found.low))
                and (high is None or (found.high is not None and found.high <= high))
            )
        case RealSort():
            return _is_within_real(number_range(ctx, term), sort) or ir.sort_of(term) == sort
        case NumberSort():
            return isinstance(term, ir.Variable | ir.Apply) and same_sort(ir.sort_of(term), sort)
        case _:
            return False


def _is_within_real(found: Range, sort: RealSort) -> bool:
    low_fits = sort.low is None or (
        found.low is not None and (sort.low < found.low or (sort.low == found.low and not sort.is_low_open))
    )
    return low_fits and (
        sort.high is None
        or (found.high is not None and (found.high < sort.high or (found.high == sort.high and not sort.is_high_open)))
    )


def as_truth(ctx: Context, typed: Typed | None, expr: ast.Expr) -> ir.Term | None:
    """The term as a formula."""
    if typed is None:
        return None
    if isinstance(typed.sort, BoolSort) and typed.shift is None:
        return typed.term
    help = "compare it with something: `... == ...`"
    if isinstance(typed.sort, SetSort):
        help = "`|` and `&` stand more loosely than `==`; put sets in parentheses: `(s | t) == u`"
    ctx.error(
        "sort-mismatch",
        expr.span,
        f"a truth value is wanted here, found {describe(typed)}",
        found=describe(typed),
        help=help,
    )
    return None


def as_number(ctx: Context, typed: Typed | None, expr: ast.Expr) -> ir.Term | None:
    """The term as a number: a truth value counts 0 or 1, an element of an ordered type by its position."""
    if typed is None:
        return None
    if typed.shift is not None:
        return typed.term
    match typed.sort:
        case IntSort() | NumberSort() | RealSort():
            return typed.term
        case BoolSort():
            return ir.FromTruth(typed.term, origin=ctx.origin(expr))
        case EnumSort(is_ordered=True):
            return position(typed.term, ctx.origin(expr))
        case None:
            ctx.error(
                "sort-mismatch",
                expr.span,
                "`none` is no number",
                found="`none`",
                help="compare with `==` or `!=`: `x != none`",
            )
        case SetSort():
            ctx.error(
                "sort-mismatch",
                expr.span,
                f"a number is wanted here, found {describe(typed)}",
                found=describe(typed),
                help="write `len(s)` for the number of its elements, or `sum(e for x in s)`",
            )
        case EnumSort(name) | OpenSort(name):
            ctx.error(
                "sort-mismatch",
                expr.span,
                f"a number is wanted here, found an element of `{name}`, which has no order",
                found=f"`{name}`",
                labels=type_label(ctx, name),
                help=f"write the type with brackets, `type {name} = [...]`, if its elements have an order",
            )
    return None


def type_label(ctx: Context, name: str) -> tuple[Label, ...]:
    """A label at the declaration of a type."""
    place = ctx.sort_places.get(name)
    return (Label(place, "declared here"),) if place is not None else ()


def position(term: ir.Term, origin: ir.Origin) -> ir.Term:
    """The position of an element, computed at once for a known one."""
    if isinstance(term, ir.Literal) and isinstance(term.value, Element):
        return ir.Literal(term.value.index + 1, INT, origin=origin)
    return ir.PositionOf(term, origin=origin)


def as_argument(
    ctx: Context, typed: Typed | None, expr: ast.Expr, sort: Sort, where: str, labels: tuple[Label, ...] = ()
) -> ir.Term | None:
    """The term as a value of exactly `sort`; `where` says for whom, as in "argument 2 of `f`"."""
    if typed is None:
        return None
    origin = ctx.origin(expr)
    term = typed.term
    match sort:
        case BoolSort():
            if isinstance(typed.sort, BoolSort):
                return term
        case EnumSort() | OpenSort():
            if typed.shift is not None and isinstance(sort, EnumSort) and same_sort(typed.shift, sort):
                return _element_at(ctx, term, sort, expr)
            if typed.shift is None and typed.sort is not None and same_sort(typed.sort, sort):
                return ir.Restrict(term, sort, origin=origin) if typed.may_be_none else term
        case IntSort() | NumberSort() | RealSort():
            if typed.shift is None and isinstance(typed.sort, IntSort | NumberSort | RealSort | BoolSort):
                numeric = as_number(ctx, typed, expr)
                return None if numeric is None else _restricted(ctx, numeric, typed, sort, expr)
        case SetSort(element):
            if isinstance(typed.sort, SetSort) and _fit(typed, Typed(term, sort)):
                return term if _is_part(typed.sort.element, element) else ir.Restrict(term, sort, origin=origin)
    _wrong_argument(ctx, typed, expr, sort, where, labels)
    return None


def _is_part(element: Sort, of: Sort) -> bool:
    """Whether the elements of a set certainly are of the sort wanted."""
    if same_sort(element, of) or sort_size(element) == 0:
        return True
    if isinstance(element, IntSort) and isinstance(of, IntSort):
        low_fits = of.low is None or (element.low is not None and of.low <= element.low)
        return low_fits and (of.high is None or (element.high is not None and element.high <= of.high))
    return isinstance(element, NumberSort) and all(has_value(of, v) for v in element.values)


def _element_at(ctx: Context, term: ir.Term, sort: EnumSort, expr: ast.Expr) -> ir.Term:
    origin = ctx.origin(expr)
    if isinstance(term, ir.Literal) and isinstance(term.value, int):
        if 1 <= term.value <= len(sort.elements):
            return ir.Literal(sort.element(term.value - 1), sort, origin=origin)
        ctx.warn(
            "outside-type",
            expr.span,
            f"this is always outside `{sort}`, so what is said with it is false",
            found=f"position {term.value} of 1 to {len(sort.elements)}",
        )
        return ir.ElementAt(term, sort, origin=origin)
    ctx.has_partial = True
    return ir.ElementAt(term, sort, origin=origin)


def _restricted(ctx: Context, term: ir.Term, typed: Typed, sort: Sort, expr: ast.Expr) -> ir.Term:
    origin = ctx.origin(expr)
    if isinstance(term, ir.Literal):
        if has_value(sort, term.value):
            return ir.Literal(term.value, sort, origin=origin)
        ctx.warn(
            "outside-type",
            expr.span,
            f"{show(term.value)} is outside {describe_sort(sort)}, so what is said with it is false",
            found=f"not in {describe_sort(sort)}",
        )
        return ir.Restrict(term, sort, origin=origin)
    if not typed.may_be_none and is_within(ctx, term, sort):
        return term
    ctx.has_partial = True
    return ir.Restrict(term, sort, origin=origin)


def _wrong_argument(
    ctx: Context, typed: Typed, expr: ast.Expr, sort: Sort, where: str, labels: tuple[Label, ...]
) -> None:
    help = ""
    if isinstance(sort, EnumSort | OpenSort):
        help = f"write an element of `{sort}`, or a term that yields one"
    elif is_numeric(sort) and isinstance(typed.sort, EnumSort) and typed.sort.is_ordered:
        help = "write `pos(...)` for the position of an element in its type"
    wanted = f"an element of `{sort}`" if isinstance(sort, EnumSort | OpenSort) else describe_sort(sort)
    ctx.error(
        "sort-mismatch",
        expr.span,
        f"{where} must be {wanted}, found {describe(typed)}",
        found=describe(typed),
        labels=labels,
        help=help,
        expected=_few_elements(sort),
    )


def _few_elements(sort: Sort | None) -> tuple[str, ...]:
    """The elements of a type, if they are few enough to be listed."""
    if isinstance(sort, EnumSort) and len(sort.elements) <= 12:
        return tuple(print_name(e) for e in sort.elements)
    return ()


def unify(ctx: Context, items: Sequence[tuple[Typed, ast.Expr]]) -> list[Typed] | None:
    """The terms brought to one sort, so that they can be compared: numbers, truth values, or elements of one type.

    With a shifted element among them all become positions. `none` takes the sort of the others. Reports the first
    item that does not fit the ones before it, and gives None.
    """
    lead: tuple[Typed, ast.Expr] | None = None
    is_shifted = False
    all_truth = True
    for typed, expr in items:
        if typed.sort is None:
            continue
        is_shifted = is_shifted or typed.shift is not None
        all_truth = all_truth and isinstance(typed.sort, BoolSort)
        if lead is None:
            lead = (typed, expr)
        elif not _fit(lead[0], typed):
            _do_not_fit(ctx, lead, (typed, expr))
            return None
    if lead is None:
        return [typed for typed, _ in items]
    kind = lead[0].shift or lead[0].sort
    if isinstance(kind, EnumSort) and is_shifted:
        return [_as_position(ctx, t, e, kind) for t, e in items]
    if isinstance(kind, EnumSort | OpenSort | SetSort):
        return [_with_sort(t, kind) for t, _ in items]
    if all_truth:
        return [_with_sort(t, BOOL) for t, _ in items]
    return [_with_sort(t, INT) if t.sort is None else _numeric(ctx, t, e) for t, e in items]


def _numeric(ctx: Context, typed: Typed, expr: ast.Expr) -> Typed:
    if isinstance(typed.sort, BoolSort):
        return Typed(ir.FromTruth(typed.term, origin=ctx.origin(expr)), INT)
    return typed


def _as_position(ctx: Context, typed: Typed, expr: ast.Expr, sort: EnumSort) -> Typed:
    if typed.shift is not None:
        return typed
    if typed.sort is None:
        return _with_sort(typed, INT)
    return Typed(position(typed.term, ctx.origin(expr)), INT, shift=sort)


def _with_sort(typed: Typed, sort: Sort) -> Typed:
    if typed.sort is None:
        return Typed(ir.Literal(None, sort, origin=typed.term.origin), sort, may_be_none=True)
    return typed


def _fit(left: Typed, right: Typed) -> bool:
    """Whether values of the two sorts can be compared."""
    a = left.shift or left.sort
    b = right.shift or right.sort
    assert a is not None
    assert b is not None
    if isinstance(a, SetSort) and isinstance(b, SetSort):
        if 0 in (sort_size(a.element), sort_size(b.element)):
            return True
        a, b = a.element, b.element
    if isinstance(a, SetSort) or isinstance(b, SetSort):
        return False
    if isinstance(a, EnumSort | OpenSort) or isinstance(b, EnumSort | OpenSort):
        return same_sort(a, b)
    return True


def _do_not_fit(ctx: Context, left: tuple[Typed, ast.Expr], right: tuple[Typed, ast.Expr]) -> None:
    (a, a_expr), (b, b_expr) = left, right
    help, fix = _fitting(ctx, left, right)
    ctx.error(
        "sort-mismatch",
        b_expr.span,
        f"{describe(b)} cannot be compared with {describe(a)}",
        found=describe(b),
        labels=(Label(a_expr.span, describe(a)),),
        help=help,
        expected=_few_elements(a.shift or a.sort),
        fix=fix,
    )


def _fitting(ctx: Context, left: tuple[Typed, ast.Expr], right: tuple[Typed, ast.Expr]) -> tuple[str, Fix | None]:
    """What to write instead of a comparison of two sorts."""
    a_sort, b_sort = left[0].shift or left[0].sort, right[0].shift or right[0].sort
    if isinstance(a_sort, SetSort) or isinstance(b_sort, SetSort):
        if isinstance(a_sort, SetSort) and isinstance(b_sort, SetSort):
            return f"compare sets of elements of one type: {describe_sort(a_sort)}", None
        return "compare a set with a set, `s == {a}`, or write `x in s`", None
    named = (EnumSort, OpenSort)
    if isinstance(a_sort, named) and isinstance(b_sort, named):
        return f"compare elements of one type: `{a_sort}` or `{b_sort}`", None
    whose, other = (left, right) if isinstance(a_sort, named) else (right, left)
    element = whose[0].shift or whose[0].sort
    if isinstance(element, EnumSort) and element.is_ordered and not isinstance(other[0].sort, BoolSort):
        text = ctx.source[whose[1].span.start : whose[1].span.end]
        help = f"write `pos({text if len(text) <= 40 else '...'})` to speak of a position in `{element}`"
        return help, Fix(whose[1].span, f"pos({text})") if text else None
    return f"compare it with an element of `{element}`", None


def literal_number(value: Fraction | int, origin: ir.Origin) -> Typed:
    """A numeric literal."""
    return Typed(ir.Literal(number(value), INT, origin=origin), INT)
