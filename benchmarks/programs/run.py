"""Parses, checks and runs the programs beside this file, and compares their answers with the gold ones of the data.

    python -m benchmarks.programs.run DATA [--set NAME] [--backend NAME] [--seconds 20] [--show] [--json FILE]

DATA is the folder with `logic`, `rules` and `puzzles`. Every program goes to each back end that some plan reaches, and
to enumeration where that is small. With `--backend auto` the engine picks the back end and has denials confirmed by a
second one. A line that is not right is shown with `--show`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.programs.enumerated import enumerated
from benchmarks.programs.gold import SETS, gold_of, is_right
from nsr.engine.checking import check_source
from nsr.engine.engine import Engine
from nsr.engine.options import Options
from nsr.errors import NsrError, ProgramError
from nsr.grammars.parser import parse
from nsr.language.ir import Choose, Program
from nsr.language.sorts import InfiniteSort
from nsr.limits import BudgetExceeded, Limits
from nsr.solvers import backend_names
from nsr.solvers.protocol import Gap

HERE = Path(__file__).parent
ENUMERATION = "enumeration"
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one program on one back end; `outcome` is right, wrong, no answer, no plan or an error."""

    set: str
    id: str
    backend: str
    is_parsed: bool
    is_checked: bool
    outcome: str
    seconds: float = 0.0
    told: str = ""


def _labels(program: Program) -> list[str]:
    question = program.questions[0]
    options = question.goal.options if isinstance(question.goal, Choose) else question.options
    return [o.label for o in options]


def lines_of(data: Path, name: str, path: Path, backends: Sequence[str], seconds: float) -> Iterable[Line]:
    """One line for each back end."""
    source = path.read_text(encoding="utf-8")
    parsed = parse(source)
    if parsed.program is None or parsed.diagnostics:
        yield from (Line(name, path.stem, b, False, False, "not parsed") for b in backends)
        return
    program, diagnostics = check_source(source)
    if program is None:
        told = "; ".join(f"{d.code}: {d.message}" for d in diagnostics[:2])
        yield from (Line(name, path.stem, b, True, False, "not checked", told=told) for b in backends)
        return
    gold = gold_of(data, name, path)
    for backend in backends:
        started = time.perf_counter()
        outcome, answer = _answer(program, backend, seconds)
        took = time.perf_counter() - started
        if outcome == "answered":
            outcome = "right" if is_right(gold, answer, _labels(program)) else "wrong"
        yield Line(name, path.stem, backend, True, True, outcome, took, str(answer))


def _answer(program: Program, backend: str, seconds: float) -> tuple[str, Any]:
    """ "answered" and the answer, or why there is none."""
    try:
        if backend == ENUMERATION:
            return "answered", enumerated(program)
        options = Options(backend=backend, limits=Limits(wall_seconds=seconds), confirm=backend == AUTO)
        question = Engine(options).run(program).questions[0]
    except BudgetExceeded as error:
        return "no answer", f"the {error.kind.value} limit"
    except ProgramError as error:
        return ("no plan" if isinstance(error.__cause__, Gap) else "error"), str(error)
    except (NsrError, InfiniteSort, ValueError, NotImplementedError, AssertionError, KeyError, TypeError) as error:
        return "error", f"{type(error).__name__}: {error}"
    if backend != AUTO and question.evidence.backend not in (None, backend):
        return "no plan", f"answered by {question.evidence.backend}"
    if question.answer is None:
        return "no answer", f"{question.status.value}: {question.reason}"
    return "answered", question.answer


OUTCOMES = ("right", "wrong", "no answer", "no plan", "error")


def table(lines: Sequence[Line]) -> str:
    """A row for each set and back end, with the median of the seconds of those answered."""
    rows = [f"{'set':22}{'back end':13}{'n':>4}{'parsed':>8}{'checked':>9}" + "".join(f"{o:>11}" for o in OUTCOMES)]
    rows[0] += f"{'seconds':>9}"
    for name, backend in dict.fromkeys((line.set, line.backend) for line in lines):
        here = [line for line in lines if (line.set, line.backend) == (name, backend)]
        counts = [sum(line.outcome == o for line in here) for o in OUTCOMES]
        took = [line.seconds for line in here if line.outcome in ("right", "wrong")]
        row = f"{name:22}{backend:13}{len(here):4}{sum(x.is_parsed for x in here):8}{sum(x.is_checked for x in here):9}"
        row += "".join(f"{c:11}" for c in counts)
        rows.append(row + (f"{statistics.median(took):9.2f}" if took else f"{'-':>9}"))
    return "\n".join(rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", action="append", choices=sorted(SETS), help="only this set; may be repeated")
    parser.add_argument("--backend", action="append", help="only this one, `auto` or `enumeration`; may be repeated")
    parser.add_argument("--only", default="", help="programs whose name contains this")
    parser.add_argument("--seconds", type=float, default=20.0, help="limit for one run of a back end")
    parser.add_argument("--show", action="store_true", help="a line for every program that is not right")
    parser.add_argument("--json", type=Path, help="file for all lines")
    return parser.parse_args()


def main() -> None:
    """Runs everything and prints the table."""
    options = _options()
    backends = options.backend or [*backend_names(), ENUMERATION]
    lines: list[Line] = []
    for name in options.set or SETS:
        for path in sorted(p for p in (HERE / name).glob("*.nsr") if options.only in p.stem):
            for line in lines_of(options.data, name, path, backends, options.seconds):
                lines.append(line)
                if options.show and line.outcome != "right":
                    print(f"{line.set}/{line.id} [{line.backend}] {line.outcome}: {line.told[:300]}", flush=True)
            print(f"{name}/{path.stem}", file=sys.stderr)
    print(table(lines))
    if options.json:
        options.json.write_text(json.dumps([asdict(line) for line in lines], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
