"""Things of the formula must be mentioned in the sentence, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Vocabulary


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """A thing named without a mention; a sure mention of which no candidate is named."""
    categories = vocabulary.declarations.categories
    mentioned = {t for m in reading.mentions for t in m.things}
    for thing in sorted(reading.things - mentioned):
        if _follows_from_position_words(reading, vocabulary, thing.category):
            continue
        value = categories[thing.category].values[thing.value].text
        yield _finding(reading, "thing-not-in-sentence", f"the formula speaks of {value}, the sentence does not")
    for mention in reading.mentions:
        if mention.weak or not mention.things or mention.number is not None:
            continue
        if not reading.things.intersection(mention.things):
            words = reading.sentence[mention.span.start : mention.span.end]
            yield _finding(reading, "mention-not-in-formula", f"the sentence mentions {words}, the formula does not")


def _follows_from_position_words(reading: Reading, vocabulary: Vocabulary, category: int) -> bool:
    """`at either end`, `in the middle`, `an even house`: places named without an ordinal."""
    if category != vocabulary.declarations.base:
        return False
    words = reading.sentence.lower()
    return any(w in words for w in (" end", "edge", "corner", "outer", "even", "odd", "middle", "half", "centre", "center", "one of"))


def _finding(reading: Reading, code: str, message: str) -> Finding:
    return Finding(code, reading.requirement.name, reading.sentence, message)
