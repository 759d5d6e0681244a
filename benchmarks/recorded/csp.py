"""Logic-LM's LogicalDeduction: the option that the answer names."""

from __future__ import annotations

from benchmarks.recorded.sets import Case, RecordedSet
from nsr.results import QuestionResult

__all__ = ["SETS", "chosen"]


def chosen(question: QuestionResult, case: Case) -> str | None:
    """The label of the option chosen."""
    return question.answer if isinstance(question.answer, str) else None


SETS = {
    "logicaldeduction": RecordedSet("logiclm-csp", chosen, {"gpt-3.5-turbo": 64.7, "text-davinci-003": 62.0}),
}
