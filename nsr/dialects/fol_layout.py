"""Finds the formulas in a text: below headings, behind `FOL:`, or line by line, each with its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nsr.diagnostics import Span
from nsr.dialects.fol_program import Item
from nsr.dialects.repairs import Findings

__all__ = ["Line", "lines_of", "listed", "paired"]


class Line(NamedTuple):
    """A line that is not empty: the place of its formula, and the sentence behind `:::`."""

    span: Span
    sentence: str = ""


_PREMISES = r"premises?|facts?|axioms?|assumptions?|given|rules?|hypothes[ie]s|knowledge base"
_CONCLUSION = r"conclusions?|goals?|quer(?:y|ies)|questions?|to prove|prove|claim|therefore|thus|hence"
_OTHER = r"predicates?|constants?|functions?|variables?|definitions?|domains?|sorts?|types?|symbols?"
_HEADING = re.compile(
    rf"\W{{0,4}}(?:first[- ]order(?: logic)? )?"
    rf"(?:(?P<premises>{_PREMISES})|(?P<conclusion>{_CONCLUSION})|(?P<other>{_OTHER}))"
    r"(?: in fol)?(?:\s*\(?fol\)?)?\s*\d*\s*(?::+\**|\W*$)\s*",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"\s*(?:∴|⊢|⊨|\|-|\|=|\\(?:vdash|models|therefore)\b)\s*|(?:therefore|thus|hence),?\s+", re.IGNORECASE
)
_NUMBERING = re.compile(r"\s*(?:\d{1,3}[.)]|\(\d{1,3}\)|[*•])\s+")
_BULLET = re.compile(r"\s*-\s+")
_COMMENT = re.compile(r"(?:^|\s)(?:#|//|%).*$")
_FENCE = re.compile(r"\s*```")


def lines_of(text: str) -> Iterator[Line]:
    """The lines with something on them, comments and fences taken off, and what stands outside the fences.

    Headings are kept: they may stand outside the fences, and begin with the sign of a comment.
    """
    position = 0
    rows = text.splitlines(keepends=True)
    is_closed = (fences := sum(_FENCE.match(raw) is not None for raw in rows)) > 0 and fences % 2 == 0
    is_inside = not is_closed
    for raw in rows:
        start, position = position, position + len(raw)
        if _FENCE.match(raw):
            is_inside = not is_closed or not is_inside
            continue
        is_heading = _HEADING.match(raw) is not None
        if not is_inside and not is_heading:
            continue
        formula, mark, sentence = raw.partition(":::")
        if not mark and not (is_heading and raw.lstrip().startswith("#")):
            formula = _COMMENT.sub("", formula)
        if formula.strip() or sentence.strip():
            yield Line(_trimmed(text, start, start + len(formula)), sentence.strip())


def _trimmed(text: str, start: int, end: int) -> Span:
    """The range without blanks around it, nor the dollar signs of LaTeX on both sides."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    if end - start > 1 and text[start] == "$" == text[end - 1]:
        return _trimmed(text, start + 1, end - 1)
    return Span(start, end)


def listed(text: str) -> list[Item]:
    """The formulas below headings (or behind them on the line), and those marked as what follows (`∴`, `⊢`)."""
    items = []
    role = "premises"
    lines = list(lines_of(text))
    # A minus is a bullet where all lines have it, else a negation.
    plain = [text[line.span.start : line.span.end] for line in lines if not _HEADING.match(text, *line.span)]
    numbering_of = _BULLET if len(plain) > 1 and all(map(_BULLET.match, plain)) else _NUMBERING
    for (start, end), sentence in lines:
        heading = _HEADING.match(text, start, end)
        if heading is not None:
            role = heading.lastgroup or role
            start = heading.end()
        marked = _MARK.match(text, start, end)
        if marked is not None:
            role, start = "conclusion", marked.end()
        numbering = numbering_of.match(text, start, end)
        start = start if numbering is None else numbering.end()
        if start < end and role != "other":
            is_goal = role == "conclusion"
            items.append(Item("conclusion" if is_goal else "premise", Span(start, end), sentence))
    return items


_PAIR = re.compile(r"\s*(?P<kind>text|fol)\s*:\s*", re.IGNORECASE)


def is_paired(text: str) -> bool:
    """Whether the text alternates `TEXT:` and `FOL:` lines, as LINC's outputs do."""
    return re.search(r"^\s*FOL\s*:", text, re.MULTILINE | re.IGNORECASE) is not None


def paired(text: str, findings: Findings) -> list[Item]:
    """The formulas behind `FOL:`, each with the sentence of the `TEXT:` before it; the last one is the conclusion."""
    items: list[Item] = []
    sentence = ""
    for line in lines_of(text):
        found = _PAIR.match(text, *line.span)
        if found is None:
            continue
        content = text[found.end() : line.span.end].strip()
        if found["kind"].casefold() == "text":
            sentence = content
        else:
            items.append(Item("premise", Span(found.end(), line.span.end), sentence))
            sentence = ""
    if not items or sentence:
        # A sentence without its formula is the last one of a text that was cut off: the conclusion.
        return items
    last = items.pop()
    return [*items, Item("conclusion", last.span, last.sentence)]
