"""How long a text takes to its verified answer, cold and warm, what a batch brings a minute, and what it all weighs.

python -m benchmarks.puzzles.latency DATA.jsonl --cold 10 --warm 50 --batch 100
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from benchmarks.puzzles.data import Puzzle, read_puzzles
from benchmarks.puzzles.report import progress, save, spread, table

STAGES = ("outline", "language_model", "refine", "check", "answer")
COMMAND = (sys.executable, "-c", "from nsr.cli import main; main()")


# Cold


def cold(puzzles: Sequence[Puzzle]) -> dict[str, Any]:
    """One `nsr solve` process for each puzzle: wall seconds, stages as it reports them, memory of all its processes."""
    walls, starts, peaks = [], [], []
    stages: dict[str, list[float]] = defaultdict(list)
    statuses = []
    for puzzle in progress(puzzles, "cold runs"):
        started = time.perf_counter()
        process = subprocess.Popen(
            [*COMMAND, "solve", "-", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        watch = MemoryWatch(process.pid)
        output, _ = process.communicate(puzzle.text)
        wall = time.perf_counter() - started
        peaks.append(watch.stop())
        result = json.loads(output) if output.strip() else {"status": f"exit {process.returncode}", "seconds": {}}
        statuses.append(result["status"])
        walls.append(wall)
        starts.append(wall - sum(result["seconds"].values()))
        for name, seconds in result["seconds"].items():
            stages[name].append(seconds)
    return {
        "wall": spread(walls),
        "start_and_load": spread(starts),
        "stages": {k: spread(v) for k, v in stages.items()},
        "peak_mib": spread(peaks),
        "solved": sum(s == "solved" for s in statuses),
    }


def start_times(runs: int = 5) -> dict[str, float]:
    """Seconds to a bare interpreter, to the command's help, and to the loaded language model, median of some runs."""
    found = {}
    for name, code in {
        "python": "pass",
        "nsr --help": "import sys; sys.argv = ['nsr', '--help']; from nsr.cli import main; main()",
        "import torch": "import torch",
        "language model loaded": "from nsr.llm import load; load('embedded')",
    }.items():
        seconds = []
        for _ in range(runs):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False)
            seconds.append(time.perf_counter() - started)
        found[name] = spread(seconds)["median"]
    return found


# Warm


def warm(puzzles: Sequence[Puzzle]) -> dict[str, Any]:
    """Text to verified answer, one puzzle after the other, in a process that has solved one before."""
    from nsr.engine.engine import Engine

    engine = Engine()
    engine.solve(puzzles[0].text)
    walls: list[float] = []
    stages: dict[str, list[float]] = defaultdict(list)
    by_size: dict[str, list[float]] = defaultdict(list)
    for puzzle in progress(puzzles, "warm runs"):
        started = time.perf_counter()
        result = engine.solve(puzzle.text)
        walls.append(time.perf_counter() - started)
        by_size[puzzle.size].append(walls[-1])
        for name, seconds in result.seconds.items():
            stages[name].append(seconds)
    return {
        "wall": spread(walls),
        "stages": {k: spread(v) for k, v in stages.items()},
        "sizes": {k: spread(v) for k, v in sorted(by_size.items())},
    }


# Batch


def batch(puzzles: Sequence[Puzzle]) -> dict[str, Any]:
    """Puzzles a minute of `nsr batch`, its start included and left out, and the memory of all its processes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "puzzles.jsonl"
        rows = (json.dumps({"id": p.id, "text": p.text}) + "\n" for p in puzzles)
        file.write_text("".join(rows), encoding="utf-8")
        started = time.perf_counter()
        process = subprocess.Popen(
            [*COMMAND, "batch", str(file), "--out", str(Path(folder) / "run"), "--json"],
            stdout=subprocess.PIPE,
            text=True,
        )
        watch = MemoryWatch(process.pid)
        output, _ = process.communicate()
        wall = time.perf_counter() - started
        peak = watch.stop()
    if process.returncode:
        sys.exit(f"nsr batch ended with exit code {process.returncode}")
    return {
        "puzzles": len(puzzles),
        "seconds": wall,
        "a_minute": 60 * len(puzzles) / wall,
        "peak_mib": peak,
        "statuses": json.loads(output)["statuses"],
    }


# Memory and size


class MemoryWatch:
    """Looks at the memory of a process and all below it until stopped; shared pages are counted once."""

    def __init__(self, pid: int, every: float = 0.05) -> None:
        self._pid, self._every, self._peak = pid, every, 0.0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._is_over.wait(self._every):
            self._peak = max(self._peak, sum(map(proportional_mib, below(self._pid))))

    def stop(self) -> float:
        """The peak in MiB."""
        self._is_over.set()
        self._thread.join()
        return self._peak


def below(pid: int) -> list[int]:
    """A process and its descendants."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            children[int(stat.rpartition(")")[2].split()[1])].append(int(entry.name))
    found, left = [], [pid]
    while left:
        current = left.pop()
        found.append(current)
        left += children[current]
    return found


