"""How many one-clue mistakes the loop's checks detect, and how often they are wrong about right programs.

Right programs are made from the gold clues, with the clues' sentences as citations; then one statement at a time is
left out or changed: another value of the same attribute, the other direction, off by one, a lost "not". Mistakes that
leave the set of solutions as it is are harmless and not counted. A mistake is detected when the program has no
solution, more than one, or the audit has a finding on the changed statement.

    python -m benchmarks.puzzles.mutations DATA.jsonl
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.puzzles.data import GoldClue, Puzzle, Ref, read_puzzles
from benchmarks.puzzles.grids import Atom, groups_of, relation_atom, solutions, solve_clues
from benchmarks.puzzles.programs import Names, checked, gold_declarations, spelled_declarations, statement
from benchmarks.puzzles.report import progress, save, share, share_json, table
from nsr.lint.audit import audit

KINDS = ("drop", "wrong value", "swapped direction", "off by one", 'lost "not"')
EXTRA = ('added "not"', "step for order", "order for step", "direction for neighbors")
DIRECTED = ("directly_left", "left_of", "right_of")
DISTANCES = {"side_by_side": 1, "between_one": 2, "between_two": 3}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed statement: its formula, and the same as an atom of positions (both None for a dropped one)."""

    kind: str
    formula: str | None
    atom: Atom[Ref] | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A harmful mutation, what showed it, and where it was."""

    puzzle: str
    kind: str
    relation: str
    sentence: str
    formula: str
    solutions: int
    codes: tuple[str, ...]

    @property
    def is_detected(self) -> bool:
        """Whether a check spoke."""
        return self.solutions != 1 or bool(self.codes)


def mutants(clue: GoldClue, puzzle: Puzzle, names: Names, rng: random.Random) -> Iterator[Mutant]:
    """The mutations of one clue, harmful or not."""
    size = puzzle.houses
    yield Mutant("drop", None, None)

    def relation(kind: str, name: str, left: Ref, right: Ref | int) -> Mutant:
        return Mutant(kind, names.formula(name, left, right), relation_atom(name, left, right, size))

    def distance(kind: str, wanted: int) -> Mutant:
        assert not isinstance(clue.right, int)
        masks = tuple(sum(1 << b for b in range(size) if abs(a - b) == wanted) for a in range(size))
        formula = f"abs({names.term(clue.left)} - {names.term(clue.right)}) == {wanted}"
        return Mutant(kind, formula, Atom(clue.left, clue.right, masks))

    def shift(kind: str, wanted: int) -> Mutant:
        assert not isinstance(clue.right, int)
        masks = tuple(sum(1 << b for b in range(size) if a + wanted == b) for a in range(size))
        formula = f"{names.term(clue.left)} + {wanted} == {names.term(clue.right)}"
        return Mutant(kind, formula, Atom(clue.left, clue.right, masks))

    for other in _others(clue.left, puzzle, rng):
        if other != clue.right:
            yield relation("wrong value", clue.kind, other, clue.right)
    if isinstance(clue.right, int):
        for number in (clue.right - 1, clue.right + 1):
            if 1 <= number <= size:
                yield relation("off by one", clue.kind, clue.left, number)
        if clue.kind == "not_at":
            yield relation('lost "not"', "found_at", clue.left, clue.right)
        else:
            yield relation('added "not"', "not_at", clue.left, clue.right)
        return
    for other in _others(clue.right, puzzle, rng):
        if other != clue.left:
            yield relation("wrong value", clue.kind, clue.left, other)
    if clue.kind in DIRECTED:
        yield relation("swapped direction", clue.kind, clue.right, clue.left)
    if clue.kind == "directly_left":
        yield shift("off by one", 2)
        yield relation("order for step", "left_of", clue.left, clue.right)
    if clue.kind in ("left_of", "right_of"):
        step = ("directly_left", clue.left, clue.right)
        yield relation("step for order", *(step if clue.kind == "left_of" else (step[0], step[2], step[1])))
    if clue.kind in DISTANCES:
        for wanted in (DISTANCES[clue.kind] - 1, DISTANCES[clue.kind] + 1):
            if 1 <= wanted < size:
                yield distance("off by one", wanted)
        yield shift("direction for neighbors", DISTANCES[clue.kind])


def _others(ref: Ref, puzzle: Puzzle, rng: random.Random) -> list[Ref]:
    """One other value of the same attribute, drawn."""
    rest = [v for v in puzzle.values[ref[0]] if v != ref[1]]
    return [(ref[0], rng.choice(rest))] if rest else []


@dataclass(slots=True)
class Findings:
    """What the audit says of a puzzle's right program and of its mutations."""

    right: dict[int, tuple[str, ...]]
    verdicts: list[Verdict]
    harmless: Counter[str]


