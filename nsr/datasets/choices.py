"""Readers of multiple-choice sets: logical deduction of BIG-bench, and AR-LSAT."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nsr.datasets.fields import LETTERS, Unreadable, first, lettered, named, short_fields, text_of, texts_of
from nsr.datasets.protocol import AnswerKind, Problem
from nsr.datasets.published import PublishedSet
from nsr.datasets.records import Record

__all__ = ["ARLSAT", "LOGICALDEDUCTION"]

_WHICH = "Which of the following is true?"
_OPTION = re.compile(r"^\(([A-Z])\)\s*(.+)$", re.MULTILINE)


def _deduction(record: Record) -> Iterator[Problem]:
    """BIG-bench: `input`, `target_scores` (1 for the right option). BIG-Bench Hard: `input` with options, `target`."""
    fields = record.fields
    text = text_of(fields, "input")
    scores = fields.get("target_scores")
    if isinstance(scores, Mapping):
        context, options = text, lettered(scores)
        right = [o.label for o, points in zip(options, scores.values(), strict=True) if points == 1]
        gold: Any = right[0] if len(right) == 1 else {"several": right}
    else:
        context, _, listed = text.partition("Options:")
        options = lettered(wording for _, wording in _OPTION.findall(listed))
        if len(options) < 2:
            raise Unreadable("there are neither 'target_scores' nor options '(A) ...' in 'input'")
        gold = str(fields.get("target", "")).strip("() ") or None
    context = context.strip().removesuffix(_WHICH).strip()
    yield Problem(
        id=record.key or named(fields, record.place),
        position=0,
        context=context,
        question=_WHICH,
        options=options,
        gold=gold,
        meta={"options": len(options), **short_fields(record.heading, "canary", "description", "task_prefix")},
    )


def _is_deduction(record: Mapping[str, Any]) -> bool:
    text = record.get("input")
    # BIG-bench files differ in nothing but what they say.
    says = isinstance(text, str) and re.search(r"\bset of (three|five|seven) objects\b|fixed order", text) is not None
    return says and ("target_scores" in record or "target" in record)


LOGICALDEDUCTION = PublishedSet(
    name="logicaldeduction",
    title="LogicalDeduction (BIG-bench)",
    licence="Apache-2.0; part of BIG-bench: never to be trained on",
    source="https://github.com/google/BIG-bench (logical_deduction)",
    kind=AnswerKind.OPTION,
    problems=_deduction,
    marks=_is_deduction,
    called=("logical_deduction",),
)


def _lsat(record: Record) -> Iterator[Problem]:
    """Games with `passage` and `questions`; or one question a record, its answer a letter or a number from 0."""
    fields = record.fields
    passage = text_of(fields, "passage", "context")
    asked = fields.get("questions", [fields])
    if not isinstance(asked, list):
        raise Unreadable("'questions' is no list")
    identifier = named(fields, record.place, "id", "id_string")
    for number, question in enumerate(asked, 1):
        if not isinstance(question, Mapping):
            raise Unreadable(f"question {number} is not an object")
        own = named(question, f"{identifier}_{number}", "id", "id_string")
        gold = first(question, ("answer", "label"))
        if isinstance(gold, int) and not isinstance(gold, bool) and 0 <= gold < len(LETTERS):
            gold = LETTERS[gold]
        yield Problem(
            id=own if own.startswith(identifier) else f"{identifier}_{own}",
            position=0,
            context=passage,
            question=text_of(question, "question"),
            options=lettered(texts_of(question, "options", "answers")),
            gold=gold,
            meta=short_fields(question, "id", "id_string", "question", "answer", "label", "passage", "context"),
        )


ARLSAT = PublishedSet(
    name="arlsat",
    title="AR-LSAT",
    licence="MIT (repository); the exam texts have terms of their own",
    source="https://github.com/zhongwanjun/AR-LSAT",
    kind=AnswerKind.OPTION,
    problems=_lsat,
    marks=lambda r: ("passage" in r and ("questions" in r or "options" in r)) or {"id_string", "answers"} <= r.keys(),
)
