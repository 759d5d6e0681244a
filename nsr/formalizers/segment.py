"""Splits a problem's text into sentences with their exact places.

Items of lists, hard-wrapped prose and several sentences in one item are handled; headings, rules and lists of values
are no sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nsr.diagnostics import Span
from nsr.formalizers.listings import Line, find_listings, lines
from nsr.formalizers.words import words_of

__all__ = ["Sentence", "segment", "split_sentences"]

_ABBREVIATIONS = frozenset(
    words_of(
        "mr mrs ms dr prof st jr sr mt vs no nos vol dept ft lb lbs oz in min sec hr hrs approx inc ltd co "
        "corp etc e.g i.e a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat "
        "sun fig ave rd gen col capt sgt"
    )
)
_MUST_CONTINUE = frozenset(words_of("mr mrs ms dr prof st mt gen col capt sgt vs e.g i.e"))
_NUMBERED = frozenset(words_of("no nos fig"))
_TRAILING = frozenset(words_of("a.m p.m co corp inc ltd etc ave rd"))
_UNITS = frozenset(words_of("ft lb lbs oz in min sec hr hrs yd mi km cm mm kg"))
_STOP = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s|$)|;(?=\s)")
_JOINED = re.compile(r":|\b(?:one|either|if|unless|both|two|following)\b", re.IGNORECASE)
_REFERS = re.compile(
    r"\s*(?:the (?:other|former|latter|first|second|same)|it|its|he|his|she|her|they|their|this|that|these|those|"
    r"neither|nor|but|and|or|so|while|also|both|one|otherwise|else|in (?:fact|turn))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its place. `is_clue`: it is an item of a list, or stands below a heading of clues."""

    text: str
    span: Span
    is_clue: bool = False


def segment(text: str) -> list[Sentence]:
    """All sentences in order of place; `text[s.span.start:s.span.end]` is the sentence, line breaks included."""
    blocked = [listing.span for listing in find_listings(text)]
    found: list[Sentence] = []
    for rows in _paragraphs(text):
        kept = [r for r in rows if not any(b.start <= r.span.start < b.end for b in blocked)]
        if not kept:
            continue
        start, end = kept[0].span.start, kept[-1].span.end
        is_clue = bool(kept[0].number) or (bool(kept[0].bullet)) or kept[0].is_clue
        for span in split_sentences(text[start:end]):
            place = Span(start + span.start, start + span.end)
            words = " ".join(text[place.start : place.end].split())
            if re.search(r"[A-Za-z]", words):
                found.append(Sentence(words, place, is_clue))
    return found


def split_sentences(text: str) -> list[Span]:
    """Places of the sentences of one paragraph."""
    cuts: list[int] = []
    for stop in _STOP.finditer(text):
        if not (_goes_on(text, cuts[-1] if cuts else 0, stop) if stop[0] == ";" else _is_inside(text, stop)):
            cuts.append(stop.end())
    if not cuts or cuts[-1] < len(text.rstrip()):
        cuts.append(len(text.rstrip()))
    found = []
    at = 0
    for cut in cuts:
        begin = at + len(text[at:cut]) - len(text[at:cut].lstrip())
        if begin < cut:
            found.append(Span(begin, cut))
        at = cut
    return found


def _goes_on(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether what stands behind a semicolon belongs to what stands before it."""
    return bool(_JOINED.search(text, start, stop.start()) or _REFERS.match(text, stop.end()))


def _is_inside(text: str, stop: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation and the sentence goes on."""
    if stop[0][0] != ".":
        return False
    before = re.search(r"[\w.'’]+$", text[: stop.start()])
    word = before[0].lower() if before else ""
    after = text[stop.end() :].lstrip()
    if not after:
        return False
    if word in _NUMBERED:
        return after[0].isdigit()
    if word in _MUST_CONTINUE or re.fullmatch(r"[a-z]", word):
        return True
    if after[0].islower() or after[0] in ",;:":
        return True
    if word in _UNITS or word in _TRAILING:
        return False
    return word in _ABBREVIATIONS and not re.match(r"(?:The|A|An|Of|If|Either|Neither|There|It|One|In)\b", after)


def _paragraphs(text: str) -> Iterator[list[Line]]:
    """Lines that belong together: an item with what continues it, or lines of prose."""
    block: list[Line] = []
    for row in lines(text):
        between = text[block[-1].span.end : row.span.start] if block else ""
        continues = block and not (row.bullet or row.number or row.is_heading) and between.count("\n") < 2
        if not continues:
            if block:
                yield block
            block = []
        if not row.is_heading:
            block.append(row)
    if block:
        yield block
