"""LINC's recorded samples: each read and run, then a vote of the samples of a problem.

    python -m benchmarks.recorded.linc DATA [--samples 10] [--seconds 10] [--limit N] [--show] [--json FILE]

DATA is the folder with `recorded/linc-folio.gpt-3.5-turbo.jsonl`. A sample votes True, False or Uncertain when its
program runs to that; samples that were mended in reading vote only where no clean one votes. Ties go to the answer of
the earliest sample, as in LINC. `theirs` is the vote over the outcomes that LINC recorded for the same samples.
(Olausson et al., "LINC", EMNLP 2023.)
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

from benchmarks.recorded.running import Runner
from nsr.batch.statistics import mcnemar, wilson
from nsr.dialects import read
from nsr.results import Status

VERDICTS = {Status.ENTAILED: "True", Status.REFUTED: "False", Status.UNDETERMINED: "Uncertain"}
NAME = "linc-folio.gpt-3.5-turbo"


@dataclass(frozen=True, slots=True)
class Sample:
    """What became of one sample; `verdict` is None where it has no vote, `theirs` may be `Error`."""

    cause: str
    verdict: str | None
    repairs: tuple[str, ...]
    theirs: str
    seconds: float
    told: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with its samples and the gold answer."""

    id: str
    gold: str
    samples: tuple[Sample, ...]

    def vote(self, kind: str) -> str | None:
        """The answer of most votes: `clean first`, `all` or `theirs`; None without a vote."""
        if kind == "theirs":
            return majority([s.theirs for s in self.samples if s.theirs != "Error"])
        votes = [s for s in self.samples if s.verdict is not None]
        clean = [s for s in votes if not s.repairs]
        return majority([s.verdict for s in (clean or votes if kind == "clean first" else votes) if s.verdict])


def majority(votes: Sequence[str]) -> str | None:
    """The most frequent vote, of several the earliest."""
    counts = Counter(votes)
    return max(counts, key=lambda vote: (counts[vote], -votes.index(vote)), default=None)


def problem_of(row: dict[str, object], runner: Runner, samples: int) -> Problem:
    """The problem of a row with its first samples run."""
    ran = []
    raws, theirs = row["raw_generations"], row["recorded_outcomes"]
    assert isinstance(raws, list)
    assert isinstance(theirs, list)
    for raw, outcome in list(zip(raws, theirs, strict=True))[:samples]:
        reading = read(raw, "nltk")
        result = runner.run(reading)
        verdict = None if result.question is None else VERDICTS.get(result.question.status)
        codes = tuple(sorted({d.code for d in reading.repairs}))
        ran.append(Sample(result.cause, verdict, codes, outcome, result.seconds, result.told))
    return Problem(str(row["id"]), str(row["answer"]), tuple(ran))


def report(problems: Sequence[Problem]) -> str:
    """Accuracy of each vote, what became of the samples, and where ours and theirs differ on one."""
    rows = [f"{'vote':14}{'n':>5}{'right':>7}{'wrong':>7}{'none':>6}{'accuracy (95 %)':>24}"]
    for kind in ("clean first", "all", "theirs"):
        answers = [(p.vote(kind), p.gold) for p in problems]
        right = sum(answer == gold for answer, gold in answers)
        none = sum(answer is None for answer, _ in answers)
        low, high = wilson(right, len(problems))
        share = f"{100 * right / len(problems):.1f} ({100 * low:.1f} to {100 * high:.1f})"
        rows.append(f"{kind:14}{len(problems):5}{right:7}{len(problems) - right - none:7}{none:6}{share:>24}")
    ours = [p.vote("clean first") == p.gold for p in problems]
    theirs = [p.vote("theirs") == p.gold for p in problems]
    only_ours = sum(a and not b for a, b in zip(ours, theirs, strict=True))
    only_theirs = sum(b and not a for a, b in zip(ours, theirs, strict=True))
    rows.append(f"only ours right {only_ours}, only theirs {only_theirs}, p = {mcnemar(only_theirs, only_ours):.3f}")
    samples = [s for p in problems for s in p.samples]
    alone = sum(s.verdict == p.gold for p in problems for s in p.samples)
    theirs_alone = sum(s.theirs == p.gold for p in problems for s in p.samples)
    rows.append(f"{len(samples)} samples alone: ours right {alone}, theirs {theirs_alone}")
    rows.append(f"median {statistics.median(s.seconds for s in samples):.2f} s a program")
    rows += ["", *(f"{n:6}  {cause}" for cause, n in Counter(s.cause for s in samples).most_common())]
    repairs = Counter(code for s in samples for code in s.repairs)
    rows += [f"{n:6}  repaired: {code}" for code, n in repairs.most_common()]
    pairs = Counter((s.verdict or s.cause, s.theirs) for s in samples)
    rows += ["", "ours / theirs, by sample", *(f"{n:6}  {a} / {b}" for (a, b), n in pairs.most_common())]
    return "\n".join(rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--samples", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=10.0, help="limit of one solve")
    parser.add_argument("--limit", type=int, metavar="N", help="the first N problems only")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def main() -> None:
    options = _options()
    runner = Runner(options.seconds)
    problems = []
    with (options.data / "recorded" / f"{NAME}.jsonl").open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream if line.strip()][: options.limit]
    for row in rows:
        problems.append(problem_of(row, runner, options.samples))
        print(f"\r{len(problems)} of {len(rows)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(report(problems))
    if options.json:
        lines = [json.dumps(asdict(p), ensure_ascii=False) for p in problems]
        options.json.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
