"""Runs recorded programs of other systems' language models, and compares the answers with the gold ones.

    python -m benchmarks.recorded.run DATA [--set folio ...] [--model NAME ...] [--seconds 10] [--strict] [--show]

DATA is the folder with `folio.jsonl` and its like, and `recorded`. An option counts only where the program gives it:
what is refused, not checked, at a limit, inconsistent or undecided without an option for that counts as wrong. `theirs`
is what Logic-LM's own solvers get from the same programs, counted alike. `--strict` reads without repairs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.recorded import arlsat, csp, rules
from benchmarks.recorded.running import Runner
from benchmarks.recorded.sets import MODELS, cases_of, file_of
from benchmarks.recorded.sets import SETS as FIRST_ORDER
from nsr.batch.statistics import wilson

SETS = {**FIRST_ORDER, **rules.SETS, **csp.SETS, **arlsat.SETS}


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one recorded program."""

    set: str
    model: str
    id: str
    cause: str
    is_executed: bool
    repairs: tuple[str, ...]
    letter: str | None
    gold: str
    seconds: float
    told: str

    @property
    def outcome(self) -> str:
        """right, wrong or none."""
        return "none" if self.letter is None else "right" if self.letter == self.gold else "wrong"


def lines_of(data: Path, name: str, model: str, runner: Runner, strict: bool) -> list[Line]:
    """One line a program."""
    recorded = SETS[name]
    lines = []
    for case in cases_of(data, name, model):
        reading = recorded.read(case, strict)
        ran = runner.run(reading)
        letter = None if ran.question is None else recorded.letter(ran.question, case)
        codes = tuple(sorted({d.code for d in reading.repairs}))
        lines.append(
            Line(name, model, case.id, ran.cause, ran.is_executed, codes, letter, case.gold, ran.seconds, ran.told)
        )
        print(f"\r{name} {model} {len(lines)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return lines


def table(lines: Sequence[Line]) -> str:
    """A row for each set and language model."""
    rows = [
        f"{'set':26}{'language model':18}{'n':>5}{'right':>7}{'wrong':>7}{'none':>6}"
        f"{'accuracy (95 %)':>24}{'theirs':>8}{'executed':>10}{'repaired':>10}{'seconds':>9}"
    ]
    for name, model in dict.fromkeys((line.set, line.model) for line in lines):
        here = [line for line in lines if (line.set, line.model) == (name, model)]
        n, counts = len(here), Counter(line.outcome for line in here)
        low, high = wilson(counts["right"], n)
        share = f"{100 * counts['right'] / n:.1f} ({100 * low:.1f} to {100 * high:.1f})"
        took = [line.seconds for line in here if line.is_executed]
        rows.append(
            f"{name:26}{model:18}{n:5}{counts['right']:7}{counts['wrong']:7}{counts['none']:6}{share:>24}"
            f"{SETS[name].theirs.get(model, float('nan')):8.1f}{100 * sum(x.is_executed for x in here) / n:10.1f}"
            f"{100 * sum(bool(x.repairs) for x in here) / n:10.1f}"
            f"{statistics.median(took) if took else float('nan'):9.2f}"
        )
    return "\n".join(rows)


def causes(lines: Sequence[Line]) -> str:
    """For each set and language model: what became of the programs, and which repairs were made in how many."""
    rows = []
    for name, model in dict.fromkeys((line.set, line.model) for line in lines):
        here = [line for line in lines if (line.set, line.model) == (name, model)]
        rows.append(f"{name} {model}")
        rows += [f"  {n:5}  {cause}" for cause, n in Counter(line.cause for line in here).most_common()]
        repairs = Counter(code for line in here for code in line.repairs)
        rows += [f"  {n:5}  repaired: {code}" for code, n in repairs.most_common()]
    return "\n".join(rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", nargs="+", choices=tuple(SETS), default=list(SETS), metavar="NAME")
    parser.add_argument("--model", nargs="+", default=list(MODELS), metavar="NAME")
    parser.add_argument("--seconds", type=float, default=10.0, help="limit of one solve")
    parser.add_argument("--strict", action="store_true", help="make no repairs")
    parser.add_argument("--show", action="store_true", help="show the programs without an answer and why")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def main() -> None:
    options = _options()
    runner = Runner(options.seconds)
    lines: list[Line] = []
    for name in options.set:
        for model in options.model:
            if not (options.data / "recorded" / f"{file_of(name)}.{model}.jsonl").exists():
                print(f"{options.data} has no programs of {model} for {name}", file=sys.stderr)
                continue
            lines += lines_of(options.data, name, model, runner, options.strict)
    print(table(lines))
    print()
    print(causes(lines))
    if options.show:
        print()
        for line in lines:
            if line.letter is None:
                print(f"{line.set} {line.model} {line.id}: {line.cause}: {line.told[:300]}")
    if options.json:
        rows = [{**asdict(line), "outcome": line.outcome} for line in lines]
        options.json.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
