"""`nsr batch` and `nsr score`: many problems, broken lines, interruption, resumption, scores."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Nsr = Callable[..., Any]
Write = Callable[[str, str | bytes], Path]
Problem = Callable[[str], str]


def program(wanted: int) -> str:
    declared = "type Name = {ann, bo}\nvar age(Name): 1..99\n"
    return declared + f"constraint: forall n in Name: age(n) == {wanted}\nfind unique age\n"


def ages(wanted: int) -> dict[str, Any]:
    return {"assignment": {"age": {"ann": wanted, "bo": wanted}}, "unique": True}


@pytest.fixture
def problems(write: Write, problem: Problem) -> Path:
    """Six problems with gold answers."""
    rows = [
        {
            "id": f"p{n}",
            "text": problem(program(n)),
            "solution": ages(n),
            "kind": "odd" if n % 2 else "even",
        }
        for n in range(1, 7)
    ]
    return write("problems.jsonl", "".join(json.dumps(r) + "\n" for r in rows))


def results(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def summary(ran: Any) -> dict[str, Any]:
    return {k: ran.json[k] for k in ("total", "resumed", "statuses")}


def test_a_batch(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path) -> None:
    ran = nsr("batch", problems, "--out", tmp_path / "run", "--model", scripted)
    assert ran.code == 0, ran.err
    assert "6 solved" in ran.out
    assert "6/6" in ran.err
    found = results(tmp_path / "run")
    assert [r["id"] for r in found] == [f"p{n}" for n in range(1, 7)]
    assert [r["answer"]["assignment"]["age"]["bo"] for r in found] == [1, 2, 3, 4, 5, 6]


def test_json_summary(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path) -> None:
    ran = nsr("batch", problems, "--out", tmp_path / "run", "--model", scripted, "--limit", "2", "--json")
    assert summary(ran) == {"total": 2, "resumed": 0, "statuses": {"solved": 2}}


def test_broken_lines_lose_nothing(nsr: Nsr, scripted: str, problem: Problem, write: Write, tmp_path: Path) -> None:
    good = json.dumps({"id": "good", "text": problem(program(3))})
    lines = [good, "{broken", '{"id": "no text"}', '{"id": "empty", "text": ""}', '{"id": 5, "text": 5}', '"a string"']
    ran = nsr("batch", write("mixed.jsonl", "\n".join(lines)), "--out", tmp_path / "run", "--model", scripted, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["statuses"] == {"solved": 1, "abstained": 5}
    found = results(tmp_path / "run")
    assert [r["id"] for r in found] == ["good", "line-2", "no text", "empty", "5", "line-6"]
    assert all(r["reason"] for r in found[1:])
    assert "line 2 is not JSON" in found[1]["reason"]


def test_running_it_again_does_nothing_again(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path) -> None:
    run = ("batch", problems, "--out", tmp_path / "run", "--model", scripted, "--json")
    assert nsr(*run).json["resumed"] == 0
    before = (tmp_path / "run" / "results.jsonl").read_bytes()
    assert summary(nsr(*run)) == {"total": 6, "resumed": 6, "statuses": {"solved": 6}}
    assert (tmp_path / "run" / "results.jsonl").read_bytes() == before


def test_a_folder_of_another_run_is_refused(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path) -> None:
    nsr("batch", problems, "--out", tmp_path / "run", "--model", scripted)
    ran = nsr("batch", problems, "--out", tmp_path / "run", "--model", scripted, "--seed", "5")
    assert ran.code == 2
    assert "seed" in ran.err
    assert len(results(tmp_path / "run")) == 6


SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever those who run the tests ignore
import nsr.llm
from nsr.testing.llm import ScriptedLLM
sys.path.insert(0, sys.argv.pop(1))
from conftest import echo

def slowly(request):
    time.sleep(0.2)
    return echo(request)

nsr.llm.load = lambda _: ScriptedLLM(slowly)
from nsr.cli import main
main()
"""


