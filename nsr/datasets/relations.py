"""Readers of relation sets: kinship (CLUTRR) and places (StepGame, SpartQA)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nsr.datasets.fields import Unreadable, first, named, short_fields, text_of, texts_of, unlabelled
from nsr.datasets.protocol import AnswerKind, Problem
from nsr.datasets.published import PublishedSet
from nsr.datasets.records import Record

__all__ = ["CLUTRR", "SPARTQA", "STEPGAME"]

_PAIR = re.compile(r"\(\s*(['\"])(.+?)\1\s*,\s*(['\"])(.+?)\3\s*\)")
_MAX_PAIR = 1000
_TASK = re.compile(r"task_\d+\.(\d+)")


def _clutrr(record: Record) -> Iterator[Problem]:
    """`story`, `query` (a pair of names), `target_text` (or `target`): what the second is to the first."""
    fields = record.fields
    pair = fields.get("query")
    if isinstance(pair, str) and len(pair) <= _MAX_PAIR and (found := _PAIR.fullmatch(pair.strip())):
        pair = [found[2], found[4]]
    if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(n, str) for n in pair):
        raise Unreadable("'query' is not a pair of names")
    task = _TASK.search(str(fields.get("task_name", "")))
    yield Problem(
        id=named(fields, record.place),
        position=0,
        context=text_of(fields, "story", "clean_story"),
        question=f"What is the relation of {pair[1]} to {pair[0]}? ({pair[1]} is the ___ of {pair[0]}.)",
        gold=first(fields, ("target_text", "text_target", "target")),
        meta={"depth": int(task[1]), "task": task[0]} if task else {},
    )


CLUTRR = PublishedSet(
    name="clutrr",
    title="CLUTRR",
    licence="CC BY-NC 4.0",
    source="https://github.com/facebookresearch/clutrr",
    kind=AnswerKind.WORDS,
    problems=_clutrr,
    marks=lambda r: "query" in r and ("story" in r or "clean_story" in r) and ("target" in r or "target_text" in r),
)

_PLACES = (
    *("above", "below", "left", "right", "upper-left", "upper-right", "lower-left", "lower-right"),
    "overlap",
)


def _stepgame(record: Record) -> Iterator[Problem]:
    """`story` (sentences), `question`, `label`, `k_hop`."""
    fields = record.fields
    yield Problem(
        id=record.key or named(fields, record.place),
        position=0,
        context=text_of(fields, "story"),
        question=text_of(fields, "question"),
        options=unlabelled(_PLACES),
        gold=fields.get("label"),
        meta=short_fields(fields, "id", "story", "question", "label"),
    )


STEPGAME = PublishedSet(
    name="stepgame",
    title="StepGame",
    licence="MIT",
    source="https://github.com/ZhengxiangShi/StepGame",
    kind=AnswerKind.OPTION,
    problems=_stepgame,
    marks=lambda r: {"story", "question", "label"} <= r.keys(),
    called=("stepgame_noise",),
)

_YES_NO = ("Yes", "No", "DK")


def _spartqa(record: Record) -> Iterator[Problem]:
    """`story` and `questions`: `q_type`, `question`, `answer` (words, or places in `candidate_answers`)."""
    fields = record.fields
    context = text_of(fields, "story")
    asked = fields.get("questions")
    if not isinstance(asked, list):
        raise Unreadable("'questions' is no list")
    for number, question in enumerate(asked, 1):
        if not isinstance(question, Mapping):
            raise Unreadable(f"question {number} is not an object")
        candidates = texts_of(question, "candidate_answers") if question.get("candidate_answers") else list(_YES_NO)
        yield Problem(
            id=f"{named(fields, record.place, 'identifier', 'id')}_{question.get('q_id', number)}",
            position=0,
            context=context,
            question=text_of(question, "question"),
            options=unlabelled(candidates),
            gold=_chosen(question.get("answer"), candidates),
            meta=short_fields(question, "q_id", "question", "answer"),
        )


def _chosen(given: Any, candidates: list[str]) -> Any:
    """The words of an answer; a place beyond the candidates stays what it is, for whoever doubts gold answers."""
    listed = given if isinstance(given, list) else [given]
    if given is None:
        return None
    return [candidates[g] if type(g) is int and 0 <= g < len(candidates) else g for g in listed]


SPARTQA = PublishedSet(
    name="spartqa",
    title="SpartQA",
    licence="MIT",
    source="https://github.com/HLR/SpartQA_generation",
    kind=AnswerKind.WORDS,
    problems=_spartqa,
    marks=lambda r: "story" in r and isinstance(r.get("questions"), list),
    called=("spartqa_human", "spartqa_auto"),
)
