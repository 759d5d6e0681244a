"""The tables of a run folder, by version; older folders are brought up to date when they are opened."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from nsr.errors import UsageError

__all__ = ["VERSION", "migrate"]

VERSION = 2

_SCHEMA = """
CREATE TABLE sessions (
    number INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT, command TEXT NOT NULL,
    configuration TEXT NOT NULL, outcome TEXT
);
CREATE TABLE problems (
    position INTEGER PRIMARY KEY,  -- place of the problem in the input, from 1
    id TEXT NOT NULL UNIQUE,
    attempt INTEGER NOT NULL DEFAULT 1,  -- the one that counts, earlier ones stay on record
    problem TEXT
);
CREATE TABLE rounds (
    position INTEGER NOT NULL, attempt INTEGER NOT NULL, number INTEGER NOT NULL, round TEXT NOT NULL,
    PRIMARY KEY (position, attempt, number)
);
CREATE TABLE results (
    position INTEGER NOT NULL, attempt INTEGER NOT NULL, session INTEGER NOT NULL, status TEXT NOT NULL, fault TEXT,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, result TEXT NOT NULL,
    PRIMARY KEY (position, attempt)
);
CREATE TABLE calls (
    key TEXT PRIMARY KEY, generation TEXT NOT NULL, prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL
);
"""


def migrate(connection: sqlite3.Connection, folder: Path) -> None:
    """Makes the tables, or brings those of an older version up to date, all at once or not at all.

    Raises:
        UsageError: if a newer version of nsr made them.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return
    if version > VERSION:
        raise UsageError(
            f"{folder} was made by a newer nsr (store version {version}, this one reads up to {VERSION}): upgrade nsr"
        )
    usual = connection.isolation_level
    connection.isolation_level = None
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited.
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                connection.execute(statement)
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'result'").fetchone():
                _from_first(connection)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    finally:
        connection.isolation_level = usual


def _from_first(connection: sqlite3.Connection) -> None:
    """From the first version: one configuration, and whole results; problems come back when the batch goes on."""
    row = connection.execute("SELECT value FROM run WHERE key = 'configuration'").fetchone()
    if row:
        connection.execute("INSERT INTO sessions VALUES (1, '', NULL, '', ?, NULL)", (row[0],))
    for position, identifier, status, text in connection.execute("SELECT position, id, status, result FROM result"):
        result = json.loads(text)
        rounds = result.pop("rounds", [])
        usage = result.get("usage", {})
        tokens = (usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0))
        connection.execute("INSERT INTO problems (position, id) VALUES (?, ?)", (position, identifier))
        connection.execute(
            "INSERT INTO results VALUES (?, 1, 1, ?, NULL, ?, ?, ?)",
            (position, status, *tokens, json.dumps(result, ensure_ascii=False)),
        )
        connection.executemany(
            "INSERT INTO rounds VALUES (?, 1, ?, ?)",
            [(position, n, json.dumps(r, ensure_ascii=False)) for n, r in enumerate(rounds, 1)],
        )
    connection.execute("DROP TABLE result")
    connection.execute("DROP TABLE run")
