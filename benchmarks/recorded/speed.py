"""Speed on recorded programs, ours against Logic-LM's own solver code, in the same run and in turns.

    python -m benchmarks.recorded.speed DATA --logic-lm CHECKOUT --peer-python PYTHON [--set NAME ...] [--n 60]

DATA is the folder with `prontoqa.jsonl` and its like, and `recorded`. CHECKOUT is a checkout of Logic-LM (Pan et al.,
EMNLP 2023), whose solver classes run as they are; PYTHON is a Python that has their libraries: `pyke3` or
`scitools-pyke`, `python-constraint`, `func_timeout`, `nltk`, `ply`, `z3-solver`. Prover9's binary belongs in
`models/symbolic_solvers/Prover9/bin` of the checkout. A peer that cannot be loaded is named and left out.

Each side is one process, which is given one program at a time; its start is measured once, with the import of its
solvers. The same drawn programs go to both, a block to one, then the block to the other. Ours is everything from the
recorded text to the result: reading, check, solving, evaluation, a second back end or a derivation, reasons; `--bare`
asks no second one. A program is over its limit after `--seconds` on our side, and where their code says so on theirs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.recorded.run import SETS
from benchmarks.recorded.sets import MODELS, cases_of

PEERS = {
    "prontoqa": "Pyke",
    "proofwriter": "Pyke",
    "logicaldeduction": "python-constraint",
    "folio": "Prover9 by NLTK",
    "arlsat": "Z3, a process a program",
}


class Side:
    """A process that answers programs, and the seconds until it was ready."""

    def __init__(self, command: Sequence[str]) -> None:
        started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.told = self._line()
        self.start = time.perf_counter() - started

    def __enter__(self) -> Side:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    @property
    def is_ready(self) -> bool:
        """Whether it can answer; else `told` says why not."""
        return bool(self.told == "ready")

    def answer(self, request: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        """The seconds it took, and what it said."""
        assert self._process.stdin is not None
        started = time.perf_counter()
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        told = self._line()
        return time.perf_counter() - started, told if isinstance(told, dict) else {"error": "the process ended"}

    def _line(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return json.loads(line) if line else "the process ended"


@dataclass(frozen=True, slots=True)
class Pair:
    """One program on both sides; an answer is an option, None where there was none."""

    set: str
    model: str
    id: str
    gold: str
    ours: float
    theirs: float
    our_answer: str | None
    their_answer: str | None
    our_error: str
    their_error: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The pairs of a set, and how long each side took to start."""

    set: str
    our_start: float
    their_start: float
    pairs: tuple[Pair, ...]


def measured(name: str, options: argparse.Namespace) -> Measured | str:
    """Both sides on a sample of a set; a peer that cannot be had, in words."""
    peer = [str(options.peer_python), str(Path(__file__).with_name("peer.py")), str(options.logic_lm.resolve()), name]
    with Side(peer) as theirs:
        if not theirs.is_ready:
            return f"{name}: {PEERS[name]} was not measured: {theirs.told}"
        us = [sys.executable, "-m", "benchmarks.recorded.speed", str(options.data), "--serve", name]
        us += ["--seconds", str(options.seconds), *(["--bare"] if options.bare else [])]
        with Side(us) as ours:
            if not ours.is_ready:
                raise SystemExit(f"our own process did not start: {ours.told}")
            return Measured(name, ours.start, theirs.start, tuple(_pairs(name, options, ours, theirs)))


def _pairs(name: str, options: argparse.Namespace, ours: Side, theirs: Side) -> list[Pair]:
    cases = [(model, case) for model in options.model for case in cases_of(options.data, name, model)]
    drawn = random.Random(options.seed).sample(cases, min(options.n, len(cases)))
    pairs = []
    for start in range(0, len(drawn), options.block):
        block = drawn[start : start + options.block]
        them = [theirs.answer({"raw": case.raw}) for _, case in block]
        us = [ours.answer({"model": model, "id": case.id}) for model, case in block]
        for (model, case), (our, said), (their, told) in zip(block, us, them, strict=True):
            answers = (said.get("answer"), told.get("answer"), said.get("error", ""), told.get("error", ""))
            pairs.append(Pair(name, model, case.id, case.gold, our, their, *answers))
        print(f"\r{name} {len(pairs)} of {len(drawn)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return pairs


def serve(name: str, options: argparse.Namespace) -> None:
    """Our side: answers each request on the standard input, until that ends."""
    from nsr.engine.engine import Engine
    from nsr.engine.options import Options
    from nsr.limits import Limits

    recorded = SETS[name]
    cases = {(model, case.id): case for model in MODELS for case in cases_of(options.data, name, model)}
    limits = Limits(wall_seconds=options.seconds, cpu_seconds=2 * options.seconds)
    engine = Engine(Options(limits=limits, confirm=not options.bare))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        case = cases[request["model"], request["id"]]
        print(json.dumps(_answer(engine, recorded, case)), flush=True)


def _answer(engine: Any, recorded: Any, case: Any) -> dict[str, Any]:
    from nsr.errors import NsrError

    reading = recorded.read(case, strict=False)
    if reading.program is None:
        return {"error": f"refused: {reading.errors[0].code}"}
    try:
        question = engine.run(reading.source).questions[0]
    except NsrError as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}
    status = question.status.value
    return {
        "answer": recorded.letter(question, case),
        "error": status if status in ("limit", "abstained") else "",
    }


