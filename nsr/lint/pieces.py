"""What a sentence says in passing: `Ann, who keeps the cat, came before Bo` says that Ann keeps the cat."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nsr.formalizers.mentions import Mention
from nsr.formalizers.parts import parts
from nsr.lint.findings import Finding
from nsr.lint.orders import ORDER
from nsr.lint.reading import Reading, Vocabulary

_CHOICE = re.compile(
    r"\b(?:or|nor|n?either|both|if|unless|when\w*|adjacent|beside|opposite|apart|\w*one|two|second|third|fourth|fifth|"
    r"sixth|\w+est)\b|\d",
    re.IGNORECASE,
)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Two things that a part of the sentence names and does not compare are the same, or are not."""
    for piece in parts(reading.sentence) or ():
        if ORDER.search(piece) or _CHOICE.search(piece):
            continue
        named = [mention for mention in vocabulary.tagger.mentions(piece) if mention.things]
        if len(named) != 2 or any(mention.weak for mention in named) or _are_alike(*named):
            continue
        if not _are_told(reading, *named):
            yield reading.finding("part-lost", f"“{piece}” is a part of the sentence that the formula does not say")


def _are_alike(first: Mention, second: Mention) -> bool:
    """Whether both may be values of one category, which are different in any case."""
    return bool({t.category for t in first.things} & {t.category for t in second.things})


def _are_told(reading: Reading, first: Mention, second: Mention) -> bool:
    """Whether the formula says that two things are the same or are not, perhaps through a third."""
    same = [relation for relation in reading.relations if relation.kind == "equal"]
    if any(relation.is_of(first, second) for relation in same if relation.names_both):
        return True
    reached, size = set(first.things), 0
    while size < len(reached):
        size = len(reached)
        for relation in same:
            for one, other in (
                (relation.low_things, relation.high_things),
                (relation.high_things, relation.low_things),
            ):
                if reached & one:
                    reached |= other
    return not reached.isdisjoint(second.things)
