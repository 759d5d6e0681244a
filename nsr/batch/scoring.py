"""Scores of a run against gold answers: right, wrong and abstained apart, first try and after repair apart."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from nsr.batch.store import RunStore
from nsr.errors import UsageError
from nsr.explain.spelling import folded
from nsr.formalizers.quantities import read_quantity
from nsr.results import EvidenceKind, Result

__all__ = ["Score", "Tally", "grids_agree", "score_run", "wilson"]


@dataclass(slots=True)
class Tally:
    """Counts of verdicts: right, wrong, abstained (no answer given, whatever the reason), missing (no result)."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def n(self) -> int:
        """All problems with a gold answer and a result; the missing ones are counted apart."""
        return sum(self.counts.values()) - self.counts["missing"]

    def to_json(self) -> dict[str, Any]:
        """Counts, shares and the 95 % interval of the share of right answers."""
        n = self.n
        answered = self.counts["right"] + self.counts["wrong"]
        low, high = wilson(self.counts["right"], n)
        return {
            "n": n,
            **{k: self.counts[k] for k in ("right", "wrong", "abstained", "missing")},
            "accuracy": self.counts["right"] / n if n else None,
            "interval": [low, high],
            "coverage": answered / n if n else None,
            "precision": self.counts["right"] / answered if answered else None,
        }


@dataclass(slots=True)
class Score:
    """A run's tally, the same by group and by how the answer came about, and the problems that are not right."""

    all: Tally = field(default_factory=Tally)
    groups: dict[str, Tally] = field(default_factory=dict)
    first_try: Tally = field(default_factory=Tally)
    after_repair: Tally = field(default_factory=Tally)
    claimed: int = 0
    not_right: list[tuple[str, str, str]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The score as one JSON object."""
        return {
            **self.all.to_json(),
            "first_try": self.first_try.to_json(),
            "after_repair": self.after_repair.to_json(),
            "claimed": self.claimed,
            "groups": {k: v.to_json() for k, v in sorted(self.groups.items())},
            "not_right": [{"id": i, "verdict": v, "reason": r} for i, v, r in self.not_right],
        }


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927, "Probable inference"); (0, 1) without data."""
    if not n:
        return 0.0, 1.0
    p = right / n
    middle = p + z * z / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + z * z / n)), min(1.0, (middle + spread) / (1 + z * z / n))


def score_run(
    folder: Path, gold: Path, *, gold_field: str = "solution", id_field: str = "id", by: str | None = None
) -> Score:
    """Compares the results in `folder` with the gold answers of a JSONL file.

    A gold answer is a grid `{"header", "rows"}`, or any JSON value that the answer must equal.

    Raises:
        UsageError: for a missing file or field.
    """
    rows = _gold_rows(gold, gold_field, id_field)
    with RunStore(folder, must_exist=True) as store:
        results = dict(store.results())
    score = Score()
    for identifier, row in rows.items():
        result = results.get(identifier)
        verdict, reason = _verdict(result, row[gold_field])
        score.all.counts[verdict] += 1
        if by is not None:
            score.groups.setdefault(str(row.get(by)), Tally()).counts[verdict] += 1
        if result is not None:
            tries = score.first_try if len(result.rounds) <= 1 or _chosen_first(result) else score.after_repair
            tries.counts[verdict] += 1
            score.claimed += result.evidence.kind is EvidenceKind.CLAIMED
        if verdict != "right":
            score.not_right.append((identifier, verdict, reason))
    return score


def _chosen_first(result: Result) -> bool:
    return result.rounds[0].outcome == "one solution"


def _gold_rows(path: Path, gold_field: str, id_field: str) -> dict[str, dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    rows: dict[str, dict[str, Any]] = {}
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
        rows[str(row[id_field])] = row
    return rows


def _verdict(result: Result | None, gold: Any) -> tuple[str, str]:
    if result is None:
        return "missing", "no result in the run"
    if not result.is_answered or result.answer is None:
        return "abstained", result.reason or result.status.value
    if _agrees(result.answer, gold):
        return "right", ""
    return "wrong", "the answer differs from the gold answer"


def _agrees(answer: Any, gold: Any) -> bool:
    if isinstance(gold, Mapping) and {"header", "rows"} <= gold.keys():
        table = answer.get("table") if isinstance(answer, Mapping) else None
        return table is not None and grids_agree(table, gold)
    if isinstance(gold, str) and isinstance(answer, str):
        return folded(gold) == folded(answer)
    return bool(answer == gold)


def grids_agree(ours: Mapping[str, Any], gold: Mapping[str, Any]) -> bool:
    """Whether two grids have the same rows, in any order; columns match by values, then by headings."""
    left, right = _columns(ours), _columns(gold)
    if len(left) != len(right):
        return False
    matched = [body for _, body in _in_order_of(left, right)]
    return sorted(zip(*matched, strict=True)) == sorted(zip(*(body for _, body in right), strict=True))


def _columns(grid: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (str(heading), tuple(_cell_key(row[i]) for row in grid["rows"])) for i, heading in enumerate(grid["header"])
    ]


def _cell_key(cell: Any) -> str:
    """What two cells share if they are the same: the quantity (`$225` and 225), else the words."""
    quantity = read_quantity(str(cell))
    return str(quantity.number) if quantity is not None else folded(str(cell))


def _in_order_of(
    left: Iterable[tuple[str, tuple[str, ...]]], right: Iterable[tuple[str, tuple[str, ...]]]
) -> list[tuple[str, tuple[str, ...]]]:
    """`left` in the order of `right`: by the set of values, and by the most similar heading where sets recur."""
    rest = list(left)
    out = []
    for heading, body in right:
        same = [c for c in rest if sorted(c[1]) == sorted(body)] or rest
        best = max(same, key=lambda c: SequenceMatcher(None, folded(c[0]), folded(heading)).ratio())
        rest.remove(best)
        out.append(best)
    return out
