"""Rows of relations: values as small integers, hash indexes, and the rows as the entries of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nsr.language.sorts import Value

__all__ = ["Entries", "Numbering", "Row", "Rows"]

Row: TypeAlias = tuple[int, ...]


class Numbering:
    """Numbers for values; equal values of one kind have one number."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self._numbers: dict[tuple[bool, Value], int] = {}
        self._same: dict[int, tuple[Value, int]] = {}

    def number(self, value: Value) -> int:
        """The number of a value."""
        # Most values come again as the very same object, and the hash of an element takes its time.
        same = self._same.get(id(value))
        if same is not None and same[0] is value:
            return same[1]
        key = (isinstance(value, bool), value)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self.values)
            self.values.append(value)
        self._same[id(value)] = (value, found)
        return found

    def row(self, values: Sequence[Value]) -> Row:
        """The numbers of several values."""
        return tuple([self.number(value) for value in values])

    def row_values(self, row: Row) -> tuple[Value, ...]:
        """The values behind a row."""
        return tuple([self.values[number] for number in row])


class Rows:
    """The rows of one relation, in the order in which they came, with an index for each set of positions asked for."""

    def __init__(self) -> None:
        self.rows: dict[Row, None] = {}
        self._indexes: dict[tuple[int, ...], dict[Row, list[Row]]] = {}

    def add(self, row: Row) -> bool:
        """Add a row; false if it was there."""
        if row in self.rows:
            return False
        self.rows[row] = None
        for positions, index in self._indexes.items():
            index.setdefault(tuple([row[p] for p in positions]), []).append(row)
        return True

    def index(self, positions: tuple[int, ...]) -> dict[Row, list[Row]]:
        """The rows by what stands at some positions; kept up to date."""
        found = self._indexes.get(positions)
        if found is None:
            found = {}
            for row in self.rows:
                found.setdefault(tuple([row[p] for p in positions]), []).append(row)
            self._indexes[positions] = found
        return found


class Entries(Mapping[tuple["Value", ...], "Value"]):
    """The rows of a relation as the entries of a table, always as they are now."""

    def __init__(self, rows: Rows, numbering: Numbering) -> None:
        self._rows = rows
        self._numbering = numbering

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and self._numbering.row(key) in self._rows.rows

    def __getitem__(self, key: tuple[Value, ...]) -> Value:
        if key in self:
            return True
        raise KeyError(key)

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        return map(self._numbering.row_values, self._rows.rows)

    def __len__(self) -> int:
        return len(self._rows.rows)
