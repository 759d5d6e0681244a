"""Tables and types read from CSV and JSON files below the program's folder.

A CSV file has a line of column names; a JSON file is a list of rows (lists, or objects with the column names), nested
objects as in a table of the language, or for a type a list. Numbers are exact.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from nsr.diagnostics import Span
from nsr.language import ast, ir
from nsr.language.check import tables
from nsr.language.check.cells import BadCell, Cell, cell_value, parse_number
from nsr.language.check.context import Context
from nsr.language.sorts import Value

MAX_BYTES = 64 << 20
"""Largest data file that is read."""

MAX_ROWS = 1_000_000
"""Most rows of a data file."""

MAX_JSON_CHARACTERS = 16 << 20
"""Largest JSON file, which is held in memory as a whole."""

_MAX_DEPTH = 20
"""How deep lists and objects may be nested in a JSON file."""

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')

_Row: TypeAlias = tuple[int, Sequence[Cell]]
"""The number of a row in its file, as a person counts, and its cells."""


class _BadFile(Exception):
    """What is wrong with a file as a whole."""

    def __init__(self, message: str, help: str) -> None:
        self.help = help
        super().__init__(message)


def elements(ctx: Context, file: str, span: Span) -> tuple[str | int | Fraction, ...] | None:
    """The elements of `type T from "file"`: the first column, or a JSON list; None after reporting."""
    try:
        found = [cells[0] for _, cells in _rows(_text(ctx, file), file, 1, None)]
    except _BadFile as bad:
        _report(ctx, span, bad)
        return None
    values = [c for c in found if isinstance(c, str | int | Fraction) and not isinstance(c, bool)]
    numbers = [parse_number(c) if isinstance(c, str) else c for c in values]
    problem = ""
    if len(values) < len(found) or not values or "" in values:
        problem = f"`{file}` has an element that is no name and no number" if found else f"`{file}` lists nothing"
    elif len(set(values)) < len(values):
        twice = next(v for i, v in enumerate(values) if v in values[:i])
        problem = f"`{file}` lists `{twice}` twice"
    elif any(n is not None for n in numbers) and None in numbers:
        problem = f"the elements in `{file}` are names and numbers"
    if problem:
        _report_row(ctx, span, problem)
        return None
    exact = tuple(n for n in numbers if n is not None)
    return exact or tuple(str(v) for v in values)


def table(ctx: Context, function: ir.Function, data: ast.Data, *, as_set: bool = False) -> ir.Table | None:
    """The table of a declaration with `from "file"`, or None after reporting; `as_set`: rows are what holds."""
    assert data.file is not None
    default = tables.default_value(ctx, function, data)
    width = len(function.arguments)
    has_value = not as_set or data.column is not None
    try:
        rows = _rows(_text(ctx, data.file), data.file, width + has_value, data.column)
        found = _entries(ctx, function, data, rows, has_value=has_value)
    except _BadFile as bad:
        _report(ctx, data.span, bad)
        return None
    if found is None or (data.default is not None and default is None):
        return None
    return ir.Table(found, None if default is None else default[0], default is not None)


def _entries(
    ctx: Context, function: ir.Function, data: ast.Data, rows: Iterator[_Row], *, has_value: bool
) -> dict[tables.Key, Value] | None:
    width = len(function.arguments)
    found: dict[tables.Key, Value] = {}
    places: dict[tables.Key, int] = {}
    for number, cells in rows:
        try:
            key = tuple(cell_value(ctx, c, s) for c, s in zip(cells[:width], function.arguments, strict=True))
            value = cell_value(ctx, cells[width], function.value) if has_value else True
        except BadCell as bad:
            _report_row(ctx, data.span, f"row {number} of `{data.file}`: {bad}", bad.help)
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


# Files


def _text(ctx: Context, file: str) -> str:
    path = _path(ctx.root, file)
    try:
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except OSError:
        raise _BadFile(f"`{file}` cannot be read", "look at its permissions") from None
    if len(raw) > MAX_BYTES:
        raise _BadFile(f"`{file}` is larger than {MAX_BYTES >> 20} MB", "leave out what the program does not need")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _BadFile(f"`{file}` is not UTF-8", "save it as UTF-8") from None


def _path(root: Path | None, file: str) -> Path:
    if root is None:
        raise _BadFile(
            f"`{file}` is not read: the program is in no folder", "give the folder of its data, or write the table here"
        )
    parts = PurePosixPath(file)
    if parts.is_absolute() or ".." in parts.parts or "\\" in file or "\0" in file or ":" in file:
        raise _BadFile(f"`{file}` is not below the program's folder", "write a path inside the folder")
    try:
        folder = root.resolve(strict=True)
        path = (folder / parts).resolve(strict=True)
    except (OSError, RuntimeError):
        raise _BadFile(f"there is no file `{file}`", "write its path from the program's folder") from None
    if not path.is_relative_to(folder):
        raise _BadFile(f"`{file}` is not below the program's folder", "write a path inside the folder")
    if not path.is_file():
        raise _BadFile(f"`{file}` is no file", "write the path of a CSV or JSON file")
    return path


def _rows(text: str, file: str, width: int, column: str | None) -> Iterator[_Row]:
    """Rows of `width` cells; the value, last, is that of `column` if there is one."""
    is_json = file.lower().endswith(".json")
    header, rows = _json_rows(text, file) if is_json else _csv_rows(text, file)
    picked = list(range(width))
    if column is not None:
        if column not in header:
            raise _BadFile(
                f"`{file}` has no column `{column}`", "its columns: " + ", ".join(f"`{h}`" for h in header[:8])
            )
        picked[-1] = header.index(column)
    for count, (number, cells) in enumerate(rows):
        if count >= MAX_ROWS:
            raise _BadFile(f"`{file}` has more than {MAX_ROWS:,} rows", "leave out what the program does not need")
        if len(cells) <= max(picked):
            raise _BadFile(
                f"row {number} of `{file}` has {len(cells)} columns, not {max(picked) + 1}",
                "one column for each argument, then the value",
            )
        yield number, [cells[i] for i in picked]


def _csv_rows(text: str, file: str) -> tuple[list[str], Iterator[_Row]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)

    def lines() -> Iterator[_Row]:
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield reader.line_num, [cell.strip() for cell in cells]
        except csv.Error as error:
            raise _BadFile(f"line {reader.line_num} of `{file}` is no CSV: {error}", "look at its quotes") from None

    rows = lines()
    first = next(rows, None)
    if first is None:
        raise _BadFile(f"`{file}` is empty", "begin it with the names of its columns")
    return [str(cell) for cell in first[1]], rows


def _json_rows(text: str, file: str) -> tuple[list[str], Iterator[_Row]]:
    if len(text) > MAX_JSON_CHARACTERS or _depth(text) > _MAX_DEPTH:
        raise _BadFile(f"`{file}` is too large or nested too deeply", "write it as CSV")
    try:
        found = json.loads(
            text,
            parse_float=parse_number,
            parse_int=parse_number,
            parse_constant=lambda _: None,
            object_pairs_hook=lambda pairs: _Object(tuple(pairs)),
        )
    except ValueError:
        raise _BadFile(f"`{file}` is no JSON", "look at its commas and brackets") from None
    if isinstance(found, _Object):
        return [], enumerate(_nested(found, ()), 1)
    if not isinstance(found, list):
        raise _BadFile(f"`{file}` is neither a list nor an object", "write a list of rows")
    header = [name for name, _ in found[0].items] if found and isinstance(found[0], _Object) else []
    return header, ((number, _cells(row, header, file, number)) for number, row in enumerate(found, 1))


@dataclass(frozen=True, slots=True)
class _Object:
    """A JSON object with its keys in order, those written twice too."""

    items: tuple[tuple[str, Cell], ...]


def _depth(text: str) -> int:
    """How deep brackets are nested, those in strings left out."""
    depth = deepest = 0
    for token in _BRACKETS.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest


def _cells(row: Cell, header: Sequence[str], file: str, number: int) -> Sequence[Cell]:
    if isinstance(row, _Object):
        values = dict(row.items)
        if len(values) < len(row.items) or set(values) != set(header):
            raise _BadFile(f"row {number} of `{file}` has other columns than the first", "name the same columns in all")
        return [values[name] for name in header]
    return row if isinstance(row, list) and not header else [row]


def _nested(found: _Object, before: tuple[Cell, ...]) -> Iterator[Sequence[Cell]]:
    for key, value in found.items:
        if isinstance(value, _Object):
            yield from _nested(value, (*before, key))
        else:
            yield (*before, key, value)


# Reporting


def _report(ctx: Context, span: Span, bad: _BadFile) -> None:
    ctx.error("data-file", span, str(bad), found="not read", help=bad.help)


def _report_row(ctx: Context, span: Span, message: str, help: str = "correct the file") -> None:
    ctx.error("data-row", span, message, found="not read", help=help)
