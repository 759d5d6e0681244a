"""How exactly the limits hold, on programs made to break them.

    python benchmarks/limits.py [--wall 2] [--memory 256]

For each hostile program and back end: what ended it, after how long, and whether the next job was served.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

from nsr.language import ir
from nsr.language.ir import Apply, Find, Function, Literal, Program, Question, Requirement, Term
from nsr.language.sorts import BOOL, INT, IntSort
from nsr.limits import Limits
from nsr.solvers import SolutionsJob, run_sync, warm


def program_of(functions: list[Function], *formulas: Term) -> Program:
    """A program from unknowns and formulas."""
    requirements = tuple(Requirement(f"s{n}", "constraint", f) for n, f in enumerate(formulas, 1))
    return Program({}, {f.name: f for f in functions}, {}, {}, requirements, (Question(Find("unique")),))


def hostile_programs() -> Iterator[tuple[str, Program]]:
    """Programs that are short and large at once."""
    x = Function("x", "var", (), IntSort(1, 10**9))
    call = Apply("x", (), x.value)
    v = ir.Variable("v", IntSort(1, 10**9))
    yield "quantifier over 10**9", program_of([x], ir.Quantified("forall", (ir.Bound(v),), ir.LessEqual(call, v)))
    body: Term = ir.Less(call, ir.integer(7))
    for n in range(8):
        w = ir.Variable(f"w{n}", IntSort(1, 200))
        body = ir.Quantified("forall", (ir.Bound(w),), body)
    yield "eight nested quantifiers", program_of([x], body)
    f = Function("f", "var", (IntSort(1, 10**9),), BOOL)
    yield "a function of 10**9 arguments", program_of([f], ir.TRUE)
    g = Function("g", "var", (IntSort(1, 60),), BOOL)
    yield "2**60 solutions, 1,001 wanted", program_of([g], ir.TRUE)
    small = Function("s", "var", (IntSort(1, 1000),), IntSort(0, 3))
    cells = [Apply("s", (Literal(n, IntSort(1, 1000)),), small.value) for n in range(1, 1001)]
    many = ir.And(tuple(ir.LessEqual(cells[n % 1000], ir.integer(2)) for n in range(100_000)))
    yield "an `and` of 100,000", program_of([small], many)
    names = [Function(f"n{n}", "var", (), IntSort(0, 5)) for n in range(100_000)]
    yield "100,000 names", program_of(names, ir.Less(Apply("n0", (), INT), Apply("n1", (), INT)))
    deep: Term = ir.Less(call, ir.integer(7))
    for _ in range(100_000):
        deep = ir.Not(deep)
    yield "100,000 times `not`", program_of([x], deep)
    cubes = [ir.Product((Apply(n, (), INT),) * 3) for n in "abc"]
    abc = [Function(n, "var", (), IntSort(1, 10**5)) for n in "abc"]
    yield "a**3 + b**3 == c**3", program_of(abc, ir.Equal(ir.Sum((cubes[0], cubes[1])), cubes[2]))
    holes = Function("h", "var", (IntSort(1, 14),), IntSort(1, 13))
    pigeons = [Apply("h", (Literal(n, IntSort(1, 14)),), holes.value) for n in range(1, 15)]
    pairs = [ir.Not(ir.Equal(a, b)) for i, a in enumerate(pigeons) for b in pigeons[:i]]
    yield "14 pigeons", program_of([holes], *pairs)


def main() -> None:
    """Run each program on each back end and print a line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--wall", type=float, default=2.0)
    parser.add_argument("--memory", type=int, default=256)
    arguments = parser.parse_args()
    limits = Limits(arguments.wall, 2 * arguments.wall, arguments.memory)
    easy = program_of([Function("x", "var", (), IntSort(1, 1))])
    for backend in ("cpsat", "z3"):
        warm(backend)
        run_sync(SolutionsJob(easy, 0, 2), backend=backend)
    print(f"wall {limits.wall_seconds} s, processor {limits.cpu_seconds} s, memory {limits.memory_mib} MiB")
    for name, program in hostile_programs():
        for backend in ("cpsat", "z3"):
            start = time.perf_counter()
            outcome = run_sync(SolutionsJob(program, 0, 1001), backend=backend, limits=limits)
            seconds = time.perf_counter() - start
            ended = outcome.limit.value if outcome.limit else f"{outcome.claim.value}, {len(outcome.structures)} found"
            is_served = run_sync(SolutionsJob(easy, 0, 2), backend=backend).is_complete
            print(f"  {name:32} {backend:6} {ended:24} {seconds:6.2f} s   next job {'served' if is_served else 'LOST'}")


if __name__ == "__main__":
    main()
