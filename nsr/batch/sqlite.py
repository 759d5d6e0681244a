"""The run folder: one SQLite file in WAL mode, so that a result is there in full or not at all, whatever happens."""

from __future__ import annotations

import fcntl
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, assert_never

from nsr.batch.migrations import migrate
from nsr.batch.options import FAULT, Selection
from nsr.batch.store import Answered, Called, Counts, Event, Kept, RoundEnded, Session
from nsr.datasets.protocol import Problem
from nsr.errors import UsageError
from nsr.results import Result, Round, Usage

__all__ = ["SqliteStore"]

_AT_A_TIME = 500
_LATEST = "problems p LEFT JOIN results r ON r.position = p.position AND r.attempt = p.attempt"


class SqliteStore:
    """A `RunStore` in `FOLDER/run.sqlite`. One process writes, any number read beside it."""

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
        self._lock: IO[bytes] | None = None
        self._session = 0
        self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        try:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            migrate(self._connection, folder)
            # Which problems a session is about is nobody else's business: kept in memory.
            self._connection.execute("PRAGMA temp_store=MEMORY")
            self._connection.execute("CREATE TEMP TABLE chosen (position INTEGER PRIMARY KEY)")
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise UsageError(f"{path} cannot be read as a run: {error}") from error
        except UsageError:
            self._connection.close()
            raise

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; further use is an error."""
        self._connection.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    # Sessions

    def begin(self, configuration: dict[str, Any], command: str, *, may_differ: Sequence[str] = ()) -> int:
        """Starts a session; the configuration must be that of an earlier one but for what `may_differ`.

        A run in which nothing has been answered or asked is made of nothing yet, so it may begin anew.
        """
        self._take_lock()
        if self._is_untouched():
            with self._connection:
                self._connection.execute("DELETE FROM sessions")
                self._connection.execute("DELETE FROM problems")
        earlier = [s.configuration for s in self.sessions()]
        if earlier:
            found = [_differing(before, configuration, may_differ) for before in earlier]
            if all(found):
                told = ", ".join(_difference(k, earlier[0].get(k), configuration.get(k)) for k in min(found, key=len))
                raise UsageError(f"{self.folder} holds a run with other settings: {told}; choose another --out")
        with self._connection:
            cursor = self._connection.execute(
                "INSERT INTO sessions (started, command, configuration) VALUES (?, ?, ?)",
                (_now(), command, json.dumps(configuration, sort_keys=True)),
            )
        self._session = cursor.lastrowid or 0
        return self._session

    def _is_untouched(self) -> bool:
        tables = ("rounds", "results", "calls")
        return not any(self._connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in tables)

    def _take_lock(self) -> None:
        self._lock = (self.folder / "run.lock").open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(f"another process is at work on {self.folder}; wait for it, or stop it") from error

    def end(self, outcome: str) -> None:
        """Notes how the session ended."""
        with self._connection:
            self._connection.execute(
                "UPDATE sessions SET ended = ?, outcome = ? WHERE number = ?", (_now(), outcome, self._session)
            )

    def sessions(self) -> list[Session]:
        """All starts of the run."""
        rows = self._connection.execute(
            "SELECT number, started, command, configuration, ended, outcome FROM sessions ORDER BY number"
        )
        return [Session(n, at, said, json.loads(made), ended, out) for n, at, said, made, ended, out in rows]

    # Problems

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Stores problems that are not there yet, and the texts of those that an older version kept without."""
        insert = (
            "INSERT INTO problems (position, id, problem) VALUES (?, ?, ?) "
            "ON CONFLICT (position) DO UPDATE SET problem = excluded.problem WHERE problem IS NULL"
        )
        source = iter(problems)
        while some := list(islice(source, _AT_A_TIME)):
            with self._connection:
                for p in some:
                    try:
                        self._connection.execute(
                            insert, (p.position, p.id, json.dumps(p.to_json(), ensure_ascii=False))
                        )
                    except sqlite3.IntegrityError as error:
                        raise UsageError(
                            f"the identifier {p.id!r} occurs twice; name another field with --id-field"
                        ) from error

    def select(self, selection: Selection) -> None:
        """Chooses problems by their order and identifiers."""
        rows = self._connection.execute("SELECT position, id FROM problems ORDER BY position").fetchall()
        if unknown := selection.ids - {i for _, i in rows}:
            raise UsageError(f"the input has no problem {', '.join(map(repr, sorted(unknown)))}")
        chosen = [(p,) for n, (p, i) in enumerate(rows, 1) if selection.takes(n, i)]
        with self._connection:
            self._connection.execute("DELETE FROM chosen")
            self._connection.executemany("INSERT INTO chosen VALUES (?)", chosen)

    def retry(self, statuses: Sequence[str]) -> int:
        """The next attempt at the chosen problems of these statuses."""
        wanted = [s for s in statuses if s != FAULT]
        condition = f"(r.fault IS NULL AND r.status IN ({','.join('?' * len(wanted))}))"
        if FAULT in statuses:
            condition += " OR r.fault IS NOT NULL"
        found = f"SELECT p.position FROM {_LATEST} WHERE r.status IS NOT NULL AND ({condition})"
        with self._connection:
            done = self._connection.execute(
                "UPDATE problems SET attempt = attempt + 1 "
                f"WHERE position IN (SELECT position FROM chosen) AND position IN ({found})",
                wanted,
            )
        return done.rowcount

    def counts(self) -> Counts:
        """The chosen problems and their results by status."""
        total = self._connection.execute("SELECT count(*) FROM chosen").fetchone()[0]
        rows = self._connection.execute(
            f"SELECT r.status, count(*), count(r.fault) FROM {_LATEST} "
            "WHERE r.status IS NOT NULL AND p.position IN (SELECT position FROM chosen) GROUP BY r.status"
        ).fetchall()
        return Counts(total, Counter({s: n for s, n, _ in rows}), sum(f for *_, f in rows))

    def pending(self) -> Iterator[Problem]:
        """The chosen problems without a result; read a few at a time, so that memory does not grow with the input."""
        query = (
            f"SELECT p.position, p.problem FROM {_LATEST} WHERE r.status IS NULL AND p.position > ? "
            f"AND p.position IN (SELECT position FROM chosen) ORDER BY p.position LIMIT {_AT_A_TIME}"
        )
        last = 0
        while rows := self._connection.execute(query, (last,)).fetchall():
            for _, text in rows:
                yield Problem.from_json(json.loads(text))
            last = rows[-1][0]

    # Events

    def record(self, events: Sequence[Event]) -> None:
        """One transaction on disk before it returns."""
        with self._connection:
            for event in events:
                match event:
                    case RoundEnded(position, number, text):
                        self._connection.execute(
                            "INSERT OR REPLACE INTO rounds "
                            "SELECT position, attempt, ?, ? FROM problems WHERE position = ?",
                            (number, text, position),
                        )
                    case Called(key, text, given, written):
                        self._connection.execute(
                            "INSERT OR IGNORE INTO calls VALUES (?, ?, ?, ?)", (key, text, given, written)
                        )
                    case Answered():
                        self._answered(event)
                    case _:
                        assert_never(event)

    def _answered(self, event: Answered) -> None:
        """The result, and in place of the rounds told of on the way those that are its own."""
        [attempt] = self._connection.execute(
            "SELECT attempt FROM problems WHERE position = ?", (event.position,)
        ).fetchone()
        place = (event.position, attempt)
        self._connection.execute("DELETE FROM rounds WHERE position = ? AND attempt = ?", place)
        self._connection.executemany(
            "INSERT INTO rounds VALUES (?, ?, ?, ?)", [(*place, n, text) for n, text in enumerate(event.rounds, 1)]
        )
        usage = (event.usage.prompt_tokens, event.usage.completion_tokens)
        self._connection.execute(
            "INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*place, self._session, event.status, event.fault, *usage, event.result),
        )

    def recall(self, keys: Sequence[str]) -> dict[str, str]:
        """What was said to these requests in an earlier session, or in this one."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), _AT_A_TIME):
            some = keys[start : start + _AT_A_TIME]
            marks = ",".join("?" * len(some))
            found |= dict(self._connection.execute(f"SELECT key, generation FROM calls WHERE key IN ({marks})", some))
        return found

    def spent(self) -> Usage:
        """The tokens of all calls on record; of a run without such records, those in its results."""
        calls, *tokens = self._connection.execute(
            "SELECT count(*), sum(prompt_tokens), sum(completion_tokens) FROM calls"
        ).fetchone()
        if not calls:
            tokens = self._connection.execute(
                "SELECT sum(prompt_tokens), sum(completion_tokens) FROM results"
            ).fetchone()
        return Usage(calls=calls, prompt_tokens=tokens[0] or 0, completion_tokens=tokens[1] or 0)

    # Everything out again

    def kept(self) -> Iterator[Kept]:
        """All problems with their latest results; a result is read when its turn comes."""
        query = (
            f"SELECT p.position, p.id, p.attempt, p.problem, r.result, r.fault FROM {_LATEST} "
            f"WHERE p.position > ? ORDER BY p.position LIMIT {_AT_A_TIME}"
        )
        last = -1
        while rows := self._connection.execute(query, (last,)).fetchall():
            last = rows[-1][0]
            yield from (self._kept(*row) for row in rows)

    def get(self, identifier: str) -> Kept | None:
        """One problem with its latest result."""
        row = self._connection.execute(
            f"SELECT p.position, p.id, p.attempt, p.problem, r.result, r.fault FROM {_LATEST} WHERE p.id = ?",
            (identifier,),
        ).fetchone()
        return None if row is None else self._kept(*row)

    def _kept(
        self, position: int, identifier: str, attempt: int, problem: str | None, result: str | None, fault: str | None
    ) -> Kept:
        known = Problem.from_json(json.loads(problem)) if problem else Problem(id=identifier, position=position)
        if result is None:
            return Kept(known, None, fault, attempt)
        rounds = self._connection.execute(
            "SELECT round FROM rounds WHERE position = ? AND attempt = ? ORDER BY number", (position, attempt)
        )
        told = tuple(Round.model_validate_json(text) for (text,) in rounds)
        return Kept(known, Result.from_json(result).model_copy(update={"rounds": told}), fault, attempt)

    def results(self) -> Iterator[tuple[str, Result]]:
        """Identifiers and results in order of the input file."""
        for kept in self.kept():
            if kept.result is not None:
                yield kept.problem.id, kept.result

    def export(self) -> Path:
        """Writes `results.jsonl` beside the database, one result a line, and returns its path."""
        path = self.folder / "results.jsonl"
        partial = path.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as stream:
            for _, result in self.results():
                stream.write(result.to_json() + "\n")
        partial.replace(path)
        return path


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _difference(setting: str, there: object, now: object) -> str:
    """A setting with its two values; of a file's hash only that it is another one."""
    if setting.endswith("_sha256"):
        return f"another {setting.removesuffix('_sha256')}"
    return f"{setting} (there {there!r}, now {now!r})"


def _differing(before: dict[str, Any], now: dict[str, Any], may_differ: Sequence[str]) -> list[str]:
    """What two sessions are not made of alike; a run of an older version knows less of itself, and is held to that."""
    known = set(before) if before.get("schema", 1) < now.get("schema", 1) else {*before, *now}
    return sorted(k for k in known - {*may_differ, "schema"} if before.get(k) != now.get(k))
