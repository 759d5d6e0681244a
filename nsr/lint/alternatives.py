"""Two things joined by `or` or `nor` are alternatives: they are said of something, not of each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Vocabulary

_JOINED = re.compile(
    r"(?:\s*,?\s*or|(?:\s+[\w-]+){0,2}?\s*,?\s*nor)\b(?! both\b)(?!\s+(?:is|was|are|were|does|did|has|had|can|will)\b)",
    re.IGNORECASE,
)
# `Either A is C or B is`: what stands behind the second is said of the first.
_REPEATED = re.compile(r"\s*(?:is|was|does|did|has|had|will)\W*$", re.IGNORECASE)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """`Neither A nor B is C` must not compare A with B."""
    named = [m for m in reading.mentions if m.things]
    for first, second in pairwise(named):
        between = reading.sentence[first.span.end : second.span.start]
        is_repeated = any(set(m.things) & set(n.things) for m in (first, second) for n in named if n is not m)
        is_repeated |= bool(_REPEATED.search(reading.sentence[second.span.end :]))
        if is_repeated or not _JOINED.match(between):
            continue
        left, right = set(first.things) & reading.things, set(second.things) & reading.things
        if left & right:
            continue
        for relation in reading.relations:
            sides = relation.low_things, relation.high_things
            if (
                relation.kind == "equal"
                and ((sides[0] <= left and sides[1] <= right) or (sides[0] <= right and sides[1] <= left))
                and all(sides)
            ):
                yield Finding(
                    "alternatives-compared",
                    reading.requirement.name,
                    reading.sentence,
                    "the formula compares two alternatives with each other",
                )
                return
