"""From typed program to checked unique answer, beside the same puzzles written by hand for CP-SAT.

    python benchmarks/solving.py [--puzzles 40] [--size 6] [--rounds 3]

Each puzzle is a logic grid with one solution. "Ours" is the whole way of the service: typed program to a warm worker,
solve, look for a second solution, decode, evaluate the answer on the original program. "By hand" is a script for CP-SAT
as one would write it: build the model, solve, exclude the solution, solve again; with one search thread. The two are
timed in turns, so that other load on the machine falls on both.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ortools.sat.python import cp_model

from nsr.background import blocking
from nsr.grammars.parser import parse
from nsr.language.check import check
from nsr.language.ir import Program
from nsr.solvers import SolutionsJob, run_sync, warm
from nsr.verify import confirm_no_other, verify


class Clue(NamedTuple):
    """A relation between the places of two things; `things` are (attribute, number)."""

    kind: str
    first: tuple[int, int]
    second: tuple[int, int]


class Puzzle(NamedTuple):
    """A grid: every attribute has `size` values, one at each place."""

    size: int
    clues: tuple[Clue, ...]


KINDS: dict[str, Callable[[int, int], bool]] = {
    "same": lambda x, y: x == y,
    "left": lambda x, y: x < y,
    "directly_left": lambda x, y: x + 1 == y,
    "beside": lambda x, y: abs(x - y) == 1,
    "one_between": lambda x, y: abs(x - y) == 2,
    "not_same": lambda x, y: x != y,
    "at": lambda x, y: x == y,
}


def random_puzzle(seed: int, size: int) -> Puzzle:
    """A puzzle with one solution and no clue to spare among most of them."""
    rng = random.Random(seed)
    order = [rng.sample(range(1, size + 1), size) for _ in range(size)]
    things = [(a, i) for a in range(size) for i in range(size)]
    clues: list[Clue] = []
    while len(clues) < 2 * size or not has_one_solution(Puzzle(size, tuple(clues))):
        for _ in range(4):
            clues.append(_random_clue(rng, order, things))
    for clue in list(clues):
        fewer = tuple(c for c in clues if c is not clue)
        if has_one_solution(Puzzle(size, fewer)):
            clues = list(fewer)
    return Puzzle(size, tuple(clues))


def _random_clue(rng: random.Random, order: list[list[int]], things: list[tuple[int, int]]) -> Clue:
    weights = {"same": 6, "left": 3, "directly_left": 3, "beside": 3, "one_between": 2, "not_same": 2, "at": 1}
    while True:
        kind = rng.choices(list(weights), list(weights.values()))[0]
        (a, i), (b, j) = rng.sample(things, 2)
        if kind == "at":
            return Clue(kind, (a, i), (0, order[a][i]))
        if a != b and KINDS[kind](order[a][i], order[b][j]):
            return Clue(kind, (a, i), (b, j))


# By hand


def model_of(puzzle: Puzzle) -> tuple[cp_model.CpModel, list[list[cp_model.IntVar]]]:
    """The model as one would write it."""
    model = cp_model.CpModel()
    n = puzzle.size
    place = [[model.new_int_var(1, n, f"p{a}_{i}") for i in range(n)] for a in range(n)]
    for row in place:
        model.add_all_different(row)
    for kind, (a, i), (b, j) in puzzle.clues:
        x = place[a][i]
        if kind == "at":
            model.add(x == j)
            continue
        y = place[b][j]
        match kind:
            case "same":
                model.add(x == y)
            case "left":
                model.add(x < y)
            case "directly_left":
                model.add(x + 1 == y)
            case "beside":
                model.add_allowed_assignments(
                    [x, y], [(v, w) for v in range(1, n + 1) for w in range(1, n + 1) if abs(v - w) == 1]
                )
            case "one_between":
                model.add_allowed_assignments(
                    [x, y], [(v, w) for v in range(1, n + 1) for w in range(1, n + 1) if abs(v - w) == 2]
                )
            case "not_same":
                model.add(x != y)
    return model, place


def solve_by_hand(puzzle: Puzzle) -> tuple[list[list[int]], bool]:
    """One solution, and whether it is the only one, by a second solve without it."""
    model, place = model_of(puzzle)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise AssertionError("a benchmark puzzle has a solution")
    found = [[solver.value(x) for x in row] for row in place]
    others = []
    for row, values in zip(place, found, strict=True):
        for x, value in zip(row, values, strict=True):
            differs = model.new_bool_var("")
            model.add(x != value).only_enforce_if(differs)
            others.append(differs)
    model.add_bool_or(others)
    return found, solver.solve(model) == cp_model.INFEASIBLE


def has_one_solution(puzzle: Puzzle) -> bool:
    """Whether the clues leave exactly one solution."""
    model, _ = model_of(puzzle)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model) == cp_model.INFEASIBLE:
        return False
    return solve_by_hand(puzzle)[1]


# Ours


def source_of(puzzle: Puzzle) -> str:
    """The puzzle in the language."""
    n = puzzle.size
    lines = [f"type Place = 1..{n}"]
    lines += [f"type T{a} = {{{', '.join(f'v{a}_{i}' for i in range(n))}}}" for a in range(n)]
    lines += [f"var at{a}(T{a}): Place distinct" for a in range(n)]
    patterns = {
        "same": "{x} == {y}",
        "left": "{x} < {y}",
        "directly_left": "{x} + 1 == {y}",
        "beside": "abs({x} - {y}) == 1",
        "one_between": "abs({x} - {y}) == 2",
        "not_same": "{x} != {y}",
        "at": "{x} == {y}",
    }
    for kind, (a, i), (b, j) in puzzle.clues:
        y = str(j) if kind == "at" else f"at{b}(v{b}_{j})"
        lines.append(f"constraint: {patterns[kind].format(x=f'at{a}(v{a}_{i})', y=y)}")
    lines.append("find unique")
    return "\n".join(lines) + "\n"


def typed(source: str) -> Program:
    """The checked program."""
    parsed = parse(source)
    if parsed.program is None:
        raise AssertionError(parsed.diagnostics)
    checked = check(parsed.program, source)
    if checked.program is None:
        raise AssertionError(checked.diagnostics)
    return checked.program


class Timing(NamedTuple):
    """Milliseconds of several runs."""

    name: str
    runs: list[float]

    def row(self) -> dict[str, object]:
        """Number, median and 95th percentile."""
        ordered = sorted(self.runs)
        return {
            "what": self.name,
            "n": len(ordered),
            "median_ms": round(statistics.median(ordered), 2),
            "p95_ms": round(ordered[max(0, round(0.95 * len(ordered)) - 1)], 2),
        }


def timed(action: Callable[[], object]) -> float:
    """Milliseconds that an action takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def measure(puzzles: Sequence[Puzzle], rounds: int) -> tuple[list[Timing], dict[str, float]]:
    """All timings, and the median milliseconds of each stage inside the worker."""
    sources = [source_of(p) for p in puzzles]
    programs = [typed(s) for s in sources]
    for backend in ("cpsat", "z3"):
        warm(backend)
        for program in programs[:3]:
            run_sync(SolutionsJob(program, 0, 2), backend=backend)
    names = ("parse and check, a statement", "ours (cpsat)", "ours (z3)", "ours, confirmed by z3", "by hand (CP-SAT)")
    timings = {name: Timing(name, []) for name in names}
    stages: dict[str, list[float]] = {}

    def ours(program: Program, backend: str, *, is_confirmed: bool = False) -> None:
        outcome = run_sync(SolutionsJob(program, 0, 2), backend=backend)
        verify(program, 0, outcome)
        if not outcome.is_complete or len(outcome.structures) != 1:
            raise AssertionError("a benchmark puzzle has one solution")
        if is_confirmed and blocking(confirm_no_other(program, 0, outcome)) is None:
            raise AssertionError("z3 could not tell")
        if backend == "cpsat" and not is_confirmed:
            for stage, seconds in outcome.seconds.items():
                stages.setdefault(stage, []).append(seconds * 1000)

    def by_hand(puzzle: Puzzle) -> None:
        if not solve_by_hand(puzzle)[1]:
            raise AssertionError("a benchmark puzzle has one solution")

    for _ in range(rounds):
        for puzzle, source, program in zip(puzzles, sources, programs, strict=True):
            each = timed(lambda s=source: typed(s)) / source.count("\n")  # type: ignore[misc]
            timings[names[0]].runs.append(each)
            timings[names[4]].runs.append(timed(lambda p=puzzle: by_hand(p)))  # type: ignore[misc]
            timings[names[1]].runs.append(timed(lambda p=program: ours(p, "cpsat")))  # type: ignore[misc]
            timings[names[2]].runs.append(timed(lambda p=program: ours(p, "z3")))  # type: ignore[misc]
            timings[names[3]].runs.append(timed(lambda p=program: ours(p, "cpsat", is_confirmed=True)))  # type: ignore[misc]
    return list(timings.values()), {stage: statistics.median(runs) for stage, runs in stages.items()}


def main() -> None:
    """Measure and print a table, and the same as JSON on the last line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--puzzles", type=int, default=40)
    parser.add_argument("--size", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    puzzles = [random_puzzle(seed, arguments.size) for seed in range(arguments.puzzles)]
    timings, stages = measure(puzzles, arguments.rounds)
    rows = [timing.row() for timing in timings]
    clues = statistics.mean(len(p.clues) for p in puzzles)
    print(f"{len(puzzles)} puzzles of size {arguments.size}, {clues:.1f} clues on average, {arguments.rounds} rounds")
    for row in rows:
        print(f"  {row['what']:32} n={row['n']:<5} median {row['median_ms']:8} ms   p95 {row['p95_ms']:8} ms")
    print("  in the worker:", ", ".join(f"{stage} {ms:.2f} ms" for stage, ms in stages.items()))
    by_name = {timing.name: statistics.median(timing.runs) for timing in timings}
    ratio = by_name["ours (cpsat)"] / by_name["by hand (CP-SAT)"]
    print(f"  ours / by hand: {ratio:.2f}")
    json.dump({"rows": rows, "stages_ms": stages, "ratio": ratio}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
