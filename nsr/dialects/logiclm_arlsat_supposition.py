"""What a question supposes (`If Ann comes first, ...`), and whether the program says it.

Some statement must: one whose comment is in the words of the supposition, or one at the end of the constraints, without
a comment, that is about the same elements. A rule of the problem that merely has those words among others does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

__all__ = ["Said", "asked_of", "is_said", "supposition_of"]

_SUPPOSING = re.compile(r"^\W*(?:if|suppose|assume|assuming|once|given)\b(?P<clause>.*)", re.IGNORECASE | re.DOTALL)
_ASKING = re.compile(
    r",?\s*\bthen (?:which|it|for)\b|,\s*(?:then\s+)?(?:for )?(?:which|each|any|all|what|how|the|it)\b", re.IGNORECASE
)
_IDLE = frozenset(
    re.findall(
        r"\w+",
        """
        if the a an is are was were be to of in on at by then and or that which one following must could true for it its
        with exactly not as from s also both each all has have
        """,
    )
)
_IDLE_COMMENT = _IDLE | {"question", "condition", "supposition", "assumption", "additional", "given", "hypothesi"}
_LIMITING = frozenset({"other", "only", "neither", "sol", "alon"})
_NUMBERS = {
    word: str(number)
    for number, words in enumerate(
        (
            "first", "two second", "three third", "four fourth", "five fifth", "six sixth", "seven seventh",
            "eight eighth", "nine ninth", "ten tenth",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
_MOST = 0.75
_MANY = 0.8
_FURTHER = 3
_SOME = 0.5


class Said(NamedTuple):
    """A statement: its comment, and the elements that its formula names."""

    comment: str
    elements: frozenset[str]


def supposition_of(question: str) -> str:
    """What a question supposes (`If ...,`) in its own words; empty if it supposes nothing."""
    return _halves(question)[0]


def asked_of(question: str) -> str:
    """A question without what it supposes."""
    return _halves(question)[1]


def _halves(question: str) -> tuple[str, str]:
    words = " ".join(question.split())
    match = _SUPPOSING.match(words)
    if match is None:
        return "", words
    clause = match["clause"]
    if place := _ASKING.search(clause):
        return clause[: place.start()].strip(), clause[place.start() :]
    supposed, _, asked = clause.rpartition(",")
    return (supposed or clause).strip(), asked


def is_said(supposition: str, statements: Sequence[Said], elements: Iterable[str]) -> bool:
    """Whether some of the statements, which stand in the order of the program, say the supposition.

    `elements` are all that the program knows: those that the supposition names must be named where it is said, and no
    comment there may name others.
    """
    wanted = _content(supposition)
    known = frozenset(elements)
    named = frozenset(e for e in known if _is_named(e, supposition))
    about = list(_about(wanted, known - named, named, statements))
    words = frozenset[str]().union(*(_content(s.comment) for s in about))
    if not about or (all(s.comment for s in about) and not wanted & _LIMITING <= words):
        return False
    told = {e for s in about for e in s.elements} | {e for e in named if _stems(e) <= words}
    return named <= told if named else len(wanted & words) >= _SOME * len(wanted) > 0


def _about(wanted: Set[str], others: Set[str], named: Set[str], statements: Sequence[Said]) -> Iterator[Said]:
    """The statements that say nothing but the supposition, or parts of it."""
    is_at_end = True
    for statement in reversed(statements):
        said = _content(statement.comment) - _IDLE_COMMENT
        if said:
            shared = len(said & wanted)
            is_most = shared >= _MOST * len(said) or (shared >= _MANY * len(wanted) and len(said) <= shared + _FURTHER)
            is_part = is_most and not any(_is_named(e, statement.comment) for e in others)
        else:
            is_part = is_at_end and bool(statement.elements) and statement.elements <= named
        is_at_end &= is_part
        if is_part:
            yield statement


def _content(text: str) -> frozenset[str]:
    """The words that carry meaning."""
    return frozenset(_stem(w) for w in _words(text) if w not in _IDLE)


def _is_named(element: str, text: str) -> bool:
    """Whether the words of an element's name stand in a text; a single letter must stand there as it is."""
    if len(element) == 1 and element.isalpha():
        return re.search(rf"(?<!\w){re.escape(element)}(?!\w)", text) is not None
    return _stems(element) <= _stems(text)


def _stems(text: str) -> frozenset[str]:
    """The words of a text, those of a regular plural or third person as the others."""
    return frozenset(map(_stem, _words(text)))


def _words(text: str) -> list[str]:
    """The words in lower case, `third` and `three` as `3`."""
    return [_NUMBERS.get(w, w) for w in re.findall(r"[^\W\d_]+|\d+", _thousands(text).casefold())]


def _thousands(text: str) -> str:
    """`5,000` as `5000`."""
    return re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)


def _stem(word: str) -> str:
    return word.rstrip("es") or word
