"""Prices and reduced costs of linear programs against an independent solver.

    python -m benchmarks.duals [--seed 0] [--count 20] [--json FILE]

Twenty programs in the language (product mixes, diets, transports, blends, and degenerate ones), made from a seed, are
optimized by the back end `milp`. The same numbers go, as a matrix, to `scipy.optimize.linprog(method="highs")` in a
process of its own. Where the dual values are unique, all prices and reduced costs must agree; of a degenerate program
it must be said that it is one. The command fails if anything differs.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.puzzles.report import save, table
from nsr.engine.checking import parse_program
from nsr.solvers import OptimizeJob, run_sync

__all__ = ["Linear", "compared", "problems"]

CLOSE = 1e-7


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear program over `x(1)`, `x(2)`, ..., all at least 0: rows as (coefficients, sense, side)."""

    name: str
    kind: str
    costs: tuple[int, ...]
    rows: tuple[tuple[tuple[int, ...], str, int], ...]
    is_degenerate: bool = False

    def source(self) -> str:
        """It in the language, each row with a label."""
        lines = [f"type J = 1..{len(self.costs)}", "var x(J): real >= 0"]
        for number, (factors, sense, side) in enumerate(self.rows):
            lines.append(f"constraint r{number}: {_sum(factors)} {sense} {side}")
        return "\n".join([*lines, f"{self.kind} goal: {_sum(self.costs)}"]) + "\n"

    def matrix(self) -> dict[str, Any]:
        """It as the peer takes it: everything "at most", the objective to be made least."""
        sign = 1 if self.kind == "minimize" else -1
        most = [(f, s) for f, sense, s in self.rows if sense == "<="]
        most += [(tuple([-v for v in f]), -s) for f, sense, s in self.rows if sense == ">="]
        same = [(f, s) for f, sense, s in self.rows if sense == "=="]
        return {
            "c": [sign * cost for cost in self.costs],
            "A_ub": [f for f, _ in most] or None,
            "b_ub": [s for _, s in most] or None,
            "A_eq": [f for f, _ in same] or None,
            "b_eq": [s for _, s in same] or None,
        }

    def peer_prices(self, found: dict[str, Any]) -> list[float]:
        """The peer's marginals in the order and direction of the rows here."""
        sign = 1 if self.kind == "minimize" else -1
        most = iter(found["upper"])
        by_row: dict[int, float] = {}
        for wanted, turn in (("<=", 1), (">=", -1)):
            for number, (_, sense, _) in enumerate(self.rows):
                if sense == wanted:
                    by_row[number] = sign * turn * next(most)
        same = iter(found["equal"])
        for number, (_, sense, _) in enumerate(self.rows):
            if sense == "==":
                by_row[number] = sign * next(same)
        return [by_row[number] for number in range(len(self.rows))]


def _sum(factors: Sequence[int]) -> str:
    parts = [f"{'-' if v < 0 else '+'} {abs(v)} * x({j})" for j, v in enumerate(factors, 1) if v]
    text = " ".join(parts) or "0 * x(1)"
    return text.removeprefix("+ ")


# The programs


def _mix(rng: random.Random, number: int) -> Linear:
    goods, stocks = rng.randint(3, 8), rng.randint(2, 6)
    rows = [(tuple(rng.randint(1, 9) for _ in range(goods)), "<=", rng.randint(40, 200)) for _ in range(stocks)]
    return Linear(f"product mix {number}", "maximize", tuple(rng.randint(5, 60) for _ in range(goods)), tuple(rows))


def _diet(rng: random.Random, number: int) -> Linear:
    foods, needs = rng.randint(4, 9), rng.randint(2, 6)
    rows = [(tuple(rng.randint(1, 9) for _ in range(foods)), ">=", rng.randint(20, 97)) for _ in range(needs)]
    return Linear(f"diet {number}", "minimize", tuple(rng.randint(3, 40) for _ in range(foods)), tuple(rows))


