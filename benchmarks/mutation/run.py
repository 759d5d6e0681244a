"""Mutation testing of the compile functions: each small break of one must be noticed by the conformance cases.

    python -m benchmarks.mutation.run cpsat [--sample 40] [--seed 0] [--json FILE]

Each mutant is loaded in the place of its module, in a process of its own, and the conformance cases and some random
programs are run until one fails ("killed"). What changes nothing that could be seen is listed, with the reason, in
`known.py`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from benchmarks.differential import compared, source_of
from benchmarks.mutation.known import COMPILING, EQUIVALENT, OPEN
from benchmarks.mutation.mutants import Mutant, mutants_of, source_of_module
from nsr.engine.checking import parse_program
from nsr.solvers.registry import get_backend
from nsr.testing.cases import CASES, Case
from nsr.testing.conformance import NoPlan, failures, results_of
from nsr.testing.generate_whole import KINDS

__all__ = ["main", "survives"]

SECONDS = 240
"""After so long a mutant counts as killed: it makes something endless."""

KILLED, SURVIVED = 3, 0

MATRIX = Path(__file__).parents[2] / "tests" / "conformance" / "matrix.txt"


class _Loader:
    """Gives one module another source."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self._mutant.module else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._mutant.source, f"<{self._mutant.name}>", "exec"), module.__dict__)


def survives(mutant: Mutant, backend: str, programs: int) -> str | None:
    """None if the mutant is noticed, else where it was looked for; in a process of its own."""
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(SECONDS)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        _put_in(mutant)
        try:
            code = KILLED if _is_noticed(backend, programs) else SURVIVED
        except BaseException:
            code = KILLED
        os._exit(code)
    _, status = os.waitpid(pid, 0)
    return None if status != SURVIVED else f"{mutant.module}:{mutant.line} {mutant.change}"


def _put_in(mutant: Mutant) -> None:
    """Have everything that was imported of the back end imported anew, the mutant in the place of its module."""
    package = mutant.module.rpartition(".")[0]
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]
    get_backend.cache_clear()
    sys.meta_path.insert(0, _Loader(mutant))  # type: ignore[arg-type]


def _is_noticed(backend: str, programs: int) -> bool:
    reached = _reached(backend)
    # Neighbouring cases are alike, so they are taken far apart, in the same order every time.
    for case in sorted(CASES, key=lambda case: random.Random(case.name).random()):
        if failures(case, backend) or (case.name in reached and _is_out_of_reach(case, backend)):
            return True
    pool = sorted(KINDS)
    return any(compared(source_of(seed, pool), [backend])[backend].startswith("wrong") for seed in range(programs))


def _reached(backend: str) -> frozenset[str]:
    """The names of the cases that a back end answers, by the snapshot of the tests."""
    lines = MATRIX.read_text(encoding="utf-8").splitlines()
    place = lines[0].split(" | ").index(backend)
    rows = [line.split(" | ") for line in lines[1:] if line]
    return frozenset(row[0] for row in rows if not row[place].startswith("no plan"))


def _is_out_of_reach(case: Case, backend: str) -> bool:
    return isinstance(results_of(parse_program(case.program), backend), NoPlan)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: every mutant, or a sample of them; the exit code is 1 if one survives that is not listed.

    2 says that the cases fail on the code as it is, so that nothing can be said of mutants.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("backend", choices=sorted(COMPILING))
    parser.add_argument("--sample", type=int, help="so many of them, drawn by the seed; all if not given")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--programs", type=int, default=40, help="generated programs besides the cases")
    parser.add_argument("--all", action="store_true", help="those that are known to be open, too")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    mutants = [mutant for module in COMPILING[options.backend] for mutant in mutants_of(module)]
    total = len(mutants)
    if options.sample is not None and options.sample < total:
        mutants = random.Random(options.seed).sample(mutants, options.sample)
    known = EQUIVALENT[options.backend] | ({} if options.all else OPEN[options.backend])
    survivors, excused = [], 0
    start = time.monotonic()
    _preload(options.backend)
    if survives(_unchanged(options.backend), options.backend, options.programs) is None:
        print(
            f"{options.backend}: the cases fail without any mutant, so that they would kill every one", file=sys.stderr
        )
        return 2
    for number, mutant in enumerate(mutants, 1):
        if mutant.name in known:
            excused += 1
            continue
        left = survives(mutant, options.backend, options.programs)
        if left is not None:
            survivors.append(left)
            print(f"survived: {left}", flush=True)
        if sys.stderr.isatty():
            print(f"\r{number} of {len(mutants)}", end="", file=sys.stderr, flush=True)
    tried = len(mutants) - excused
    killed = tried - len(survivors)
    print(
        f"{options.backend}: {tried} of {total} mutants tried, {killed} killed, {len(survivors)} survived, "
        f"{excused} known to change nothing or to be open; {time.monotonic() - start:.0f} s"
    )
    if options.json:
        report = {"backend": options.backend, "tried": tried, "total": total, "survivors": survivors}
        options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 1 if survivors else 0


def _unchanged(backend: str) -> Mutant:
    """The first module as it is, loaded as mutants are: what the cases have to let pass."""
    module = COMPILING[backend][0]
    return Mutant(module, 1, "nothing", source_of_module(module))


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
