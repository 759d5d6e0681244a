"""The scorer for gold answers that are grids or JSON values: right is what says the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from nsr.datasets.protocol import Judgement, Problem, Verdict
from nsr.explain.spelling import folded
from nsr.formalizers.quantities import read_quantity
from nsr.results import Result

__all__ = ["EQUAL", "EqualScorer", "grids_agree"]


class EqualScorer:
    """Grids agree by their rows, texts without regard to case and marks, all else when equal."""

    name = "equal"

    def score(self, problem: Problem, result: Result) -> Judgement:
        """Right if the answer says what the gold answer says; abstained without an answer."""
        if not result.is_answered or result.answer is None:
            return Judgement(Verdict.ABSTAINED, result.reason or result.status.value)
        if _agrees(result.answer, problem.gold):
            return Judgement(Verdict.RIGHT)
        return Judgement(Verdict.WRONG, "the answer differs from the gold answer")


EQUAL = EqualScorer()


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
