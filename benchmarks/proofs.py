"""Derivations of gold answers: how many are found and accepted, how fast, and whether broken ones are refused.

    python -m benchmarks.proofs DATA [--limit 150] [--mutants 400] [--seed 0] [--show] [--json FILE]

DATA is the folder with `logic`, `rules` and `puzzles`. Programs: the ones by hand beside `benchmarks/programs/run.py`
that ask `prove` (or `ask` without variables), and those that `benchmarks/programs/patterned.py` makes of PrOntoQA and
ProofWriter. Where the gold answer is yes a derivation of the claim is looked for, where it is no one of the opposite,
where it is neither both, which must not be found. Then one step of each derivation is broken in several ways
(`nsr.testing.broken_proofs`); a broken derivation that is accepted ends the command with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.programs.gold import SETS, gold_of
from benchmarks.programs.patterned import TRANSLATIONS
from benchmarks.puzzles.report import progress, save, share, spread, table
from nsr.engine.checking import check_source
from nsr.language import ir
from nsr.language.named_things import with_named_things_only
from nsr.limits import Budget
from nsr.proofs.check import check
from nsr.proofs.search import derive
from nsr.proofs.steps import Derivation
from nsr.testing.broken_proofs import KINDS, mutants

HERE = Path(__file__).parent / "programs"


@dataclass(frozen=True, slots=True)
class Problem:
    """A program whose goal is a claim, and the gold answer: true, false or unknown."""

    set: str
    id: str
    program: ir.Program
    claim: ir.Term
    gold: str


@dataclass(slots=True)
class Tally:
    """What became of the problems of a set."""

    asked: int = 0
    accepted: int = 0
    refused: int = 0
    against: int = 0
    search: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)


def problem_of(name: str, identifier: str, source: str, words: frozenset[str]) -> Problem | None:
    """The problem, if its program asks for one claim and the gold answer is a truth value."""
    program, _ = check_source(source)
    if program is None or len(program.questions) != 1:
        return None
    program = with_named_things_only(program)
    match program.questions[0].goal:
        case ir.Prove(formula):
            claim = formula
        case ir.Ask(binders=(), body=body):
            claim = body
        case _:
            return None
    gold = next((w for w in ("true", "false", "unknown") if w in words), None)
    return None if gold is None else Problem(name, identifier, program, claim, gold)


def problems(data: Path, limit: int) -> Iterator[Problem]:
    """Programs by hand, then by patterns."""
    for name in SETS:
        for path in sorted((HERE / name).glob("*.nsr")):
            found = problem_of(name, path.stem, path.read_text(encoding="utf-8"), gold_of(data, name, path).words)
            if found is not None:
                yield found
    for name in ("prontoqa", "proofwriter"):
        lines = (data / SETS[name]).read_text(encoding="utf-8").splitlines()[:limit]
        for row in map(json.loads, lines):
            try:
                source = TRANSLATIONS[name](row)
            except ValueError:
                continue
            found = problem_of(
                f"{name} by patterns", row["id"], source, gold_of(data, name, Path(f"{row['id']}.nsr")).words
            )
            if found is not None:
                yield found


def derived(problem: Problem, goal: ir.Term, tally: Tally) -> Derivation | None:
    """A derivation of a goal that the checker accepts; the times, of the processor, are taken down."""
    question = problem.program.questions[0]
    start = time.process_time()
    found = derive(problem.program, question, goal)
    between = time.process_time()
    if found is None:
        return None
    wrong = check(problem.program, question, goal, found, Budget())
    if wrong is not None:
        tally.refused += 1
        print(f"{problem.set}/{problem.id}: refused at step {wrong.step + 1}: {wrong.why}", file=sys.stderr)
        return None
    tally.search.append(between - start)
    tally.check.append(time.process_time() - between)
    tally.steps.append(len(found.steps))
    return found


def mutated(
    problem: Problem, goal: ir.Term, derivation: Derivation, choices: random.Random
) -> Iterator[tuple[str, bool, bool]]:
    """The kind of each broken derivation, whether it is refused, and whether at the step that is broken."""
    question = problem.program.questions[0]
    for mutant in mutants(problem.program, question, goal, derivation, choices):
        wrong = check(problem.program, question, goal, mutant.derivation, Budget())
        yield mutant.kind, wrong is not None, wrong is not None and wrong.step == mutant.place


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--limit", type=int, default=150, help="problems of a set made by patterns")
    parser.add_argument("--mutants", type=int, default=400, help="broken derivations at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="name every problem without an accepted derivation")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    return parser.parse_args()


def main() -> int:
    """Prints a row for each set, and one for each kind of broken step."""
    options = _options()
    choices = random.Random(options.seed)
    tallies: dict[str, Tally] = {}
    broken: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    for problem in progress(list(problems(options.data, options.limit)), "problems"):
        tally = tallies.setdefault(problem.set, Tally())
        opposite = ir.Not(problem.claim)
        wanted = {"true": problem.claim, "false": opposite}.get(problem.gold)
        for goal in (problem.claim, opposite):
            if goal is not wanted:
                against = derived(problem, goal, Tally())
                tally.against += against is not None
                continue
            tally.asked += 1
            found = derived(problem, goal, tally)
            if found is None:
                if options.show:
                    print(f"{problem.set}/{problem.id}: no derivation", file=sys.stderr)
                continue
            tally.accepted += 1
            if broken.total() < options.mutants:
                for kind, is_refused, is_placed in mutated(problem, goal, found, choices):
                    broken[kind] += 1
                    refused[kind] += is_refused
                    placed[kind] += is_placed
    return report(options, tallies, broken, refused, placed)


def report(
    options: argparse.Namespace,
    tallies: dict[str, Tally],
    broken: Counter[str],
    refused: Counter[str],
    placed: Counter[str],
) -> int:
    """The tables; 1 if something broken was accepted. What is derived against a gold answer is for people to judge."""
    header = ("set", "n", "accepted", "refused", "against gold", "steps", "search ms", "p95", "check ms", "p95")
    rows = []
    for name, t in tallies.items():
        search, checked = spread([1000 * s for s in t.search]), spread([1000 * s for s in t.check])
        times = (search["median"], search["p95"], checked["median"], checked["p95"])
        rows.append((name, t.asked, t.accepted, t.refused, t.against, spread(t.steps)["median"], *times))
    print(table(header, rows))
    asked, accepted = sum(t.asked for t in tallies.values()), sum(t.accepted for t in tallies.values())
    print(f"entailed or refuted answers with an accepted derivation: {share(accepted, asked)}")
    every = (
        [1000 * s for t in tallies.values() for s in t.search],
        [1000 * s for t in tallies.values() for s in t.check],
    )
    print(f"search {spread(every[0])['median']:.2f} ms, check {spread(every[1])['median']:.2f} ms (medians)")
    print(
        table(("broken step", "n", "refused", "at that step"), [(k, broken[k], refused[k], placed[k]) for k in KINDS])
    )
    print(f"broken derivations refused: {share(refused.total(), broken.total())}")
    numbers: dict[str, Any] = {
        "sets": {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in rows},
        "broken": dict(broken), "refused": dict(refused), "at that step": dict(placed),
    }  # fmt: skip
    save(options.json, numbers)
    return int(refused != broken)


if __name__ == "__main__":
    sys.exit(main())
