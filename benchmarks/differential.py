"""Random programs of the whole language: every back end against the enumeration of all worlds.

    python -m benchmarks.differential --from 0 --to 20000 [--kinds relation set] [--jobs 1] [--log FILE]

Every seed is a program; its constructs are drawn from `--kinds` (all of them if none are named). Each back end answers
it alone, with no second one to confirm. What was found is appended to `--log`, a line a seed, and a second run goes on
where the first one stopped. A disagreement is printed with the smallest program that still shows it. Programs that no
plan takes to a back end, and those that a limit ends, are counted apart. Exit code 1 says that back ends disagreed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from nsr.engine.checking import parse_program
from nsr.engine.minimize import minimize
from nsr.errors import ProgramError, UnsoundBackend
from nsr.language import ir
from nsr.solvers import backend_names
from nsr.testing.agreement import Incomparable, Oracle, answers_of, disagreement, options_for
from nsr.testing.generate import random_program
from nsr.testing.generate_whole import GOALS, KINDS

SOLUTIONS = {"cpsat": 400, "asp": 400, "prolog": 120, "z3": 120, "milp": 25}
"""How many solutions `find all` is to give; back ends without an enumeration of their own are slow at many."""

FEW = 120
"""Of a back end that is not listed."""
AGREED = "agreed"


class Compared(NamedTuple):
    """What came of one program on one back end: `AGREED`, "skipped: ..." or "wrong: ..."."""

    backend: str
    outcome: str


def kinds_of(seed: int, pool: Sequence[str]) -> tuple[str, ...]:
    """The constructs of a seed's program: up to two, and a goal, each from the pool."""
    rng = random.Random(f"kinds {seed}")
    constructs = [kind for kind in pool if kind not in GOALS]
    goals = [kind for kind in pool if kind in GOALS]
    chosen = rng.sample(constructs, min(len(constructs), rng.choice((0, 1, 1, 2, 2))))
    if goals and rng.random() < 0.85:
        chosen.append(rng.choice(goals))
    return tuple(chosen)


def source_of(seed: int, pool: Sequence[str]) -> str:
    """The program of a seed; half of them have few constraints, every fourth has several questions."""
    rng = random.Random(f"size {seed}")
    size = rng.choice((2, 8, 30, 60))
    source = random_program(seed, max_structures=size, depth=2 + seed % 2, kinds=kinds_of(seed, pool))
    if rng.random() < 0.5:
        source = with_few_constraints(source)
    return in_sections(source, rng) if seed % 4 == 3 else source


def with_few_constraints(source: str) -> str:
    """The program without its first constraints but one: with all of them many programs have no solution."""
    lines = source.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("constraint"))
    last = first
    while lines[last + 1].startswith("constraint") and "replaced" not in lines[last + 1]:
        last += 1
    kept = [f"{lines[first].split(':')[0]}: true or {lines[first].split(':', 1)[1].strip()}"]
    return "\n".join([*lines[:first], *kept, *lines[last + 1 :]]) + "\n"


GOAL_WORDS = ("find", "prove", "ask", "compute", "choose", "option")


def in_sections(source: str, rng: random.Random) -> str:
    """The goal in three sections: as it is, with a statement dropped, with a statement or its opposite supposed."""
    lines = source.splitlines()
    goal = [line for line in lines if line.split(":")[0].split()[0] in GOAL_WORDS]
    before = [line for line in lines if line not in goal]
    stated = [line.split(":", 1) for line in before if line.startswith("constraint")]
    labels = [head.removeprefix("constraint ") for head, _ in stated if " " in head and "replaced" not in head]
    dropped = [f"drop {rng.choice(labels)}"] if labels else []
    supposed = rng.choice(stated)[1].strip()
    if rng.random() < 0.5:
        supposed = f"not ({supposed})"
    sections = [[], dropped, [f"assume: {supposed}"]]
    out = [line for name, more in zip("abc", sections, strict=True) for line in (f"question {name}", *more, *goal)]
    return "\n".join([*before, *out]) + "\n"


def compared(source: str, backends: Sequence[str]) -> dict[str, str]:
    """What comes of a program on each back end."""
    try:
        program = parse_program(source)
    except ProgramError as error:
        refused = "skipped: program refused: " + ", ".join(sorted({d.code for d in error.diagnostics}))
        return dict.fromkeys(backends, refused)
    oracle = Oracle(program)
    return {backend: _on(program, backend, oracle) for backend in backends}