def test_killed_in_the_middle_and_resumed(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run = ["batch", str(problems), "--out", str(folder), "--model", scripted, "--chunk", "1", "--json"]
    process = subprocess.Popen([sys.executable, "-c", SLOW, str(Path(__file__).parent), *run], env=os.environ)
    deadline = time.monotonic() + 60
    while stored(folder) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    first = stored(folder)
    assert 2 <= first < 6
    ran = nsr(*run)
    assert ran.code == 0, ran.err
    assert summary(ran) == {"total": 6, "resumed": first, "statuses": {"solved": 6}}
    assert [r["id"] for r in results(folder)] == [f"p{n}" for n in range(1, 7)], "nothing lost, nothing twice"


def stored(folder: Path) -> int:
    """How many results the run has on disk."""
    if not (folder / "run.sqlite").exists():
        return 0
    connection = sqlite3.connect(folder / "run.sqlite", timeout=10)
    try:
        return int(connection.execute("SELECT count(*) FROM results").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def test_interrupted_with_control_c(problems: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run = ["batch", str(problems), "--out", str(folder), "--model", "scripted", "--chunk", "1"]
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(Path(__file__).parent), *run], stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while stored(folder) < 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert stored(folder) >= 1


def test_interrupted_while_the_language_model_is_at_work(problems: Path, tmp_path: Path) -> None:
    run = ["batch", str(problems), "--out", str(tmp_path / "run"), "--model", "scripted"]
    waits = SLOW.replace("time.sleep(0.2)", 'print("at work", file=sys.stderr, flush=True); time.sleep(60)')
    process = subprocess.Popen(
        [sys.executable, "-c", waits, str(Path(__file__).parent), *run], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert any("at work" in line for line in process.stderr)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert (process.returncode, said.splitlines()[-1]) == (130, "interrupted")


@pytest.mark.parametrize(
    ("content", "said"),
    [('{"id": 1, "text": "a b"}\n{"id": 1, "text": "c d"}\n', "occurs twice"), (None, "cannot be read")],
)
def test_input_that_cannot_be_run(
    nsr: Nsr, scripted: str, write: Write, tmp_path: Path, content: str | None, said: str
) -> None:
    path = write("in.jsonl", content) if content is not None else tmp_path / "none.jsonl"
    ran = nsr("batch", path, "--out", tmp_path / "run", "--model", scripted)
    assert ran.code == 2
    assert said in ran.err


def test_an_empty_file(nsr: Nsr, scripted: str, write: Write, tmp_path: Path) -> None:
    ran = nsr("batch", write("in.jsonl", ""), "--out", tmp_path / "run", "--model", scripted, "--json")
    assert ran.code == 0
    assert summary(ran) == {"total": 0, "resumed": 0, "statuses": {}}


def test_out_is_a_file(nsr: Nsr, scripted: str, problems: Path, write: Write) -> None:
    ran = nsr("batch", problems, "--out", write("taken", "x"), "--model", scripted)
    assert ran.code == 2
    assert "taken" in ran.err


def test_score(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    nsr("batch", problems, "--out", run, "--model", scripted)
    rows = [json.loads(line) for line in problems.read_text(encoding="utf-8").splitlines()]
    gold = tmp_path / "gold.jsonl"
    for row in rows:
        if row["id"] == "p2":
            row["solution"] = ages(1)
    gold.write_text("".join(json.dumps(r) + "\n" for r in rows))
    ran = nsr("score", run, "--gold", gold, "--by", "kind", "--json")
    assert ran.code == 0, ran.err
    assert (ran.json["right"], ran.json["wrong"], ran.json["n"]) == (5, 1, 6)
    assert ran.json["groups"]["odd"]["right"] == 3
    shown = nsr("score", run, "--gold", gold, "--by", "kind")
    assert shown.code == 0
    assert "wrong: p2" in shown.out
    assert "83.3 %" in shown.out


def test_score_of_no_run(nsr: Nsr, problems: Path, tmp_path: Path) -> None:
    ran = nsr("score", tmp_path / "nothing", "--gold", problems)
    assert ran.code == 2
    assert "no run folder" in ran.err


def test_score_with_a_missing_gold_field(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path) -> None:
    nsr("batch", problems, "--out", tmp_path / "run", "--model", scripted, "--limit", "1")
    ran = nsr("score", tmp_path / "run", "--gold", problems, "--gold-field", "answer")
    assert ran.code == 2
    assert "no field 'answer'" in ran.err
    assert "solution" in ran.err


@pytest.mark.usefixtures("weights")
def test_a_batch_of_texts_with_the_shipped_language_model(nsr: Nsr, write: Write, tmp_path: Path) -> None:
    examples = Path(__file__).parents[2] / "examples" / "puzzles"
    rows = [
        {"key": name, "body": (examples / f"{name}.txt").read_text(encoding="utf-8")}
        for name in ("harbour", "orchestra")
    ]
    path = write("in.jsonl", "".join(json.dumps(r) + "\n" for r in rows))
    ran = nsr("batch", path, "--out", tmp_path / "run", "--text-field", "body", "--id-field", "key", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["statuses"] == {"solved": 2}


def test_options_that_make_no_sense(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path) -> None:
    for words, said in (
        (("--shard", "3"), "write I/N"),
        (("--shard", "3/2"), "shard 3/2"),
        (("--retry", "solvd"), "no such status"),
        (("--ids", ","), "no identifier"),
        (("--max-cost", "1"), "prices"),
        (("--dataset", "jason"), "no data set 'jason'; there are"),
    ):
        ran = nsr("batch", problems, "--out", tmp_path / "run", "--model", scripted, *words)
        assert ran.code == 2, words
        assert said in ran.err, words


def test_parts_of_a_run(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path, write: Write) -> None:
    run = ("batch", problems, "--out", tmp_path / "run", "--model", scripted, "--jobs", "1", "--json")
    assert summary(nsr(*run, "--ids", write("ids", "p2\np5\n"))) == {
        "total": 2,
        "resumed": 0,
        "statuses": {"solved": 2},
    }
    assert nsr(*run, "--shard", "1/2", "--retry", "solved").json["retried"] == 1
    assert [r["id"] for r in results(tmp_path / "run")] == ["p1", "p2", "p3", "p5"]
    shown = nsr("score", tmp_path / "run", "--json").json
    assert (shown["right"], shown["missing"], shown["retried"]) == (4, 2, 1)


def test_a_limit_of_tokens(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path) -> None:
    run = ("batch", problems, "--out", tmp_path / "run", "--model", scripted, "--jobs", "1", "--chunk", "1")
    ran = nsr(*run, "--solves", "1", "--max-tokens-total", "1", "--json")
    assert ran.code == 5
    assert "the limit is 1" in ran.json["stopped"]
    assert 0 < sum(ran.json["statuses"].values()) < 6
    assert nsr(*run).code == 0


def test_what_fails_is_counted_apart(nsr: Nsr, write: Write, tmp_path: Path) -> None:
    path = write("in.jsonl", '{"id": 1, "text": "not on record"}\n')
    model = f"recorded:{write('recording.jsonl', '')}"
    ran = nsr("batch", path, "--out", tmp_path / "run", "--model", model, "--json")
    assert ran.code == 0
    assert ran.json["faults"] == 1
    assert "--retry fault" in ran.err
    assert "no answer recorded" in results(tmp_path / "run")[0]["reason"]


def test_a_recording_that_is_not_there(nsr: Nsr, problems: Path, tmp_path: Path) -> None:
    ran = nsr("batch", problems, "--out", tmp_path / "run", "--model", f"recorded:{tmp_path / 'nowhere.jsonl'}")
    assert ran.code == 2
    assert "cannot be read" in ran.err


def test_why_records_cannot_be_read_is_told(nsr: Nsr, write: Write, tmp_path: Path) -> None:
    problems = write("problems.jsonl", '{"id": "a", "words": "One."}\n{"id": "b", "text": "Two."}\n')
    ran = nsr("batch", problems, "--out", tmp_path / "run")
    assert ran.code == 0
    assert "1 records cannot be read, the last: line 1" in ran.err
    assert "words" in ran.err


def test_an_empty_choice_is_told(nsr: Nsr, write: Write, tmp_path: Path) -> None:
    problems = write("problems.jsonl", '{"id": "a", "text": "One."}\n')
    ran = nsr("batch", problems, "--out", tmp_path / "run", "--shard", "2/2")
    assert (ran.code, "0 results\n" in ran.out) == (0, True)
    assert "nothing to do" in ran.err


@pytest.mark.parametrize(("ids", "told"), [("a,nope", "'nope'"), ("none.txt", "'none.txt'")])
def test_identifiers_that_are_not_there(nsr: Nsr, write: Write, tmp_path: Path, ids: str, told: str) -> None:
    problems = write("problems.jsonl", '{"id": "a", "text": "One."}\n')
    ran = nsr("batch", problems, "--out", tmp_path / "run", "--ids", ids)
    assert ran.code == 2
    assert f"no problem {told}" in ran.err


@pytest.mark.parametrize(
    "content", [b"Ann is first.\nBo is second.\n", b"\x00\xff\x80", b'{"id": "a", "words": "One."}']
)
def test_a_file_of_which_nothing_can_be_read(nsr: Nsr, write: Write, tmp_path: Path, content: bytes) -> None:
    ran = nsr("batch", write("problems.jsonl", content), "--out", tmp_path / "run")
    assert ran.code == 2
    assert "no record of" in ran.err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("command", [("score",), ("compare", "DIR"), ("report",)])
def test_options_about_gold_without_gold(nsr: Nsr, tmp_path: Path, command: tuple[str, ...]) -> None:
    ran = nsr(*command, tmp_path, "--gold-field", "nope")
    assert ran.code == 2
    assert "--gold-field is about --gold" in ran.err


def test_a_report_by_a_field_that_is_not_there(nsr: Nsr, scripted: str, problems: Path, tmp_path: Path) -> None:
    nsr("batch", problems, "--out", tmp_path / "run", "--model", scripted, "--limit", "1")
    ran = nsr("report", tmp_path / "run", "--by", "nofield")
    assert ran.code == 2
    assert "'nofield'" in ran.err
