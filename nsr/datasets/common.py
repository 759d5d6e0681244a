"""The common form: JSON lines in which every record names its set, and has the same fields in all sets.

`id`, `dataset`; `puzzle` or `context` and `question`; `options` (`"A) ..."`, or words); `answer` or `solution`;
`difficulty`, `meta` and other short fields to group by. Corrections stand beside the original: `question_cleaned`,
`answer_cleaned` (these are used), and what is known of a gold answer (`excluded_by`, `disputed`, `conflicts_with`,
`llm4or_clean`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nsr.datasets.fields import Unreadable, first, lettered, named, short_fields, text_of, unlabelled
from nsr.datasets.protocol import Doubt, Option, Problem
from nsr.datasets.records import Record

__all__ = ["from_common", "is_common"]

_ASKED = ("id", "dataset", "puzzle", "context", "question", "question_cleaned", "answer", "program")
_LETTERED = re.compile(r"\(?[A-Z][).]\s")
_ELSEWHERE = re.compile(r"\(the question is .*\)")
"""A question field that only says that the context holds the question."""


def is_common(fields: Mapping[str, Any]) -> bool:
    """Whether a record is in the common form."""
    asks = isinstance(fields.get("question"), str) or isinstance(fields.get("puzzle"), str)
    answers = "answer" in fields or "solution" in fields
    return isinstance(fields.get("dataset"), str) and "id" in fields and asks and answers


def from_common(record: Record) -> Iterator[Problem]:
    """The one problem of a record.

    Raises:
        Unreadable: if it is not in the common form after all.
    """
    fields = record.fields
    context, question = _texts(fields)
    gold = first(fields, ("solution", "answer_cleaned", "answer"))
    meta = short_fields(fields, *_ASKED)
    if isinstance(extra := fields.get("meta"), Mapping):
        meta |= short_fields(extra)
    yield Problem(
        id=named(fields, record.place),
        position=0,
        context=context,
        question=question,
        options=_options(fields.get("options")),
        gold=gold,
        meta=meta,
        doubts=tuple(_known(fields)),
    )


def _texts(fields: Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(fields.get("puzzle"), str):
        return text_of(fields, "puzzle"), ""
    context = fields.get("context")
    question = text_of(fields, "question_cleaned", "question")
    if not isinstance(context, str) or not context.strip():
        return "", question
    return context.strip(), "" if _ELSEWHERE.fullmatch(question) else question


def _options(given: Any) -> tuple[Option, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(o, str) for o in given):
        raise Unreadable("'options' is no list of texts")
    return lettered(given) if given and all(_LETTERED.match(o) for o in given) else unlabelled(given)


def _known(fields: Mapping[str, Any]) -> Iterator[Doubt]:
    """What the record says of its own gold answer."""
    excluded = fields.get("excluded_by")
    if excluded and fields.get("answer_cleaned") is None:
        yield Doubt("excluded", f"left out by {_listed(excluded)}")
    if conflicts := fields.get("conflicts_with"):
        yield Doubt("contradictory", f"the same text has another answer in {_listed(conflicts)}")
    if fields.get("disputed") is True:
        yield Doubt("disputed", "published answers to this text differ")
    if fields.get("llm4or_clean") is False and fields.get("answer_cleaned") is None:
        yield Doubt("disputed", "a survey of the set calls the answer wrong")


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
