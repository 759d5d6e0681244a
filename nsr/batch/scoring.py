"""Scores of a run against gold answers: right, wrong and abstained apart, first try and after repair apart."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from nsr.batch.statistics import wilson
from nsr.batch.store import Kept, open_run
from nsr.datasets.grids import grids_agree
from nsr.datasets.lint import Examiner
from nsr.datasets.protocol import AnswerKind, Dataset, Judgement, Problem, Scorer, Verdict
from nsr.datasets.published import scorer_of
from nsr.datasets.registry import dataset, dataset_names
from nsr.datasets.scorers import UnreadableGold
from nsr.errors import UsageError
from nsr.results import Result, Status

__all__ = ["Gold", "Judged", "Score", "Tally", "grids_agree", "judged", "score_run", "wilson"]

MISSING = "missing"
"""The verdict on a problem without a result."""


@dataclass(slots=True)
class Tally:
    """Counts of verdicts: right, wrong, abstained (no answer given, whatever the reason), missing (no result)."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def n(self) -> int:
        """All problems with a gold answer and a result; the missing ones are counted apart."""
        return sum(self.counts.values()) - self.counts[MISSING]

    def to_json(self) -> dict[str, Any]:
        """Counts, and with intervals: right of all (accuracy), answered (coverage), right of answered (precision)."""
        n, right = self.n, self.counts["right"]
        answered = right + self.counts["wrong"]
        return {
            "n": n,
            **{k: self.counts[k] for k in ("right", "wrong", "abstained", MISSING)},
            "accuracy": right / n if n else None,
            "interval": list(wilson(right, n)),
            "coverage": answered / n if n else None,
            "coverage_interval": list(wilson(answered, n)),
            "precision": right / answered if answered else None,
            "precision_interval": list(wilson(right, answered)),
        }


class Judged(NamedTuple):
    """A problem of a run with its result and what that is worth; `verdict` is empty without a readable gold answer.

    `parts`: how many parts of the answer are right, of how many, where it has parts (cells of a grid).
    """

    kept: Kept
    verdict: str
    detail: str
    parts: tuple[int, int] | None = None

    @property
    def is_repaired(self) -> bool:
        """Whether the answer came from another program than the first one."""
        result = self.kept.result
        return result is not None and len(result.rounds) > 1 and result.rounds[0].outcome != "one solution"

    @property
    def evidence(self) -> str:
        """How the answer is known, `none` without one."""
        result = self.kept.result
        return result.evidence.kind.value if result is not None and result.evidence.kind is not None else "none"


@dataclass(slots=True)
class Score:
    """A run's tally, the same by group and by how the answer came about, and the problems that are not right.

    `first_try` is what the run would be worth without repair: a problem whose first program did not stand counts as
    abstained there. `after_repair` holds those problems alone. `in_doubt` are those whose gold answer `gold` has doubts
    about, `beyond_doubt` the others; gold answers that nobody can read are in no tally, and listed in `gold`.
    """

    all: Tally = field(default_factory=Tally)
    groups: dict[str, Tally] = field(default_factory=dict)
    first_try: Tally = field(default_factory=Tally)
    after_repair: Tally = field(default_factory=Tally)
    by_evidence: dict[str, Tally] = field(default_factory=dict)
    claimed: int = 0
    faults: int = 0
    retried: int = 0
    not_right: list[tuple[str, str, str]] = field(default_factory=list)
    gold: Examiner = field(default_factory=Examiner)
    in_doubt: Tally = field(default_factory=Tally)
    beyond_doubt: Tally = field(default_factory=Tally)
    right_parts: int = 0
    parts: int = 0

    def add(self, one: Judged, group: str | None = None) -> None:
        """Counts one more problem."""
        self.all.counts[one.verdict] += 1
        if group is not None:
            self.groups.setdefault(group, Tally()).counts[one.verdict] += 1
        if one.verdict == MISSING:
            self.first_try.counts[MISSING] += 1
        elif one.is_repaired:
            self.first_try.counts["abstained"] += 1
            self.after_repair.counts[one.verdict] += 1
        else:
            self.first_try.counts[one.verdict] += 1
        if one.verdict in ("right", "wrong"):
            self.by_evidence.setdefault(one.evidence, Tally()).counts[one.verdict] += 1
            self.claimed += one.evidence == "claimed"
        self.faults += one.kept.fault is not None
        self.retried += one.kept.attempts > 1
        if one.parts is not None:
            self.right_parts += one.parts[0]
            self.parts += one.parts[1]
        if one.verdict != "right":
            self.not_right.append((one.kept.problem.id, one.verdict, one.detail))

    def to_json(self) -> dict[str, Any]:
        """The score as one JSON object."""
        return {
            **self.all.to_json(),
            "first_try": self.first_try.to_json(),
            "after_repair": self.after_repair.to_json(),
            "by_evidence": {k: v.to_json() for k, v in sorted(self.by_evidence.items())},
            "claimed": self.claimed,
            "faults": self.faults,
            "retried": self.retried,
            "groups": {k: v.to_json() for k, v in sorted(self.groups.items())},
            "not_right": [{"id": i, "verdict": v, "reason": r} for i, v, r in self.not_right],
            "parts": {"right": self.right_parts, "n": self.parts} if self.parts else None,
            "gold": self.gold.to_json(),
            "in_doubt": self.in_doubt.to_json(),
            "beyond_doubt": self.beyond_doubt.to_json(),
        }


