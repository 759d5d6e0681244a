"""Whole puzzles from their text: grids right, wrong and abstained, with the embedded language model on the CPU.

python -m benchmarks.puzzles.accuracy DATA.jsonl
python -m benchmarks.puzzles.accuracy DATA.jsonl --ablation no-audit --limit 100
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.puzzles.data import Puzzle, read_puzzles
from benchmarks.puzzles.pipeline import ABLATIONS, Outcome, answer_all, clues_right, make_engine, verdict_of
from benchmarks.puzzles.report import progress, save, share, share_json, spread, table

VERDICTS = ("right", "wrong", "abstained")


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one puzzle."""

    puzzle: Puzzle
    verdict: str
    is_first_try: bool
    rounds: int
    clues: tuple[bool, ...]
    reason: str
    seconds: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """The row as JSON, without the puzzle's text."""
        return {
            "id": self.puzzle.id,
            "size": self.puzzle.size,
            "verdict": self.verdict,
            "first_try": self.is_first_try,
            "rounds": self.rounds,
            "clues_wrong": [i for i, right in enumerate(self.clues) if not right],
            "reason": self.reason,
            "seconds": self.seconds,
        }


def row_of(puzzle: Puzzle, outcome: Outcome) -> Row:
    """A puzzle's outcome held against gold."""
    result = outcome.result
    is_first = not result.rounds or result.rounds[0].outcome == "one solution"
    if result.rounds and result.program is not None:
        is_first = is_first and result.program.strip() == result.rounds[0].source.strip()
    return Row(
        puzzle,
        verdict_of(result, puzzle.solution),
        is_first,
        len(result.rounds),
        tuple(clues_right(puzzle, outcome)),
        result.reason or "",
        {k: round(v, 6) for k, v in result.seconds.items()},
    )


def summary(rows: Sequence[Row], wall: float) -> dict[str, Any]:
    """All numbers as JSON."""
    counts = Counter(r.verdict for r in rows)
    by_size: dict[str, Counter[str]] = defaultdict(Counter)
    for r in rows:
        by_size[r.puzzle.size][r.verdict] += 1
    clues = [c for r in rows for c in r.clues]
    stages: dict[str, list[float]] = defaultdict(list)
    for r in rows:
        for stage, seconds in r.seconds.items():
            stages[stage].append(seconds)
    first, repaired = [r for r in rows if r.is_first_try], [r for r in rows if not r.is_first_try]
    return {
        "puzzles": len(rows),
        **{v: share_json(counts[v], len(rows)) for v in VERDICTS},
        "all_clues_right": share_json(sum(all(r.clues) for r in rows), len(rows)),
        "all_clues_right_of_answered": share_json(
            sum(all(r.clues) for r in rows if r.verdict != "abstained"), sum(r.verdict != "abstained" for r in rows)
        ),
        "clues_right": share_json(sum(clues), len(clues)),
        "first_try": {v: sum(r.verdict == v for r in first) for v in VERDICTS},
        "after_repair": {v: sum(r.verdict == v for r in repaired) for v in VERDICTS},
        "right_with_wrong_clue": [r.puzzle.id for r in rows if r.verdict == "right" and not all(r.clues)],
        "sizes": {size: {**c, "n": sum(c.values())} for size, c in sorted(by_size.items())},
        "stages": {stage: spread(values) for stage, values in stages.items()},
        "seconds": wall,
        "puzzles_a_minute": 60 * len(rows) / wall if wall else None,
    }


def show(found: dict[str, Any], rows: Sequence[Row]) -> str:
    """The summary as text."""
    sizes = [[s, c["n"], *(c.get(v, 0) for v in VERDICTS)] for s, c in found["sizes"].items()]
    lines = [f"{v:<10} {share(found[v]['count'], found[v]['n'])}" for v in VERDICTS]
    lines += [
        "",
        f"all clues of a puzzle right:   {share(found['all_clues_right']['count'], found['all_clues_right']['n'])}",
        f"  of the answered ones:        "
        f"{share(found['all_clues_right_of_answered']['count'], found['all_clues_right_of_answered']['n'])}",
        f"clues right:                   {share(found['clues_right']['count'], found['clues_right']['n'])}",
        f"with the first program:        {found['first_try']}",
        f"after repair:                  {found['after_repair']}",
        "",
        table(["size", "n", *VERDICTS], sizes),
        "",
        table(
            ["stage", "n", "median s", "p95 s", "max s"],
            [[s, d["n"], d["median"], d["p95"], d["max"]] for s, d in found["stages"].items()],
        ),
        f"{found['seconds']:.1f} s in all, {found['puzzles_a_minute']:.0f} puzzles a minute",
    ]
    bad = [r for r in rows if r.verdict != "right"]
    if bad:
        lines += ["", "not right:"]
        for r in bad[:40]:
            missed = [i + 1 for i, right in enumerate(r.clues) if not right]
            lines.append(f"  {r.puzzle.id} {r.verdict}, clues not right {missed}: {r.reason[:200]}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="puzzles with gold clues and grids, JSONL")
    parser.add_argument("--limit", type=int, help="only so many puzzles, a sample drawn with --seed")
    parser.add_argument("--seed", type=int, default=0, help="seed of the sample (default 0)")
    told = "; ".join(f"{name}: {what}" for name, what in ABLATIONS.items())
    parser.add_argument("--ablation", choices=list(ABLATIONS), default="none", help=told.replace("%", "%%"))
    parser.add_argument("--chunk", type=int, default=16, help="puzzles formalized together (default 16)")
    parser.add_argument("--model", default="embedded", help="the language model (default embedded; embedded:FOLDER)")
    parser.add_argument("--gpu", action="store_true", help="let the language model use a GPU if there is one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers and a row for each puzzle")
    options = parser.parse_args(arguments)
    if not options.gpu:
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    puzzles = read_puzzles(options.data, options.limit, options.seed)
    engine = make_engine(options.ablation, model=options.model)
    started = time.monotonic()
    outcomes = answer_all(engine, [p.text for p in puzzles], ablation=options.ablation, chunk=options.chunk)
    rows, wall = [], 0.0
    for puzzle, outcome in zip(progress(puzzles, "puzzles"), outcomes, strict=True):
        wall = time.monotonic() - started
        rows.append(row_of(puzzle, outcome))
    found = {"ablation": options.ablation, **summary(rows, wall)}
    print(show(found, rows))
    save(options.json, {**found, "rows": [r.to_json() for r in rows]})


if __name__ == "__main__":
    main()
