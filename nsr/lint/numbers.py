"""Numbers of the formula must come from the sentence, and number words of the sentence must come back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Vocabulary

_NEXT = re.compile(
    r"\b(?:directly|immediately|immediate|next|adjacent|neighbou?r\w*|beside|right (?:before|after|behind|above|below|beside|of)|"
    r"side by side|adjoin\w*|border\w*|just|consecutive|one|single|a|an|following|preceding|precedes|follows|previous|"
    r"followed|preceded|abut\w*|touch\w*|sandwiched|between|flank\w*|door|exactly|pair|either side|succeed\w*)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|separat\w*|apart|gap|in the middle|stand\w* off|in between|away)\b", re.IGNORECASE)
_ANY = re.compile(r"\b(?:somewhere|anywhere|some (?:point|place|time|distance|way)|at some)\b", re.IGNORECASE)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Steps and distances need words for them; `somewhere` admits no fixed step; spoken numbers must be used."""
    spoken = {m.number for m in reading.mentions if m.number is not None}
    sentence = reading.sentence

    def finding(code: str, message: str) -> Finding:
        return Finding(code, reading.requirement.name, sentence, message)

    supported = set(spoken) | {n + 1 for n in spoken if _BETWEEN.search(sentence)}
    if _NEXT.search(sentence):
        supported.add(Fraction(1))
    if re.search(r"\b(?:between|one|single|a|an)\b", sentence, re.IGNORECASE) and _BETWEEN.search(sentence):
        supported.add(Fraction(2))
    between_counted = bool(_BETWEEN.search(sentence)) and "between" in sentence.lower() and bool(spoken)
    for relation in reading.relations:
        if relation.kind not in ("shift", "distance"):
            continue
        step = Fraction(relation.step)
        if step not in supported:
            yield finding("number-not-in-sentence", f"the formula has a step of {step}, the sentence no word for it")
        elif between_counted and relation.kind == "distance" and step in spoken and step - 1 not in spoken:
            yield finding("number-not-in-sentence", f"with {step} between them the distance is {step + 1}, not {step}")
        if _ANY.search(sentence):
            yield finding("step-not-in-sentence", "the sentence leaves the distance open, the formula fixes it")
    if any(r.kind == "less" for r in reading.relations) and re.search(
        r"\b(?:directly|immediately) (?:to the )?(?:left|right|before|after|behind)", sentence, re.IGNORECASE
    ):
        yield finding("step-lost", "the sentence speaks of direct neighbours, the formula of any distance")
    used = {Fraction(n) for n in reading.numbers} | {Fraction(r.step) for r in reading.relations}
    values = vocabulary.declarations.categories
    named = {values[t.category].values[t.value].number for t in reading.things}
    for mention in reading.mentions:
        if mention.number is None or mention.number <= 1 or mention.weak:
            continue
        if mention.number in used or mention.number + 1 in used or mention.number in named or _is_counting(reading, mention.number):
            continue
        yield finding("number-not-in-formula", f"the sentence says {mention.number}, the formula does not")


def _is_counting(reading: Reading, number: Fraction) -> bool:
    """`three different people`, `of the two`: a number that counts the things listed, which the formula shows by itself."""
    return number <= max(2, len(reading.things))
