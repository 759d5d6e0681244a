"""Readers of deduction sets: PrOntoQA, ProofWriter, FOLIO, BoardgameQA."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from nsr.datasets.fields import Unreadable, first, named, short_fields, text_of
from nsr.datasets.protocol import AnswerKind, Doubt, Option, Problem
from nsr.datasets.published import PublishedSet
from nsr.datasets.records import Record

__all__ = ["BOARDGAMEQA", "FOLIO", "PRONTOQA", "PROOFWRITER"]

_BOTH = (Option("A", "True"), Option("B", "False"))
_THREE = (*_BOTH, Option("C", "Unknown"))


def _prontoqa(record: Record) -> Iterator[Problem]:
    """`question` (the theory), `query`, `answer`; or named examples, of which `test_example` is asked.

    A query "Prove: ..." (the out-of-distribution files) has no answer: what is to be proved is true.
    """
    fields = record.fields
    example = fields.get("test_example", fields)
    if not isinstance(example, Mapping):
        raise Unreadable("'test_example' is not an object")
    query = text_of(example, "query")
    proves = query.lower().startswith("prove:")
    steps = example.get("chain_of_thought")
    yield Problem(
        id=record.key or named(fields, record.place),
        position=0,
        context=text_of(example, "question"),
        question=f"Is the following statement true or false? {query.partition(':')[2].strip() or query}",
        options=_BOTH,
        gold="True" if proves and example.get("answer") is None else example.get("answer"),
        meta={"steps": len(steps)} if isinstance(steps, list) else {},
    )


PRONTOQA = PublishedSet(
    name="prontoqa",
    title="PrOntoQA",
    licence="Apache-2.0",
    source="https://github.com/asaparov/prontoqa",
    kind=AnswerKind.VERDICT,
    problems=_prontoqa,
    marks=lambda r: "test_example" in r or {"question", "query", "chain_of_thought"} <= r.keys(),
)


def _proofwriter(record: Record) -> Iterator[Problem]:
    """`theory` and `questions` (by name: `question`, `answer`, `QDep`); or RuleTaker's `context` and a list of them."""
    fields = record.fields
    context = text_of(fields, "theory", "context")
    identifier = named(fields, record.place)
    asked = fields.get("questions")
    if isinstance(asked, list):
        asked = {str(q.get("id", n)) if isinstance(q, Mapping) else str(n): q for n, q in enumerate(asked, 1)}
    if not isinstance(asked, Mapping) or not asked:
        raise Unreadable("'questions' is neither an object nor a list, or has none")
    for name, question in asked.items():
        if not isinstance(question, Mapping):
            raise Unreadable(f"question {name!r} is not an object")
        more = question.get("meta")
        yield Problem(
            id=name if name.startswith(identifier) else f"{identifier}_{name}",
            position=0,
            context=context,
            question=f"Is the following statement true, false, or unknown? {text_of(question, 'question', 'text')}",
            options=_THREE,
            gold=first(question, ("answer", "label")),
            meta={
                **short_fields(fields, "id", "theory", "context"),
                **short_fields(more if isinstance(more, Mapping) else question, "question", "answer", "text", "label"),
            },
        )


PROOFWRITER = PublishedSet(
    name="proofwriter",
    title="ProofWriter (and RuleTaker)",
    licence="not checked; see the source",
    source="https://allenai.org/data/proofwriter",
    kind=AnswerKind.VERDICT,
    problems=_proofwriter,
    marks=lambda r: "questions" in r and ("theory" in r or isinstance(r.get("context"), str)) and "passage" not in r,
    called=("proofwriter_d5",),
)

_WRONG_FORMULAS = frozenset(f"FOLIO_dev_{n}" for n in (5, 27, 29, 47, 112, 114, 138, 139))
"""Rows of the validation file of version 0.0 whose gold formulas, run exactly, give another label than the gold one."""

_BROKEN_FORMULAS = frozenset({"FOLIO_dev_87"})


def _folio(record: Record) -> Iterator[Problem]:
    """`premises` (a list, or lines), `conclusion`, `label`; `story_id` and `example_id` in later versions."""
    fields = record.fields
    yield Problem(
        id=named(fields, record.place, "example_id", "id"),
        position=0,
        context=text_of(fields, "premises"),
        question=f"Is the following statement true, false, or uncertain? {text_of(fields, 'conclusion')}",
        options=(*_BOTH, Option("C", "Uncertain")),
        gold=fields.get("label"),
        meta=short_fields(fields, "example_id", "premises", "conclusion", "label", "conclusion-FOL", "premises-FOL"),
    )


def _folio_checked(problem: Problem, fields: Mapping[str, Any]) -> Problem:
    if problem.id in _WRONG_FORMULAS:
        return replace(problem, doubts=(Doubt("disputed", "the set's own formulas give another label"),))
    if problem.id in _BROKEN_FORMULAS:
        return replace(problem, doubts=(Doubt("disputed", "the set's own formulas cannot be read"),))
    return problem


FOLIO = PublishedSet(
    name="folio",
    title="FOLIO",
    licence="CC BY-SA 4.0",
    source="https://github.com/Yale-LILY/FOLIO",
    kind=AnswerKind.VERDICT,
    problems=_folio,
    marks=lambda r: {"premises", "conclusion", "label"} <= r.keys(),
    checked=_folio_checked,
)

_ASKS = "Based on the game state"


def _boardgame(record: Record) -> Iterator[Problem]:
    """`example` (the whole text; its last sentence is the question), `label`; `proof`, `goal`, `theory` beside them."""
    fields = record.fields
    text = text_of(fields, "example")
    context, asks, question = text.partition(_ASKS)
    yield Problem(
        id=named(fields, record.place),
        position=0,
        context=context.strip() if asks else text,
        question=(asks + question).strip(),
        options=tuple(Option(w, w) for w in ("proved", "disproved", "unknown")),
        gold=fields.get("label"),
        meta=short_fields(fields, "id", "example", "label", "proof", "theory", "facts", "rules", "preferences", "goal"),
    )


BOARDGAMEQA = PublishedSet(
    name="boardgameqa",
    title="BoardgameQA",
    licence="not checked; see the source",
    source="https://storage.googleapis.com/gresearch/BoardgameQA/BoardgameQA.zip",
    kind=AnswerKind.VERDICT,
    problems=_boardgame,
    marks=lambda r: isinstance(r.get("example"), str) and "label" in r,
    called=("bbeh_boardgame_qa",),
)
