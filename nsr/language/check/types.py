"""Types and the constants of open types."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nsr.diagnostics import Label, Span
from nsr.language import ast, ir
from nsr.language.check import data_files
from nsr.language.check.context import Context
from nsr.language.check.messages import in_ticks
from nsr.language.check.registration import register, report_duplicate, warn_of_word
from nsr.language.check.written_sorts import argument_sort, declare_range
from nsr.language.sorts import EnumSort, NumberSort, OpenSort, number


def register_type(ctx: Context, statement: ast.TypeDecl, constants: Sequence[str]) -> None:
    """Declare a type with elements or an open one, which rest on nothing; make a range known.

    `constants` are the names that the program's `const` gives the type.
    """
    name = statement.name
    text = name.text
    if text in ctx.sort_places:
        report_duplicate(ctx, name, ctx.sort_places[text])
        return
    ctx.sort_places[text] = name.span
    warn_of_word(ctx, name, is_symbol=False)
    match statement.body:
        case None:
            _declare_open(ctx, statement, constants)
        case str(file):
            _declare_from_file(ctx, statement, file)
        case ast.Enumeration(elements, is_ordered):
            _declare_enumeration(ctx, name, elements, is_ordered)
        case ast.RangeTerm():
            ctx.add_pending_sort(text, partial(declare_range, ctx, ctx.statement, name, statement.body))


def _declare_open(ctx: Context, statement: ast.TypeDecl, constants: Sequence[str]) -> None:
    text = statement.name.text
    sort = OpenSort(text, () if statement.may_coincide else tuple(dict.fromkeys(constants)))
    ctx.sorts[text] = sort
    for constant in sort.constants:
        ctx.elements.setdefault(constant, []).append(sort)


def _declare_from_file(ctx: Context, statement: ast.TypeDecl, file: str) -> None:
    name = statement.name
    found = data_files.elements(ctx, name.text, file, statement.span)
    if found is None:
        ctx.failed_sorts.add(name.text)
    elif found and isinstance(found[0], str):
        _declare_names(ctx, name.text, tuple(str(e) for e in found), is_ordered=False)
    else:
        ctx.sorts[name.text] = NumberSort(name.text, tuple(e for e in found if not isinstance(e, str)))


def _declare_names(ctx: Context, name: str, elements: tuple[str, ...], *, is_ordered: bool) -> None:
    sort = EnumSort(name, elements, is_ordered)
    ctx.sorts[name] = sort
    for text in elements:
        ctx.elements.setdefault(text, []).append(sort)


def _declare_enumeration(
    ctx: Context, name: ast.Name, elements: tuple[ast.Name | ast.Number, ...], is_ordered: bool
) -> None:
    numbers = [e for e in elements if isinstance(e, ast.Number)]
    if numbers and len(numbers) < len(elements):
        ctx.error(
            "mixed-elements",
            numbers[0].span,
            f"the elements of `{name.text}` are names and numbers",
            found="a number",
            help="write all as numbers, or this one as a name in backquotes",
        )
        ctx.failed_sorts.add(name.text)
        return
    seen: dict[str, Span] = {}
    for element in elements:
        if isinstance(element, ast.Name):
            warn_of_word(ctx, element, is_symbol=False)
        key = str(element.value) if isinstance(element, ast.Number) else element.text
        if key in seen:
            _report_twice(ctx, name, element, key, seen[key])
        else:
            seen[key] = element.span
    if numbers:
        ctx.sorts[name.text] = NumberSort(name.text, tuple(dict.fromkeys(number(e.value) for e in numbers)))
    else:
        _declare_names(ctx, name.text, tuple(seen), is_ordered=is_ordered)


def _report_twice(ctx: Context, name: ast.Name, element: ast.Name | ast.Number, key: str, first: Span) -> None:
    ctx.error(
        "duplicate-element",
        element.span,
        f"{in_ticks(key)} is twice an element of `{name.text}`",
        found="the second",
        labels=(Label(first, "the first"),),
        help="leave one out",
    )


# Constants


def register_constant(ctx: Context, name: ast.Name, group: ast.ConstGroup) -> None:
    """Make a constant known: an element of an open type, or a symbol that stands for a thing of the type."""
    sort = ctx.sort(group.sort.text) if not ctx.is_pending_sort(group.sort.text) else None
    if isinstance(sort, OpenSort) and name.text in sort.constants:
        warn_of_word(ctx, name, is_symbol=True)
        if name.text in ctx.places:
            report_duplicate(ctx, name, ctx.places[name.text])
        ctx.places.setdefault(name.text, name.span)
        return
    register(ctx, name, partial(_declare_constant, ctx, ctx.statement, name, group.sort))


def _declare_constant(ctx: Context, index: int, name: ast.Name, sort_name: ast.Name) -> None:
    ctx.statement = index
    sort = argument_sort(ctx, ast.SortName(sort_name.text, span=sort_name.span))
    if sort is None:
        ctx.failed.add(name.text)
        return
    if isinstance(sort, OpenSort):
        ctx.constants.add(name.text)
        ctx.used.add(name.text)
    ctx.symbols[name.text] = ir.Function(name.text, "var", (), sort, origin=ir.Origin(index, name.span))