def row(found: Measured, limit: float) -> str:
    """A line of the table."""
    pairs = found.pairs
    ours, theirs = [p.ours for p in pairs], [p.theirs for p in pairs]
    ratio = statistics.median(theirs) / statistics.median(ours)
    each = statistics.median(p.theirs / p.ours for p in pairs)
    both = [p for p in pairs if not p.our_error and not p.their_error]
    ran = statistics.median(p.theirs / p.ours for p in both) if both else float("nan")
    whole = (sum(theirs) + found.their_start) / (sum(ours) + found.our_start)
    late = (sum(p.ours > limit for p in pairs), sum("time" in p.their_error.lower() for p in pairs))
    errors = (sum(bool(p.our_error) for p in pairs), sum(bool(p.their_error) for p in pairs))
    right = (sum(p.our_answer == p.gold for p in pairs), sum(p.their_answer == p.gold for p in pairs))
    return (
        f"{found.set:17}{len(pairs):5}{_spread(ours):>32}{_spread(theirs):>32}{ratio:8.2f}{each:8.2f}"
        f"{ran:8.2f} ({len(both):3}){whole:8.2f}"
        f"{found.our_start:7.2f} /{found.their_start:5.2f}{errors[0]:6} /{errors[1]:3}{late[0]:6} /{late[1]:3}"
        f"{right[0]:5} /{right[1]:3}"
    )


def _spread(seconds: Sequence[float]) -> str:
    low, middle, high = statistics.quantiles([1000 * s for s in seconds], n=4, method="inclusive")
    return f"{middle:.0f} ({low:.0f} to {high:.0f}, {1000 * max(seconds):.0f})"


HEAD = (
    f"{'set':17}{'n':>5}{'ours, ms':>32}{'theirs, ms':>32}{'medians':>8}{'each':>8}{'both ran':>14}{'whole':>8}"
    f"{'start, s':>14}{'errors':>11}{'late':>11}{'right':>9}"
)
LEGEND = """
Milliseconds: median (quartiles, most). Ratios, theirs by ours: of the medians, the median over programs, the same over
those with an error on neither side (how many), and of the sums with each side's start in them. Pairs are ours / theirs.
"""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--logic-lm", type=Path, metavar="CHECKOUT")
    parser.add_argument("--peer-python", type=Path, metavar="PYTHON", default=Path(sys.executable))
    parser.add_argument("--set", nargs="+", choices=tuple(PEERS), default=list(PEERS), metavar="NAME")
    parser.add_argument("--model", nargs="+", choices=MODELS, default=list(MODELS), metavar="NAME")
    parser.add_argument("--n", type=int, default=60, help="programs a set")
    parser.add_argument("--block", type=int, default=10, help="programs a turn")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10.0, help="our limit of one solve")
    parser.add_argument("--bare", action="store_true", help="ask no second back end and look for no derivation")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--serve", choices=tuple(PEERS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is None and options.logic_lm is None:
        parser.error("--logic-lm is needed: a checkout of Logic-LM")
    return options


def main() -> None:
    options = _options()
    if options.serve is not None:
        serve(options.serve, options)
        return
    results = []
    for name in options.set:
        found = measured(name, options)
        print(found, file=sys.stderr) if isinstance(found, str) else results.append(found)
    print(HEAD)
    for found in results:
        print(row(found, options.seconds))
    print(LEGEND)
    print(f"load when it ended: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    if options.json:
        options.json.write_text(json.dumps([asdict(found) for found in results]), encoding="utf-8")


if __name__ == "__main__":
    main()
