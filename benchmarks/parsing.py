"""Measures parsing and printing, in processor time a statement, on generated programs of 10 to 10,000 statements.

    python benchmarks/parsing.py [--seed N] [--repeat N] [--json]

Reports start-up (importing the parser and loading the stored tables, in a fresh process) apart.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

SIZES = (10, 100, 1_000, 10_000)
CLUES = (
    "the_{a}({x}) == the_{b}({y})",
    "the_{a}({x}) + 1 == the_{b}({y})",
    "abs(the_{a}({x}) - the_{b}({y})) == {n}",
    "the_{a}({x}) < the_{b}({y}) or not the_{b}({y}) in {{1, {n}}}",
    "forall i, j in Box if i != j: the_{a}({x}) == i implies the_{b}({y}) != j",
    "exactly {n} of (the_{a}({x}) == 1, the_{b}({y}) == 2, the_{a}({y}) > 3)",
    "count(k for k in Box if the_{a}({x}) <= k < the_{b}({y})) >= {n}",
)


def program(size: int, seed: int) -> str:
    """A program in the manner of logic grids, with quoted sentences."""
    rng = random.Random(seed)
    lines = ["type Box = 1..5"]
    for attribute in "abc":
        lines.append(f"type Kind_{attribute} = {{{', '.join(f'{attribute}{i}' for i in range(5))}}}")
        lines.append(f"var the_{attribute}(Kind_{attribute}): Box distinct")
    while len(lines) < size - 1:
        a, b = rng.choice("abc"), rng.choice("abc")
        clue = rng.choice(CLUES).format(
            a=a, b=b, x=f"{a}{rng.randrange(5)}", y=f"{b}{rng.randrange(5)}", n=rng.randint(1, 3)
        )
        lines.append(f'constraint "Sentence {len(lines)} of the text says something about {a} and {b}.": {clue}')
    return "\n".join([*lines[: size - 1], "find unique the_a, the_b, the_c"]) + "\n"


def seconds(action: Callable[[], object], repeat: int) -> float:
    """The median processor time of an action."""
    times = []
    for _ in range(repeat):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return statistics.median(times)


def start_up(repeat: int) -> float:
    """Processor seconds that a fresh process needs beyond an empty one until the first statement is parsed."""
    code = "from nsr.grammars.parser import parse; assert parse('find one').program"

    def run(source: str) -> float:
        timed = f"import time; {source}; print(time.process_time())"
        out = [subprocess.run([sys.executable, "-c", timed], check=True, capture_output=True) for _ in range(repeat)]
        return statistics.median(float(result.stdout) for result in out)

    return run(code) - run("pass")


def measure(seed: int, repeat: int) -> Iterator[dict[str, float]]:
    """One row a size."""
    from nsr.grammars.parser import parse
    from nsr.language.printer import print_program

    for size in SIZES:
        source = program(size, seed)
        result = parse(source, max_characters=len(source))
        assert result.program is not None, result.diagnostics
        tree = result.program
        rounds = max(1, repeat if size > 1_000 else repeat * 3)
        parsing = seconds(lambda source=source: parse(source, max_characters=len(source)), rounds)  # type: ignore[misc]
        printing = seconds(lambda tree=tree: print_program(tree), rounds)  # type: ignore[misc]
        yield {
            "statements": size,
            "characters": len(source),
            "parse_ms_a_statement": round(1000 * parsing / size, 4),
            "print_ms_a_statement": round(1000 * printing / size, 4),
        }


def main() -> None:
    """Prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = list(measure(options.seed, options.repeat))
    start = start_up(options.repeat)
    if options.json:
        print(json.dumps({"start_up_seconds": round(start, 4), "rows": rows}))
        return
    print(f"{'statements':>10} {'characters':>11} {'parse ms/statement':>19} {'print ms/statement':>19}")
    for row in rows:
        print(
            f"{row['statements']:>10} {row['characters']:>11} {row['parse_ms_a_statement']:>19.3f}"
            f" {row['print_ms_a_statement']:>19.3f}"
        )
    print(f"start-up: {start:.3f} s")


if __name__ == "__main__":
    main()
