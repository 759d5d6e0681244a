"""The run folder: whole results or none, nothing twice, one run a folder."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from nsr.batch.store import RunStore
from nsr.errors import UsageError
from nsr.results import Result, Status


def result(name: str) -> Result:
    return Result(status=Status.SOLVED, id=name, answer=name)


def test_results_come_back_in_the_order_of_the_input(tmp_path: Path) -> None:
    with RunStore(tmp_path) as store:
        store.add(2, "b", result("b"))
        store.add(1, "a", result("a"))
        assert store.done() == {1: "solved", 2: "solved"}
        assert [i for i, _ in store.results()] == ["a", "b"]
        path = store.export()
    assert [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()] == ["a", "b"]
    assert not list(tmp_path.glob("*.partial"))


def test_nothing_is_stored_twice(tmp_path: Path) -> None:
    with RunStore(tmp_path) as store:
        store.add(1, "a", result("a"))
        with pytest.raises(sqlite3.IntegrityError):
            store.add(1, "a", result("other"))
        assert [r.answer for _, r in store.results()] == ["a"]


def test_a_folder_holds_one_run(tmp_path: Path) -> None:
    with RunStore(tmp_path) as store:
        store.configure({"model": "embedded", "seed": 0})
        store.configure({"seed": 0, "model": "embedded"})
        with pytest.raises(UsageError, match="seed"):
            store.configure({"model": "embedded", "seed": 1})
        assert store.configuration() == {"model": "embedded", "seed": 0}


def test_a_folder_without_a_run_is_not_scored(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no run folder"):
        RunStore(tmp_path / "nothing", must_exist=True)
    assert not (tmp_path / "nothing").exists()


def test_what_was_added_is_there_after_a_kill(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from nsr.batch.store import RunStore\n"
        "from nsr.results import Result, Status\n"
        "store = RunStore(Path(sys.argv[1]))\n"
        "for n in range(1, 4): store.add(n, str(n), Result(status=Status.SOLVED, id=str(n)))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], env=os.environ, check=False)
    assert done.returncode == -9
    with RunStore(tmp_path) as store:
        assert store.done() == {1: "solved", 2: "solved", 3: "solved"}