class Gold(NamedTuple):
    """A JSONL file of gold answers, and which of its fields are what (None: the first of the usual ones)."""

    path: Path
    gold_field: str = "solution"
    id_field: str = "id"


def score_run(
    folder: Path | Sequence[Path],
    gold: Path | None = None,
    *,
    gold_field: str = "solution",
    id_field: str = "id",
    by: str | None = None,
    scorer: str | None = None,
) -> Score:
    """Compares the results of a run, or of its shards, with gold answers: of a JSONL file, or those of the input.

    Answers are scored as the data set of the run says, or as answers of the kind `scorer` (`AnswerKind`). Where a set
    has no scorer of its own, a gold answer is a grid `{"header", "rows"}`, or a JSON value that the answer must equal.

    Raises:
        UsageError: for a missing file or field, a run without gold answers, or a field that no problem has.
    """
    score = Score()
    known: set[str] = set()
    verdicts: dict[str, str] = {}
    for one in judged(folder, Gold(gold, gold_field, id_field) if gold is not None else None, scorer):
        score.gold.look(one.kept.problem, _dataset(one.kept.problem.dataset))
        if one.verdict:
            verdicts[one.kept.problem.id] = one.verdict
            known |= one.kept.problem.meta.keys()
            score.add(one, group_of(one.kept.problem, by) if by is not None else None)
    doubtful = score.gold.doubtful()
    for identifier, verdict in verdicts.items():
        (score.in_doubt if identifier in doubtful else score.beyond_doubt).counts[verdict] += 1
    if not score.all.counts:
        raise UsageError("no problem of the run has a gold answer that can be read; give a file of them with --gold")
    check_group(by, known)
    return score


def check_group(by: str | None, fields: Set[str]) -> None:
    """Refuses to group by what is not among the fields of the problems.

    Raises:
        UsageError: if no problem has it.
    """
    if by is not None and by not in (known := {*fields, "dataset"}):
        raise UsageError(f"no problem has a field {by!r}; there are: {', '.join(sorted(known))}")


def group_of(problem: Problem, by: str) -> str:
    """The value of a field that one may group by, as text."""
    return problem.dataset if by == "dataset" else str(problem.meta.get(by))


def judged(folder: Path | Sequence[Path], gold: Gold | None = None, scorer: str | None = None) -> Iterator[Judged]:
    """Every problem of a run with its verdict; with a gold file all problems of that file, and no others.

    Raises:
        UsageError: for a folder without a run, a gold file that cannot be used, a problem that is in two folders, or a
            kind of answers that there is not.
    """
    if scorer is not None and scorer not in set(AnswerKind):
        raise UsageError(f"there is no scorer {scorer!r}; there are {', '.join(AnswerKind)}")
    rows = _gold_rows(gold) if gold is not None else None
    seen: set[str] = set()
    for place in [folder] if isinstance(folder, Path) else folder:
        store = open_run(place, must_exist=True)
        try:
            for kept in store.kept():
                if kept.problem.id in seen:
                    raise UsageError(
                        f"the problem {kept.problem.id!r} is in two of the runs: they are no shards of one"
                    )
                seen.add(kept.problem.id)
                if rows is not None and kept.problem.id not in rows:
                    continue
                yield _judged(kept if rows is None else _with_gold(kept, rows[kept.problem.id]), scorer)
        finally:
            store.close()
    for identifier, row in (rows or {}).items():
        if identifier not in seen:
            yield _judged(_with_gold(Kept(Problem(id=identifier, position=0), None, None, 0), row), scorer)


def _judged(kept: Kept, scorer: str | None = None) -> Judged:
    if kept.problem.gold is None:
        return Judged(kept, "", "")
    if kept.result is None:
        return Judged(kept, MISSING, "no result in the run")
    used = _dataset(kept.problem.dataset).scorer if scorer is None else scorer_of(AnswerKind(scorer))
    try:
        return Judged(kept, *_score(used, kept.problem, kept.result))
    except UnreadableGold as error:
        return Judged(kept, "", str(error))


def _score(scorer: Scorer, problem: Problem, result: Result) -> Judgement:
    found = scorer.score(problem, result)
    if result.status in (Status.ABSTAINED, Status.LIMIT):
        # No answer is no wrong answer, whatever a scorer makes of it.
        return Judgement(Verdict.ABSTAINED, result.reason or result.status.value, found.parts)
    return found


@cache
def _dataset(name: str) -> Dataset:
    """A data set by its name; looked up once, since looking for other packages takes milliseconds."""
    return dataset(name if name in dataset_names() else "jsonl")


def _with_gold(kept: Kept, row: Mapping[str, Any]) -> Kept:
    gold, meta = row["gold"], {**kept.problem.meta, **row["meta"]}
    return kept._replace(problem=replace(kept.problem, gold=gold, meta=meta))


def _gold_rows(gold: Gold) -> dict[str, dict[str, Any]]:
    path, gold_field, id_field = gold
    rows: dict[str, dict[str, Any]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError(f"line {number} of {path} is not JSON: {error}") from error
        for wanted in (gold_field, id_field):
            if wanted not in row:
                raise UsageError(f"line {number} of {path} has no field {wanted!r}; it has: {', '.join(row)}")
        meta = {k: v for k, v in row.items() if k != gold_field and isinstance(v, (str, int, float, bool))}
        rows[str(row[id_field])] = {"gold": row[gold_field], "meta": meta}
    return rows
