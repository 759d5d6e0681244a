"""A denial in the sentence must come back in the formula, and none may be added."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nsr.language import ir
from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Vocabulary

_DENIAL = re.compile(
    r"\b(?:not|cannot|never|neither|nor|none|nobody|nothing|nowhere|without|except|different|differs?|distinct|unlike|separate"
    r"|other than|rather than|no|refuses?|avoids?|hates?|dislikes?|fails?|isn|doesn|wasn|didn|aren|don|won|can|hasn|haven|weren)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(r"\b(?:isn|doesn|wasn|didn|aren|don|won|can|hasn|haven|weren)\b(?!['’]?t)", re.IGNORECASE)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Compares only presence: where a denial belongs is for the direction and the solver to show."""
    words = _CONTRACTED.sub(" ", reading.sentence)
    denied = bool(_DENIAL.search(words)) or _of_two(reading)
    if denied and not reading.has_negation and not _denies_otherwise(reading):
        yield Finding(
            "negation-lost", reading.requirement.name, reading.sentence, "the sentence denies something, the formula does not"
        )
    if reading.has_negation and not denied and not _spoken_apart(reading):
        yield Finding(
            "negation-added", reading.requirement.name, reading.sentence, "the formula denies something, the sentence does not"
        )


def _of_two(reading: Reading) -> bool:
    return bool(re.search(r"\bat most one\b|\bonly one of\b", reading.sentence, re.IGNORECASE))


def _denies_otherwise(reading: Reading) -> bool:
    """`no later than`, `not before`, `not less than`, `but not both`: orders and exclusive alternatives deny by themselves."""
    return any(r.kind in ("less", "apart") for r in reading.relations) or isinstance(reading.requirement.formula, ir.Xor | ir.Or)


def _spoken_apart(reading: Reading) -> bool:
    """`are three people`, `were all ...`: a list of things that are all different needs no denying word."""
    return any(isinstance(t, ir.AllDifferent) for t in (reading.requirement.formula,))
