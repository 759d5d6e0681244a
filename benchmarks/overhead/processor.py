"""Processor time of a job in a freshly forked worker beside the hand-written model's, for machines with other load.

    python -m benchmarks.overhead.processor [--rounds 7] [--only NAME ...] [--json FILE]

A process is made ready and forked as the server of workers does; the child times the job from its bytes to its reply.
Of what `benchmarks.overhead.run` measures, the caller's part and the waiting between processes are left out.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.overhead.problems import Problem, problems
from benchmarks.overhead.run import job_of
from benchmarks.puzzles.report import progress, save, table
from nsr.engine.checking import check_source
from nsr.language.open_types import open_sorts
from nsr.solvers.jobs import encode_job
from nsr.solvers.work import touch, warm_up, work
from nsr.workers.codec import from_bytes, to_bytes

SECONDS = 120.0
DEPTH = 1_000_000
"""Python's limit on nesting in a worker."""


def measured(problem: Problem, rounds: int) -> dict[str, Any] | None:
    """Medians of milliseconds; None for a problem that takes more than one job."""
    with tempfile.TemporaryDirectory() as folder:
        program, diagnostics = check_source(problem.source(Path(folder)), root=Path(folder))
    if program is None:
        raise AssertionError(diagnostics)
    if open_sorts(program):
        return None
    raw = to_bytes(encode_job(job_of(program), problem.solver, SECONDS, 0))
    stages = [_in_child(problem.solver, raw) for _ in range(rounds)]
    by_hand = []
    for _ in range(rounds):
        start = time.process_time()
        problem.by_hand()
        by_hand.append(1000 * (time.process_time() - start))
    medians = {name: statistics.median([one[name] for one in stages]) for name in stages[0]}
    return {"problem": problem.name, "n": rounds, "by_hand": statistics.median(by_hand), **medians}


def _in_child(backend: str, raw: bytes) -> dict[str, float]:
    """The processor time of the stages in a forked copy of this process, in milliseconds."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        time.perf_counter = time.process_time
        sys.setrecursionlimit(DEPTH)
        touch(backend)
        gc.disable()
        start = time.process_time()
        seconds = dict(work(from_bytes(raw))["seconds"])
        seconds["whole"] = time.process_time() - start
        os.write(write, json.dumps({name: 1000 * value for name, value in seconds.items()}).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    with open(read, "rb") as file:
        found: dict[str, float] = json.loads(file.read())
    return found


def rows_of(chosen: Sequence[Problem], rounds: int) -> list[dict[str, Any]]:
    """One process for each solver, since not all can be loaded into one."""
    rows = []
    for problem in progress(chosen, "problems"):
        read, write = os.pipe()
        pid = os.fork()
        if not pid:
            warm_up(problem.solver)
            gc.collect()
            gc.freeze()
            os.write(write, json.dumps(measured(problem, rounds)).encode())
            os._exit(0)
        os.close(write)
        os.waitpid(pid, 0)
        with open(read, "rb") as file:
            row = json.loads(file.read() or b"null")
        if row is not None:
            rows.append(row)
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="*", help="problems with one of these in their name")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    chosen = [p for p in problems() if not options.only or any(part in p.name for part in options.only)]
    rows = rows_of(chosen, options.rounds)
    stages = ("read", "reformulate", "compile", "solve", "finish", "whole")
    names = ("by_hand", *stages)
    print(
        table(
            ["problem", "n", "by hand ms", *[f"{stage} ms" for stage in stages], "added ms"],
            [
                [r["problem"], r["n"], *[round(r[name], 1) for name in names], round(r["whole"] - r["by_hand"], 1)]
                for r in rows
            ],
        )
    )
    if options.json:
        save(options.json, {"rows": rows})


if __name__ == "__main__":
    main()
