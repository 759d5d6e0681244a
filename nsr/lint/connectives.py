"""Conditions and choices of the formula need a word for them in the sentence, and those of the sentence come back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nsr.language import ir
from nsr.language.traverse import subterms
from nsr.lint.findings import Finding
from nsr.lint.polarity import without_values
from nsr.lint.reading import Reading, Vocabulary, resembles

_CONDITION = re.compile(
    r"\b(?:if|unless|when\w*|only|provided|providing|then|impl(?:y|ies)|means?|precisely|exactly|same|case|whether|"
    r"should|without|else|otherwise|or|until|were|either|assuming|suppos\w+|condition\w*|require\w*|must|follows)\b",
    re.IGNORECASE,
)
# Words that say a condition, whatever the rest says.
_SURE_CONDITION = re.compile(
    r"(?<!\bas )(?<!\beven )(?<!\bwhat )(?<!\bsee )\bif\b|\b(?:unless|in case|provided|providing|assuming|"
    r"on condition|means that|implies|entails)\b",
    re.IGNORECASE,
)
# Words that leave open which of several holds.
_SURE_CHOICE = re.compile(
    r"(?<!\bnot )(?<!n't )(?<!n’t )\beither\b(?! side| end| way| direction)|\b(?:and/or|one of|among)\b", re.IGNORECASE
)
_AND_OR = re.compile(r"\band/or\b|\bor both\b", re.IGNORECASE)
_NOT_BOTH = re.compile(r"\b(?:exactly|only|just) one of\b|\bbut not both\b|\bnot both\b", re.IGNORECASE)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Reports conditions without a word for them, conditions and choices that are lost, and the other kind of `or`."""
    formula = reading.requirement.formula
    kinds = {type(term) for term in subterms(formula)}
    is_conditional = not kinds.isdisjoint((ir.Implies, ir.Iff))
    if is_conditional:
        if not _CONDITION.search(reading.sentence) and not resembles(reading.sentence, ("unless", "provided", "when")):
            yield reading.finding("condition-added", "the formula has a condition, the sentence does not")
        return
    words = without_values(reading)
    if isinstance(formula, ir.And) and not reading.has_choice:
        if _SURE_CONDITION.search(words):
            yield reading.finding("condition-lost", "the sentence has a condition, the formula states both parts")
        elif _SURE_CHOICE.search(words) and all(r.kind == "equal" and not r.is_denied for r in reading.relations):
            yield reading.finding("choice-lost", "the sentence leaves open which of several holds, the formula not")
    if ir.Xor in kinds and _AND_OR.search(words):
        yield reading.finding("choice-narrowed", "the sentence allows both, the formula only one of them")
    if isinstance(formula, ir.Or) and ir.Xor not in kinds and _NOT_BOTH.search(words):
        yield reading.finding("choice-widened", "the sentence allows only one of them, the formula both")
