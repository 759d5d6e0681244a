"""The run folder: one SQLite file in WAL mode, so that a result is there in full or not at all, whatever happens."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from nsr.errors import UsageError
from nsr.results import Result

__all__ = ["RunStore"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS run (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS result (
    position INTEGER PRIMARY KEY,  -- line of the problem in the input file, from 1
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    result TEXT NOT NULL
);
"""


class RunStore:
    """Results of one run. Each `add` is one transaction on disk before it returns."""

    def __init__(self, folder: Path, *, must_exist: bool = False) -> None:
        path = folder / "run.sqlite"
        if must_exist and not path.is_file():
            raise UsageError(
                f"{folder} is no run folder: it has no run.sqlite (make one with `nsr batch FILE --out {folder}`)"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder} cannot be used as a run folder: {error.strerror}") from error
        self.folder = folder
        self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.executescript(_SCHEMA)

    def __enter__(self) -> RunStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; further use is an error."""
        self._connection.close()

    def configure(self, configuration: dict[str, Any]) -> None:
        """Remembers what the run is made of.

        Raises:
            UsageError: if the folder holds a run made of something else.
        """
        stored = self.configuration()
        if not stored:
            with self._connection:
                self._connection.execute(
                    "INSERT INTO run VALUES ('configuration', ?)", (json.dumps(configuration, sort_keys=True),)
                )
            return
        differing = sorted(k for k in {*stored, *configuration} if stored.get(k) != configuration.get(k))
        if differing:
            told = ", ".join(f"{k} (there {stored.get(k)!r}, now {configuration.get(k)!r})" for k in differing)
            raise UsageError(f"{self.folder} holds a run with other settings: {told}; choose another --out")

    def configuration(self) -> dict[str, Any]:
        """What the run is made of; empty for a new folder."""
        row = self._connection.execute("SELECT value FROM run WHERE key = 'configuration'").fetchone()
        return json.loads(row[0]) if row else {}

    def done(self) -> dict[int, str]:
        """Status by position of all results that are there."""
        return dict(self._connection.execute("SELECT position, status FROM result"))

    def add(self, position: int, identifier: str, result: Result) -> None:
        """Stores a result; a second one for the same position is an error, nothing is done twice."""
        with self._connection:
            self._connection.execute(
                "INSERT INTO result VALUES (?, ?, ?, ?)", (position, identifier, result.status.value, result.to_json())
            )

    def results(self) -> Iterator[tuple[str, Result]]:
        """Identifiers and results in order of the input file."""
        for identifier, text in self._connection.execute("SELECT id, result FROM result ORDER BY position"):
            yield identifier, Result.from_json(text)

    def export(self) -> Path:
        """Writes `results.jsonl` beside the database, one result a line, and returns its path."""
        path = self.folder / "results.jsonl"
        partial = path.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as stream:
            for (text,) in self._connection.execute("SELECT result FROM result ORDER BY position"):
                stream.write(text + "\n")
        partial.replace(path)
        return path
