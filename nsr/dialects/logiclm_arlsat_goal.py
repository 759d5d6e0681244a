"""What a question of an analytical-reasoning problem asks for, by its words, and what it supposes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

__all__ = ["Mode", "is_supposed_in", "mode_of", "option_mode", "supposition_of"]

Modality: TypeAlias = Literal["could", "must", "cannot"]


class Mode(NamedTuple):
    """A mode of `choose`."""

    modality: Modality
    is_except: bool = False

    @property
    def words(self) -> str:
        """The mode as it is written."""
        return self.modality + (" except" if self.is_except else "")


_OTHER = re.compile(
    r"substituted|\breplaced\b|determined|how many|maximum|minimum|"
    r"(?<!from )\bearliest\b(?! to)|(?<! to )\blatest\b(?! to)|"
    r"(?:who|each of which|any of which|any one of which|all of which) (?:must|could|can)\b.* list|"
    r"list of .*\b(?:who|each of which|any of which|any one of)\b.*\b(?:must|could|can|cannot)\b|"
    r"if which one of the following",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"\bexcept\b", re.IGNORECASE)
_CANNOT = re.compile(r"\bcannot\b|must be false|not allowed|could not|can't", re.IGNORECASE)
_MUST = re.compile(r"\bmust\b|is required|necessarily", re.IGNORECASE)
_COULD = re.compile(
    r"\bcould\b|\bcan\b|is allowed|possible|acceptable|allowable|permissible|\bmay\b|\bmight\b|order .* from|"
    r"matching|respectively|complete and accurate|assignments?\b|sequence",
    re.IGNORECASE,
)
_SUPPOSING = re.compile(r"^\W*(?:if|suppose|assume|assuming|once|given)\b(?P<clause>.*)", re.IGNORECASE | re.DOTALL)
_IDLE = frozenset(
    re.findall(
        r"\w+",
        """
        if the a an is are was were be to of in on at by then and or that which one following must could true for it its
        with exactly not as from
        """,
    )
)


def mode_of(question: str) -> Mode | None:
    """The mode that the words of a question ask for; None where they ask for something else, or say nothing of it.

    A supposition in front has no say: `If Ann must leave, which one could be true?` asks for `could`.
    """
    words = " ".join(question.split())
    if _OTHER.search(words):
        return None
    asked = words.rpartition(", ")[2] if _SUPPOSING.match(words) and ", " in words else words
    is_except = _EXCEPT.search(asked) is not None
    if _CANNOT.search(asked):
        return Mode("cannot", is_except)
    if _MUST.search(asked):
        return Mode("must", is_except)
    return Mode("could", is_except) if _COULD.search(asked) else None


def option_mode(functions: Iterable[str]) -> Mode | None:
    """The mode that `is_sat`, `is_valid`, ... around the options say, from the outermost; None if they are unknown."""
    is_except = False
    for function in functions:
        match function:
            case "isexception":
                is_except = not is_except
            case "issat" | "ispossible" | "iscould":
                return Mode("could", is_except)
            case "isvalid" | "istrue" | "ismust":
                return Mode("must", is_except)
            case "isunsat" | "isfalse" | "isinvalid":
                return Mode("cannot", is_except)
    return None


def supposition_of(question: str) -> str:
    """What a question supposes (`If ...,`) in its own words; empty if it supposes nothing."""
    words = " ".join(question.split())
    match = _SUPPOSING.match(words)
    if match is None:
        return ""
    clause = match["clause"]
    place = re.search(r",\s*(?:then\s+)?(?:which|each|any|all|what|how|the)\b", clause, re.IGNORECASE)
    return (clause[: place.start()] if place else clause.rpartition(",")[0] or clause).strip()


def is_supposed_in(supposition: str, sentences: Iterable[str]) -> bool:
    """Whether one of the sentences says the supposition: most of its words that carry meaning stand in it."""
    wanted = _content(supposition)
    return any(wanted and len(wanted & _content(s)) >= 0.8 * len(wanted) and _is_near(wanted, s) for s in sentences)


def _content(text: str) -> frozenset[str]:
    return frozenset(w for w in re.findall(r"[\w']+", text.casefold()) if w not in _IDLE)


def _is_near(wanted: frozenset[str], sentence: str) -> bool:
    """A rule that merely has the words among many others does not say it."""
    return len(_content(sentence)) <= len(wanted) + 3
