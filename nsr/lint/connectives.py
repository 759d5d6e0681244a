"""Conditions of the formula need a word for them in the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nsr.language import ir
from nsr.language.traverse import subterms
from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Vocabulary, resembles

_CONDITION = re.compile(
    r"\b(?:if|unless|when\w*|only|provided|providing|then|impl(?:y|ies)|means?|precisely|exactly|same|case|whether|"
    r"should|without|else|otherwise|or|until|were|either|assuming|suppos\w+|condition\w*|require\w*|must|follows)\b",
    re.IGNORECASE,
)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Reports `implies` and `iff` where the sentence names no condition."""
    formula = reading.requirement.formula
    if not any(isinstance(t, ir.Implies | ir.Iff) for t in subterms(formula)):
        return
    if not _CONDITION.search(reading.sentence) and not resembles(reading.sentence, ("unless", "provided", "when")):
        message = "the formula has a condition, the sentence does not"
        yield Finding("condition-added", reading.requirement.name, reading.sentence, message)
