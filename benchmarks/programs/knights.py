"""Knights and knaves from their gold formal statements: every puzzle as a program, every answer against the gold one.

python -m benchmarks.programs.knights knights_knaves.dev.jsonl [--limit N] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import nsr
from benchmarks.puzzles.report import progress, save, share, spread, table

CONNECTIVES = {"and": "and", "or": "or", "->": "implies", "<=>": "iff"}


def formula(statement: list[Any], names: list[str]) -> str:
    """A nested list of the data file as a formula."""
    match statement:
        case ["telling-truth", int(person)]:
            return f"knight({names[person]})"
        case ["lying", int(person)]:
            return f"not knight({names[person]})"
        case ["not", inner]:
            return f"not ({formula(inner, names)})"
        case [str(word), *parts] if word in CONNECTIVES:
            return f" {CONNECTIVES[word]} ".join(f"({formula(part, names)})" for part in parts)
        case _:
            raise ValueError(f"no statement of a knight or knave: {statement!r}")


def program_of(row: dict[str, Any]) -> str:
    """The puzzle as a program: what somebody says is true exactly if that person is a knight."""
    names = [name.lower() for name in row["names"]]
    says = [
        f"premise: knight({name}) iff ({formula(statement, names)})"
        for name, statement in zip(names, row["statements"], strict=True)
    ]
    people = f"type Inhabitant = {{{', '.join(names)}}}"
    return "\n".join((people, "pred knight(Inhabitant)", *says, "find unique knight"))


def verdict(row: dict[str, Any], result: nsr.Result) -> str:
    """`right`, `wrong`, or the status that stood in the way."""
    if result.status is not nsr.Status.SOLVED:
        return str(result.status)
    found = result.answer["assignment"]["knight"]
    gold = {name.lower(): role == "knight" for name, role in row["solution"].items()}
    return "right" if result.answer["unique"] and found == gold else "wrong"


def main() -> None:
    """Prints how many answers are the gold ones, by the number of inhabitants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, help="only the first so many puzzles")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines()][: options.limit]
    verdicts: dict[int, Counter[str]] = {}
    seconds: list[float] = []
    for row in progress(rows, "puzzles"):
        start = time.perf_counter()
        told = verdict(row, nsr.run(program_of(row)))
        seconds.append(time.perf_counter() - start)
        verdicts.setdefault(row["size"], Counter())[told] += 1
        if told != "right":
            print(f"{row['id']}: {told}", file=sys.stderr)
    kinds = sorted({kind for counts in verdicts.values() for kind in counts})
    print(table(("inhabitants", *kinds), [(n, *(verdicts[n][kind] for kind in kinds)) for n in sorted(verdicts)]))
    right = sum(counts["right"] for counts in verdicts.values())
    times = spread(seconds)
    print(f"right: {share(right, len(rows))}; {times['median']:.3f} s a puzzle (median), {times['max']:.3f} s at most")
    save(options.json, {"right": right, "n": len(rows), "seconds": times})


if __name__ == "__main__":
    main()
