"""Mutation testing of the compile functions: each small break of one must be noticed by the conformance cases.

    python -m benchmarks.mutation.run cpsat [--sample 40] [--seed 0] [--json FILE]

Each mutant is loaded in the place of its module, in a process of its own, and the conformance cases are worked off
until one is answered otherwise ("killed"); the same case must then pass on the code as it is, loaded in the same way.
What the cases do not notice is tried on some generated programs, which is counted apart. Mutants that cannot be loaded
are counted apart, and others are drawn for them. What changes nothing that could be seen is listed, with the reason, in
`known.py`. `telling.txt` has the cases that killed most often; they come first (`--learn` adds to it).
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.mutation.known import COMPILING, EQUIVALENT, OPEN
from benchmarks.mutation.mutants import Mutant, mutants_of, source_of_module
from benchmarks.mutation.reach import with_hits
from benchmarks.mutation.trial import Fate, Trial, cases_in_order, reached_by, try_source
from nsr.testing.cases import CASES

__all__ = ["Trials", "Tried", "Unfounded", "counts_of", "main"]

TELLING = Path(__file__).parent / "telling.txt"


FIRST = 20
"""So many cases are tried before it is looked up which ones come to a change."""


class Unfounded(Exception):
    """A trial that says nothing of mutants: a case fails on the code as it is, or the trial itself broke."""


class Tried(NamedTuple):
    """A mutant and what came of it; `listed` says where `known.py` has it ("equivalent", "open")."""

    mutant: Mutant
    trial: Trial
    listed: str = ""


class Trials:
    """Mutants of one back end, one after the other."""

    def __init__(self, backend: str, programs: int, telling: Counter[str], first: Sequence[str] = ()) -> None:
        self.backend, self.programs, self.telling, self.first = backend, programs, telling, first
        self._reached: dict[str, set[tuple[str, int]]] | None = None

    def tried(self, mutant: Mutant) -> Trial:
        """What comes of a mutant; a kill is one only if the same case passes on the code as it is.

        First some cases that tell most, then all that come to the statement that is changed; once it is known which
        ones do, only those.

        Raises:
            Unfounded: if a case fails on the code as it is, or the trial breaks.
        """
        cases = cases_in_order([*self.first, *[name for name, _ in self.telling.most_common()]])
        sources = {mutant.module: mutant.source}
        begun = FIRST if self._reached is None else 0
        trial = try_source(sources, self.backend, cases[:begun])
        if trial.fate is Fate.SURVIVED:
            place = (mutant.module, mutant.statement)
            left = [case for case in cases[begun:] if place in self._reached_by(case.name)]
            trial = try_source(sources, self.backend, left, self.programs)
        if trial.fate is Fate.KILLED:
            self._confirm(trial.case)
        if trial.fate is Fate.HARNESS:
            raise Unfounded(f"the trial of {mutant.name} broke: {trial.case} {trial.seen}")
        return trial

    def _confirm(self, name: str) -> None:
        control = try_source(_unchanged(self.backend), self.backend, [c for c in CASES if c.name == name])
        if control.fate is not Fate.SURVIVED:
            raise Unfounded(f"without any mutant the case {name} fails as well: {control.seen}")

    def _reached_by(self, name: str) -> set[tuple[str, int]]:
        if self._reached is None:
            sources = {module: with_hits(source_of_module(module)) for module in COMPILING[self.backend]}
            try:
                self._reached = reached_by(sources, self.backend, CASES)
            except RuntimeError as why:
                raise Unfounded(str(why)) from why
        return self._reached[name]


def _unchanged(backend: str) -> dict[str, str]:
    """All modules as they are, written out as mutants are."""
    return {module: ast.unparse(ast.parse(source_of_module(module))) for module in COMPILING[backend]}


def _all_tried(options: argparse.Namespace, telling: Counter[str]) -> list[Tried]:
    """Mutants in the order of the seed until there are as many as are wanted, those that cannot be loaded apart."""
    backend = options.backend
    mutants = [mutant for module in COMPILING[backend] for mutant in mutants_of(module)]
    random.Random(options.seed).shuffle(mutants)
    listed = dict.fromkeys(EQUIVALENT[backend], "equivalent") | dict.fromkeys(OPEN[backend], "open")
    trials = Trials(backend, options.programs, telling, options.first)
    found: list[Tried] = []
    for mutant in mutants:
        if sum(t.trial.fate is not Fate.INVALID for t in found) == options.sample:
            break
        if not _is_wanted(mutant.name, options.only):
            continue
        where = "" if options.all else listed.get(mutant.name, "")
        trial = Trial(Fate.SURVIVED) if where else trials.tried(mutant)
        if trial.fate is Fate.KILLED:
            telling[trial.case] += 1
        if options.verbose or not (where or trial.fate is Fate.KILLED):
            print(f"{trial.fate}: line {mutant.line}, {mutant.name}: {trial.case} {trial.seen}", flush=True)
        found.append(Tried(mutant, trial, where))
        if sys.stderr.isatty():
            print(f"\r{len(found)} of {options.sample or len(mutants)}", end="", file=sys.stderr, flush=True)
    return found


def _is_wanted(name: str, only: Sequence[str] | None) -> bool:
    return not only or any(part in name for part in only)


def counts_of(found: Sequence[Tried]) -> Counter[str]:
    """How many came to which end; those that could not be loaded are none of the others."""
    return Counter(t.listed or t.trial.fate.value for t in found)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: every mutant, or a sample of them; the exit code is 1 if one survives that is not listed.

    2 says that a case fails on the code as it is, or that a trial broke, so that nothing can be said of mutants.
    """
    options = _options(arguments)
    _preload(options.backend)
    start = time.monotonic()
    telling = _read_telling()
    before = Counter(telling)
    try:
        found = _all_tried(options, telling)
    except Unfounded as why:
        print(f"{options.backend}: {why}", file=sys.stderr)
        return 2
    counts = counts_of(found)
    valid = len(found) - counts[Fate.INVALID]
    ends = [Fate.KILLED, "equivalent", "open", Fate.PROGRAMS, Fate.ENDLESS, Fate.SURVIVED]
    told = ", ".join([f"{counts[end]} {end}" for end in ends])
    print(f"{options.backend}: {valid} mutants: {told}; {counts[Fate.INVALID]} invalid apart", end="; ")
    print(f"seed {options.seed}, {time.monotonic() - start:.0f} s")
    if options.learn:
        _write_telling(_read_telling() + (telling - before))
    if options.json:
        rows = [
            {"mutant": t.mutant.name, "line": t.mutant.line, "listed": t.listed, **t.trial._asdict()} for t in found
        ]
        report = {"backend": options.backend, "seed": options.seed, "counts": counts, "mutants": rows}
        options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 1 if counts[Fate.SURVIVED] or counts[Fate.PROGRAMS] or counts[Fate.ENDLESS] else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("backend", choices=sorted(COMPILING))
    parser.add_argument("--sample", type=int, help="so many of them, drawn by the seed; all if not given")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--programs", type=int, default=40, help="generated programs for what the cases do not notice")
    parser.add_argument("--only", nargs="+", metavar="TEXT", help="mutants with one of these in their name")
    parser.add_argument("--first", nargs="+", default=(), metavar="CASE", help="cases that are tried before the others")
    parser.add_argument("--all", action="store_true", help="those that are listed in known.py, too")
    parser.add_argument("--learn", action="store_true", help="add the cases that killed to telling.txt")
    parser.add_argument("--verbose", action="store_true", help="tell of those that are killed, too")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args(arguments)


def _read_telling() -> Counter[str]:
    lines = TELLING.read_text(encoding="utf-8").splitlines() if TELLING.exists() else []
    return Counter({name: int(count) for count, name in (line.split(" ", 1) for line in lines)})


def _write_telling(telling: Counter[str]) -> None:
    TELLING.write_text("".join([f"{count} {name}\n" for name, count in telling.most_common()]), encoding="utf-8")


def _preload(backend: str) -> None:
    """Import what is slow to import and not changed, before forking."""
    match backend:
        case "cpsat":
            from ortools.sat.python import cp_model  # noqa: F401
        case "milp":
            from ortools.math_opt.python import mathopt  # noqa: F401
        case "z3":
            import z3  # noqa: F401
        case "asp":
            import clingo  # noqa: F401
        case "prolog":
            importlib.import_module("nsr.solvers.prolog")


if __name__ == "__main__":
    sys.exit(main())
