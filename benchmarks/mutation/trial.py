"""One mutant on the conformance cases, in a process of its own, and what came of it.

Only a case that answers otherwise than the code as it is kills a mutant. A mutant whose module cannot be loaded was
never tried; one that goes past the limits of time or memory was not noticed by any answer; neither counts as killed.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import random
import resource
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from benchmarks.differential import compared, source_of
from benchmarks.mutation.known import COMPILING
from benchmarks.mutation.reach import HIT
from nsr.engine.checking import parse_program
from nsr.errors import UnsoundBackend
from nsr.solvers.registry import get_backend
from nsr.testing.cases import CASES, Case
from nsr.testing.conformance import NoPlan, results_of, wrong_in, wrong_number
from nsr.testing.generate_whole import KINDS
from nsr.testing.matrix import SNAPSHOT, cell, read

__all__ = ["Fate", "Limits", "Trial", "cases_in_order", "reached_by", "try_source"]

ROOT = Path(__file__).parents[2]

HITS: dict[str, set[int]] = {}
"""Module to the lines that were come to, where its source notes them."""


class Fate(StrEnum):
    """What came of a mutant."""

    BEGUN = "begun"
    """Nothing yet."""
    KILLED = "killed"
    """A case was answered otherwise, or the code broke while it was worked off."""
    PROGRAMS = "killed by generated programs only"
    SURVIVED = "survived"
    ENDLESS = "past the limits"
    INVALID = "invalid"
    """The module could not be loaded: nothing was tried."""
    HARNESS = "harness"
    """The trial itself broke, which says nothing of the mutant."""


class Trial(NamedTuple):
    """The fate of a mutant; the case (or the seed of the program) that decided it, and what was seen."""

    fate: Fate
    case: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Processor seconds, seconds, and bytes of memory for one trial."""

    processor: int = 240
    wall: int = 1200
    memory: int = 12 << 30


class _Loader:
    """Gives some modules another source."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name in self._sources else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__[HIT] = HITS.setdefault(module.__name__, set())
        exec(compile(self._sources[module.__name__], f"<{module.__name__}>", "exec"), module.__dict__)


def cases_in_order(first: Sequence[str] = ()) -> list[Case]:
    """The cases, those that are named before the others.

    Neighbouring cases are alike, so the others are taken far apart, in the same order every time.
    """
    place = {name: number for number, name in enumerate(first)}
    return sorted(CASES, key=lambda c: (place.get(c.name, len(place)), random.Random(c.name).random()))


def try_source(
    sources: Mapping[str, str], backend: str, cases: Sequence[Case], programs: int = 0, limits: Limits | None = None
) -> Trial:
    """What comes of a back end with other sources for some of its modules. The process must have no threads."""
    lines, status = _in_a_process(lambda tell: _tried(sources, backend, cases, programs, tell), limits or Limits())
    return _ended([Trial(Fate(fate), case, seen) for fate, case, seen in lines], status)


def reached_by(sources: Mapping[str, str], backend: str, cases: Sequence[Case]) -> dict[str, set[tuple[str, int]]]:
    """Case to the modules and lines it comes to, by sources that note them.

    Raises:
        RuntimeError: if a case fails, or not all are worked off.
    """

    def noted(tell: Callable[[Any], None]) -> Sequence[object]:
        _load(sources, backend)
        cells = _cells(backend)
        for case in cases:
            for hits in HITS.values():
                hits.clear()
            seen = _noticed(case, backend, cells.get(case.name))
            tell([case.name, seen, [(module, line) for module, hits in HITS.items() for line in hits]])
        return ["", None, []]

    lines, status = _in_a_process(noted, Limits(processor=1200, wall=6000))
    for name, seen, _ in lines:
        if seen is not None:
            raise RuntimeError(f"without any mutant the case {name} fails as well: {seen}")
    if status or len(lines) <= len(cases):
        raise RuntimeError("not all cases could be worked off on the code as it is")
    return {name: {(module, line) for module, line in hits} for name, _, hits in lines}


def _in_a_process(work: Callable[[Callable[[Any], None]], object], limits: Limits) -> tuple[list[Any], int]:
    """What a process wrote and how it ended: what the work tells as it goes on, last what it returns."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reader)
            _restrict(limits)
            with os.fdopen(writer, "w") as out:

                def tell(line: object) -> None:
                    out.write(json.dumps(line) + "\n")
                    out.flush()

                tell(work(tell))
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as told:
        lines = [json.loads(line) for line in told]
    return lines, os.waitpid(pid, 0)[1]


