"""ASPBench through the reader of answer-set programs: entailment of literals, and all answer sets.

    python -m benchmarks.aspbench shared/data/rules [--backends asp cpsat] [--limit N]

The folder holds `aspbench_entailment.dev.jsonl` (is the literal in every answer set, its contrary in every one, or
neither) and `aspbench_answersets.dev.jsonl` (all answer sets). A program outside of what is read is refused; refusals
are counted by what they say. Exit code 1 says that an answer was wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nsr.dialects.asp import read_asp
from nsr.dialects.asp_program import Written
from nsr.engine.checking import parse_program
from nsr.errors import ProgramError
from nsr.language.ir import Program, Structure
from nsr.language.sorts import Element
from nsr.solvers import backend_names
from nsr.solvers.jobs import Job, SatisfiableJob, SolutionsJob, decode_reply, encode_job
from nsr.solvers.protocol import Claim, Outcome
from nsr.solvers.work import work

SECONDS = 30.0


class Refused(Exception):
    """A program that is not read, or that no plan takes to the back end; says why."""


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read(text: str) -> tuple[str, Written]:
    """The program in our language, and what its names stand for."""
    reading, written = read_asp(text)
    if reading.program is None:
        raise Refused(re.sub(r"`[^`]*`|[0-9,]+", "...", reading.errors[0].message))
    return reading.source, written


def checked(source: str) -> Program:
    """The typed program."""
    try:
        return parse_program(source)
    except ProgramError as error:
        raise Refused(f"checker: {error.diagnostics[0].code}") from error


def done(job: Job, backend: str) -> Outcome:
    """What a back end says to a job, worked off in this process."""
    reply = work(encode_job(job, backend, SECONDS, 0))
    if reply.get("gap"):
        raise Refused(f"`{backend}` does not take {', '.join(reply['gap'])}")
    return decode_reply(job, backend, reply)


def literals_of(structure: Structure, written: Written) -> frozenset[str]:
    """The literals of an answer set, written without blanks."""
    found = []
    for name, (predicate, _, is_negative) in written.relations.items():
        for args, truth in structure.get(name, {}).items():
            if truth is True:
                parts = [written.elements[a.name] if isinstance(a, Element) else str(a) for a in args]
                found.append(f"{'-' if is_negative else ''}{predicate}{'(' + ','.join(parts) + ')' if parts else ''}")
    return frozenset(found)


def plain(literal: str) -> str:
    """A literal without blanks outside of strings."""
    return "".join(part if part.startswith('"') else part.replace(" ", "") for part in re.split(r'("[^"]*")', literal))


def entailed(row: Mapping[str, Any], backend: str) -> str:
    """Whether the literal of a row is in every answer set, or its contrary is: two marks added as rules."""
    literal = row["question"].strip().rstrip(".")
    contrary = literal[1:].strip() if literal.startswith("-") else f"-{literal}"
    source, _ = read(f"{row['program']}\nasked_for :- {literal}.\nasked_against :- {contrary}.\n")
    program = checked(source)
    formulas = [f"not {name}" for name in ("asked_for", "asked_against")]
    probe = checked(f"{source}prove: {formulas[0]}\n".replace("find all\n", ""))
    other = checked(f"{source}prove: {formulas[1]}\n".replace("find all\n", ""))
    goals = tuple([one.questions[0].goal.formula for one in (probe, other)])  # type: ignore[union-attr]
    outcome = done(SatisfiableJob(program, 0, goals), backend)
    if outcome.claim is Claim.UNKNOWN:
        raise Refused("limit")
    without_literal, without_contrary = outcome.verdicts
    if not without_literal and outcome.claim is Claim.SATISFIABLE:
        return "positive"
    return "negative" if not without_contrary else "unknown"


def answer_sets(row: Mapping[str, Any], backend: str) -> frozenset[frozenset[str]]:
    """All answer sets of a row's program, up to one more than there are."""
    source, written = read(row["program"])
    program = checked(source)
    outcome = done(SolutionsJob(program, 0, len(row["answer"]) + 1), backend)
    if outcome.claim is Claim.UNKNOWN or (outcome.limit is not None and not outcome.is_complete):
        raise Refused("limit")
    goal = program.questions[0].goal
    shown = set(getattr(goal, "symbols", ())) or set(written.relations)
    kept = {name: key for name, key in written.relations.items() if name in shown}
    told = Written([], kept, written.elements)
    return frozenset([literals_of(structure, told) for structure in outcome.structures])


def outcomes(rows: Sequence[Mapping[str, Any]], kind: str, backend: str) -> Iterator[tuple[str, str, float]]:
    """For each row its name, what came of it, and the seconds that it took."""
    for row in rows:
        start = time.perf_counter()
        try:
            if kind == "entailment":
                is_right = entailed(row, backend) == row["answer"]
            else:
                wanted = frozenset([frozenset(map(plain, one)) for one in row["answer"]])
                is_right = answer_sets(row, backend) == wanted
            told = "right" if is_right else "wrong"
        except Refused as why:
            told = f"refused: {why}"
        yield row["id"], told, time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--backends", nargs="+", choices=backend_names(), default=["asp"])
    parser.add_argument(
        "--kinds", nargs="+", choices=("entailment", "answersets"), default=["entailment", "answersets"]
    )
    parser.add_argument("--limit", type=int, default=None, metavar="N", help="the first N rows of each file")
    options = parser.parse_args(arguments)
    is_wrong = False
    for kind in options.kinds:
        rows = rows_of(options.folder / f"aspbench_{kind}.dev.jsonl")[: options.limit]
        for backend in options.backends:
            counts: Counter[str] = Counter()
            seconds = []
            for name, told, took in outcomes(rows, kind, backend):
                counts[told] += 1
                seconds.append(took)
                if told == "wrong":
                    is_wrong = True
                    print(f"wrong: {name}", flush=True)
            times = f"median {statistics.median(seconds):.3f} s, most {max(seconds):.2f} s"
            print(f"{kind}, {backend}: {len(rows)} rows, {times}")
            for told, count in counts.most_common():
                print(f"{count:6,} {told}")
    return 1 if is_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