def proportional_mib(pid: int) -> float:
    """The memory of a process, pages that several share divided among them; 0 for one that has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def sizes() -> dict[str, float]:
    """MiB on disk: the package, the weights, and what it needs, without and with the extra for the language model."""
    import nsr

    package = Path(nsr.__file__).parent
    weights = sum(f.stat().st_size for f in (package / "formalizers" / "embedded").iterdir() if f.is_file())
    mib = 1024 * 1024
    return {
        "package_without_weights": (_tree(package) - weights) / mib,
        "weights": weights / mib,
        "dependencies": sum(_installed(d) for d in _needed("nsr", ())) / mib,
        "dependencies_with_local": sum(_installed(d) for d in _needed("nsr", ("local",))) / mib,
    }


def _tree(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and "__pycache__" not in f.parts)


def _needed(name: str, extras: Iterable[str]) -> list[Distribution]:
    found: dict[str, Distribution] = {}
    left = [(name, tuple(extras))]
    while left:
        current, wanted = left.pop()
        try:
            package = distribution(current)
        except PackageNotFoundError:
            continue
        if current != name:
            if current in found:
                continue
            found[current] = package
        for requirement in package.requires or ():
            extra = re.search(r"extra\s*==\s*['\"]([\w-]+)['\"]", requirement)
            if extra and extra[1] not in wanted:
                continue
            left.append((re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower(), ()))
    return list(found.values())


def _installed(package: Distribution) -> int:
    paths = (Path(str(package.locate_file(f))) for f in package.files or ())
    return sum(p.stat().st_size for p in paths if p.is_file())


# The command


def show(found: dict[str, Any]) -> str:
    """The numbers as text."""
    lines = []
    for kind in ("cold", "warm"):
        if kind not in found:
            continue
        part = found[kind]
        rows = [["all", *_numbers(part["wall"])]]
        if "start_and_load" in part:
            rows.append(["start and load", *_numbers(part["start_and_load"])])
        rows += [[stage, *_numbers(part["stages"][stage])] for stage in STAGES if stage in part["stages"]]
        rows += [[stage, *_numbers(v)] for stage, v in part["stages"].items() if stage not in STAGES]
        lines += [f"{kind}, seconds", table(["stage", "n", "median", "p95", "max"], rows), ""]
    if "warm" in found:
        rows = [[size, *_numbers(v)] for size, v in found["warm"]["sizes"].items()]
        lines += ["warm by size, seconds", table(["size", "n", "median", "p95", "max"], rows), ""]
    if "cold" in found:
        lines.append(f"peak memory of a cold run: median {found['cold']['peak_mib']['median']:.0f} MiB")
    if "start" in found:
        lines.append("start: " + ", ".join(f"{k} {v:.2f} s" for k, v in found["start"].items()))
    if "batch" in found:
        b = found["batch"]
        lines.append(
            f"batch: {b['puzzles']} puzzles in {b['seconds']:.1f} s, {b['a_minute']:.0f} a minute, "
            f"peak {b['peak_mib']:.0f} MiB, {b['statuses']}"
        )
    lines.append("sizes, MiB: " + ", ".join(f"{k} {v:.1f}" for k, v in found["sizes"].items()))
    lines.append(f"on {found['machine']['cores']} cores, load {found['machine']['load']:.1f} before the runs")
    return "\n".join(lines)


def _numbers(values: dict[str, float]) -> list[object]:
    return [values["n"], values["median"], values["p95"], values["max"]]


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="puzzles, JSONL")
    parser.add_argument("--cold", type=int, default=10, metavar="N", help="processes started (default 10; 0: none)")
    parser.add_argument("--warm", type=int, default=50, metavar="N", help="puzzles solved warm (default 50; 0: none)")
    parser.add_argument("--batch", type=int, default=100, metavar="N", help="puzzles in the batch (default 100)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the samples (default 0)")
    parser.add_argument("--gpu", action="store_true", help="let the language model use a GPU if there is one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers")
    options = parser.parse_args(arguments)
    if not options.gpu:
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    found: dict[str, Any] = {"machine": {"cores": os.cpu_count(), "load": os.getloadavg()[0]}}
    if options.cold:
        found["cold"] = cold(read_puzzles(options.data, options.cold, options.seed))
        found["start"] = start_times()
    if options.warm:
        found["warm"] = warm(read_puzzles(options.data, options.warm, options.seed))
    if options.batch:
        found["batch"] = batch(read_puzzles(options.data, options.batch, options.seed))
    found["sizes"] = sizes()
    print(show(found))
    save(options.json, found)


if __name__ == "__main__":
    main()
