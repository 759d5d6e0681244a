"""Doubts about gold answers: unreadable, contradictory, shown to be wrong. They are listed and counted, never dropped.

What only the record knows (formal statements, corrections beside the original) its reader has put down in
`Problem.doubts`; what shows in a problem, or in two of them, is found here.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nsr.datasets.protocol import AnswerKind, Dataset, Doubt, Problem
from nsr.datasets.scorers import UnreadableGold
from nsr.datasets.values import no_optimum, verdict_of, words_of
from nsr.explain.spelling import folded
from nsr.results import Result, Status

__all__ = ["BROKEN", "CONTRADICTORY", "MISSING", "UNREADABLE", "Examiner", "Finding"]

BROKEN, MISSING, UNREADABLE, CONTRADICTORY = "broken", "missing", "unreadable", "contradictory"
"""Kinds of doubts: the record cannot be read; it has no gold answer; that says nothing; another record denies it."""

_SILENT = Result(status=Status.ABSTAINED)


class Finding(NamedTuple):
    """A doubt about the problem of this identifier."""

    id: str
    doubt: Doubt

    def to_json(self) -> dict[str, str]:
        """As one JSON object."""
        return {"id": self.id, "kind": self.doubt.kind, "detail": self.doubt.detail}


@dataclass(slots=True)
class Examiner:
    """Looks at one problem after the other; `findings` are complete when all have been looked at.

    `marks` counts gold answers that say "there is no optimum", an answer of its own kind.
    """

    total: int = 0
    marks: Counter[str] = field(default_factory=Counter)
    _found: list[Finding] = field(default_factory=list)
    _texts: dict[bytes, list[tuple[str, str]]] = field(default_factory=dict)

    def look(self, problem: Problem, dataset: Dataset) -> None:
        """Takes one more problem into account."""
        self.total += 1
        for doubt in (*problem.doubts, *_of_one(problem, dataset)):
            self._found.append(Finding(problem.id, doubt))
        if problem.error is not None or problem.gold is None:
            return
        if dataset.kind in (AnswerKind.OPTIMUM, AnswerKind.ANY) and (mark := no_optimum(problem.gold)) is not None:
            self.marks[mark] += 1
        key = hashlib.sha256(folded(problem.text).encode()).digest()
        self._texts.setdefault(key, []).append((problem.id, _said(problem)))

    @property
    def findings(self) -> list[Finding]:
        """All doubts, those about one record first, then what two records with the same text say."""
        return [*self._found, *self._contradictions()]

    def by_kind(self) -> dict[str, int]:
        """How many problems there are with each kind of doubt."""
        kinds = {(f.id, f.doubt.kind) for f in self.findings}
        return dict(sorted(Counter(kind for _, kind in kinds).items()))

    def doubtful(self) -> frozenset[str]:
        """The problems with a doubt about a gold answer that there is."""
        return frozenset(f.id for f in self.findings if f.doubt.kind not in (BROKEN, MISSING, "hidden"))

    def to_json(self) -> dict[str, Any]:
        """What was found as one JSON object."""
        return {
            "n": self.total,
            "doubts": self.by_kind(),
            "no_optimum": dict(sorted(self.marks.items())),
            "repeated": self.repeats(),
            "findings": [f.to_json() for f in self.findings],
        }

    def _contradictions(self) -> Iterator[Finding]:
        for group in self._texts.values():
            if len({said for _, said in group}) > 1:
                firsts = {said: identifier for identifier, said in reversed(group)}
                for identifier, said in group:
                    other = next(i for answer, i in firsts.items() if answer != said)
                    yield Finding(identifier, Doubt(CONTRADICTORY, f"the same text has another answer in {other}"))

    def repeats(self) -> int:
        """How many problems have the text of an earlier one."""
        return sum(len(group) - 1 for group in self._texts.values())


def _of_one(problem: Problem, dataset: Dataset) -> Iterator[Doubt]:
    if problem.error is not None:
        yield Doubt(BROKEN, problem.error)
        return
    if problem.gold is None:
        if not problem.doubts:
            yield Doubt(MISSING, "the record has no gold answer")
        return
    try:
        dataset.scorer.score(problem, _SILENT)
    except UnreadableGold as error:
        yield Doubt(UNREADABLE, str(error))
        return
    if problem.options:
        yield from _of_options(problem, dataset.kind)


def _of_options(problem: Problem, kind: AnswerKind) -> Iterator[Doubt]:
    """Whether the gold answer is among what there is to choose from."""
    wordings = [folded(o.text) for o in problem.options]
    if len(set(wordings)) < len(wordings):
        yield Doubt("malformed", "two options are worded alike")
    labels = {folded(o.label) for o in problem.options}
    if kind is AnswerKind.VERDICT:
        gold = verdict_of(problem.gold)
        if gold is not None and gold not in {verdict_of(o.text) for o in problem.options}:
            yield Doubt("no-option", f"the gold answer {problem.gold!r} is none of the options")
    elif kind is AnswerKind.WORDS:
        strange = sorted((words_of(problem.gold) or frozenset()) - labels - set(wordings))
        if strange:
            yield Doubt("no-option", f"{', '.join(strange)} in the gold answer is none of the options")


def _said(problem: Problem) -> str:
    """A gold answer in a form in which two that say the same are the same text."""
    gold: Any = problem.gold
    if isinstance(gold, str):
        gold = verdict_of(gold) or folded(gold)
    elif isinstance(gold, list) and all(isinstance(g, str) for g in gold):
        gold = sorted(folded(g) for g in gold)
    elif isinstance(gold, float) and gold.is_integer():
        gold = int(gold)
    return json.dumps(gold, sort_keys=True)