def examine(puzzle: Puzzle, rng: random.Random, *, from_text: bool) -> Findings:
    """All mutations of a puzzle, each solved exactly and audited."""
    declared = spelled_declarations(puzzle) if from_text else gold_declarations(puzzle)
    names = Names(declared, puzzle)
    atoms = [relation_atom(c.kind, c.left, c.right, puzzle.houses) for c in puzzle.clues]
    groups = groups_of(puzzle.values)
    gold = puzzle.placed
    statements: list[str] = []
    harmful: list[tuple[str, int, Mutant, int]] = []
    harmless: Counter[str] = Counter()
    for number, clue in enumerate(puzzle.clues):
        statements.append(statement(f"c{number}", clue.text, names.formula(clue.kind, clue.left, clue.right)))
        for which, mutant in enumerate(mutants(clue, puzzle, names, rng)):
            changed = [*atoms[:number], *([mutant.atom] if mutant.atom else []), *atoms[number + 1 :]]
            found = solutions(puzzle.houses, groups, changed)
            if len(found) == 1 and found[0] == gold:
                harmless[mutant.kind] += 1
                continue
            label = f"c{number}_{which}"
            harmful.append((label, number, mutant, len(found)))
            if mutant.formula is not None:
                statements.append(statement(label, clue.text, mutant.formula))
    program = checked(declared, statements)
    codes = {
        name: tuple(sorted({f.code for f in findings}))
        for name, findings in audit(program, declarations=declared).items()
    }
    verdicts = [
        Verdict(
            puzzle.id,
            mutant.kind,
            puzzle.clues[number].kind,
            puzzle.clues[number].text,
            mutant.formula or "",
            count,
            codes.get(label, ()),
        )
        for label, number, mutant, count in harmful
    ]
    right = {number: codes.get(f"c{number}", ()) for number in range(len(puzzle.clues))}
    return Findings(right, verdicts, harmless)


def cross_check(puzzles: Sequence[Puzzle]) -> int:
    """Solves gold programs by the package's own solvers too; the number that both agree on.

    Ends the process if one differs.
    """
    import nsr

    for puzzle in progress(puzzles, "puzzles cross-checked"):
        declared = gold_declarations(puzzle)
        names = Names(declared, puzzle)
        for dropped in (None, 0):
            kept = [c for i, c in enumerate(puzzle.clues) if i != dropped]
            program = checked(
                declared,
                [statement(f"c{i}", c.text, names.formula(c.kind, c.left, c.right)) for i, c in enumerate(kept)],
            )
            ours, theirs = len(solve_clues(puzzle, kept)), nsr.run(program).status
            expected = {1: nsr.Status.SOLVED, 2: nsr.Status.UNDETERMINED}[ours]
            if theirs is not expected:
                sys.exit(f"{puzzle.id}: {ours} solutions by the benchmark's solver, the package says {theirs.value}")
    return len(puzzles)


def what_showed(verdict: Verdict) -> Iterator[str]:
    """The checks that spoke."""
    if verdict.solutions == 0:
        yield "contradiction"
    if verdict.solutions > 1:
        yield "more than one solution"
    yield from verdict.codes
    if not verdict.is_detected:
        yield "none"


