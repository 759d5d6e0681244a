"""Puzzles of a JSONL file with gold clues and grids: reading them, and each clue as a relation of positions."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["RELATIONS", "GoldClue", "Puzzle", "Ref", "read_puzzles"]

Ref = tuple[str, str]
"""An attribute and one of its values."""

RELATIONS: Mapping[str, Callable[[int, int], bool]] = {
    "same_house": lambda a, b: a == b,
    "found_at": lambda a, b: a == b,
    "not_at": lambda a, b: a != b,
    "directly_left": lambda a, b: a + 1 == b,
    "left_of": lambda a, b: a < b,
    "right_of": lambda a, b: a > b,
    "side_by_side": lambda a, b: abs(a - b) == 1,
    "between_one": lambda a, b: abs(a - b) == 2,
    "between_two": lambda a, b: abs(a - b) == 3,
}
"""The kinds of gold clues, as relations of the position of the first thing and of the second (or a house number)."""


@dataclass(frozen=True, slots=True)
class GoldClue:
    """A clue's sentence and its gold reading; `right` is a house number for `found_at` and `not_at`."""

    text: str
    kind: str
    left: Ref
    right: Ref | int


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A puzzle with its text, gold clues and gold grid; `values` holds each attribute's values."""

    id: str
    size: str
    houses: int
    text: str
    clues: tuple[GoldClue, ...]
    solution: Mapping[str, Any]
    values: Mapping[str, tuple[str, ...]]

    @property
    def placed(self) -> dict[Ref, int]:
        """The house of every value in the gold grid."""
        header, rows = self.solution["header"], self.solution["rows"]
        return {(header[i], row[i]): int(row[0]) for row in rows for i in range(1, len(header))}


def read_puzzles(path: Path, limit: int | None = None, seed: int | None = None) -> list[Puzzle]:
    """The puzzles of a file; with `limit`, the first so many, or with a seed a sample of them.

    Ends the process with a sentence if the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        sys.exit(
            f"{path} cannot be read ({error.strerror}). Wanted: a JSONL file of logic-grid puzzles with the fields id, "
            "size, houses, puzzle, clues, clue_ir and solution."
        )
    rows = [json.loads(line) for line in lines if line.strip()]
    if limit is not None and limit < len(rows):
        rows = rows[:limit] if seed is None else random.Random(seed).sample(rows, limit)
    return [puzzle_of(row) for row in rows]


def puzzle_of(row: Mapping[str, Any]) -> Puzzle:
    """A puzzle from a row of the file."""
    clues = tuple(
        GoldClue(text, kind, (left[0], left[1]), right if isinstance(right, int) else (right[0], right[1]))
        for text, (kind, left, right) in zip(row["clues"], row["clue_ir"], strict=True)
    )
    header: Sequence[str] = row["solution"]["header"]
    values = {
        name: tuple(cells[index] for cells in row["solution"]["rows"]) for index, name in enumerate(header) if index > 0
    }
    return Puzzle(row["id"], row["size"], row["houses"], row["puzzle"], clues, row["solution"], values)