def _restrict(limits: Limits) -> None:
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, signal.SIG_DFL)
    signal.alarm(limits.wall)
    signal.setitimer(signal.ITIMER_PROF, limits.processor)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _ended(lines: Sequence[Trial], status: int) -> Trial:
    """From what a process wrote and how it ended."""
    last = lines[-1] if lines else Trial(Fate.HARNESS, "", "nothing was written")
    if last.fate is not Fate.BEGUN:
        return last
    if not os.WIFSIGNALED(status):
        return Trial(Fate.HARNESS, last.case, f"exit status {os.waitstatus_to_exitcode(status)}")
    number = signal.Signals(os.WTERMSIG(status))
    match number:
        case signal.SIGALRM | signal.SIGPROF:
            return Trial(Fate.ENDLESS, last.case, number.name)
        case signal.SIGKILL | signal.SIGTERM | signal.SIGINT:
            return Trial(Fate.HARNESS, last.case, number.name)
        case _:
            # The solver's own code gave up on what was compiled.
            return Trial(Fate.KILLED, last.case, f"crash: {number.name}")


def _tried(
    sources: Mapping[str, str], backend: str, cases: Sequence[Case], programs: int, tell: Callable[[Trial], None]
) -> Trial:
    """The fate, in the process of the trial; each case that is begun is told."""
    try:
        _load(sources, backend)
    except Exception as error:
        return Trial(Fate.INVALID, "", _described(error))
    if any(not isinstance(sys.modules[name].__loader__, _Loader) for name in sources):
        return Trial(Fate.HARNESS, "", "another module was loaded than the mutant")
    cells = _cells(backend)
    for case in cases:
        tell(Trial(Fate.BEGUN, case.name))
        try:
            seen = _noticed(case, backend, cells.get(case.name))
        except MemoryError:
            return Trial(Fate.ENDLESS, case.name, "memory")
        except Exception as error:
            return Trial(Fate.KILLED, case.name, f"crash: {_described(error)}")
        if seen is not None:
            return Trial(Fate.KILLED, case.name, seen)
    pool = sorted(KINDS)
    for seed in range(programs):
        tell(Trial(Fate.BEGUN, f"program {seed}"))
        if (outcome := compared(source_of(seed, pool), [backend])[backend]).startswith("wrong"):
            return Trial(Fate.PROGRAMS, f"program {seed}", outcome)
    return Trial(Fate.SURVIVED)


def _cells(backend: str) -> dict[str, str]:
    """The statuses that a back end gives to each case, by the snapshot of the tests."""
    return {name: row[backend] for name, row in read((ROOT / SNAPSHOT).read_text(encoding="utf-8")).items()}


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _noticed(case: Case, backend: str, known: str | None) -> str | None:
    """What is wrong with the answers to a case; a status that is not the one of the tests' snapshot is."""
    program = parse_program(case.program)
    try:
        results = results_of(program, backend)
        if known is not None and cell(results) != known:
            return f"{cell(results)}, not {known}"
        wrong = [] if isinstance(results, NoPlan) else wrong_in(case, program, results)
        wrong = wrong or wrong_number(case, program, backend)
    except UnsoundBackend as error:
        return f"unsound: {error}"[:300]
    return wrong[0][:300] if wrong else None


def _load(sources: Mapping[str, str], backend: str) -> None:
    """Have everything that was imported of the back end imported anew, with those sources."""
    package = f"nsr.solvers.{backend}"
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]
    get_backend.cache_clear()
    sys.meta_path.insert(0, _Loader(sources))  # type: ignore[arg-type]
    for name in (package, *COMPILING[backend]):
        importlib.import_module(name)
    get_backend(backend)
