"""Whole generated puzzles with names, values and wordings that training has not seen: right, wrong, abstained.

python -m benchmarks.puzzles.generated --n 200
python -m benchmarks.puzzles.generated --n 200 --unseen-wordings
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.puzzles.pipeline import ABLATIONS, Outcome, answer_all, make_engine
from benchmarks.puzzles.report import progress, save, share, share_json, table
from benchmarks.puzzles.worlds import agree, arrangements, match, same_rows, view
from nsr.engine.checking import check_source
from nsr.explain.spelling import folded
from nsr.language import ir
from nsr.results import Result
from nsr.synth import Record, generate

VERDICTS = ("right", "wrong", "abstained")
GENERATOR = (
    "values and places are told apart by the clues' words (before, about 3 in 100 puzzles had clues that no reader "
    "could tell apart: figures from then are of other puzzles)"
)
"""What is to be known of the puzzles, beside seed and split."""
SAMPLES = 300
"""Random arrangements on which a clue's statement is compared with gold."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one puzzle; `clues` has for each gold clue `right`, `wrong` or `missing`."""

    record: Record
    verdict: str
    has_declarations: bool
    clues: tuple[str, ...]
    statements: tuple[str, ...]
    reason: str
    rounds: int

    def to_json(self) -> dict[str, Any]:
        """The row as JSON, enough to make the puzzle again."""
        clues = zip(self.record.clues, self.clues, self.statements, strict=True)
        return {
            "seed": self.record.seed,
            "layout": self.record.layout,
            "verdict": self.verdict,
            "declarations": self.has_declarations,
            "reason": self.reason,
            "rounds": self.rounds,
            "not_right": [
                {"relation": c.relation, "wording": c.wording, "text": c.text, "gold": c.formula, "ours": s, "is": v}
                for c, v, s in clues
                if v != "right"
            ],
        }


def verdict_of(result: Result, record: Record) -> str:
    """Whether the grid has the rows of the solution, however its columns are ordered and its values are spelled."""
    if not result.is_answered or not isinstance(result.answer, dict):
        return "abstained"
    grid = result.answer.get("table")
    if grid is None:
        return "wrong"
    columns = list(record.solution.values())
    gold = [[str(c[i]) for c in columns] for i in range(len(columns[0]))]
    return "right" if same_rows(gold, [[str(v) for v in row] for row in grid["rows"]]) else "wrong"


def row_of(record: Record, outcome: Outcome) -> Row:
    """A puzzle's outcome held against gold."""
    result = outcome.result
    missing = ("missing",) * len(record.clues)
    empty = ("",) * len(record.clues)
    verdict = verdict_of(result, record)
    reason = result.reason or ""
    gold, _ = check_source(record.program)
    ours, _ = check_source(result.program) if result.program else (None, ())
    if gold is None or ours is None:
        return Row(record, verdict, False, missing, empty, reason, len(result.rounds))
    left, right = view(gold), view(ours)
    matching = match(left, right) if left and right else None
    if left is None or right is None or matching is None:
        return Row(record, verdict, False, missing, empty, reason, len(result.rounds))
    samples = arrangements(left, SAMPLES, random.Random(record.seed))
    stated: dict[str, list[ir.Requirement]] = defaultdict(list)
    for requirement in ours.requirements:
        for citation in requirement.citations:
            stated[_plain(citation)].append(requirement)
    wanted: dict[str, list[ir.Term]] = defaultdict(list)
    for requirement in gold.requirements:
        for citation in requirement.citations:
            wanted[_plain(citation)].append(requirement.formula)
    verdicts, statements = [], []
    for clue in record.clues:
        found = stated.get(_plain(clue.text), [])
        statements.append(" ; ".join(_source_of(r, ours) for r in found))
        if not found:
            verdicts.append("missing")
            continue
        formulas = [r.formula for r in found]
        is_right = agree(left, wanted[_plain(clue.text)], right, formulas, samples, matching)
        verdicts.append("right" if is_right else "wrong")
    return Row(record, verdict, True, tuple(verdicts), tuple(statements), reason, len(result.rounds))


def _plain(text: str) -> str:
    return folded(text).rstrip(" .")


def _source_of(requirement: ir.Requirement, program: ir.Program) -> str:
    span = requirement.origin.span
    return program.source[span.start : span.end].rpartition('": ')[2]


