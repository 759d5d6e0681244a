"""How exactly the limits hold, for every back end and in every stage of a worker.

    python -m benchmarks.limits [--runs 200] [--wall 1] [--memory 256] [--backends asp z3] [--json FILE]

In a worker of each back end one stage (reformulate, compile, solve) is made to do what no limit of a solver's own ends:
an endless loop in C that holds the interpreter (`busy`), a wait without end (`idle`), or memory without end (`memory`).
Told is how far from the limit it ended: for `busy` and `idle` the seconds beyond the wall limit, for `memory` the part
of the limit by which what it had got lies off, for `cancel` the seconds from the cancelled call to the end of the
process. A run fails if something else ended it, or if the worker does not serve the next job.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import select
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from nsr.engine.checking import parse_program
from nsr.limits import Limits
from nsr.solvers import SolutionsJob, availability, backend_names, get_backend
from nsr.solvers import work as real
from nsr.solvers.jobs import encode_job
from nsr.workers import Family, client, request, request_sync

STAGES = ("reformulate", "compile", "solve")
KINDS = ("busy", "idle", "memory", "cancel")
PROGRAM = "type N = 1..3\nvar x(N): 0..3\nconstraint: x(1) < x(2)\nfind one"
MIB = 1 << 20


# In the worker


def warm_up(backend: str) -> None:
    """As for every worker."""
    real.warm_up(backend)


def touch(backend: str) -> None:
    """As for every worker."""
    real.touch(backend)


def work(data: Sequence[Any]) -> dict[str, Any]:
    """The job, with one stage that misbehaves; of `memory` the reply says how much there was."""
    kind, stage, job = data
    held: list[bytearray] = []

    def misbehave(*_: object, **__: object) -> NoReturn:
        while kind == "memory":
            held.append(bytearray(MIB))
        if kind == "idle":
            select.select([], [], [])
        sum(itertools.repeat(0))
        raise AssertionError("it has come to an end")

    _put_in(stage, str(job[0]), misbehave)
    try:
        return real.work(job)
    except MemoryError:
        mib = len(held)
        held.clear()
        return {"claim": "unknown", "limit": "memory", "mib": mib}


def _put_in(stage: str, backend: str, misbehave: Any) -> None:
    from nsr.solvers import stages

    if stage == "reformulate":
        stages.reformulate = misbehave
    elif stage != "none":
        setattr(type(get_backend(backend)), stage, misbehave)


# In the caller


def off(backend: str, stage: str, kind: str, limits: Limits) -> float:
    """How far from its limit a run ended.

    Raises:
        AssertionError: if something else ended it.
    """
    family = Family(backend, "benchmarks.limits")
    if kind == "memory":
        limits = replace(limits, wall_seconds=60.0)
    job = encode_job(SolutionsJob(parse_program(PROGRAM)), backend, limits.wall_seconds, 0)
    if kind == "cancel":
        return asyncio.run(_cancelled(family, ("busy", stage, job), limits))
    start = time.monotonic()
    reply = request_sync(family, (kind, stage, job), limits)
    seconds = time.monotonic() - start - reply["waited"]
    if kind == "memory":
        assert reply["limit"] == "memory", reply
        return abs(reply["mib"] / limits.memory_mib - 1)
    assert reply["limit"] == "wall", reply
    return seconds - limits.wall_seconds


async def _cancelled(family: Family, data: object, limits: Limits) -> float:
    """The seconds from the cancelling of a call to the end of the process that worked on it."""
    greeted: list[int] = []
    greet = client._Exchange._greet

    def noted(exchange: Any) -> None:
        greet(exchange)
        greeted.append(exchange._pid)

    client._Exchange._greet = noted  # type: ignore[method-assign]
    try:
        call = asyncio.create_task(request(family, data, limits))
        while not greeted:
            await asyncio.sleep(0.005)
        await asyncio.sleep(limits.wall_seconds / 4)
        start = time.monotonic()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        while _is_alive(greeted[0]):
            assert time.monotonic() - start < limits.wall_seconds / 2, "it went on"
            await asyncio.sleep(0.001)
        return time.monotonic() - start
    finally:
        client._Exchange._greet = greet  # type: ignore[method-assign]


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def is_served(backend: str) -> bool:
    """Whether a job that does as it should gets its answer."""
    job = encode_job(SolutionsJob(parse_program(PROGRAM)), backend, 30.0, 0)
    return request_sync(Family(backend, "benchmarks.limits"), ("", "none", job), Limits())["claim"] == "satisfiable"


def measured(backend: str, limits: Limits, runs: int) -> Iterator[dict[str, Any]]:
    """One record for each stage and kind."""
    for stage, kind in itertools.product(STAGES, KINDS):
        found, failed = [], []
        for _ in range(runs):
            try:
                found.append(off(backend, stage, kind, limits))
                assert is_served(backend), "the next job got no answer"
            except Exception as failure:
                failed.append(f"{type(failure).__name__}: {failure}"[:200])
        yield {
            "backend": backend, "stage": stage, "kind": kind, "runs": runs, "failed": failed,
            **({"median": statistics.median(found), "p95": _p95(found), "most": max(found)} if found else {}),
        }  # fmt: skip


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, round(0.95 * len(values)))]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: a line for each back end, stage and kind; the exit code is 1 if a limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--wall", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--memory", type=int, default=256, metavar="MIB")
    parser.add_argument("--backends", nargs="+", choices=backend_names(), default=list(backend_names()))
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    limits = Limits(options.wall, 60.0, options.memory)
    allowed = max(0.2, 0.1 * options.wall)
    print(f"wall {options.wall} s, memory {options.memory} MiB, {options.runs} runs, load {os.getloadavg()[0]:.1f}")
    records = []
    for backend in options.backends:
        if (why := availability(backend)) is not None:
            print(f"{backend}: {why}")
            continue
        is_served(backend)
        for record in measured(backend, limits, options.runs):
            most = 0.1 if record["kind"] == "memory" else allowed
            record["holds"] = not record["failed"] and record["p95"] <= most
            records.append(record)
            print(_line(record), flush=True)
    if options.json:
        options.json.write_text(json.dumps(records, indent=1), encoding="utf-8")
    return 0 if records and all(record["holds"] for record in records) else 1


def _line(record: dict[str, Any]) -> str:
    unit = (1, "s") if record["kind"] != "memory" else (100, "%")
    told = [f"{name} {record[name] * unit[0]:7.3f} {unit[1]}" for name in ("median", "p95", "most") if name in record]
    failed = f"{len(record['failed'])} failed {record['failed'][:1]}" if record["failed"] else ""
    held = "holds" if record["holds"] else "DOES NOT HOLD"
    return f"  {record['backend']:7} {record['stage']:12} {record['kind']:7} {'  '.join(told)}  {held} {failed}"


if __name__ == "__main__":
    sys.exit(main())
