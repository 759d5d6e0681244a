"""The scorer for gold answers that are grids or JSON values: right is what says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nsr.datasets.grids import grids_agree, is_grid, right_cells
from nsr.datasets.protocol import Judgement, Problem, Verdict
from nsr.explain.spelling import folded
from nsr.results import Result

__all__ = ["EQUAL", "EqualScorer", "grids_agree"]


class EqualScorer:
    """Grids agree by their rows, texts without regard to case and marks, all else when equal."""

    name = "equal"

    def score(self, problem: Problem, result: Result) -> Judgement:
        """Right if the answer says what the gold answer says; abstained without an answer."""
        parts = None
        if is_grid(problem.gold):
            table = result.answer.get("table") if isinstance(result.answer, Mapping) else None
            right, _ = right_cells(table, problem.gold) if is_grid(table) else (0, False)
            parts = (right, sum(len(row) - 1 for row in problem.gold["rows"]))
        if not result.is_answered or result.answer is None:
            return Judgement(Verdict.ABSTAINED, result.reason or result.status.value, parts and (0, parts[1]))
        if _agrees(result.answer, problem.gold):
            return Judgement(Verdict.RIGHT, parts=parts)
        return Judgement(Verdict.WRONG, "the answer differs from the gold answer", parts)


EQUAL = EqualScorer()


def _agrees(answer: Any, gold: Any) -> bool:
    if is_grid(gold):
        table = answer.get("table") if isinstance(answer, Mapping) else None
        return is_grid(table) and grids_agree(table, gold)
    if isinstance(gold, str) and isinstance(answer, str):
        return folded(gold) == folded(answer)
    return bool(answer == gold)
