"""Things of the formula must be mentioned in the sentence, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nsr.formalizers.mentions import Mention
from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Vocabulary

_PLACES = re.compile(
    r"\b(?:ends?|edges?|corners?|outer|outermost|extremes?|even|odd|middle|half|cent(?:re|er|ral)|first|last|"
    r"leftmost|rightmost|top|bottom|far (?:left|right)|(?:two|both|either) sides?|only one neighbou?r|between|"
    r"next to last|one of)\b",
    re.IGNORECASE,
)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """A thing named without a mention; a sure mention of which no candidate is named."""
    declared = vocabulary.declarations
    mentioned = {t for m in reading.mentions for t in m.things}
    for thing in sorted(reading.things - mentioned):
        if thing.category == declared.base and _PLACES.search(reading.sentence):
            continue
        value = declared.categories[thing.category].values[thing.value].text
        yield _finding(reading, "thing-not-in-sentence", f"the formula speaks of {value}, the sentence does not")
    named = reading.things | {t for t in reading.bounds.values() if t is not None}
    # `among the last two`, `an even house`: a place that the formula says by a comparison.
    is_spanned = any(r.kind in ("bound", "parity") for r in reading.relations)
    for mention in reading.mentions:
        if mention.weak or not mention.things or mention.number is not None or named.intersection(mention.things):
            continue
        if is_spanned and any(t.category == declared.base for t in mention.things):
            continue
        yield _finding(
            reading,
            "mention-not-in-formula",
            f"the sentence mentions {_words(reading, mention)}, the formula does not",
        )


def _words(reading: Reading, mention: Mention) -> str:
    return reading.sentence[mention.span.start : mention.span.end]


def _finding(reading: Reading, code: str, message: str) -> Finding:
    return Finding(code, reading.requirement.name, reading.sentence, message)
