"""Random programs with real numbers beside finite ones: what one back end says against what the others say.

    python -m benchmarks.reals --from 0 --to 1000 [--depth 2] [--backends prolog z3 milp] [--seconds 10] [--json FILE]

Every seed is a program with an objective or a search. Every solution is evaluated, and claims, numbers of solutions,
optima and bounds that are not reached must be the same for all back ends that answer. Exit code 1 says they were not.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from nsr.engine.checking import parse_program
from nsr.testing.generate_reals import random_real_program
from nsr.testing.reals import Said, disagree


def main() -> int:
    """The command."""
    options = _options()
    counts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    wrong = 0
    for seed in range(options.first, options.last):
        source = random_real_program(seed, depth=options.depth)
        program = parse_program(source)
        start = time.process_time()
        found, is_wrong = disagree(program, options.backends, options.seconds)
        seconds["all"] += time.process_time() - start
        if is_wrong:
            wrong += 1
            print(f"--- seed {seed}\n{source}" + "\n".join(f"{name}: {one}" for name, one in found.items()), flush=True)
        counts.update(f"{name} {_kind(one)}" for name, one in found.items())
        counts[f"answered by {sum(one.kind != 'open' for one in found.values())}"] += 1
    for name, count in sorted(counts.items()):
        print(f"{count:7,} {name}")
    print(f"{wrong} disagreements in {options.last - options.first} programs, {seconds['all']:.0f} s of processor time")
    if options.json:
        options.json.write_text(json.dumps({"counts": counts, "wrong": wrong, "seconds": seconds["all"]}))
    return 1 if wrong else 0


def _kind(one: Said) -> str:
    return f"{one.kind} {one.details[0]}" if one.kind in ("optimum", "open") else one.kind


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="SEED")
    parser.add_argument("--to", dest="last", type=int, default=300, metavar="SEED")
    parser.add_argument("--depth", type=int, default=2)
    parser.add_argument("--backends", nargs="+", default=["prolog", "z3", "milp"])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
