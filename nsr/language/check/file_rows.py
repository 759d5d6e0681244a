"""The rows of CSV and JSON files below the program's folder, as they stand there.

A CSV file has a line of column names; a JSON file is a list of rows (lists, or objects with the column names), nested
objects as in a table of the language, or for a type a list. Numbers are exact. What the cells mean is for `data_files`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeAlias

from nsr.language.check.cells import Cell, parse_number

MAX_BYTES = 64 << 20
"""Largest data file that is read."""

MAX_ROWS = 1_000_000
"""Most rows of a data file."""

MAX_JSON_CHARACTERS = 16 << 20
"""Largest JSON file, which is held in memory as a whole."""

_MAX_DEPTH = 20
"""How deep lists and objects may be nested in a JSON file."""

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')

_OTHER_SEPARATORS = {";": "`;`", "\t": "tabs", "|": "`|`"}
"""What other tables separate their columns by, and its name."""

_ORDER_OF_COLUMNS = "one column for each argument, then the value"

Row: TypeAlias = tuple[int, Sequence[Cell]]
"""The number of a row in its file, as a person counts, and its cells."""


class BadFile(Exception):
    """What is wrong with a file as a whole, and one thing to do."""

    def __init__(self, message: str, help: str) -> None:
        self.help = help
        super().__init__(message)


class Rows(NamedTuple):
    """A file's names of columns, none where it has no line of them, and its rows, all of one width."""

    header: Sequence[str]
    rows: Iterator[Row]


def read_rows(root: Path | None, file: str, width: int) -> Rows:
    """The rows of a file with columns for `width` cells; it may have more if they have names.

    Raises:
        BadFile: if there is no such file, or, as its rows are gone through, for the first thing that is wrong in it.
    """
    header, rows = (_json_rows if file.lower().endswith(".json") else _csv_rows)(_text(root, file), file)
    if header and len(header) < width:
        mark = next((m for m in _OTHER_SEPARATORS if m in header[0]), None)
        raise BadFile(
            f"`{file}` has {_columns(len(header))}, not {width}",
            f"separate them by commas, not by {_OTHER_SEPARATORS[mark]}" if mark else _ORDER_OF_COLUMNS,
        )
    return Rows(header, _same_width(rows, file, len(header) or width, has_header=bool(header)))


def _same_width(rows: Iterator[Row], file: str, width: int, *, has_header: bool) -> Iterator[Row]:
    for count, (number, cells) in enumerate(rows):
        if count >= MAX_ROWS:
            raise BadFile(f"`{file}` has more than {MAX_ROWS:,} rows", "leave out what the program does not need")
        if len(cells) != width:
            found = f"row {number} of `{file}` has {_columns(len(cells))}"
            if has_header:
                raise BadFile(f"{found}, its first line {width}", "write a cell for each, in quotes if it has a comma")
            raise BadFile(f"{found}, not {width}", _ORDER_OF_COLUMNS)
        yield number, cells


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _text(root: Path | None, file: str) -> str:
    path = _path(root, file)
    try:
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except OSError:
        raise BadFile(f"`{file}` cannot be read", "look at its permissions") from None
    if len(raw) > MAX_BYTES:
        raise BadFile(f"`{file}` is larger than {MAX_BYTES >> 20} MB", "leave out what the program does not need")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        told = f"line {line} of `{file}` is not UTF-8: it has the byte {error.object[error.start]:#04x}"
        raise BadFile(told, "save it as UTF-8") from None


def _path(root: Path | None, file: str) -> Path:
    if root is None:
        raise BadFile(
            f"`{file}` is not read: the program is in no folder",
            "save the program in the folder of its data (in Python, give `root`), or write the table here",
        )
    parts = PurePosixPath(file)
    if parts.is_absolute() or ".." in parts.parts or "\\" in file or "\0" in file or ":" in file:
        raise BadFile(f"`{file}` is not below the program's folder", "write a path inside the folder")
    try:
        folder = root.resolve(strict=True)
        path = (folder / parts).resolve(strict=True)
    except (OSError, RuntimeError):
        raise BadFile(f"there is no file `{file}`", "write its path from the program's folder") from None
    if not path.is_relative_to(folder):
        raise BadFile(f"`{file}` is not below the program's folder", "write a path inside the folder")
    if not path.is_file():
        raise BadFile(f"`{file}` is no file", "write the path of a CSV or JSON file")
    return path


def _csv_rows(text: str, file: str) -> tuple[list[str], Iterator[Row]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)

    def lines() -> Iterator[Row]:
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield reader.line_num, [cell.strip() for cell in cells]
        except csv.Error as error:
            raise BadFile(f"line {reader.line_num} of `{file}` is no CSV: {error}", "look at its quotes") from None

    rows = lines()
    first = next(rows, None)
    if first is None:
        raise BadFile(f"`{file}` is empty", "begin it with the names of its columns")
    return [str(cell) for cell in first[1]], rows


def _json_rows(text: str, file: str) -> tuple[list[str], Iterator[Row]]:
    if len(text) > MAX_JSON_CHARACTERS or _depth(text) > _MAX_DEPTH:
        raise BadFile(f"`{file}` is too large or nested too deeply", "write it as CSV")
    try:
        found = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=lambda _: None,
            object_pairs_hook=lambda pairs: _Object(tuple(pairs)),
        )
    except ValueError:
        raise BadFile(f"`{file}` is no JSON", "look at its commas and brackets") from None
    if isinstance(found, _Object):
        return [], enumerate(_nested(found, ()), 1)
    if not isinstance(found, list):
        raise BadFile(f"`{file}` is neither a list nor an object", "write a list of rows")
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


def _number(text: str) -> Cell:
    """The number that `text` writes, or the text itself where it is too large for one."""
    value = parse_number(text)
    return text if value is None else value


def _cells(row: Cell, header: Sequence[str], file: str, number: int) -> Sequence[Cell]:
    if isinstance(row, _Object):
        values = dict(row.items)
        if len(values) < len(row.items) or set(values) != set(header):
            raise BadFile(f"row {number} of `{file}` has other columns than the first", "name the same columns in all")
        return [values[name] for name in header]
    return row if isinstance(row, list) and not header else [row]


def _nested(found: _Object, before: tuple[Cell, ...]) -> Iterator[Sequence[Cell]]:
    for key, value in found.items:
        if isinstance(value, _Object):
            yield from _nested(value, (*before, key))
        else:
            yield (*before, key, value)
