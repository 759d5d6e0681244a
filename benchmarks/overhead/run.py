"""What the service adds to a solver: the same problem through the language and written by hand, in turns in one run.

    python -m benchmarks.overhead.run [--rounds 10] [--only NAME] [--json FILE]

"Ours" begins with the typed program and ends with the answer decoded from a warm worker; parsing and checking are
reported apart ("check"), and so is the evaluation of the answer on the original program ("verify"). "By hand" builds
the model, solves it with one thread and reads the answer. The goal: at most 15 ms more below 100 ms of solving, at most
1.3 times beyond. Of long searches the median of the ratios counts: a single one can be lucky either way.

The stages add up to "ours": `encode` (routing and writing the job down, in the caller), `wait` (for a forked worker),
`read`, `reformulate`, `compile`, `solve` (with what confirms it: exact duals, a refutation) and `finish` (the reply) in
the worker, `transfer` (everything between the two processes), `decode` (in the caller).
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.overhead.problems import Problem, problems
from benchmarks.puzzles.report import progress, save, table
from nsr.engine.checking import check_source
from nsr.errors import NsrError
from nsr.language import ir
from nsr.language.evaluate import check_structure
from nsr.language.open_types import open_sorts
from nsr.limits import Limits
from nsr.solvers import Outcome, SatisfiableJob, SolutionsJob, run_sync, warm
from nsr.solvers.jobs import AskJob, Job, OptimizeJob, decode_reply, encode_job
from nsr.solvers.strategies import backends_for
from nsr.solvers.warming import touching_job
from nsr.workers import Family, request_sync

LIMITS = Limits(wall_seconds=120)
FIXED_MS, RATIO, LONG_MS = 15.0, 1.3, 100.0
HEADINGS = (
    *("problem", "peer", "n", "by hand ms", "ours ms", "added ms", "ratio", "goal met"),
    *("check ms", "verify ms", "stages ms"),
)
FEWEST = 3
"""Rounds of a problem that takes long."""


@dataclass(slots=True)
class Measured:
    """Milliseconds of all rounds of one problem."""

    problem: Problem
    check: list[float]
    ours: list[float]
    by_hand: list[float]
    verify: list[float]
    stages: dict[str, list[float]]

    def row(self) -> dict[str, Any]:
        """Medians, what is added, and whether the goal is met."""
        ours, by_hand = statistics.median(self.ours), statistics.median(self.by_hand)
        is_met = ours <= RATIO * by_hand if by_hand >= LONG_MS else ours - by_hand <= FIXED_MS
        return {
            "problem": self.problem.name,
            "solver": self.problem.solver,
            "n": len(self.ours),
            "by_hand_ms": by_hand,
            "ours_ms": ours,
            "added_ms": ours - by_hand,
            "ratio": ours / by_hand,
            "is_met": is_met,
            "check_ms": statistics.median(self.check),
            "verify_ms": statistics.median(self.verify),
            "stages_ms": {name: statistics.median(runs) for name, runs in self.stages.items()},
        }


def job_of(program: ir.Program) -> Job:
    """What a worker is asked for the first question."""
    question = program.questions[0]
    if question.objectives:
        return OptimizeJob(program)
    match question.goal:
        case ir.Prove(formula):
            return SatisfiableJob(program, 0, (formula, ir.Not(formula)))
        case ir.Ask(binders, body):
            return AskJob(program, 0, binders, body)
        case _:
            return SolutionsJob(program)


def agree(problem: Problem, program: ir.Program, outcome: Outcome, by_hand: object) -> bool:
    """Whether both found the same, as far as there is one answer."""
    match problem.goal:
        case "optimize":
            return bool(outcome.objectives) and _same(outcome.objectives[0].value, by_hand)
        case "prove":
            return (outcome.verdicts == (True, False)) is by_hand
        case "ask":
            return len(outcome.bindings) == by_hand
        case _:
            return len(outcome.structures) == 1


def _same(value: object, by_hand: object) -> bool:
    """Whether two values of an objective agree; one in floating point need only be near."""
    if isinstance(by_hand, float):
        return math.isclose(float(Fraction(str(value))), by_hand, rel_tol=1e-6)
    return Fraction(str(value)) == Fraction(str(by_hand))


def asked(job: Job, backend: str) -> Outcome:
    """The outcome of a job, as `run_sync` gives it, with the time of all stages."""
    if open_sorts(job.program):
        return run_sync(job, limits=LIMITS, backend=backend)
    start = time.perf_counter()
    (name, *_) = backends_for(job, backend)
    data = encode_job(job, name, LIMITS.wall_seconds, 0)
    sent = time.perf_counter()
    reply = request_sync(Family(name, "nsr.solvers.work"), data, LIMITS)
    back = time.perf_counter()
    outcome = decode_reply(job, name, reply)
    own = {"encode": sent - start, **outcome.seconds}
    own["transfer"] = max(0.0, back - sent - sum(outcome.seconds.values()))
    own["decode"] = time.perf_counter() - back
    return replace(outcome, seconds=own)


def verified(program: ir.Program, outcome: Outcome) -> float:
    """Seconds for holding every world found against the original program."""
    start = time.perf_counter()
    if not outcome.sizes:
        for structure in outcome.structures:
            if check_structure(program, program.questions[0], structure):
                raise AssertionError("the evaluator refuses the answer")
    return time.perf_counter() - start


def measure(problem: Problem, rounds: int) -> Measured:
    """Both ways in turns; raises if they disagree."""
    found = Measured(problem, [], [], [], [], {})
    backend = problem.solver
    with tempfile.TemporaryDirectory() as folder:
        source = problem.source(Path(folder))
        for number in range(rounds + 1):
            if number > FEWEST and found.by_hand[0] > LONG_MS:
                break
            start = time.perf_counter()
            program, diagnostics = check_source(source, root=Path(folder))
            checked = time.perf_counter()
            if program is None:
                raise AssertionError(diagnostics)
            job = job_of(program)
            before = time.perf_counter()
            outcome = asked(job, backend)
            ours = time.perf_counter()
            expected = problem.by_hand()
            end = time.perf_counter()
            if not agree(problem, program, outcome, expected):
                raise AssertionError(f"{problem.name}: ours {outcome}, by hand {expected}")
            seconds = verified(program, outcome)
            if number:  # the first round warms both up
                found.check.append(1000 * (checked - start))
                found.ours.append(1000 * (ours - before))
                found.by_hand.append(1000 * (end - ours))
                found.verify.append(1000 * seconds)
                for stage, seconds in outcome.seconds.items():
                    found.stages.setdefault(stage, []).append(1000 * seconds)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--only", help="problems with this in their name")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    backends = ("cpsat", "z3", "milp", "asp")
    for backend in backends:
        warm(backend)
    for backend in backends:
        # The start of one back end's workers must not count as what another one takes.
        run_sync(touching_job(), limits=LIMITS, backend=backend)
    chosen = [p for p in problems() if not options.only or options.only in p.name]
    rows = []
    for problem in progress(chosen, "problems"):
        try:
            rows.append(measure(problem, options.rounds).row())
        except (NsrError, AssertionError) as error:
            print(f"{problem.name}: {error}", file=sys.stderr)
    print(
        table(
            list(HEADINGS),
            [
                [
                    r["problem"],
                    r["solver"],
                    r["n"],
                    round(r["by_hand_ms"], 1),
                    round(r["ours_ms"], 1),
                    round(r["added_ms"], 1),
                    round(r["ratio"], 2),
                    "yes" if r["is_met"] else "no",
                    round(r["check_ms"], 1),
                    round(r["verify_ms"], 1),
                    ", ".join(f"{k} {v:.1f}" for k, v in r["stages_ms"].items()),
                ]
                for r in rows
            ],
        )
    )
    short = [r for r in rows if r["by_hand_ms"] < LONG_MS]
    ratios = sorted(r["ratio"] for r in rows if r["by_hand_ms"] >= LONG_MS)
    print(
        f"below {LONG_MS:g} ms by hand: {sum(r['is_met'] for r in short)} of {len(short)} add at most {FIXED_MS:g} ms"
    )
    if ratios:
        median = statistics.median(ratios)
        print(f"beyond: n {len(ratios)}, median ratio {median:.2f} (goal {RATIO}), {ratios[0]:.2f} to {ratios[-1]:.2f}")
    if options.json:
        save(options.json, {"rows": rows})


if __name__ == "__main__":
    main()