def summary(results: dict[str, Findings]) -> dict[str, Any]:
    """All counts as JSON."""
    verdicts = [v for f in results.values() for v in f.verdicts]
    by_kind: dict[str, Any] = {}
    for kind in (*KINDS, *EXTRA):
        chosen = [v for v in verdicts if v.kind == kind]
        detected = sum(v.is_detected for v in chosen)
        by_kind[kind] = {
            **share_json(detected, len(chosen)),
            "harmless": sum(f.harmless[kind] for f in results.values()),
            "by_audit_alone": sum(v.solutions == 1 and bool(v.codes) for v in chosen),
            "audit": sum(bool(v.codes) for v in chosen),
            "shown_by": dict(Counter(s for v in chosen for s in what_showed(v)).most_common()),
        }
    counted = [v for v in verdicts if v.kind in KINDS]
    clues = [codes for f in results.values() for codes in f.right.values()]
    return {
        "puzzles": len(results),
        "detected": share_json(sum(v.is_detected for v in counted), len(counted)),
        "kinds": by_kind,
        "false_alarms": {
            "programs": share_json(sum(any(f.right.values()) for f in results.values()), len(results)),
            "clues": share_json(sum(bool(c) for c in clues), len(clues)),
            "codes": dict(Counter(code for c in clues for code in c).most_common()),
        },
    }


def show(found: dict[str, Any]) -> str:
    """The summary as tables."""
    rows = []
    for kind, row in found["kinds"].items():
        shown = ", ".join(f"{name} {count}" for name, count in row["shown_by"].items())
        rows.append([kind, share(row["count"], row["n"]), row["audit"], row["harmless"], shown])
    total = found["detected"]
    rows.insert(len(KINDS), ["all of these", share(total["count"], total["n"]), "", "", ""])
    alarms = found["false_alarms"]
    return "\n".join(
        [
            table(["mutation", "detected", "by audit", "harmless", "what showed it (several may speak)"], rows),
            "",
            f"right programs with a finding: {share(alarms['programs']['count'], alarms['programs']['n'])}",
            f"right clues with a finding:    {share(alarms['clues']['count'], alarms['clues']['n'])} {alarms['codes']}",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="puzzles with gold clues, JSONL")
    parser.add_argument("--limit", type=int, help="only so many puzzles")
    parser.add_argument("--seed", type=int, default=0, help="seed of the drawn values (default 0)")
    parser.add_argument("--from-text", action="store_true", help="declarations as read from the text")
    parser.add_argument("--cross-check", type=int, default=0, metavar="N", help="solve N puzzles by nsr's solvers too")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N missed mistakes and N false alarms")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers")
    options = parser.parse_args(arguments)
    puzzles = read_puzzles(options.data, options.limit, options.seed)
    results = {}
    for puzzle in progress(puzzles, "puzzles"):
        rng = random.Random(f"{options.seed}/{puzzle.id}")
        results[puzzle.id] = examine(puzzle, rng, from_text=options.from_text)
    found = summary(results)
    print(show(found))
    if options.show:
        _print_cases(puzzles, results, options.show)
    if options.cross_check:
        sample = random.Random(options.seed).sample(puzzles, min(options.cross_check, len(puzzles)))
        found["cross_checked"] = cross_check(sample)
        print(f"cross-checked with the package's solvers: {found['cross_checked']} puzzles, no difference")
    save(options.json, found)


def _print_cases(puzzles: Sequence[Puzzle], results: dict[str, Findings], count: int) -> None:
    missed = defaultdict(list)
    for findings in results.values():
        for verdict in findings.verdicts:
            if not verdict.is_detected:
                missed[verdict.kind].append(verdict)
    for kind, verdicts in missed.items():
        print(f"\nmissed, {kind}:")
        for v in verdicts[:count]:
            print(f"  {v.puzzle}: {v.sentence} | {v.formula}")
    print("\nfalse alarms:")
    alarms = [(p.id, p.clues[n].text, c) for p in puzzles for n, c in results[p.id].right.items() if c]
    for identifier, text, codes in alarms[:count]:
        print(f"  {identifier}: {text} {list(codes)}")


if __name__ == "__main__":
    main()


__all__ = ["EXTRA", "KINDS", "Mutant", "Verdict", "examine", "mutants", "summary", "what_showed"]
