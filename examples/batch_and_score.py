"""Answers all example puzzles as one batch, resumable, and scores them against their gold grids.

python examples/batch_and_score.py [FOLDER]
"""

import json
import sys
import tempfile
from pathlib import Path

import nsr
from nsr.batch import BatchOptions, run_batch, score_run

PUZZLES = Path(__file__).parent / "puzzles"


def main(folder: Path) -> None:
    """Write the input file, run the batch, print the score."""
    folder.mkdir(parents=True, exist_ok=True)
    problems = folder / "problems.jsonl"
    with problems.open("w", encoding="utf-8") as stream:
        for path in sorted(PUZZLES.glob("*.txt")):
            gold = json.loads(path.with_suffix(".gold.json").read_text(encoding="utf-8"))
            row = {"id": path.stem, "text": path.read_text(encoding="utf-8"), "solution": gold}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    with nsr.Engine() as engine:
        progress = run_batch(engine, problems, folder / "run", BatchOptions())
    print(f"{progress.finished} of {progress.total} done")
    score = score_run(folder / "run", problems)
    print(f"right {score.all.counts['right']}, wrong {score.all.counts['wrong']}")
    for name, verdict, reason in score.not_right:
        print(f"{verdict}: {name}: {reason}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
