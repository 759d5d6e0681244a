"""The run folder: whole results or none, nothing twice, one run a folder, older folders read."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from batch_runs import abstained, answered, keep, solved

from nsr.batch.options import Selection
from nsr.batch.sqlite import SqliteStore
from nsr.batch.store import Called, RoundEnded
from nsr.datasets.protocol import Option, Problem
from nsr.errors import UsageError
from nsr.results import Result, Round, Status


def problem(n: int) -> Problem:
    return Problem(id=f"p{n}", position=n, context=f"Text {n}.", gold=n, meta={"size": n})


def begun(folder: Path, n: int = 4) -> SqliteStore:
    store = SqliteStore(folder)
    store.begin({"seed": 0}, "nsr batch x")
    store.add_problems(problem(k) for k in range(1, n + 1))
    store.select(Selection())
    return store


def test_results_come_back_in_the_order_of_the_input(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        store.record([answered(problem(2), solved(2)), answered(problem(1), solved(1))])
        assert store.counts().statuses == {"solved": 2}
        assert [(k.problem, k.result and k.result.answer) for k in store.kept()] == [
            (problem(1), 1), (problem(2), 2), (problem(3), None), (problem(4), None),
        ]  # fmt: skip
        assert [p.id for p in store.pending()] == ["p3", "p4"]
        path = store.export()
    assert [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()] == ["p1", "p2"]
    assert not list(tmp_path.glob("*.partial"))


def test_a_problem_comes_back_as_it_was(tmp_path: Path) -> None:
    whole = Problem(
        id="q", position=7, context="C", question="Q?", options=(Option("A", "one"), Option("B", "two")), gold="A",
        dataset="some", meta={"depth": 3}, recorded={"a model": "output"},
    )  # fmt: skip
    keep(tmp_path, [(whole, None)])
    with SqliteStore(tmp_path) as store:
        assert [k.problem for k in store.kept()] == [whole]
    assert whole.text == "C\n\nQ?\n\nA) one\nB) two"


def test_rounds_are_there_before_the_result_and_make_way_for_its_own(tmp_path: Path) -> None:
    with begun(tmp_path, 1) as store:
        store.record([RoundEnded(1, 1, '{"number": 1, "kind": "formalize", "source": "lost"}')])
        other = sqlite3.connect(tmp_path / "run.sqlite")
        assert other.execute("SELECT count(*) FROM rounds").fetchone() == (1,)
        other.close()
        rounds = tuple(Round(number=n, kind="repair", source=f"s{n}") for n in (1, 2))
        store.record([answered(problem(1), solved(rounds=rounds))])
        [kept] = store.kept()
        assert kept.result is not None
        assert kept.result.rounds == rounds


def test_nothing_is_stored_twice_and_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        store.record([answered(problem(1), solved("first"))])
        with pytest.raises(sqlite3.IntegrityError):
            store.record([answered(problem(2), solved()), answered(problem(1), solved("second"))])
        assert [(i, r.answer) for i, r in store.results()] == [("p1", "first")]


def test_a_folder_holds_one_run(tmp_path: Path) -> None:
    with SqliteStore(tmp_path) as store:
        store.begin({"model": "embedded", "seed": 0}, "nsr batch")
        store.add_problems([problem(1)])
        store.record([answered(problem(1), solved(1))])
    with SqliteStore(tmp_path) as store:
        store.begin({"seed": 0, "model": "embedded"}, "nsr batch")
    with SqliteStore(tmp_path) as store:
        with pytest.raises(UsageError, match="seed"):
            store.begin({"model": "embedded", "seed": 1}, "nsr batch")
        assert len(store.sessions()) == 2
    with SqliteStore(tmp_path) as store:
        store.begin({"model": "embedded", "seed": 1}, "nsr batch --retry limit", may_differ=("seed",))
        assert [s.configuration["seed"] for s in store.sessions()] == [0, 0, 1]


def test_a_run_in_which_nothing_happened_may_begin_anew(tmp_path: Path) -> None:
    begun(tmp_path).close()
    with SqliteStore(tmp_path) as store:
        store.begin({"seed": 1}, "nsr batch y")
        store.add_problems([problem(9)])
        store.select(Selection())
        assert [s.configuration["seed"] for s in store.sessions()] == [1]
        assert [p.id for p in store.pending()] == ["p9"]


def test_one_process_writes(tmp_path: Path) -> None:
    with begun(tmp_path), SqliteStore(tmp_path) as other:
        with pytest.raises(UsageError, match="another process is at work"):
            other.begin({"seed": 0}, "nsr batch")
        assert len(list(other.kept())) == 4, "reading is free"


def test_a_folder_without_a_run_is_not_scored(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no run folder"):
        SqliteStore(tmp_path / "nothing", must_exist=True)
    assert not (tmp_path / "nothing").exists()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "run.sqlite").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(UsageError, match="cannot be read as a run"):
        SqliteStore(tmp_path)


def test_what_was_recorded_is_there_after_a_kill(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from test_run_store import answered, begun, problem, solved\n"
        "store = begun(Path(sys.argv[1]))\n"
        "for n in range(1, 4): store.record([answered(problem(n), solved(n))])\n"
        "os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path), str(Path(__file__).parent)]
    done = subprocess.run(command, env=os.environ, check=False)
    assert done.returncode == -9
    with SqliteStore(tmp_path) as store:
        assert [(i, r.answer) for i, r in store.results()] == [("p1", 1), ("p2", 2), ("p3", 3)]
        [session] = store.sessions()
        assert session.ended is None


def test_retried_problems_are_pending_and_their_earlier_results_stay_on_record(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        store.record([answered(problem(1), solved()), answered(problem(2), abstained())])
        store.record([answered(problem(3), abstained("crash"), "crash")])
        assert store.retry(("abstained",)) == 1, "a fault is no abstention of the problem's"
        assert [p.id for p in store.pending()] == ["p2", "p4"]
        assert store.retry(("fault", "solved")) == 2
        assert store.counts().statuses == {}
        store.record([answered(problem(2), solved("now"))])
        [kept] = [k for k in store.kept() if k.result is not None]
        assert (kept.problem.id, kept.attempts, kept.result and kept.result.answer) == ("p2", 2, "now")
    rows = sqlite3.connect(tmp_path / "run.sqlite").execute("SELECT count(*) FROM results").fetchone()
    assert rows == (4,)


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_shards_part_the_problems(tmp_path: Path, n: int) -> None:
    found: list[str] = []
    with begun(tmp_path, 10) as store:
        for i in range(1, n + 1):
            store.select(Selection(shard=(i, n)))
            found += [p.id for p in store.pending()]
            assert store.counts().total == len(list(store.pending()))
    assert sorted(found) == sorted(f"p{k}" for k in range(1, 11))


def test_selections_count_together(tmp_path: Path) -> None:
    with begun(tmp_path, 10) as store:
        store.select(Selection(limit=6, shard=(2, 2), ids=frozenset({"p2", "p3", "p6", "p8"})))
        assert [p.id for p in store.pending()] == ["p2", "p6"]
    with pytest.raises(UsageError, match="shard"):
        Selection(shard=(3, 2))


def test_calls_are_recalled_and_counted_once(tmp_path: Path) -> None:
    with begun(tmp_path) as store:
        store.record([Called("a", "{1}", 10, 2), Called("b", "{2}", 5, 1)])
        store.record([Called("a", "{other}", 10, 2)])
        assert store.recall(["a", "c"]) == {"a": "{1}"}
        assert store.recall([str(n) for n in range(2000)]) == {}
        spent = store.spent()
    assert (spent.calls, spent.prompt_tokens, spent.completion_tokens) == (2, 15, 3)


def first_version(folder: Path) -> None:
    """A run folder as the first version of the store made it."""
    connection = sqlite3.connect(folder / "run.sqlite")
    connection.executescript(
        "PRAGMA journal_mode=WAL; CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
        "CREATE TABLE result (position INTEGER PRIMARY KEY, id TEXT NOT NULL, status TEXT NOT NULL,"
        " result TEXT NOT NULL);"
    )
    rounds = (Round(number=1, kind="formalize", source="x"),)
    result = Result(status=Status.SOLVED, id="p2", answer=2, rounds=rounds)
    with connection:
        connection.execute("INSERT INTO run VALUES ('configuration', '{\"seed\": 0}')")
        connection.execute("INSERT INTO result VALUES (2, 'p2', 'solved', ?)", (result.to_json(),))
    connection.close()


def test_a_folder_of_the_first_version_goes_on(tmp_path: Path) -> None:
    first_version(tmp_path)
    with SqliteStore(tmp_path) as store:
        [(identifier, result)] = store.results()
        assert (identifier, result.answer, [r.source for r in result.rounds]) == ("p2", 2, ["x"])
        store.begin({"seed": 0, "schema": 2, "grammar_sha256": "new knowledge"}, "nsr batch")
        store.add_problems(problem(k) for k in (1, 2, 3))
        store.select(Selection())
        assert [p.id for p in store.pending()] == ["p1", "p3"]
        assert [k.problem.text for k in store.kept()] == ["Text 1.", "Text 2.", "Text 3."]
    with SqliteStore(tmp_path) as store, pytest.raises(UsageError, match="seed"):
        store.begin({"seed": 1, "schema": 2}, "nsr batch")


def test_a_folder_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    begun(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "run.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(UsageError, match="newer nsr"):
        SqliteStore(tmp_path)


def test_an_identifier_that_occurs_twice(tmp_path: Path) -> None:
    with SqliteStore(tmp_path) as store, pytest.raises(UsageError, match="'p1' occurs twice"):
        store.add_problems([problem(1), Problem(id="p1", position=2)])
