"""Parts of a sentence that are joined: alternatives, and what is said of one thing, are not said of each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from nsr.formalizers.mentions import Mention
from nsr.language import ir
from nsr.language.traverse import subterms
from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Vocabulary

_VERB = r"(?:is|was|are|were|does|did|has|had|can|will)"
_JOINED = re.compile(
    rf"(?:\s*,?\s*\bor|(?:\s+[\w-]+){{0,2}}?\s*,?\s*\bnor)\b(?! both\b)(?!\s+{_VERB}\b)", re.IGNORECASE
)
# `A is not B and is not C`, `A is before B but after C`: the second part says something of A.
_GOES_ON = re.compile(
    rf"\s*,?\s*(?:and|but)\s+(?:also |at some point |(?:quite |some)?(?:what|where|time)? ?(?:a (?:bit|little) )?)?"
    rf"(?:{_VERB}(?:n['’]t)?|won['’]t|can['’]t|cannot|must|left of|right of|to the|before|after|earlier|later|lower|"
    r"higher|scored|ran|flew|cost|paid|finished|placed|ahead of|behind)\b|"
    rf"\s*,?\s*nor\s+{_VERB}\s+(?:it|he|she|they)\b",
    re.IGNORECASE,
)
# `A is not B, nor is C`: the same is said of C; not so in `A is neither B nor is C`.
_SAME_OF = re.compile(rf"\s*,?\s*nor\s+{_VERB}\s+(?!it\b|he\b|she\b|they\b)", re.IGNORECASE)
# `Either A is C or B is`: what stands behind the second is said of the first.
_REPEATED = re.compile(r"\s*(?:is|was|does|did|has|had|will)\W*$", re.IGNORECASE)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """`Neither A nor B is C` must not compare A with B, `A is before B but after C` not B with C."""
    named = [m for m in reading.mentions if m.things]
    alternatives = list(_alternatives(reading, named))
    if any(_are_compared(reading, first, second, ("equal",)) for first, second in alternatives):
        yield reading.finding("alternatives-compared", "the formula compares two alternatives with each other")
    elif alternatives and _is_plain(reading):
        yield reading.finding("choice-lost", "the sentence leaves open which of two holds, the formula does not")
    for first, second, third in zip(named, named[1:], named[2:], strict=False):
        if _is_repeated(named, first, second, third):
            continue
        between = reading.sentence[second.span.end : third.span.start]
        goes_on = _GOES_ON.match(between) and not _are_compared(reading, first, second, ("equal",), denied=False)
        is_same_of = third is named[-1] and _is_same_of(reading.sentence, between, third)
        if (goes_on and _are_compared(reading, second, third, _COMPARING)) or (
            is_same_of and _are_compared(reading, first, third, ("equal",))
        ):
            yield reading.finding("part-of-another", "the formula says a part of the sentence of the wrong thing")
            return


def _is_plain(reading: Reading) -> bool:
    """Whether all that the formula says is that things are the same, or some steps from each other."""
    formula = reading.requirement.formula
    is_choice = reading.has_choice or any(isinstance(term, ir.Implies | ir.Iff) for term in subterms(formula))
    kinds = {relation.kind for relation in reading.relations}
    return bool(kinds) and kinds <= {"equal", "shift", "distance"} and not (is_choice or reading.has_negation)


def _is_same_of(sentence: str, between: str, third: Mention) -> bool:
    """`A is not B, nor is C`, `either A is B or C is`: the third is another one of which the second is said."""
    if _SAME_OF.match(between):
        return not re.search(r"\bneither\b", sentence, re.IGNORECASE)
    return bool(re.match(r"\s*,?\s*(?:or|and)\b", between) and _REPEATED.match(sentence, third.span.end))


_COMPARING = ("equal", "less", "shift", "distance", "apart")


def _alternatives(reading: Reading, named: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """Mentions next to each other that the sentence joins by `or` or `nor`."""
    for first, second in pairwise(named):
        between = reading.sentence[first.span.end : second.span.start]
        is_repeated = _is_repeated(named, first, second) or _REPEATED.search(reading.sentence[second.span.end :])
        if not is_repeated and _JOINED.match(between):
            yield first, second


def _is_repeated(named: Sequence[Mention], *some: Mention) -> bool:
    """Whether one of the mentions may be of a thing that is mentioned elsewhere too."""
    return any(set(m.things) & set(n.things) for m in some for n in named if n is not m)


def _are_compared(
    reading: Reading, first: Mention, second: Mention, kinds: Sequence[str], *, denied: bool | None = None
) -> bool:
    """Whether an atom of the formula compares what two mentions name."""
    named = reading.things.union(*(r.low_things | r.high_things for r in reading.relations))
    if named.intersection(first.things, second.things):
        return False
    found = (r for r in reading.relations if r.kind in kinds and r.names_both and denied in (None, r.is_denied))
    return any(relation.is_of(first, second) for relation in found)