def _transport(rng: random.Random, number: int) -> Linear:
    plants, shops = rng.randint(2, 4), rng.randint(2, 4)
    need = [rng.randint(11, 50) for _ in range(shops)]
    have = [sum(need) // plants + rng.randint(7, 30) for _ in range(plants)]
    rows: list[tuple[tuple[int, ...], str, int]] = []
    for p in range(plants):
        rows.append((tuple(int(i // shops == p) for i in range(plants * shops)), "<=", have[p]))
    for s in range(shops):
        rows.append((tuple(int(i % shops == s) for i in range(plants * shops)), ">=", need[s]))
    return Linear(
        f"transport {number}", "minimize", tuple(rng.randint(2, 99) for _ in range(plants * shops)), tuple(rows)
    )


def _blend(rng: random.Random, number: int) -> Linear:
    parts = rng.randint(4, 7)
    octane = [rng.randint(80, 110) for _ in range(parts)]
    least = (min(octane) + max(octane)) // 2
    rows: list[tuple[tuple[int, ...], str, int]] = [
        ((1,) * parts, "==", 100),
        (tuple(o - least for o in octane), ">=", 0),
    ]
    rows += [(tuple(int(i == p) for i in range(parts)), "<=", rng.randint(30, 60)) for p in range(parts)]
    return Linear(f"blend {number}", "minimize", tuple(rng.randint(20, 90) for _ in range(parts)), tuple(rows))


def _degenerate(rng: random.Random, number: int) -> Linear:
    """A corner where more rows meet than there are directions."""
    goods = rng.randint(2, 4)
    corner = [rng.randint(1, 9) for _ in range(goods)]
    rows = []
    for _ in range(goods + rng.randint(1, 2)):
        factors = tuple(rng.randint(1, 9) for _ in range(goods))
        rows.append((factors, "<=", sum(f * c for f, c in zip(factors, corner, strict=True))))
    costs = tuple(sum(factors[j] for factors, _, _ in rows) for j in range(goods))
    return Linear(f"degenerate {number}", "maximize", costs, tuple(rows), is_degenerate=True)


def problems(seed: int, count: int) -> list[Linear]:
    """So many programs, every fifth of them degenerate."""
    rng = random.Random(f"duals {seed}")
    makers: tuple[Callable[[random.Random, int], Linear], ...] = (_mix, _diet, _transport, _blend, _degenerate)
    return [makers[n % len(makers)](rng, n // len(makers) + 1) for n in range(count)]


# The peer

PEER = """
import json, sys
from scipy.optimize import linprog
out = []
for given in json.load(sys.stdin):
    found = linprog(**given, method="highs")
    out.append({
        "value": found.fun,
        "x": list(found.x),
        "upper": list(found.ineqlin.marginals),
        "equal": list(found.eqlin.marginals),
        "reduced": list(found.lower.marginals),
    })
print(json.dumps(out))
"""


def of_peer(programs: Sequence[Linear]) -> list[dict[str, Any]]:
    """What scipy says to all programs; it and OR-Tools cannot be in one process."""
    given = json.dumps([program.matrix() for program in programs])
    done = subprocess.run([sys.executable, "-c", PEER], input=given, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def compared(program: Linear, peer: dict[str, Any]) -> dict[str, Any]:
    """A program's numbers beside the peer's: which differ, and whether they are unique."""
    outcome = run_sync(OptimizeJob(parse_program(program.source())), backend="milp")
    found = outcome.sensitivity
    if found is None:
        return {"name": program.name, "wrong": ["no prices"], "unique": False}
    wrong = []
    sign = 1 if program.kind == "minimize" else -1
    value = outcome.objectives[0].value
    if value is None or abs(float(value) - sign * peer["value"]) > CLOSE * max(1.0, abs(peer["value"])):
        wrong.append(f"objective {value}, the peer's {sign * peer['value']}")
    if outcome.certificate == "":
        wrong.append("not proved")
    is_unique = not found.is_degenerate and not found.has_alternatives
    if program.is_degenerate and not found.is_degenerate:
        wrong.append("degenerate, and not said to be")
    if not found.is_degenerate:
        wrong += _differences(program, found, peer)
    return {
        "name": program.name,
        "rows": len(program.rows),
        "columns": len(program.costs),
        "unique": is_unique,
        "degenerate": found.is_degenerate,
        "alternatives": found.has_alternatives,
        "certificate": outcome.certificate,
        "wrong": wrong,
    }


def _differences(program: Linear, found: Any, peer: dict[str, Any]) -> list[str]:
    """Dual values that are not the peer's; at a corner that is not degenerate they are unique."""
    out = []
    prices = {price.requirement: price.dual for price in found.prices}
    for number, wanted in enumerate(program.peer_prices(peer)):
        own = float(prices.get(f"r{number}", Fraction(0)))
        if abs(own - wanted) > CLOSE * max(1.0, abs(wanted)):
            out.append(f"price of r{number}: {own}, the peer's {wanted}")
    sign = 1 if program.kind == "minimize" else -1
    costs = {cost.cell: float(cost.cost) for cost in found.reduced_costs}
    for number, wanted in enumerate(peer["reduced"], 1):
        own = costs.get(f"x({number})", 0.0)
        if abs(own - sign * wanted) > CLOSE * max(1.0, abs(wanted)):
            out.append(f"reduced cost of x({number}): {own}, the peer's {sign * wanted}")
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    programs = problems(options.seed, options.count)
    rows = [compared(program, peer) for program, peer in zip(programs, of_peer(programs), strict=True)]
    cells = [
        [row["name"], f"{row.get('rows')} x {row.get('columns')}", _kind(row), "; ".join(row["wrong"]) or "agrees"]
        for row in rows
    ]
    print(table(["program", "size", "dual values", "against scipy"], cells))
    wrong = [row for row in rows if row["wrong"]]
    counts = (sum(1 for row in rows if row["unique"]), sum(1 for row in rows if row.get("degenerate")))
    print(f"{len(rows)} programs, {len(wrong)} wrong; {counts[0]} with unique values, {counts[1]} degenerate")
    if options.json:
        save(options.json, {"programs": rows})
    return 1 if wrong else 0


def _kind(row: dict[str, Any]) -> str:
    if row.get("degenerate"):
        return "degenerate"
    return "unique, other solutions as good" if row.get("alternatives") else "unique"


if __name__ == "__main__":
    sys.exit(main())
