"""Logic-LM's PrOntoQA and ProofWriter: the options by the verdict on the query."""

from __future__ import annotations

from benchmarks.recorded.sets import Case, RecordedSet, by_status
from nsr.dialects import Reading
from nsr.dialects.logiclm_rules import read_rules

__all__ = ["SETS"]


def _with_question(case: Case, dialect: str, strict: bool) -> Reading:
    """The reading with the query held against the words of the question."""
    return read_rules(case.raw, strict=strict, question=case.problem["question"])


def _with_text(case: Case, dialect: str, strict: bool) -> Reading:
    """The same, and rules held against the sentences of the problem."""
    problem = case.problem
    return read_rules(case.raw, strict=strict, question=problem["question"], context=problem["context"])


_TRUE_OR_FALSE = by_status(entailed="A", refuted="B")
# Logic-LM's own mapping where there is no option Unknown: what is not derived is false.
_ELSE_FALSE = by_status(entailed="A", refuted="B", undetermined="B")
_THREE = by_status(entailed="A", refuted="B", undetermined="C")
_PRONTOQA = {"gpt-3.5-turbo": 54.4, "text-davinci-003": 84.4}
_PROOFWRITER = {"gpt-3.5-turbo": 38.0, "text-davinci-003": 64.3}

SETS = {
    "prontoqa": RecordedSet("logiclm-rules", _TRUE_OR_FALSE, _PRONTOQA),
    "prontoqa+question": RecordedSet("logiclm-rules", _TRUE_OR_FALSE, _PRONTOQA, _with_question),
    "prontoqa+text": RecordedSet("logiclm-rules", _TRUE_OR_FALSE, _PRONTOQA, _with_text),
    "prontoqa+closed": RecordedSet("logiclm-rules", _ELSE_FALSE, _PRONTOQA),
    "prontoqa+question+closed": RecordedSet("logiclm-rules", _ELSE_FALSE, _PRONTOQA, _with_question),
    "proofwriter": RecordedSet("logiclm-rules", _THREE, _PROOFWRITER),
    "proofwriter+question": RecordedSet("logiclm-rules", _THREE, _PROOFWRITER, _with_question),
    "proofwriter+text": RecordedSet("logiclm-rules", _THREE, _PROOFWRITER, _with_text),
}