def _on(program: ir.Program, backend: str, oracle: Oracle) -> str:
    most = SOLUTIONS.get(backend, FEW)
    try:
        results = answers_of(program, options_for(backend, solutions=most))
        for number, result in enumerate(results):
            if (told := disagreement(program, number, result, most, oracle)) is not None:
                return f"wrong: {told}"
    except Incomparable as why:
        return f"skipped: {why}"
    except ProgramError as error:
        return _refused(error)
    except UnsoundBackend as error:
        return f"wrong: unsound: {error}"
    except Exception as error:
        return f"wrong: crash: {type(error).__name__}: {error}"
    return AGREED


def _refused(error: ProgramError) -> str:
    """A back end that no plan reaches, or a table that lacks an entry."""
    codes = ", ".join(sorted({d.code for d in error.diagnostics}))
    return f"skipped: refused: {codes}"


def of_seed(seed: int, pool: Sequence[str], backends: Sequence[str]) -> dict[str, object]:
    """The record of a seed."""
    start = time.perf_counter()
    source = source_of(seed, pool)
    outcomes = compared(source, backends)
    return {"seed": seed, "outcomes": outcomes, "seconds": round(time.perf_counter() - start, 3)}


def smallest(source: str, backend: str, outcome: str) -> str:
    """The smallest program found with an outcome of the same sort."""
    sort = outcome.split(":")[:2]
    return minimize(source, lambda fewer: compared(fewer, [backend])[backend].split(":")[:2] == sort)


def read_log(path: Path, pool: Sequence[str]) -> dict[int, dict[str, object]]:
    """The records of earlier runs over the same constructs; a torn last line is passed over."""
    found: dict[int, dict[str, object]] = {}
    if not path.exists():
        return found
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            continue
        if record.get("pool") == list(pool):
            found[record["seed"]] = record
    return found


def records(options: argparse.Namespace, known: dict[int, dict[str, object]]) -> Iterator[dict[str, object]]:
    """The records of all seeds, those that are known first."""
    seeds = range(options.first, options.last)
    yield from (known[seed] for seed in seeds if seed in known)
    left = [seed for seed in seeds if seed not in known]
    one = partial(of_seed, pool=options.kinds, backends=options.backends)
    if options.jobs == 1:
        yield from map(one, left)
        return
    with get_context("spawn").Pool(options.jobs) as pool:
        yield from pool.imap_unordered(one, left, chunksize=8)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    options = _options(arguments)
    options.log.parent.mkdir(parents=True, exist_ok=True)
    known = read_log(options.log, options.kinds)
    counts: Counter[str] = Counter()
    wrong: list[tuple[int, str, str]] = []
    with options.log.open("a", encoding="utf-8") as log:
        for number, record in enumerate(records(options, known), 1):
            if record["seed"] not in known:
                log.write(json.dumps({"pool": options.kinds, **record}) + "\n")
                log.flush()
            outcomes = record["outcomes"]
            assert isinstance(outcomes, dict)
            for backend, outcome in outcomes.items():
                counts[f"{backend} {outcome.split(': ')[0] if outcome.startswith('wrong') else outcome}"] += 1
                if outcome.startswith("wrong"):
                    wrong.append((int(str(record["seed"])), backend, outcome))
                    _print_wrong(options, *wrong[-1])
            if number % 500 == 0:
                print(f"{number} programs, {len(wrong)} disagreements", file=sys.stderr, flush=True)
    for name, count in sorted(counts.items()):
        print(f"{count:7,} {name}")
    return 1 if wrong else 0


def _print_wrong(options: argparse.Namespace, seed: int, backend: str, outcome: str) -> None:
    source = source_of(seed, options.kinds)
    small = smallest(source, backend, outcome) if options.shrink else source
    print(f"--- seed {seed}, {backend}: {outcome}\n{small}", flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="SEED")
    parser.add_argument("--to", dest="last", type=int, default=1000, metavar="SEED")
    parser.add_argument("--kinds", nargs="+", choices=sorted(KINDS), default=sorted(KINDS), metavar="KIND")
    parser.add_argument("--backends", nargs="+", choices=backend_names(), default=list(backend_names()))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--log", type=Path, default=Path("runs/differential.jsonl"), metavar="FILE")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false", help="print programs as they were made")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
