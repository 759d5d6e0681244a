"""Which problems of a data file are written as programs: a sample that depends on the seed and the problems' ids only.

python -m benchmarks.programs.draw FILE.jsonl [--count 10] [--seed 20261121]
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

SEED = 20261121


def draw(path: str | Path, count: int = 10, seed: int = SEED) -> list[dict[str, Any]]:
    """The first `count` rows in the order of a hash of seed and id; neither order nor size of the file matters."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    return sorted(rows, key=lambda row: _rank(seed, str(row["id"])))[:count]


def _rank(seed: int, identifier: str) -> str:
    return hashlib.sha256(f"{seed}:{identifier}".encode()).hexdigest()


def main() -> None:
    """Prints the rows drawn, one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    for row in draw(options.file, options.count, options.seed):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