def summary(rows: Sequence[Row], wall: float) -> dict[str, Any]:
    """All numbers as JSON."""
    counts = Counter(r.verdict for r in rows)
    relations: dict[str, Counter[str]] = defaultdict(Counter)
    wordings: dict[str, Counter[str]] = defaultdict(Counter)
    layouts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        layouts[row.record.layout][row.verdict] += 1
        for clue, verdict in zip(row.record.clues, row.clues, strict=True):
            if row.has_declarations:
                relations[clue.relation][verdict] += 1
                wordings[f"{clue.relation}: {clue.wording}"][verdict] += 1
    clues = [v for r in rows if r.has_declarations for v in r.clues]
    bad = {w: c for w, c in wordings.items() if c["right"] < sum(c.values())}
    return {
        "puzzles": len(rows),
        "generator": GENERATOR,
        **{v: share_json(counts[v], len(rows)) for v in VERDICTS},
        "declarations_right": share_json(sum(r.has_declarations for r in rows), len(rows)),
        "clues_right": share_json(clues.count("right"), len(clues)),
        "relations": {k: dict(c) for k, c in relations.items()},
        "wordings_not_right": {k: dict(c) for k, c in bad.items()},
        "layouts": {k: dict(c) for k, c in layouts.items()},
        "seconds": wall,
        "puzzles_a_minute": 60 * len(rows) / wall if wall else None,
    }


def show(found: dict[str, Any]) -> str:
    """The summary as text."""
    relations = sorted(found["relations"].items(), key=lambda item: -(sum(item[1].values()) - item[1].get("right", 0)))
    wordings = sorted(
        found["wordings_not_right"].items(), key=lambda item: -(sum(item[1].values()) - item[1].get("right", 0))
    )
    declared = found["declarations_right"]
    head = ("n", "right", "wrong", "missing")

    def counted(items: Sequence[tuple[str, dict[str, int]]], kinds: Sequence[str]) -> list[list[object]]:
        return [[name, sum(c.values()), *(c.get(k, 0) for k in kinds)] for name, c in items]

    return "\n".join(
        [
            *(f"{v:<10} {share(found[v]['count'], found[v]['n'])}" for v in VERDICTS),
            "",
            "declarations as in the grid: " + share(declared["count"], declared["n"]),
            f"clues right (of these):      {share(found['clues_right']['count'], found['clues_right']['n'])}",
            "",
            table(["relation", *head], counted(relations, head[1:])),
            "",
            table(["wording that was not always right", *head], counted(wordings[:40], head[1:])),
            "",
            table(["layout", "n", *VERDICTS], counted(sorted(found["layouts"].items()), VERDICTS)),
            f"generator: {found['generator']}",
            f"{found['seconds']:.1f} s in all, {found['puzzles_a_minute']:.0f} puzzles a minute",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=200, help="puzzles (default 200)")
    parser.add_argument("--split", choices=("train", "test"), default="test", help="names and values (default test)")
    parser.add_argument("--unseen-wordings", action="store_true", help="wordings that training does not have")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, help="rows of the grid (default: drawn)")
    parser.add_argument("--categories", type=int, help="categories beside the base (default: drawn)")
    parser.add_argument("--ablation", choices=list(ABLATIONS), default="none")
    parser.add_argument("--model", default="embedded", help="the language model (default embedded; embedded:FOLDER)")
    parser.add_argument("--gpu", action="store_true", help="let the language model use a GPU if there is one")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N puzzles that are not right")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers and a row for each puzzle")
    options = parser.parse_args(arguments)
    if not options.gpu:
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    drawn = {"size": options.size, "categories": options.categories, "unseen_wordings": options.unseen_wordings}
    records = list(generate("logic_grid", options.n, options.seed, options.split, **drawn))
    engine = make_engine(options.ablation, model=options.model)
    started = time.monotonic()
    outcomes = answer_all(engine, [r.text for r in records], ablation=options.ablation)
    rows, wall = [], 0.0
    for record, outcome in zip(progress(records, "puzzles"), outcomes, strict=True):
        wall = time.monotonic() - started
        rows.append(row_of(record, outcome))
    found = summary(rows, wall)
    print(show(found))
    for row in [r for r in rows if r.verdict != "right"][: options.show]:
        print(f"\n{row.record.seed} ({row.record.layout}), {row.verdict}: {row.reason}")
        for clue, verdict, ours in zip(row.record.clues, row.clues, row.statements, strict=True):
            if verdict != "right":
                print(f"  {verdict}, {clue.relation}: {clue.text}\n    gold: {clue.formula}\n    ours: {ours}")
    save(options.json, {**found, "rows": [r.to_json() for r in rows]})


if __name__ == "__main__":
    main()
