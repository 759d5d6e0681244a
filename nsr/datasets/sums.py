"""Readers of word problems with a number as their answer: GSM8K and NLR; and whatever else is in the common form."""

from __future__ import annotations

from collections.abc import Iterator

from nsr.datasets.fields import Unreadable, first, named, short_fields, text_of
from nsr.datasets.protocol import AnswerKind, Problem
from nsr.datasets.published import PublishedSet
from nsr.datasets.records import Record

__all__ = ["COMMON", "GSM8K", "NLR"]

_MARK = "####"


def _gsm8k(record: Record) -> Iterator[Problem]:
    """`question`, `answer`: a solution in steps, whose last line is `#### number`."""
    fields = record.fields
    steps, mark, number = text_of(fields, "answer").rpartition(_MARK)
    yield Problem(
        id=named(fields, record.place),
        position=0,
        question=text_of(fields, "question"),
        gold=number.strip() if mark else str(fields["answer"]),
        meta={"steps": len([line for line in steps.splitlines() if line.strip()])},
    )


GSM8K = PublishedSet(
    name="gsm8k",
    title="GSM8K",
    licence="MIT",
    source="https://github.com/openai/grade-school-math",
    kind=AnswerKind.NUMBER,
    problems=_gsm8k,
    marks=lambda r: isinstance(r.get("question"), str) and _MARK in str(r.get("answer", "")),
    called=("gsm8k_prolog",),
)


def _nlr(record: Record) -> Iterator[Problem]:
    """`statement` and `answer`; the problems are listed, or have numbers."""
    fields = record.fields
    yield Problem(
        id=record.key or named(fields, record.place),
        position=0,
        question=text_of(fields, "statement", "problem"),
        gold=first(fields, ("answer",)),
        meta=short_fields(fields, "id", "statement", "problem", "answer"),
    )


NLR = PublishedSet(
    name="nlr",
    title="NLR (Non-Linear Reasoning)",
    licence="CC0 (file); CC BY-SA (as its description says)",
    source="https://github.com/NasimBorazjani/Reasoning-Beyond-NL",
    kind=AnswerKind.NUMBER,
    problems=_nlr,
    marks=lambda r: isinstance(r.get("statement"), str) and "answer" in r,
    called=("nlr_entangled",),
)


def _none(record: Record) -> Iterator[Problem]:
    wanted = "'id', 'dataset', 'question' or 'puzzle', 'answer' or 'solution'"
    raise Unreadable(f"it is not in the common form: {wanted}; it has: {', '.join(map(str, record.fields))}")


COMMON = PublishedSet(
    name="common",
    title="Common form of any set",
    licence="that of the set",
    source="",
    kind=AnswerKind.ANY,
    problems=_none,
    marks=lambda _: False,
)
