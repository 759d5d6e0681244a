"""Problems of any origin in JSONL: fields are found by their usual names; answers are scored by what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nsr.datasets.equal import EQUAL
from nsr.datasets.protocol import AnswerKind, Problem, ReadOptions, Scorer
from nsr.errors import UsageError

__all__ = ["JSONL", "JsonlDataset"]

TEXT_FIELDS = ("text", "puzzle", "problem", "question", "context")
ID_FIELDS = ("id", "idx", "name")
GOLD_FIELDS = ("solution", "gold", "answer", "label")
MAX_META = 200
"""Characters of a value that one may group by; longer ones stay behind."""


class JsonlDataset:
    """One JSON object a line."""

    name = "jsonl"
    title = "JSON lines"
    licence = ""
    source = ""
    kind = AnswerKind.ANY
    scorer: Scorer = EQUAL

    def recognizes(self, record: Mapping[str, Any]) -> bool:
        """Never: it is what is left where no set recognizes a file."""
        return False

    def read(self, path: Path, options: ReadOptions) -> Iterator[Problem]:
        """The problems of a file; blank lines are passed over, and broken ones say what is wrong with them."""
        try:
            stream = path.open("rb")
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}") from error
        with stream:
            for position, line in enumerate(stream, 1):
                if line.strip():
                    yield _problem(position, line, options)


def _problem(position: int, line: bytes, options: ReadOptions) -> Problem:
    def broken(why: str, identifier: str = f"line-{position}") -> Problem:
        return Problem(id=identifier, position=position, error=why, dataset=JsonlDataset.name)

    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        return broken(f"line {position} is not JSON in UTF-8: {error}")
    if not isinstance(row, dict):
        return broken(f"line {position} is not a JSON object")
    id_field = options.id_field or next((f for f in ID_FIELDS if f in row), None)
    if id_field is not None and id_field not in row:
        return broken(f"line {position} has no field {id_field!r}")
    identifier = str(row[id_field]) if id_field else f"line-{position}"
    text_field = options.text_field or next((f for f in TEXT_FIELDS if isinstance(row.get(f), str)), None)
    if text_field is None or text_field not in row:
        wanted = repr(options.text_field) if options.text_field else " or ".join(map(repr, TEXT_FIELDS))
        return broken(f"line {position} has no field {wanted}; it has: {', '.join(row)}", identifier)
    if not isinstance(row[text_field], str):
        return broken(f"field {text_field!r} of line {position} is no text", identifier)
    gold_field = options.gold_field or next((f for f in GOLD_FIELDS if f in row), None)
    return Problem(
        id=identifier,
        position=position,
        context=row[text_field],
        gold=row.get(gold_field) if gold_field else None,
        dataset=JsonlDataset.name,
        meta=_meta(row, {text_field, id_field, gold_field}),
    )


def _meta(row: Mapping[str, Any], taken: set[str | None]) -> dict[str, Any]:
    """The short values: what one may group by."""
    short = (str, int, float, bool)
    return {k: v for k, v in row.items() if k not in taken and isinstance(v, short) and len(str(v)) <= MAX_META}


JSONL = JsonlDataset()
