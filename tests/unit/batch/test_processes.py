"""Engine processes: those that die are started again, and a problem that kills them is given up alone."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from nsr.batch import BatchOptions, open_run, run_batch
from nsr.batch.broker import Broker
from nsr.engine.engine import Engine
from nsr.engine.options import Options
from nsr.errors import LanguageModelUnavailable
from nsr.llm.protocol import Generation, Request
from nsr.results import Round
from nsr.testing.llm import ScriptedLLM

PROGRAM = "type Name = {ann, bo}\nvar age(Name): 1..9\nconstraint: forall n in Name: age(n) == 3\nfind unique age\n"
FAULTY = PROGRAM.replace("unique age", "unique agee")


def engine_processes() -> list[int]:
    """The engine processes that this process has started."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"nsr.batch" in (entry / "cmdline").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except (OSError, ValueError):
            continue
    return found


def batch(
    tmp_path: Path, answer: Callable[[Request], str], texts: list[str], model: str = "script", **options: int
) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"id": f"p{n}", "text": t}) + "\n" for n, t in enumerate(texts, 1)))
    engine = Engine(Options(model=model), ScriptedLLM(answer))
    run_batch(engine, path, tmp_path / "run", BatchOptions(**{"jobs": 1, "chunk": 2, **options}))
    return tmp_path / "run"


def last(request: Request) -> str:
    assert not isinstance(request.prompt, str)
    return request.prompt[-1].content


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the processes in /proc")
def test_a_problem_that_kills_engine_processes_is_given_up_and_no_other(tmp_path: Path) -> None:
    asked: Counter[str] = Counter()

    def answer(request: Request) -> str:
        asked[last(request)] += 1
        if last(request) == "poison":
            for pid in engine_processes():
                os.kill(pid, signal.SIGKILL)
            raise LanguageModelUnavailable("what fails is not on record: it is asked again")
        return PROGRAM

    # As of a server, so that no request is in a batch with the poison, asked again alone when that fails.
    run = batch(tmp_path, answer, ["a", "poison", "b"], model="http://script")
    store = open_run(run)
    kept = list(store.kept())
    store.close()
    assert [k.result and k.result.status.value for k in kept] == ["solved", "abstained", "solved"]
    assert [k.fault for k in kept] == [None, "crash", None]
    assert kept[1].result is not None
    assert "died at this problem 3 times (SIGKILL" in (kept[1].result.reason or "")
    assert asked == {"a": 1, "poison": 3, "b": 1}
    deadline = time.monotonic() + 120
    while engine_processes() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert engine_processes() == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the processes in /proc")
def test_an_engine_process_that_is_killed_before_it_is_ready_is_started_again(tmp_path: Path) -> None:
    done = threading.Event()
    killed: list[int] = []

    def kill_the_first_two() -> None:
        while len(killed) < 2 and not done.is_set():
            for pid in set(engine_processes()) - set(killed):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    killer = threading.Thread(target=kill_the_first_two)
    killer.start()
    try:
        store = open_run(batch(tmp_path, lambda _: PROGRAM, ["a", "b"]))
    finally:
        done.set()
        killer.join()
    kept = list(store.kept())
    store.close()
    assert len(killed) == 2
    assert [k.result and k.result.status.value for k in kept] == ["solved", "solved"]


def test_what_no_language_model_should_raise_is_a_fault_of_its_problem(tmp_path: Path) -> None:
    def answer(request: Request) -> str:
        if last(request) == "b":
            raise RuntimeError("out of memory")
        return PROGRAM

    store = open_run(batch(tmp_path, answer, ["a", "b", "c"]))
    kept = list(store.kept())
    store.close()
    assert [k.fault for k in kept] == [None, "operational", None]
    assert kept[1].result is not None
    assert kept[1].result.reason == "the language model failed: RuntimeError: out of memory"


def test_a_call_that_cannot_be_kept_ends_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Broker, key: str, generation: Generation) -> str:
        raise OSError("no space left")

    monkeypatch.setattr(Broker, "_kept", refuse)
    with pytest.raises(OSError, match="no space left"):
        batch(tmp_path, lambda _: PROGRAM, ["a", "b"])


def test_rounds_and_tokens_come_back(tmp_path: Path) -> None:
    def answer(request: Request) -> str:
        return FAULTY if last(request) == "repair me" else PROGRAM

    run = batch(tmp_path, answer, ["repair me", "plain"], jobs=2)
    store = open_run(run)
    repaired, plain = store.kept()
    spent = store.spent()
    store.close()
    assert repaired.result is not None
    assert plain.result is not None
    assert [r.kind for r in repaired.result.rounds] == ["formalize", "repair"]
    assert all(isinstance(r, Round) and r.source for r in repaired.result.rounds)
    assert repaired.result.id == "p1"
    assert repaired.result.usage.calls == 2
    total = sum(k.result.usage.completion_tokens for k in (repaired, plain) if k.result)
    assert (spent.calls, spent.completion_tokens) == (3, total)
