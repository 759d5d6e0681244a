"""Records of a file, whatever it is written in: JSON lines, one JSON value, CSV, or a folder of folders.

Every record knows its place, so that whoever cannot read it can say where it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from nsr.errors import UsageError

__all__ = ["MAX_FILE", "Record", "first_records", "records"]

MAX_FILE = 1 << 30
"""Bytes of a file; larger ones are to be cut before they are read."""

MAX_PART = 16 << 20
"""Bytes of one file of a folder that is a record."""

_LISTS = ("examples", "data", "problems")
"""Fields that hold the records where a file is one object with a heading."""


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of a record. `error` says what is wrong with it, if anything; then there are no fields.

    `key` is what the file calls it, `heading` are the short fields of the object that it is listed in.
    """

    place: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    heading: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None


def records(path: Path) -> Iterator[Record]:
    """The records of a file or folder, in order.

    Raises:
        UsageError: if it cannot be read, or is too large.
    """
    try:
        if path.is_dir():
            yield from _of_folder(path)
            return
        if (size := path.stat().st_size) > MAX_FILE:
            raise UsageError(f"{path} has {size:,} bytes, at most {MAX_FILE:,} are read: cut it into parts")
        if path.suffix.lower() == ".csv":
            yield from _of_csv(path)
        elif _is_lines(path):
            yield from _of_lines(path)
        else:
            yield from _of_json(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def first_records(path: Path, count: int = 3) -> list[Record]:
    """The first records that can be read, to tell by them what file it is.

    Raises:
        UsageError: as `records` does.
    """
    return list(islice((r for r in records(path) if r.error is None), count))


def _is_lines(path: Path) -> bool:
    """Whether the first line that is not blank is a JSON value of its own, or there is no JSON in the file at all."""
    with path.open("rb") as stream:
        first = next((line for line in stream if line.strip(b"\xef\xbb\xbf \t\r\n")), b"")
    try:
        return isinstance(json.loads(first.decode("utf-8-sig")), dict)
    except (ValueError, RecursionError):
        return first.lstrip(b"\xef\xbb\xbf \t")[:1] not in (b"[", b"{")


def _of_lines(path: Path) -> Iterator[Record]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            place = f"line {number}"
            if not line.strip(b"\xef\xbb\xbf \t\r\n"):
                continue
            try:
                value = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                yield Record(place, error=f"{place} is not JSON in UTF-8: {error}")
                continue
            yield from _unwrapped(value, place)


def _of_json(path: Path) -> Iterator[Record]:
    try:
        value = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is neither JSON lines nor one JSON value in UTF-8: {error}") from error
    if isinstance(value, list):
        for number, entry in enumerate(value, 1):
            yield from _unwrapped(entry, f"entry {number}")
        return
    yield from _unwrapped(value, "the file")


def _unwrapped(value: Any, place: str) -> Iterator[Record]:
    """The records in a value: those of its list, those by name where all of it are objects, or the value itself."""
    if not isinstance(value, dict):
        yield Record(place, error=f"{place} is not a JSON object")
        return
    inside = "" if place == "the file" else f" of {place}"
    # A file that is one list with a heading may be on one line, or on many.
    listed_in = "" if place == "line 1" else inside
    for name in _LISTS:
        if isinstance(listed := value.get(name), list) and all(isinstance(v, dict) for v in listed):
            heading = {k: v for k, v in value.items() if k != name and isinstance(v, (str, int, float))}
            for number, entry in enumerate(listed, 1):
                yield Record(f"entry {number}{listed_in}", entry, heading=heading)
            return
    if value and all(isinstance(v, dict) for v in value.values()):
        for key, entry in value.items():
            yield Record(f"entry {key!r}{inside}", entry, key=str(key))
        return
    yield Record(place, value)


def _of_csv(path: Path) -> Iterator[Record]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not in UTF-8: {error}") from error
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    heading: list[str] = []
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Record(f"line {rows.line_num}", error=f"line {rows.line_num} is not CSV: {error}")
            return
        if row is None:
            return
        place = f"line {rows.line_num}"
        if not heading:
            heading = [name or f"column {n}" for n, name in enumerate(row, 1)]
        elif len(row) != len(heading):
            yield Record(place, error=f"{place} has {len(row)} fields, the heading has {len(heading)}")
        elif row:
            yield Record(place, dict(zip(heading, row, strict=True)))


def _of_folder(path: Path) -> Iterator[Record]:
    """A record for each folder in it: its JSON and text files by their names without the ending."""
    folders = sorted(p for p in path.iterdir() if p.is_dir() and not p.name.startswith("."))
    if not folders:
        raise UsageError(f"{path} is a folder without folders in it: give a file, or a folder with one a problem")
    for folder in folders:
        found: dict[str, Any] = {}
        error = None
        for part in sorted(p for p in folder.iterdir() if p.suffix in (".json", ".txt") and p.is_file()):
            try:
                found[part.stem] = _part(part)
            except (ValueError, RecursionError) as why:
                error = f"{folder.name}/{part.name} cannot be read: {why}"
        yield Record(folder.name, {} if error else found, key=folder.name, error=error)


def _part(path: Path) -> Any:
    with path.open("rb") as stream:
        content = stream.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise ValueError(f"it has more than {MAX_PART:,} bytes")
    text = content.decode("utf-8-sig")
    return json.loads(text) if path.suffix == ".json" else text
