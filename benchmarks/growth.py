"""How time and memory grow with a program: parse, check, reformulate, compile at 10 to 10,000 statements.

    python -m benchmarks.growth [--backend cpsat] [--sizes 10 100 1000 10000] [--json FILE]

Each size runs in a process of its own, so that its peak memory is its own. The last column compares with the size
before: time divided by n log n, which should stay about 1.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.puzzles.report import save, table

SIZES = (10, 100, 1_000, 10_000)
CLUES = (
    "of_{a}({x}) == of_{b}({y})",
    "of_{a}({x}) + 1 == of_{b}({y})",
    "abs(of_{a}({x}) - of_{b}({y})) == {n}",
    "of_{a}({x}) < of_{b}({y}) or not of_{b}({y}) in {{1, {n}}}",
    "forall i, j in Box if i != j: of_{a}({x}) == i implies of_{b}({y}) != j",
    "exactly {n} of (of_{a}({x}) == 1, of_{b}({y}) == 2, of_{a}({x}) > 3)",
    "count(k for k in Box if of_{a}({x}) <= k < of_{b}({y})) >= {n}",
)
STAGES = ("parse", "check", "reformulate", "compile")


def program(size: int, seed: int) -> str:
    """A program in the manner of logic grids; a hundredth of the statements declare."""
    rng = random.Random(seed)
    kinds = max(3, size // 200)
    lines = ["type Box = 1..5"]
    for kind in range(kinds):
        lines.append(f"type Kind{kind} = {{{', '.join(f'k{kind}_{i}' for i in range(5))}}}")
        lines.append(f"var of_{kind}(Kind{kind}): Box distinct")
    while len(lines) < size - 1:
        a, b = rng.randrange(kinds), rng.randrange(kinds)
        values = {"a": a, "b": b, "x": f"k{a}_{rng.randrange(5)}", "y": f"k{b}_{rng.randrange(5)}"}
        clue = rng.choice(CLUES).format(n=rng.randint(1, 3), **values)
        lines.append(f'constraint "Sentence {len(lines)} of the text says something.": {clue}')
    return "\n".join([*lines[: size - 1], "find unique"]) + "\n"


def measure(size: int, backend: str, seed: int) -> dict[str, float]:
    """Processor seconds of each stage in this process, and its peak memory in MiB."""
    from nsr.grammars.parser import parse
    from nsr.language.check import check
    from nsr.limits import Budget
    from nsr.reformulations.graph import reformulate
    from nsr.solvers.registry import get_backend

    source = program(size, seed)
    solver = get_backend(backend)
    warm = check(parse(program(10, seed)).program)  # type: ignore[arg-type]
    assert warm.program is not None
    found: dict[str, float] = {"size": size}
    marks = [time.process_time()]
    parsed = parse(source, max_characters=len(source)).program
    assert parsed is not None
    marks.append(time.process_time())
    typed = check(parsed, source).program
    assert typed is not None
    marks.append(time.process_time())
    ground, _ = reformulate(typed, solver.spec.native, Budget())
    marks.append(time.process_time())
    solver.compile(ground, Budget())
    marks.append(time.process_time())
    for stage, (before, after) in zip(STAGES, itertools.pairwise(marks), strict=True):
        found[stage] = after - before
    found["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def growth(rows: Sequence[dict[str, float]], stage: str) -> list[float | None]:
    """For each size how much more time it took than n log n makes of the size before."""
    out: list[float | None] = [None]
    for before, after in itertools.pairwise(rows):
        expected = (after["size"] * math.log(after["size"])) / (before["size"] * math.log(before["size"]))
        out.append(after[stage] / before[stage] / expected if before[stage] else None)
    return out


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backend", default="cpsat")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(measure(options.one, options.backend, options.seed)))
        return
    rows = []
    for size in options.sizes:
        command = [sys.executable, "-m", "benchmarks.growth", "--one", str(size), "--backend", options.backend]
        out = subprocess.run([*command, "--seed", str(options.seed)], check=True, capture_output=True, text=True)
        rows.append(json.loads(out.stdout))
    ratios = {stage: growth(rows, stage) for stage in STAGES}
    cells = [
        [
            int(r["size"]),
            *(f"{1000 * r[s]:.1f}" + (f" ({g:.2f})" if (g := ratios[s][i]) is not None else "") for s in STAGES),
            round(r["mib"]),
        ]
        for i, r in enumerate(rows)
    ]
    print(f"milliseconds, and in brackets the growth over n log n; back end {options.backend}")
    print(table(["statements", *STAGES, "peak MiB"], cells))
    if options.json:
        save(options.json, {"rows": rows, "growth": ratios})


if __name__ == "__main__":
    main()
