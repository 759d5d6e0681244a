"""Things of the formula must be mentioned in the sentence, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from nsr.formalizers.declarations import Declarations, Scale, label_words
from nsr.formalizers.mentions import Mention, Thing
from nsr.formalizers.quantities import CARDINALS, normal_word, unit_of
from nsr.formalizers.words import NUMBERED_NOUNS, stem
from nsr.lint.findings import Finding
from nsr.lint.numbers import spoken_numbers
from nsr.lint.reading import Reading, Vocabulary, spelling_key

_PLACES = re.compile(
    r"\b(?:ends?|edges?|corners?|outer|outermost|extremes?|even|odd|middle|half|cent(?:re|er|ral)|first|last|"
    r"leftmost|rightmost|top|bottom|far (?:left|right)|(?:two|both|either) sides?|only one neighbou?r|two neighbou?rs|"
    r"between|"
    r"next to last|one of)\b",
    re.IGNORECASE,
)

# What stands behind an ordinal that means a place: a noun for places, or the end of a phrase (not `last name`).
_PLACE_ENDS = re.compile(
    r"(?:[-\s]+(?:most|numbered|from the (?:left|right|top|bottom)|in (?:the )?(?:line|row|queue)))*"
    rf"(?:\s+(?:{'|'.join(NUMBERED_NOUNS)}|home|office|turn|overall|one)s?\b|\s*(?:[.,;:!?]|$)|"
    r"\s+(?:and|or|nor|but|is|was|who|that|which|from|while)\b)",
    re.IGNORECASE,
)

_STEPS = re.compile(
    r"\b(?:than|before|after|left|right|behind|ahead|front|precede\w*|preceding|follow\w*|above|below|under\w*|next|"
    r"adjacent|beat|lost|away|apart|prior|subsequent|between|exceeds?|trail\w*|short of|slower|faster|farther|closer|"
    r"by \w+)\b",
    re.IGNORECASE,
)

# A label in front of its value: `the child is named Ann`, `his mother's name is Ann`, `a pet bird`.
_LABELLED = re.compile(
    r"(?:([\w-]+?)(?:['’]s)?(?: name)? (?:(?:is|was) )?(?:named|called) |([\w-]+)(?:['’]s)?(?: name)? (?:is|was) |"
    r"\ban? ([\w-]+) )$",
    re.IGNORECASE,
)

_INNER = re.compile(r"middle\b.*\bnot at\b", re.IGNORECASE)
"""`In the middle, not at an end`: any place but the two."""

_GENERAL = frozenset(stem(w) for w in ("color", "colour", "style", "model", "genre", "brand", "kind", "type", "number"))
_FOLLOWING = re.compile(r"\s([\w-]+)")


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """A thing named without a mention; a sure mention of which no candidate is named."""
    declared = vocabulary.declarations
    mentioned = {t for m in reading.mentions for t in m.things}
    for thing in sorted(reading.things - mentioned):
        if thing.category == declared.base and _PLACES.search(reading.sentence):
            continue
        if _is_reckoned(reading, vocabulary, thing):
            continue
        value = declared.categories[thing.category].values[thing.value].text
        yield reading.finding("thing-not-in-sentence", f"the formula speaks of {value}, the sentence does not")
    yield from _misplaced(reading, vocabulary)
    named = reading.things | {t for t in reading.loose.values() if t is not None}
    # `among the last two`, `an even house`: a place that the formula says by a comparison.
    is_spanned = any(r.kind in ("bound", "parity") for r in reading.relations)
    for mention in reading.mentions:
        if (
            mention.number is not None
            or not _is_sure(reading, vocabulary, mention)
            or named.intersection(mention.things)
        ):
            continue
        if is_spanned and (any(t.category == declared.base for t in mention.things) or _is_span(reading, mention)):
            continue
        if _is_within(reading, vocabulary, mention) or _INNER.match(reading.sentence, mention.span.start):
            continue
        yield reading.finding(
            "mention-not-in-formula",
            f"the sentence mentions {_words(reading, mention)}, the formula does not",
        )


def _is_span(reading: Reading, mention: Mention) -> bool:
    """`the first five`, `the last two`: several places, whatever else is called first."""
    following = _FOLLOWING.match(reading.sentence, mention.span.end)
    return following is not None and following[1].lower() in CARDINALS


def _is_sure(reading: Reading, vocabulary: Vocabulary, mention: Mention) -> bool:
    """Whether the words are a value's own (not of the same stem only: `pet` and `Peter`), or clearly a place."""
    if mention.weak or not mention.things:
        return False
    words = spelling_key(_words(reading, mention))
    declared = vocabulary.declarations
    if unit_of(words) and _words(reading, mention).islower():
        return False
    if words.removesuffix("s") in _label_words(declared):
        return False
    for thing in mention.things:
        if words == spelling_key(declared.categories[thing.category].values[thing.value].text):
            return True
        if thing.category == declared.base and _PLACE_ENDS.match(reading.sentence, mention.span.end):
            return True
    return False


