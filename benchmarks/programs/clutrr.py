"""Kinship stories from their gold facts: the library `family` against the gold answers.

    python -m benchmarks.programs.clutrr clutrr.dev.jsonl [--limit N] [--json FILE]

Where English leaves several relations open (a daughter's uncle is a brother or a brother-in-law) the library follows
customs; the second question drops them. So the table tells what follows in any family from what is customary.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import nsr
from benchmarks.puzzles.report import progress, save, share, spread, table

BROAD = frozenset(
    {
        *("parent", "child", "sibling", "spouse", "grandparent", "grandchild", "great_grandparent"),
        *("great_grandchild", "aunt_or_uncle", "niece_or_nephew", "parent_in_law", "child_in_law", "sibling_in_law"),
    }
)
"""Words that do not say the gender; they stand beside the one that does."""

VERDICTS = ("right", "among several", "other", "none")


def program_of(row: dict[str, Any]) -> str:
    """The gold facts as a program with two questions: with the library's customs, and without."""
    edges = re.findall(r"edge\((\w+),([\w-]+),(\w+)\)", row["program"])
    genders = re.findall(r"gender\((\w+),(female|male)\)", row["program"])
    people = dict.fromkeys([name for start, _, end in edges for name in (start, end)] + [name for name, _ in genders])
    start, end = (name.lower() for name in row["meta"]["query"])
    lines = ["include family", "type Person", f"const {', '.join(people)}: Person"]
    lines += [f"fact kin({word.replace('-', '_')}, {who}, {whose})" for whose, word, who in edges]
    lines += [f"fact {gender}({name})" for name, gender in genders]
    asked = f"ask kin(R, {end}, {start})"
    return "\n".join((*lines, "question customary", asked, "question sure", "drop kinship_customs", asked))


def words(question: Any) -> set[str]:
    """The relations found, without broad words beside a narrow one."""
    found = {binding["R"].replace(" ", "_") for binding in question.answer or ()}
    return found - BROAD or found


def verdict(row: dict[str, Any], result: nsr.Result) -> tuple[str, str]:
    """What became of the story, and whether its relation follows surely or by custom."""
    customary, sure = (words(question) for question in result.questions)
    gold = row["answer"].replace("-", "_")
    told = "right" if customary == {gold} else "among several" if gold in customary else "other"
    return (told if customary else "none"), ("sure" if sure else "custom")


def main() -> None:
    """Prints how many answers are the gold ones, apart for what is sure and what is customary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, help="only the first so many stories")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines()][: options.limit]
    counts: Counter[tuple[str, str]] = Counter()
    seconds: list[float] = []
    engine = nsr.Engine(nsr.Options(confirm=False))
    for row in progress(rows, "stories"):
        start = time.perf_counter()
        result = engine.run(program_of(row))
        seconds.append(time.perf_counter() - start)
        told = verdict(row, result)
        counts[told] += 1
        if told[0] != "right":
            found = ", ".join(sorted(words(result.questions[0]))) or result.reason or "nothing"
            print(f"{row['id']}: {told[0]} ({told[1]}): {found}; gold {row['answer']}", file=sys.stderr)
    print(table(("", "follows", "by custom"), [(v, counts[v, "sure"], counts[v, "custom"]) for v in VERDICTS]))
    by_kind = {kind: sum(counts[v, kind] for v in VERDICTS) for kind in ("sure", "custom")}
    right = {kind: counts["right", kind] for kind in by_kind}
    times = spread(seconds)
    print(f"right: {share(sum(right.values()), len(rows))}")
    print(f"left open by English: {share(by_kind['custom'], len(rows))}, of these right {right['custom']}")
    print(f"{times['median']:.3f} s a story (median), {times['max']:.3f} s at most")
    cells = {f"{v} ({kind})": counts[v, kind] for v in VERDICTS for kind in by_kind}
    save(options.json, {"n": len(rows), "counts": cells, "seconds": times})


if __name__ == "__main__":
    main()
