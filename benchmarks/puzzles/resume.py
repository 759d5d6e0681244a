"""Kills a batch at random moments and resumes it: nothing may be lost, done twice, or come out differently.

python -m benchmarks.puzzles.resume DATA.jsonl --puzzles 60 --kills 8
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.puzzles.data import read_puzzles
from benchmarks.puzzles.report import save

COMMAND = (sys.executable, "-c", "from nsr.cli import main; main()")
TIMES = ("seconds", "rounds")
"""Fields of a result in which the clock shows; of the rounds, all but their seconds is compared."""


def start(file: Path, folder: Path) -> subprocess.Popen[bytes]:
    """A batch in a process group of its own, so that a kill reaches it alone or with all its workers."""
    return subprocess.Popen(
        [*COMMAND, "batch", str(file), "--out", str(folder), "--chunk", "4"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def stored(folder: Path) -> dict[str, str]:
    """Digest of what is stored for each identifier; an identifier stored twice ends the process."""
    path = folder / "run.sqlite"
    if not path.exists():
        return {}
    connection = sqlite3.connect(path, timeout=30)
    try:
        rows = connection.execute("SELECT p.id, r.result FROM results r JOIN problems p USING (position)").fetchall()
    except sqlite3.OperationalError:
        return {}
    finally:
        connection.close()
    if len({identifier for identifier, _ in rows}) < len(rows):
        sys.exit("an identifier is stored twice")
    return {identifier: hashlib.sha256(text.encode()).hexdigest() for identifier, text in rows}


def answers(folder: Path) -> dict[str, Any]:
    """The results of a finished run without what the clock decides."""
    found = {}
    for line in (folder / "results.jsonl").read_text(encoding="utf-8").splitlines():
        result = json.loads(line)
        rounds = [{k: v for k, v in r.items() if k != "seconds"} for r in result["rounds"]]
        found[result["id"]] = {**{k: v for k, v in result.items() if k not in TIMES}, "rounds": rounds}
    return found


def interrupted(file: Path, folder: Path, kills: int, seconds: float, rng: random.Random) -> list[dict[str, Any]]:
    """A run killed `kills` times at random moments within `seconds` of its start, then left to finish."""
    log = []
    before: dict[str, str] = {}
    for number in range(kills):
        process = start(file, folder)
        wait, whole = rng.uniform(0.3 * seconds, seconds), rng.random() < 0.5
        try:
            process.wait(timeout=wait)
        except subprocess.TimeoutExpired:
            # Sometimes the parent alone, so that its workers have to notice, sometimes all at once.
            (os.killpg if whole else os.kill)(process.pid, signal.SIGKILL)
            process.wait()
        after = stored(folder)
        lost = [i for i, digest in before.items() if after.get(i) != digest]
        log.append({"kill": number + 1, "after_seconds": wait, "group": whole, "stored": len(after), "lost": len(lost)})
        print(f"kill {number + 1} after {wait:.1f} s: {len(after)} results, {len(lost)} lost", file=sys.stderr)
        if lost:
            sys.exit(f"results that had been stored are gone or changed: {lost[:3]}")
        before = after
    process = start(file, folder)
    if process.wait():
        sys.exit(f"the resumed batch ended with exit code {process.returncode}")
    after = stored(folder)
    if any(after.get(i) != digest for i, digest in before.items()):
        sys.exit("a stored result was done again")
    return log


def leftover(word: str) -> int:
    """How many processes still have `word` in their command line: workers that outlived their parent."""
    count = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and entry.name != str(os.getpid()):
            try:
                count += word.encode() in (entry / "cmdline").read_bytes()
            except OSError:
                continue
    return count


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="puzzles, JSONL")
    parser.add_argument("--puzzles", type=int, default=60, help="problems of the batch (default 60)")
    parser.add_argument("--kills", type=int, default=8, help="how often it is killed (default 8)")
    parser.add_argument("--seed", type=int, default=0, help="seed of sample and moments (default 0)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers")
    options = parser.parse_args(arguments)
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    puzzles = read_puzzles(options.data, options.puzzles, options.seed)
    workers_before = leftover("nsr.workers")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        file = place / "puzzles.jsonl"
        lines = (json.dumps({"id": p.id, "text": p.text}) + "\n" for p in puzzles)
        file.write_text("".join(lines), encoding="utf-8")
        started = time.monotonic()
        if start(file, place / "whole").wait():
            sys.exit("the uninterrupted batch failed")
        seconds = time.monotonic() - started
        print(f"uninterrupted: {len(puzzles)} problems in {seconds:.1f} s", file=sys.stderr)
        log = interrupted(file, place / "broken", options.kills, seconds, random.Random(options.seed))
        left, right = answers(place / "whole"), answers(place / "broken")
    differing = [i for i in left if left[i] != right.get(i)]
    time.sleep(2)
    workers = leftover("nsr.workers") - workers_before
    found = {
        "problems": len(puzzles),
        "kills": log,
        "results": len(right),
        "missing": len(left.keys() - right.keys()),
        "differing": len(differing),
        "workers_left": workers,
    }
    print(
        f"{len(puzzles)} problems, {len(log)} kills: {found['results']} results, {found['missing']} missing, "
        f"0 done twice, {found['differing']} differ from the uninterrupted run, {workers} workers left behind"
    )
    for identifier in differing[:5]:
        fields = [k for k in left[identifier] if left[identifier][k] != right[identifier].get(k)]
        print(f"  {identifier}: {', '.join(fields)}")
    save(options.json, found)
    if differing or found["missing"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