def _misplaced(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """A word that is a value of several categories, beside the label of one of them, read as a value of another."""
    categories = vocabulary.declarations.categories
    for mention in reading.mentions:
        kinds = {t.category for t in mention.things}
        used = {t.category for t in reading.things.intersection(mention.things)}
        if mention.weak or len(kinds) < 2 or len(used) != 1:
            continue
        start, end = mention.span.start, mention.span.end
        before = _LABELLED.search(reading.sentence[:start])
        # `Ann's child` is no child named Ann.
        is_owner = reading.sentence[start:end].endswith(("'s", "’s", "s'")) or reading.sentence[end:].startswith(
            ("'", "’")
        )
        after = None if is_owner else _FOLLOWING.match(reading.sentence[end:])
        words = [w for found in (before, after) if found for w in found.groups() if w]
        nearby = {stem(normal_word(w)) for w in words}
        everything = {stem(normal_word(w)) for w in re.findall(r"[\w'’-]+", reading.sentence)}
        labelled = {k for k in kinds if nearby & _telling_stems(categories[k].label)}
        if len(labelled) > 1 or nearby & _GENERAL:
            # `the color is red`: the color of the eyes would need the eyes.
            labelled = {k for k in labelled if _telling_stems(categories[k].label) <= everything}
        if len(labelled) == 1 and not labelled & used:
            label = categories[labelled.pop()].label
            told = f"{_words(reading, mention)} stands beside {label}, the formula reads it otherwise"
            yield reading.finding("wrong-category", told)


def _telling_stems(label: str) -> frozenset[str]:
    words = {w for w in label_words(label).split() if w not in ("name", "names", "person", "people", "animal")}
    return frozenset(stem(w) for w in words)


def _label_words(declared: Declarations) -> frozenset[str]:
    """Words of the labels: `desk` may be a piece of furniture, and what the places are called."""
    labels = [declared.entity, *(c.label for c in declared.categories)]
    return frozenset(spelling_key(w).removesuffix("s") for label in labels for w in label.split())


def _is_within(reading: Reading, vocabulary: Vocabulary, mention: Mention) -> bool:
    """Whether a place is part of a number of the formula: `2 places after the third` may be written as 5."""
    used = {abs(Fraction(n)) for n in (*reading.numbers, *reading.loose)}
    categories = vocabulary.declarations.categories
    if _STEPS.search(reading.sentence):
        used.update(n for t in reading.things if (n := categories[t.category].values[t.value].number) is not None)
    places = {
        categories[t.category].values[t.value].number or Fraction(t.value + 1)
        for t in mention.things
        if categories[t.category].scale is not Scale.NONE
    }
    base = vocabulary.declarations.base_category
    # `first` as a place, where it is a rank of the puzzle too.
    if base.is_positions and places & {t.value + 1 for t in reading.things if categories[t.category] is base}:
        return True
    amounts = {Fraction(0), Fraction(1), *spoken_numbers(reading, vocabulary)}
    return any(abs(place - amount) in used or place + amount in used for place in places for amount in amounts)


def _is_reckoned(reading: Reading, vocabulary: Vocabulary, thing: Thing) -> bool:
    """Whether a number is the sum or difference of two of the sentence: `2 places after the third` is 5."""
    categories = vocabulary.declarations.categories
    number = categories[thing.category].values[thing.value].number
    if number is None:
        return False
    if not _STEPS.search(reading.sentence):
        return False
    spoken = {Fraction(1), *spoken_numbers(reading, vocabulary)}
    return any(number - n in spoken or number + n in spoken for n in spoken)


def _words(reading: Reading, mention: Mention) -> str:
    return reading.sentence[mention.span.start : mention.span.end]
