"""Tables and types read from the rows of a data file: what its cells are to the program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from nsr.diagnostics import Span
from nsr.language import ast, ir
from nsr.language.check import tables
from nsr.language.check.cells import BadCell, cell_value, is_truth, listed_value, parse_number
from nsr.language.check.context import Context
from nsr.language.check.file_rows import BadFile, Row, read_rows
from nsr.language.sorts import Sort, Value

_NAMES_OF_COLUMNS = frozenset({"name", "names", "id", "label", "value", "key", "item", "element"})
"""What a column of names is called whatever it lists."""


def elements(ctx: Context, name: str, file: str, span: Span) -> tuple[str | int | Fraction, ...] | None:
    """The elements of `type NAME from "file"`: the first column, or a JSON list; None after reporting."""
    found: dict[str | int | Fraction, int] = {}
    number = 0
    try:
        header, rows = read_rows(ctx.root, file, 1)
        for number, cells in rows:
            value = listed_value(cells[0])
            if value in found:
                raise BadCell(f"`{value}` stands in row {found[value]} already", "leave one of them out")
            if found and isinstance(value, str) != isinstance(next(iter(found)), str):
                raise BadCell(f"`{value}`: the elements are names and numbers")
            found[value] = number
        if not found:
            raise BadFile(f"`{file}` lists nothing", "write the elements below the name of their column")
    except BadFile as bad:
        _report(ctx, span, bad)
        return None
    except BadCell as bad:
        _report_row(ctx, span, file, number, bad)
        return None
    if header and _is_element(header, name, is_name=isinstance(next(iter(found)), str)):
        _warn_of_header(ctx, span, file)
    return tuple(found)


def _is_element(header: Sequence[str], name: str, *, is_name: bool) -> bool:
    """Whether a line of column names reads as one more element: a number, or a lone name unlike the type's."""
    if not is_name:
        return parse_number(header[0]) is not None
    words = header[0].casefold().replace("_", " ").split()
    is_like = any(word[:3] == name.casefold()[:3] or word in _NAMES_OF_COLUMNS for word in words)
    return len(header) == 1 and not is_like


def table(ctx: Context, function: ir.Function, data: ast.Data, *, as_set: bool = False) -> ir.Table | None:
    """The table of a declaration with `from "file"`, or None after reporting; `as_set`: rows are what holds."""
    assert data.file is not None
    default = tables.default_value(ctx, function, data)
    has_value = not as_set or data.column is not None
    sorts = (*function.arguments, function.value) if has_value else function.arguments
    try:
        header, rows = read_rows(ctx.root, data.file, len(sorts))
        columns = _columns(data.file, header, len(sorts), data.column)
        unread = {i for i in range(len(sorts), len(header)) if not has_value}
        found = _entries(ctx, function, data, _watched(rows, unread), columns)
    except BadFile as bad:
        _report(ctx, data.span, bad)
        return None
    if found is None or (data.default is not None and default is None):
        return None
    if header and data.column is None and _is_row(ctx, header, sorts):
        _warn_of_header(ctx, data.span, data.file)
    if found and unread:
        _warn_of_unread(ctx, data, header[min(unread)])
    return ir.Table(found, None if default is None else default[0], default is not None)


def _columns(file: str, header: Sequence[str], width: int, column: str | None) -> list[int]:
    """Which columns are read: the first ones, as the last of them that named `column`, if any."""
    if column is None:
        return list(range(width))
    if header.count(column) == 1:
        return [*range(width - 1), header.index(column)]
    names = ", ".join(f"`{h}`" for h in header[:8])
    if column in header:
        raise BadFile(f"`{file}` has more than one column `{column}`", f"give them different names; they are {names}")
    help = f"its columns: {names}" if names else "write its rows as objects, with the names of the columns"
    raise BadFile(f"`{file}` has no column `{column}`", help)


def _watched(rows: Iterator[Row], unread: set[int]) -> Iterator[Row]:
    """The rows; when they are gone through, `unread` has kept the columns in which every cell is a truth value."""
    for number, cells in rows:
        unread.difference_update([i for i in unread if not is_truth(cells[i])])
        yield number, cells


def _is_row(ctx: Context, header: Sequence[str], sorts: Sequence[Sort]) -> bool:
    """Whether a line of column names reads as a row of values of these types."""
    try:
        for cell, sort in zip(header, sorts, strict=False):
            cell_value(ctx, cell, sort)
    except BadCell:
        return False
    return True


def _entries(
    ctx: Context, function: ir.Function, data: ast.Data, rows: Iterator[Row], columns: Sequence[int]
) -> dict[tables.Key, Value] | None:
    assert data.file is not None
    width = len(function.arguments)
    found: dict[tables.Key, Value] = {}
    places: dict[tables.Key, int] = {}
    for number, cells in rows:
        try:
            key = tuple(cell_value(ctx, c, s) for c, s in zip(cells[:width], function.arguments, strict=True))
            value = cell_value(ctx, cells[columns[width]], function.value) if len(columns) > width else True
        except BadCell as bad:
            _report_row(ctx, data.span, data.file, number, bad)
            return None
        for place in (key, key[::-1]) if data.is_symmetric else (key,):
            if place in places and (place == key or found[place] != value) and places[place] != number:
                if data.is_symmetric and found[place] == value:
                    continue
                shown = tables.show_key(place)
                message = f"row {number} of `{data.file}`: {shown} has a value already, in row {places[place]}"
                ctx.error("table-duplicate-key", data.span, message, found="twice", help="leave one of them out")
                return None
            found[place] = value
            places[place] = number
    return found


# Reporting


def _report(ctx: Context, span: Span, bad: BadFile) -> None:
    ctx.error("data-file", span, str(bad), found="not read", help=bad.help)


def _report_row(ctx: Context, span: Span, file: str, number: int, bad: BadCell) -> None:
    ctx.error("data-row", span, f"row {number} of `{file}`: {bad}", found="not read", help=bad.help)


def _warn_of_header(ctx: Context, span: Span, file: str) -> None:
    message = f"the first line of `{file}` names its columns, but reads as a row"
    ctx.warn("data-columns", span, message, found="first line not read", help="begin it with a line of column names")


def _warn_of_unread(ctx: Context, data: ast.Data, column: str) -> None:
    message = f"every row of `{data.file}` holds, although its column `{column}` has truth values"
    help = f'write `from "{data.file}" "{column}"` to read them, or leave the column out'
    ctx.warn("data-columns", data.span, message, found=f"`{column}` not read", help=help)
