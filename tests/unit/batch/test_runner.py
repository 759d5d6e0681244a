"""Runs of a batch over a scheduler of our own: resuming, limits, failures in a row, what is kept of the run."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from batch_runs import Direct, abstained, solved

from nsr.batch import BatchOptions, Selection, open_run, run_batch
from nsr.batch.runner import FAULTS_IN_A_ROW
from nsr.datasets.protocol import Problem
from nsr.engine.engine import Engine
from nsr.errors import OperationalError, UsageError
from nsr.results import Result

ENGINE = Engine()


def ids(folder: Path) -> list[str]:
    return [json.loads(line)["id"] for line in (folder / "results.jsonl").read_text().splitlines()]


class Stopped(Exception):
    """What a kill is, as far as a test in one process can have it."""


def test_a_run_that_broke_off_goes_on(problems: Path, tmp_path: Path) -> None:
    def until_five(problem: Problem) -> Result:
        if problem.id == "p5":
            raise Stopped
        return solved()

    with pytest.raises(Stopped):
        run_batch(ENGINE, problems, tmp_path / "run", scheduler=Direct(until_five))
    assert ids(tmp_path / "run") == ["p1", "p2", "p3", "p4"], "what was done is there"
    rest = Direct(lambda _: solved())
    progress = run_batch(ENGINE, problems, tmp_path / "run", scheduler=rest)
    assert rest.taken == [f"p{n}" for n in range(5, 11)]
    assert (progress.total, progress.resumed, progress.finished) == (10, 4, 10)
    assert ids(tmp_path / "run") == [f"p{n}" for n in range(1, 11)]
    store = open_run(tmp_path / "run")
    assert [s.outcome for s in store.sessions()] == ["failed: ", "finished"]
    store.close()


def test_shards_limits_and_ids_choose(problems: Path, tmp_path: Path) -> None:
    for selection, wanted in (
        (Selection(shard=(2, 3)), ["p2", "p5", "p8"]),
        (Selection(limit=3), ["p1", "p3"]),
        (Selection(limit=3), []),
        (Selection(ids=frozenset({"p9", "p2"})), ["p9"]),
    ):
        direct = Direct(lambda _: solved())
        progress = run_batch(ENGINE, problems, tmp_path / "run", BatchOptions(selection=selection), scheduler=direct)
        # The shard has p2: the others find it done.
        assert direct.taken == wanted
        assert progress.finished == progress.total


@pytest.mark.parametrize(
    "options", [BatchOptions(max_tokens=250), BatchOptions(max_cost=0.00025, price_in=1.0)], ids=["tokens", "cost"]
)
def test_a_limit_of_tokens_holds_over_sessions(problems: Path, tmp_path: Path, options: BatchOptions) -> None:
    direct = Direct(lambda _: solved(), tokens=100)
    progress = run_batch(ENGINE, problems, tmp_path / "run", options, scheduler=direct)
    assert direct.taken == ["p1", "p2", "p3"], "begun while there was something left"
    assert progress.stopped is not None
    assert "limit" in progress.stopped
    again = Direct(lambda _: solved(), tokens=100)
    assert run_batch(ENGINE, problems, tmp_path / "run", options, scheduler=again).stopped
    assert again.taken == []
    assert run_batch(ENGINE, problems, tmp_path / "run", scheduler=again).finished == 10


def test_a_limit_of_cost_needs_prices() -> None:
    with pytest.raises(UsageError, match="prices"):
        BatchOptions(max_cost=1.0)


def test_failures_in_a_row_stop_the_run_and_can_be_done_again(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": "t"}) + "\n" for n in range(2 * FAULTS_IN_A_ROW)))
    down = Direct(lambda _: (abstained("no route to host"), "language_model"))
    with pytest.raises(OperationalError, match=r"in a row failed.*no route to host.*--retry fault"):
        run_batch(ENGINE, path, tmp_path / "run", scheduler=down)
    assert len(down.taken) == FAULTS_IN_A_ROW
    up = Direct(lambda _: solved())
    again = BatchOptions(selection=Selection(retry=("fault",)))
    progress = run_batch(ENGINE, path, tmp_path / "run", again, scheduler=up)
    assert (progress.retried, progress.faults, progress.statuses) == (FAULTS_IN_A_ROW, 0, {"solved": 40})


def test_some_failures_are_kept_apart(problems: Path, tmp_path: Path) -> None:
    direct = Direct(lambda p: (abstained("boom"), "crash") if p.position % 2 else solved())
    progress = run_batch(ENGINE, problems, tmp_path / "run", scheduler=direct)
    assert (progress.faults, progress.statuses) == (5, {"abstained": 5, "solved": 5})


def test_what_a_run_is_made_of(problems: Path, tmp_path: Path) -> None:
    options = BatchOptions(command="nsr batch problems.jsonl")
    run_batch(ENGINE, problems, tmp_path / "run", options, scheduler=Direct(lambda _: solved()))
    store = open_run(tmp_path / "run")
    [session] = store.sessions()
    store.close()
    made = session.configuration
    assert session.command == "nsr batch problems.jsonl"
    assert {"seed", "model", "versions", "grammar_sha256", "prompts_sha256", "input_sha256"} <= made.keys()
    assert all(len(made[k]) == 64 for k in made if k.endswith("_sha256") and made[k])
    assert {"nsr", "python", "ortools", "z3-solver", "clingo", "pyswip", "swipl"} <= made["versions"].keys()
    assert asdict(ENGINE.options.limits).items() <= made.items()
    assert {"solutions", "bindings", "manual", "confirm", "assume"} <= made.keys()


def test_another_input_is_another_run(problems: Path, tmp_path: Path) -> None:
    run_batch(ENGINE, problems, tmp_path / "run", scheduler=Direct(lambda _: solved()))
    problems.write_text(problems.read_text() + '{"id": "p11", "text": "more"}\n')
    with pytest.raises(UsageError, match="another input"):
        run_batch(ENGINE, problems, tmp_path / "run", scheduler=Direct(lambda _: solved()))


def test_a_seed_may_change_for_what_is_done_again_only(problems: Path, tmp_path: Path) -> None:
    from nsr.engine.options import Options

    run_batch(ENGINE, problems, tmp_path / "run", scheduler=Direct(lambda p: abstained() if p.id == "p3" else solved()))
    other = Engine(Options(seed=5))
    with pytest.raises(UsageError, match="seed"):
        run_batch(other, problems, tmp_path / "run", scheduler=Direct(lambda _: solved()))
    again = Direct(lambda _: solved())
    run_batch(
        other, problems, tmp_path / "run", BatchOptions(selection=Selection(retry=("abstained",))), scheduler=again
    )
    assert again.taken == ["p3"]
