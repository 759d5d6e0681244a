"""Magazine-style puzzles from their text, with the embedded language model: right, wrong, abstained.

    python -m benchmarks.puzzles.magazine [--set NAME] [--show]

`first.jsonl` was looked at while the checks were built, of `second.jsonl` three puzzles, of `third.jsonl` none before
it was run. All were written without a look at the wordings of the generator. A puzzle counts as right if the rows of
its grid are those of the solution.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.puzzles.pipeline import answer_all, make_engine
from benchmarks.puzzles.report import save, share, share_json

SETS = ("first", "second", "third")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=SETS, action="append", dest="sets", help="default: all")
    parser.add_argument("--show", action="store_true", help="print why puzzles were not answered, and wrong grids")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers")
    options = parser.parse_args(arguments)
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    engine = make_engine("none")
    numbers = {}
    for name in options.sets or SETS:
        lines = (Path(__file__).parent / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        puzzles = [json.loads(line) for line in lines]
        verdicts = []
        for puzzle, outcome in zip(
            puzzles, answer_all(engine, [p["text"] for p in puzzles], ablation="none"), strict=True
        ):
            result = outcome.result
            verdicts.append(_verdict(result, puzzle["solution"]))
            if options.show and verdicts[-1] != "right":
                print(f"{puzzle['id']}: {verdicts[-1]}: {result.reason or result.answer['table']['rows']}")
        print(name)
        for verdict in ("right", "wrong", "abstained"):
            print(f"  {verdict:10} {share(verdicts.count(verdict), len(verdicts))}")
        numbers[name] = {v: share_json(verdicts.count(v), len(verdicts)) for v in ("right", "wrong", "abstained")}
    save(options.json, numbers)


def _verdict(result: object, solution: Sequence[dict[str, str]]) -> str:
    """What became of a puzzle, its rows compared as sets of words."""
    answer = getattr(result, "answer", None)
    if not isinstance(answer, dict) or "table" not in answer:
        return "abstained"
    ours = [[_plain(cell) for cell in row] for row in answer["table"]["rows"]]
    gold = [[_plain(value) for value in row.values()] for row in solution]
    # `clock` in the solution may be `clock with no hands` in the grid.
    found = [any(all(any(f" {v} " in f" {c} " for c in row) for v in wanted) for row in ours) for wanted in gold]
    return "right" if all(found) and len(ours) == len(gold) else "wrong"


def _plain(value: object) -> str:
    return " ".join(str(value).lower().replace("$", "").split())


if __name__ == "__main__":
    main()
